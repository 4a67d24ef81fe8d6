// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every event of a virtual router ends in step(), which calls the pure state machine
 * and notes its actions. They take effect together at the end of the tick (vrrp_tick.h).
 * The order there is the same for all: releases (priority 0), services of IPVS added, routes withdrawn,
 * addresses removed and added, routes announced, services removed, VMACs set down, advertisements,
 * neighbour announcements, accept_local.
 */
#include "vrrp_router_private.h"

#include "darr.h"
#include "memory.h"
#include "vrf.h"

#include "vrrp_admission.h"
#include "vrrp_ahead.h"
#include "vrrp_garp.h"
#include "vrrp_claimant.h"
#include "vrrp_debug.h"
#include "vrrp_delivery.h"
#include "vrrp_farewell.h"
#include "vrrp_healthy.h"
#include "vrrp_hearing.h"
#include "vrrp_ipvs.h"
#include "vrrp_listen.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_misfit.h"
#include "vrrp_notify.h"
#include "vrrp_owner.h"
#include "vrrp_parting.h"
#include "vrrp_radv.h"
#include "vrrp_repeat.h"
#include "vrrp_report.h"
#include "vrrp_receive.h"
#include "vrrp_resume.h"
#include "vrrp_retreat.h"
#include "vrrp_seal.h"
#include "vrrp_rivals.h"
#include "vrrp_send.h"
#include "vrrp_settle.h"
#include "vrrp_socket.h"
#include "vrrp_source.h"
#include "vrrp_startup.h"
#include "vrrp_switchover.h"
#include "vrrp_sync.h"
#include "vrrp_tick.h"
#include "vrrp_host.h"
#include "vrrp_trouble.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"
#include "vrrp_vmac.h"
#include "vrrp_witness.h"

/* ------------------------------------------------------------------------ actions */

/* The end of a tick: applies all changes, in this order. */
static void end_of_tick(void)
{
	vrrp_send_flush_releases();
	vrrp_ipvs_flush_up();
	vrrp_vip_flush();
	vrrp_ipvs_flush_down();
	vrrp_vmac_flush();
	vrrp_send_flush();
	vrrp_resume_sent();
	vrrp_garp_flush();
	vrrp_owner_flush();
	vrrp_parting_flush();
}

static void step(struct vrrp_router *router, const struct vrrp_event *event);
static void leave_if_drained(struct vrrp_router *router);

/* Counts a late advertisement, unless it came so late that the router is no longer Active. */
static void note_lateness(struct vrrp_router *router, vrrp_usec_t due)
{
	vrrp_usec_t late = vrrp_now() - due;

	if (router->fsm.state != VRRP_ACTIVE ||
	    late < router->fsm_config.interval_cs * VRRP_USEC_PER_CS)
		return;
	router->stats.sent_late++;
	vrrp_report_late(router, late);
}

static uint32_t lost_so_far(const struct vrrp_router *router)
{
	return router->sock ? router->sock->lost : 0;
}

/* True when the Active router fell silent before this one had proof that a peer hears it. */
static bool fell_silent_unproven(const struct vrrp_router_timer *timer)
{
	return timer->which == VRRP_TIMER_ACTIVE_DOWN && !timer->router->fsm.released &&
	       vrrp_startup_fell_silent(timer->router);
}

static void on_timer(struct vrrp_alarm *expired)
{
	struct vrrp_router_timer *timer = container_of(expired, struct vrrp_router_timer, alarm);
	vrrp_usec_t due = timer->router->fsm.timer[timer->which].deadline;

	vrrp_witness_check(timer->router);
	if (fell_silent_unproven(timer)) {
		vrrp_router_recheck(timer->router);
		if (timer->router->fsm.state == VRRP_INITIALIZE)
			return;
	}
	step(timer->router, &(struct vrrp_event){
				    .type = VRRP_EVENT_TIMER,
				    .timer = { .which = timer->which,
					       .generation = timer->generation,
					       .lost = timer->lost != lost_so_far(timer->router) },
			    });
	if (timer->which == VRRP_TIMER_ADVERT)
		note_lateness(timer->router, due);
	leave_if_drained(timer->router);
}

