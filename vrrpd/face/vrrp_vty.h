/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "show vrrp ..." and "clear vrrp ...", and what "show ipvs ..." shares with them.
 */
#ifndef VRRP_VTY_H
#define VRRP_VTY_H

#include <zebra.h>

#include "json.h"
#include "termtable.h"
#include "vty.h"

#include "vrrp_addr.h"

void vrrp_vty_init(void);

/* Installs the commands of vrrp_ipvs_vty.c; called by vrrp_vty_init(). */
void vrrp_ipvs_vty_init(void);

/* Prints and frees the table. */
void vrrp_vty_print_table(struct vty *vty, struct ttable *table);

void vrrp_vty_json_address(struct json_object *json, const char *key,
			   const struct vrrp_addr *address);

#endif /* VRRP_VTY_H */
