// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: from the datagram to what the state machine wants done.
 *
 * An input is a virtual router's configuration and then a story: datagrams of
 * any octets, advertisements well made but of any contents, timers that fire on
 * time, late or twice, time that passes while nobody runs, configuration changes,
 * start and shutdown. The harness does what the shell of the daemon does: decode,
 * check, step, and carry out the actions on a small model of timers, addresses
 * and routes. After each step the model obeys the rules, whatever the story.
 */
#include "fuzz.h"
#include "vrrp_fsm.h"
#include "vrrp_packet.h"

#define VRID	   10
#define STEPS_MAX  400
#define N_PEERS	   2
#define N_VIPS_MAX 3
/*
 * Nothing is ever waited for longer than three of the longest intervals and a skew. VRRPv2
 * can say the longest.
 */
#define LONGEST_DOWN (4 * UINT8_MAX * VRRP_USEC_PER_SEC)

/* What happens next. */
enum what {
	RAW_DATAGRAM,
	ADVERT,
	TIME_PASSES,
	TIMER_FIRES,
	TIMER_STALE,
	CONFIG,
	STARTUP,
	SHUTDOWN,
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
	struct vrrp_fsm_config config;
	struct vrrp_fsm fsm;
	vrrp_usec_t now;

	/* the model that actions change */
	bool addresses_up, routes_up;
	struct {
		bool pending;
		vrrp_usec_t deadline;
		uint32_t generation;
	} timer[VRRP_TIMERS];
	unsigned int adverts; /* sent in this step, by priority: own, 0 */
	unsigned int releases;
	vrrp_usec_t advert_sent; /* when the last one was */
};

static struct vrrp_addr number(enum vrrp_family family, uint8_t last)
{
	uint8_t v4[4] = { 192, 0, 2, last };
	uint8_t v6[16] = { 0xfe, 0x80, [15] = last };

	return vrrp_addr_make(family, family == VRRP_IPV6 ? v6 : v4);
}

/* The model: what the shell makes of actions, and the order it may expect. */

static void carry_out(struct router *r, const struct vrrp_action *action)
{
	switch (action->type) {
	case VRRP_ACTION_ADD_ADDRESSES:
		RULE(!r->addresses_up && !r->routes_up, "addresses come first");
		r->addresses_up = true;
		break;
	case VRRP_ACTION_ADD_ROUTES:
		RULE(r->addresses_up && !r->routes_up, "routes come after addresses");
		r->routes_up = true;
		break;
	case VRRP_ACTION_SEND_ADVERT:
		RULE(r->addresses_up && r->routes_up, "only who has the addresses advertises");
		RULE(action->priority == r->config.priority || action->priority == 0,
		     "the priority advertised is ours, or 0");
		r->adverts += action->priority != 0;
		r->advert_sent = r->now;
		r->releases += action->priority == 0;
		break;
	case VRRP_ACTION_ANNOUNCE:
		RULE(r->adverts == 1, "neighbours are told after the other routers");
		break;
	case VRRP_ACTION_DEL_ROUTES:
		RULE(r->addresses_up && r->routes_up, "routes go before addresses");
		r->routes_up = false;
		break;
	case VRRP_ACTION_DEL_ADDRESSES:
		RULE(r->addresses_up && !r->routes_up, "addresses go last");
		r->addresses_up = false;
		break;
	case VRRP_ACTION_SET_TIMER:
		RULE(action->timer.which < VRRP_TIMERS, "a timer that exists is set");
		RULE(action->timer.deadline >= r->now, "no timer is set into the past");
		r->timer[action->timer.which].pending = true;
		r->timer[action->timer.which].deadline = action->timer.deadline;
		r->timer[action->timer.which].generation = action->timer.generation;
		break;
	case VRRP_ACTION_CANCEL_TIMER:
		RULE(r->timer[action->timer.which].pending, "what is cancelled was pending");
		r->timer[action->timer.which].pending = false;
		break;
	case VRRP_ACTION_TRANSITION:
		break;
	}
}

/* Rules that hold between steps. */

