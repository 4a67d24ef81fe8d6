// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The incidents of a scenario. An incident that lasts leaves an undo in the queue. Incidents may
 * overlap: a router comes back when the last reason for its absence is gone, and a packet gets
 * through when nothing cuts its way. Incidents of a stalled process wait until it runs again.
 */
#include "sim.h"
#include "vrrp_badness.h"

static unsigned int pick(struct world *world, unsigned int set)
{
	unsigned int r, n = sim_below(world, __builtin_popcount(set));

	for (r = 0; r < SIM_ROUTERS_MAX; r++)
		if (set & BIT(r) && n-- == 0)
			break;
	return r;
}

/* -1 when nobody is such a router. */
static int choose(struct world *world, int who, int but_not)
{
	unsigned int r, set = 0;

	if (who >= 0)
		return who;
	for (r = 0; r < world->n; r++) {
		const struct vrrp_fsm *fsm = &world->router[r].vr->fsm;

		if ((int)r != but_not &&
		    (who == WHO_ANY || (who == WHO_ACTIVE && fsm->state == VRRP_ACTIVE) ||
		     (who == WHO_BACKUP && fsm->state == VRRP_BACKUP)))
			set |= BIT(r);
	}
	return set ? (int)pick(world, set) : -1;
}

/* All that happens to a process happens to all routers of its host. */
#define FOR_HOST(world, i, r)                                                                      \
	for (i = (r) - sim_election(world, r);                                                     \
	     i < (r) - sim_election(world, r) + (world)->scenario->members; i++)

/* Taking part or not. */

static void hold(struct world *world, unsigned int r, enum hold why)
{
	struct router *router = &world->router[r];
	bool took_part = world_takes_part(router);

	if (why == HOLD_STOPPED && took_part)
		check_releases(world, r);
	if (router->hold[why]++)
		return;
	if (why == HOLD_CRASHED)
		return; /* world_forget() follows */
	if (why == HOLD_SOURCE)
		engine_source(world, r, false);
	else
		engine_configure(world, r);
	if (took_part)
		check_disturbed(world, r);
}

static void crash(struct world *world, unsigned int r)
{
	bool was_there = !world->router[r].hold[HOLD_CRASHED];
	unsigned int i;

	FOR_HOST(world, i, r)
	hold(world, i, HOLD_CRASHED);
	if (was_there)
		world_forget(world, r);
	FOR_HOST(world, i, r)
	check_disturbed(world, i);
}

static void let_go(struct world *world, unsigned int r, enum hold why)
{
	struct router *router = &world->router[r];

	if (--router->hold[why])
		return;
	if (why == HOLD_SOURCE)
		engine_source(world, r, true);
	else
		engine_configure(world, r);
	if (world_takes_part(router))
		check_disturbed(world, r);
}

static bool stall(struct world *world, unsigned int r, vrrp_usec_t lasts)
{
	unsigned int i;

	if (!world_takes_part(&world->router[r]))
		return false;
	check_disturbed(world, r);
	FOR_HOST(world, i, r)
	world_stall(world, i, world->now + lasts);
	return false; /* its end has a slot of its own */
}

/* Configuration. */

void incident_priorities(struct world *world, unsigned int r)
{
	uint8_t lowest = UINT8_MAX, priority;
	unsigned int i;

	FOR_HOST(world, i, r)
	{
		priority = vrrp_priority_lowered(world->router[i].priority,
						 world->router[i].penalty);
		lowest = priority < lowest ? priority : lowest;
	}
	FOR_HOST(world, i, r)
	world->router[i].config.priority = lowest;
}

static void reconfigure(struct world *world, unsigned int r, const struct vrrp_fsm_config *config)
{
	struct router *router = &world->router[r];

	router->config = *config;
	incident_priorities(world, r);
	router->rearmed_by = 0;
	engine_configure(world, r);
	check_disturbed(world, r);
}

/* Something that it tracks goes or comes back; returns what was subtracted before. */
static uint32_t track(struct world *world, unsigned int r, uint32_t penalty)
{
	struct router *router = &world->router[r];
	uint32_t before = router->penalty;

	router->penalty = penalty;
	incident_priorities(world, r);
	router->rearmed_by = 0;
	engine_track(world, r);
	check_disturbed(world, r);
	return before;
}

