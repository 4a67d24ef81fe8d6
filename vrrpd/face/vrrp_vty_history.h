/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "show vrrp history". */
#ifndef VRRP_VTY_HISTORY_H
#define VRRP_VTY_HISTORY_H

#include "json.h"

#include "vrrp_history.h"

void vrrp_vty_history_init(void);

/* An event as an object of its own, which the caller frees. */
struct json_object *vrrp_vty_json_event(const struct vrrp_history_event *event);

#endif /* VRRP_VTY_HISTORY_H */
