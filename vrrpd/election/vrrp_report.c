// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A sentence is built only when vrrp_trouble_seen() asks for one. It begins with the router
 * that it is about, and ends with the value that is configured here.
 */
#include "vrrp_report.h"

#include "darr.h"
#include "printfrr.h"

#include "vrrp_auth.h"
#include "vrrp_debug.h"
#include "vrrp_history.h"
#include "vrrp_log.h"
#include "vrrp_notify.h"
#include "vrrp_rivals.h"
#include "vrrp_seal.h"
#include "vrrp_trouble.h"

#define WAIT_MIN (30 * VRRP_USEC_PER_SEC)
#define WAIT_MAX (3600 * VRRP_USEC_PER_SEC)

/* The sender of a stray packet is looked for among all peers at most once in this time. */
#define LOOK_USEC (20 * VRRP_USEC_PER_SEC / 1000)

#define TEXT_STRLEN 160
#define MSEC(usec)  ((unsigned int)((usec) / 1000))

/* A trouble counts as over after this time without a packet that shows it. */
static vrrp_usec_t lasting(const struct vrrp_router *router, const struct vrrp_advert *advert)
{
	uint32_t ours = router ? router->group->applied.interval_cs : 0;

	return 3 * MAX(ours, advert->interval_cs) * VRRP_USEC_PER_CS + 2 * VRRP_USEC_PER_SEC;
}

/* ------------------------------------------------------ what is wrong with a packet */

static bool is_among(const struct vrrp_addr *list, const struct vrrp_addr *wanted)
{
	const struct vrrp_addr *address;

	darr_foreach_p (list, address)
		if (vrrp_addr_same(address, wanted))
			return true;
	return false;
}

static bool advertises(const struct vrrp_advert *advert, const struct vrrp_addr *wanted)
{
	for (unsigned int i = 0; i < advert->count; i++) {
		struct vrrp_addr theirs = vrrp_advert_address(advert, i);

		if (vrrp_addr_same(&theirs, wanted))
			return true;
	}
	return false;
}

/* The first address of one that the other lacks; NULL when there is none. */
static void address_detail(const struct vrrp_router *router, const struct vrrp_advert *advert,
			   char text[TEXT_STRLEN])
{
	int used = snprintf(text, TEXT_STRLEN, "its %u virtual addresses are not our %u",
			    advert->count, darr_len(router->vips));
	char address[VRRP_ADDR_STRLEN];
	const struct vrrp_addr *ours;

	for (unsigned int i = 0; i < advert->count; i++) {
		struct vrrp_addr theirs = vrrp_advert_address(advert, i);

		if (is_among(router->vips, &theirs))
			continue;
		snprintf(text + used, TEXT_STRLEN - used, ": %s is not configured here",
			 vrrp_addr_str(&theirs, address));
		return;
	}
	darr_foreach_p (router->vips, ours) {
		if (advertises(advert, ours))
			continue;
		snprintf(text + used, TEXT_STRLEN - used, ": it lacks %s",
			 vrrp_addr_str(ours, address));
		return;
	}
}

static void ttl_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       char text[TEXT_STRLEN])
{
	const char *what = dgram->dst.family == VRRP_IPV4 ? "TTL" : "hop limit";

	if (vrrp_addr_is_multicast(&dgram->dst) || !router)
		snprintf(text, TEXT_STRLEN, "its %s is %d and must be %d", what, dgram->ttl,
			 VRRP_TTL);
	else
		snprintf(text, TEXT_STRLEN,
			 "its %s is %d, and ttl-security hops %u accepts %d and more", what,
			 dgram->ttl, router->group->applied.ttl_hops,
			 VRRP_TTL + 1 - router->group->applied.ttl_hops);
}

/* Finds the peer that makes the checksum right as source in the pseudo-header; or NULL. */
static const struct vrrp_peer *true_sender(const struct vrrp_router *router,
					   struct vrrp_datagram dgram)
{
	struct vrrp_addr told = dgram.src;
	struct vrrp_advert advert;
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer) {
		if (vrrp_addr_same(&peer->address, &told))
			continue;
		dgram.src = peer->address;
		if (vrrp_packet_decode(&dgram, &advert) == VRRP_ACCEPTED &&
		    (advert.family == VRRP_IPV6 || advert.checksum == VRRP_CHECKSUM_PSEUDO))
			return peer;
	}
	return NULL;
}

