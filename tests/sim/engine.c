// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The product's engine, which all routers of the world share: each is a group on a link
 * in a VRF of its own of the fake host, so they know of each other by packets alone. What happens to
 * a router is told to the engine as the daemon would tell it: a datagram, an alarm, a
 * command, an address that goes. Before that the clock is set to the router's own, and
 * after it the tick ends; only then it is compared what is there with what ought to be.
 *
 * The steps of the state machine are seen by the linker's help (--wrap): check.c judges
 * them, and the engine carries them out.
 *
 * A process that dies is a group that is freed while nothing it does leaves its host.
 */
#include "sim.h"

#include "fake_host.h"
#include "prefix.h"
#include "vrrp_apply.h"
#include "vrrp_drain.h"
#include "vrrp_group_life.h"
#include "vrrp_receive.h"
#include "vrrp_router.h"
#include "vrrp_send.h"
#include "vrrp_settle.h"
#include "vrrp_switchover.h"
#include "vrrp_source.h"
#include "vrrp_host.h"
#include "vrrp_vip_private.h"

#define SIM_VRID 10

static struct world *world;

/* The router that acts, the cause, and its effects: from enter() to leave(). */
static struct {
	unsigned int r;
	bool is_dying;				  /* nobody hears or sees it any more */
	const struct packet *heard;		  /* being read */
	struct vrrp_event cause[SIM_ROUTERS_MAX]; /* the last step's of each */
	unsigned int depth;			  /* of what it sends now */
	bool owes_farewell[SIM_ROUTERS_MAX];	  /* priority 0, before anything is taken back */
	bool is_sending; /* an advertisement, of which this was the first datagram */
	struct vrrp_addr first_dst;
	struct packet message;
} act;

void __real_vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
			  const struct vrrp_event *event, vrrp_usec_t now,
			  struct vrrp_actions *actions);
void __wrap_vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
			  const struct vrrp_event *event, vrrp_usec_t now,
			  struct vrrp_actions *actions);
bool __wrap_vrrp_trouble_seen(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec);
bool __wrap_vrrp_resume_is_due(const struct vrrp_router *router);
const struct vrrp_event *__wrap_vrrp_resume_event(const struct vrrp_router *router);
void __wrap_vrrp_resume_forget(const struct vrrp_router *router);

static void enter(unsigned int r)
{
	act.r = r;
	fake_now = world->now + world->router[r].clock;
}

/* The router of the acting one's host in this election. */
static unsigned int mate(unsigned int election)
{
	return act.r - sim_election(world, act.r) + election;
}

/* The one of the acting host for which this is true; it must be one. */
#define FIND(r, condition)                                                                         \
	unsigned int r = mate(0);                                                                  \
	while (!(condition) && r < mate(world->scenario->members - 1))                             \
	r++

static void leave(void)
{
	unsigned int i, r;

	fake_end_of_tick();
	for (i = 0; i < world->scenario->members; i++) {
		r = mate(i);
		if (world->router[r].vr)
			check_state(world, r);
		if (act.owes_farewell[r])
			sim_fail(world, "r%u leaves without a farewell", r + 1);
		act.owes_farewell[r] = false;
	}
	check_held(world, act.r);
	act.depth = 0;
	act.is_sending = false;
}

/* Callbacks of the fake host. */

/* NULL: the router has no VIP yet, or no more. */
static struct vrrp_alarm *handover_of(struct vrrp_router *vr)
{
	struct vrrp_vip *vip = vrrp_vip_find(&world->vip[sim_election(world, act.r)], vr);

	return vip ? &vip->drain.alarm : NULL;
}

static bool has_alarm(const struct vrrp_router *vr, const struct vrrp_alarm *alarm)
{
	return vr && (const char *)alarm >= (const char *)vr &&
	       (const char *)alarm < (const char *)(vr + 1);
}

