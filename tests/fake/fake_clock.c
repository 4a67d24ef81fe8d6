// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The program owns the queue of what is due; an alarm only knows its deadline. The wall
 * clock goes with the other one.
 */
#include "fake_host.h"

#include <sys/time.h>

vrrp_usec_t fake_now;

vrrp_usec_t vrrp_now(void)
{
	return fake_now;
}

/* In place of the system's. */
int gettimeofday(struct timeval *now, void *zone)
{
	uint64_t usec = FAKE_EPOCH_USEC + fake_now;

	*now = (struct timeval){ .tv_sec = usec / VRRP_USEC_PER_SEC,
				 .tv_usec = usec % VRRP_USEC_PER_SEC };
	return 0;
}

void vrrp_alarm_set(struct vrrp_alarm *alarm, vrrp_usec_t deadline)
{
	alarm->deadline = deadline;
	fake_host->alarm(alarm);
}

void vrrp_alarm_cancel(struct vrrp_alarm *alarm)
{
	if (!alarm->deadline)
		return;
	alarm->deadline = 0;
	fake_host->alarm(alarm);
}

/* The program lets alarms be late when it likes; a read is never cut short for them. */
vrrp_usec_t vrrp_alarm_overdue(void)
{
	return 0;
}

void fake_alarm_expires(struct vrrp_alarm *alarm)
{
	alarm->deadline = 0;
	alarm->expire(alarm);
}
