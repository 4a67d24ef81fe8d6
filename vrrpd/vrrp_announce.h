/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling the neighbours on a link that a VIP lives here now: a gratuitous ARP
 * (RFC 9568 section 6.4.1 (140)) or an unsolicited neighbour advertisement
 * (section 6.4.1 (145)). Only where the link has neighbours: never on the dummy.
 */
#ifndef VRRP_ANNOUNCE_H
#define VRRP_ANNOUNCE_H

#include "vrrp_router.h"

/* Notes that this router's VIPs are to be announced; done in vrrp_announce_flush(). */
void vrrp_announce(struct vrrp_router *router);
/* Forgets a router that goes. */
void vrrp_announce_cancel(struct vrrp_router *router);
void vrrp_announce_flush(void);
void vrrp_announce_stop(void);

#endif /* VRRP_ANNOUNCE_H */