/* True, with a sentence, if a NAT on the way has rewritten the source from another peer's. */
static bool nat_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       char text[TEXT_STRLEN])
{
	const struct vrrp_peer *sender = true_sender(router, *dgram);
	char address[VRRP_ADDR_STRLEN];

	if (!sender)
		return false;
	snprintf(text, TEXT_STRLEN,
		 "its checksum is that of the peer %s, so a NAT on the way has rewritten its source",
		 vrrp_addr_str(&sender->address, address));
	return true;
}

static void stranger_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			    char text[TEXT_STRLEN])
{
	unsigned int count = darr_len(router->peers);
	char first[VRRP_ADDR_STRLEN];

	if (nat_detail(router, dgram, text))
		return;
	if (!count) {
		snprintf(text, TEXT_STRLEN, "it has no peers in this family");
		return;
	}
	vrrp_addr_str(&router->peers[0].address, first);
	if (count == 1)
		snprintf(text, TEXT_STRLEN, "its source is not a configured peer, which is %s",
			 first);
	else
		snprintf(text, TEXT_STRLEN,
			 "its source is not a configured peer; there are %u, of which the first is %s",
			 count, first);
}

static void peer_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			char text[TEXT_STRLEN])
{
	char theirs[VRRP_ADDR_STRLEN], ours[VRRP_ADDR_STRLEN];

	if (vrrp_router_peer(router, &dgram->src))
		snprintf(text, TEXT_STRLEN, "this peer sends to %s, and this group sends from %s",
			 vrrp_addr_str(&dgram->dst, theirs), vrrp_addr_str(&router->source, ours));
	else
		stranger_detail(router, dgram, text);
}

static void mode_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			char text[TEXT_STRLEN])
{
	char src[VRRP_ADDR_STRLEN];

	if (vrrp_router_is_unicast(router))
		snprintf(text, TEXT_STRLEN, "it is multicast, and here it is unicast");
	else
		snprintf(text, TEXT_STRLEN,
			 "it is unicast, and here it is multicast: \"vrrp %u peer %s\" is missing, unless a LAN is meant",
			 router->group->vrid, vrrp_addr_str(&dgram->src, src));
}

static void interval_detail(const struct vrrp_router *router, const struct vrrp_advert *advert,
			    char text[TEXT_STRLEN])
{
	snprintf(text, TEXT_STRLEN, "its advertisement interval is %u ms, and here it is %u ms",
		 advert->interval_cs * VRRP_MSEC_PER_CS,
		 router->group->applied.interval_cs * VRRP_MSEC_PER_CS);
}

static void key_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       enum vrrp_verdict verdict, char text[TEXT_STRLEN])
{
	snprintf(text, TEXT_STRLEN, "key %u of key chain %s: %s", vrrp_auth_key_id(dgram),
		 router->group->applied.auth.chain, vrrp_verdicts[verdict].text);
}

static void clock_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 char text[TEXT_STRLEN])
{
	int64_t ahead = vrrp_seal_ahead_msec(dgram);

	snprintf(text, TEXT_STRLEN,
		 "its clock is %lld.%lld s %s ours, and %u s are allowed, or it is a replay",
		 llabs(ahead) / 1000, llabs(ahead) % 1000 / 100, ahead > 0 ? "ahead of" : "behind",
		 vrrp_seal_window_sec(router->group));
}

static void auth_detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			enum vrrp_verdict verdict, char text[TEXT_STRLEN])
{
	if (verdict == VRRP_BAD_AUTH_CLOCK)
		clock_detail(router, dgram, text);
	else if (verdict != VRRP_BAD_AUTH_MISSING && verdict != VRRP_BAD_AUTH_REPLAY)
		key_detail(router, dgram, verdict, text);
}

