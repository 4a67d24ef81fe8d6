// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One step of the real state machine, from any state that the invariant allows, by any event, at any
 * time: it keeps the invariant, a shell that obeys its actions agrees with it, and the properties below
 * hold. STATE and EVENTS, a set of kinds as bits, choose the case: a solver wants them apart.
 */
#include "contracts.h"
#include "invariant.h"

/* A part of a case: what -DFIXED='FIX(…) …' says has this value, as a constant, which a solver is quick with. */
#define FIX(what, value)              \
	ASSUME((what) == (value));    \
	(what) = (value);
#ifndef FIXED
#define FIXED
#endif
#ifndef PART
#define PART
#endif

#define ONLY(event) (EVENTS == 1 << (event))

/* The longest step; VRRP_ACTIONS_MAX is twice that. */
#define ACTIONS_MAX 8

#define ANSWERED VRRP_USEC_PER_MSEC /* an advertisement so long ago is the answer */
#define PUT_OFF	 VRRP_USEC_PER_MSEC /* the least that a late ACTIVE_DOWN is put off by */

/* A step, and what was before it. */
struct round {
	struct vrrp_fsm_config config, previous;
	struct vrrp_event event;
	vrrp_usec_t now;
	bool fired;    /* the timer was pending, and not an older one */
	bool vanishes; /* the advertisement is an echo or a shadow: not meant for an election */
	bool stalled;  /* it was Active, and slept longer than any Backup waits */
	unsigned int sent;
	uint8_t priority; /* that was sent */
};

static struct round r;

/* The machine before and after the step. Objects of their own: what is in a larger one is costly. */
static struct vrrp_fsm was, is;
static struct vrrp_actions actions;
static struct shell shell;

static bool is_event(enum vrrp_event_type type)
{
	return r.event.type == type;
}

static bool turned(enum vrrp_state from, enum vrrp_state to)
{
	return was.state == from && is.state == to;
}

static bool fired(enum vrrp_timer which)
{
	return is_event(VRRP_EVENT_TIMER) && r.fired && r.event.timer.which == which;
}

static vrrp_usec_t later_of(vrrp_usec_t a, vrrp_usec_t b)
{
	return a > b ? a : b;
}

static vrrp_usec_t sooner_of(vrrp_usec_t a, vrrp_usec_t b)
{
	return a < b ? a : b;
}

/* ------------------------------------------------------------------------------ any step */

static void choose_timer(void)
{
	unsigned int which = nondet_u32();

	r.event.timer.which = which;
	r.event.timer.generation = nondet_u32();
	r.event.timer.lost = any_bool();
	r.fired = which < VRRP_TIMERS && was.timer[which].deadline &&
		  was.timer[which].generation == r.event.timer.generation;
	if (r.fired) {
		ASSUME(r.now >= was.timer[which].deadline); /* no alarm goes off early */
		shell.deadline[which] = 0;
	}
}

static void choose_advert(enum vrrp_family family)
{
	bool same_source;

	r.event = any_advert(family);
	same_source = vrrp_addr_same(&r.event.advert.source, &was.active_address);
	r.vanishes = vrrp_addr_same(&r.event.advert.source, &r.config.source) ||
		     (r.event.advert.version == 2 && was.active_version == 3 && same_source &&
		      r.now < was.active_heard + 2 * was.active_interval);
}

static void choose_event(enum vrrp_event_type kind, enum vrrp_family family)
{
	if (kind == VRRP_EVENT_TIMER)
		choose_timer();
	else if (kind == VRRP_EVENT_ADVERT)
		choose_advert(family);
	else if (kind == VRRP_EVENT_CONFIG)
		r.event.config.previous = &r.previous;
	else if (kind == VRRP_EVENT_SHUTDOWN)
		r.event.shutdown.reason = any_bool() ? VRRP_REASON_SHUTDOWN : VRRP_REASON_SOURCE;
	if (kind == VRRP_EVENT_RESUME) {
		r.event.resume.sent = nondet_usec();
		r.event.resume.interval = nondet_usec();
		ASSUME(r.event.resume.interval <= INTERVAL_MAX);
		ASSUME(r.event.resume.sent <= 2 * NOW_MAX);
	}
	if (kind == VRRP_EVENT_PEER_DOWN) {
		r.event.peer_down.address = any_addr(family);
		r.event.peer_down.is_verdict = any_bool();
	}
	r.event.type = kind;
}

