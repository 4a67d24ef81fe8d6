/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The owner of IPv4 VIPs, heard by whoever stands in for it with "placement interface".
 *
 * An owner may send from its VIP. While we have that, it is an address of this host, and the
 * kernel drops what comes from one unless the interface has accept_local: both would stay
 * Active. So that is held there while we are Active and not the owner. (With IPv6 the
 * kernel drops nothing.)
 */
#ifndef VRRP_OWNER_H
#define VRRP_OWNER_H

#include "vrrp_group.h"

/* It has become Active, is no longer, or has its VIPs elsewhere: to be held or dropped. */
void vrrp_owner_look(struct vrrp_router *router);

/* At the end of a tick, after all that others wait for: a sysctl of each link is a file. */
void vrrp_owner_flush(void);

void vrrp_owner_stop(void);

#endif /* VRRP_OWNER_H */
