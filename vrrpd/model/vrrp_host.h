/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's addresses, and the one that a virtual router sends from.
 *
 * The addresses come from the kernel and not from zebra, since the loss of an address must
 * be noticed even while zebra is away.
 */
#ifndef VRRP_HOST_H
#define VRRP_HOST_H

#include "nl_addr.h"
#include "vrrp_group.h"

/* The kernel added or removed an address; virtual routers it matters to are rechecked. */
void vrrp_host_address(const struct nl_addr_info *info, bool added);

/*
 * The link was set down: the IPv6 addresses that it keeps (keep_addr_on_down) are checked for
 * duplicates again when it comes up; the kernel reports only the end of that.
 */
void vrrp_host_link_down(int ifindex);

/* Makes the router send from source, on any link; NULL: from an address of its interface. */
void vrrp_host_follow(struct vrrp_router *router, const struct vrrp_addr *source);

/* The routers configured with this source, one after another; NULL: the first, or no more. */
struct vrrp_router *vrrp_host_next_user(const struct vrrp_addr *source,
					const struct vrrp_router *user);

/* Forgets all addresses, before a full dump; recheck all virtual routers afterwards. */
void vrrp_host_forget(void);

/* True when the address is in a subnet of an interface; VIPs of ours do not count. */
bool vrrp_host_in_subnet(const struct vrrp_addr *address);

/* True when the address is on that link, other than as a VIP of ours. */
bool vrrp_host_is_on(const struct vrrp_addr *address, int ifindex);

/*
 * A link, other than except, that has this address as its own and not as a VIP of ours; 0
 * when there is none. A link-local address counts only on the link ifindex.
 */
int vrrp_host_own_link(const struct vrrp_addr *address, int ifindex, int except);

/* True when it is in the subnet of one of the link's own addresses. */
bool vrrp_host_covers(const struct vrrp_addr *address, int ifindex);

/*
 * The source a virtual router is to use now: the one configured, if the host has it; else the first
 * address of its interface, as "ip address" shows them (IPv6: global in unicast, link-local in
 * multicast). An IPv6 address counts after duplicate address detection. Not set when there is none.
 */
struct vrrp_addr vrrp_host_source(const struct vrrp_router *router);

/* The source after duplicate address detection, while that is running; else not set. */
struct vrrp_addr vrrp_host_undetected(const struct vrrp_router *router);

void vrrp_host_stop(void);

#endif /* VRRP_HOST_H */
