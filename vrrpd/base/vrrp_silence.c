// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * There is one silence for all users, because a reload concerns all: while it still takes
 * lines back from one group, another has not got its new lines either. Its timer starts again if
 * there was a command meanwhile.
 */
#include "vrrp_silence.h"

#include "frrevent.h"

#include "vrrp_daemon.h"

DECLARE_DLIST(vrrp_waiters, struct vrrp_silence, item);

static struct vrrp_waiters_head waiters = INIT_DLIST(waiters); /* who has waited longest is first */
static vrrp_usec_t broken; /* when somebody last configured something */
static struct event *timer;

static void on_timer(struct event *event);

static vrrp_usec_t due(void)
{
	return MIN(broken + VRRP_SILENCE_SEC * VRRP_USEC_PER_SEC,
		   vrrp_waiters_first(&waiters)->since + VRRP_SILENCE_MAX_SEC * VRRP_USEC_PER_SEC);
}

static void wait_until(vrrp_usec_t then)
{
	vrrp_usec_t now = vrrp_now();

	event_add_timer_msec(master, on_timer, NULL, then > now ? (then - now) / 1000 + 1 : 0,
			     &timer);
}

/* Calls those who wait since before this round; over() may begin and end others' waiting. */
static void end_round(bool is_named)
{
	struct vrrp_silence *waiter;

	do {
		frr_each (vrrp_waiters, &waiters, waiter)
			if (waiter->is_over && waiter->is_named == is_named)
				break;
		if (waiter)
			vrrp_silence_assume(waiter);
	} while (waiter);
}

static void on_timer(struct event *event)
{
	struct vrrp_silence *waiter;

	if (vrrp_now() < due()) {
		wait_until(due());
		return;
	}
	frr_each (vrrp_waiters, &waiters, waiter)
		waiter->is_over = true;
	end_round(false);
	end_round(true);
}

void vrrp_silence_await(struct vrrp_silence *waiter)
{
	vrrp_silence_broken();
	waiter->is_over = false;
	if (!waiter->since) {
		waiter->since = vrrp_now();
		vrrp_waiters_add_tail(&waiters, waiter);
	}
	if (!timer)
		wait_until(due());
}

void vrrp_silence_cancel(struct vrrp_silence *waiter)
{
	if (waiter->since)
		vrrp_waiters_del(&waiters, waiter);
	waiter->since = 0;
	if (!vrrp_waiters_count(&waiters))
		event_cancel(&timer);
}

void vrrp_silence_assume(struct vrrp_silence *waiter)
{
	vrrp_silence_cancel(waiter);
	waiter->over();
}

void vrrp_silence_broken(void)
{
	broken = vrrp_now();
}
