/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Router advertisements of an IPv6 virtual router (RFC 9568 section 8.2.3), which make it the
 * default router of hosts; for VIPs on a virtual MAC, as in FRR's own vrrpd.
 *
 * They have a lifetime, and no prefixes. With a link-local VIP they are sent from that and
 * from the virtual MAC, and hosts do not notice when another router takes over; so there is no
 * final one with lifetime 0. Without a link-local VIP they are sent from the link-local
 * address of the interface, which stays with this router, and a final one withdraws it.
 *
 * FRR's own vrrpd leaves this to zebra. But zebra 10.3 crashes when a link on which it advertises
 * is removed, as a virtual MAC is with its interface.
 */
#ifndef VRRP_RADV_H
#define VRRP_RADV_H

#include "vrrp_group.h"

/* Begins or ends: the router has become Active, has left it, or has moved its VIPs. */
void vrrp_radv_look(struct vrrp_router *router);

/* The daemon ends. */
void vrrp_radv_end(void);

#endif /* VRRP_RADV_H */