/* The text of the verdict table, with their value and ours where there are two. */
static void detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
		   const struct vrrp_advert *advert, enum vrrp_verdict verdict,
		   char text[TEXT_STRLEN])
{
	snprintf(text, TEXT_STRLEN, "%s", vrrp_verdicts[verdict].text);
	if (verdict == VRRP_BAD_TTL) {
		ttl_detail(router, dgram, text);
	} else if (!router) {
		return;
	} else if (verdict == VRRP_BAD_VERSION) {
		snprintf(text, TEXT_STRLEN, "its VRRP version is %u, and here it is %u",
			 advert->version, router->group->applied.version);
	} else if (verdict == VRRP_BAD_INTERVAL) {
		interval_detail(router, advert, text);
	} else if (verdict == VRRP_BAD_ADDRESS_LIST) {
		address_detail(router, advert, text);
	} else if (verdict == VRRP_BAD_PEER) {
		peer_detail(router, dgram, text);
	} else if (verdict == VRRP_BAD_CHECKSUM) {
		nat_detail(router, dgram, text);
	} else if (verdict == VRRP_BAD_MODE) {
		mode_detail(router, dgram, text);
	} else if (verdict >= VRRP_BAD_AUTH_MISSING) {
		auth_detail(router, dgram, verdict, text);
	}
}

static void count_discard(void);

static void debug_discard(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			  enum vrrp_verdict verdict)
{
	char src[VRRP_ADDR_STRLEN];

	if (DEBUG_MODE_CHECK(&vrrp_debug_packets, DEBUG_MODE_ALL) &&
	    vrrp_log_allowed(VRRP_LOG_PACKET))
		zlog_debug("%pVR: packet from %s discarded: %s", router,
			   vrrp_addr_str(&dgram->src, src), vrrp_verdicts[verdict].text);
}

void vrrp_report_discard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, enum vrrp_verdict verdict)
{
	char src[VRRP_ADDR_STRLEN], text[TEXT_STRLEN];

	debug_discard(router, dgram, verdict);
	count_discard();
	if (!vrrp_trouble_seen(router, verdict, lasting(router, advert)))
		return;
	vrrp_addr_str(&dgram->src, src);
	detail(router, dgram, advert, verdict, text);
	if (vrrp_trouble_say(router, verdict, "packet from %s discarded: %s", src, text))
		vrrp_notify_error(router, src, verdict);
}

/* ------------------------------------------------------------------ strays */

/* True when the router has heard this peer. */
static bool is_heard(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	return peer->heard && vrrp_now() < peer->heard + 3 * router->fsm.active_interval;
}

/* A router that has this sender as a peer and does not hear it; NULL when there is none. */
static struct vrrp_router *deaf_router(const struct vrrp_datagram *dgram)
{
	struct vrrp_group *group;
	struct vrrp_router *router;
	struct vrrp_peer *peer;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		router = vrrp_group_router(group, dgram->src.family);
		if (!vrrp_addr_same(&router->source, &dgram->dst))
			continue;
		peer = vrrp_router_peer(router, &dgram->src);
		if (peer && !is_heard(router, peer))
			return router;
	}
	return NULL;
}

/* A router of this VRID, found by its peer or link, best one that is held; NULL: there is none. */
static const struct vrrp_router *router_meant(const struct vrrp_datagram *dgram, uint8_t vrid,
					      const char *ifname)
{
	const struct vrrp_router *router, *meant = NULL;
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		router = vrrp_group_router(group, dgram->src.family);
		if (group->vrid != vrid ||
		    !(strmatch(group->ifp->name, ifname) || vrrp_router_peer(router, &dgram->src)))
			continue;
		meant = router;
		if (vrrp_hold_first(&meant->holds))
			break;
	}
	return meant;
}

/* Reports that a peer which is not heard sends another VRID than ours. */
static void look_for_deaf(const struct vrrp_datagram *dgram, const struct vrrp_advert *advert,
			  const char *ifname)
{
	static vrrp_usec_t looked;
	char src[VRRP_ADDR_STRLEN];
	struct vrrp_router *router;
	vrrp_usec_t now = vrrp_now();

	if (now < looked + LOOK_USEC)
		return;
	looked = now;
	if (router_meant(dgram, advert->vrid, ifname))
		return;
	router = deaf_router(dgram);
	if (router && vrrp_trouble_seen(router, VRRP_TROUBLE_VRID, lasting(router, advert)))
		vrrp_trouble_say(router, VRRP_TROUBLE_VRID,
				 "%s sends VRID %u, and this is %u; no group here has its own",
				 vrrp_addr_str(&dgram->src, src), advert->vrid, router->group->vrid);
}

