/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers of the vrrp_cli*.c files that define commands; private to them. */
#ifndef VRRP_CLI_PRIVATE_H
#define VRRP_CLI_PRIVATE_H

#include "vrrp_cli.h"
#include "vrrp_nb.h"

/* Each returns the command's status. Paths are relative to the group. */

/* Sets a leaf of a group; makes the group if it does not exist. */
int vrrp_cli_set(struct vty *vty, uint8_t vrid, const char *xpath, const char *value);
/* Sets a leaf of a group to the model's default; does nothing when there is no such group. */
int vrrp_cli_reset(struct vty *vty, uint8_t vrid, const char *xpath);
/*
 * For a command of several edits: makes the group unless it exists (false, with the reason printed:
 * that is refused), and applies what was enqueued. An edit of an entry that does not exist is an
 * error.
 */
bool vrrp_cli_want_group(struct vty *vty, const struct vrrp_scope *scope);
int vrrp_cli_apply(struct vty *vty, uint8_t vrid);
/* Removes a leaf without a default, or an entry of a leaf-list. */
int vrrp_cli_unset(struct vty *vty, uint8_t vrid, const char *xpath);
/* Sets a leaf of the global configuration; value NULL: to the model's default. */
int vrrp_cli_set_global(struct vty *vty, const char *xpath, const char *value);

/* True while vtysh (frr.conf, -f, reload) or the daemon itself reads a file. */
bool vrrp_cli_is_from_file(const struct vty *vty);
/* Where a group of the interface that is being configured is, or would be. */
struct vrrp_scope vrrp_cli_scope(struct vty *vty, uint8_t vrid);

/* ----------------------------------------------------------------------- warnings */

/*
 * About the group in the candidate: whether it has a peer of the family "v4" or "v6"; its
 * placement, with AUTO resolved.
 */
bool vrrp_cli_has_peer(const struct vrrp_scope *scope, const char *family);
enum vrrp_placement vrrp_cli_placement(const struct vrrp_scope *scope);

/* Warns of an interface that is missing: it may come later, but a mistyped one never does. */
void vrrp_cli_warn_of_interface(struct vty *vty, const struct vrrp_scope *scope);
/* Warns of a VIP on a link where hosts will not find it. */
void vrrp_cli_warn_of_vip(struct vty *vty, const struct vrrp_scope *scope,
			  enum vrrp_placement placement, const char *text);
/* Warns of all VIPs of a group, when the command has moved them from another placement. */
void vrrp_cli_warn_of_vips(struct vty *vty, uint8_t vrid, enum vrrp_placement before);
/* Warns of a group with the owner's priority 255 if this host does not have its VIPs. */
void vrrp_cli_warn_of_owner(struct vty *vty, uint8_t vrid);
/* Warns of a source that no interface has: it may come later, but a mistyped one never does. */
void vrrp_cli_warn_of_source(struct vty *vty, uint8_t vrid, const struct vrrp_addr *source);
/* Warns when the last peer of a family was removed. */
void vrrp_cli_warn_of_last_peer(struct vty *vty, uint8_t vrid, enum vrrp_family family);
/* Warns of authentication without a valid key. */
void vrrp_cli_warn_of_key_chain(struct vty *vty, uint8_t vrid);
/* Warns of BFD for a group that is on a LAN and has no peer. */
void vrrp_cli_warn_of_bfd(struct vty *vty, uint8_t vrid);
/*
 * Warns of what is for VIPs off the LAN ("drain"), if the group is on one for want of a peer.
 * result is that of the command, and returned; nothing is said of one that has failed.
 */
int vrrp_cli_warned_of_lan(struct vty *vty, uint8_t vrid, int result, const char *what);
/* Warns of a health check from a VIP, which only one router has; source NULL: it has none. */
void vrrp_cli_warn_of_check_source(struct vty *vty, const char *name, const char *source);
/* Warns of a marker that is a subnet of this host, which is announced anyway. */
void vrrp_cli_warn_of_marker(struct vty *vty, uint8_t vrid, const char *marker);

#define VRRP_STR	"Virtual Router Redundancy Protocol\n"
#define VRID_STR	"Virtual router ID\n"
#define VERSION_STR	"VRRP protocol version\n"
#define PRIORITY_STR	"Priority in the election\n"
#define INTERVAL_STR	"Time between two advertisements\n"
#define INTERVAL_MS_STR "Milliseconds, a multiple of 10\n"
#define PREEMPT_STR	"Take over from a router of lower priority\n"
#define CHECKSUM_STR	"Include an IPv4 pseudo-header in the checksum of VRRPv3\n"
#define SHUTDOWN_STR	"Take no part in the election\n"

#endif /* VRRP_CLI_PRIVATE_H */
