/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The holds of a virtual router: a set of reasons why it takes no part in the election, each set
 * and taken back by the file that knows it, which then calls vrrp_recheck(). The engine goes by
 * the first one; commands, JSON and YANG show that.
 */
#ifndef VRRP_HOLDS_H
#define VRRP_HOLDS_H

#include <stdbool.h>
#include <stdint.h>

/* In order of precedence. */
enum vrrp_hold {
	VRRP_HOLD_NONE, /* it takes part */
	VRRP_HOLD_SHUTDOWN,
	VRRP_HOLD_NO_ADDRESSES, /* no virtual address configured */
	VRRP_HOLD_NO_PEERS,	/* unicast, without a peer */
	VRRP_HOLD_VERSION,	/* VRRPv2 has no IPv6 */
	VRRP_HOLD_NO_KEY,	/* authentication is enforced, and its key chain has no valid key */
	VRRP_HOLD_INTERFACE,	/* its interface is missing or down */
	VRRP_HOLD_SOURCE,	/* no source address, or the host lacks the configured one */
	VRRP_HOLD_NEXT_HOP,	/* a VIP is the next hop of a route of this host */
	VRRP_HOLD_DRAINED,	/* "vrrp drain": the host takes nothing */
	VRRP_HOLD_TRACKING,	/* something that it tracks is down, or not known yet */
	VRRP_HOLD_PLACEMENT,	/* the link for the VIPs cannot be made or used, or is down */
	VRRP_HOLD_SYNC,		/* another one of its sync group is held */
	VRRP_HOLD_STARTUP_DELAY, /* the daemon started a moment ago */

	/* The router listens with those behind this line, or tries to. */
	VRRP_HOLD_SOCKET,    /* the kernel refused a socket */
	VRRP_HOLD_DUPLICATE, /* another has the same VRID, source and peer */
	VRRP_HOLD_NO_ROUTE,  /* its peers may not hear it; it listens */
	VRRP_HOLDS,
};

struct vrrp_holds {
	uint32_t mask;
};

void vrrp_hold_set(struct vrrp_holds *holds, enum vrrp_hold hold, bool on);
bool vrrp_hold_is_set(const struct vrrp_holds *holds, enum vrrp_hold hold);

/* The first by precedence; VRRP_HOLD_NONE: the set is empty. */
enum vrrp_hold vrrp_hold_first(const struct vrrp_holds *holds);

/* The first of those with precedence over this one; VRRP_HOLD_NONE: none of them is set. */
enum vrrp_hold vrrp_hold_before(const struct vrrp_holds *holds, enum vrrp_hold hold);

/* YANG/JSON word for a hold: "shutdown", "no-addresses", "interface-down", ... */
const char *vrrp_hold_name(enum vrrp_hold hold);

#endif /* VRRP_HOLDS_H */
