/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One virtual address as vrrp_vip.c keeps it, for the files that do a part of its work, or show it. */
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
	bool is_inherited;    /* an earlier daemon's, and nobody is known to be Active yet */
	bool is_borrowed;     /* the address on the link is the operator's */
	int link;	      /* ifindex it is installed on; 0 = not installed */
	int vrf;	      /* ... its VRF, now or last */
	bool is_usable;	      /* ... and the kernel has told of it */
	ifindex_t solicited;  /* vrrp_solicited's */
	int announced;	      /* ifindex of its route in zebra; 0 = no route */
	uint16_t table;	      /* ... in this table */
	uint32_t metric, tag; /* ... and these */
	bool is_standby;      /* ... which are those of a Backup */
	int error;
	struct vrrp_lease lease;
	struct vrrp_drain drain;
	int drained_on;		/* ifindex of the drain's link; 0 = not there */
	bool is_usable_drained; /* ... and the kernel has told of it */
	uint32_t guarded;	/* vrrp_vip_guard's */
	struct vrrp_refusal refusal;
};

/* vrrp_vip_guard.c: at the end of a flush, the VIP is on its link, or not any more. */
void vrrp_vip_guard(struct vrrp_vip *vip);

/* NULL: the router has no such VIP. Router NULL: one that nobody has any more. */
struct vrrp_vip *vrrp_vip_find(const struct vrrp_addr *address, struct vrrp_router *router);

/* All of them in turn, by address; NULL before the first, and after the last. */
const struct vrrp_vip *vrrp_vip_after(const struct vrrp_vip *vip);

/* It may differ from what is wanted: the next flush looks. */
void vrrp_vip_mark(struct vrrp_vip *vip);

/* How many seconds the kernel is to keep it; 0: for ever. */
uint32_t vrrp_vip_lease_sec(const struct vrrp_vip *vip);

/* Queues the renewal of its lease. */
void vrrp_vip_renew(struct vrrp_vip *vip);

static inline bool vrrp_vip_is_wanted(const struct vrrp_vip *vip)
{
	return vip->router && vrrp_router_has_vips(vip->router);
}

/* An IPv6 link-local address has no meaning beyond its link, so no route. */
static inline bool vrrp_vip_is_routable(const struct vrrp_addr *address)
{
	return address->family == VRRP_IPV4 || !vrrp_addr_is_linklocal(address);
}

/*
 * vrrp_vip_route.c, steps of a flush: the route goes before the address, and comes after it. An
 * inherited one is that of an Active router.
 */
void vrrp_vip_withdraw(struct vrrp_vip *vip);
void vrrp_vip_announce(struct vrrp_vip *vip, bool is_inherited);

/* Zebra has selected its route in our table, so that protocols announce it. */
bool vrrp_vip_is_announced(const struct vrrp_vip *vip);

/* Though its router is not Active, since it is drained or inherited. */
bool vrrp_vip_keeps_route(const struct vrrp_vip *vip);
bool vrrp_vip_keeps_address(const struct vrrp_vip *vip);

/*
 * Steps of a flush: its router is Active again, or has its VIPs on a LAN now, where two may not
 * have them; before it goes from the VIP interface; when it is there again, or the drain is over.
 */
void vrrp_vip_end_drain(struct vrrp_vip *vip);
void vrrp_vip_begin_to_answer(struct vrrp_vip *vip);
void vrrp_vip_cease_to_answer(struct vrrp_vip *vip);

void vrrp_vip_drain_init(void);

/*
 * At the beginning of a flush: takes what an earlier daemon left. If zebra
 * still has that one's route, and is to have ours when it goes. Another is Active (is_heard), or
 * this one is to have no part in it.
 */
void vrrp_vip_inherit(struct vrrp_vip *vip);
bool vrrp_vip_inherits_route(const struct vrrp_vip *vip);
void vrrp_vip_give_up(struct vrrp_vip *vip, bool is_heard);

#endif /* VRRP_VIP_PRIVATE_H */
