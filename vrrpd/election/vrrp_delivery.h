/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unicast or multicast: the one that a virtual router has to use, and the peer that it may
 * lack for it.
 *
 * A group that has a peer in either family, or has had one, is unicast in both. A family
 * without a peer then takes no part in the election (VRRP_HOLD_NO_PEERS), and a warning names
 * the missing line: by multicast its peers would not hear it, and both sites would be Active.
 * For a family without peers, a placement on a LAN (vmac, interface) means multicast.
 */
#ifndef VRRP_DELIVERY_H
#define VRRP_DELIVERY_H

#include "vrrp_group.h"

/* True when it is unicast and has no peer. */
bool vrrp_delivery_lacks_peers(const struct vrrp_router *router);

/* A placement on a LAN makes the group forget that it ever had a peer. */
void vrrp_delivery_note_lan(struct vrrp_group *group);

/* True when this router would lack a peer if its last one were removed. */
bool vrrp_delivery_needs_peer(const struct vrrp_router *router);

/* Sets VRRP_HOLD_NO_PEERS, or takes it back; a missing peer is logged once until it exists. */
void vrrp_delivery_look(struct vrrp_router *router);

void vrrp_delivery_init(void);

#endif /* VRRP_DELIVERY_H */
