/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guardian says of Active virtual routers when this process has ended: the last
 * advertisement of each, with priority 0; and before that, when another daemon is awaited, the same as
 * this one.
 */
#ifndef VRRP_FAREWELL_H
#define VRRP_FAREWELL_H

#include "vrrp_group.h"

/* An advertisement that has just been encoded. */
struct vrrp_said {
	const struct vrrp_advert *advert;
	const struct vrrp_addr *dst;
	ifindex_t link; /* that it leaves by; 0: what routing says */
	uint8_t slot;	/* of the descriptor, as it was lent to the guardian */
	const uint8_t *octets;
	size_t size;
};

/* peer: it goes to; NULL: to the multicast group. Costs nothing if it is as the last one. */
void vrrp_farewell_note(struct vrrp_router *router, struct vrrp_peer *peer,
			const struct vrrp_said *said);

/* From now on what is sent is what the guardian repeats until the next daemon is there. */
void vrrp_farewell_repeat(void);
/*
 * True when the guardian does so for this router: unless it signs, since signatures age, or has its VIPs
 * on a LAN, where the guardian takes them away as soon as others may have them.
 */
bool vrrp_farewell_repeats(const struct vrrp_router *router);

/* The router is not Active any more, or the peer is none of it. */
void vrrp_farewell_forget(struct vrrp_router *router);
void vrrp_farewell_forget_peer(struct vrrp_peer *peer);

#endif /* VRRP_FAREWELL_H */