static void choose_state(enum vrrp_family family)
{
	int i;

	r.now = any_now();
	r.config = any_config(family);
	r.previous = r.config;
	if (EVENTS >> VRRP_EVENT_CONFIG & 1) {
		r.previous = any_config(family);
		ASSUME(r.previous.version == r.config.version); /* else the machine is left */
	}
	was = any_fsm(family);
	FIX(was.state, STATE)
	FIXED
	assume_invariant(&was, &r.previous, r.now);
	for (i = 0; i < VRRP_TIMERS; i++) {
		shell.deadline[i] = was.timer[i].deadline;
		shell.generation[i] = was.timer[i].generation;
	}
	shell.addresses = shell.routes = STATE == VRRP_ACTIVE || was.is_ahead;
	r.stalled = STATE == VRRP_ACTIVE &&
		    r.now > ADVERT(&was) + vrrp_active_down_interval(r.config.version, 1,
								     was.active_interval);
}

static void carry_out(const struct vrrp_action *action)
{
	switch (action->type) {
	case VRRP_ACTION_ADD_ADDRESSES:
		shell.addresses = true;
		break;
	case VRRP_ACTION_ADD_ROUTES:
		PROVE(shell.addresses, "order: addresses before routes");
		shell.routes = true;
		break;
	case VRRP_ACTION_DEL_ROUTES:
		shell.routes = false;
		break;
	case VRRP_ACTION_DEL_ADDRESSES:
		PROVE(!shell.routes, "order: routes go before addresses");
		shell.addresses = false;
		break;
	case VRRP_ACTION_SEND_ADVERT:
		r.sent++;
		r.priority = action->priority;
		PROVE(shell.addresses && shell.routes,
		      "order: only one that has addresses and routes advertises");
		break;
	case VRRP_ACTION_GARP:
		PROVE(shell.addresses && r.sent, "order: neighbours are told last");
		break;
	case VRRP_ACTION_SET_TIMER:
		PROVE(action->timer.deadline >= r.now, "timer: never set into the past");
		shell.deadline[action->timer.which] = action->timer.deadline;
		shell.generation[action->timer.which] = action->timer.generation;
		break;
	case VRRP_ACTION_CANCEL_TIMER:
		shell.deadline[action->timer.which] = 0;
		break;
	case VRRP_ACTION_STAY:
	case VRRP_ACTION_TRANSITION:
		break;
	}
}

static void obey(void)
{
	unsigned int i;

	PROVE(actions.count <= ACTIONS_MAX, "actions: no more than eight");
	ASSUME(actions.count <= ACTIONS_MAX);
	for (i = 0; i < ACTIONS_MAX; i++) {
		if (i >= actions.count)
			break;
		carry_out(&actions.list[i]);
		PROVE((actions.list[i].type == VRRP_ACTION_TRANSITION) ==
			      (i + 1 == actions.count && was.state != is.state),
		      "actions: TRANSITION is the last one of a step that changed the state");
	}
	PROVE(shell_agrees(&is, &shell),
	      "shell: alarms, addresses and routes are as the state has them");
}

/* ------------------------------------------------------------------------ all transitions */

static bool resumes(void)
{
	return is_event(VRRP_EVENT_RESUME) && r.event.resume.sent <= r.now &&
	       r.now < r.event.resume.sent + 3 * r.event.resume.interval;
}

