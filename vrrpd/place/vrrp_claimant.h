/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claimants: hosts of a LAN that have a VIP of ours for an address of their own.
 *
 * A router asks for its VIPs when it becomes Active, without waiting for an answer, and
 * once a minute; and all along it hears whom ARP and neighbour advertisements say to have one.
 * A claimant is a trouble (vrrp_trouble.h) until nothing has been heard of it though it was
 * asked for three times. Meanwhile hosts are told again where the VIP is, once in 10 seconds
 * (RFC 5227 section 2.4), but the router never gives way.
 *
 * Other routers of the group are no claimants, though they may answer for a VIP: by the
 * virtual MAC address, or by their own until they have heard us or, if they died, until the
 * lease has ended. So no claim counts for that long after an advertisement of another; and
 * none is believed before some seconds have passed, since a router that has just become
 * Active is heard by then.
 *
 * VIPs on the VIP interface have no neighbours: nothing is done for them.
 */
#ifndef VRRP_CLAIMANT_H
#define VRRP_CLAIMANT_H

#include "vrrp_group.h"

/* It has become Active, is no longer, or has its VIPs elsewhere: begins or ends. */
void vrrp_claimant_look(struct vrrp_router *router);

/* It has another VIP. */
void vrrp_claimant_vip(struct vrrp_router *router);

/* An advertisement of another router has been accepted. */
void vrrp_claimant_heard(struct vrrp_router *router, const struct vrrp_advert *advert);

#endif /* VRRP_CLAIMANT_H */
