/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Voters and their promises in "show vrrp": nothing, if the virtual router needs none. */
#ifndef VRRP_VTY_WITNESS_H
#define VRRP_VTY_WITNESS_H

#include "vrrp_group.h"

struct json_object;
struct ttable;

/* The key "witness" of a family. */
void vrrp_vty_json_witness(struct json_object *json, const struct vrrp_router *router);
/* A row, and one for each other voter. */
void vrrp_vty_print_witness(struct ttable *table, const struct vrrp_router *router);

#endif /* VRRP_VTY_WITNESS_H */