static void check_timers(const struct router *r)
{
	bool backup = r->fsm.state == VRRP_BACKUP, active = r->fsm.state == VRRP_ACTIVE;

	for (unsigned int i = 0; i < VRRP_TIMERS; i++) {
		RULE(r->timer[i].pending == (r->fsm.timer[i].deadline != 0),
		     "machine and shell agree on which timers are pending");
		RULE(!r->timer[i].pending || (r->timer[i].deadline == r->fsm.timer[i].deadline &&
					      r->timer[i].generation == r->fsm.timer[i].generation),
		     "and on when, and on whose expiry counts");
	}
	RULE(r->timer[VRRP_TIMER_ACTIVE_DOWN].pending == backup,
	     "a backup always waits for silence, and nobody else does");
	RULE(r->timer[VRRP_TIMER_ADVERT].pending == active,
	     "the Active router always advertises on, and nobody else does");
	RULE(!r->timer[VRRP_TIMER_PREEMPT].pending || backup, "only a backup waits to preempt");
	RULE(r->timer[VRRP_TIMER_PREEMPT].pending == (r->fsm.preemption == VRRP_PREEMPTION_DELAYED),
	     "the preemption delay runs when it is said to");
	RULE(!backup || r->timer[VRRP_TIMER_ACTIVE_DOWN].deadline <= r->now + LONGEST_DOWN,
	     "no wait for silence is endless");
	RULE(!active || r->timer[VRRP_TIMER_ADVERT].deadline <= r->now + r->fsm.active_interval,
	     "the next advertisement is an interval away at most");
}

static void check_state(const struct router *r)
{
	bool active = r->fsm.state == VRRP_ACTIVE;

	RULE(r->fsm.state <= VRRP_ACTIVE, "the state is one there is");
	RULE(r->addresses_up == active && r->routes_up == active,
	     "addresses and routes are up while Active, and only then");
	RULE(!active || (r->fsm.active_priority == r->config.priority &&
			 vrrp_addr_same(&r->fsm.active_address, &r->config.source)),
	     "the Active router says that it is it");
	RULE(!active || r->fsm.active_interval == r->config.interval_cs * VRRP_USEC_PER_CS,
	     "the Active router goes by its own interval");
	RULE(r->fsm.since <= r->now && r->fsm.active_heard <= r->now,
	     "nothing happened in the future");
	RULE(r->fsm.state == VRRP_INITIALIZE ||
		     r->fsm.active_down_interval ==
			     vrrp_active_down_interval(r->config.version, r->config.priority,
						       r->fsm.active_interval),
	     "Active_Down_Interval fits priority and interval");
	check_timers(r);
}

static void check_transition(const struct vrrp_actions *actions, enum vrrp_state from,
			     const struct vrrp_fsm *fsm)
{
	const struct vrrp_action *last = &actions->list[actions->count - 1];
	unsigned int transitions = 0;

	RULE(actions->count <= VRRP_ACTIONS_MAX, "actions fit their list");
	for (unsigned int i = 0; i < actions->count; i++)
		transitions += actions->list[i].type == VRRP_ACTION_TRANSITION;
	RULE(transitions == (from != fsm->state), "a transition is told when there was one");
	if (transitions)
		RULE(last->type == VRRP_ACTION_TRANSITION && last->transition.from == from &&
			     last->transition.to == fsm->state &&
			     last->transition.reason == fsm->reason,
		     "it is told last, and as it was");
}

static void step(struct router *r, const struct vrrp_event *event)
{
	enum vrrp_state from = r->fsm.state;
	struct vrrp_actions actions;

	r->adverts = r->releases = 0;
	vrrp_fsm_step(&r->config, &r->fsm, event, r->now, &actions);
	for (unsigned int i = 0; i < actions.count; i++)
		carry_out(r, &actions.list[i]);
	check_transition(&actions, from, &r->fsm);
	check_state(r);
	RULE(r->releases == (event->type == VRRP_EVENT_SHUTDOWN && from == VRRP_ACTIVE),
	     "priority 0 is sent by an Active router that is shut down, and only then");
	RULE(r->adverts <= 1, "no event is answered with more than one advertisement");
}

/* An event that must change nothing. */
static void step_in_vain(struct router *r, const struct vrrp_event *event, const char *why)
{
	struct vrrp_actions actions;
	struct vrrp_fsm before;

	memcpy(&before, &r->fsm, sizeof(before));
	vrrp_fsm_step(&r->config, &r->fsm, event, r->now, &actions);
	RULE(actions.count == 0 && !memcmp(&before, &r->fsm, sizeof(before)), "%s", why);
}

/* Advertisements. */

/* So late that every backup has given us up: then anything makes us listen first. */
static bool stalled(const struct router *r)
{
	vrrp_usec_t longest = vrrp_active_down_interval(r->config.version, 1,
							r->fsm.active_interval);

	return r->fsm.state == VRRP_ACTIVE &&
	       r->now > r->timer[VRRP_TIMER_ADVERT].deadline + longest;
}

