/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A step of the state machine, for vrrp_fsm.c only: the actions and timers that it yields,
 * what it notes of the Active router, and what it waits for before it preempts.
 */
#ifndef VRRP_FSM_PRIVATE_H
#define VRRP_FSM_PRIVATE_H

#include "vrrp_fsm.h"

#include <string.h>

#define PRIORITY_OWNER	 255
#define PRIORITY_RELEASE 0

/* The context of one step. */
struct step {
	const struct vrrp_fsm_config *config;
	struct vrrp_fsm *fsm;
	vrrp_usec_t now;
	vrrp_usec_t due; /* deadline of the timer that fired */
	struct vrrp_actions *actions;
};

static inline vrrp_usec_t own_interval(const struct vrrp_fsm_config *config)
{
	return config->interval_cs * VRRP_USEC_PER_CS;
}

/* Actions. VRRP_ACTIONS_MAX is twice what the longest step yields. */

static inline struct vrrp_action *act(struct step *s, enum vrrp_action_type type)
{
	struct vrrp_action *action = &s->actions->list[s->actions->count++];

	memset(action, 0, sizeof(*action));
	action->type = type;
	return action;
}

static inline void send_advert(struct step *s, uint8_t priority)
{
	act(s, VRRP_ACTION_SEND_ADVERT)->priority = priority;
	s->fsm->advert_sent = s->now;
}

static inline void timer_action(struct step *s, enum vrrp_action_type type, enum vrrp_timer which)
{
	struct vrrp_action *action = act(s, type);

	action->timer.which = which;
	action->timer.deadline = s->fsm->timer[which].deadline;
	action->timer.generation = ++s->fsm->timer[which].generation;
}

static inline void arm(struct step *s, enum vrrp_timer which, vrrp_usec_t deadline)
{
	s->fsm->timer[which].deadline = deadline;
	timer_action(s, VRRP_ACTION_SET_TIMER, which);
}

static inline void cancel(struct step *s, enum vrrp_timer which)
{
	if (s->fsm->timer[which].deadline == 0)
		return;
	s->fsm->timer[which].deadline = 0;
	timer_action(s, VRRP_ACTION_CANCEL_TIMER, which);
}

static inline void arm_down(struct step *s)
{
	s->fsm->down_span = VRRP_DOWN_WHOLE;
	s->fsm->down_put_off = 0;
	s->fsm->is_ready = false;
	arm(s, VRRP_TIMER_ACTIVE_DOWN, s->now + s->fsm->active_down_interval);
}

/* Knowledge of the Active router. */

static inline void learn_interval(struct step *s, vrrp_usec_t interval)
{
	const struct vrrp_fsm_config *config = s->config;
	struct vrrp_fsm *fsm = s->fsm;

	fsm->active_interval = interval;
	fsm->skew_time = vrrp_skew_time(config->version, config->priority, interval);
	fsm->active_down_interval = vrrp_active_down_interval(config->version, config->priority,
							      interval);
}

static inline void learn_own_interval(struct step *s)
{
	s->fsm->kept_interval = own_interval(s->config);
	learn_interval(s, s->fsm->kept_interval);
}

static inline void believe_interval(struct step *s, const struct vrrp_addr *router,
				    vrrp_usec_t claimed)
{
	struct vrrp_fsm *fsm = s->fsm;
	const struct vrrp_belief *belief = vrrp_belief_follow(&fsm->beliefs, router, claimed,
							      fsm->kept_interval, s->now);

	fsm->kept_interval = belief->kept;
	learn_interval(s, belief->interval);
}

static inline void note_active(struct step *s, const struct vrrp_addr *address, uint8_t priority,
			       vrrp_usec_t heard)
{
	s->fsm->active_address = *address;
	s->fsm->active_priority = priority;
	s->fsm->active_heard = heard;
}

static inline void note_advert(struct step *s, const struct vrrp_event *event)
{
	note_active(s, &event->advert.source, event->advert.priority, s->now);
	s->fsm->active_version = event->advert.version;
	if (event->advert.interval_cs != 0)
		s->fsm->claimed_interval = event->advert.interval_cs * VRRP_USEC_PER_CS;
}

/* False when a higher router than this one is heard as well, which may have to be respected. */
static inline bool is_best_heard(const struct step *s, const struct vrrp_event *event)
{
	const struct vrrp_fsm *fsm = s->fsm;

	if (fsm->active_heard == 0 || s->now >= fsm->active_heard + fsm->active_down_interval ||
	    vrrp_addr_same(&event->advert.source, &fsm->active_address))
		return true;
	return event->advert.priority >= fsm->active_priority;
}