static void prove_who_becomes_active(void)
{
	bool starts = is_event(VRRP_EVENT_STARTUP) || is_event(VRRP_EVENT_RESUME);
	bool by_startup = starts && was.state == VRRP_INITIALIZE && is_owner(&r.config);
	bool by_resume = resumes() &&
			 (was.state == VRRP_INITIALIZE || (!was.active_heard && !was.released));
	bool by_silence = fired(VRRP_TIMER_ACTIVE_DOWN) && !r.config.syncs;
	bool by_config = is_event(VRRP_EVENT_CONFIG) && was.state == VRRP_BACKUP &&
			 ((is_owner(&r.config) && !is_owner(&r.previous)) ||
			  (was.is_ready && !r.config.syncs));
	bool by_order = is_event(VRRP_EVENT_TAKE_OVER) && was.state == VRRP_BACKUP;

	if (was.state != VRRP_ACTIVE && is.state == VRRP_ACTIVE)
		PROVE(by_startup || by_resume || by_silence || by_config || by_order,
		      "active: only by silence, as the owner, by resuming, or when told so");
	PROVE(is.state == VRRP_ACTIVE ||
		      !(by_startup || by_order || (was.state == VRRP_INITIALIZE && resumes())),
	      "active: at once, as the owner, by resuming, or when told so");
	if (is_event(VRRP_EVENT_SHUTDOWN))
		PROVE(is.state == VRRP_INITIALIZE, "shutdown: leads to Initialize");
	else
		PROVE(was.state == VRRP_INITIALIZE || is.state != VRRP_INITIALIZE,
		      "shutdown: nothing else leads to Initialize");
	if (turned(VRRP_INITIALIZE, VRRP_BACKUP))
		PROVE(DOWN(&is) == r.now + is.active_down_interval &&
			      is.active_interval == interval_of(&r.config),
		      "startup: listens for a whole interval of its own");
}

static void prove_what_is_sent(void)
{
	bool leaves = was.state == VRRP_ACTIVE && is.state != VRRP_ACTIVE;
	bool farewell = leaves && (is_event(VRRP_EVENT_SHUTDOWN) || is_event(VRRP_EVENT_GIVE_UP));

	PROVE(r.sent <= 1, "advert: one in a step");
	if (r.sent && r.priority == 0)
		PROVE(farewell || is.hands_over_until,
		      "advert: priority 0 is said by one that leaves or hands over");
	else if (r.sent)
		PROVE(is.state == VRRP_ACTIVE && r.priority == r.config.priority,
		      "advert: only an Active router says its priority");
	if (farewell)
		PROVE(actions.list[0].type == VRRP_ACTION_SEND_ADVERT &&
			      actions.list[0].priority == 0,
		      "farewell: the first action of leaving on purpose");
	if (r.sent)
		PROVE(is.advert_sent == r.now, "advert: its time is noted");
}

/* A timer that was cancelled, echoes and shadows. */
static void prove_what_is_ignored(void)
{
	bool is_nothing = (is_event(VRRP_EVENT_TIMER) && !r.fired) ||
			  (is_event(VRRP_EVENT_ADVERT) && r.vanishes);

	if (is_nothing)
		PROVE(actions.count == 0 && is.state == was.state &&
			      is.active_heard == was.active_heard &&
			      is.preemption == was.preemption && is.down_span == was.down_span,
		      "ignored: nothing happens");
}

/* ------------------------------------------------------------------------------ a Backup */

#if STATE == 1

static void prove_respect(void)
{
	PROVE(DOWN(&is) == r.now + is.active_down_interval,
	      "respect: one to respect has a whole interval");
	PROVE(is.preemption == VRRP_PREEMPTION_NONE && !PREEMPT(&is) && !is.is_ahead &&
		      !is.lower_heard,
	      "respect: it is not preempted");
	PROVE(vrrp_addr_same(&is.active_address, &r.event.advert.source) && is.active_heard == r.now,
	      "respect: it is the one that is followed");
	PROVE(belief_claimed == r.event.advert.interval_cs * VRRP_USEC_PER_CS &&
		      is.active_interval == belief_given,
	      "respect: its interval counts as far as it is believed");
}

static void prove_preemption(void)
{
	enum vrrp_preemption first = was.preemption;
	bool begins = first == VRRP_PREEMPTION_NONE;
	bool waits = first == VRRP_PREEMPTION_SETTLING ||
		     (delay_of(&r.config) && first == VRRP_PREEMPTION_DELAYED) ||
		     (begins && (delay_of(&r.config) || goes_ahead(&r.config)));

	if (waits)
		PROVE(DOWN(&is) == r.now + is.active_down_interval,
		      "preemption: who is to be preempted is respected meanwhile");
	else
		PROVE(DOWN(&is) == DOWN(&was),
		      "preemption: a lower priority does not move ACTIVE_DOWN");
	if (first == VRRP_PREEMPTION_DELAYED)
		PROVE(PREEMPT(&is) == PREEMPT(&was), "preemption: its delay begins once");
	if (begins && delay_of(&r.config))
		PROVE(PREEMPT(&is) == r.now + delay_of(&r.config),
		      "preemption: it waits for its whole delay");
}

