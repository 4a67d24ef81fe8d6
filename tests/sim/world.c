// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Routers and packets. Each event becomes a step of the product's state machine;
 * its actions are carried out at once: timers go into the queue, an
 * advertisement is written by the product's codec, copied to each peer and, when
 * it arrives, read and judged by the codec again.
 *
 * A router that stalls takes no step. Its timers are put off to the end of the
 * stall, and what arrives lies in its inbox. The daemon then reads its sockets
 * first (vrrp_alarm.c); a scenario can say "resume timers" for a worse one that
 * does not. A process that dies takes its timers and inbox along.
 */
#include <string.h>

#include "sim.h"

/* Addresses: 10.R.0.1 and 10.R.0.2, or fe80::R:1 and fe80::R:2. */
static struct vrrp_addr router_address(uint8_t family, unsigned int r, unsigned int which)
{
	uint8_t v4[4] = { 10, r + 1, 0, which + 1 };
	uint8_t v6[16] = { 0xfe, 0x80, [13] = r + 1, [15] = which + 1 };

	return vrrp_addr_make(family, family == VRRP_IPV4 ? v4 : v6);
}

static struct vrrp_addr virtual_address(uint8_t family)
{
	static const uint8_t v4[4] = { 203, 0, 113, 10 };
	static const uint8_t v6[16] = { 0xfe, 0x80, [15] = 10 };

	return vrrp_addr_make(family, family == VRRP_IPV4 ? v4 : v6);
}

static vrrp_usec_t local_time(const struct world *world, unsigned int r)
{
	return world->now + world->router[r].clock;
}

bool world_takes_part(const struct router *router)
{
	return router->fsm.state != VRRP_INITIALIZE && !router->stalled;
}

/* Slots. */

struct slot *world_schedule(struct world *world, enum slot_kind kind, unsigned int r, vrrp_usec_t at)
{
	uint16_t index = world->free_slots;
	struct slot *slot = &world->slot[index];

	if (index == 0) {
		sim_fail(world, "more than %u packets and undone incidents at a time: a storm",
			 QUEUE_SLOTS - SLOTS_FIXED);
		return NULL;
	}
	world->free_slots = slot->next_free;
	slot->kind = kind;
	slot->router = r;
	queue_set(&world->queue, index, at);
	return slot;
}

/* One that world_schedule() gave. */
static void free_slot(struct world *world, unsigned int index)
{
	world->slot[index].kind = SLOT_FREE;
	world->slot[index].next_free = world->free_slots;
	world->free_slots = index;
}

static void init_slots(struct world *world)
{
	unsigned int i, r;

	for (i = SLOTS_FIXED; i < QUEUE_SLOTS; i++)
		free_slot(world, i);
	for (r = 0; r < SIM_ROUTERS_MAX; r++) {
		for (i = 0; i < VRRP_TIMERS; i++)
			world->slot[SLOT_OF_TIMER(r, i)] =
				(struct slot){ .kind = SLOT_TIMER, .router = r, .which = i };
		world->slot[SLOT_OF_RESUME(r)] = (struct slot){ .kind = SLOT_RESUME, .router = r };
		world->slot[SLOT_OF_DRAIN(r)] = (struct slot){ .kind = SLOT_DRAIN, .router = r };
	}
	for (i = 0; i < SIM_INCIDENTS_MAX; i++)
		world->slot[SLOT_OF_INCIDENT(i)] = (struct slot){ .kind = SLOT_INCIDENT,
								  .incident = i };
	world->slot[SLOT_OF_WATCH].kind = SLOT_WATCH;
}

/* Sending. */

static void corrupt(struct world *world, struct packet *packet)
{
	unsigned int bit = sim_below(world, packet->size * 8);

	packet->data[bit / 8] ^= BIT(bit % 8);
	packet->corrupt = true;
}

