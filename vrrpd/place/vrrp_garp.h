/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Announcements of a VIP to the neighbours on its link: a gratuitous ARP (RFC 9568 section 6.4.1
 * (140)) or an unsolicited neighbour advertisement (section 6.4.1 (145)). They are sent only where
 * the link has neighbours, so never on the dummy.
 */
#ifndef VRRP_GARP_H
#define VRRP_GARP_H

#include "vrrp_group.h"

/*
 * Notes that this router's VIPs, or one of them, are to be announced. That is done in
 * the first vrrp_garp_flush() that finds them on their link, never before
 * (RFC 9568 section 8.1.2), and not any more when the router leaves Active.
 */
void vrrp_garp_all(struct vrrp_router *router);
void vrrp_garp_vip(struct vrrp_router *router, const struct vrrp_addr *vip);
/* Drops the announcements of a router, or of one of its VIPs; NULL: of all. */
void vrrp_garp_cancel(struct vrrp_router *router, const struct vrrp_addr *vip);
void vrrp_garp_flush(void);
void vrrp_garp_stop(void);

#endif /* VRRP_GARP_H */
