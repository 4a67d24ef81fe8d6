/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told without being asked: log lines about what other routers do wrong, and
 * YANG notifications.
 *
 * What is wrong with one packet is mostly wrong with the next thousand. So each kind of
 * it is told once, then not again for half a minute, and as long as it goes on, for
 * twice as long each time, up to an hour; the next line says how often it was so in
 * between. Counters count every packet.
 */
#ifndef VRRP_REPORT_H
#define VRRP_REPORT_H

#include "vrrp_router.h"

/* A packet is discarded. router: whom it was meant for; NULL: nobody here, as far as known. */
void vrrp_report_discard(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 enum vrrp_verdict verdict);

/*
 * An advertisement has been accepted and the state machine asked: what it shows to be
 * wrong with the configuration (RFC 9568 section 8.3.2) or the way to us (2.5).
 */
void vrrp_report_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert);

/* Its advertisement left so late, an interval or more: we do not keep up. */
void vrrp_report_late(const struct vrrp_router *router, vrrp_usec_t late);

/* So many datagrams found no room in the receive buffer: we do not keep up. */
void vrrp_report_lost(enum vrrp_family family, uint32_t count);

/* The router has become Active, for the reason its state machine gives. */
void vrrp_report_active(const struct vrrp_router *router);

/* Counters begin anew: the next packet of each kind is told at once. */
void vrrp_report_clear(void);

/* Every verdict has its identity in the YANG module; call when that is loaded. */
void vrrp_report_init(void);

#endif /* VRRP_REPORT_H */
