// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules that must hold, and how long each may be broken.
 *
 * A component is a set of routers that run and hear each other, all of them and
 * both ways, and that neither hear nor are heard by anybody else. Where hearing
 * is not mutual or not transitive VRRP promises nothing, and nothing is asked
 * but order and moderation. A component is quiet while no packet is lost or
 * held up in it and nothing befalls its routers; q is when that began. With
 *
 *	D   the longest delay of a packet, L the longest lateness of a timer,
 *	I   the longest advertisement interval anybody ever uses,
 *	s   2 L + 2 ms: steps that a chain of causes may be late altogether,
 *
 * from q + D on every packet that arrives was sent by a member that still has
 * the priority and address it said. Then:
 *
 * NO ACTIVE. A member that is Backup while nobody sends has ACTIVE_DOWN
 *   pending, set at q + D at the latest, for 3 I + Skew_Time < 4 I; the end of a
 *   preemption delay can put it off once, by Skew_Time < I. So by q + D + 5 I + s
 *   somebody is Active. From then on somebody always is: an Active router only
 *   yields to an Active one that outranks it, and the highest has nobody to
 *   yield to. After a polite leave in a settled component, every other member
 *   has Skew_Time < I pending: the bound is q + D + I + s, unless the farewell
 *   overtakes the last beat on its way.
 *
 * TWO ACTIVE. Of two members that are Active the higher sends by I(higher) + L
 *   and is heard D later: the lower yields. In VRRPv3 the bound is shorter:
 *   the lower sends by I(lower) + L, the higher answers at once (or has sent in
 *   the last millisecond, which the lower hears as well): I(lower) + L + 2 D. The
 *   smaller of the two bounds counts, from the moment both are Active or from
 *   q + D, plus s.
 *
 * SETTLED. Let T be the highest priority of those that preempt. While nobody of
 *   that priority or a higher one is Active, nothing that arrives sets T's timer
 *   anew, save that a preemption delay P is waited out: by q + D + 5 I + I + P + I
 *   somebody of at least its priority is Active. Two of them settle as above
 *   (I + L + 2 D), and those who last heard the loser go by its interval for at
 *   most 4 I and are answered at once: 12 I + 8 D + P + 4 s covers it. After
 *   that there is no transition, nobody waits who ought to preempt, and the only
 *   advertisements are the Active router's beat: one in an interval.
 *
 * FIRST. Two Backups with timers that count from the same advertisement fire in the
 *   order of their priorities when their Skew_Times differ by more than their
 *   hearing of it (D) and lateness. No quiet is needed for that.
 *
 * RESPECT. Whatever was configured meanwhile, and whatever bounds start anew by that:
 *   a Backup does not take over from a router that it must respect as it is configured
 *   now, and that it has heard, for three of the shortest intervals there are, unless it
 *   has heard priority 0 since. No quiet is needed for that either.
 *
 * HINT. A router that BFD no longer reaches is respected for one of the shortest intervals
 *   only, and so is one that has given way to it; but as ever while it lives: a dead BFD path
 *   alone moves nothing.
 *
 * RESUME. A process that is started again is told when the one before it advertised last, and with
 *   which interval I. No Backup can have taken over before 3 I from then: until then it is Active at
 *   once, later never at once. In a component that was settled before, nobody takes over from one
 *   that was back D + s before that.
 *
 * LATE. A router that slept longer than every Active_Down_Interval leaves
 *   Active in its first step. A Backup does not become Active while an
 *   advertisement that would have kept it Backup lies unread in its socket. The
 *   daemon reads its sockets before its timers, so there is none. Where timers
 *   come first the machine itself promises it once for a stall, and only when it
 *   is late by more than an interval.
 *
 * SERVED. Where VIPs are drained, and all leave as planned, somebody has the VIP, announced or
 *   not, from when the first one is Active until one leaves to nobody else; one of the others
 *   is Active before the drain ends, since scenarios have 5 I much shorter than it. And whoever
 *   has left the election announces it until another one is Active, or for a second, or
 *   half of the drain. Who has the VIP before it preempts has it for the time that routes take to
 *   settle, and drains it when it does not preempt after all. (Who has given way need not: two that take each other for the better one at
 *   the same instant are both Backup, and announce nothing for Active_Down_Interval.) Beyond
 *   its drain nobody who is not Active has anything.
 *
 * TOGETHER. Where all routers of a host are members of a sync group, the bounds above but TWO ACTIVE
 *   are those of the set, as follows; what befalls one of them, befalls all, and q is of all
 *   elections. While one of a host is held, none of it is Active; at once, without any quiet.
 *   Members of different elections are never Active on two hosts for longer than one
 *   Active_Down_Interval and one interval, 5 I, from q + D on: of two hosts that are Active in
 *   one election, one gives up all by I + L + 2 D (TWO ACTIVE), also in a tie, which one election
 *   decides, so two that are Active in all are so for no longer than 2 I; and of two that are not, each follows the other in its own election, so one is outranked
 *   there, and gives up, or the other takes over at its next advertisement, by I. After twice
 *   the time of SETTLED one host is Active in all elections, and there is no transition.
 *
 * MODERATION. An advertisement is answered only by Active routers that outrank
 *   its sender (or hear its priority 0), so a chain of answers climbs in rank and
 *   is no longer than there are routers: depth. Changes of rank on the way can
 *   make it longer once each; twice the routers is a storm. The k-th lowest of n
 *   Active routers sends its beat and an answer to all that lower ones send, so
 *   2^(k-1) in an interval, and all of them 2^n - 1: this number is reached when each
 *   hears all lower ones and is heard by none of them (staircase.sim). One
 *   interval's share more in a second is left for what incidents cause. A router
 *   that slept answers all that waited for it by one.
 */