static void set_timer(struct vrrp_router *router, const struct vrrp_action *action)
{
	struct vrrp_router_timer *timer = &router->timer[action->timer.which];

	timer->router = router;
	timer->which = action->timer.which;
	timer->generation = action->timer.generation;
	timer->lost = lost_so_far(router);
	timer->alarm.expire = on_timer;
	vrrp_alarm_set(&timer->alarm, action->timer.deadline);
	DEBUGF(protocol, "%pVR: %s timer in %" PRId64 " us", router, vrrp_timer_name(timer->which),
	       (int64_t)(action->timer.deadline - vrrp_now()));
}

/* Queues an advertisement, unless the host has lost the source address. */
static void advertise(struct vrrp_router *router, uint8_t priority)
{
	if (vrrp_hold_first(&router->holds) != VRRP_HOLD_SOURCE &&
	    !vrrp_source_is_awaited(router) && router->sock)
		vrrp_send_advertise(router, priority);
}

/*
 * The winner may never have heard us, and so may not know that hosts have learnt our MAC address.
 * This last advertisement informs it, after our addresses are gone. With a virtual MAC address none
 * is sent: the winner has the same one, and switches must not learn it at our port again.
 */
static void say_last(struct vrrp_router *router)
{
	bool is_ours = vrrp_router_is_unicast(router) || vrrp_vip_link_is_own(router);

	if (router->fsm.reason == VRRP_REASON_PRIORITY && is_ours)
		advertise(router, router->fsm_config.priority);
}

static void transition(struct vrrp_router *router, const struct vrrp_action *action)
{
	router->stats.transitions++;
	vrrp_resume_changed();
	if (action->transition.to == VRRP_ACTIVE)
		router->stats.active_transitions++;
	if (action->transition.from == VRRP_ACTIVE) {
		vrrp_farewell_forget(router);
		vrrp_repeat_stop(router);
		vrrp_switchover_forget(router);
		say_last(router);
		vrrp_parting_hand_over(router);
	}
	if (action->transition.to == VRRP_ACTIVE) {
		vrrp_repeat_start(router);
		vrrp_misfit_look(router);
		vrrp_notify_active(router);
		vrrp_startup_won(router);
	}
	vrrp_vip_touch(router);
	vrrp_radv_look(router);
	vrrp_claimant_look(router);
	vrrp_owner_look(router);
}

static void set_wanted(struct vrrp_router *router, bool *wanted, bool value)
{
	*wanted = value;
	vrrp_vip_touch(router);
}

static void carry_out(struct vrrp_router *router, const struct vrrp_action *action)
{
	switch (action->type) {
	case VRRP_ACTION_ADD_ADDRESSES:
		router->place->up(router);
		set_wanted(router, &router->addresses_up, true);
		vrrp_ipvs_touch(router);
		break;
	case VRRP_ACTION_ADD_ROUTES:
		set_wanted(router, &router->routes_up, true);
		break;
	case VRRP_ACTION_DEL_ROUTES:
		set_wanted(router, &router->routes_up, false);
		break;
	case VRRP_ACTION_DEL_ADDRESSES:
		set_wanted(router, &router->addresses_up, false);
		vrrp_ipvs_touch(router);
		router->place->down(router);
		break;
	case VRRP_ACTION_SEND_ADVERT:
		advertise(router, action->priority);
		break;
	case VRRP_ACTION_GARP:
		vrrp_garp_all(router);
		break;
	case VRRP_ACTION_SET_TIMER:
		set_timer(router, action);
		break;
	case VRRP_ACTION_CANCEL_TIMER:
		vrrp_alarm_cancel(&router->timer[action->timer.which].alarm);
		break;
	case VRRP_ACTION_STAY:
		vrrp_switchover_failed(router);
		break;
	case VRRP_ACTION_TRANSITION:
		transition(router, action);
		break;
	}
}

static bool is_of_timer(const struct vrrp_action *action)
{
	return action->type == VRRP_ACTION_SET_TIMER || action->type == VRRP_ACTION_CANCEL_TIMER;
}

/* Most packets only postpone a timer, which needs no end of the tick. */
static void step(struct vrrp_router *router, const struct vrrp_event *event)
{
	struct vrrp_history_other before = vrrp_history_other(router);
	struct vrrp_actions actions;
	bool waits = false;

	vrrp_fsm_step(&router->fsm_config, &router->fsm, event, vrrp_now(), &actions);
	vrrp_notify_transition(router, &actions, &before);
	vrrp_healthy_look(router);
	for (unsigned int i = 0; i < actions.count; i++) {
		carry_out(router, &actions.list[i]);
		waits |= !is_of_timer(&actions.list[i]);
	}
	vrrp_ahead_look(router);
	vrrp_witness_look(router);
	vrrp_sync_look(router);
	if (waits)
		vrrp_tick_soon();
}

