// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state machine. A step looks at the state, then at the event: each state has its own
 * functions, and each direction between states has one function (become_active, leave_active), so
 * the order of actions is in one place. TRANSITION is added at the end of a step that changed the
 * state.
 */
#include "vrrp_fsm_private.h"

#include <sys/param.h>

/* Shortest wait given to a late ACTIVE_DOWN: enough to read a socket. */
#define LATE_WAIT_MIN (VRRP_USEC_PER_SEC / 1000)

/* Maximum number of extra Active_Down_Intervals while packets are lost. */
#define LOST_WAITS 3

/* An advertisement sent less than this ago also counts as the answer to a lower one. */
#define ANSWER_GAP (VRRP_USEC_PER_SEC / 1000)

vrrp_usec_t vrrp_skew_time(uint8_t version, uint8_t priority, vrrp_usec_t active_interval)
{
	if (version == 2)
		return (256 - priority) * VRRP_USEC_PER_SEC / 256;
	return (256 - priority) * active_interval / 256;
}

vrrp_usec_t vrrp_active_down_interval(uint8_t version, uint8_t priority, vrrp_usec_t active_interval)
{
	return 3 * active_interval + vrrp_skew_time(version, priority, active_interval);
}

/* The owner preempts whatever Preempt_Mode says (RFC 9568 section 6.1). */
static bool preempts(const struct step *s)
{
	return (s->config->preempt && !s->fsm->yields) || s->config->priority == PRIORITY_OWNER;
}

/* Arms ACTIVE_DOWN with Skew_Time after this time; never delays a takeover that is due sooner. */
static void hurry_from(struct step *s, vrrp_usec_t from, enum vrrp_down_span span)
{
	vrrp_usec_t pending = s->fsm->timer[VRRP_TIMER_ACTIVE_DOWN].deadline;
	vrrp_usec_t deadline = from + s->fsm->skew_time;

	if (s->fsm->is_ready || (pending != 0 && pending <= deadline))
		return;
	s->fsm->down_span = span;
	arm(s, VRRP_TIMER_ACTIVE_DOWN, deadline);
}

static void hurry(struct step *s)
{
	hurry_from(s, s->now, VRRP_DOWN_SKEW);
}

/* Between states. */

static void enter(struct step *s, enum vrrp_state state, enum vrrp_reason reason)
{
	clear_expectations(s->fsm);
	s->fsm->state = state;
	s->fsm->reason = reason;
	s->fsm->since = s->now;
}

static void become_active(struct step *s, enum vrrp_reason reason)
{
	act(s, VRRP_ACTION_ADD_ADDRESSES);
	act(s, VRRP_ACTION_ADD_ROUTES);
	send_advert(s, s->config->priority);
	act(s, VRRP_ACTION_GARP);
	cancel(s, VRRP_TIMER_ACTIVE_DOWN);
	cancel(s, VRRP_TIMER_PREEMPT);
	learn_own_interval(s);
	note_active(s, &s->config->source, s->config->priority, 0);
	arm(s, VRRP_TIMER_ADVERT, s->now + s->fsm->active_interval);
	s->fsm->yields = false;
	enter(s, VRRP_ACTIVE, reason);
}

static void leave_active(struct step *s, enum vrrp_state to, enum vrrp_reason reason)
{
	act(s, VRRP_ACTION_DEL_ROUTES);
	act(s, VRRP_ACTION_DEL_ADDRESSES);
	cancel(s, VRRP_TIMER_ADVERT);
	enter(s, to, reason);
}

/* Becomes Backup without knowledge of an Active router: at startup, and after a stall. */
static void listen_first(struct step *s)
{
	forget_active(s);
	learn_own_interval(s);
	arm_down(s);
}

/* Follows this Active router from now on. */
static void follow(struct step *s, const struct vrrp_event *event)
{
	if (event->advert.interval_cs != 0)
		believe_interval(s, &event->advert.source,
				 event->advert.interval_cs * VRRP_USEC_PER_CS);
	note_advert(s, event);
	s->fsm->released = false;
	s->fsm->lower_heard = false;
	s->fsm->other_heard = 0;
	arm_down(s);
}

/* Initialize: RFC 9568 section 6.4.1. */