static void prove_release(void)
{
	vrrp_usec_t before = DOWN(&was), after = DOWN(&is);

	PROVE(after <= before, "release: priority 0 never puts a takeover off");
	PROVE(after == before || after == r.now + was.skew_time,
	      "release: priority 0 leaves Skew_Time");
	PROVE(was.is_ready || after <= r.now + was.skew_time,
	      "release: no more than Skew_Time is left");
	PROVE(is.down_put_off == was.down_put_off,
	      "release: priority 0 does not allow to put off once more");
}

static void prove_backup_hears(void)
{
	uint8_t priority = r.event.advert.priority;

	PROVE(is.state == VRRP_BACKUP, "advert: a Backup that hears one stays Backup");
	if (r.vanishes)
		return;
	if (priority == 0)
		prove_release();
	else if (priority >= r.config.priority || !may_preempt(&r.config, &was))
		prove_respect();
	else
		prove_preemption();
	REACHED(priority == 0 && DOWN(&is) < DOWN(&was), "a release that hurries");
	REACHED(priority && priority < r.config.priority && DOWN(&is) == DOWN(&was) &&
			may_preempt(&r.config, &was),
		"one that is preempted");
	REACHED(priority > r.config.priority && was.is_ahead, "one that ends a preemption");
	REACHED(was.yields && priority < r.config.priority, "one that took over from it");
	REACHED(PREEMPT(&is) && !PREEMPT(&was), "a preemption delay");
	REACHED(is.is_ahead && !was.is_ahead, "one that goes ahead");
}

static void prove_backup_timer(void)
{
	bool late = r.now > DOWN(&was) + was.active_interval;
	bool may_wait = r.event.timer.lost && !was.released && was.down_span != VRRP_DOWN_SKEW &&
			was.down_put_off < 3;

	if (!fired(VRRP_TIMER_ACTIVE_DOWN)) {
		PROVE(is.state == VRRP_BACKUP && DOWN(&is) <= DOWN(&was),
		      "timer: a preemption delay that ends makes no takeover later");
		return;
	}
	if (may_wait)
		PROVE(is.state == VRRP_BACKUP, "lost: silence while packets are lost proves little");
	else if (late && !was.down_put_off)
		PROVE(is.state == VRRP_BACKUP &&
			      DOWN(&is) == r.now + later_of(was.skew_time, PUT_OFF),
		      "late: one that is late by an interval listens first");
	else
		PROVE(is.state == VRRP_ACTIVE || r.config.syncs,
		      "silence: makes it Active, late or not, and whatever was put off");
	PROVE(is.state == VRRP_ACTIVE || is.down_put_off > was.down_put_off || r.config.syncs,
	      "silence: it is put off three times at most");
	REACHED(turned(VRRP_BACKUP, VRRP_ACTIVE), "a takeover");
	REACHED(may_wait, "a takeover that waits for lost packets");
	REACHED(late && !may_wait && is.state == VRRP_BACKUP, "a takeover that is put off");
	REACHED(late && turned(VRRP_BACKUP, VRRP_ACTIVE), "... and comes all the same");
	REACHED(is.is_ready && !was.is_ready, "one that is ready");
}

/* When a router that this configuration respects was heard last; 0: never. */
static vrrp_usec_t respected_since(void)
{
	bool all = !may_preempt(&r.config, &was);
	vrrp_usec_t active = all || was.active_priority >= r.config.priority ? was.active_heard : 0;
	vrrp_usec_t other = all || was.other_priority >= r.config.priority ? was.other_heard : 0;

	return later_of(active, other);
}

/*
 * A configuration that makes it respect who was to be preempted: no timer of the preemption is left,
 * and ACTIVE_DOWN counts as if that router had been respected when it was heard last.
 */
