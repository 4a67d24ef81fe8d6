/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tick: what one round of the event loop has changed takes effect at its end, all
 * together and in one order, so that a thousand transitions at one instant cost one
 * netlink batch and a few system calls. Whoever changes something marks it and asks for
 * the end; nobody below the engine carries anything out by itself.
 */
#ifndef VRRP_TICK_H
#define VRRP_TICK_H

/* end: carries out all that is marked. Once, before anything else of this. */
void vrrp_tick_init(void (*end)(void));

/* What is wanted has changed: it is brought about at the end of this tick. */
void vrrp_tick_soon(void);

/* What waits for the end of the tick happens now. */
void vrrp_tick_end(void);

#endif /* VRRP_TICK_H */