static void send_copy(struct world *world, const struct packet *message, unsigned int to)
{
	const struct scenario *scenario = world->scenario;
	vrrp_usec_t at = world->now + sim_within(world, &scenario->delay);
	struct packet *packet;
	struct slot *slot;

	if (sim_chance(world, world->weather[INCIDENT_REORDER]))
		at += sim_below(world, scenario->reorder + 1);
	slot = world_schedule(world, SLOT_PACKET, to, at);
	if (!slot)
		return;
	packet = &slot->packet;
	*packet = *message;
	packet->to = to;
	if (!scenario->lan) {
		packet->dst = world->router[to].config.source;
		vrrp_packet_readdress(packet->data, packet->size, scenario->family,
				      VRRP_CHECKSUM_PSEUDO, &packet->src, &packet->dst);
	}
	if (sim_chance(world, world->weather[INCIDENT_CORRUPT]))
		corrupt(world, packet);
}

static void send_to_all(struct world *world, unsigned int from, const struct packet *message)
{
	unsigned int r;

	for (r = 0; r < world->n; r++) {
		if (r == from || world->cuts[from][r] ||
		    sim_chance(world, world->weather[INCIDENT_LOSS]))
			continue;
		send_copy(world, message, r);
		if (sim_chance(world, world->weather[INCIDENT_DUP]))
			send_copy(world, message, r);
	}
}

static void send_advert(struct world *world, unsigned int r, uint8_t priority,
			const struct vrrp_event *cause, const struct packet *heard)
{
	const struct scenario *scenario = world->scenario;
	const struct vrrp_fsm_config *config = &world->router[r].config;
	struct vrrp_advert advert = { .family = scenario->family,
				      .version = config->version,
				      .vrid = 10,
				      .priority = priority,
				      .count = 1,
				      .checksum = VRRP_CHECKSUM_PSEUDO,
				      .interval_cs = config->interval_cs,
				      .addresses = world->vip.octets };
	struct packet message = { .from = r,
				  .src = config->source,
				  .dst = world->group,
				  .id = ++world->last_id,
				  .priority = priority,
				  .interval_cs = config->interval_cs,
				  .depth = heard ? heard->depth + 1 : 0 };

	if (config->version == 2)
		advert.checksum = VRRP_CHECKSUM_MESSAGE;
	message.size = vrrp_packet_encode(&advert, &message.src, &message.dst, message.data,
					  sizeof(message.data));
	if (message.size == 0)
		sim_fail(world, "r%u: an advertisement with no form on the wire", r + 1);
	check_sent(world, r, cause, message.depth);
	send_to_all(world, r, &message);
}

/* Receiving. */

static enum vrrp_verdict judge(struct world *world, unsigned int r, const struct packet *packet,
			       struct vrrp_advert *advert)
{
	const struct scenario *scenario = world->scenario;
	const struct router *router = &world->router[r];
	struct vrrp_datagram dgram = { packet->src, packet->dst, VRRP_TTL, packet->data,
				       packet->size };
	struct vrrp_expect expect = { .version = router->config.version,
				      .unicast = !scenario->lan,
				      .interval_cs = router->config.interval_cs,
				      .peers = router->peers,
				      .n_peers = router->n_peers,
				      .vips = &world->vip,
				      .n_vips = 1 };
	enum vrrp_verdict verdict = vrrp_packet_decode(&dgram, advert);
	unsigned int notes;

	if (verdict != VRRP_ACCEPTED)
		return verdict;
	return advert->vrid == 10 ? vrrp_packet_check(&dgram, advert, &expect, &notes)
				  : VRRP_BAD_VRID;
}

static void receive(struct world *world, unsigned int r, const struct packet *packet)
{
	struct vrrp_event event = { .type = VRRP_EVENT_ADVERT };
	struct vrrp_advert advert;
	enum vrrp_verdict verdict = judge(world, r, packet, &advert);

	check_packet(world, r, packet, verdict);
	if (verdict != VRRP_ACCEPTED) {
		world->totals->dropped++;
		TRACE(world, "r%u drops an advertisement: %s", r + 1, vrrp_verdicts[verdict].yang);
		return;
	}
	world->totals->received++;
	event.advert.source = packet->src;
	event.advert.priority = advert.priority;
	event.advert.interval_cs = advert.interval_cs;
	world_step(world, r, &event, packet);
}