static void prove_respect_again(void)
{
	vrrp_usec_t heard = respected_since(), due = heard + is.active_down_interval;
	bool ignored = was.lower_heard || was.other_heard;

	if (!heard)
		return;
	PROVE(!PREEMPT(&is) && is.preemption == VRRP_PREEMPTION_NONE && !is.is_ahead,
	      "config: nothing is left of the preemption of one that is respected now");
	PROVE(!is.lower_heard, "config: no timer ignores one that is respected now");
	if (ignored && due >= r.now)
		PROVE(DOWN(&is) >= due, "config: one that is respected now has a whole interval");
	else if (!ignored && was.down_span == VRRP_DOWN_WHOLE && DOWN(&was) >= r.now)
		PROVE(DOWN(&is) >= due, "config: one that was respected keeps its interval");
	REACHED(ignored && !r.config.preempt && r.previous.preempt, "preemption turned off");
	REACHED(ignored && r.config.preempt && r.config.priority < r.previous.priority,
		"a priority that is lowered");
	REACHED(ignored && due < r.now, "one that was silent for long");
}

/* One that is ready is Active as soon as no sync group decides, but for one that it respects now. */
static void prove_ready(void)
{
	bool respects = (was.lower_heard || was.other_heard) &&
			(respected_since() || !may_preempt(&r.config, &was));
	bool becomes_owner = is_owner(&r.config) && !is_owner(&r.previous);

	if (was.is_ready && !r.config.syncs && !becomes_owner)
		PROVE((is.state == VRRP_ACTIVE) == !respects,
		      "config: one that is ready is Active when it is in no sync group any more");
	REACHED(was.is_ready && !r.config.syncs && respects, "one that is ready, and respects");
}

static void prove_backup_config(void)
{
	prove_ready();
	if (is.state != VRRP_BACKUP)
		return;
	prove_respect_again();
	PROVE(delay_of(&r.config) <= delay_of(&r.previous) || respected_since() ||
		      !may_preempt(&r.config, &was) || !was.lower_heard ||
		      is.preemption == VRRP_PREEMPTION_DELAYED,
	      "config: a longer preemption delay is waited for");
	PROVE(DOWN(&is) >= r.now || DOWN(&is) == DOWN(&was),
	      "config: what is overdue is left alone");
	REACHED(is.preemption == VRRP_PREEMPTION_DELAYED && !PREEMPT(&was),
		"a preemption delay that begins");
	REACHED(DOWN(&is) > DOWN(&was), "an interval that is longer");
	REACHED(DOWN(&is) < DOWN(&was), "an interval that is shorter");
	REACHED(was.is_ahead && !is.is_ahead, "one that draws back");
}

static void prove_peer_down(void)
{
	bool heeded = was.active_heard && !was.lower_heard && !was.is_ready &&
		      vrrp_addr_same(&r.event.peer_down.address, &was.active_address);
	vrrp_usec_t next = was.active_heard + was.active_interval * 3 / 2;
	vrrp_usec_t from = r.event.peer_down.is_verdict ? r.now : later_of(r.now, next);

	PROVE(DOWN(&is) == (heeded ? sooner_of(DOWN(&was), from + was.skew_time) : DOWN(&was)),
	      "hint: BFD hurries a takeover, after the next advertisement is late by half an interval");
	REACHED(heeded && !r.event.peer_down.is_verdict && DOWN(&is) < DOWN(&was), "a hint");
	REACHED(heeded && r.event.peer_down.is_verdict && DOWN(&is) < DOWN(&was), "a verdict");
}

static void prove_backup_told(void)
{
	if (is_event(VRRP_EVENT_PEER_DOWN))
		prove_peer_down();
	else if (is_event(VRRP_EVENT_SETTLED) && was.preemption == VRRP_PREEMPTION_SETTLING)
		PROVE(is.preemption == VRRP_PREEMPTION_READY &&
			      (was.is_ready || DOWN(&is) <= r.now + was.skew_time),
		      "settled: it takes over after Skew_Time");
	else if (is.state == VRRP_BACKUP)
		PROVE(actions.count == 0, "told: what is meant for others does nothing");
	PROVE(is_event(VRRP_EVENT_RECLAIM) || is.state == VRRP_ACTIVE || is.yields == was.yields,
	      "yields: until it is Active again, or may preempt again");
	REACHED(is_event(VRRP_EVENT_SETTLED) && is.preemption != was.preemption, "settled");
	REACHED(is_event(VRRP_EVENT_RESUME) && is.state == VRRP_ACTIVE, "one that resumes");
	REACHED(is_event(VRRP_EVENT_TAKE_OVER) && was.is_ready, "one that takes over as told");
}

