/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual addresses on their link and in the routing table.
 *
 * This file alone decides which link carries a VIP, keeps its lease, puts it
 * back when someone deletes it, and knows which addresses on the VIP interface
 * are leftovers of an earlier daemon. Virtual routers ask for changes; those are
 * gathered and carried out together in vrrp_vip_flush(): routes are withdrawn
 * before addresses go, and addresses come before their routes.
 */
#ifndef VRRP_VIP_H
#define VRRP_VIP_H

#include "vrrp_router.h"

/* A virtual address was configured or removed; an address that is up is taken back. */
void vrrp_vip_new(struct vrrp_router *router, const struct vrrp_addr *address);
void vrrp_vip_gone(struct vrrp_router *router, const struct vrrp_addr *address);

/*
 * What is wanted of this router's VIPs may have changed (router->addresses_up,
 * router->routes_up, placement, announced metric or tag): they are compared
 * with what is there at the next flush.
 */
void vrrp_vip_touch(struct vrrp_router *router);

/* Carries out all that was touched since the last flush, in one netlink batch. */
void vrrp_vip_flush(void);

/*
 * Makes sure the link that this router's VIPs go on exists (the dummy is made on
 * first need). True when it can be had; else the reason has been logged once.
 */
bool vrrp_vip_link_ready(struct vrrp_router *router);

/* The link's name and index (0: not there) for this router's VIPs. */
const char *vrrp_vip_link_name(const struct vrrp_router *router);

/* One virtual address as "show vrrp vip" wants it. */
struct vrrp_vip_status {
	struct vrrp_addr address;
	const struct vrrp_router *router;
	const char *link;      /* name of the link it goes on */
	bool installed;	       /* the kernel has it */
	bool announced;	       /* zebra has been given its route */
	int error;	       /* last negative errno of the kernel, 0 = fine */
	uint32_t lease_left_sec; /* UINT32_MAX: permanent; 0 when not installed */
};

/* Calls fn for each VIP of each group, sorted by group then as configured. */
void vrrp_vip_walk(void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg);

/*
 * Can this name be the VIP interface? 0, or negative errno with a sentence in
 * reason: it exists and is neither dummy nor ifb, ...
 */
int vrrp_vip_interface_check(const char *ifname, char *reason, size_t size);

/* The global configuration changed: another VIP interface, table or lease. */
void vrrp_vip_global_changed(const struct vrrp_global *previous);

void vrrp_vip_init(void);
void vrrp_vip_stop(void);

#endif /* VRRP_VIP_H */
