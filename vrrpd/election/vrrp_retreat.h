/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "vrrp drain": the host gives everything away, and takes nothing until it is told otherwise
 * or the daemon starts anew.
 *
 * Who is Active hands over as by "vrrp switchover", whatever its priority, and then leaves the
 * election; all others leave it at once. When nobody takes over, the router stays Active with the
 * lowest priority, so that one who comes later preempts it.
 */
#ifndef VRRP_RETREAT_H
#define VRRP_RETREAT_H

#include "vrrp_group.h"

bool vrrp_retreat_is_on(void);

/* The engine's, which then tells each router. */
void vrrp_retreat_set(bool on);

/* Sets VRRP_HOLD_DRAINED, which only an Active router is spared, or takes it back. */
void vrrp_retreat_look(struct vrrp_router *router);

void vrrp_retreat_init(void);

#endif /* VRRP_RETREAT_H */
