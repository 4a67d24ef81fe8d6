/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Placements: where the VIPs of a group are to be. Their words, and what is so of each whatever
 * its link is. What each does with its link is in vrrp_place_ops.h.
 */
#ifndef VRRP_PLACEMENT_H
#define VRRP_PLACEMENT_H

#include <stdbool.h>

enum vrrp_placement {
	VRRP_PLACEMENT_AUTO, /* vip-interface when unicast, else vmac */
	VRRP_PLACEMENT_VIP_INTERFACE,
	VRRP_PLACEMENT_VMAC,
	VRRP_PLACEMENT_INTERFACE,
};

/* The word of commands, YANG and JSON; and back: AUTO when it is none of them, or NULL. */
const char *vrrp_placement_name(enum vrrp_placement placement);
enum vrrp_placement vrrp_placement_named(const char *name);

/* AUTO resolved; any other as it is. */
enum vrrp_placement vrrp_placement_resolve(enum vrrp_placement placement, bool is_unicast);

/* True when its VIPs are for hosts of the interface's own subnet. */
bool vrrp_placement_is_lan(enum vrrp_placement placement);

/* True when those hosts learn the virtual router MAC address (RFC 9568 section 7.3). */
bool vrrp_placement_has_virtual_mac(enum vrrp_placement placement);

#endif /* VRRP_PLACEMENT_H */
