// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: from a datagram to the changes that the engine makes to the host.
 *
 * An input is a virtual router's configuration and then a story: datagrams of any octets,
 * advertisements well made but of any contents, signed or not, timers that fire on time, late or twice, time that
 * passes while nobody runs, configuration changes, start and shutdown. The product's own engine
 * runs it on a simulated host (tests/fake). At the end of each tick, addresses, routes, alarms and
 * sent advertisements obey the rules; so does each step of the state machine.
 */
#include "fake_host.h"
#include "fuzz.h"
#include "fuzz_auth.h"
#include "vrrp_apply.h"
#include "vrrp_group_life.h"
#include "vrrp_receive.h"
#include "vrrp_router.h"
#include "vrrp_seal.h"
#include "vrrp_send.h"
#include "vrrp_settle.h"
#include "vrrp_source.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"

#define LINK	   1
#define VRID	   10
#define STEPS_MAX  400
#define N_PEERS	   2
#define N_VIPS_MAX 3
/*
 * The longest wait is three of the longest intervals and a skew time. VRRPv2 has the longest
 * interval.
 */
#define LONGEST_DOWN (4 * UINT8_MAX * VRRP_USEC_PER_SEC)

/* The steps of a story. */
enum what {
	RAW_DATAGRAM,
	ADVERT,
	TIME_PASSES,
	TIMER_FIRES,
	TIMER_STALE,
	CONFIG,
	STARTUP,
	SHUTDOWN,
	SIGNED_ADVERT,
	WHATS,
};

struct router {
	enum vrrp_family family;
	bool unicast;
	bool version_2_too;
	uint8_t ttl_min;
	struct vrrp_addr peers[N_PEERS];
	struct vrrp_addr stranger;
	struct vrrp_addr vips[N_VIPS_MAX];
	size_t n_vips;
	struct vrrp_fsm_config config; /* the configuration */
	struct fuzz_auth auth;
	struct vrrp_group *group;
	struct vrrp_router *vr; /* of it */
	bool is_shut_down;

	/* the state of the host */
	unsigned int addresses, routes;
	unsigned int adverts; /* sent in this tick, by priority: own, 0 */
	unsigned int releases;
	struct vrrp_addr first_dst; /* of the advertisement that is being sent */
	vrrp_usec_t advert_sent;    /* when the last one was */
};

static struct router *subject;

/* The linker puts these between the engine and its state machine (-Wl,--wrap). */
void __real_vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
			  const struct vrrp_event *event, vrrp_usec_t now,
			  struct vrrp_actions *actions);
void __wrap_vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
			  const struct vrrp_event *event, vrrp_usec_t now,
			  struct vrrp_actions *actions);

static struct vrrp_addr number(enum vrrp_family family, uint8_t last)
{
	uint8_t v4[4] = { 192, 0, 2, last };
	uint8_t v6[16] = { 0xfe, 0x80, [15] = last };

	return vrrp_addr_make(family, family == VRRP_IPV6 ? v6 : v4);
}

/* A link-local address has no route. */
static unsigned int routable(const struct router *r)
{
	return r->family == VRRP_IPV4 ? r->n_vips : 0;
}

/* Changes of the host, which must come in the right order. */

static void address_changed(int ifindex, bool added)
{
	struct router *r = subject;

	RULE(ifindex == LINK, "addresses go on their link");
	RULE(r->routes == 0, "no route is there before the addresses, nor after them");
	RULE(added ? r->addresses < r->n_vips : r->addresses > 0, "no address comes or goes twice");
	r->addresses += added ? 1 : -1;
}

static void route_changed(const struct prefix *vip, bool added)
{
	struct router *r = subject;

	RULE(r->addresses == r->n_vips, "routes come after addresses, and go before them");
	RULE(added ? r->routes < r->n_vips : r->routes > 0, "no route comes or goes twice");
	r->routes += added ? 1 : -1;
}

/* A router that yields to a higher one advertises once more after its addresses are gone. */
static void check_sent(const struct router *r, uint8_t priority)
{
	bool yields = r->vr->fsm.reason == VRRP_REASON_PRIORITY && priority;
	unsigned int ought = yields && r->vr->fsm.state == VRRP_BACKUP ? 0 : r->n_vips;

	RULE(r->addresses == ought, "only who has the addresses advertises");
	RULE(priority == r->vr->fsm_config.priority || priority == 0,
	     "the priority advertised is ours, or 0");
}