#include "sim.h"

#define SLACK (2 * SIM_MS)
/* It is looked for the routes from time to time. */
#define SETTLE_LOOKS (100 * SIM_MS)

static vrrp_usec_t interval_of(const struct world *world, unsigned int r)
{
	return world->router[r].config.interval_cs * VRRP_USEC_PER_CS;
}

/* The core's own formula is under test, so this is another. */
static vrrp_usec_t skew_of(const struct world *world, unsigned int r, vrrp_usec_t interval)
{
	const struct vrrp_fsm_config *config = &world->router[r].config;
	vrrp_usec_t whole = config->version == 2 ? SIM_S : interval;

	return whole - whole * config->priority / 256;
}

static vrrp_usec_t delay_max(const struct world *world)
{
	return world->scenario->delay.high + world->scenario->reorder;
}

static vrrp_usec_t slack(const struct world *world)
{
	return 2 * world->scenario->latency.high + SLACK;
}

/* One step: actions and timers. */

/* The place of an action in a step that enters or leaves Active. */
static int place_of(const struct vrrp_action *action, bool enters)
{
	switch (action->type) {
	case VRRP_ACTION_ADD_ADDRESSES:
		return enters ? 1 : -1;
	case VRRP_ACTION_ADD_ROUTES:
		return enters ? 2 : -1;
	case VRRP_ACTION_SEND_ADVERT:
		return enters ? 3 : action->priority == 0 ? 1 : -1;
	case VRRP_ACTION_GARP:
		return enters ? 4 : -1;
	case VRRP_ACTION_DEL_ROUTES:
		return enters ? -1 : 2;
	case VRRP_ACTION_DEL_ADDRESSES:
		return enters ? -1 : 3;
	case VRRP_ACTION_SET_TIMER:
	case VRRP_ACTION_CANCEL_TIMER:
		return 5;
	case VRRP_ACTION_TRANSITION:
		return 6;
	case VRRP_ACTION_STAY:
		break;
	}
	return -1;
}

/* Every place once, in order; only timers may be several or none. */
static bool ordered(const struct vrrp_actions *actions, bool enters, bool releases)
{
	int place, last = enters || releases ? 0 : 1, timers = 0;
	unsigned int i;

	for (i = 0; i < actions->count; i++) {
		place = place_of(&actions->list[i], enters);
		if (place == 5) {
			timers++;
			if (last != (enters ? 4 : 3))
				return false;
		} else if (place == 6) {
			return timers > 0 && i + 1 == actions->count && last == (enters ? 4 : 3);
		} else if (place != ++last) {
			return false;
		}
	}
	return false;
}

/* One that goes ahead, or draws back, has addresses while it has routes. */
static bool is_pair(const struct vrrp_actions *actions, unsigned int i, enum vrrp_action_type first,
		    enum vrrp_action_type second)
{
	return i + 1 < actions->count && actions->list[i].type == first &&
	       actions->list[i + 1].type == second;
}

/*
 * A step that neither enters nor leaves Active touches no address and no route, unless it goes
 * ahead or draws back.
 */
static bool harmless(const struct world *world, bool is_ahead, const struct vrrp_actions *actions)
{
	bool settles = world->scenario->settle;
	unsigned int i, sent = 0;

	for (i = 0; i < actions->count; i++) {
		if (settles && (is_ahead ? is_pair(actions, i, VRRP_ACTION_ADD_ADDRESSES,
						   VRRP_ACTION_ADD_ROUTES)
					 : is_pair(actions, i, VRRP_ACTION_DEL_ROUTES,
						   VRRP_ACTION_DEL_ADDRESSES))) {
			i++;
			continue;
		}
		switch (actions->list[i].type) {
		case VRRP_ACTION_SEND_ADVERT:
			sent++;
			break;
		case VRRP_ACTION_SET_TIMER:
		case VRRP_ACTION_CANCEL_TIMER:
		case VRRP_ACTION_TRANSITION:
		case VRRP_ACTION_STAY:
			break;
		default:
			return false;
		}
	}
	return sent <= 1;
}

static void check_order(struct world *world, unsigned int r, const struct vrrp_event *event,
			enum vrrp_state before, const struct vrrp_actions *actions)
{
	enum vrrp_state after = world->router[r].vr->fsm.state;
	bool enters = after == VRRP_ACTIVE;

