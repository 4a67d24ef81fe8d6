/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The invariant: what is so of each virtual router between two steps, however it came there. The
 * machine of vrrp_fsm_init() has it, and each step keeps it (step.c); that is the induction.
 *
 * The shell is what an engine has that carries out the actions: alarms, addresses and routes.
 */
#ifndef PROOF_INVARIANT_H
#define PROOF_INVARIANT_H

#include "any.h"

#define MSEC	     VRRP_USEC_PER_MSEC
#define DOWN(fsm)    ((fsm)->timer[VRRP_TIMER_ACTIVE_DOWN].deadline)
#define ADVERT(fsm)  ((fsm)->timer[VRRP_TIMER_ADVERT].deadline)
#define PREEMPT(fsm) ((fsm)->timer[VRRP_TIMER_PREEMPT].deadline)

struct shell {
	vrrp_usec_t deadline[VRRP_TIMERS]; /* 0: the alarm is not set */
	uint32_t generation[VRRP_TIMERS];
	bool addresses, routes;
};

static inline bool is_owner(const struct vrrp_fsm_config *config)
{
	return config->priority == PRIORITY_FIRST;
}

static inline bool may_preempt(const struct vrrp_fsm_config *config, const struct vrrp_fsm *fsm)
{
	return is_owner(config) || (config->preempt && !fsm->yields);
}

static inline vrrp_usec_t delay_of(const struct vrrp_fsm_config *config)
{
	return is_owner(config) ? 0 : config->preempt_delay_sec * VRRP_USEC_PER_SEC;
}

static inline bool goes_ahead(const struct vrrp_fsm_config *config)
{
	return config->settles && !is_owner(config);
}

static inline vrrp_usec_t interval_of(const struct vrrp_fsm_config *config)
{
	return config->interval_cs * VRRP_USEC_PER_CS;
}

static inline bool shell_agrees(const struct vrrp_fsm *fsm, const struct shell *shell)
{
	bool has = fsm->state == VRRP_ACTIVE || fsm->is_ahead;
	int i;

	for (i = 0; i < VRRP_TIMERS; i++) {
		if (fsm->timer[i].deadline != shell->deadline[i])
			return false;
		if (shell->deadline[i] && fsm->timer[i].generation != shell->generation[i])
			return false;
	}
	return shell->addresses == has && shell->routes == has;
}

/* Skew_Time and Active_Down_Interval are those of this priority and of the interval. */
static inline bool spans_fit(const struct vrrp_fsm *fsm, const struct vrrp_fsm_config *config)
{
	if (fsm->state == VRRP_INITIALIZE)
		return true;
	return fsm->active_interval >= INTERVAL_MIN && fsm->active_interval <= INTERVAL_MAX &&
	       fsm->kept_interval >= INTERVAL_MIN && fsm->kept_interval <= INTERVAL_MAX &&
	       fsm->skew_time ==
		       vrrp_skew_time(config->version, config->priority, fsm->active_interval) &&
	       fsm->active_down_interval == vrrp_active_down_interval(config->version, config->priority,
								      fsm->active_interval);
}

/* Who was heard has said an interval. */
static inline bool claims_fit(const struct vrrp_fsm *fsm)
{
	bool was_heard = fsm->active_heard || fsm->other_heard || fsm->lower_heard ||
			 fsm->preemption != VRRP_PREEMPTION_NONE;

	if (fsm->claimed_interval == 0)
		return fsm->state != VRRP_BACKUP || !was_heard;
	return fsm->claimed_interval >= INTERVAL_MIN && fsm->claimed_interval <= INTERVAL_MAX;
}

/* How far ahead ACTIVE_DOWN of a Backup is at most, by the span that it was armed with. */
static inline bool down_is_bounded(const struct vrrp_fsm *fsm, const struct vrrp_fsm_config *config,
				   vrrp_usec_t now)
{
	vrrp_usec_t soon = now + fsm->skew_time + MSEC;

	switch (fsm->down_span) {
	case VRRP_DOWN_WHOLE:
		return DOWN(fsm) <= now + fsm->active_down_interval;
	case VRRP_DOWN_SKEW:
		return DOWN(fsm) <= soon;
	case VRRP_DOWN_HINT:
		break;
	}
	if (config->version == 2) /* our interval may have changed since */
		return DOWN(fsm) <= soon + 2 * INTERVAL_MAX;
	return DOWN(fsm) <= (fsm->active_heard ? now + fsm->active_down_interval : soon);
}