static void check_signature(struct router *r, const struct vrrp_datagram *dgram)
{
	struct vrrp_advert advert;

	RULE(vrrp_packet_decode(dgram, &advert) == VRRP_ACCEPTED, "what is sent can be read");
	fuzz_auth_sent(&r->auth, &r->vr->group->applied.auth, dgram, advert.trailer);
}

static void sends(vrf_id_t vrf_id, const struct vrrp_datagram *dgram)
{
	struct router *r = subject;
	uint8_t priority = dgram->data[2];

	RULE(dgram->data[0] >> 4 == r->config.version || r->version_2_too,
	     "the version sent is the one configured");
	check_sent(r, priority);
	check_signature(r, dgram);
	if (dgram->data[0] >> 4 != r->config.version)
		return;
	if (vrrp_addr_is_set(&r->first_dst) && !vrrp_addr_same(&r->first_dst, &dgram->dst))
		return;
	r->first_dst = dgram->dst;
	r->adverts += priority != 0;
	r->releases += priority == 0;
	r->advert_sent = fake_now;
}

static void alarm_changed(struct vrrp_alarm *alarm)
{
}

static const struct fake_host host = {
	.alarm = alarm_changed,
	.sends = sends,
	.address = address_changed,
	.route = route_changed,
};

/* Rules that hold between ticks. */

static vrrp_usec_t deadline_of(const struct router *r, enum vrrp_timer which)
{
	return r->vr->timer[which].alarm.deadline;
}

static void check_timers(const struct router *r)
{
	const struct vrrp_fsm *fsm = &r->vr->fsm;
	bool backup = fsm->state == VRRP_BACKUP, active = fsm->state == VRRP_ACTIVE;
	bool pending[VRRP_TIMERS];

	for (unsigned int i = 0; i < VRRP_TIMERS; i++) {
		pending[i] = deadline_of(r, i) != 0;
		RULE(deadline_of(r, i) == fsm->timer[i].deadline,
		     "machine and shell agree on which timers are pending, and on when");
		RULE(!pending[i] || r->vr->timer[i].generation == fsm->timer[i].generation,
		     "and on whose expiry counts");
	}
	RULE(pending[VRRP_TIMER_ACTIVE_DOWN] == backup,
	     "a backup always waits for silence, and nobody else does");
	RULE(pending[VRRP_TIMER_ADVERT] == active,
	     "the Active router always advertises on, and nobody else does");
	RULE(!pending[VRRP_TIMER_PREEMPT] || backup, "only a backup waits to preempt");
	RULE(pending[VRRP_TIMER_PREEMPT] == (fsm->preemption == VRRP_PREEMPTION_DELAYED),
	     "the preemption delay runs when it is said to");
	RULE(!backup || deadline_of(r, VRRP_TIMER_ACTIVE_DOWN) <= fake_now + LONGEST_DOWN,
	     "no wait for silence is endless");
	RULE(!active || deadline_of(r, VRRP_TIMER_ADVERT) <= fake_now + fsm->active_interval,
	     "the next advertisement is an interval away at most");
}

static void check_state(const struct router *r)
{
	const struct vrrp_fsm *fsm = &r->vr->fsm;
	bool active = fsm->state == VRRP_ACTIVE;

	RULE(fsm->state <= VRRP_ACTIVE, "the state is one there is");
	RULE(r->addresses == (active ? r->n_vips : 0) && r->routes == (active ? routable(r) : 0),
	     "addresses and routes are up while Active, and only then");
	RULE(!active || (fsm->active_priority == r->config.priority &&
			 vrrp_addr_same(&fsm->active_address, &r->config.source)),
	     "the Active router says that it is it");
	RULE(!active || fsm->active_interval == r->config.interval_cs * VRRP_USEC_PER_CS,
	     "the Active router goes by its own interval");
	RULE(fsm->since <= fake_now && fsm->active_heard <= fake_now,
	     "nothing happened in the future");
	RULE(fsm->state == VRRP_INITIALIZE ||
		     fsm->active_down_interval == vrrp_active_down_interval(r->config.version,
									    r->config.priority,
									    fsm->active_interval),
	     "Active_Down_Interval fits priority and interval");
	check_timers(r);
}

