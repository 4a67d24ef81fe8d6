/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets an Active router with "placement interface" hear the owner of its IPv4 VIPs.
 *
 * An owner may send from its VIP. While we are Active, the VIP is an address of this host,
 * and the kernel drops packets from such an address unless the interface has accept_local: both
 * routers would stay Active. So the sysctl is held while we are Active and not the owner.
 * (With IPv6 the kernel drops nothing.)
 */
#ifndef VRRP_OWNER_H
#define VRRP_OWNER_H

#include "vrrp_group.h"

/* The router has become Active, has left it, or has moved its VIPs: marks it for the flush. */
void vrrp_owner_look(struct vrrp_router *router);

/* Last in the end of a tick, since each sysctl is a file, and others must not wait for it. */
void vrrp_owner_flush(void);

void vrrp_owner_stop(void);

#endif /* VRRP_OWNER_H */