static void startup(struct step *s)
{
	if (s->config->priority == PRIORITY_OWNER) {
		become_active(s, VRRP_REASON_OWNER);
		return;
	}
	enter(s, VRRP_BACKUP, VRRP_REASON_STARTUP);
	listen_first(s);
}

/* No Backup waits less for the next advertisement, whatever its priority. */
static bool is_still_active(const struct step *s, const struct vrrp_event *event)
{
	return event->resume.sent <= s->now &&
	       s->now < event->resume.sent + 3 * event->resume.interval;
}

static void initialize_event(struct step *s, const struct vrrp_event *event)
{
	if (event->type == VRRP_EVENT_RESUME && is_still_active(s, event))
		become_active(s, VRRP_REASON_RESUMED);
	else if (event->type == VRRP_EVENT_RESUME || event->type == VRRP_EVENT_STARTUP)
		startup(s);
	else if (event->type == VRRP_EVENT_RECLAIM)
		s->fsm->yields = false;
}

/* Backup: RFC 9568 section 6.4.2. */

/* All that it had to wait for is over: the best of several that waited is first. */
static void be_ready(struct step *s)
{
	s->fsm->preemption = VRRP_PREEMPTION_READY;
	s->fsm->lower_heard = true;
	hurry(s);
}

static void backup_hears_release(struct step *s, const struct vrrp_event *event)
{
	if (vrrp_addr_same(&event->advert.source, &s->fsm->active_address)) {
		forget_active(s);
		s->fsm->lower_heard = false;
	}
	s->fsm->released = true;
	hurry(s);
}

/* Preemption is on: wait for what it waits for, or let the pending timer run. */
static void backup_hears_lower(struct step *s, const struct vrrp_event *event)
{
	struct vrrp_fsm *fsm = s->fsm;

	if (fsm->preemption == VRRP_PREEMPTION_NONE)
		begin_to_preempt(s);
	if (waits_to_preempt(s)) {
		follow(s, event);
		return;
	}
	note_lower(s, event);
	fsm->released = false;
	fsm->lower_heard = true;
}

static void backup_advert(struct step *s, const struct vrrp_event *event)
{
	uint8_t priority = event->advert.priority;

	if (priority == PRIORITY_RELEASE) {
		backup_hears_release(s, event);
	} else if (priority >= s->config->priority || !preempts(s)) {
		stop_preempting(s);
		follow(s, event);
	} else {
		backup_hears_lower(s, event);
	}
}

static enum vrrp_reason takeover_reason(const struct vrrp_fsm *fsm)
{
	if (fsm->released)
		return VRRP_REASON_NOT_ACTIVE;
	return fsm->lower_heard ? VRRP_REASON_PREEMPTED : VRRP_REASON_NO_RESPONSE;
}

/* lost: number of packets lost since the timer was set. */
static void backup_down_timer(struct step *s, bool lost)
{
	struct vrrp_fsm *fsm = s->fsm;

	if (lost && !fsm->released && fsm->down_span != VRRP_DOWN_SKEW &&
	    fsm->down_put_off < LOST_WAITS) {
		fsm->down_span = VRRP_DOWN_WHOLE;
		fsm->down_put_off++;
		arm(s, VRRP_TIMER_ACTIVE_DOWN, s->now + fsm->active_down_interval);
	} else if (s->now > s->due + fsm->active_interval && !fsm->down_put_off) {
		fsm->down_span = VRRP_DOWN_SKEW;
		fsm->down_put_off++;
		arm(s, VRRP_TIMER_ACTIVE_DOWN, s->now + MAX(fsm->skew_time, LATE_WAIT_MIN));
	} else if (s->config->syncs) {
		fsm->is_ready = true;
		fsm->down_span = VRRP_DOWN_WHOLE;
		arm(s, VRRP_TIMER_ACTIVE_DOWN, s->now + fsm->active_down_interval);
	} else {
		become_active(s, takeover_reason(fsm));
	}
}

static void backup_take_over(struct step *s)
{
	become_active(s, s->fsm->is_ready ? takeover_reason(s->fsm) : VRRP_REASON_SYNC);
}

static void backup_preempt_timer(struct step *s)
{
	if (settles(s->config))
		go_ahead(s);
	else
		be_ready(s);
}