static void prove_state(void)
{
	if (ONLY(VRRP_EVENT_ADVERT))
		prove_backup_hears();
	else if (ONLY(VRRP_EVENT_TIMER))
		prove_backup_timer();
	else if (ONLY(VRRP_EVENT_CONFIG))
		prove_backup_config();
	else if (!is_event(VRRP_EVENT_SHUTDOWN))
		prove_backup_told();
}

#elif STATE == 2

/* ---------------------------------------------------------------------- an Active router */

static bool outranks(void)
{
	if (r.event.advert.priority != r.config.priority)
		return r.event.advert.priority > r.config.priority;
	return vrrp_addr_cmp(&r.event.advert.source, &r.config.source) > 0;
}

/* Ties are left to another member of the sync group, and not for longer than tie_wait. */
static bool is_left_tie(void)
{
	bool goes_on = was.tied && r.now <= was.tie_heard + r.config.tie_wait;

	return outranks() && r.event.advert.priority == r.config.priority && r.config.tie_wait &&
	       !(goes_on && r.now >= was.tied + r.config.tie_wait);
}

static void prove_active_hears(void)
{
	bool hands_over = was.hands_over_until != 0;
	uint8_t priority = r.event.advert.priority;

	if (r.vanishes || r.stalled)
		return;
	if (hands_over) {
		PROVE((is.state == VRRP_BACKUP) == (priority != 0),
		      "hand-over: the first advertisement of another router ends it");
		PROVE(priority == 0 || is.yields, "hand-over: who took over is not preempted");
	} else {
		PROVE((is.state == VRRP_BACKUP) == (outranks() && !is_left_tie()),
		      "election: yields to those that outrank it, and to no others");
		if (!outranks() && r.now >= was.advert_sent + ANSWERED)
			PROVE((r.sent == 1) == (priority == 0 || r.config.version != 2),
			      "answer: a lower one is answered at once");
		else
			PROVE(r.sent == 0, "answer: one in a millisecond, and none to others");
	}
	PROVE(is.state == VRRP_ACTIVE || DOWN(&is) == r.now + is.active_down_interval,
	      "election: whom it yields to has a whole interval");
	REACHED(priority > r.config.priority && is.state == VRRP_BACKUP, "one that is higher");
	REACHED(priority == r.config.priority && is.state == VRRP_BACKUP && !hands_over,
		"one that is equal");
	REACHED(hands_over && is.state == VRRP_BACKUP, "one that takes over");
	REACHED(is_left_tie(), "a tie that is left to others");
	REACHED(r.sent && priority == 0, "a release that is answered");
	REACHED(r.sent && priority, "a lower one that is answered");
}

static void prove_active_timer(void)
{
	bool ends = was.hands_over_until && r.now >= was.hands_over_until;

	if (!r.fired || r.stalled)
		return;
	PROVE(is.state == VRRP_ACTIVE && r.sent == 1, "beat: an Active router advertises");
	PROVE(ADVERT(&is) > r.now && ADVERT(&is) <= r.now + was.active_interval,
	      "beat: the next one is not more than an interval away");
	PROVE(r.now >= ADVERT(&was) + was.active_interval ||
		      ADVERT(&is) == ADVERT(&was) + was.active_interval,
	      "beat: it does not drift");
	PROVE(r.priority == (was.hands_over_until && !ends ? 0 : r.config.priority),
	      "hand-over: priority 0 until it has lasted for long enough");
	REACHED(ends, "a hand-over to nobody");
	REACHED(r.sent && r.priority == 0, "a hand-over that goes on");
}

