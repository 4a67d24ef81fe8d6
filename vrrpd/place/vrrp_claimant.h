/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claimants: hosts of a LAN that have one of our VIPs as their own address.
 *
 * A router asks for its VIPs when it becomes Active, without waiting for an answer, and once
 * a minute. It also listens all the time to ARP and neighbour advertisements that name a VIP.
 * A claimant is a trouble (vrrp_trouble.h) until it has not answered three requests.
 * Meanwhile the VIP is announced again every 10 seconds (RFC 5227 section 2.4), but the
 * router never gives way.
 *
 * Other routers of the group are not claimants, though they may answer for a VIP: with the
 * virtual MAC address, or with their own until they have heard us or, if they died, until
 * the lease has ended. So claims are ignored for that long after an advertisement of another
 * router. And no claim is believed before some seconds have passed, since a router that has
 * just become Active is heard by then.
 *
 * VIPs on the VIP interface have no neighbours: nothing is done for them.
 */
#ifndef VRRP_CLAIMANT_H
#define VRRP_CLAIMANT_H

#include "vrrp_group.h"

/* Begins or ends: the router has become Active, has left it, or has moved its VIPs. */
void vrrp_claimant_look(struct vrrp_router *router);

/* The router has got another VIP. */
void vrrp_claimant_vip(struct vrrp_router *router);

/* An advertisement of another router has been accepted. */
void vrrp_claimant_heard(struct vrrp_router *router, const struct vrrp_advert *advert);

#endif /* VRRP_CLAIMANT_H */
