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

/* In every second election of a host, the order of addresses is the other way round. */
#define REVERSED 200

/* Addresses: 10.R.0.1 and 10.R.0.2, or fe80::R:1 and fe80::R:2. */
static struct vrrp_addr router_address(const struct world *world, unsigned int r, unsigned int which)
{
	uint8_t family = world->scenario->family;
	uint8_t octet = sim_election(world, r) % 2 ? REVERSED - r : r + 1;
	uint8_t v4[4] = { 10, octet, 0, which + 1 };
	uint8_t v6[16] = { 0xfe, 0x80, [13] = octet, [15] = which + 1 };

	return vrrp_addr_make(family, family == VRRP_IPV4 ? v4 : v6);
}

/* The router whose address it is, if it is one's at all. */
static unsigned int router_of(const struct vrrp_addr *address)
{
	unsigned int octet = address->octets[address->family == VRRP_IPV4 ? 1 : 13];

	return octet > REVERSED / 2 ? REVERSED - octet : octet - 1;
}

static struct vrrp_addr virtual_address(uint8_t family, unsigned int election)
{
	uint8_t v4[4] = { 203, 0, 113, 10 + election };
	uint8_t v6[16] = { 0xfe, 0x80, [15] = 10 + election };

	return vrrp_addr_make(family, family == VRRP_IPV4 ? v4 : v6);
}

static vrrp_usec_t local_time(const struct world *world, unsigned int r)
{
	return world->now + world->router[r].clock;
}

bool world_takes_part(const struct router *router)
{
	return router->vr->fsm.state != VRRP_INITIALIZE && !router->stalled &&
	       !router->hold[HOLD_SOURCE];
}

/* Slots. */

struct slot *world_schedule(struct world *world, enum slot_kind kind, unsigned int r, vrrp_usec_t at)
{
	uint16_t index = world->free_slots ? world->free_slots : world->unused_slots;
	struct slot *slot = &world->slot[index];

	if (index == QUEUE_SLOTS) {
		sim_fail(world, "more than %u packets and undone incidents at a time: a storm",
			 QUEUE_SLOTS - SLOTS_FIXED);
		return NULL;
	}
	if (world->free_slots)
		world->free_slots = slot->next_free;
	else
		world->unused_slots++;
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

	world->unused_slots = SLOTS_FIXED;
	for (r = 0; r < SIM_ROUTERS_MAX; r++) {
		for (i = 0; i < VRRP_TIMERS; i++)
			world->slot[SLOT_OF_TIMER(r, i)] =
				(struct slot){ .kind = SLOT_TIMER, .router = r, .which = i };
		world->slot[SLOT_OF_GRACE(r)] = (struct slot){ .kind = SLOT_ALARM, .router = r };
		world->slot[SLOT_OF_REPEAT(r)] = (struct slot){ .kind = SLOT_ALARM, .router = r };
		world->slot[SLOT_OF_HANDOVER(r)] = (struct slot){ .kind = SLOT_ALARM, .router = r };
		world->slot[SLOT_OF_AHEAD(r)] = (struct slot){ .kind = SLOT_ALARM, .router = r };
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
	struct slot *slot;

	if (sim_chance(world, world->weather[INCIDENT_REORDER]))
		at += sim_below(world, scenario->reorder + 1);
	slot = world_schedule(world, SLOT_PACKET, to, at);
	if (!slot)
		return;
	slot->packet = *message;
	slot->packet.to = to;
	if (sim_chance(world, world->weather[INCIDENT_CORRUPT]))
		corrupt(world, &slot->packet);
}

static void send_to(struct world *world, const struct packet *message, unsigned int to)
{
	if (to == message->from || world->cuts[message->from][to] ||
	    sim_chance(world, world->weather[INCIDENT_LOSS]))
		return;
	send_copy(world, message, to);
	if (sim_chance(world, world->weather[INCIDENT_DUP]))
		send_copy(world, message, to);
}

void world_send(struct world *world, const struct packet *message)
{
	unsigned int r = router_of(&message->dst);

	if (world->scenario->lan)
		for (r = 0; r < world->n; r++)
			send_to(world, message, r);
	else if (r < world->n && vrrp_addr_same(&message->dst, &world->router[r].config.source))
		send_to(world, message, r);
}

/* Receiving. */

/* One that was sent to where it is no more is nobody's. */
static bool is_for(const struct world *world, unsigned int r, const struct packet *packet)
{
	return world->scenario->lan || vrrp_addr_same(&packet->dst, &world->router[r].config.source);
}

static void receive(struct world *world, unsigned int r, const struct packet *packet)
{
	bool accepted = false;

	if (world_takes_part(&world->router[r]) && is_for(world, r, packet)) {
		accepted = engine_hears(world, r, packet);
		check_packet(world, r, packet, accepted);
	}
	if (accepted)
		world->totals->received++;
	else
		world->totals->dropped++;
}

void world_deliver(struct world *world, struct slot *slot)
{
	struct router *router = &world->router[slot->packet.to];
	unsigned int r = slot->packet.to, index = slot - world->slot;

	if (router->stalled && router->n_inbox < SIM_INBOX_MAX) {
		router->inbox[router->n_inbox++] = index;
		return;
	}
	receive(world, r, &slot->packet);
	engine_ends_tick(world, r);
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
		receive(world, r, &world->slot[index].packet);
		free_slot(world, index);
	}
	engine_ends_tick(world, r);
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

/* When that is by the world's clock; what is overdue is due now. */
static vrrp_usec_t world_time(const struct world *world, unsigned int r, vrrp_usec_t local)
{
	return local > local_time(world, r) ? local - world->router[r].clock : world->now;
}

void world_alarm(struct world *world, unsigned int r, unsigned int slot, vrrp_usec_t deadline)
{
	if (deadline)
		queue_set(&world->queue, slot, world_time(world, r, deadline));
	else
		queue_remove(&world->queue, slot);
}

void world_timer(struct world *world, unsigned int r, enum vrrp_timer which)
{
	const struct vrrp_router_timer *timer = &world->router[r].vr->timer[which];
	unsigned int index = SLOT_OF_TIMER(r, which);
	vrrp_usec_t deadline;

	if (queue_has(&world->queue, index) && sim_chance(world, world->scenario->stale_ppm))
		stale_expiry(world, r, which, world->slot[index].generation);
	if (!timer->alarm.deadline) {
		queue_remove(&world->queue, index);
		return;
	}
	deadline = world_time(world, r, timer->alarm.deadline);
	world->slot[index].generation = timer->generation;
	if (which == VRRP_TIMER_ACTIVE_DOWN)
		world->router[r].down_deadline = deadline;
	queue_set(&world->queue, index, deadline + sim_within(world, &world->scenario->latency));
}

/* An alarm of a stalled process waits until it runs again. */
static bool is_put_off(struct world *world, const struct slot *slot)
{
	const struct router *router = &world->router[slot->router];

	if (router->stalled)
		queue_set(&world->queue, slot - world->slot, router->resumes);
	return router->stalled;
}

static void stale_timer_fires(struct world *world, const struct slot *slot)
{
	const struct router *router = &world->router[slot->router];

	if (slot->incarnation == router->incarnation && !router->stalled)
		engine_stale_timer(world, slot->router, slot->which, slot->generation);
}

/* Processes. */

static void forget_router(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];
	unsigned int i;