static void begin(struct router *r)
{
	r->adverts = r->releases = 0;
	r->first_dst = (struct vrrp_addr){};
}

static void end_of_tick(struct router *r, bool farewell)
{
	fake_end_of_tick();
	check_state(r);
	RULE(r->releases == farewell,
	     "priority 0 is sent by an Active router that is shut down, and only then");
}

/* Ends a tick in which nothing may have changed. */
static void end_in_vain(struct router *r, const struct vrrp_fsm *before, const char *why)
{
	end_of_tick(r, false);
	RULE(r->adverts == 0 && !memcmp(before, &r->vr->fsm, sizeof(*before)), "%s", why);
}

/* Rules of each step. */

static unsigned int count(const struct vrrp_actions *actions, enum vrrp_action_type type)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < actions->count; i++)
		found += actions->list[i].type == type;
	return found;
}

static void check_action(const struct vrrp_action *action, vrrp_usec_t now)
{
	if (action->type != VRRP_ACTION_SET_TIMER)
		return;
	RULE(action->timer.which < VRRP_TIMERS, "a timer that exists is set");
	RULE(action->timer.deadline >= now, "no timer is set into the past");
}

static void check_transition(const struct vrrp_actions *actions, enum vrrp_state from,
			     const struct vrrp_fsm *fsm)
{
	const struct vrrp_action *last = &actions->list[actions->count - 1];
	unsigned int transitions = count(actions, VRRP_ACTION_TRANSITION);

	RULE(transitions == (from != fsm->state), "a transition is told when there was one");
	if (transitions)
		RULE(last->type == VRRP_ACTION_TRANSITION && last->transition.from == from &&
			     last->transition.to == fsm->state &&
			     last->transition.reason == fsm->reason,
		     "it is told last, and as it was");
}

void __wrap_vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
			  const struct vrrp_event *event, vrrp_usec_t now,
			  struct vrrp_actions *actions)
{
	enum vrrp_state from = fsm->state;

	__real_vrrp_fsm_step(config, fsm, event, now, actions);
	RULE(actions->count <= VRRP_ACTIONS_MAX, "actions fit their list");
	for (unsigned int i = 0; i < actions->count; i++)
		check_action(&actions->list[i], now);
	RULE(count(actions, VRRP_ACTION_SEND_ADVERT) <= 1,
	     "no event is answered with more than one advertisement");
	check_transition(actions, from, fsm);
}

/* Advertisements. */

/*
 * True when we are so late that every Backup has timed out: then any event makes us listen first.
 */
static bool stalled(const struct router *r)
{
	const struct vrrp_fsm *fsm = &r->vr->fsm;
	vrrp_usec_t longest = vrrp_active_down_interval(r->config.version, 1, fsm->active_interval);

	return fsm->state == VRRP_ACTIVE &&
	       fake_now > fsm->timer[VRRP_TIMER_ADVERT].deadline + longest;
}

static bool outranks(const struct router *r, const struct vrrp_datagram *dgram, uint8_t priority)
{
	return priority > r->config.priority || (priority == r->config.priority &&
						 vrrp_addr_cmp(&dgram->src, &r->config.source) > 0);
}

/* The state before an advertisement came. */
struct standing {
	enum vrrp_state state;
	bool outranked;
	bool stalled;
	bool told_just_now; /* our own left within the last millisecond */
	bool is_shadow;	    /* a VRRPv2 advertisement of a router that is heard in VRRPv3 */
};

static void check_backup(const struct router *r, const struct vrrp_advert *advert)
{
	RULE(r->vr->fsm.state == VRRP_BACKUP, "an advertisement makes nobody Active");
	if (advert->priority && advert->priority >= r->config.priority)
		RULE(deadline_of(r, VRRP_TIMER_ACTIVE_DOWN) ==
			     fake_now + r->vr->fsm.active_down_interval,
		     "a backup waits anew for a router that is no worse");
}

