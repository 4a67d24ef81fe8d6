// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The names of states, timers and reasons: those of RFC 9568 where it has one, and the words
 * of the YANG model. Their header is the state machine's.
 */
#include "vrrp_fsm.h"

const char *vrrp_state_name(enum vrrp_state state)
{
	switch (state) {
	case VRRP_INITIALIZE:
		return "Initialize";
	case VRRP_BACKUP:
		return "Backup";
	case VRRP_ACTIVE:
		return "Active";
	}
	return "unknown";
}

const char *vrrp_timer_name(enum vrrp_timer timer)
{
	static const char *const names[VRRP_TIMERS] = {
		[VRRP_TIMER_ACTIVE_DOWN] = "Active_Down_Timer",
		[VRRP_TIMER_ADVERT] = "Adver_Timer",
		[VRRP_TIMER_PREEMPT] = "preemption delay",
	};

	return timer < VRRP_TIMERS ? names[timer] : "unknown timer";
}

const char *vrrp_reason_name(enum vrrp_reason reason)
{
	static const char *const names[VRRP_REASONS] = {
		[VRRP_REASON_NONE] = "none",
		[VRRP_REASON_STARTUP] = "startup",
		[VRRP_REASON_OWNER] = "owner",
		[VRRP_REASON_NO_RESPONSE] = "no-response",
		[VRRP_REASON_NOT_ACTIVE] = "not-active",
		[VRRP_REASON_PREEMPTED] = "preempted",
		[VRRP_REASON_PRIORITY] = "priority",
		[VRRP_REASON_HANDED_OVER] = "handed-over",
		[VRRP_REASON_RESUMED] = "resumed",
		[VRRP_REASON_SYNC] = "sync",
		[VRRP_REASON_NO_MAJORITY] = "no-majority",
		[VRRP_REASON_STALL] = "stall",
		[VRRP_REASON_SHUTDOWN] = "shutdown",
		[VRRP_REASON_SOURCE] = "source",
		[VRRP_REASON_HELD] = "held",
	};

	return (unsigned int)reason < VRRP_REASONS ? names[reason] : "unknown";
}
