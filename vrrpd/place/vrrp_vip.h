/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual addresses on their link and in the routing table.
 *
 * This file alone decides which link carries a VIP, keeps its lease and puts it back when someone
 * deletes it. Virtual routers mark changes, and vrrp_vip_flush() applies them together: routes are
 * withdrawn before addresses are removed, and addresses are added before their routes. A VIP
 * without accept mode is refused from before its address comes until after it has gone.
 */
#ifndef VRRP_VIP_H
#define VRRP_VIP_H

#include "hook.h"

#include "vrrp_group.h"

/* A virtual address was configured or removed; if it is installed, it is removed. */
void vrrp_vip_new(struct vrrp_router *router, const struct vrrp_addr *address);
void vrrp_vip_gone(struct vrrp_router *router, const struct vrrp_addr *address);

/*
 * The wanted state of this router's VIPs may have changed (router->addresses_up,
 * router->routes_up, router->serves, its state, placement, metric or tag of its routes): the next flush
 * compares it with the present state.
 */
void vrrp_vip_touch(struct vrrp_router *router);

/*
 * The router has left Active as planned, or to a better router, and its flags are down. Its VIPs stay as long as vrrp_handover.h says, if they are off the LAN and "vrrp N drain"
 * is not 0; router->handover says how far they are.
 */
void vrrp_vip_drain(struct vrrp_router *router, enum vrrp_successor successor);
/* An Active router was heard meanwhile. */
void vrrp_vip_heard(struct vrrp_router *router);
/*
 * The router leaves the election by its configuration: VIPs that an earlier daemon left on the VIP
 * interface are drained, or removed, without waiting for another router.
 */
void vrrp_vip_disinherit(struct vrrp_router *router);
/* Until that is over, in milliseconds. */
uint32_t vrrp_vip_drain_left_msec(const struct vrrp_router *router);
/* It is over, and services on its VIPs may go. */
DECLARE_HOOK(vrrp_vip_drained, (struct vrrp_router * router), (router));

/*
 * The route to a VIP of a router. False: it has none, since it is link-local, or its VRF has no
 * "vrrp route-table".
 */
struct vrrp_zebra_key;
bool vrrp_vip_route_key(const struct vrrp_router *router, const struct vrrp_addr *vip,
			struct vrrp_zebra_key *key);

/* zebra has selected the routes to all VIPs of the router that have one. */
bool vrrp_vip_all_selected(const struct vrrp_router *router);

/* Sends zebra those again that it has not selected, since it looks at a refused route only once. */
void vrrp_vip_offer_again(const struct vrrp_router *router);

/*
 * Applies all changes since the last flush, in one netlink batch. Services of IPVS on these VIPs
 * have to come before and go after them.
 */
void vrrp_vip_flush(void);

/* A group that has this virtual address, in whatever VRF; NULL when none has. O(1). */
struct vrrp_group *vrrp_vip_group(const struct vrrp_addr *vip);
/* That in the VRF of this interface; a link-local one counts only on the interface. */
struct vrrp_group *vrrp_vip_group_on(const struct vrrp_addr *vip, const char *ifname);
/*
 * Another group in the VRF of this one that has this VIP of it: nobody can configure that, but an
 * interface may move into the VRF. NULL: none.
 */
const struct vrrp_group *vrrp_vip_other_group(const struct vrrp_addr *vip,
					      const struct vrrp_group *group);

/* One virtual address, for "show vrrp vip". */
struct vrrp_vip_status {
	struct vrrp_addr address;
	const struct vrrp_router *router; /* NULL: it is deconfigured, and drained */
	const char *ifname;		  /* of its group, which need not exist any more ... */
	uint8_t vrid;			  /* ... and its VRID */
	const char *link;		  /* name of the link it goes on */
	bool installed;			  /* the kernel has it */
	bool announced;			  /* zebra has selected its route */
	bool is_standby;		  /* ... which is that of a Backup */
	bool accepted;			  /* packets addressed to it are accepted (accept mode) */
	int error;			  /* last negative errno of the kernel, 0 = fine */
	uint32_t lease_left_sec;	  /* UINT32_MAX: permanent; 0 when not installed */
	enum vrrp_handover handover;
	uint32_t drain_left_msec; /* 0 without one */
};

/*
 * Calls fn for each VIP of each group, sorted by group then as configured, and after them for those
 * that are drained though no group has them any more.
 */
void vrrp_vip_walk(void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg);

/* The kernel removed an address of ours from a link: restores it, unless the removal was ours. */
void vrrp_vip_removed(const struct vrrp_addr *address, int ifindex);

/*
 * The kernel told of an address of ours on a link. One of IPv6 gets its local route there, and not
 * before: a VIP on its way between two links leaves the other one now.
 */
void vrrp_vip_arrived(const struct vrrp_addr *address, int ifindex);

/* The operator removed his own address; if it was a VIP, it is added by vrrpd now. */
void vrrp_vip_taken_back(const struct vrrp_addr *address, int ifindex);

/* True when vrrpd has put the address on that link. */
bool vrrp_vip_is_on(const struct vrrp_addr *address, int ifindex);

/* True when one of its VIPs is an address that the operator has put on the link himself. */
bool vrrp_vip_is_borrowed(const struct vrrp_router *router);

/* Adds all wanted addresses again, even those that are believed to be installed. */
void vrrp_vip_put_back_all(void);

/* A change failed: it is tried again after a second, and later after longer pauses. */
void vrrp_vip_retry_later(void);

/* Asks for a comparison of the kernel with the wanted state (vrrp_kernel_reconcile()). */
void vrrp_vip_reconcile_later(void);

/* Another lease has been configured. */
void vrrp_vip_lease_changed(void);

/*
 * read_kernel_again: compares all addresses with the wanted ones; called after an address could not
 * be removed.
 */
void vrrp_vip_init(void (*read_kernel_again)(void));
void vrrp_vip_stop(void);

#endif /* VRRP_VIP_H */