/* Called by vrrp_sync. */
static void synced(struct vrrp_router *router, enum vrrp_event_type what)
{
	step(router,
	     &(struct vrrp_event){ .type = what, .give_up = { .reason = VRRP_REASON_SYNC } });
}

/* Called by vrrp_witness. */
static void judged(struct vrrp_router *router, enum vrrp_event_type what, enum vrrp_reason reason)
{
	step(router, &(struct vrrp_event){ .type = what, .give_up = { .reason = reason } });
	leave_if_drained(router);
}

/* Called by vrrp_ahead. */
static void settled(struct vrrp_router *router)
{
	step(router, &(struct vrrp_event){ .type = VRRP_EVENT_SETTLED });
}

/* ---------------------------------------------------------------------- receiving */

void vrrp_router_receive(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, bool known_peer)
{
	unsigned int notes = 0;

	if (!vrrp_hearing_accepts(router, dgram, advert, known_peer, &notes))
		return;
	if (advert->priority != VRRP_PRIORITY_RELEASE)
		vrrp_resume_forget(router);
	if (advert->priority != VRRP_PRIORITY_RELEASE && vrrp_startup_heard(router))
		vrrp_router_recheck(router);
	if (advert->priority != VRRP_PRIORITY_RELEASE && router->handover == VRRP_HANDOVER_ANNOUNCES)
		vrrp_vip_heard(router);
	step(router, &(struct vrrp_event){
			     .type = VRRP_EVENT_ADVERT,
			     .advert = { .source = dgram->src,
					 .priority = advert->priority,
					 .version = advert->version,
					 .interval_cs = advert->interval_cs },
		     });
	vrrp_report_heard(router, dgram, advert, notes);
	if (vrrp_addr_same(&dgram->src, &router->source))
		return;
	vrrp_claimant_heard(router, advert);
	if (router->fsm.state == VRRP_ACTIVE)
		vrrp_repeat_rival(router, advert);
	leave_if_drained(router);
}

void vrrp_router_peer_down(struct vrrp_router *router, const struct vrrp_addr *peer, bool is_verdict)
{
	step(router, &(struct vrrp_event){
			     .type = VRRP_EVENT_PEER_DOWN,
			     .peer_down = { .address = *peer, .is_verdict = is_verdict },
		     });
}

/* -------------------------------------------------------- entering and leaving the election */

bool vrrp_router_is_running(const struct vrrp_router *router)
{
	return router->fsm.state != VRRP_INITIALIZE;
}

static struct vrrp_fsm_config wanted_config(const struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->applied;

	struct vrrp_fsm_config config = {
		.version = conf->version,
		.priority = vrrp_retreat_is_on() ? VRRP_PRIORITY_LEAST
						 : vrrp_startup_priority(router),
		.preempt = conf->preempt && !vrrp_startup_heeds(router) &&
			   !vrrp_ipvs_is_learning(router),
		.interval_cs = conf->interval_cs,
		.preempt_delay_sec = conf->preempt_delay_sec,
		.settles = vrrp_ahead_is_wanted(router),
		.source = vrrp_host_source(router),
	};

	vrrp_sync_configure(router, &config);
	vrrp_witness_configure(router, &config);
	return config;
}

static enum vrrp_reason reason_of(enum vrrp_hold hold)
{
	if (hold == VRRP_HOLD_SOURCE || hold == VRRP_HOLD_INTERFACE)
		return VRRP_REASON_SOURCE;
	return hold == VRRP_HOLD_SHUTDOWN ? VRRP_REASON_SHUTDOWN : VRRP_REASON_HELD;
}

void vrrp_router_leave(struct vrrp_router *router, enum vrrp_hold hold)
{
	if (hold < VRRP_HOLD_SOCKET)
		vrrp_listen_forget(router);
	vrrp_hold_set(&router->holds, hold, true);
	if (hold == VRRP_HOLD_SHUTDOWN)
		vrrp_vip_disinherit(router);
	vrrp_history_hold(router);
	vrrp_startup_forget(router);
	if (!vrrp_router_is_running(router)) {
		if (router->sock) /* it was held, but it listened */
			vrrp_parting_begin(router);
		return;
	}
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: leaves the election: %s", router, vrrp_hold_name(hold));
	step(router, &(struct vrrp_event){
			     .type = VRRP_EVENT_SHUTDOWN,
			     .shutdown = { .reason = reason_of(hold) },
		     });
	vrrp_source_await_no_more(router); /* after priority 0, which needs the source */
	vrrp_parting_begin(router);
}