static void prove_active_config(void)
{
	bool differs = r.config.priority != r.previous.priority ||
		       !vrrp_addr_same(&r.config.source, &r.previous.source);
	bool interval_differs = r.config.interval_cs != r.previous.interval_cs;

	if (r.stalled)
		return;
	PROVE(is.state == VRRP_ACTIVE, "config: makes nobody leave Active");
	PROVE(r.sent == 1 || !(interval_differs || (differs && !is.hands_over_until)),
	      "config: what others go by is told at once");
	PROVE(!is_owner(&r.config) || !is.hands_over_until, "config: an owner hands nothing over");
	REACHED(r.sent, "a change that is told");
	REACHED(was.hands_over_until && !is.hands_over_until, "one that becomes the owner");
}

static void prove_active_told(void)
{
	if (is_event(VRRP_EVENT_SWITCHOVER) && !r.stalled) {
		PROVE(is.state == VRRP_ACTIVE,
		      "hand-over: it stays Active until somebody takes over");
		PROVE(is_owner(&r.config) || is.hands_over_until > r.now || was.hands_over_until,
		      "hand-over: it begins when told so");
	}
	if (is_event(VRRP_EVENT_RECLAIM) && !r.stalled)
		PROVE(is.state == VRRP_ACTIVE && !is.hands_over_until, "reclaim: ends a hand-over");
	if (is_event(VRRP_EVENT_GIVE_UP))
		PROVE(is.state == VRRP_BACKUP && !is.yields, "sync: gives up when told so");
	REACHED(is.hands_over_until && !was.hands_over_until, "a hand-over");
	REACHED(is_event(VRRP_EVENT_RECLAIM) && r.sent, "a hand-over that is called back");
	REACHED(is_event(VRRP_EVENT_SHUTDOWN), "a shutdown");
}

static void prove_state(void)
{
	bool is_word = is_event(VRRP_EVENT_ADVERT) && !r.vanishes;
	bool looks = fired(VRRP_TIMER_ADVERT) || is_word || is_event(VRRP_EVENT_CONFIG) ||
		     is_event(VRRP_EVENT_SWITCHOVER) || is_event(VRRP_EVENT_RECLAIM);

	if (turned(VRRP_ACTIVE, VRRP_BACKUP) && !r.stalled)
		PROVE(is_event(VRRP_EVENT_ADVERT) || is_event(VRRP_EVENT_GIVE_UP),
		      "yield: only to an advertisement, or when told so");
	if (looks && r.stalled)
		PROVE(is.state == VRRP_BACKUP,
		      "stall: one that slept longer than any Backup waits is no longer Active");
	if (ONLY(VRRP_EVENT_ADVERT))
		prove_active_hears();
	else if (ONLY(VRRP_EVENT_TIMER))
		prove_active_timer();
	else if (ONLY(VRRP_EVENT_CONFIG))
		prove_active_config();
	else
		prove_active_told();
	REACHED(looks && r.stalled, "one that slept too long");
}

#else

/* --------------------------------------------------------------------------- Initialize */

static void prove_state(void)
{
	struct vrrp_fsm fresh;

	vrrp_fsm_init(&fresh, r.now);
	prove_invariant(&fresh, &r.config, r.now);
	REACHED(turned(VRRP_INITIALIZE, VRRP_BACKUP), "a startup");
	REACHED(turned(VRRP_INITIALIZE, VRRP_ACTIVE) && is_owner(&r.config), "an owner that starts");
	REACHED(turned(VRRP_INITIALIZE, VRRP_ACTIVE) && !is_owner(&r.config), "one that resumes");
}

#endif

static void take_step(void)
{
	is = was;
	vrrp_fsm_step(&r.config, &is, &r.event, r.now, &actions);
	obey();
	prove_invariant(&is, &r.config, r.now);
	prove_who_becomes_active();
	prove_what_is_sent();
	prove_what_is_ignored();
	prove_state();
}

/* Any of the events: one after the other is tried, so that a solver has each of them apart. */
int main(void)
{
	enum vrrp_family family = any_family();
	enum vrrp_event_type kind;

	choose_state(family);
	for (kind = VRRP_EVENT_STARTUP; kind <= VRRP_EVENT_GIVE_UP; kind++) {
		if (!(EVENTS >> kind & 1) || any_bool())
			continue;
		choose_event(kind, family);
		PART
		take_step();
		break;
	}
	return 0;
}