static void check_active(const struct router *r, const struct standing *before,
			 const struct vrrp_advert *advert)
{
	if (before->stalled) {
		RULE(r->vr->fsm.state == VRRP_BACKUP, "after a stall we listen first");
		return;
	}
	RULE((r->vr->fsm.state == VRRP_BACKUP) == (before->outranked && advert->priority),
	     "the better router stays Active, and no other");
	if (r->vr->fsm.state != VRRP_ACTIVE)
		return;
	if (advert->priority)
		RULE(r->adverts == (r->config.version == 3 && !before->told_just_now),
		     "a worse router is told at once, once (RFC 9568)");
	else
		RULE(r->adverts == !before->told_just_now, "one that leaves is replaced at once");
}

static void check_election(const struct router *r, const struct standing *before,
			   const struct vrrp_advert *advert)
{
	if (before->state == VRRP_ACTIVE)
		check_active(r, before, advert);
	else if (before->state == VRRP_BACKUP)
		check_backup(r, advert);
	else
		RULE(r->vr->fsm.state == VRRP_INITIALIZE, "who takes no part hears nothing");
}

static bool is_shadow(const struct router *r, const struct vrrp_datagram *dgram,
		      const struct vrrp_advert *advert)
{
	return r->version_2_too && advert->version == 2 && r->vr->fsm.active_version == 3 &&
	       vrrp_addr_same(&dgram->src, &r->vr->fsm.active_address) &&
	       fake_now - r->vr->fsm.active_heard < 2 * r->vr->fsm.active_interval;
}

static void check_admission(const struct router *r, const struct vrrp_datagram *dgram,
			    const struct vrrp_advert *advert)
{
	bool peer = vrrp_addr_same(&dgram->src, &r->peers[0]) ||
		    vrrp_addr_same(&dgram->src, &r->peers[1]);

	RULE(advert->version == r->config.version || (r->version_2_too && advert->version == 2),
	     "another version is not let in");
	RULE(advert->count != 0 && advert->interval_cs != 0, "nor what is empty");
	RULE(vrrp_addr_is_multicast(&dgram->dst) != r->unicast, "nor the other delivery mode");
	if (r->unicast)
		RULE(peer && dgram->ttl >= r->ttl_min, "nor a stranger, nor one from far away");
	else
		RULE(dgram->ttl == VRRP_TTL, "nor anything from beyond the link");
	if (advert->version == 2)
		RULE(advert->auth_type == 0 &&
			     (r->version_2_too || advert->interval_cs == r->config.interval_cs),
		     "VRRPv2 wants no authentication and our interval");
}

/* Checks the effects of an accepted advertisement. */
static void heard(struct router *r, const struct vrrp_datagram *dgram,
		  const struct standing *before, const struct vrrp_fsm *fsm)
{
	struct vrrp_advert advert;

	RULE(vrrp_packet_decode(dgram, &advert) == VRRP_ACCEPTED && advert.vrid == VRID,
	     "what is accepted can be read, and is ours");
	check_admission(r, dgram, &advert);
	if (vrrp_addr_same(&dgram->src, &r->config.source))
		end_in_vain(r, fsm, "our own advertisement means nothing");
	else if (before->is_shadow)
		end_in_vain(r, fsm, "VRRPv2 means nothing of whom we hear in VRRPv3");
	else {
		end_of_tick(r, false);
		check_election(r, before, &advert);
	}
}

static struct standing standing(const struct router *r, const struct vrrp_datagram *dgram)
{
	struct standing before = {
		.state = r->vr->fsm.state,
		.stalled = stalled(r),
		.told_just_now = fake_now < r->advert_sent + VRRP_USEC_PER_SEC / 1000,
	};
	struct vrrp_advert advert;

	if (vrrp_packet_decode(dgram, &advert) != VRRP_ACCEPTED)
		return before;
	before.outranked = outranks(r, dgram, advert.priority);
	before.is_shadow = is_shadow(r, dgram, &advert);
	return before;
}

static bool is_of_signature(enum vrrp_verdict verdict)
{
	return verdict >= VRRP_BAD_AUTH_MISSING && verdict <= VRRP_BAD_AUTH_DIGEST;
}

