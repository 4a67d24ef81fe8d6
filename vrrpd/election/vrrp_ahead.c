// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zebra tells of routes that it has installed and of those that it has selected by two messages,
 * and of those that it refuses by none, nor does it look at them again when its route-maps
 * change. So while a router waits, it looks what zebra has said so far, after pauses that grow,
 * and with the longest pause it offers again what zebra has not selected.
 */
#include "vrrp_ahead.h"

#include "vrrp_log.h"
#include "vrrp_vip.h"
#include "vrrp_warning.h"

#define USEC_PER_MSEC (VRRP_USEC_PER_SEC / 1000)
/* The pause before the first look, and the longest one. */
#define FIRST_USEC   (50 * USEC_PER_MSEC)
#define LONGEST_USEC VRRP_USEC_PER_SEC
/* After long pauses, no two routers look within this time: so many routes zebra can be offered. */
#define APART_USEC (2 * USEC_PER_MSEC)

static void (*tell_settled)(struct vrrp_router *router);

bool vrrp_ahead_is_wanted(const struct vrrp_router *router)
{
	return router->group->applied.preempt_settle_msec && !vrrp_router_is_on_lan(router);
}

static vrrp_usec_t settle_usec(const struct vrrp_router *router)
{
	return router->group->applied.preempt_settle_msec * USEC_PER_MSEC;
}

static vrrp_usec_t next_look(struct vrrp_router_ahead *ahead, vrrp_usec_t now)
{
	static vrrp_usec_t latest;

	if (ahead->pause < LONGEST_USEC) {
		ahead->pause = MIN(2 * ahead->pause, LONGEST_USEC);
		return now + ahead->pause;
	}
	latest = MAX(latest + APART_USEC, now + LONGEST_USEC);
	return latest;
}

/* One route that zebra has withdrawn meanwhile makes all settle anew. */
static void on_alarm(struct vrrp_alarm *alarm)
{
	struct vrrp_router_ahead *ahead = container_of(alarm, struct vrrp_router_ahead, alarm);
	struct vrrp_router *router = container_of(ahead, struct vrrp_router, ahead);
	vrrp_usec_t now = vrrp_now(), next;

	if (!vrrp_vip_all_selected(router)) {
		ahead->accepted = 0;
		if (ahead->pause == LONGEST_USEC)
			vrrp_vip_offer_again(router);
	} else if (!ahead->accepted) {
		ahead->accepted = now;
	}
	next = ahead->accepted ? ahead->accepted + settle_usec(router) : UINT64_MAX;
	if (now >= next)
		tell_settled(router);
	else
		vrrp_alarm_set(alarm, MIN(next, next_look(ahead, now)));
}

static void begin(struct vrrp_router *router)
{
	router->ahead.is_on = true;
	router->ahead.accepted = 0;
	router->ahead.pause = FIRST_USEC;
	router->ahead.alarm.expire = on_alarm;
	vrrp_alarm_set(&router->ahead.alarm, vrrp_now() + FIRST_USEC);
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: announces its virtual addresses, and preempts when zebra has taken the routes and %u ms more",
			  router, router->group->applied.preempt_settle_msec);
}

/* Far routers may have begun to send here. */
static void end(struct vrrp_router *router)
{
	vrrp_alarm_cancel(&router->ahead.alarm);
	router->ahead.is_on = false;
	if (router->fsm.state != VRRP_ACTIVE)
		vrrp_vip_drain(router, VRRP_SUCCESSOR_SERVES);
}

void vrrp_ahead_look(struct vrrp_router *router)
{
	bool is_settling = router->fsm.preemption == VRRP_PREEMPTION_SETTLING;

	if (is_settling && !router->ahead.alarm.deadline)
		begin(router);
	else if (!router->fsm.is_ahead && router->ahead.is_on)
		end(router);
}

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_router_ahead *ahead = &router->ahead;
	vrrp_usec_t now = vrrp_now(), over = ahead->accepted + settle_usec(router);

	if (router->fsm.preemption != VRRP_PREEMPTION_SETTLING)
		return 0;
	if (ahead->accepted)
		vrrp_sentence_add(sentences,
				  "announces its virtual addresses already, and preempts in %u ms",
				  (unsigned int)(now < over ? (over - now) / USEC_PER_MSEC : 0));
	else
		vrrp_sentence_add(sentences,
				  "does not preempt, since zebra has not taken all of its routes");
	return 0;
}

void vrrp_ahead_init(void (*settled)(struct vrrp_router *router))
{
	tell_settled = settled;
	hook_register(vrrp_warnings, on_warnings);
}
