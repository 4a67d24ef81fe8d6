/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What other routers do wrong, in sentences with both values: theirs and ours. They become
 * a virtual router's troubles (vrrp_trouble.h), and where the machine has too much to do,
 * lines of the log for all virtual routers together. Counters count every packet.
 */
#ifndef VRRP_REPORT_H
#define VRRP_REPORT_H

#include "vrrp_group.h"

/*
 * A packet is discarded that was meant for this router. Of *advert as much is filled as
 * vrrp_packet_identify() and vrrp_packet_read() got to.
 */
void vrrp_report_discard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, enum vrrp_verdict verdict);

/*
 * The same of one that no virtual router counts. router: whose peer sent it, or NULL;
 * ifindex: the link by which it came.
 */
void vrrp_report_stray(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert, enum vrrp_verdict verdict,
		       const char *ifname);

/*
 * An advertisement has been accepted, with these notes (enum vrrp_note), and the state
 * machine asked: what it shows to be wrong with the configuration (RFC 9568 section
 * 8.3.2) or the way to us (2.5).
 */
void vrrp_report_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert, unsigned int notes);

/* Its advertisement left so late, an interval or more: we do not keep up. */
void vrrp_report_late(const struct vrrp_router *router, vrrp_usec_t late);

/* So many datagrams found no room in the receive buffer: we do not keep up. */
void vrrp_report_lost(enum vrrp_family family, uint32_t count);

/* So many datagrams have been read. */
void vrrp_report_read(unsigned int count);

/* Counters begin anew: the next packet of each kind is told at once. */
void vrrp_report_clear(void);

#endif /* VRRP_REPORT_H */
