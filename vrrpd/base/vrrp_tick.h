/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tick: all changes of one round of the event loop take effect together at its end, in
 * one order, so that a thousand transitions at one instant cost one netlink batch and a few
 * system calls. Code that changes something marks it and asks for the end of the tick; code
 * below the engine never applies a change itself.
 */
#ifndef VRRP_TICK_H
#define VRRP_TICK_H

/* Registers end, which applies all marked changes. Call it once, before any other function here. */
void vrrp_tick_init(void (*end)(void));

/* Asks for the end of this tick, since a wanted state has changed. */
void vrrp_tick_soon(void);

/* Ends the tick now. */
void vrrp_tick_end(void);

#endif /* VRRP_TICK_H */
