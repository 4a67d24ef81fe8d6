/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of the peers of a virtual router, for "show vrrp neighbors". */
#ifndef VRRP_PEER_H
#define VRRP_PEER_H

#include "vrrp_group.h"

/* An advertisement was accepted; does nothing if its source is no peer. */
void vrrp_peer_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		     const struct vrrp_advert *advert);

/* An advertisement to this peer could not be sent. error: the errno. */
void vrrp_peer_not_sent(struct vrrp_peer *peer, int error);

#endif /* VRRP_PEER_H */
