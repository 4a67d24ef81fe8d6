/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the show commands of vrrp and of ipvs share: tables, words, and values as JSON. */
#ifndef VRRP_VTY_PRINT_H
#define VRRP_VTY_PRINT_H

#include <zebra.h>

#include "json.h"
#include "termtable.h"
#include "vty.h"

#include "vrrp_addr.h"
#include "vrrp_warning.h"

/* Prints and frees the table. */
void vrrp_vty_print_table(struct vty *vty, struct ttable *table);

/* "Yes", "No" */
const char *vrrp_vty_yes(bool value);

/* Frees the sentences. */
void vrrp_vty_json_sentences(struct json_object *json, const char *key,
			     struct vrrp_sentences sentences);

void vrrp_vty_json_address(struct json_object *json, const char *key,
			   const struct vrrp_addr *address);

#endif /* VRRP_VTY_PRINT_H */
