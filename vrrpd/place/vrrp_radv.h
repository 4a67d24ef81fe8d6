/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Router advertisements of an IPv6 virtual router (RFC 9568 section 8.2.3), by which hosts
 * have it for their default route; for VIPs on a virtual MAC, as FRR's own vrrpd has them.
 *
 * They say a lifetime, and nothing of prefixes. With a link-local VIP they come from
 * that and from the virtual MAC, and hosts do not notice when another router takes over;
 * so none says at the end that the router is gone. Without, they come from the link-local
 * address of the interface, which stays with this router, and a last one takes it back.
 *
 * zebra, which does it for FRR's own vrrpd, is not asked: 10.3 crashes when a link goes
 * away on which it advertises, as a virtual MAC does with its interface.
 */
#ifndef VRRP_RADV_H
#define VRRP_RADV_H

#include "vrrp_group.h"

/* It has become Active, is no longer, or has its VIPs elsewhere: begins or ends. */
void vrrp_radv_look(struct vrrp_router *router);

/* The daemon ends. */
void vrrp_radv_end(void);

#endif /* VRRP_RADV_H */
