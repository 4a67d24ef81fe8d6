/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Authentication in "show vrrp": nothing, if the group has none. */
#ifndef VRRP_VTY_AUTH_H
#define VRRP_VTY_AUTH_H

#include "vrrp_group.h"

struct json_object;
struct ttable;

/* The key "authentication". */
void vrrp_vty_json_auth(struct json_object *json, const struct vrrp_group *group);
/* The key "signingKey", if something is signed. */
void vrrp_vty_json_key(struct json_object *json, const struct vrrp_group *group);
/* A row. */
void vrrp_vty_print_auth(struct ttable *table, const struct vrrp_group *group);

#endif /* VRRP_VTY_AUTH_H */
