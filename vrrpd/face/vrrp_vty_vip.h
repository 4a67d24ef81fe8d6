/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "show vrrp vip", and marker routes in "show vrrp json". */
#ifndef VRRP_VTY_VIP_H
#define VRRP_VTY_VIP_H

#include "json.h"

#include "vrrp_group.h"

/* Called by vrrp_vty_init(). */
void vrrp_vty_vip_init(void);

/* Adds the keys of its marker route, if it has one. */
void vrrp_vty_json_marker(struct json_object *json, const struct vrrp_router *router);

#endif /* VRRP_VTY_VIP_H */