static void alarm_changed(struct vrrp_alarm *alarm)
{
	struct vrrp_router_timer *timer = container_of(alarm, struct vrrp_router_timer, alarm);
	struct vrrp_router *vr;
	FIND(r, has_alarm(world->router[r].vr, alarm));

	r = has_alarm(world->router[r].vr, alarm) ? r : act.r;
	vr = world->router[r].vr;
	if (timer >= vr->timer && timer < vr->timer + VRRP_TIMERS)
		world_timer(world, r, timer - vr->timer);
	else if (alarm == &vr->source_state.grace)
		world_alarm(world, r, SLOT_OF_GRACE(r), alarm->deadline);
	else if (alarm == &vr->repeat.alarm)
		world_alarm(world, r, SLOT_OF_REPEAT(r), alarm->deadline);
	else if (alarm == handover_of(vr))
		world_alarm(world, r, SLOT_OF_HANDOVER(r), alarm->deadline);
	else if (alarm == &vr->ahead.alarm)
		world_alarm(world, r, SLOT_OF_AHEAD(r), alarm->deadline);
	else if (!act.is_dying)
		sim_fail(world, "r%u: an alarm that the simulator knows nothing of", r + 1);
}

/*
 * Checks the addresses of a sender: an Active router has them, so does one that sends its priority
 * 0; one that has lost the election has not, unless they are drained.
 */
static void check_place(const struct packet *message)
{
	const struct router *router = &world->router[message->from];
	bool ought = message->priority == VRRP_PRIORITY_RELEASE ||
		     router->vr->fsm.state == VRRP_ACTIVE || sim_serves(world, router);

	if (message->priority == VRRP_PRIORITY_RELEASE)
		act.owes_farewell[message->from] = false;
	if (router->addresses != (ought || router->vr->handover == VRRP_HANDOVER_ANNOUNCES))
		sim_fail(world, "r%u sends priority %u out of order: addresses %d",
			 message->from + 1U, message->priority, router->addresses);
}

static void begin_advert(unsigned int r, const struct vrrp_datagram *dgram)
{
	const struct router *router = &world->router[r];

	act.is_sending = true;
	act.first_dst = dgram->dst;
	act.message.from = r;
	act.message.src = dgram->src;
	act.message.id = ++world->last_id;
	act.message.priority = dgram->data[2];
	act.message.interval_cs = router->config.interval_cs;
	act.message.depth = act.depth;
	if (router->hold[HOLD_SOURCE])
		sim_fail(world, "r%u sends from an address that it has no more", r + 1);
	if (!vrrp_addr_same(&dgram->src, &router->config.source))
		sim_fail(world, "r%u sends from another address than it ought to", r + 1);
	check_place(&act.message);
	check_sent(world, r, &act.cause[r], act.depth);
}

/* Each peer's datagram is one of its own; a peer that is an address nobody uses, nobody's. */
static void sends(vrf_id_t vrf_id, const struct vrrp_datagram *dgram)
{
	struct packet *message = &act.message;
	unsigned int r = vrf_id - 1;

	if (act.is_dying)
		return;
	if (r >= world->n || sim_host(world, r) != sim_host(world, act.r)) {
		sim_fail(world, "r%u sends by the socket of another", act.r + 1);
		return;
	}
	if (!act.is_sending || message->from != r || vrrp_addr_same(&dgram->dst, &act.first_dst))
		begin_advert(r, dgram);
	if (dgram->size > sizeof(message->data)) {
		sim_fail(world, "r%u: an advertisement that is too long", act.r + 1);
		return;
	}
	message->dst = dgram->dst;
	message->size = dgram->size;
	memcpy(message->data, dgram->data, dgram->size);
	world_send(world, message);
}

/* A Backup that announces too: it has a route without the address. */
static bool stands_by(const struct router *router)
{
	return world->scenario->standby && router->vr->fsm.state == VRRP_BACKUP;
}

static void address_changed(int ifindex, bool added)
{
	/* only where they are not on their own links, there is one router alone */
	unsigned int r = world->scenario->members > 1 ? ifindex - 1U : act.r;
	struct router *router = &world->router[r];

	if (act.is_dying)
		return;
	if (router->addresses == added)
		sim_fail(world, "r%u adds or removes its addresses twice", r + 1);
	if (!added && ((router->routes && !stands_by(router)) || act.owes_farewell[r]))
		sim_fail(world, "r%u removes an address out of order", r + 1);
	router->addresses = added;
}

void engine_answers(bool does)
{
	struct router *router = &world->router[act.r];

	if (act.is_dying)
		return;
	if (router->answers == does ||
	    (!router->addresses && (does || router->vr->fsm.state == VRRP_ACTIVE)))
		sim_fail(world, "r%u begins or ceases to answer out of order", act.r + 1);
	router->answers = does;
}

