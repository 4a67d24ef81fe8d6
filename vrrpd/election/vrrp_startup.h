/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a virtual router may leave Initialize.
 *
 * "vrrp startup-delay" keeps every virtual router out of the election for a time after the
 * daemon's start. "vrrp N startup-hold" keeps a unicast one out until a peer can hear it
 * (vrrp_entry.h); meanwhile it listens, and enters at once when it hears an Active peer.
 * The address owner is not held: it has the addresses anyway, so waiting would only put
 * off that the others give way.
 *
 * A virtual router that has entered because it heard a peer, and not because one answered,
 * heeds its peers until it has a proof: it does not preempt, and waits again when that peer
 * falls silent. One that lost its way before it heard or became an Active router waits
 * again. One that went on alone, and is not to preempt at once, advertises the lowest
 * priority until it knows that nobody else is Active (vrrp_entry_meek_end()).
 */
#ifndef VRRP_STARTUP_H
#define VRRP_STARTUP_H

#include "vrrp_group.h"

/*
 * Why this virtual router may not leave Initialize now, if nothing else holds it:
 * VRRP_HOLD_STARTUP_DELAY, VRRP_HOLD_NO_ROUTE, or VRRP_HOLD_NONE. VRRP_HOLD_NO_ROUTE, too, for
 * a Backup that has to go back to it.
 */
enum vrrp_hold vrrp_startup_hold(const struct vrrp_router *router);

/* It is held by VRRP_HOLD_NO_ROUTE, and router->source is where it listens: looks for peers. */
void vrrp_startup_wait(struct vrrp_router *router);

/*
 * It enters the election, or its configuration has changed; says so when it goes on alone.
 * To be called before vrrp_startup_heeds() and vrrp_startup_priority() are asked.
 */
void vrrp_startup_entered(struct vrrp_router *router);

/* It has become Active. */
void vrrp_startup_won(struct vrrp_router *router);

/* An Active peer has been heard. True: the virtual router may enter now. */
bool vrrp_startup_heard(struct vrrp_router *router);

/*
 * The Active router has fallen silent, without a farewell. True: the virtual router, which
 * has no proof yet, has to wait again, and must not become Active.
 */
bool vrrp_startup_fell_silent(struct vrrp_router *router);

/* It is in the election, and must not take over from who is Active. */
bool vrrp_startup_heeds(const struct vrrp_router *router);

/* The priority it takes part with: as configured and in effect, or the lowest. */
uint8_t vrrp_startup_priority(const struct vrrp_router *router);

/* It left the election, or cannot enter it for another reason: the next proof is a new one. */
void vrrp_startup_forget(struct vrrp_router *router);

/* It was in the election a moment ago and may enter again as it is. */
void vrrp_startup_trust(struct vrrp_router *router);

/* vrrp_global.startup_delay_sec is another. */
void vrrp_startup_delay_changed(void);

/*
 * changed: time went by, or a peer answered or was lost, so this virtual router may enter
 * now, has to wait again, or has another priority; called from the event loop.
 */
void vrrp_startup_init(void (*changed)(struct vrrp_router *router));
/* No virtual router is held any more. */
void vrrp_startup_stop(void);

#endif /* VRRP_STARTUP_H */