/* Records a lower router: a later configuration may have to respect it, or another lower one. */
static inline void note_lower(struct step *s, const struct vrrp_event *event)
{
	struct vrrp_fsm *fsm = s->fsm;

	if (!is_best_heard(s, event)) {
		fsm->other_heard = s->now;
		fsm->other_priority = event->advert.priority;
		return;
	}
	if (!vrrp_addr_same(&event->advert.source, &fsm->active_address)) {
		fsm->other_heard = fsm->active_heard;
		fsm->other_priority = fsm->active_priority;
	}
	note_advert(s, event);
}

static inline void forget_active(struct step *s)
{
	static const struct vrrp_addr nobody;

	note_active(s, &nobody, 0, 0);
}

static inline void clear_expectations(struct vrrp_fsm *fsm)
{
	fsm->preemption = VRRP_PREEMPTION_NONE;
	fsm->is_ahead = false;
	fsm->down_span = VRRP_DOWN_WHOLE;
	fsm->down_put_off = 0;
	fsm->released = false;
	fsm->lower_heard = false;
	fsm->other_heard = 0;
	fsm->hands_over_until = 0;
	fsm->is_ready = false;
	fsm->tied = fsm->tie_heard = 0;
}

/* Preemption by a Backup: what it waits for, the delay first, and then that its routes settle. */

static inline vrrp_usec_t preempt_delay(const struct vrrp_fsm_config *config)
{
	if (config->priority == PRIORITY_OWNER)
		return 0;
	return config->preempt_delay_sec * VRRP_USEC_PER_SEC;
}

static inline bool settles(const struct vrrp_fsm_config *config)
{
	return config->settles && config->priority != PRIORITY_OWNER;
}

/* Has the VIPs and announces them before it takes over. */
static inline void go_ahead(struct step *s)
{
	s->fsm->preemption = VRRP_PREEMPTION_SETTLING;
	s->fsm->is_ahead = true;
	act(s, VRRP_ACTION_ADD_ADDRESSES);
	act(s, VRRP_ACTION_ADD_ROUTES);
}

static inline void draw_back(struct step *s)
{
	if (!s->fsm->is_ahead)
		return;
	s->fsm->is_ahead = false;
	act(s, VRRP_ACTION_DEL_ROUTES);
	act(s, VRRP_ACTION_DEL_ADDRESSES);
}

static inline void stop_preempting(struct step *s)
{
	draw_back(s);
	cancel(s, VRRP_TIMER_PREEMPT);
	s->fsm->preemption = VRRP_PREEMPTION_NONE;
}

static inline void begin_to_preempt(struct step *s)
{
	vrrp_usec_t delay = preempt_delay(s->config);

	if (delay != 0) {
		arm(s, VRRP_TIMER_PREEMPT, s->now + delay);
		s->fsm->preemption = VRRP_PREEMPTION_DELAYED;
	} else if (settles(s->config)) {
		go_ahead(s);
	}
}

/* True while a router that is to be preempted is respected. */
static inline bool waits_to_preempt(const struct step *s)
{
	if (s->fsm->preemption == VRRP_PREEMPTION_DELAYED)
		return preempt_delay(s->config) != 0;
	return s->fsm->preemption == VRRP_PREEMPTION_SETTLING;
}

/* What is heard, and what is late. */

/* True for our own advertisement, reflected, or one of another router with our address. */
static inline bool is_echo(const struct step *s, const struct vrrp_event *event)
{
	return vrrp_addr_is_set(&event->advert.source) &&
	       vrrp_addr_same(&event->advert.source, &s->config->source);
}

/* True for VRRPv2 of an Active router that is also heard in VRRPv3. */
static inline bool is_shadow(const struct step *s, const struct vrrp_event *event)
{
	const struct vrrp_fsm *fsm = s->fsm;

	return event->advert.version == 2 && fsm->active_version == 3 &&
	       vrrp_addr_same(&event->advert.source, &fsm->active_address) &&
	       s->now < fsm->active_heard + 2 * fsm->active_interval;
}

/* The longest time that any Backup waits for an advertisement. */
static inline vrrp_usec_t longest_wait(const struct step *s)
{
	return vrrp_active_down_interval(s->config->version, 1, s->fsm->active_interval);
}

#endif /* VRRP_FSM_PRIVATE_H */