static bool outranks(const struct router *r, const struct vrrp_datagram *dgram, uint8_t priority)
{
	return priority > r->config.priority || (priority == r->config.priority &&
						 vrrp_addr_cmp(&dgram->src, &r->config.source) > 0);
}

/* How things stood when an advertisement came. */
struct standing {
	enum vrrp_state state;
	bool outranked;
	bool stalled;
	bool told_just_now; /* our own left within the last millisecond */
};

static void check_backup(const struct router *r, const struct vrrp_advert *advert)
{
	RULE(r->fsm.state == VRRP_BACKUP, "an advertisement makes nobody Active");
	if (advert->priority && advert->priority >= r->config.priority)
		RULE(r->timer[VRRP_TIMER_ACTIVE_DOWN].deadline ==
			     r->now + r->fsm.active_down_interval,
		     "a backup waits anew for a router that is no worse");
}

static void check_active(const struct router *r, const struct standing *before,
			 const struct vrrp_advert *advert)
{
	if (before->stalled) {
		RULE(r->fsm.state == VRRP_BACKUP, "after a stall we listen first");
		return;
	}
	RULE((r->fsm.state == VRRP_BACKUP) == (before->outranked && advert->priority),
	     "the better router stays Active, and no other");
	if (r->fsm.state != VRRP_ACTIVE)
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
		RULE(r->fsm.state == VRRP_INITIALIZE, "who takes no part hears nothing");
}

static bool is_shadow(const struct router *r, const struct vrrp_datagram *dgram,
		      const struct vrrp_advert *advert)
{
	return r->version_2_too && advert->version == 2 && r->fsm.active_version == 3 &&
	       vrrp_addr_same(&dgram->src, &r->fsm.active_address) &&
	       r->now - r->fsm.active_heard < 2 * r->fsm.active_interval;
}