	if (enters == (before == VRRP_ACTIVE)) {
		if (!harmless(world, world->router[r].is_ahead, actions))
			sim_fail(world, "r%u: a step within a state touched addresses or sent twice",
				 r + 1);
	} else if (!ordered(actions, enters,
			    after == VRRP_INITIALIZE || event->type == VRRP_EVENT_GIVE_UP)) {
		sim_fail(world, "r%u: %s > %s with its actions out of order", r + 1,
			 vrrp_state_name(before), vrrp_state_name(after));
	}
}

static void check_timers(struct world *world, unsigned int r)
{
	const struct router *router = &world->router[r];
	const struct vrrp_fsm *fsm = &router->vr->fsm;
	unsigned int i, pending = 0, must = 0, may = 0;

	for (i = 0; i < VRRP_TIMERS; i++) {
		pending |= fsm->timer[i].deadline ? BIT(i) : 0;
		if (queue_has(&world->queue, SLOT_OF_TIMER(r, i)) != (fsm->timer[i].deadline != 0))
			sim_fail(world, "r%u: the machine and its shell disagree about timer %u",
				 r + 1, i);
	}
	if (fsm->state == VRRP_ACTIVE)
		must = may = BIT(VRRP_TIMER_ADVERT);
	else if (fsm->state == VRRP_BACKUP)
		must = BIT(VRRP_TIMER_ACTIVE_DOWN), may = must | BIT(VRRP_TIMER_PREEMPT);
	if ((pending & must) != must || pending & ~may)
		sim_fail(world, "r%u: in %s the pending timers are %#x", r + 1,
			 vrrp_state_name(fsm->state), pending);
}

static void check_deadlines(struct world *world, unsigned int r, const struct vrrp_actions *actions)
{
	vrrp_usec_t now = world->now + world->router[r].clock;
	unsigned int i;

	for (i = 0; i < actions->count; i++)
		if (actions->list[i].type == VRRP_ACTION_SET_TIMER &&
		    actions->list[i].timer.deadline < now)
			sim_fail(world, "r%u: timer %u is set into the past", r + 1,
				 actions->list[i].timer.which);
}

/* FIRST */
static void check_first(struct world *world, unsigned int r)
{
	const struct router *us = &world->router[r];
	vrrp_usec_t apart = delay_max(world) + world->scenario->latency.high + slack(world);
	unsigned int i;

	for (i = 0; i < world->n; i++) {
		const struct router *them = &world->router[i];

		if (i == r || them->vr->fsm.state != VRRP_BACKUP || them->stalled ||
		    us->rearmed_by == 0 || them->rearmed_by != us->rearmed_by ||
		    them->rearm_interval != us->rearm_interval || us->rearm_interval == 0)
			continue;
		if (skew_of(world, r, us->rearm_interval) >
		    skew_of(world, i, us->rearm_interval) + apart)
			sim_fail(world,
				 "r%u takes over before r%u, which has a higher priority and "
				 "last heard the same",
				 r + 1, i + 1);
	}
}

static unsigned int component_of(const struct world *world, unsigned int r);
static vrrp_usec_t quiet_since(const struct world *world, unsigned int set);

/* HINT: it runs, is heard, and nothing has happened to it since. */
static bool lives(const struct world *world, unsigned int r, unsigned int i)
{
	unsigned int set = component_of(world, r);

	return set & BIT(i) && world->router[i].vr->fsm.state == VRRP_ACTIVE &&
	       !world->router[i].stalled && quiet_since(world, set) <= world->router[r].heard[i].at;
}

/* HINT: BFD no longer reaches it, or the better one that was heard since. */
static bool is_hinted(const struct world *world, unsigned int r, unsigned int i)
{
	const struct router *router = &world->router[r];
	const struct heard *heard = router->heard;
	unsigned int j;

	for (j = 0; j < world->n; j++)
		if ((j == i ||
		     (heard[j].at > heard[i].at && heard[j].priority >= heard[i].priority)) &&
		    router->hinted[j] > heard[j].at && !lives(world, r, j))
			return true;
	return false;
}

/* For how long a router that was heard is respected. */
static vrrp_usec_t respect_of(const struct world *world, unsigned int r, unsigned int i)
{
	return (is_hinted(world, r, i) ? 1 : 3) * world->scenario->interval_min;
}

/* RESPECT */
static void check_respect(struct world *world, unsigned int r)
{
	const struct router *router = &world->router[r];
	bool preempts = (router->config.preempt && !router->yields) ||
			router->config.priority == VRRP_PRIORITY_OWNER;
	unsigned int i;

	for (i = 0; i < sizeof(router->heard) / sizeof(*router->heard); i++) {
		const struct heard *heard = &router->heard[i];

		if (heard->at == 0 || (preempts && heard->priority < router->config.priority))
			continue;
		if (world->now < heard->at + respect_of(world, r, i))
			sim_fail(world,
				 "r%u of priority %u takes over from r%u of priority %u, which it "
				 "must respect and heard %llu us ago",
				 r + 1, router->config.priority, i + 1, heard->priority,
				 (unsigned long long)(world->now - heard->at));
	}
}