static void backup_settled(struct step *s)
{
	if (s->fsm->preemption == VRRP_PREEMPTION_SETTLING)
		be_ready(s);
}

/* Moves a pending timer from one span to another; leaves an overdue one alone. */
static void move_timer(struct step *s, enum vrrp_timer which, vrrp_usec_t old_span,
		       vrrp_usec_t new_span)
{
	vrrp_usec_t deadline = s->fsm->timer[which].deadline;

	if (deadline < s->now || old_span == new_span)
		return;
	if (deadline + new_span < s->now + old_span)
		arm(s, which, s->now);
	else
		arm(s, which, deadline + new_span - old_span);
}

static void backup_config_timers(struct step *s)
{
	struct vrrp_fsm *fsm = s->fsm;
	vrrp_usec_t old_skew = fsm->skew_time;
	vrrp_usec_t old_down = fsm->active_down_interval;
	bool learnt = fsm->active_heard != 0 && s->config->version != 2;

	if (learnt)
		learn_interval(s, fsm->active_interval);
	else
		learn_own_interval(s);
	if (fsm->down_span == VRRP_DOWN_WHOLE)
		move_timer(s, VRRP_TIMER_ACTIVE_DOWN, old_down, fsm->active_down_interval);
	else
		move_timer(s, VRRP_TIMER_ACTIVE_DOWN, old_skew, fsm->skew_time);
}

static bool respects(const struct step *s, uint8_t priority)
{
	return !preempts(s) || priority >= s->config->priority;
}

/* When a router that this configuration does not preempt was heard last; 0 = never. */
static vrrp_usec_t respected_heard(const struct step *s)
{
	const struct vrrp_fsm *fsm = s->fsm;
	vrrp_usec_t heard = respects(s, fsm->active_priority) ? fsm->active_heard : 0;

	return respects(s, fsm->other_priority) ? MAX(heard, fsm->other_heard) : heard;
}

/* Makes the timer count from the last advertisement of the Active router that it ignored. */
static void respect_again(struct step *s)
{
	struct vrrp_fsm *fsm = s->fsm;
	vrrp_usec_t pending = fsm->timer[VRRP_TIMER_ACTIVE_DOWN].deadline;
	vrrp_usec_t heard, deadline;

	if (s->config->version == 2)
		learn_own_interval(s);
	else
		believe_interval(s, &fsm->active_address, fsm->claimed_interval);
	fsm->lower_heard = fsm->is_ready = false;
	fsm->down_span = VRRP_DOWN_WHOLE;
	heard = fsm->preemption == VRRP_PREEMPTION_DELAYED
			? MAX(fsm->active_heard, fsm->other_heard)
			: respected_heard(s);
	deadline = heard + fsm->active_down_interval;
	if (deadline < s->now && pending < s->now)
		return; /* overdue: it fires, and counts as late */
	fsm->down_put_off = 0;
	arm(s, VRRP_TIMER_ACTIVE_DOWN, MAX(deadline, s->now));
}

/* True when this configuration does not preempt the Active router. */
static bool respects_active(const struct step *s)
{
	return !preempts(s) || respected_heard(s) != 0;
}

/* True when the pending timer does not count from the last advertisement of everyone heard. */
static bool ignores_one(const struct step *s)
{
	return s->fsm->lower_heard || s->fsm->other_heard != 0;
}

/* True when it does not, and this configuration does not preempt who was ignored. */
static bool respects_ignored(const struct step *s)
{
	return ignores_one(s) && respects_active(s);
}

/* Applies a changed delay; a longer one is waited for even when the old one is over. */
static void backup_config_delay(struct step *s, const struct vrrp_fsm_config *previous)
{
	vrrp_usec_t old = preempt_delay(previous), new = preempt_delay(s->config);
	struct vrrp_fsm *fsm = s->fsm;

	if (fsm->preemption == VRRP_PREEMPTION_DELAYED) {
		move_timer(s, VRRP_TIMER_PREEMPT, old, new);
	} else if (fsm->lower_heard && new > old) {
		fsm->preemption = VRRP_PREEMPTION_DELAYED;
		arm(s, VRRP_TIMER_PREEMPT, s->now + new - old);
	}
}