/* Whether a verdict was passed that must be the second opinion's. */
static void check_opinion(struct router *r, const struct vrrp_datagram *dgram,
			  const struct vrrp_verdict_counters *before)
{
	const uint64_t *count = r->vr->stats.received.count;
	struct vrrp_advert advert = {};
	enum vrrp_verdict verdict = VRRP_ACCEPTED, ought;

	while (verdict < VRRP_VERDICTS && count[verdict] == before->count[verdict])
		verdict++;
	if (verdict != VRRP_ACCEPTED && !is_of_signature(verdict))
		return;
	RULE(vrrp_packet_decode(dgram, &advert) == VRRP_ACCEPTED, "signatures are checked last");
	ought = fuzz_auth_judge(&r->auth, dgram, advert.trailer, r->config.interval_cs);
	RULE(verdict == ought, "the signature is judged as %s, and ought to be as %s",
	     vrrp_verdicts[verdict].yang, vrrp_verdicts[ought].yang);
	if (verdict == VRRP_ACCEPTED && advert.trailer)
		fuzz_auth_accepted(&r->auth, dgram);
}

static void receive(struct router *r, const struct vrrp_datagram *dgram)
{
	const struct vrrp_verdict_counters counters = r->vr->stats.received;
	struct standing before = standing(r, dgram);
	struct vrrp_fsm fsm;

	memcpy(&fsm, &r->vr->fsm, sizeof(fsm));
	begin(r);
	fake_receive(LINK, dgram);
	check_opinion(r, dgram, &counters);
	if (r->vr->stats.received.count[VRRP_ACCEPTED] != counters.count[VRRP_ACCEPTED])
		heard(r, dgram, &before, &fsm);
	else
		end_in_vain(r, &fsm, "what is not accepted means nothing");
}

/* One octet: source, destination, and how far it came. */
static struct vrrp_datagram take_route(struct fuzz_input *in, const struct router *r)
{
	const struct vrrp_addr sources[] = { r->peers[0], r->peers[1], r->stranger,
					     r->config.source };
	uint8_t route = fuzz_u8(in);
	bool group = r->unicast == !!(route & 0x04); /* mostly as it should be */
	struct vrrp_datagram dgram = {
		.src = sources[route & 0x03],
		.dst = group ? vrrp_addr_group(r->family) : r->config.source,
		.ttl = VRRP_TTL - (route >> 3),
	};

	return dgram;
}

static void raw_datagram(struct fuzz_input *in, struct router *r)
{
	struct vrrp_datagram dgram = take_route(in, r);
	size_t size = fuzz_u8(in);
	uint8_t *block = fuzz_block(in, &size);

	if (size % 2)
		vrrp_packet_readdress(block, size, r->family, VRRP_CHECKSUM_PSEUDO, &dgram.src,
				      &dgram.dst);
	dgram.data = block;
	dgram.size = size;
	receive(r, &dgram);
	free(block);
}

/* Fills the octets of an advertisement; the datagram borrows them. */
static struct vrrp_datagram make_advert(struct fuzz_input *in, struct router *r,
					uint8_t octets[VRRP_PACKET_MAX])
{
	struct vrrp_datagram dgram = take_route(in, r);
	uint8_t addresses[N_VIPS_MAX * 16], shape = fuzz_u8(in);
	struct vrrp_advert advert = {
		.family = r->family,
		.version = shape & 0x01 ? 5 - r->config.version : r->config.version,
		.vrid = shape & 0x02 ? VRID + 1 : VRID,
		.count = shape & 0x04 ? 1 : r->n_vips,
		.checksum = shape & 0x08 ? VRRP_CHECKSUM_MESSAGE : VRRP_CHECKSUM_PSEUDO,
		.priority = fuzz_u8(in),
		.interval_cs = shape & 0x10 ? fuzz_u16(in) & VRRP_INTERVAL_CS_MAX
					    : r->config.interval_cs,
		.addresses = addresses,
	};

	if (advert.version == 2)
		advert.interval_cs = vrrp_interval_v2(advert.interval_cs);
	for (size_t i = 0; i < r->n_vips; i++)
		memcpy(addresses + i * vrrp_addr_size(r->family), r->vips[i].octets,
		       vrrp_addr_size(r->family));
	dgram.size = vrrp_packet_encode(&advert, &dgram.src, &dgram.dst, octets, VRRP_PACKET_MAX);
	dgram.data = octets;
	return dgram;
}