/* RESUME */
static void check_unnoticed(struct world *world, unsigned int r)
{
	unsigned int i, set = component_of(world, r);

	for (i = 0; i < world->n; i++)
		if (i != r && set & BIT(i) && world->router[i].unnoticed &&
		    quiet_since(world, set) == world->router[i].unnoticed)
			sim_fail(world, "r%u takes over from r%u, which was started again in time",
				 r + 1, i + 1);
}

static void check_resume(struct world *world, unsigned int r, const struct vrrp_event *event)
{
	vrrp_usec_t end = event->resume.sent + 3 * event->resume.interval;
	bool is_in_time = world->now + world->router[r].clock < end;
	bool is_active = world->router[r].vr->fsm.state == VRRP_ACTIVE;

	if (is_active && !is_in_time)
		sim_fail(world, "r%u resumes, though others may have taken over", r + 1);
	if (!is_active && is_in_time)
		sim_fail(world, "r%u is back in time, and does not resume", r + 1);
}

/* LATE, Backup */
static void check_unread(struct world *world, unsigned int r)
{
	const struct router *router = &world->router[r];
	unsigned int i;

	if (world->scenario->timers_first &&
	    (router->put_off || world->now <= router->down_deadline + world->scenario->interval_max))
		return;
	for (i = 0; i < router->n_inbox; i++) {
		const struct packet *packet = &world->slot[router->inbox[i]].packet;

		if (router->inbox[i] && !packet->forged && !packet->corrupt &&
		    packet->priority >= router->config.priority)
			sim_fail(world,
				 "r%u becomes Active though an advertisement of priority %u lies "
				 "in its socket",
				 r + 1, packet->priority);
	}
}

static void check_transition(struct world *world, unsigned int r, const struct vrrp_event *event)
{
	const struct router *router = &world->router[r];

	world->totals->transitions++;
	world->digest = (world->digest ^ (world->now * 64 + r * 8 + router->vr->fsm.state)) *
			1099511628211ULL;
	world->look = true;
	if (router->vr->fsm.state != VRRP_ACTIVE || event->type != VRRP_EVENT_TIMER)
		return;
	world->totals->takeovers++;
	check_first(world, r);
	check_unnoticed(world, r);
	check_respect(world, r);
	check_unread(world, r);
}

/* May the step have ended what ACTIVE_DOWN was put off for? */
static bool begins_anew(const struct vrrp_event *event)
{
	if (event->type == VRRP_EVENT_TIMER)
		return event->timer.which == VRRP_TIMER_ACTIVE_DOWN;
	if (event->type == VRRP_EVENT_ADVERT)
		return event->advert.priority != VRRP_PRIORITY_RELEASE;
	return event->type != VRRP_EVENT_CONFIG && event->type != VRRP_EVENT_PEER_DOWN;
}

void check_step(struct world *world, unsigned int r, const struct vrrp_event *event,
		enum vrrp_state before, const struct vrrp_actions *actions)
{
	struct router *router = &world->router[r];
	bool active = router->vr->fsm.state == VRRP_ACTIVE;

	check_deadlines(world, r, actions);
	if (event->type == VRRP_EVENT_SETTLED &&
	    world->now < router->ahead_since + world->scenario->settle)
		sim_fail(world, "r%u: its routes have not settled yet", r + 1);
	check_order(world, r, event, before, actions);
	if (event->type == VRRP_EVENT_RESUME && before == VRRP_INITIALIZE)
		check_resume(world, r, event);
	if (router->must_yield && actions->count) {
		if (before == VRRP_ACTIVE && active)
			sim_fail(world,
				 "r%u stays Active though it slept longer than all others wait",
				 r + 1);
		router->must_yield = false;
	}
	if (router->vr->fsm.state != before)
		check_transition(world, r, event);
	if (actions->count && begins_anew(event))
		router->put_off = event->type == VRRP_EVENT_TIMER && before == VRRP_BACKUP;
}

/* An address that means something on its link only has no route. */
static bool routes_fit(const struct world *world, const struct router *router, bool active)
{
	return router->routes == (active && world->scenario->family == VRRP_IPV4);
}

/* A Backup, or one that is shut down, has what its drain says, and in time. */
static void check_drain(struct world *world, unsigned int r)
{
	const struct router *router = &world->router[r];
	enum vrrp_handover handover = router->vr->handover;
	bool announces = handover == VRRP_HANDOVER_ANNOUNCES || router->is_ahead || router->serves;
	bool stands_by = world->scenario->standby && router->vr->fsm.state == VRRP_BACKUP;

	if (router->drew_back && !router->answers &&
	    world->now < router->drained_since + world->scenario->drain)
		sim_fail(world, "r%u: does not preempt after all, and does not answer", r + 1);
	if (router->addresses != announces || router->routes != (announces || stands_by) ||
	    router->answers != (handover == VRRP_HANDOVER_ANSWERS))
		sim_fail(world, "r%u: in its drain, %s, addresses %d, routes %d, answers %d", r + 1,
			 vrrp_handover_name(handover), router->addresses, router->routes,
			 router->answers);
	if (world->scenario->healthy && handover == VRRP_HANDOVER_NONE && !router->serves &&
	    router->drained_since && world->now < router->drained_since + world->scenario->drain)
		sim_fail(world, "r%u: gives the VIP up at once", r + 1);
	if (handover != VRRP_HANDOVER_NONE &&
	    world->now > router->drained_since + world->scenario->drain)
		sim_fail(world, "r%u: its drain does not end", r + 1);
}

