/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Silence: nobody has configured anything for some seconds.
 *
 * frr-reload takes each old line back by a vtysh of its own before a last one gives all
 * new lines. What was only taken back may come again until there is silence; so who must
 * not act on that waits for it.
 */
#ifndef VRRP_SILENCE_H
#define VRRP_SILENCE_H

#include <zebra.h>

#include "frrevent.h"

#include "vrrp_alarm.h"

/* Of silence, after any command in configuration mode of any session ... */
#define VRRP_SILENCE_SEC 3
/* ... but nobody waits longer than this for it. */
#define VRRP_SILENCE_MAX_SEC 300

/*
 * One who waits. over is set by its owner; it is called from the event loop, or by
 * vrrp_silence_assume().
 */
struct vrrp_silence {
	void (*over)(void);

	/* vrrp_silence.c's */
	struct event *timer;
	vrrp_usec_t since; /* 0 = does not wait */
};

/* A command has been given now, and this one waits for the silence after it, if it does not yet. */
void vrrp_silence_await(struct vrrp_silence *waiter);

/* Calls over at once, silence or not. */
void vrrp_silence_assume(struct vrrp_silence *waiter);

/* It does not wait any more. */
void vrrp_silence_cancel(struct vrrp_silence *waiter);

/* Somebody is configuring, whatever it be. */
void vrrp_silence_broken(void);

#endif /* VRRP_SILENCE_H */