static void made_advert(struct fuzz_input *in, struct router *r)
{
	uint8_t octets[VRRP_PACKET_MAX];
	struct vrrp_datagram dgram = make_advert(in, r, octets);

	receive(r, &dgram);
}

static void signed_advert(struct fuzz_input *in, struct router *r)
{
	uint8_t octets[VRRP_PACKET_MAX];
	struct vrrp_datagram dgram = make_advert(in, r, octets);

	if (!dgram.size)
		return;
	dgram.size = fuzz_auth_sign(&r->auth, in, &dgram.src, octets, dgram.size);
	vrrp_packet_readdress(octets, dgram.size, r->family, VRRP_CHECKSUM_PSEUDO, &dgram.src,
			      &dgram.dst);
	receive(r, &dgram);
}

/* Time and timers. */

/* Microseconds up to 1 s, mostly short; or up to 65 s. */
static vrrp_usec_t take_span(struct fuzz_input *in)
{
	uint16_t span = fuzz_u16(in);

	return span & 1 ? span * 1000ULL : span * 16ULL;
}

static void check_takeover(const struct router *r, vrrp_usec_t due, bool second_time,
			   vrrp_usec_t patience)
{
	if (second_time || fake_now <= due + patience)
		RULE(r->vr->fsm.state == VRRP_ACTIVE, "silence makes a backup Active");
	else
		RULE(r->vr->fsm.state == VRRP_BACKUP && r->vr->fsm.down_put_off,
		     "a backup that overslept looks into its socket first");
}

static void timer_fires(struct fuzz_input *in, struct router *r)
{
	enum vrrp_timer which = fuzz_u8(in) % VRRP_TIMERS;
	vrrp_usec_t due = deadline_of(r, which), patience = r->vr->fsm.active_interval;
	bool second_time = r->vr->fsm.down_put_off;

	if (!due)
		return;
	if (fake_now < due)
		fake_now = due;
	fake_now += take_span(in);
	begin(r);
	fake_alarm_expires(&r->vr->timer[which].alarm);
	end_of_tick(r, false);
	if (which == VRRP_TIMER_ACTIVE_DOWN)
		check_takeover(r, due, second_time, patience);
}

/* A stale expiry, as if the timer had fired before it was set again or cancelled. */
static void timer_stale(struct fuzz_input *in, struct router *r)
{
	struct vrrp_router_timer *timer = &r->vr->timer[fuzz_u8(in) % VRRP_TIMERS];
	uint32_t generation = timer->generation;
	struct vrrp_fsm fsm;

	if (!timer->alarm.expire)
		return;
	memcpy(&fsm, &r->vr->fsm, sizeof(fsm));
	timer->generation += timer->alarm.deadline ? 1 + fuzz_u8(in) : fuzz_u8(in);
	begin(r);
	timer->alarm.expire(&timer->alarm);
	timer->generation = generation;
	end_in_vain(r, &fsm, "an expiry of another generation means nothing");
}

/* Configuration. */

/* One octet says which of the following are taken. */
static void take_config(struct fuzz_input *in, struct router *r, uint8_t changes)
{
	struct vrrp_fsm_config *config = &r->config;

	if (changes & 0x01)
		config->priority = fuzz_u8(in);
	if (config->priority == 0)
		config->priority = 1;
	if (changes & 0x02)
		config->interval_cs = fuzz_u16(in) % VRRP_INTERVAL_CS_MAX + 1;
	if (config->version == 2)
		config->interval_cs = config->interval_cs % 40 * 100 + 100;
	if (changes & 0x04)
		config->preempt_delay_sec = fuzz_u16(in) % 3601;
	if (changes & 0x08)
		config->source = number(r->family, fuzz_u8(in) & 1 ? 1 : 4);
	if (changes & 0x10)
		config->preempt = !config->preempt;
	if (changes & 0x20 && config->version == 3 && !r->version_2_too)
		fuzz_auth_take(&r->auth, fuzz_u8(in));
}