/* Each state has its own timers, and they are not far ahead. */
static inline bool timers_fit(const struct vrrp_fsm *fsm, const struct vrrp_fsm_config *config,
			      vrrp_usec_t now)
{
	if (fsm->state == VRRP_INITIALIZE)
		return !DOWN(fsm) && !ADVERT(fsm) && !PREEMPT(fsm);
	if (fsm->state == VRRP_ACTIVE)
		return !DOWN(fsm) && !PREEMPT(fsm) && ADVERT(fsm) &&
		       ADVERT(fsm) <= now + fsm->active_interval;
	return DOWN(fsm) && !ADVERT(fsm) &&
	       (PREEMPT(fsm) != 0) == (fsm->preemption == VRRP_PREEMPTION_DELAYED) &&
	       PREEMPT(fsm) <= now + delay_of(config) && down_is_bounded(fsm, config, now);
}

/* One that only follows waits for a whole interval from the last advertisement on, or is late. */
static inline bool follower_waits(const struct vrrp_fsm *fsm, vrrp_usec_t now)
{
	if (fsm->state != VRRP_BACKUP || fsm->down_span != VRRP_DOWN_WHOLE || !fsm->active_heard ||
	    fsm->lower_heard || fsm->other_heard)
		return true;
	return DOWN(fsm) >= fsm->active_heard + fsm->active_down_interval || DOWN(fsm) < now;
}

/* What only a Backup may have. */
static inline bool backup_fits(const struct vrrp_fsm *fsm, const struct vrrp_fsm_config *config)
{
	if (fsm->state != VRRP_BACKUP)
		return fsm->preemption == VRRP_PREEMPTION_NONE && !fsm->is_ahead &&
		       fsm->down_span == VRRP_DOWN_WHOLE && !fsm->down_put_off && !fsm->released &&
		       !fsm->lower_heard && !fsm->other_heard && !fsm->is_ready;
	if (!may_preempt(config, fsm) &&
	    (fsm->preemption != VRRP_PREEMPTION_NONE || fsm->lower_heard))
		return false;
	if (fsm->is_ahead && (!goes_ahead(config) || fsm->preemption == VRRP_PREEMPTION_NONE))
		return false;
	return (fsm->preemption != VRRP_PREEMPTION_SETTLING || fsm->is_ahead) &&
	       (!fsm->is_ready || fsm->down_span != VRRP_DOWN_HINT) && fsm->down_put_off <= 3;
}

/* What only an Active router may have; and it knows itself. */
static inline bool active_fits(const struct vrrp_fsm *fsm, const struct vrrp_fsm_config *config,
			       vrrp_usec_t now)
{
	if (fsm->state != VRRP_ACTIVE)
		return !fsm->hands_over_until && !fsm->tied && !fsm->tie_heard;
	return fsm->active_interval == interval_of(config) && fsm->active_heard == 0 &&
	       fsm->active_priority == config->priority &&
	       vrrp_addr_same(&fsm->active_address, &config->source) && !fsm->yields &&
	       fsm->hands_over_until <= now + 4 * INTERVAL_MAX &&
	       (!is_owner(config) || !fsm->hands_over_until) && fsm->tied <= fsm->tie_heard;
}

static inline bool past_fits(const struct vrrp_fsm *fsm, vrrp_usec_t now)
{
	return fsm->since <= now && fsm->advert_sent <= now && fsm->active_heard <= now &&
	       fsm->other_heard <= now && fsm->tie_heard <= now &&
	       (fsm->state != VRRP_INITIALIZE || !fsm->active_heard);
}

static inline void assume_invariant(const struct vrrp_fsm *fsm,
				    const struct vrrp_fsm_config *config, vrrp_usec_t now)
{
	ASSUME(spans_fit(fsm, config));
	ASSUME(claims_fit(fsm));
	ASSUME(timers_fit(fsm, config, now));
	ASSUME(follower_waits(fsm, now));
	ASSUME(backup_fits(fsm, config));
	ASSUME(active_fits(fsm, config, now));
	ASSUME(past_fits(fsm, now));
}

static inline void prove_invariant(const struct vrrp_fsm *fsm, const struct vrrp_fsm_config *config,
				   vrrp_usec_t now)
{
	PROVE(spans_fit(fsm, config), "invariant: Skew_Time and Active_Down_Interval");
	PROVE(claims_fit(fsm), "invariant: the interval of who was heard");
	PROVE(timers_fit(fsm, config, now), "invariant: each state has its own timers, in bounds");
	PROVE(follower_waits(fsm, now), "invariant: one that follows waits for a whole interval");
	PROVE(backup_fits(fsm, config), "invariant: what only a Backup has");
	PROVE(active_fits(fsm, config, now), "invariant: what only an Active router has");
	PROVE(past_fits(fsm, now), "invariant: nothing was in the future");
}

#endif /* PROOF_INVARIANT_H */