/* Returns what was there before, for the undo. */
static uint32_t change(struct world *world, unsigned int r, enum incident_kind kind, uint32_t value)
{
	struct router *router = &world->router[r];
	struct vrrp_fsm_config config = router->config;
	uint32_t before = 0;

	if (kind == INCIDENT_TRACK)
		return track(world, r, value);
	if (kind == INCIDENT_PRIORITY) {
		before = router->priority;
		router->priority = value;
	} else if (kind == INCIDENT_INTERVAL) {
		before = config.interval_cs;
		config.interval_cs = value;
	} else if (kind == INCIDENT_PREEMPT) {
		config.preempt = !config.preempt;
	} else {
		config.source = router->address[vrrp_addr_same(&config.source, &router->address[0])];
	}
	reconfigure(world, r, &config);
	return before;
}

/* The network. */

static void cut(struct world *world, unsigned int from, unsigned int to, int by)
{
	world->cuts[from][to] += by;
	check_disturbed(world, from);
	check_disturbed(world, to);
}

static void part(struct world *world, unsigned int side, int by)
{
	unsigned int a, b;

	for (a = 0; a < world->n; a++)
		for (b = 0; b < world->n; b++)
			if ((side >> a & 1) != (side >> b & 1))
				cut(world, a, b, by);
}

static void set_weather(struct world *world, enum incident_kind kind, uint32_t ppm)
{
	unsigned int r;

	world->weather[kind] = ppm;
	world->weather_turn[kind]++;
	for (r = 0; r < world->n; r++)
		check_disturbed(world, r);
}

static void forge(struct world *world, unsigned int to, const struct packet *as)
{
	const struct scenario *scenario = world->scenario;
	struct slot *slot = world_schedule(world, SLOT_PACKET, to, world->now);
	struct vrrp_advert advert = { .family = scenario->family,
				      .version = scenario->version,
				      .vrid = 10,
				      .priority = as->priority,
				      .count = 1,
				      .interval_cs = world->router[to].config.interval_cs,
				      .addresses = world->vip[sim_election(world, to)].octets };
	struct packet *packet;

	if (!slot)
		return;
	packet = &slot->packet;
	*packet = *as;
	packet->to = to;
	packet->id = ++world->last_id;
	packet->dst = world->router[to].config.source;
	packet->size = vrrp_packet_encode(&advert, &packet->src, &packet->dst, packet->data,
					  sizeof(packet->data));
}

/* Forges an advertisement of a sender that is nobody's peer. */
static void forge_owner(struct world *world, unsigned int to)
{
	static const uint8_t stranger4[4] = { 10, 99, 0, 1 };
	static const uint8_t stranger6[16] = { 0xfe, 0x80, [13] = 99, [15] = 1 };
	uint8_t family = world->scenario->family;
	struct packet as = { .from = SIM_ROUTERS_MAX,
			     .forged = true,
			     .priority = VRRP_PRIORITY_OWNER };

	as.src = vrrp_addr_make(family, family == VRRP_IPV4 ? stranger4 : stranger6);
	forge(world, to, &as);
}

static void forge_farewell(struct world *world, unsigned int from, unsigned int to)
{
	struct packet as = { .from = from, .priority = VRRP_PRIORITY_RELEASE };

	as.src = world->router[from].config.source;
	forge(world, to, &as);
}

static void peer_down(struct world *world, unsigned int r, unsigned int peer)
{
	struct router *router = &world->router[r];

	if (router->stalled || !world_takes_part(router))
		return;
	router->hinted[peer] = world->now;
	engine_peer_down(world, r, peer);
}

/* Doing. */

static bool do_to_router(struct world *world, const struct incident *incident, struct undo *undo,
			 uint64_t value, vrrp_usec_t lasts)
{
	unsigned int r = undo->who, i;

	switch (incident->kind) {
	case INCIDENT_CRASH:
		FOR_HOST(world, i, r)
		world->router[i].was_active = (struct was_active){};
		crash(world, r);
		break;
	case INCIDENT_RESTART:
		FOR_HOST(world, i, r)
		check_restarts(world, i);
		crash(world, r);
		break;
	case INCIDENT_STOP:
		hold(world, r, HOLD_STOPPED);
		break;
	case INCIDENT_SOURCE:
		hold(world, r, HOLD_SOURCE);
		break;
	case INCIDENT_STALL:
		return stall(world, r, lasts);
	case INCIDENT_CLOCK:
		if (!world->ignore_clock_steps)
			world->router[r].wall += (int64_t)value;
		return false;
	case INCIDENT_FORGE:
		forge_owner(world, r);
		return false;
	case INCIDENT_SWITCHOVER:
		engine_hand_over(world, r);
		check_disturbed(world, r);
		return false;
	case INCIDENT_FAREWELL:
		forge_farewell(world, r, undo->whom);
		return false;
	case INCIDENT_PEER_DOWN:
		peer_down(world, r, undo->whom);
		return false;
	default:
		undo->value = change(world, r, incident->kind, value);
	}
	return true;
}