/*
 * True when Active_Down_Timer counts from the last advertisement of the Active router, or of the
 * other one, and has not expired.
 */
static bool respected_anew(const struct router *r)
{
	const struct vrrp_fsm *fsm = &r->vr->fsm;
	vrrp_usec_t deadline = deadline_of(r, VRRP_TIMER_ACTIVE_DOWN);

	return !fsm->lower_heard && deadline >= fake_now &&
	       (deadline == fsm->active_heard + fsm->active_down_interval ||
		deadline == fsm->other_heard + fsm->active_down_interval);
}

/*
 * True when it fires now. Values of one change take effect one after the other: an interval that is
 * believed now had put the timer off, and a higher priority ended that.
 */
static bool is_cut_short(const struct router *r, vrrp_usec_t interval_before)
{
	return r->vr->fsm.active_interval != interval_before &&
	       deadline_of(r, VRRP_TIMER_ACTIVE_DOWN) == fake_now;
}

static void apply(struct router *r)
{
	struct vrrp_group_conf *conf = &r->group->conf;

	conf->priority = r->config.priority;
	conf->preempt = r->config.preempt;
	conf->interval_cs = r->config.interval_cs;
	conf->preempt_delay_sec = r->config.preempt_delay_sec;
	conf->shutdown = r->is_shut_down;
	conf->auth = r->auth.conf;
	if (!vrrp_addr_same(&r->vr->source_configured, &r->config.source))
		vrrp_group_source_set(r->group, &r->config.source);
	vrrp_group_apply(r->group);
	if (r->group->is_unsettled) /* nobody configures any more */
		vrrp_settle_now();
}

static void config_changes(struct fuzz_input *in, struct router *r)
{
	vrrp_usec_t due = deadline_of(r, VRRP_TIMER_ACTIVE_DOWN);
	vrrp_usec_t interval = r->vr->fsm.active_interval;
	enum vrrp_state from = r->vr->fsm.state;
	bool was_stalled = stalled(r);

	take_config(in, r, fuzz_u8(in));
	begin(r);
	apply(r);
	end_of_tick(r, false);
	if (from == VRRP_BACKUP && r->vr->fsm.state == VRRP_BACKUP && due < fake_now)
		RULE(deadline_of(r, VRRP_TIMER_ACTIVE_DOWN) == due || respected_anew(r) ||
			     is_cut_short(r, interval),
		     "a timer that is overdue is left to fire, unless its router is respected now");
	if (from == VRRP_ACTIVE && !was_stalled)
		RULE(r->vr->fsm.state == VRRP_ACTIVE, "a changed configuration takes no mastership");
	if (from == VRRP_INITIALIZE)
		RULE(r->vr->fsm.state == VRRP_INITIALIZE, "nor does it start anything");
}

static void start(struct router *r)
{
	bool owner = r->config.priority == VRRP_PRIORITY_OWNER;
	enum vrrp_state from = r->vr->fsm.state;
	struct vrrp_fsm fsm;

	memcpy(&fsm, &r->vr->fsm, sizeof(fsm));
	r->is_shut_down = false;
	begin(r);
	apply(r);
	if (from != VRRP_INITIALIZE) {
		end_in_vain(r, &fsm, "who has started does not start again");
		return;
	}
	end_of_tick(r, false);
	RULE(r->vr->fsm.state == (owner ? VRRP_ACTIVE : VRRP_BACKUP),
	     "the owner starts as Active, everybody else as backup");
}

/* Removes the source address. An Active router waits for a while whether it comes back. */
static void lose_source(struct router *r)
{
	struct vrrp_alarm *hope = &r->vr->source_state.grace;

	fake_address(LINK, &r->config.source, false);
	fake_end_of_tick();
	if (!hope->deadline)
		return;
	if (fake_now < hope->deadline)
		fake_now = hope->deadline;
	fake_alarm_expires(hope);
}

static void shut_down(struct fuzz_input *in, struct router *r)
{
	bool was_active = r->vr->fsm.state == VRRP_ACTIVE, asked = fuzz_u8(in) & 1;

	begin(r);
	r->is_shut_down = true;
	if (!asked)
		lose_source(r);
	else
		apply(r);
	end_of_tick(r, was_active && asked);
	RULE(r->vr->fsm.state == VRRP_INITIALIZE, "who is shut down takes no part");
	if (asked)
		return;
	apply(r);
	fake_address(LINK, &r->config.source, true);
	end_of_tick(r, false);
}