void world_deliver(struct world *world, struct slot *slot)
{
	struct router *router = &world->router[slot->packet.to];
	unsigned int index = slot - world->slot;

	if (router->stalled && router->n_inbox < SIM_INBOX_MAX) {
		router->inbox[router->n_inbox++] = index;
		return;
	}
	if (world_takes_part(router))
		receive(world, slot->packet.to, &slot->packet);
	else
		world->totals->dropped++;
	free_slot(world, index);
}

static void drain(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];
	unsigned int i;

	if (router->stalled) /* again, before it could */
		return;
	for (i = 0; i < router->n_inbox; i++) {
		uint16_t index = router->inbox[i];

		router->inbox[i] = 0; /* read */
		if (world_takes_part(router))
			receive(world, r, &world->slot[index].packet);
		free_slot(world, index);
	}
	router->n_inbox = 0;
	router->rearmed_by = 0; /* not at the time the others heard it */
}

/* Timers. */

static void stale_expiry(struct world *world, unsigned int r, enum vrrp_timer which,
			 uint32_t generation)
{
	struct slot *slot = world_schedule(world, SLOT_STALE, r,
					   world->now + sim_below(world, 2 * SIM_S));

	if (!slot)
		return;
	slot->which = which;
	slot->generation = generation;
	slot->incarnation = world->router[r].incarnation;
}

static void set_timer(struct world *world, unsigned int r, const struct vrrp_action *action)
{
	unsigned int index = SLOT_OF_TIMER(r, action->timer.which);
	vrrp_usec_t deadline = action->timer.deadline - world->router[r].clock;

	if (world->queue.place[index] && sim_chance(world, world->scenario->stale_ppm))
		stale_expiry(world, r, action->timer.which, world->slot[index].generation);
	if (action->type == VRRP_ACTION_CANCEL_TIMER) {
		queue_remove(&world->queue, index);
		return;
	}
	world->slot[index].generation = action->timer.generation;
	if (action->timer.which == VRRP_TIMER_ACTIVE_DOWN)
		world->router[r].down_deadline = deadline;
	queue_set(&world->queue, index, deadline + sim_within(world, &world->scenario->latency));
}

static void timer_fires(struct world *world, const struct slot *slot)
{
	struct router *router = &world->router[slot->router];
	struct vrrp_event event = { .type = VRRP_EVENT_TIMER };

	if (slot->kind == SLOT_STALE && slot->incarnation != router->incarnation)
		return;
	if (router->stalled) {
		if (slot->kind == SLOT_TIMER)
			queue_set(&world->queue, slot - world->slot, router->resumes);
		return;
	}
	event.timer.which = slot->which;
	event.timer.generation = slot->generation;
	world_step(world, slot->router, &event, NULL);
}

/* Steps. */

static void carry_out(struct world *world, unsigned int r, const struct vrrp_action *action,
		      const struct vrrp_event *cause, const struct packet *heard)
{
	struct router *router = &world->router[r];
	bool add = false;

	switch (action->type) {
	case VRRP_ACTION_ADD_ADDRESSES:
	case VRRP_ACTION_DEL_ADDRESSES:
		add = action->type == VRRP_ACTION_ADD_ADDRESSES;
		if (router->addresses == add)
			sim_fail(world, "r%u adds or removes its addresses twice", r + 1);
		router->addresses = add;
		break;
	case VRRP_ACTION_ADD_ROUTES:
	case VRRP_ACTION_DEL_ROUTES:
		add = action->type == VRRP_ACTION_ADD_ROUTES;
		if (router->routes == add)
			sim_fail(world, "r%u adds or removes its routes twice", r + 1);
		router->routes = add;
		break;
	case VRRP_ACTION_SEND_ADVERT:
		/* A lost source address may still be there for the last word, or not. */
		if (action->priority != 0 || !router->hold[HOLD_SOURCE] || sim_below(world, 2))
			send_advert(world, r, action->priority, cause, heard);
		break;
	case VRRP_ACTION_SET_TIMER:
	case VRRP_ACTION_CANCEL_TIMER:
		set_timer(world, r, action);
		break;
	case VRRP_ACTION_ANNOUNCE:
	case VRRP_ACTION_TRANSITION:
		break;
	}
}

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
			router->rearm_interval = router->fsm.active_interval;
	}
}

