/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Silence: nobody has configured anything for some seconds.
 *
 * frr-reload takes each old line back by a separate vtysh, before a last one sends all new
 * lines. So a line that was taken back may come again until there is silence. Code that must
 * not act on its loss waits for silence.
 *
 * All that waits takes effect at one instant: first the lines that name things, then the things.
 * Otherwise a group would miss what it has just let go of.
 */
#ifndef VRRP_SILENCE_H
#define VRRP_SILENCE_H

#include <zebra.h>

#include "typesafe.h"

#include "vrrp_alarm.h"

/* length of silence, after any command in configuration mode of any session ... */
#define VRRP_SILENCE_SEC 3
/* ... and the longest time that anybody waits for it */
#define VRRP_SILENCE_MAX_SEC 300

PREDECL_DLIST(vrrp_waiters);

/*
 * A user that waits. The owner sets over, which is called from the event loop, or by
 * vrrp_silence_assume().
 */
struct vrrp_silence {
	void (*over)(void);
	bool is_named; /* it is about what lines of others name: checks, services, key chains */

	/* vrrp_silence.c's */
	struct vrrp_waiters_item item;
	vrrp_usec_t since; /* 0 = does not wait */
	bool is_over;	   /* its turn comes in the round that has begun */
};

/* Records a command, and makes this user wait for the silence after it. */
void vrrp_silence_await(struct vrrp_silence *waiter);

/* Calls over at once, silence or not. */
void vrrp_silence_assume(struct vrrp_silence *waiter);

/* Stops waiting. */
void vrrp_silence_cancel(struct vrrp_silence *waiter);

/* Records that somebody is configuring something. */
void vrrp_silence_broken(void);

#endif /* VRRP_SILENCE_H */
