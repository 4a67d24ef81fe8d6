// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * There is one silence for all users, because a reload concerns all: while it still takes
 * lines back from one group, another has not got its new lines either. Each user has a timer,
 * which starts again if there was a command meanwhile.
 */
#include "vrrp_silence.h"

#include "vrrp_daemon.h"

static vrrp_usec_t broken; /* when somebody last configured something */

static void on_timer(struct event *event);

static vrrp_usec_t due(const struct vrrp_silence *waiter)
{
	return MIN(broken + VRRP_SILENCE_SEC * VRRP_USEC_PER_SEC,
		   waiter->since + VRRP_SILENCE_MAX_SEC * VRRP_USEC_PER_SEC);
}

static void wait_until(struct vrrp_silence *waiter, vrrp_usec_t then)
{
	vrrp_usec_t now = vrrp_now();

	event_add_timer_msec(master, on_timer, waiter, then > now ? (then - now) / 1000 + 1 : 0,
			     &waiter->timer);
}

static void on_timer(struct event *event)
{
	struct vrrp_silence *waiter = EVENT_ARG(event);

	if (vrrp_now() < due(waiter))
		wait_until(waiter, due(waiter));
	else
		vrrp_silence_assume(waiter);
}

void vrrp_silence_await(struct vrrp_silence *waiter)
{
	vrrp_silence_broken();
	if (waiter->since)
		return;
	waiter->since = vrrp_now();
	wait_until(waiter, due(waiter));
}

void vrrp_silence_cancel(struct vrrp_silence *waiter)
{
	event_cancel(&waiter->timer);
	waiter->since = 0;
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
