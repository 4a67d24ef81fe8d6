/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time when a virtual router may leave Initialize.
 *
 * "vrrp startup-delay" keeps every virtual router out of the election for a time after the
 * daemon's start. "vrrp N startup-hold" keeps a unicast one out until a peer can hear it
 * (vrrp_entry.h); meanwhile it listens, and enters at once when it hears an Active peer.
 * The address owner is not held: it has the addresses anyway, so waiting would only delay the
 * moment when the others give way.
 *
 * A virtual router that entered because it heard a peer, and not because one answered, heeds
 * its peers until it has a proof: it does not preempt, and waits again when that peer falls
 * silent. One that lost its way to the peers before it heard an Active router, or became it,
 * waits again. One that went on alone, and must not preempt at once, advertises the lowest
 * priority until it knows that no other is Active (vrrp_entry_meek_end()).
 */
#ifndef VRRP_STARTUP_H
#define VRRP_STARTUP_H

#include "vrrp_group.h"

/*
 * The hold of this virtual router if it has no other: VRRP_HOLD_STARTUP_DELAY,
 * VRRP_HOLD_NO_ROUTE, or VRRP_HOLD_NONE. VRRP_HOLD_NO_ROUTE also for a Backup that must go
 * back to Initialize.
 */
enum vrrp_hold vrrp_startup_hold(const struct vrrp_router *router);

/* Sets that hold, or takes it back; takes it back, too, where another has precedence. */
void vrrp_startup_look(struct vrrp_router *router);

/* The router is held by VRRP_HOLD_NO_ROUTE and listens on router->source: looks for peers. */
void vrrp_startup_wait(struct vrrp_router *router);

/*
 * The router enters the election, or its configuration has changed; logs when it goes on alone.
 * Call it before vrrp_startup_heeds() and vrrp_startup_priority().
 */
void vrrp_startup_entered(struct vrrp_router *router);

/* The router has become Active. */
void vrrp_startup_won(struct vrrp_router *router);

/* An Active peer has been heard. True: the virtual router may enter now. */
bool vrrp_startup_heard(struct vrrp_router *router);

/*
 * The Active router has fallen silent without priority 0. True when the virtual router has no
 * proof yet, must wait again, and must not become Active.
 */
bool vrrp_startup_fell_silent(struct vrrp_router *router);

/* True when the router is in the election, but must not take over from an Active router. */
bool vrrp_startup_heeds(const struct vrrp_router *router);

/* The priority in the election: the one in effect, or the lowest. */
uint8_t vrrp_startup_priority(const struct vrrp_router *router);

/*
 * What ICMP echoes say of a peer: "answered" or "unanswered"; NULL: none are sent, since the
 * router does not wait for a proof.
 */
const char *vrrp_startup_echo(const struct vrrp_router *router, const struct vrrp_addr *peer);

/* The router left the election, or has another hold: the next proof starts anew. */
void vrrp_startup_forget(struct vrrp_router *router);

/* The router was in the election a moment ago, and may enter again without a proof. */
void vrrp_startup_trust(struct vrrp_router *router);

/* vrrp_global.startup_delay_sec has changed. */
void vrrp_startup_delay_changed(void);

/*
 * changed: time went by, or a peer answered or was lost, so this virtual router may enter
 * now, has to wait again, or has another priority; called from the event loop.
 */
void vrrp_startup_init(void (*changed)(struct vrrp_router *router));
/* To be called when no virtual router is held any more. */
void vrrp_startup_stop(void);

#endif /* VRRP_STARTUP_H */