/* Applies that nothing is to settle any more. */
static void backup_config_settling(struct step *s)
{
	if (settles(s->config))
		return;
	draw_back(s);
	if (s->fsm->preemption == VRRP_PREEMPTION_SETTLING)
		be_ready(s);
}

static void backup_config(struct step *s, const struct vrrp_fsm_config *previous)
{
	if (s->config->priority == PRIORITY_OWNER && previous->priority != PRIORITY_OWNER) {
		become_active(s, VRRP_REASON_OWNER);
		return;
	}
	if (s->fsm->is_ready && !s->config->syncs && !respects_ignored(s)) {
		become_active(s, takeover_reason(s->fsm));
		return;
	}
	if (respects_active(s))
		stop_preempting(s);
	else
		backup_config_delay(s, previous);
	if (respects_ignored(s) || (ignores_one(s) && s->fsm->preemption == VRRP_PREEMPTION_DELAYED))
		respect_again(s);
	else
		backup_config_timers(s);
	backup_config_settling(s);
}

static void backup_peer_down(struct step *s, const struct vrrp_event *event)
{
	struct vrrp_fsm *fsm = s->fsm;
	vrrp_usec_t due = fsm->active_heard + fsm->active_interval * 3 / 2;

	if (!vrrp_fsm_follows(fsm) ||
	    !vrrp_addr_same(&event->peer_down.address, &fsm->active_address))
		return;
	if (event->peer_down.is_verdict)
		hurry(s);
	else
		hurry_from(s, MAX(s->now, due), VRRP_DOWN_HINT);
}

static void backup_shutdown(struct step *s, enum vrrp_reason reason)
{
	draw_back(s);
	cancel(s, VRRP_TIMER_ACTIVE_DOWN);
	cancel(s, VRRP_TIMER_PREEMPT);
	forget_active(s);
	enter(s, VRRP_INITIALIZE, reason);
}

static void backup_resume(struct step *s, const struct vrrp_event *event)
{
	if (s->fsm->active_heard == 0 && !s->fsm->released && is_still_active(s, event))
		become_active(s, VRRP_REASON_RESUMED);
}

static void backup_event(struct step *s, const struct vrrp_event *event)
{
	switch (event->type) {
	case VRRP_EVENT_STARTUP:
		break;
	case VRRP_EVENT_RESUME:
		backup_resume(s, event);
		break;
	case VRRP_EVENT_SHUTDOWN:
		backup_shutdown(s, event->shutdown.reason);
		break;
	case VRRP_EVENT_TIMER:
		if (event->timer.which == VRRP_TIMER_PREEMPT)
			backup_preempt_timer(s);
		else
			backup_down_timer(s, event->timer.lost);
		break;
	case VRRP_EVENT_ADVERT:
		backup_advert(s, event);
		break;
	case VRRP_EVENT_CONFIG:
		backup_config(s, event->config.previous);
		break;
	case VRRP_EVENT_PEER_DOWN:
		backup_peer_down(s, event);
		break;
	case VRRP_EVENT_SETTLED:
		backup_settled(s);
		break;
	case VRRP_EVENT_TAKE_OVER:
		backup_take_over(s);
		break;
	case VRRP_EVENT_SWITCHOVER:
	case VRRP_EVENT_GIVE_UP:
		break;
	case VRRP_EVENT_RECLAIM:
		s->fsm->yields = false;
		break;
	}
}

/* Active: RFC 9568 section 6.4.3. */

/* True when an advertisement due at this time is later than that. */
static bool stalled(const struct step *s, vrrp_usec_t due)
{
	return s->now > due + longest_wait(s);
}

static void give_way_after_stall(struct step *s)
{
	leave_active(s, VRRP_BACKUP, VRRP_REASON_STALL);
	listen_first(s);
}

static void advertise_and_rearm(struct step *s, vrrp_usec_t next)
{
	send_advert(s, s->fsm->hands_over_until ? PRIORITY_RELEASE : s->config->priority);
	arm(s, VRRP_TIMER_ADVERT, next);
}