	for (i = 0; i < VRRP_TIMERS; i++)
		queue_remove(&world->queue, SLOT_OF_TIMER(r, i));
	queue_remove(&world->queue, SLOT_OF_GRACE(r));
	queue_remove(&world->queue, SLOT_OF_REPEAT(r));
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
}

void world_forget(struct world *world, unsigned int r)
{
	unsigned int first = r - sim_election(world, r), i;

	engine_dies(world, r);
	for (i = first; i < first + world->scenario->members; i++)
		forget_router(world, i);
	for (i = first; i < first + world->scenario->members; i++)
		engine_new_process(world, i);
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
	const struct vrrp_fsm *fsm = &world->router[r].vr->fsm;
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
		if (!is_put_off(world, slot))
			engine_timer(world, slot->router, slot->which);
		break;
	case SLOT_ALARM:
		if (!is_put_off(world, slot))
			engine_alarm(world, slot->router, index);
		break;
	case SLOT_STALE:
		stale_timer_fires(world, slot);
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

	if (sim_election(world, r))
		router->clock = world->router[r - 1].clock; /* one host, one clock */
	else
		router->clock = 1 + sim_below(world, 1000000 * SIM_S);
	router->config.version = scenario->version;
	router->priority = sim_within(world, &scenario->priority[r]);
	router->config.priority = router->priority;
	router->config.interval_cs = sim_within(world, &scenario->interval_cs[r]);
	router->config.preempt = sim_within(world, &scenario->preempt[r]);
	router->config.preempt_delay_sec = sim_within(world, &scenario->preempt_delay_sec[r]);
	router->config.source = router->address[0];
	TRACE(world, "r%u priority %u, interval %u cs, preempt %d, delay %u s", r + 1,
	      router->config.priority, router->config.interval_cs, router->config.preempt,
	      router->config.preempt_delay_sec);
}

static void init_world(struct world *world, const struct scenario *scenario, uint64_t seed)
{
	enum tracing tracing = world->tracing;
	struct totals *totals = world->totals;
	bool ignore = world->ignore_clock_steps;
	unsigned int r, i;

	memset(world, 0, offsetof(struct world, slot));
	world->tracing = tracing;
	world->totals = totals;
	world->ignore_clock_steps = ignore;
	world->scenario = scenario;
	world->n = scenario->n_routers;
	world->seed = seed;
	for (r = 0; r < scenario->members; r++)
		world->vip[r] = virtual_address(scenario->family, r);
	for (r = 0; r < world->n; r++)
		for (i = 0; i < world->n; i++)
			world->cuts[r][i] = sim_election(world, r) != sim_election(world, i);
	for (r = 0; r < world->n; r++)
		for (i = 0; i < 2; i++)
			world->router[r].address[i] = router_address(world, r, i);
	world->random = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	world->digest = 14695981039346656037ULL;
}

bool world_run(struct world *world, const struct scenario *scenario, uint64_t seed)
{
	queue_key next;
	unsigned int r;

	init_world(world, scenario, seed);
	init_slots(world);
	engine_begin(world);
	for (r = 0; r < world->n; r++)
		init_router(world, r);
	for (r = 0; r < world->n; r++) {
		engine_new_process(world, r);
		engine_source(world, r, true);
	}
	incident_first(world);
	for (r = 0; r < world->n; r++)
		incident_priorities(world, r);
	for (r = 0; r < world->n; r++)
		engine_configure(world, r);
	while (!world->failed && world->queue.count) {
		next = queue_pop(&world->queue);
		if (queue_time(next) > scenario->length)
			break;
		world->now = queue_time(next);
		world->totals->events++;
		happen(world, queue_slot(next));
		check_served(world);
		if (world->look)
			check_bounds(world);
	}
	engine_end(world);
	world->totals->virtual_time += scenario->length * scenario->n_routers;
	return !world->failed;
}
