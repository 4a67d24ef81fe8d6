/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Repeated announcements of VIPs.
 *
 * A router that becomes Active announces its VIPs once (RFC 9568 section 6.4). Hosts that
 * missed it, or have heard another announcement since, would send to another MAC address
 * until their caches expire. So the router announces them again:
 *
 * - after 5 seconds, then after twice the pause each time, up to a minute;
 * - when it hears another Active router, once, and as soon as that one has given way: it sent
 * priority 0, or nothing for an interval and a half;
 * - while the addresses of a silent router that it took over from may still be there, and
 *   once their lease (address-lease, taken to be ours) has ended;
 * - when the MAC address of its interface changes;
 * - while another host has them (vrrp_claimant.h).
 *
 * Announcements that others cause are sent once a second at most.
 */
#ifndef VRRP_REPEAT_H
#define VRRP_REPEAT_H

#include "vrrp_group.h"

struct nl_link;

/* It has become Active, for the reason that its state machine gives. */
void vrrp_repeat_start(struct vrrp_router *router);
/* It is no longer Active, or is about to be freed. */
void vrrp_repeat_stop(struct vrrp_router *router);

/* An Active router has accepted another's advertisement, and is Active still. */
void vrrp_repeat_rival(struct vrrp_router *router, const struct vrrp_advert *advert);

/* An event about a link. */
void vrrp_repeat_on_link(const struct nl_link *link);

#endif /* VRRP_REPEAT_H */