/* Makes the router listen as configured; does nothing when it does so already. */
static bool prepare(struct vrrp_router *router)
{
	const struct vrrp_place_ops *place = vrrp_place_of(router);

	/* a router that is leaving may still hold the (VRID, address, peer) this one needs */
	if (vrrp_parting_is_any())
		vrrp_tick_end();
	vrrp_parting_end(router);
	router->fsm_config = wanted_config(router);
	if (router->sock && !router->peers_changed && router->place == place &&
	    vrrp_addr_same(&router->source, &router->fsm_config.source))
		return true;
	router->place = place;
	vrrp_source_use(router, &router->fsm_config.source);
	return vrrp_listen(router);
}

/* Holds the router again: it lost its way to the peers before it heard an Active router. */
static void go_back(struct vrrp_router *router)
{
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: waits again: the way to its peers has gone", router);
	step(router, &(struct vrrp_event){ .type = VRRP_EVENT_SHUTDOWN,
					   .shutdown = { .reason = VRRP_REASON_STARTUP } });
	vrrp_source_await_no_more(router);
}

/* Listens for an Active router while no peer has proved that it hears this one. */
static void listen_only(struct vrrp_router *router)
{
	if (vrrp_router_is_running(router))
		go_back(router);
	if (prepare(router))
		vrrp_startup_wait(router);
}

static void enter(struct vrrp_router *router)
{
	if (!prepare(router))
		return;
	vrrp_startup_entered(router);
	/* anew, since preemption and priority depend on vrrp_startup_entered() */
	router->fsm_config = wanted_config(router);
	step(router, vrrp_resume_event(router));
}

static bool fsm_config_differs(const struct vrrp_fsm_config *a, const struct vrrp_fsm_config *b)
{
	return a->priority != b->priority || a->preempt != b->preempt ||
	       a->interval_cs != b->interval_cs || a->preempt_delay_sec != b->preempt_delay_sec ||
	       a->settles != b->settles || a->syncs != b->syncs || a->tie_wait != b->tie_wait ||
	       !vrrp_addr_same(&a->source, &b->source);
}

static void tell_config(struct vrrp_router *router, const struct vrrp_fsm_config *previous)
{
	if (fsm_config_differs(previous, &router->fsm_config))
		step(router, &(struct vrrp_event){ .type = VRRP_EVENT_CONFIG,
						   .config = { .previous = previous } });
}

/* For instance to the next address of the interface, or to a priority that tracking has lowered. */
static void follow_config(struct vrrp_router *router)
{
	struct vrrp_fsm_config previous = router->fsm_config;

	router->fsm_config = wanted_config(router);
	if (!vrrp_addr_same(&previous.source, &router->fsm_config.source)) {
		vrrp_source_use(router, &router->fsm_config.source);
		if (!vrrp_listen(router)) {
			vrrp_router_leave(router, vrrp_hold_first(&router->holds));
			return;
		}
	}
	tell_config(router, &previous);
}

static void go_on(struct vrrp_router *router)
{
	bool was_awaited = vrrp_source_await_no_more(router);

	follow_config(router);
	step(router, vrrp_resume_event(router)); /* a startup is nothing to it */
	if (!was_awaited || router->fsm.state != VRRP_ACTIVE || vrrp_switchover_is_under_way(router))
		return;
	advertise(router, router->fsm_config.priority); /* peers have missed some meanwhile */
	vrrp_tick_soon();
}

void vrrp_router_recheck(struct vrrp_router *router)
{
	enum vrrp_hold hold;

	if (!vrrp_router_is_configured(router) && !vrrp_router_is_running(router) && !router->sock)
		return;
	if (vrrp_resume_is_due(router))
		vrrp_startup_trust(router);
	if (!vrrp_admission_look(router))
		return;
	hold = vrrp_hold_before(&router->holds, VRRP_HOLD_SOCKET);
	if (hold)
		vrrp_router_leave(router, hold);
	else if (vrrp_hold_is_set(&router->holds, VRRP_HOLD_NO_ROUTE))
		listen_only(router);
	else if (!vrrp_router_is_running(router))
		enter(router);
	else
		go_on(router);
	vrrp_history_hold(router);
	vrrp_healthy_look(router);
	vrrp_sync_look(router);
}

