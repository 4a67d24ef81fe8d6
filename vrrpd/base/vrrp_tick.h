/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tick: all changes of one round of the event loop take effect together at its end, in
 * one order, so that a thousand transitions at one instant cost one netlink batch and a few
 * system calls. Code that changes something marks it and asks for the end of the tick; code
 * below the engine never applies a change itself.
 */
#ifndef VRRP_TICK_H
#define VRRP_TICK_H

#include <stdbool.h>

/* Something that needs what the end of a tick brings about. All zero except run. */
struct vrrp_tick_work {
	void (*run)(void);
	bool is_due;
	struct vrrp_tick_work *next;
};

/* Registers end, which applies all marked changes. Call it once, before any other function here. */
void vrrp_tick_init(void (*end)(void));

/* Asks for the end of this tick, since a wanted state has changed. */
void vrrp_tick_soon(void);

/* Asks for this work, once, after all that is marked has been applied; in the order asked for. */
void vrrp_tick_then(struct vrrp_tick_work *work);

/* Ends the tick now, for who cannot wait: it stops the daemon, or frees what others use. */
void vrrp_tick_end(void);

#endif /* VRRP_TICK_H */