/* A Backup that has the VIP no more drains it, as one does that leaves Active. */
static void note_serving(struct world *world, unsigned int r, bool active)
{
	struct router *router = &world->router[r];
	bool serves = sim_serves(world, router);

	if (router->serves && !serves && !active)
		router->drained_since = world->now;
	router->serves = serves;
}

void check_state(struct world *world, unsigned int r)
{
	const struct router *router = &world->router[r];
	bool active = router->vr->fsm.state == VRRP_ACTIVE;

	note_serving(world, r, active);
	check_timers(world, r);
	if (router->answers && active)
		sim_fail(world, "r%u: is Active, and is drained", r + 1);
	if (world->scenario->drain && !active) {
		check_drain(world, r);
		return;
	}
	if (router->addresses != active || !routes_fit(world, router, active))
		sim_fail(world, "r%u: in %s, addresses %d and routes %d", r + 1,
			 vrrp_state_name(router->vr->fsm.state), router->addresses, router->routes);
}

void check_packet(struct world *world, unsigned int r, const struct packet *packet, bool accepted)
{
	bool good = !packet->corrupt && !packet->forged;
	bool v2 = world->scenario->version == 2; /* another interval is another group */

	if (!good && accepted && !(packet->forged && world->scenario->lan))
		sim_fail(world, "r%u accepts %s advertisement", r + 1,
			 packet->forged ? "a stranger's" : "a corrupted");
	if (good && !accepted && !v2)
		sim_fail(world, "r%u drops a good advertisement", r + 1);
}

/* Components. */

static unsigned int present(const struct world *world)
{
	unsigned int r, set = 0;

	for (r = 0; r < world->n; r++)
		set |= world_takes_part(&world->router[r]) ? BIT(r) : 0;
	return set;
}

/* How long one that has left announces though nobody is heard. */
static vrrp_usec_t alone(const struct world *world)
{
	vrrp_usec_t half = world->scenario->drain / 2;

	return half < SIM_S ? half : SIM_S;
}

void check_moves(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];
	unsigned int i;

	if (router->vr->fsm.state == VRRP_ACTIVE) {
		router->active_since = world->now;
		for (i = 0; i < world->n; i++)
			world->router[i].owes_route = false;
		return;
	}
	router->active_until = router->drained_since = world->now;
	router->owes_route = router->vr->fsm.state == VRRP_INITIALIZE;
	if (!(present(world) & ~BIT(r)))
		world->served = false;
}

/* SERVED */
void check_served(struct world *world)
{
	bool had = false, announced = false, owed = false;
	unsigned int r;

	if (!world->scenario->drain)
		return;
	for (r = 0; r < world->n; r++) {
		const struct router *router = &world->router[r];

		had |= router->addresses || router->answers;
		announced |= router->routes;
		owed |= router->owes_route && world->now < router->active_until + alone(world);
		world->served |= router->vr->fsm.state == VRRP_ACTIVE;
	}
	if (world->served && !had)
		sim_fail(world, "nobody has the VIP");
	if (owed && !announced)
		sim_fail(world, "nobody announces the VIP");
}

static unsigned int heard_by(const struct world *world, unsigned int r)
{
	unsigned int i, set = 0;

	for (i = 0; i < world->n; i++)
		set |= world->cuts[r][i] ? 0 : BIT(i);
	return set;
}

static unsigned int hearing(const struct world *world, unsigned int r)
{
	unsigned int i, set = 0;

	for (i = 0; i < world->n; i++)
		set |= world->cuts[i][r] ? 0 : BIT(i);
	return set;
}

/* The component of r, or 0 when it is not one that promises are made of. */
static unsigned int component_of(const struct world *world, unsigned int r)
{
	unsigned int all = present(world), i, set = heard_by(world, r) & all;

	if (world->weather[INCIDENT_LOSS] || world->weather[INCIDENT_REORDER] ||
	    world->weather[INCIDENT_CORRUPT])
		return 0;
	for (i = 0; i < world->n; i++)
		if (set & BIT(i) &&
		    ((heard_by(world, i) & all) != set || (hearing(world, i) & all) != set))
			return 0;
	return set & BIT(r) ? set : 0;
}

static vrrp_usec_t quiet_since(const struct world *world, unsigned int set)
{
	vrrp_usec_t since = 0;
	unsigned int r;

	for (r = 0; r < world->n; r++)
		if (set & BIT(r) && world->router[r].disturbed > since)
			since = world->router[r].disturbed;
	return since;
}

