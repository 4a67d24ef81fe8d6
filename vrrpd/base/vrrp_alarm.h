/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alarms: the timers of all virtual routers.
 *
 * libfrr's timers wait in poll(), whose unit is the millisecond, and spin for
 * the rest of it: with a thousand virtual routers the loop would never sleep. So
 * these stand in one heap behind one timerfd, exact to the microsecond, and cost
 * a system call only when the earliest of them changes to an earlier one.
 */
#ifndef VRRP_ALARM_H
#define VRRP_ALARM_H

#include <zebra.h>

#include "typesafe.h"

#include "vrrp_fsm.h"

PREDECL_HEAP(vrrp_alarms);

/* Owned by whoever contains it; pending from vrrp_alarm_set() to expiry or cancelling. */
struct vrrp_alarm {
	struct vrrp_alarms_item item;
	vrrp_usec_t deadline; /* 0 = not pending */
	void (*expire)(struct vrrp_alarm *alarm);
};

/*
 * Arms, or arms anew. Deadlines are of vrrp_now()'s clock; one in the past expires at once.
 * At once, and on time, is half a millisecond late for what is due just after others have
 * expired: so those of a crowd expire together.
 */
void vrrp_alarm_set(struct vrrp_alarm *alarm, vrrp_usec_t deadline);
void vrrp_alarm_cancel(struct vrrp_alarm *alarm);

/* How late the first of those that are due is; 0 when none is. */
vrrp_usec_t vrrp_alarm_overdue(void);

/* Monotonic now, in microseconds. */
vrrp_usec_t vrrp_now(void);

/*
 * before_expiry is called once each time some are due, before they are looked at: what
 * has arrived meanwhile is read then, and may put them off.
 */
void vrrp_alarm_init(void (*before_expiry)(void));
void vrrp_alarm_stop(void);

#endif /* VRRP_ALARM_H */
