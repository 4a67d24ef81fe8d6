/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told of transitions, and YANG notifications to management. Each of those is sent together
 * with a line of the log, and as rarely.
 */
#ifndef VRRP_NOTIFY_H
#define VRRP_NOTIFY_H

#include "vrrp_group.h"
#include "vrrp_history.h"

/*
 * Tells the history and the log of a transition among the actions of a step, if there is one, with
 * the numbers that led to it. before: the Active router that was known before the step.
 */
void vrrp_notify_transition(const struct vrrp_router *router, const struct vrrp_actions *actions,
			    const struct vrrp_history_other *before);

/* The router has become Active, for the reason in its state machine. */
void vrrp_notify_active(const struct vrrp_router *router);

/* A packet from src was discarded. router: the one it was meant for; NULL: unknown. */
void vrrp_notify_error(const struct vrrp_router *router, const char *src, enum vrrp_verdict verdict);

/* Two other routers are Active and do not hear each other. */
void vrrp_notify_split(const struct vrrp_router *router, const char *one, const char *other);

/* Every verdict has its identity in the YANG module; call when that is loaded. */
void vrrp_notify_init(void);

#endif /* VRRP_NOTIFY_H */