static void route_changed(const struct prefix *vip, bool added)
{
	unsigned int r = mate(vip->family == AF_INET ? ((const uint8_t *)&vip->u.prefix4)[3] - 10U
						     : vip->u.prefix6.s6_addr[15] - 10U);
	struct router *router = &world->router[r];

	if (act.is_dying)
		return;
	if (router->routes == added && !(added && world->scenario->standby))
		sim_fail(world, "r%u adds or removes its routes twice", r + 1);
	if (!added && stands_by(router))
		sim_fail(world, "r%u withdraws a route that it could replace", r + 1);
	if (added ? !router->addresses && !stands_by(router) : act.owes_farewell[r])
		sim_fail(world, "r%u announces or withdraws a route out of order", r + 1);
	router->routes = added;
}

static const struct fake_host host = {
	.alarm = alarm_changed,
	.sends = sends,
	.address = address_changed,
	.route = route_changed,
};

/* Steps. */

/*
 * Which advertisement the pending ACTIVE_DOWN counts from, and which interval was
 * learnt by it: check.c compares waits by them. Unknown unless it was heard in
 * Backup, or made us Backup.
 */
static void note_rearming(struct router *router, const struct vrrp_actions *actions,
			  const struct packet *heard)
{
	unsigned int i;

	for (i = 0; i < actions->count; i++) {
		if (actions->list[i].type != VRRP_ACTION_SET_TIMER ||
		    actions->list[i].timer.which != VRRP_TIMER_ACTIVE_DOWN)
			continue;
		router->rearmed_by = heard ? heard->id : 0;
		if (!heard)
			router->rearm_interval = 0;
		else if (heard->priority != 0)
			router->rearm_interval = router->vr->fsm.active_interval;
	}
}

/* A goodbye, whoever says it, allows a takeover after Skew_Time. */
static void note_heard(struct router *router, enum vrrp_state before, const struct packet *heard)
{
	if (router->vr->fsm.state != before || (heard && heard->priority == VRRP_PRIORITY_RELEASE))
		memset(router->heard, 0, sizeof(router->heard));
	if (heard && heard->priority != VRRP_PRIORITY_RELEASE)
		router->heard[heard->from] = (struct heard){ .at = world->now,
							     .priority = heard->priority };
}

static bool sends_advert(const struct vrrp_actions *actions)
{
	for (unsigned int i = 0; i < actions->count; i++)
		if (actions->list[i].type == VRRP_ACTION_SEND_ADVERT)
			return true;
	return false;
}

/* Who has handed over respects all until it is Active again. */
static void note_yielding(struct router *router, enum vrrp_state before)
{
	const struct vrrp_fsm *fsm = &router->vr->fsm;

	if (fsm->state == VRRP_ACTIVE)
		router->yields = false;
	else if (before == VRRP_ACTIVE && fsm->reason == VRRP_REASON_HANDED_OVER)
		router->yields = true;
}

/* Who was ahead, and does not take over, is drained from now on. */
static void note_ahead(struct router *router)
{
	const struct vrrp_fsm *fsm = &router->vr->fsm;

	if (fsm->is_ahead && !router->is_ahead)
		router->ahead_since = world->now;
	if (!fsm->is_ahead && router->is_ahead && fsm->state != VRRP_ACTIVE) {
		router->drained_since = world->now;
		router->drew_back = true;
	} else if (fsm->is_ahead || fsm->state == VRRP_ACTIVE) {
		router->drew_back = false;
	}
	router->is_ahead = fsm->is_ahead;
}

static void stepped(unsigned int r, const struct vrrp_event *event, enum vrrp_state before,
		    const struct vrrp_actions *actions)
{
	struct router *router = &world->router[r];
	const struct packet *heard = event->type == VRRP_EVENT_ADVERT ? act.heard : NULL;

	if (world->tracing != TRACE_NOT)
		trace_step(world, r, event, before, actions);
	if ((router->vr->fsm.state == VRRP_ACTIVE) != (before == VRRP_ACTIVE))
		check_moves(world, act.r);
	act.cause[r] = *event;
	if ((event->type == VRRP_EVENT_SHUTDOWN || event->type == VRRP_EVENT_GIVE_UP) &&
	    before == VRRP_ACTIVE)
		act.owes_farewell[r] = !router->hold[HOLD_SOURCE];
	if (heard && sends_advert(actions) && heard->depth + 1U > act.depth)
		act.depth = heard->depth + 1U;
	note_rearming(router, actions, router->must_yield ? NULL : heard);
	note_ahead(router);
	check_step(world, r, event, before, actions);
	if (router->vr->fsm.state != before)
		note_yielding(router, before);
	note_heard(router, before, heard);
}