static void vrid_detail(const struct vrrp_datagram *dgram, uint8_t vrid, const char *ifname,
			char text[TEXT_STRLEN])
{
	const struct vrrp_router *meant = router_meant(dgram, vrid, ifname);
	char dst[VRRP_ADDR_STRLEN];

	if (meant && vrrp_hold_first(&meant->holds))
		snprintfrr(text, TEXT_STRLEN, "%pVR takes no part in the election: %s", meant,
			   vrrp_hold_name(vrrp_hold_first(&meant->holds)));
	else
		snprintf(text, TEXT_STRLEN, "VRID %u is not in use on %s at %s", vrid, ifname,
			 vrrp_addr_str(&dgram->dst, dst));
}

void vrrp_report_stray(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert, enum vrrp_verdict verdict,
		       const char *ifname)
{
	char src[VRRP_ADDR_STRLEN], text[TEXT_STRLEN];

	count_discard();
	if (verdict == VRRP_BAD_VRID && !vrrp_addr_is_multicast(&dgram->dst))
		look_for_deaf(dgram, advert, ifname);
	if (!vrrp_trouble_seen(router, verdict, lasting(router, advert)))
		return;
	vrrp_addr_str(&dgram->src, src);
	if (verdict == VRRP_BAD_VRID)
		vrid_detail(dgram, advert->vrid, ifname, text);
	else
		detail(router, dgram, advert, verdict, text);
	if (vrrp_trouble_say(router, verdict, "packet from %s discarded: %s", src, text))
		vrrp_notify_error(NULL, src, verdict);
}

/* ------------------------------------------- what an accepted advertisement shows */

static void report_interval(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			    const struct vrrp_advert *advert)
{
	char src[VRRP_ADDR_STRLEN], text[TEXT_STRLEN];

	if (!vrrp_trouble_seen(router, VRRP_TROUBLE_INTERVAL, lasting(router, advert)))
		return;
	interval_detail(router, advert, text);
	vrrp_trouble_say(router, VRRP_TROUBLE_INTERVAL, "%s: %s", vrrp_addr_str(&dgram->src, src),
			 text);
}

static void report_addresses(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			     const struct vrrp_advert *advert)
{
	char src[VRRP_ADDR_STRLEN], text[TEXT_STRLEN];

	if (!vrrp_trouble_seen(router, VRRP_TROUBLE_ADDRESSES, lasting(router, advert)))
		return;
	address_detail(router, advert, text);
	vrrp_trouble_say(router, VRRP_TROUBLE_ADDRESSES, "%s: %s", vrrp_addr_str(&dgram->src, src),
			 text);
}

static void report_priority(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			    const struct vrrp_advert *advert)
{
	bool owner = advert->priority == VRRP_PRIORITY_OWNER;
	unsigned int kind = owner ? VRRP_TROUBLE_OWNERS : VRRP_TROUBLE_SAME_PRIORITY;
	char src[VRRP_ADDR_STRLEN];

	if (advert->priority != router->fsm_config.priority ||
	    !vrrp_trouble_seen(router, kind, lasting(router, advert)))
		return;
	vrrp_addr_str(&dgram->src, src);
	if (owner)
		vrrp_trouble_say(router, kind,
				 "%s is an owner (priority 255) too; there can be one only", src);
	else
		vrrp_trouble_say(router, kind,
				 "%s has our priority; source addresses decide between us", src);
}

static void report_disbelief(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			     const struct vrrp_advert *advert)
{
	vrrp_usec_t claimed = advert->interval_cs * VRRP_USEC_PER_CS;
	char src[VRRP_ADDR_STRLEN];

	if (!vrrp_fsm_follows(&router->fsm) || claimed <= router->fsm.active_interval)
		return;
	router->stats.interval_disbelieved++;
	if (vrrp_trouble_seen(router, VRRP_TROUBLE_DISBELIEF, lasting(router, advert)))
		vrrp_trouble_say(router, VRRP_TROUBLE_DISBELIEF,
				 "%s claims an interval of %u ms, of which %u ms are believed until it has kept them",
				 vrrp_addr_str(&dgram->src, src), MSEC(claimed),
				 MSEC(router->fsm.active_interval));
}

/*
 * An advertisement from our own address. If we are Active and it says the same as ours, ours
 * has been reflected; else another router has our address. If a file makes us our own peer,
 * vrrp_misfit.c warns of that instead.
 */
