/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One virtual address as vrrp_vip.c keeps it: for vrrp_vip_show.c, which only reads it. */
#ifndef VRRP_VIP_PRIVATE_H
#define VRRP_VIP_PRIVATE_H

#include "vrrp_drain.h"
#include "vrrp_guardian.h"
#include "vrrp_lease.h"
#include "vrrp_refusal.h"
#include "vrrp_vip.h"

PREDECL_RBTREE_UNIQ(vips);
PREDECL_DLIST(touched);

struct vrrp_vip {
	struct vips_item item;
	struct touched_item touched_item;
	struct vrrp_addr address;
	struct vrrp_router *router; /* NULL: deconfigured, to be removed */
	char ifname[IFNAMSIZ];	    /* of the group that it had, while router is NULL ... */
	uint8_t vrid;		    /* ... and its VRID */
	bool is_touched;
	bool is_clean;	      /* no address or route of an earlier daemon is left */
	bool is_borrowed;     /* the address on the link is the operator's */
	int link;	      /* ifindex it is installed on; 0 = not installed */
	ifindex_t solicited;  /* vrrp_solicited's */
	int announced;	      /* ifindex of its route in zebra; 0 = no route */
	uint32_t metric, tag; /* ... and these */
	int error;
	struct vrrp_lease lease;
	struct vrrp_drain drain;
	int drained_on;	  /* ifindex of the drain's link; 0 = not there */
	uint32_t guarded; /* vrrp_vip_guard's */
	struct vrrp_refusal refusal;
};

/* vrrp_vip_guard.c: at the end of a flush, the VIP is on its link, or not any more. */
void vrrp_vip_guard(struct vrrp_vip *vip);

/* NULL: the router has no such VIP. Router NULL: one that nobody has any more. */
struct vrrp_vip *vrrp_vip_find(const struct vrrp_addr *address, struct vrrp_router *router);

/* All of them in turn, by address; NULL before the first, and after the last. */
const struct vrrp_vip *vrrp_vip_after(const struct vrrp_vip *vip);

#endif /* VRRP_VIP_PRIVATE_H */
