/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unicast or multicast: which of both a virtual router is meant to use, and what it
 * lacks for it.
 *
 * A group that has a peer in either family, or has had one, is unicast in both. What is
 * missing then is said, and the router takes no part in the election (VRRP_HOLD_NO_PEERS):
 * by multicast, nobody who matters would hear it, and both sites would be Active. Where a
 * family has no peer, a placement on a LAN (vmac, interface) says that multicast is meant.
 */
#ifndef VRRP_DELIVERY_H
#define VRRP_DELIVERY_H

#include "vrrp_group.h"

/* Unicast, with nobody to send to. */
bool vrrp_delivery_lacks_peers(const struct vrrp_router *router);

/* Once the placement says that it is a LAN's, it is as if the group never had a peer. */
void vrrp_delivery_note_lan(struct vrrp_group *group);

/* Would this router become one without peers, were its last one taken away? */
bool vrrp_delivery_needs_peer(const struct vrrp_router *router);

/* Why it is held, or VRRP_HOLD_NONE: what it lacks is logged, once until it has it. */
void vrrp_delivery_note_hold(struct vrrp_router *router, enum vrrp_hold hold);

void vrrp_delivery_init(void);

#endif /* VRRP_DELIVERY_H */