static void report_own(struct vrrp_router *router, const struct vrrp_advert *advert)
{
	bool is_reflection = router->fsm.state == VRRP_ACTIVE &&
			     advert->priority == router->fsm_config.priority;
	unsigned int kind = is_reflection ? VRRP_TROUBLE_REFLECTION : VRRP_TROUBLE_IMPOSTOR;
	char src[VRRP_ADDR_STRLEN];

	if (vrrp_router_peer(router, &router->source) ||
	    !vrrp_trouble_seen(router, kind, lasting(router, advert)))
		return;
	if (is_reflection)
		vrrp_trouble_say(router, kind,
				 "our own advertisements come back to us: something on %s reflects them",
				 router->group->ifp->name);
	else
		vrrp_trouble_say(router, kind,
				 "another router has our address %s, and its advertisements are ignored",
				 vrrp_addr_str(&router->source, src));
}

void vrrp_report_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert, unsigned int notes)
{
	if (vrrp_addr_same(&dgram->src, &router->source)) {
		report_own(router, advert);
		return;
	}
	if (notes & VRRP_NOTE_INTERVAL)
		report_interval(router, dgram, advert);
	if (notes & VRRP_NOTE_ADDRESS_LIST)
		report_addresses(router, dgram, advert);
	report_priority(router, dgram, advert);
	report_disbelief(router, dgram, advert);
	vrrp_rivals_heard(router, dgram, advert);
}

/* ---------------------------------------------------------------- what is too much */

enum load {
	LOAD_LATE,
	LOAD_LOST,
	LOADS,
};

static struct {
	vrrp_usec_t told; /* last logged; 0 = never */
	vrrp_usec_t wait; /* pause before it is logged again */
	unsigned int untold;
} loads[LOADS];

/* Packets of the current second so far, and of the one before. */
static struct {
	vrrp_usec_t since;
	unsigned int read, discarded;
	unsigned int last_read, last_discarded;
} work;

static bool is_due(enum load load, unsigned int *untold)
{
	vrrp_usec_t now = vrrp_now();

	if (loads[load].told && now - loads[load].told < loads[load].wait) {
		loads[load].untold++;
		return false;
	}
	*untold = loads[load].untold;
	loads[load].wait = *untold ? MIN(2 * loads[load].wait, WAIT_MAX) : WAIT_MIN;
	loads[load].told = now;
	loads[load].untold = 0;
	return true;
}

void vrrp_report_read(unsigned int count)
{
	vrrp_usec_t now = vrrp_now();

	if (now >= work.since + VRRP_USEC_PER_SEC) {
		work.last_read = now < work.since + 2 * VRRP_USEC_PER_SEC ? work.read : 0;
		work.last_discarded = work.last_read ? work.discarded : 0;
		work.read = work.discarded = 0;
		work.since = now;
	}
	work.read += count;
}

static void count_discard(void)
{
	work.discarded++;
}

/* Appends the packet counts, and how often this was seen since the last line. */
static const char *measured(unsigned int untold, char buf[TEXT_STRLEN])
{
	int used =
		snprintf(buf, TEXT_STRLEN,
			 "in the last second or two, %u packets were read, of which %u were discarded",
			 work.last_read + work.read, work.last_discarded + work.discarded);

	if (untold)
		snprintf(buf + used, TEXT_STRLEN - used, " (%u more since the last line about it)",
			 untold);
	return buf;
}

void vrrp_report_late(const struct vrrp_router *router, vrrp_usec_t late)
{
	char text[TEXT_STRLEN];
	unsigned int untold;

	if (!is_due(LOAD_LATE, &untold))
		return;
	zlog_warn("%pVR: advertises %u ms late, every %u ms; %s", router, MSEC(late),
		  router->fsm_config.interval_cs * VRRP_MSEC_PER_CS, measured(untold, text));
	snprintf(text, sizeof(text), "advertised %u ms late", MSEC(late));
	vrrp_history_sentence(router, VRRP_HISTORY_LATE, text);
}

void vrrp_report_lost(enum vrrp_family family, uint32_t count)
{
	char text[TEXT_STRLEN];
	unsigned int untold;

	if (is_due(LOAD_LOST, &untold))
		zlog_warn("vrrp: %u IPv%u packets came faster than they can be read, and are lost; %s",
			  count, family, measured(untold, text));
}

void vrrp_report_clear(void)
{
	memset(loads, 0, sizeof(loads));
	vrrp_trouble_clear();
}