static void active_switchover(struct step *s)
{
	if (stalled(s, s->fsm->timer[VRRP_TIMER_ADVERT].deadline)) {
		give_way_after_stall(s);
	} else if (s->config->priority != PRIORITY_OWNER && !s->fsm->hands_over_until) {
		s->fsm->hands_over_until = s->now + longest_wait(s);
		advertise_and_rearm(s, s->now + s->fsm->active_interval);
	}
}

static void active_reclaim(struct step *s)
{
	if (stalled(s, s->fsm->timer[VRRP_TIMER_ADVERT].deadline)) {
		give_way_after_stall(s);
	} else if (s->fsm->hands_over_until) {
		s->fsm->hands_over_until = 0;
		advertise_and_rearm(s, s->now + s->fsm->active_interval);
	}
}

static void hand_over(struct step *s, const struct vrrp_event *event)
{
	if (event->advert.priority == PRIORITY_RELEASE)
		return;
	s->fsm->yields = true;
	leave_active(s, VRRP_BACKUP, VRRP_REASON_HANDED_OVER);
	follow(s, event);
}

/* Nobody has taken over in time. */
static void stop_handing_over(struct step *s)
{
	if (!s->fsm->hands_over_until || s->now < s->fsm->hands_over_until)
		return;
	s->fsm->hands_over_until = 0;
	act(s, VRRP_ACTION_STAY);
}

/* The next deadline counts from the last one: no drift, and no burst when late. */
static void active_advert_timer(struct step *s)
{
	vrrp_usec_t interval = s->fsm->active_interval;
	vrrp_usec_t next = s->due + interval;

	if (stalled(s, s->due)) {
		give_way_after_stall(s);
		return;
	}
	stop_handing_over(s);
	advertise_and_rearm(s, next > s->now ? next : s->now + interval);
}

/* True for a higher priority, or the same and a higher address. */
static bool outranks_us(const struct step *s, const struct vrrp_event *event)
{
	if (event->advert.priority != s->config->priority)
		return event->advert.priority > s->config->priority;
	return vrrp_addr_cmp(&event->advert.source, &s->config->source) > 0;
}

/* True for a tie that another router of this sync group decides, for a while. */
static bool leaves_tie(struct step *s, const struct vrrp_event *event)
{
	struct vrrp_fsm *fsm = s->fsm;

	if (event->advert.priority != s->config->priority || !outranks_us(s, event))
		return false;
	if (fsm->tied == 0 || s->now > fsm->tie_heard + s->config->tie_wait)
		fsm->tied = s->now;
	fsm->tie_heard = s->now;
	return s->now < fsm->tied + s->config->tie_wait;
}

static void active_advert(struct step *s, const struct vrrp_event *event)
{
	if (stalled(s, s->fsm->timer[VRRP_TIMER_ADVERT].deadline)) {
		give_way_after_stall(s);
		backup_advert(s, event);
	} else if (s->fsm->hands_over_until) {
		hand_over(s, event);
	} else if (leaves_tie(s, event)) {
		return;
	} else if (outranks_us(s, event)) {
		leave_active(s, VRRP_BACKUP, VRRP_REASON_PRIORITY);
		follow(s, event);
	} else if (s->now < s->fsm->advert_sent + ANSWER_GAP) {
		return; /* answered */
	} else if (event->advert.priority == PRIORITY_RELEASE) {
		advertise_and_rearm(s, s->now + s->fsm->active_interval);
	} else if (s->config->version != 2) {
		/* Answers the sender, and refreshes learning bridges; the timer is not changed. */
		send_advert(s, s->config->priority);
	}
}

static void active_config(struct step *s, const struct vrrp_fsm_config *previous)
{
	const struct vrrp_fsm_config *config = s->config;
	bool interval_changed = config->interval_cs != previous->interval_cs;

	if (stalled(s, s->fsm->timer[VRRP_TIMER_ADVERT].deadline)) {
		give_way_after_stall(s);
		return;
	}
	learn_own_interval(s);
	note_active(s, &config->source, config->priority, 0);
	if (config->priority == PRIORITY_OWNER)
		s->fsm->hands_over_until = 0;
	if (interval_changed)
		advertise_and_rearm(s, s->now + s->fsm->active_interval);
	else if (s->fsm->hands_over_until)
		return; /* the next one of priority 0 tells the source */
	else if (config->priority != previous->priority ||
		 !vrrp_addr_same(&config->source, &previous->source))
		send_advert(s, config->priority);
}