static unsigned int active_in(const struct world *world, unsigned int set)
{
	unsigned int r, active = 0;

	for (r = 0; r < world->n; r++)
		if (set & BIT(r) && world->router[r].vr->fsm.state == VRRP_ACTIVE)
			active |= BIT(r);
	return active;
}

void check_disturbed(struct world *world, unsigned int r)
{
	unsigned int i, near = BIT(r) | heard_by(world, r) | hearing(world, r);

	if (world->scenario->members > 1)
		near = BIT(world->n) - 1;

	for (i = 0; i < world->n; i++)
		if (near & BIT(i))
			world->router[i].disturbed = world->now;
	world->look = true;
}

static vrrp_usec_t settling_time(const struct world *world)
{
	const struct scenario *scenario = world->scenario;

	return 12 * scenario->interval_max + 8 * delay_max(world) + scenario->preempt_delay +
	       scenario->settle + (scenario->settle ? SETTLE_LOOKS : 0) + 4 * slack(world);
}

static bool is_settled(const struct world *world, unsigned int set)
{
	return set && !world->scenario->farewells && world->scenario->members == 1 &&
	       world->now > quiet_since(world, set) + settling_time(world);
}

static void count_seconds(struct world *world)
{
	if (world->now / SIM_S == world->second)
		return;
	world->second = world->now / SIM_S;
	world->sent_this_second = 0;
}

/* Doubled packets are doubly answered, by each in a chain. */
static unsigned int most_in_a_second(const struct world *world)
{
	unsigned int in_an_interval = BIT(world->n) - 1;
	unsigned int intervals = 2 + SIM_S / world->scenario->interval_min;
	bool doubled = world->weather_turn[INCIDENT_DUP] != 0;

	return in_an_interval * intervals * (doubled ? BIT(world->n) : 1);
}

/* MODERATION */
void check_sent(struct world *world, unsigned int r, const struct vrrp_event *cause,
		unsigned int depth)
{
	struct totals *totals = world->totals;

	totals->sent++;
	world->router[r].last_sent = world->now;
	totals->depth_max = depth > totals->depth_max ? depth : totals->depth_max;
	count_seconds(world);
	if (++world->sent_this_second > totals->per_second_max)
		totals->per_second_max = world->sent_this_second;
	if (world->sent_this_second > most_in_a_second(world))
		sim_fail(world, "%u advertisements in a second: a storm", world->sent_this_second);
	if (depth > 2 * world->scenario->n_routers)
		sim_fail(world, "r%u sends the %uth advertisement in a chain of answers: a storm",
			 r + 1, depth + 1);
	if (cause->type == VRRP_EVENT_ADVERT && is_settled(world, component_of(world, r)))
		sim_fail(world, "r%u answers an advertisement in a settled component", r + 1);
}

void check_restarts(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];

	router->was_active = (struct was_active){};
	router->unnoticed = 0;
	if (router->vr->fsm.state != VRRP_ACTIVE || !router->last_sent)
		return;
	router->was_active.sent = router->last_sent;
	router->was_active.interval = interval_of(world, r);
	if (is_settled(world, component_of(world, r)))
		router->was_active.ended = world->now;
}

void check_is_back(struct world *world, unsigned int r)
{
	struct router *router = &world->router[r];
	const struct was_active *was = &router->was_active;
	vrrp_usec_t end = was->sent + 3 * was->interval;

	if (was->sent && was->ended && quiet_since(world, BIT(world->n) - 1) == was->ended &&
	    world->now + delay_max(world) + slack(world) < end)
		router->unnoticed = world->now;
}

void check_releases(struct world *world, unsigned int r)
{
	unsigned int set = component_of(world, r);

	if (!is_settled(world, set) || world->router[r].vr->fsm.state != VRRP_ACTIVE ||
	    world->router[r].hold[HOLD_SOURCE] ||
	    world->now <= world->router[r].last_sent + delay_max(world))
		return;
	world->released = world->now;
	world->released_to = set & ~BIT(r);
}

/* Bounds. Each returns when to look again, or 0. */

static vrrp_usec_t sooner(vrrp_usec_t a, vrrp_usec_t b)
{
	return a && (!b || a < b) ? a : b;
}

static void note_use(unsigned int *permille, vrrp_usec_t used, vrrp_usec_t bound)
{
	unsigned int part = used * 1000 / bound;

	if (part > *permille)
		*permille = part;
}

/* Since when one of them has been Active. */
static vrrp_usec_t first_active(const struct world *world, unsigned int set)
{
	unsigned int r, active = active_in(world, set);
	vrrp_usec_t first = UINT64_MAX;

	for (r = 0; r < world->n; r++)
		if (active & BIT(r) && world->router[r].active_since < first)
			first = world->router[r].active_since;
	return first;
}

