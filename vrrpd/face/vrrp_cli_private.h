/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers of the vrrp_cli*.c files that define commands; private to them. */
#ifndef VRRP_CLI_PRIVATE_H
#define VRRP_CLI_PRIVATE_H

#include "vrrp_cli.h"

/* Each returns the command's status. Paths are relative to the group. */

/* Sets a leaf of a group; makes the group if it does not exist. */
int vrrp_cli_set(struct vty *vty, uint8_t vrid, const char *xpath, const char *value);
/* Sets a leaf of a group to the model's default; does nothing when there is no such group. */
int vrrp_cli_reset(struct vty *vty, uint8_t vrid, const char *xpath);
/* Sets a leaf of the global configuration; value NULL: to the model's default. */
int vrrp_cli_set_global(struct vty *vty, const char *xpath, const char *value);

/* Called by vrrp_cli_init(). */
void vrrp_cli_startup_init(void);

#define VRRP_STR "Virtual Router Redundancy Protocol\n"
#define VRID_STR "Virtual router ID\n"

#endif /* VRRP_CLI_PRIVATE_H */
