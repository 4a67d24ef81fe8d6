// SPDX-License-Identifier: GPL-2.0-or-later
/* Everything here is said of one advertisement; nothing outlasts the call but counters. */
#include "vrrp_hearing.h"

#include "darr.h"

#include "vrrp_debug.h"
#include "vrrp_peer.h"
#include "vrrp_report.h"
#include "vrrp_seal.h"

static void debug_advert(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert)
{
	char src[VRRP_ADDR_STRLEN];

	DEBUGF(packets, "%pVR: VRRPv%u advertisement from %s, priority %u, interval %u cs, TTL %d",
	       router, advert->version, vrrp_addr_str(&dgram->src, src), advert->priority,
	       advert->interval_cs, dgram->ttl);
}

static void count_accepted(struct vrrp_router *router, const struct vrrp_advert *advert,
			   unsigned int notes)
{
	router->stats.checksum_received[advert->checksum]++;
	router->stats.priority_zero_received += advert->priority == VRRP_PRIORITY_RELEASE;
	router->stats.interval_differs += !!(notes & VRRP_NOTE_INTERVAL);
	router->stats.addresses_differ += !!(notes & VRRP_NOTE_ADDRESS_LIST);
	router->stats.link_local_differs += !!(notes & VRRP_NOTE_LINK_LOCAL);
}

static enum vrrp_verdict check(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			       const struct vrrp_advert *advert, bool known_peer,
			       unsigned int *notes)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	struct vrrp_expect expect = {
		.version = conf->version,
		.version_2_too = conf->version_2_too,
		.unicast = vrrp_router_is_unicast(router),
		.ttl_min = conf->ttl_hops ? VRRP_TTL + 1 - conf->ttl_hops : 0,
		.interval_cs = conf->interval_cs,
		.peers = &dgram->src,
		.n_peers = known_peer ? 1 : 0,
		.vips = router->vips,
		.n_vips = darr_len(router->vips),
	};

	return vrrp_packet_check(dgram, advert, &expect, notes);
}

bool vrrp_hearing_accepts(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			  const struct vrrp_advert *advert, bool known_peer, unsigned int *notes)
{
	enum vrrp_verdict verdict = check(router, dgram, advert, known_peer, notes);

	if (verdict == VRRP_ACCEPTED)
		verdict = known_peer ? vrrp_seal_check(router, dgram, advert) : VRRP_BAD_PEER;
	router->stats.received.count[verdict]++;
	if (verdict != VRRP_ACCEPTED) {
		router->stats.last_discarded = verdict;
		vrrp_report_discard(router, dgram, advert, verdict);
		return false;
	}
	count_accepted(router, advert, *notes);
	vrrp_peer_heard(router, dgram, advert);
	debug_advert(router, dgram, advert);
	return true;
}