/* A goodbye, whoever says it, allows a takeover after Skew_Time. */
static void note_heard(struct world *world, unsigned int r, enum vrrp_state before,
		       const struct packet *heard)
{
	struct router *router = &world->router[r];

	if (router->fsm.state != before || (heard && heard->priority == VRRP_PRIORITY_RELEASE))
		memset(router->heard, 0, sizeof(router->heard));
	if (heard && heard->priority != VRRP_PRIORITY_RELEASE)
		router->heard[heard->from] = (struct heard){ .at = world->now,
							     .priority = heard->priority };
}

void world_step(struct world *world, unsigned int r, const struct vrrp_event *event,
		const struct packet *heard)
{
	struct router *router = &world->router[r];
	enum vrrp_state before = router->fsm.state;
	struct vrrp_actions actions;
	unsigned int i;

	vrrp_fsm_step(&router->config, &router->fsm, event, local_time(world, r), &actions);
	if (world->tracing != TRACE_NOT)
		trace_step(world, r, event, before, &actions);
	if (router->fsm.state == VRRP_ACTIVE && before != VRRP_ACTIVE)
		router->active_since = world->now;
	for (i = 0; i < actions.count && !world->failed; i++)
		carry_out(world, r, &actions.list[i], event, heard);
	note_rearming(router, &actions, router->must_yield ? NULL : heard);
	check_step(world, r, event, before, &actions);
	note_heard(world, r, before, heard);
}

/* Processes. */

void world_forget(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];
	unsigned int i;

	for (i = 0; i < VRRP_TIMERS; i++)
		queue_remove(&world->queue, SLOT_OF_TIMER(r, i));
	queue_remove(&world->queue, SLOT_OF_RESUME(r));
	queue_remove(&world->queue, SLOT_OF_DRAIN(r));
	for (i = 0; i < router->n_inbox; i++)
		free_slot(world, router->inbox[i]);
	router->n_inbox = 0;
	router->stalled = false;
	router->must_yield = false;
	router->addresses = false; /* they expire with their lease */
	router->routes = false;	   /* zebra withdraws them */
	router->rearmed_by = 0;
	router->rearm_interval = 0;
	memset(router->heard, 0, sizeof(router->heard));
	router->incarnation++;
	vrrp_fsm_init(&router->fsm, local_time(world, r));
}

void world_start(struct world *world, unsigned int r)
{
	struct vrrp_event event = { .type = VRRP_EVENT_STARTUP };

	world_step(world, r, &event, NULL);
}

void world_stall(struct world *world, unsigned int r, vrrp_usec_t until)
{
	struct router *router = &world->router[r];

	router->stalled = true;
	router->resumes = until;
	queue_set(&world->queue, SLOT_OF_RESUME(r), until);
}

/* How much later than its deadline the advertisement of an Active router is. */
static vrrp_usec_t overdue(const struct world *world, unsigned int r)
{
	const struct vrrp_fsm *fsm = &world->router[r].fsm;
	vrrp_usec_t deadline = fsm->timer[VRRP_TIMER_ADVERT].deadline;

	if (fsm->state != VRRP_ACTIVE || deadline >= local_time(world, r))
		return 0;
	return local_time(world, r) - deadline;
}