static void do_to_network(struct world *world, const struct incident *incident, struct undo *undo,
			  uint64_t value)
{
	switch (incident->kind) {
	case INCIDENT_PARTITION:
		undo->side = 1 + sim_below(world, BIT(world->scenario->n_routers) - 2);
		part(world, undo->side, 1);
		break;
	case INCIDENT_CUT:
		cut(world, undo->whom, undo->who, 1);
		cut(world, undo->who, undo->whom, 1);
		break;
	case INCIDENT_ONEWAY:
		cut(world, undo->who, undo->whom, 1);
		break;
	default:
		set_weather(world, incident->kind, value);
		undo->value = world->weather_turn[incident->kind];
	}
}

static void do_incident(struct world *world, const struct incident *incident, int who, int whom)
{
	struct undo undo = { .kind = incident->kind, .who = who, .whom = whom };
	vrrp_usec_t lasts = sim_within(world, &incident->lasts);
	uint64_t value = sim_within(world, &incident->value);
	struct slot *slot;
	bool done = true;

	TRACE(world, "incident %u: r%d r%d, value %llu, for %llu us",
	      (unsigned int)(incident - world->scenario->incident) + 1, who + 1, whom + 1,
	      (unsigned long long)value, (unsigned long long)lasts);
	if (incident->kind < INCIDENT_PARTITION || incident->kind > INCIDENT_CORRUPT)
		done = do_to_router(world, incident, &undo, value, lasts);
	else
		do_to_network(world, incident, &undo, value);
	if (!done || lasts == 0)
		return;
	slot = world_schedule(world, SLOT_UNDO, 0, world->now + lasts);
	if (slot)
		slot->undo = undo;
}

void incident_happens(struct world *world, unsigned int i)
{
	const struct incident *incident = &world->scenario->incident[i];
	int who = choose(world, incident->who, -1);
	int whom = choose(world, incident->whom, who);

	if (who >= 0 && world->router[who].stalled && incident->kind < INCIDENT_PARTITION &&
	    incident->kind != INCIDENT_CRASH) {
		queue_set(&world->queue, SLOT_OF_INCIDENT(i), world->router[who].resumes);
		return;
	}
	if (who >= 0 && whom >= 0)
		do_incident(world, incident, who, whom);
	if (incident->repeats)
		queue_set(&world->queue, SLOT_OF_INCIDENT(i),
			  world->now + sim_within(world, &incident->when));
}

void incident_first(struct world *world)
{
	unsigned int i;

	for (i = 0; i < world->scenario->n_incidents; i++)
		queue_set(&world->queue, SLOT_OF_INCIDENT(i),
			  sim_within(world, &world->scenario->incident[i].when));
}

/* Undoing. */

static void undo_it(struct world *world, const struct undo *undo)
{
	unsigned int i;

	switch (undo->kind) {
	case INCIDENT_CRASH:
		FOR_HOST(world, i, undo->who)
		let_go(world, i, HOLD_CRASHED);
		break;
	case INCIDENT_RESTART:
		FOR_HOST(world, i, undo->who)
		check_is_back(world, i);
		FOR_HOST(world, i, undo->who)
		let_go(world, i, HOLD_CRASHED);
		break;
	case INCIDENT_STOP:
		let_go(world, undo->who, HOLD_STOPPED);
		break;
	case INCIDENT_SOURCE:
		let_go(world, undo->who, HOLD_SOURCE);
		break;
	case INCIDENT_PARTITION:
		part(world, undo->side, -1);
		break;
	case INCIDENT_CUT:
		cut(world, undo->whom, undo->who, -1);
		cut(world, undo->who, undo->whom, -1);
		break;
	case INCIDENT_ONEWAY:
		cut(world, undo->who, undo->whom, -1);
		break;
	case INCIDENT_LOSS:
	case INCIDENT_DUP:
	case INCIDENT_REORDER:
	case INCIDENT_CORRUPT:
		if (undo->value == world->weather_turn[undo->kind])
			set_weather(world, undo->kind, 0);
		break;
	default:
		change(world, undo->who, undo->kind, undo->value);
	}
}

void incident_undone(struct world *world, const struct undo *undo)
{
	const struct router *router = &world->router[undo->who];
	struct slot *slot;

	if (router->stalled && undo->kind < INCIDENT_PARTITION) {
		slot = world_schedule(world, SLOT_UNDO, 0, router->resumes);
		if (slot)
			slot->undo = *undo;
		return;
	}
	TRACE(world, "end of an incident of kind %u at r%u", undo->kind, undo->who + 1);
	undo_it(world, undo);
}
