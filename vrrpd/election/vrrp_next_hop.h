/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VIPs that are another router's address: the next hop of a route of this host. On the
 * VIP interface such a VIP makes this host take itself for that router.
 */
#ifndef VRRP_NEXT_HOP_H
#define VRRP_NEXT_HOP_H

#include "vrrp_group.h"

/*
 * True when the address is in a subnet of this host and is the next hop of a route. Only
 * then the kernel is asked, at most every LOOK_SEC seconds.
 */
bool vrrp_next_hop_is(const struct vrrp_addr *address);

/* The router's first VIP that is a next hop, if VIPs go on the VIP interface; NULL: none. */
const struct vrrp_addr *vrrp_next_hop_among(const struct vrrp_router *router);

/* Sets VRRP_HOLD_NEXT_HOP, or takes it back; looked for only where no other has precedence. */
void vrrp_next_hop_look(struct vrrp_router *router);

void vrrp_next_hop_stop(void);

#endif /* VRRP_NEXT_HOP_H */
