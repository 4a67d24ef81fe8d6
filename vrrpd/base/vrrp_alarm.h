/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alarms: the timers of all virtual routers.
 *
 * libfrr's timers wait in poll(), which counts milliseconds, and spin for the rest: with a thousand
 * virtual routers the loop would never sleep. So alarms are in one heap behind one timerfd, exact
 * to the microsecond, and cost a system call only when the earliest deadline moves forward.
 */
#ifndef VRRP_ALARM_H
#define VRRP_ALARM_H

#include <zebra.h>

#include "typesafe.h"

#include "vrrp_fsm.h"

PREDECL_HEAP(vrrp_alarms);

/* Part of its owner's struct; pending from vrrp_alarm_set() to expiry or cancelling. */
struct vrrp_alarm {
	struct vrrp_alarms_item item;
	vrrp_usec_t deadline; /* 0 = not pending */
	void (*expire)(struct vrrp_alarm *alarm);
};

/*
 * Arms an alarm, or changes its deadline. Deadlines count on vrrp_now()'s clock; one in the past
 * expires at once. An alarm that is due just after others have expired may be half a millisecond
 * late, so that many close deadlines expire together.
 */
void vrrp_alarm_set(struct vrrp_alarm *alarm, vrrp_usec_t deadline);
void vrrp_alarm_cancel(struct vrrp_alarm *alarm);

/* The lateness of the first due alarm in microseconds; 0 when none is due. */
vrrp_usec_t vrrp_alarm_overdue(void);

/* Monotonic now, in microseconds. */
vrrp_usec_t vrrp_now(void);

/*
 * before_expiry is called once each time that alarms are due, before they expire: it reads packets
 * that have arrived meanwhile, which may postpone alarms.
 */
void vrrp_alarm_init(void (*before_expiry)(void));
void vrrp_alarm_stop(void);

#endif /* VRRP_ALARM_H */
