/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual router that is about to preempt, and has and announces its VIPs already, while the
 * lower Active router goes on ("vrrp N preempt settle").
 *
 * A host that comes back is heard by its peers before routing has spread its routes: would it
 * take over then, far routers had no way to the VIPs for that time. So it waits until zebra has
 * selected all its routes, and that long from then on. The state machine (vrrp_fsm.h) says when
 * that begins and what ends it; this is for VIPs off the LAN only.
 */
#ifndef VRRP_AHEAD_H
#define VRRP_AHEAD_H

#include "vrrp_group.h"

/* True when it is configured so, and its VIPs are off the LAN. */
bool vrrp_ahead_is_wanted(const struct vrrp_router *router);

/*
 * After each step of the state machine: begins to wait, or ends it. A router that does not
 * preempt after all withdraws its routes at once, and its VIPs are drained.
 */
void vrrp_ahead_look(struct vrrp_router *router);

/* settled: the routes have been there for long enough; called from the event loop. */
void vrrp_ahead_init(void (*settled)(struct vrrp_router *router));

#endif /* VRRP_AHEAD_H */
