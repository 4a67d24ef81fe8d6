/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What groups track: "show vrrp track", and the parts of a group's priority for "show vrrp". */
#ifndef VRRP_VTY_TRACK_H
#define VRRP_VTY_TRACK_H

#include <zebra.h>

#include "json.h"
#include "termtable.h"

#include "vrrp_group.h"

/* A new list, the caller's: an object for each line that the group has. */
struct json_object *vrrp_vty_json_track(const struct vrrp_group *group);
/* Adds a row for each of them. */
void vrrp_vty_print_track(struct ttable *table, const struct vrrp_group *group);

/* Called by vrrp_vty_init(). */
void vrrp_vty_track_init(void);

#endif /* VRRP_VTY_TRACK_H */