static void hear(struct router *r, const struct vrrp_datagram *dgram,
		 const struct vrrp_advert *advert)
{
	struct vrrp_event event = {
		.type = VRRP_EVENT_ADVERT,
		.advert = { .source = dgram->src,
			    .priority = advert->priority,
			    .version = advert->version,
			    .interval_cs = advert->interval_cs },
	};
	struct standing before = {
		.state = r->fsm.state,
		.outranked = outranks(r, dgram, advert->priority),
		.stalled = stalled(r),
		.told_just_now = r->now < r->advert_sent + VRRP_USEC_PER_SEC / 1000,
	};

	if (vrrp_addr_same(&dgram->src, &r->config.source)) {
		step_in_vain(r, &event, "our own advertisement means nothing");
		return;
	}
	if (is_shadow(r, dgram, advert)) {
		step_in_vain(r, &event, "VRRPv2 means nothing of whom we hear in VRRPv3");
		return;
	}
	step(r, &event);
	check_election(r, &before, advert);
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

static void receive(struct router *r, const struct vrrp_datagram *dgram)
{
	struct vrrp_expect expect = {
		.version = r->config.version,
		.version_2_too = r->version_2_too,
		.unicast = r->unicast,
		.ttl_min = r->ttl_min,
		.interval_cs = r->config.interval_cs,
		.peers = r->peers,
		.n_peers = N_PEERS,
		.vips = r->vips,
		.n_vips = r->n_vips,
	};
	struct vrrp_advert advert;
	unsigned int notes;

	if (vrrp_packet_decode(dgram, &advert) != VRRP_ACCEPTED || advert.vrid != VRID ||
	    vrrp_packet_check(dgram, &advert, &expect, &notes) != VRRP_ACCEPTED)
		return;
	check_admission(r, dgram, &advert);
	hear(r, dgram, &advert);
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

static void made_advert(struct fuzz_input *in, struct router *r)
{
	struct vrrp_datagram dgram = take_route(in, r);
	uint8_t octets[VRRP_PACKET_MAX], addresses[N_VIPS_MAX * 16], shape = fuzz_u8(in);
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
	dgram.size = vrrp_packet_encode(&advert, &dgram.src, &dgram.dst, octets, sizeof(octets));
	dgram.data = octets;
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
	if (second_time || r->now <= due + patience)
		RULE(r->fsm.state == VRRP_ACTIVE, "silence makes a backup Active");
	else
		RULE(r->fsm.state == VRRP_BACKUP && r->fsm.down_put_off,
		     "a backup that overslept looks into its socket first");
}

static void timer_fires(struct fuzz_input *in, struct router *r)
{
	enum vrrp_timer which = fuzz_u8(in) % VRRP_TIMERS;
	struct vrrp_event event = { .type = VRRP_EVENT_TIMER };
	vrrp_usec_t due = r->timer[which].deadline, patience = r->fsm.active_interval;
	bool second_time = r->fsm.down_put_off;

	if (!r->timer[which].pending)
		return;
	if (r->now < due)
		r->now = due;
	r->now += take_span(in);
	r->timer[which].pending = false;
	event.timer.which = which;
	event.timer.generation = r->timer[which].generation;
	step(r, &event);
	if (which == VRRP_TIMER_ACTIVE_DOWN)
		check_takeover(r, due, second_time, patience);
}

static void timer_stale(struct fuzz_input *in, struct router *r)
{
	struct vrrp_event event = { .type = VRRP_EVENT_TIMER };

	event.timer.which = fuzz_u8(in) % (VRRP_TIMERS + 1);
	event.timer.generation = fuzz_u8(in);
	if (event.timer.which < VRRP_TIMERS && r->timer[event.timer.which].pending)
		event.timer.generation += r->timer[event.timer.which].generation + 1;
	if (event.timer.which < VRRP_TIMERS && r->timer[event.timer.which].pending &&
	    event.timer.generation == r->timer[event.timer.which].generation)
		return;
	step_in_vain(r, &event, "an expiry of another generation means nothing");
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
}

/* The Active router's silence counts from its last advertisement again, and is not over. */
static bool respected_anew(const struct router *r)
{
	vrrp_usec_t deadline = r->timer[VRRP_TIMER_ACTIVE_DOWN].deadline;

	return !r->fsm.lower_heard && deadline >= r->now &&
	       deadline == r->fsm.active_heard + r->fsm.active_down_interval;
}

static void config_changes(struct fuzz_input *in, struct router *r)
{
	struct vrrp_fsm_config previous = r->config;
	struct vrrp_event event = { .type = VRRP_EVENT_CONFIG, .config = { &previous } };
	vrrp_usec_t due = r->timer[VRRP_TIMER_ACTIVE_DOWN].deadline;
	enum vrrp_state from = r->fsm.state;
	bool was_stalled = stalled(r);

	take_config(in, r, fuzz_u8(in));
	step(r, &event);
	if (from == VRRP_BACKUP && r->fsm.state == VRRP_BACKUP && due < r->now)
		RULE(r->timer[VRRP_TIMER_ACTIVE_DOWN].deadline == due || respected_anew(r),
		     "a timer that is overdue is left to fire, unless its router is respected now");
	if (from == VRRP_ACTIVE && !was_stalled)
		RULE(r->fsm.state == VRRP_ACTIVE, "a changed configuration takes no mastership");
	if (from == VRRP_INITIALIZE)
		RULE(r->fsm.state == VRRP_INITIALIZE, "nor does it start anything");
}

static void start(struct router *r)
{
	struct vrrp_event event = { .type = VRRP_EVENT_STARTUP };
	enum vrrp_state from = r->fsm.state;

	if (from != VRRP_INITIALIZE) {
		step_in_vain(r, &event, "who has started does not start again");
		return;
	}
	step(r, &event);
	RULE(r->fsm.state == (r->config.priority == VRRP_PRIORITY_OWNER ? VRRP_ACTIVE : VRRP_BACKUP),
	     "the owner starts as Active, everybody else as backup");
}

static void shut_down(struct fuzz_input *in, struct router *r)
{
	struct vrrp_event event = { .type = VRRP_EVENT_SHUTDOWN };

	event.shutdown.reason = fuzz_u8(in) & 1 ? VRRP_REASON_SHUTDOWN : VRRP_REASON_SOURCE;
	step(r, &event);
	RULE(r->fsm.state == VRRP_INITIALIZE, "who is shut down takes no part");
}

static void take_router(struct fuzz_input *in, struct router *r)
{
	uint8_t kind = fuzz_u8(in);

	memset(r, 0, sizeof(*r));
	r->now = VRRP_USEC_PER_SEC;
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
	vrrp_fsm_init(&r->fsm, r->now);
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
		r->now += take_span(in);
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
	case WHATS:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct router r;

	take_router(&in, &r);
	start(&r);
	for (unsigned int i = 0; i < STEPS_MAX && in.size; i++)
		happen(&in, &r);
	return 0;
}