static void active_shutdown(struct step *s, enum vrrp_reason reason)
{
	send_advert(s, PRIORITY_RELEASE);
	leave_active(s, VRRP_INITIALIZE, reason);
	forget_active(s);
}

static void active_give_up(struct step *s, enum vrrp_reason reason)
{
	send_advert(s, PRIORITY_RELEASE);
	s->fsm->yields = reason == VRRP_REASON_HANDED_OVER;
	leave_active(s, VRRP_BACKUP, reason);
	listen_first(s);
}

static void active_event(struct step *s, const struct vrrp_event *event)
{
	switch (event->type) {
	case VRRP_EVENT_STARTUP:
	case VRRP_EVENT_PEER_DOWN:
	case VRRP_EVENT_RESUME:
	case VRRP_EVENT_SETTLED:
	case VRRP_EVENT_TAKE_OVER:
		break;
	case VRRP_EVENT_GIVE_UP:
		active_give_up(s, event->give_up.reason);
		break;
	case VRRP_EVENT_SHUTDOWN:
		active_shutdown(s, event->shutdown.reason);
		break;
	case VRRP_EVENT_TIMER:
		active_advert_timer(s);
		break;
	case VRRP_EVENT_ADVERT:
		active_advert(s, event);
		break;
	case VRRP_EVENT_CONFIG:
		active_config(s, event->config.previous);
		break;
	case VRRP_EVENT_SWITCHOVER:
		active_switchover(s);
		break;
	case VRRP_EVENT_RECLAIM:
		active_reclaim(s);
		break;
	}
}

/* The step. */

/* Records an expiry. False when it is not the pending one. */
static bool take_expiry(struct step *s, const struct vrrp_event *event)
{
	struct vrrp_fsm *fsm = s->fsm;
	enum vrrp_timer which = event->timer.which;

	if ((unsigned int)which >= VRRP_TIMERS || fsm->timer[which].deadline == 0 ||
	    fsm->timer[which].generation != event->timer.generation)
		return false;
	s->due = fsm->timer[which].deadline;
	fsm->timer[which].deadline = 0;
	return true;
}

/* False for events that have no effect in any state. */
static bool event_is_meant(struct step *s, const struct vrrp_event *event)
{
	switch (event->type) {
	case VRRP_EVENT_TIMER:
		return take_expiry(s, event);
	case VRRP_EVENT_ADVERT:
		return !is_echo(s, event) && !is_shadow(s, event);
	case VRRP_EVENT_CONFIG:
		return event->config.previous != NULL;
	case VRRP_EVENT_STARTUP:
	case VRRP_EVENT_RESUME:
	case VRRP_EVENT_SHUTDOWN:
	case VRRP_EVENT_SWITCHOVER:
	case VRRP_EVENT_RECLAIM:
	case VRRP_EVENT_PEER_DOWN:
	case VRRP_EVENT_SETTLED:
	case VRRP_EVENT_TAKE_OVER:
	case VRRP_EVENT_GIVE_UP:
		break;
	}
	return true;
}

void vrrp_fsm_init(struct vrrp_fsm *fsm, vrrp_usec_t now)
{
	memset(fsm, 0, sizeof(*fsm));
	fsm->since = now;
}

void vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
		   const struct vrrp_event *event, vrrp_usec_t now, struct vrrp_actions *actions)
{
	struct step s = { .config = config, .fsm = fsm, .now = now, .actions = actions };
	enum vrrp_state from = fsm->state;
	struct vrrp_action *last;

	actions->count = 0;
	if (!event_is_meant(&s, event))
		return;
	if (from == VRRP_ACTIVE)
		active_event(&s, event);
	else if (from == VRRP_BACKUP)
		backup_event(&s, event);
	else
		initialize_event(&s, event);

	if (fsm->state == from)
		return;
	last = act(&s, VRRP_ACTION_TRANSITION);
	last->transition.from = from;
	last->transition.to = fsm->state;
	last->transition.reason = fsm->reason;
}

bool vrrp_fsm_follows(const struct vrrp_fsm *fsm)
{
	return fsm->state == VRRP_BACKUP && fsm->active_heard != 0 && !fsm->lower_heard;
}