void __wrap_vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
			  const struct vrrp_event *event, vrrp_usec_t now,
			  struct vrrp_actions *actions)
{
	enum vrrp_state before = fsm->state;

	__real_vrrp_fsm_step(config, fsm, event, now, actions);
	if (!act.is_dying) {
		FIND(r, &world->router[r].vr->fsm == fsm);

		stepped(r, event, before, actions);
	}
}

/* Of sentences for show and for the log, which nobody reads here, none is needed. */
bool __wrap_vrrp_trouble_seen(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec)
{
	return false;
}

/* The file that an earlier process left: what it says, however old that is. */

static struct was_active *was_active_of(const struct vrrp_router *router)
{
	FIND(r, world->router[r].vr == router);

	return &world->router[r].was_active;
}

bool __wrap_vrrp_resume_is_due(const struct vrrp_router *router)
{
	return was_active_of(router)->sent && !router->group->applied.shutdown;
}

const struct vrrp_event *__wrap_vrrp_resume_event(const struct vrrp_router *router)
{
	static struct vrrp_event event;
	struct was_active *was = was_active_of(router);

	event = (struct vrrp_event){ .type = VRRP_EVENT_STARTUP };
	if (!__wrap_vrrp_resume_is_due(router))
		return &event;
	event.type = VRRP_EVENT_RESUME;
	event.resume.sent = was->sent + world->router[act.r].clock;
	event.resume.interval = was->interval;
	was->sent = 0;
	return &event;
}

void __wrap_vrrp_resume_forget(const struct vrrp_router *router)
{
	was_active_of(router)->sent = 0;
}

/* Events of a router. */

bool engine_hears(struct world *in, unsigned int r, const struct packet *packet)
{
	struct vrrp_router *vr = in->router[r].vr;
	uint64_t accepted = vr->stats.received.count[VRRP_ACCEPTED];
	struct vrrp_datagram dgram = { .src = packet->src,
				       .dst = packet->dst,
				       .ttl = VRRP_TTL,
				       .data = packet->data,
				       .size = packet->size };

	enter(r);
	act.heard = packet;
	if (!fake_receive(r + 1, &dgram))
		sim_fail(in, "r%u takes part, and does not listen", r + 1);
	act.heard = NULL;
	return vr->stats.received.count[VRRP_ACCEPTED] != accepted;
}

void engine_ends_tick(struct world *in, unsigned int r)
{
	enter(r);
	leave();
}

void engine_timer(struct world *in, unsigned int r, enum vrrp_timer which)
{
	enter(r);
	fake_alarm_expires(&in->router[r].vr->timer[which].alarm);
	leave();
}

/* As if its expiry had been on its way already when it was set anew or cancelled. */
void engine_stale_timer(struct world *in, unsigned int r, enum vrrp_timer which, uint32_t generation)
{
	struct vrrp_router_timer *timer = &in->router[r].vr->timer[which];
	uint32_t now = timer->generation;

	enter(r);
	timer->generation = generation;
	timer->alarm.expire(&timer->alarm);
	if (timer->generation == generation)
		timer->generation = now;
	leave();
}

void engine_peer_down(struct world *in, unsigned int r, unsigned int peer)
{
	enter(r);
	vrrp_router_peer_down(in->router[r].vr, &in->router[peer].config.source, false);
	leave();
}

void engine_alarm(struct world *in, unsigned int r, unsigned int slot)
{
	struct vrrp_router *vr = in->router[r].vr;

	enter(r);
	if (slot == SLOT_OF_HANDOVER(r))
		fake_alarm_expires(handover_of(vr));
	else if (slot == SLOT_OF_AHEAD(r))
		fake_alarm_expires(&vr->ahead.alarm);
	else
		fake_alarm_expires(slot == SLOT_OF_GRACE(r) ? &vr->source_state.grace
							    : &vr->repeat.alarm);
	leave();
}

