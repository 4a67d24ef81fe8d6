// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * armed is the time to which the timerfd is set. It may be earlier than the first deadline, if that
 * alarm was postponed since. Then nothing is due at the wake-up, and the timerfd is set again,
 * which is cheaper than a system call for each received advertisement.
 *
 * If the timerfd cannot be set, libfrr's own timer is used this time: it may be a millisecond late,
 * and needs no system call that could fail.
 *
 * Each expiry ends in a batch to the kernel and one to zebra. Many deadlines that are close
 * together should share one batch: hence the least time between two expiries.
 */
#include "vrrp_alarm.h"

#include <sys/timerfd.h>

#include "lib_errors.h"
#include "log.h"
#include "monotime.h"

#include "vrrp_daemon.h"

/* Minimum time between two expiries. */
#define REST_USEC 500

static int alarm_cmp(const struct vrrp_alarm *a, const struct vrrp_alarm *b)
{
	return numcmp(a->deadline, b->deadline);
}

DECLARE_HEAP(vrrp_alarms, struct vrrp_alarm, item, alarm_cmp);

static struct vrrp_alarms_head alarms = INIT_HEAP(alarms);
static int fd = -1;
static struct event *t_due, *t_instead;
static vrrp_usec_t armed;  /* 0 = not */
static vrrp_usec_t rested; /* none expires before that */
static bool failing;	   /* the timerfd could not be set */
static bool expiring;	   /* the first alarm of the heap is armed afterwards */
static void (*read_first)(void);

vrrp_usec_t vrrp_now(void)
{
	struct timeval tv;

	monotime(&tv);
	return (vrrp_usec_t)tv.tv_sec * VRRP_USEC_PER_SEC + tv.tv_usec;
}

static void on_instead(struct event *event);

static void arm_instead(vrrp_usec_t when, int error)
{
	vrrp_usec_t now = vrrp_now();

	if (!failing)
		zlog_err("timers: cannot be armed: %s", safe_strerror(error));
	failing = true;
	event_cancel(&t_instead);
	event_add_timer_msec(master, on_instead, NULL, when > now ? (when - now) / 1000 + 1 : 0,
			     &t_instead);
}

/* Arms the timerfd for a deadline, unless it wakes up earlier anyway. */
static void arm(vrrp_usec_t deadline)
{
	vrrp_usec_t when = MAX(deadline, rested);
	struct itimerspec at = {
		.it_value = { .tv_sec = when / VRRP_USEC_PER_SEC,
			      .tv_nsec = when % VRRP_USEC_PER_SEC * 1000 },
	};

	if (armed && armed <= when)
		return;
	if (timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, NULL) < 0) {
		arm_instead(when, errno);
	} else {
		event_cancel(&t_instead);
		failing = false;
	}
	armed = when;
}

void vrrp_alarm_set(struct vrrp_alarm *alarm, vrrp_usec_t deadline)
{
	vrrp_alarm_cancel(alarm);
	alarm->deadline = deadline;
	vrrp_alarms_add(&alarms, alarm);
	if (!expiring)
		arm(deadline);
}

void vrrp_alarm_cancel(struct vrrp_alarm *alarm)
{
	if (!alarm->deadline)
		return;
	vrrp_alarms_del(&alarms, alarm);
	alarm->deadline = 0;
}

vrrp_usec_t vrrp_alarm_overdue(void)
{
	const struct vrrp_alarm *first = vrrp_alarms_first(&alarms);
	vrrp_usec_t now = vrrp_now();

	return first && first->deadline < now ? now - first->deadline : 0;
}

static struct vrrp_alarm *pop_due(vrrp_usec_t now)
{
	struct vrrp_alarm *first = vrrp_alarms_first(&alarms);

	if (!first || first->deadline > now)
		return NULL;
	vrrp_alarms_pop(&alarms);
	first->deadline = 0;
	return first;
}

static void expire_due(void)
{
	vrrp_usec_t now = vrrp_now();
	struct vrrp_alarm *alarm;

	if (!vrrp_alarms_count(&alarms) || vrrp_alarms_first(&alarms)->deadline > now)
		return;
	read_first();
	while ((alarm = pop_due(now)))
		alarm->expire(alarm);
	rested = now + REST_USEC;
}

static void wake_up(void)
{
	armed = 0;
	expiring = true;
	expire_due();
	expiring = false;
	if (vrrp_alarms_count(&alarms))
		arm(vrrp_alarms_first(&alarms)->deadline);
}

static void on_instead(struct event *event)
{
	wake_up();
}

static void on_due(struct event *event)
{
	uint64_t expirations;

	event_add_read(master, on_due, NULL, fd, &t_due);
	if (read(fd, &expirations, sizeof(expirations)) < 0 && errno != EAGAIN)
		zlog_err("timers: %s", safe_strerror(errno));
	wake_up();
}

void vrrp_alarm_init(void (*before_expiry)(void))
{
	read_first = before_expiry;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (fd < 0) {
		zlog_err("timers: %s", safe_strerror(errno));
		exit(1);
	}
	event_add_read(master, on_due, NULL, fd, &t_due);
}

void vrrp_alarm_stop(void)
{
	event_cancel(&t_due);
	event_cancel(&t_instead);
	close(fd);
	fd = -1;
	armed = rested = 0;
}