void vrrp_router_listen_anew(struct vrrp_router *router)
{
	if (vrrp_router_is_running(router) && !vrrp_listen(router))
		vrrp_router_leave(router, vrrp_hold_first(&router->holds));
}

/* ------------------------------------------------------------------- configuration */

void vrrp_router_reconfigure(struct vrrp_router *router)
{
	struct vrrp_fsm_config previous = router->fsm_config;

	router->fsm_config = wanted_config(router);
	router->fsm_config.source = previous.source;
	tell_config(router, &previous);
	if (router->peers_changed)
		vrrp_router_listen_anew(router);
}

/* -------------------------------------------------------------------- handing over */

static void hand_over(struct vrrp_router *router)
{
	vrrp_switchover_begins(router);
	step(router, &(struct vrrp_event){ .type = VRRP_EVENT_SWITCHOVER });
}

static void reclaim(struct vrrp_router *router)
{
	vrrp_switchover_forget(router);
	step(router, &(struct vrrp_event){ .type = VRRP_EVENT_RECLAIM });
}

void vrrp_router_hand_over(struct vrrp_router *router)
{
	struct vrrp_router *other;
	unsigned int i = 0;

	hand_over(router);
	while ((other = vrrp_sync_other(router, &i)))
		if (!vrrp_switchover_refusal(other))
			hand_over(other);
}

void vrrp_router_reclaim(struct vrrp_router *router)
{
	struct vrrp_router *other;
	unsigned int i = 0;

	reclaim(router);
	while ((other = vrrp_sync_other(router, &i)))
		reclaim(other);
}

/* It preempts when the host takes part again. */
static void leave_if_drained(struct vrrp_router *router)
{
	if (!vrrp_retreat_is_on() || router->fsm.state != VRRP_BACKUP)
		return;
	reclaim(router);
	vrrp_router_recheck(router);
}

static void retreat(struct vrrp_router *router)
{
	if (router->fsm.state != VRRP_ACTIVE) {
		vrrp_router_recheck(router);
		return;
	}
	vrrp_router_reconfigure(router); /* the priority */
	if (vrrp_retreat_is_on())
		hand_over(router);
	else
		reclaim(router);
}

void vrrp_router_retreat(bool on)
{
	struct vrrp_group *group;

	vrrp_retreat_set(on);
	frr_each (vrrp_groups, &vrrp_groups, group) {
		retreat(&group->v4);
		retreat(&group->v6);
	}
}

/* ---------------------------------------------------------------- starting and stopping */

/* Called by vrrp_startup: the hold has ended or begun, or the priority has changed. */
static void startup_changed(struct vrrp_router *router)
{
	if (!vrrp_router_is_running(router) || vrrp_startup_hold(router)) {
		vrrp_router_recheck(router);
		return;
	}
	vrrp_startup_entered(router);
	vrrp_router_reconfigure(router);
}

void vrrp_router_leave_all(void)
{
	struct vrrp_group *group;

	vrrp_admission_close();
	frr_each (vrrp_groups, &vrrp_groups, group) {
		group->conf.shutdown = group->applied.shutdown = true;
		vrrp_router_leave(&group->v4, VRRP_HOLD_SHUTDOWN);
		vrrp_router_leave(&group->v6, VRRP_HOLD_SHUTDOWN);
	}
}

static void leave_if_promised(struct vrrp_router *router)
{
	if (vrrp_witness_is_needed(router))
		vrrp_router_leave(router, VRRP_HOLD_SHUTDOWN);
}

void vrrp_router_leave_promised(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		leave_if_promised(&group->v4);
		leave_if_promised(&group->v6);
	}
}

static int on_rechecked(struct vrrp_router *router)
{
	vrrp_router_recheck(router);
	return 0;
}

static int on_vmac_replaced(struct vrrp_router *router)
{
	vrrp_router_listen_anew(router);
	return 0;
}

void vrrp_router_init(void)
{
	hook_register(vrrp_rechecked, on_rechecked);
	hook_register(vrrp_vmac_replaced, on_vmac_replaced);
	vrrp_tick_init(end_of_tick);
	vrrp_startup_init(startup_changed);
	vrrp_ahead_init(settled);
	vrrp_sync_init(synced);
	vrrp_witness_init(judged);
}

void vrrp_router_stop(void)
{
	vrrp_listen_stop();
	vrrp_settle_stop();
	vrrp_resume_stop();
	vrrp_sync_stop();
	vrrp_witness_stop();
	vrrp_parting_stop();
}
