/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VIPs that are another router's address: the next hop of a route of this host. On the
 * VIP interface such a VIP makes this host take itself for that router.
 */
#ifndef VRRP_NEXT_HOP_H
#define VRRP_NEXT_HOP_H

#include "vrrp_group.h"

/*
 * Is it in a subnet of this host, and the next hop of a route? The kernel is asked, but
 * not more often than every LOOK_SEC seconds, and only when the first is so.
 */
bool vrrp_next_hop_is(const struct vrrp_addr *address);

/* The first VIP of the router that is one, while they go on the VIP interface; NULL: none. */
const struct vrrp_addr *vrrp_next_hop_among(const struct vrrp_router *router);

void vrrp_next_hop_stop(void);

#endif /* VRRP_NEXT_HOP_H */
