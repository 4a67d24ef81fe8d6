// SPDX-License-Identifier: GPL-2.0-or-later
/* Peers live in the darr of their virtual router. */
#include "vrrp_peer.h"

void vrrp_peer_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		     const struct vrrp_advert *advert)
{
	struct vrrp_peer *peer = vrrp_router_peer(router, &dgram->src);

	if (!peer)
		return;
	peer->received++;
	peer->ttl = dgram->ttl;
	peer->priority = advert->priority;
	peer->interval_cs = advert->interval_cs;
	peer->heard = vrrp_now();
}

void vrrp_peer_not_sent(struct vrrp_peer *peer, int error)
{
	peer->send_error = error;
	peer->failures.count++;
	peer->failures.last_error = error;
	peer->failures.last = vrrp_now();
}