/* NO ACTIVE */
static vrrp_usec_t check_no_active(struct world *world, unsigned int set, vrrp_usec_t since)
{
	vrrp_usec_t bound = delay_max(world) + slack(world) + 5 * world->scenario->interval_max;

	if (since == world->released && set == world->released_to)
		bound = delay_max(world) + slack(world) + world->scenario->interval_max;
	if (active_in(world, set)) {
		if (first_active(world, set) == world->now)
			note_use(&world->totals->no_active_permille, world->now - since, bound);
		return 0;
	}
	if (world->now > since + bound)
		sim_fail(world, "nobody is Active among routers %#x, quiet for %llu us", set,
			 (unsigned long long)(world->now - since));
	return since + bound + 1;
}

static bool outranks(const struct vrrp_fsm_config *a, const struct vrrp_fsm_config *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return vrrp_addr_cmp(&a->source, &b->source) > 0;
}

/* TWO ACTIVE */
static vrrp_usec_t check_pair(struct world *world, unsigned int a, unsigned int b, vrrp_usec_t since)
{
	const struct router *higher = &world->router[a], *lower = &world->router[b];
	vrrp_usec_t start = since + delay_max(world), bound, answered;

	start = higher->active_since > start ? higher->active_since : start;
	start = lower->active_since > start ? lower->active_since : start;
	bound = interval_of(world, a) + delay_max(world);
	answered = interval_of(world, b) + 2 * delay_max(world);
	if (world->scenario->version != 2 && answered < bound)
		bound = answered;
	bound += slack(world) + world->scenario->latency.high;
	if (world->now > start + bound)
		sim_fail(world, "r%u and r%u, which outranks it, have both been Active for %llu us",
			 b + 1, a + 1, (unsigned long long)(world->now - start));
	if (world->now > start)
		note_use(&world->totals->two_active_permille, world->now - start, bound);
	return start + bound + 1;
}

static vrrp_usec_t check_two_active(struct world *world, unsigned int active, vrrp_usec_t since)
{
	vrrp_usec_t next = 0;
	unsigned int a, b;

	for (a = 0; a < world->n; a++)
		for (b = 0; b < world->n; b++)
			if (a != b && active & BIT(a) && active & BIT(b) &&
			    outranks(&world->router[a].config, &world->router[b].config))
				next = sooner(check_pair(world, a, b, since), next);
	return next;
}

/* SETTLED: transitions show by active_since; who ought to preempt by priority. */
static vrrp_usec_t check_settled(struct world *world, unsigned int set, vrrp_usec_t since)
{
	vrrp_usec_t end = since + settling_time(world);
	unsigned int r, active = active_in(world, set), a = __builtin_ctz(active);

	if (world->now <= end)
		return end + 1;
	if (world->now == end + 1)
		world->totals->settled++;
	if (active & (active - 1))
		sim_fail(world, "routers %#x are Active after %llu us of quiet", active,
			 (unsigned long long)(world->now - since));
	for (r = 0; r < world->n; r++) {
		const struct router *router = &world->router[r];

		if (set & BIT(r) && router->vr->fsm.since - router->clock > end)
			sim_fail(world, "r%u changed its state after %llu us of quiet", r + 1,
				 (unsigned long long)(router->vr->fsm.since - router->clock -
						      since));
		if (set & BIT(r) && router->config.preempt && !router->yields &&
		    router->config.priority > world->router[a].config.priority)
			sim_fail(world, "r%u of priority %u lets r%u of priority %u be Active",
				 r + 1, router->config.priority, a + 1,
				 world->router[a].config.priority);
	}
	return 0;
}

/* TOGETHER */

void check_held(struct world *world, unsigned int r)
{
	unsigned int first = r - sim_election(world, r), i, active = 0, held = 0;

	for (i = first; i < first + world->scenario->members; i++) {
		const struct vrrp_router *vr = world->router[i].vr;

		if (!vr)
			return; /* the host begins */
		if (vr->fsm.state == VRRP_ACTIVE)
			active = i + 1;
		else if (vr->sync_facts.counts && vr->sync_facts.hold)
			held = i + 1;
	}
	if (active && held && world->scenario->members > 1)
		sim_fail(world, "r%u is Active, though r%u of its host is held", active, held);
}

/* The routers of one election. */
static unsigned int election_set(const struct world *world, unsigned int election)
{
	unsigned int r, set = 0;

	for (r = election; r < world->n; r += world->scenario->members)
		set |= world_takes_part(&world->router[r]) ? BIT(r) : 0;
	return set;
}

/* All present ones hear each other, and are the same hosts in each election. */
static bool is_whole(const struct world *world)
{
	unsigned int election, r, set, first = election_set(world, 0);

	for (election = 0; election < world->scenario->members; election++) {
		set = election_set(world, election);
		if (set != first << election || !set)
			return false;
		for (r = 0; r < world->n; r++)
			if (set & BIT(r) && component_of(world, r) != set)
				return false;
	}
	return true;
}

static bool is_active(const struct router *router)
{
	return world_takes_part(router) && router->vr->fsm.state == VRRP_ACTIVE;
}