static void take_kind(struct fuzz_input *in, struct router *r)
{
	uint8_t kind = fuzz_u8(in);

	r->config.version = kind & 0x01 ? 2 : 3;
	r->family = kind & 0x02 && r->config.version == 3 ? VRRP_IPV6 : VRRP_IPV4;
	r->unicast = kind & 0x04;
	r->ttl_min = kind & 0x08 ? 250 : 0;
	r->config.preempt = !(kind & 0x10);
	r->n_vips = 1 + (kind >> 5 & 0x03) % N_VIPS_MAX;
	r->version_2_too = kind & 0x80 && r->config.version == 3 && r->family == VRRP_IPV4;
	r->config.priority = 100;
	r->config.interval_cs = 100;
	r->config.source = number(r->family, 4);
	r->peers[0] = number(r->family, 2);
	r->peers[1] = number(r->family, 5);
	r->stranger = number(r->family, 3);
	for (size_t i = 0; i < r->n_vips; i++)
		r->vips[i] = number(r->family, 100 + i);
	take_config(in, r, fuzz_u8(in));
}

static void make_group(struct router *r)
{
	struct vrrp_group_conf *conf;

	r->group = vrrp_group_new(fake_link(LINK), VRID);
	r->vr = vrrp_group_router(r->group, r->family);
	conf = &r->group->conf;
	conf->version = r->config.version;
	conf->version_2_too = r->version_2_too;
	conf->ttl_hops = r->ttl_min ? VRRP_TTL + 1 - r->ttl_min : 0;
	conf->placement = VRRP_PLACEMENT_INTERFACE;
	conf->accept_mode = true;
	conf->startup_hold_sec = 0;
	for (size_t i = 0; i < r->n_vips; i++)
		vrrp_group_vip_add(r->group, &r->vips[i]);
	for (size_t i = 0; r->unicast && i < N_PEERS; i++)
		vrrp_group_peer_add(r->group, &r->peers[i]);
}

static void take_router(struct fuzz_input *in, struct router *r)
{
	memset(r, 0, sizeof(*r));
	subject = r;
	fake_now = VRRP_USEC_PER_SEC;
	take_kind(in, r);
	for (uint8_t last = 1; last <= 4; last += 3) {
		struct vrrp_addr address = number(r->family, last);

		fake_address(LINK, &address, true);
	}
	make_group(r);
}

static void give_back(struct router *r)
{
	begin(r);
	vrrp_group_free(&r->group);
	fake_end_of_tick();
	RULE(r->addresses == 0 && r->routes == 0, "nothing is left of a group that is gone");
	vrrp_host_forget();
}

static void happen(struct fuzz_input *in, struct router *r)
{
	switch ((enum what)(fuzz_u8(in) % WHATS)) {
	case RAW_DATAGRAM:
		raw_datagram(in, r);
		break;
	case ADVERT:
		made_advert(in, r);
		break;
	case TIME_PASSES:
		fake_now += take_span(in);
		break;
	case TIMER_FIRES:
		timer_fires(in, r);
		break;
	case TIMER_STALE:
		timer_stale(in, r);
		break;
	case CONFIG:
		config_changes(in, r);
		break;
	case STARTUP:
		start(r);
		break;
	case SHUTDOWN:
		shut_down(in, r);
		break;
	case SIGNED_ADVERT:
		signed_advert(in, r);
		break;
	case WHATS:
		break;
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	fake_init(&host);
	vrrp_global.address_lease_sec = 0;
	vrrp_router_init();
	vrrp_apply_init();
	vrrp_receive_init(vrrp_router_receive);
	vrrp_seal_init();
	vrrp_send_init();
	vrrp_source_init();
	vrrp_vip_init(NULL);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct router r;

	take_router(&in, &r);
	start(&r);
	for (unsigned int i = 0; i < STEPS_MAX && in.size; i++)
		happen(&in, &r);
	give_back(&r);
	return 0;
}
