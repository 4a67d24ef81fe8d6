/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a virtual router hears: whether it is accepted, and what is counted and noted of it. */
#ifndef VRRP_HEARING_H
#define VRRP_HEARING_H

#include "vrrp_group.h"

/*
 * Checks an advertisement for the virtual router (RFC 9568 section 7.1), and its trailer; counts it
 * by the verdict. True when it is accepted: then *notes gets enum vrrp_note of it, and the peer that
 * sent it has been heard.
 */
bool vrrp_hearing_accepts(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			  const struct vrrp_advert *advert, bool known_peer, unsigned int *notes);

#endif /* VRRP_HEARING_H */