/* The hosts that are Active in any election, and in all of them. */
static void active_hosts(const struct world *world, unsigned int *any, unsigned int *all)
{
	unsigned int r;

	*any = 0;
	*all = ~0U;
	for (r = 0; r < world->n; r++)
		if (is_active(&world->router[r]))
			*any |= BIT(sim_host(world, r));
		else
			*all &= ~BIT(sim_host(world, r));
	*all &= *any;
}

/* Members of different elections on two hosts. */
static bool is_split(const struct world *world)
{
	unsigned int a, b;

	for (a = 0; a < world->n; a++)
		for (b = 0; b < world->n; b++)
			if (sim_host(world, a) != sim_host(world, b) &&
			    sim_election(world, a) != sim_election(world, b) &&
			    is_active(&world->router[a]) && is_active(&world->router[b]))
				return true;
	return false;
}

static vrrp_usec_t check_split(struct world *world, vrrp_usec_t since)
{
	vrrp_usec_t start = since + delay_max(world), bound;

	if (!is_split(world)) {
		world->split = 0;
		return 0;
	}
	if (!world->split)
		world->split = world->now;
	start = world->split > start ? world->split : start;
	bound = 5 * world->scenario->interval_max + 2 * delay_max(world) + slack(world);
	if (world->now > start + bound)
		sim_fail(world, "members of a sync group are Active on two hosts for %llu us",
			 (unsigned long long)(world->now - start));
	return start + bound + 1;
}

/* All members on two hosts. */
static vrrp_usec_t check_two_hosts(struct world *world, vrrp_usec_t since)
{
	vrrp_usec_t start = since + delay_max(world), bound;
	unsigned int any, all;

	active_hosts(world, &any, &all);
	if (!(all & (all - 1))) {
		world->doubled = 0;
		return 0;
	}
	if (!world->doubled)
		world->doubled = world->now;
	start = world->doubled > start ? world->doubled : start;
	bound = 2 * world->scenario->interval_max + 2 * delay_max(world) + slack(world);
	if (world->now > start + bound)
		sim_fail(world, "two hosts are Active for all of a sync group for %llu us",
			 (unsigned long long)(world->now - start));
	return start + bound + 1;
}

/* True for one that would preempt the host that is Active, and is not kept from it by another. */
static bool ought_to_be(const struct world *world, unsigned int host, unsigned int active)
{
	unsigned int i, first = host * world->scenario->members;
	bool preempts = true;

	for (i = first; i < first + world->scenario->members; i++)
		preempts &= world_takes_part(&world->router[i]) &&
			    world->router[i].config.preempt && !world->router[i].yields;
	return preempts && world->router[first].config.priority >
				   world->router[active * world->scenario->members].config.priority;
}

static vrrp_usec_t check_one_host(struct world *world, vrrp_usec_t since)
{
	vrrp_usec_t end = since + 2 * settling_time(world);
	unsigned int any, all, r;

	if (world->now <= end)
		return end + 1;
	if (world->now == end + 1)
		world->totals->settled++;
	active_hosts(world, &any, &all);
	if (!all || any != all || any & (any - 1)) {
		sim_fail(world,
			 "hosts %#x are Active in an election, %#x in all, after %llu us of quiet",
			 any, all, (unsigned long long)(world->now - since));
		return 0;
	}
	for (r = 0; r < world->n; r++) {
		if (world_takes_part(&world->router[r]) &&
		    world->router[r].vr->fsm.since - world->router[r].clock > end)
			sim_fail(world, "r%u changed its state after a long quiet", r + 1);
		if (ought_to_be(world, sim_host(world, r), __builtin_ctz(any)))
			sim_fail(world, "host %u lets host %u be Active, which is lower",
				 sim_host(world, r) + 1, __builtin_ctz(any) + 1);
	}
	return 0;
}

static vrrp_usec_t check_sync(struct world *world)
{
	vrrp_usec_t since = quiet_since(world, BIT(world->n) - 1), next;

	if (!is_whole(world)) {
		world->split = world->doubled = 0;
		return 0;
	}
	next = sooner(check_split(world, since), check_two_hosts(world, since));
	return sooner(check_one_host(world, since), next);
}

void check_bounds(struct world *world)
{
	unsigned int r, set, active, seen = 0;
	vrrp_usec_t next = 0, since;

	world->look = false;
	if (world->scenario->members > 1)
		next = check_sync(world);
	for (r = 0; r < world->n && world->scenario->members == 1; r++) {
		if (seen & BIT(r) || !(set = component_of(world, r)))
			continue;
		seen |= set;
		since = quiet_since(world, set);
		active = active_in(world, set);
		next = sooner(check_no_active(world, set, since), next);
		next = sooner(check_two_active(world, active, since), next);
		if (active && !world->scenario->farewells)
			next = sooner(check_settled(world, set, since), next);
	}
	if (next)
		queue_set(&world->queue, SLOT_OF_WATCH, next);
	else
		queue_remove(&world->queue, SLOT_OF_WATCH);
}