void engine_configure(struct world *in, unsigned int r)
{
	const struct router *router = &in->router[r];
	const struct vrrp_fsm_config *wanted = &router->config;
	struct vrrp_group_conf *conf = &router->group->conf;

	enter(r);
	conf->priority = router->priority;
	conf->preempt = wanted->preempt;
	conf->interval_cs = wanted->interval_cs;
	conf->preempt_delay_sec = wanted->preempt_delay_sec;
	conf->shutdown = router->hold[HOLD_CRASHED] || router->hold[HOLD_STOPPED];
	if (!vrrp_addr_same(&router->vr->source_configured, &wanted->source))
		vrrp_group_source_set(router->group, &wanted->source);
	vrrp_group_apply(router->group);
	if (router->group->is_unsettled) /* nobody configures any more */
		vrrp_settle_now();
	leave();
}

void engine_track(struct world *in, unsigned int r)
{
	struct vrrp_group *group = in->router[r].group;

	enter(r);
	group->tracking.penalty = in->router[r].penalty;
	vrrp_group_follow_tracking(group);
	leave();
}

void engine_hand_over(struct world *in, unsigned int r)
{
	enter(r);
	if (!vrrp_switchover_refusal(in->router[r].vr))
		vrrp_router_hand_over(in->router[r].vr);
	leave();
}

void engine_source(struct world *in, unsigned int r, bool has)
{
	enter(r);
	fake_address(r + 1, &in->router[r].address[0], has);
	fake_address(r + 1, &in->router[r].address[1], has);
	leave();
}

static void add_peers(const struct world *in, unsigned int r)
{
	unsigned int i, which;

	for (i = 0; i < in->n; i++)
		for (which = 0; which < (in->scenario->moves ? 2 : 1) && i != r &&
				sim_election(in, i) == sim_election(in, r);
		     which++)
			vrrp_group_peer_add(in->router[r].group, &in->router[i].address[which]);
}

void engine_new_process(struct world *in, unsigned int r)
{
	struct router *router = &in->router[r];

	enter(r);
	router->yields = router->is_ahead = router->drew_back = false;
	router->group = vrrp_group_new(fake_link(r + 1), SIM_VRID);
	router->vr = vrrp_group_router(router->group, in->scenario->family);
	router->group->conf.version = in->scenario->version;
	router->group->conf.checksum_pseudo = in->scenario->version == 3;
	router->group->conf.placement = in->scenario->drain ? VRRP_PLACEMENT_VIP_INTERFACE
							    : VRRP_PLACEMENT_INTERFACE;
	router->group->conf.drain_msec = in->scenario->drain / SIM_MS;
	if (in->scenario->members > 1)
		snprintf(router->group->conf.sync_group, VRRP_SYNC_NAME_SIZE, "host%u",
			 sim_host(in, r));
	router->group->conf.standby_metric = in->scenario->standby;
	router->group->conf.announce_healthy = in->scenario->healthy;
	router->group->conf.preempt_settle_msec = in->scenario->settle / SIM_MS;
	router->group->conf.accept_mode = true;
	router->group->conf.startup_hold_sec = 0;
	vrrp_group_vip_add(router->group, &in->vip[sim_election(in, r)]);
	if (!in->scenario->lan)
		add_peers(in, r);
	router->group->conf.shutdown = true;
	vrrp_group_apply(router->group);
	leave();
}

void engine_dies(struct world *in, unsigned int r)
{
	unsigned int i;

	enter(r);
	act.is_dying = true;
	for (i = 0; i < in->scenario->members; i++) {
		in->router[mate(i)].group->applied.drain_msec = 0;
		vrrp_group_free(&in->router[mate(i)].group);
	}
	fake_end_of_tick();
	for (i = 0; i < in->scenario->members; i++)
		in->router[mate(i)].vr = NULL;
	act.is_dying = false;
}

void engine_begin(struct world *in)
{
	static bool has_begun;

	world = in;
	if (has_begun)
		return;
	has_begun = true;
	fake_init(&host);
	vrrp_global.address_lease_sec = 0; /* no renewals: nobody's lease ends here */
	vrrp_router_init();
	vrrp_apply_init();
	vrrp_receive_init(vrrp_router_receive);
	vrrp_send_init();
	vrrp_source_init();
	vrrp_vip_init(NULL);
}

void engine_end(struct world *in)
{
	unsigned int r;

	act.is_dying = true;
	vrrp_drain_end_all();
	act.is_dying = false;
	for (r = 0; r < in->n; r += in->scenario->members)
		engine_dies(in, r);
	vrrp_host_forget();
}