static void resume(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];
	vrrp_usec_t interval = router->config.interval_cs * VRRP_USEC_PER_CS;
	vrrp_usec_t skew = router->config.version == 2 ? VRRP_USEC_PER_SEC : interval;

	router->stalled = false;
	router->rearmed_by = 0;
	/* Nobody waits longer than the router of priority 1. */
	router->must_yield = overdue(world, r) > 3 * interval + skew * 255 / 256;
	check_disturbed(world, r);
	TRACE(world, "r%u runs again, %u packets wait", r + 1, router->n_inbox);
	if (world->scenario->timers_first)
		queue_set(&world->queue, SLOT_OF_DRAIN(r), world->now);
	else
		drain(world, r);
}

/* The run. */

static void happen(struct world *world, unsigned int index)
{
	struct slot *slot = &world->slot[index];

	switch (slot->kind) {
	case SLOT_TIMER:
		timer_fires(world, slot);
		break;
	case SLOT_STALE:
		timer_fires(world, slot);
		free_slot(world, index);
		break;
	case SLOT_PACKET:
		world_deliver(world, slot);
		break;
	case SLOT_INCIDENT:
		incident_happens(world, slot->incident);
		break;
	case SLOT_UNDO:
		incident_undone(world, &slot->undo);
		free_slot(world, index);
		break;
	case SLOT_RESUME:
		resume(world, slot->router);
		break;
	case SLOT_DRAIN:
		drain(world, slot->router);
		break;
	case SLOT_WATCH:
		world->look = true;
		break;
	case SLOT_FREE:
		sim_fail(world, "the simulator itself is broken: a free slot in the queue");
	}
}

static void init_router(struct world *world, unsigned int r)
{
	const struct scenario *scenario = world->scenario;
	struct router *router = &world->router[r];
	unsigned int i;

	for (i = 0; i < 2; i++)
		router->address[i] = router_address(scenario->family, r, i);
	for (i = 0; i < 2 * scenario->n_routers; i++)
		if (i / 2 != r)
			router->peers[router->n_peers++] = router_address(scenario->family, i / 2,
									  i % 2);
	router->clock = 1 + sim_below(world, 1000000 * SIM_S);
	router->config.version = scenario->version;
	router->config.priority = sim_within(world, &scenario->priority[r]);
	router->config.interval_cs = sim_within(world, &scenario->interval_cs[r]);
	router->config.preempt = sim_within(world, &scenario->preempt[r]);
	router->config.preempt_delay_sec = sim_within(world, &scenario->preempt_delay_sec[r]);
	router->config.source = router->address[0];
	vrrp_fsm_init(&router->fsm, local_time(world, r));
	TRACE(world, "r%u priority %u, interval %u cs, preempt %d, delay %u s", r + 1,
	      router->config.priority, router->config.interval_cs, router->config.preempt,
	      router->config.preempt_delay_sec);
}

static void init_world(struct world *world, const struct scenario *scenario, uint64_t seed)
{
	enum tracing tracing = world->tracing;
	struct totals *totals = world->totals;
	bool ignore = world->ignore_clock_steps;

	memset(world, 0, sizeof(*world));
	world->tracing = tracing;
	world->totals = totals;
	world->ignore_clock_steps = ignore;
	world->scenario = scenario;
	world->n = scenario->n_routers;
	world->seed = seed;
	world->vip = virtual_address(scenario->family);
	world->group = vrrp_addr_group(scenario->family);
	world->random = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	world->digest = 14695981039346656037ULL;
}

bool world_run(struct world *world, const struct scenario *scenario, uint64_t seed)
{
	struct queue_entry entry;
	unsigned int r;

	init_world(world, scenario, seed);
	init_slots(world);
	for (r = 0; r < world->n; r++)
		init_router(world, r);
	incident_first(world);
	for (r = 0; r < world->n; r++)
		world_start(world, r);
	while (!world->failed && world->queue.count) {
		entry = queue_pop(&world->queue);
		if (entry.at > scenario->length)
			break;
		world->now = entry.at;
		world->totals->events++;
		happen(world, entry.slot);
		if (world->look)
			check_bounds(world);
	}
	world->totals->virtual_time += scenario->length * scenario->n_routers;
	return !world->failed;
}
