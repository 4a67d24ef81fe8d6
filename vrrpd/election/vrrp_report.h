/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports of faults of other routers: sentences with both values, theirs and ours. They become
 * troubles of a virtual router (vrrp_trouble.h). Overload of this machine is logged for all virtual
 * routers together. Counters count every packet.
 */
#ifndef VRRP_REPORT_H
#define VRRP_REPORT_H

#include "vrrp_group.h"

/*
 * Reports a discarded packet that was meant for this router. *advert is filled as far as
 * vrrp_packet_identify() and vrrp_packet_read() got.
 */
void vrrp_report_discard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, enum vrrp_verdict verdict);

/*
 * Reports a discarded packet that no virtual router counts. router: one that has the sender
 * as a peer, or NULL; ifindex: the link by which the packet came.
 */
void vrrp_report_stray(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert, enum vrrp_verdict verdict,
		       const char *ifname);

/*
 * Call after the state machine has handled an accepted advertisement, with the notes of the
 * check (enum vrrp_note). Reports faults of the configuration (RFC 9568 section 8.3.2) or of
 * the way to us (2.5) that it shows.
 */
void vrrp_report_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert, unsigned int notes);

/* Reports that an advertisement left late by an interval or more: this machine is overloaded. */
void vrrp_report_late(const struct vrrp_router *router, vrrp_usec_t late);

/* Reports that this many datagrams found no room in the receive buffer. */
void vrrp_report_lost(enum vrrp_family family, uint32_t count);

/* Counts datagrams that were read, for the sentence about overload. */
void vrrp_report_read(unsigned int count);

/* The counters were cleared: the next packet of each kind is reported at once. */
void vrrp_report_clear(void);

#endif /* VRRP_REPORT_H */
