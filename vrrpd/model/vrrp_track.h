/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which address a virtual router sends from.
 *
 * The addresses of the host are kept here as the kernel tells them (not as zebra
 * does: an address that goes while zebra is away must be noticed all the same).
 */
#ifndef VRRP_TRACK_H
#define VRRP_TRACK_H

#include "nl_addr.h"
#include "vrrp_group.h"

/* The kernel added or removed an address; virtual routers it matters to are rechecked. */
void vrrp_track_address(const struct nl_addr_info *info, bool added);

/*
 * The link was set down: the IPv6 addresses it keeps (keep_addr_on_down) are checked for
 * duplicates anew when it comes up, which the kernel tells at the end of it alone.
 */
void vrrp_track_link_down(int ifindex);

/* This router is to send from source, wherever the host has that; NULL: from its interface. */
void vrrp_track_follow(struct vrrp_router *router, const struct vrrp_addr *source);

/* The routers configured with this source, one after another; NULL: the first, or no more. */
struct vrrp_router *vrrp_track_next_user(const struct vrrp_addr *source,
					 const struct vrrp_router *user);

/* Before a full dump: everything known is forgotten; a recheck of all has to follow. */
void vrrp_track_forget(void);

/* Is it in a subnet of an interface, that of a VIP of ours left out? */
bool vrrp_track_in_subnet(const struct vrrp_addr *address);

/* Is this address on that link, other than as a VIP of ours? */
bool vrrp_track_is_on(const struct vrrp_addr *address, int ifindex);

/*
 * A link, other than except, that has this address of its own and not as a VIP of ours; 0
 * when there is none. A link-local address counts on the link ifindex alone.
 */
int vrrp_track_own_link(const struct vrrp_addr *address, int ifindex, int except);

/* Does it lie in the subnet of an address that the link has of its own? */
bool vrrp_track_covers(const struct vrrp_addr *address, int ifindex);

/*
 * The source a virtual router is to use now: the one configured, if the host has it;
 * else the first address of its interface, as "ip address" shows them (IPv6: global
 * in unicast, link-local in multicast). An IPv6 address counts once it is known to be no
 * duplicate. Not set when there is none.
 */
struct vrrp_addr vrrp_track_source(const struct vrrp_router *router);

/* What would be that source, were duplicate address detection done; not set when nothing is. */
struct vrrp_addr vrrp_track_undetected(const struct vrrp_router *router);

void vrrp_track_stop(void);

#endif /* VRRP_TRACK_H */
