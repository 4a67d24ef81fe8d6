/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a change of the configuration takes effect.
 *
 * frr-reload takes each old line back by a vtysh of its own before a last one gives all
 * new lines. In between, a group has lost its priority, its peer or its source, and
 * must not act on that. So what weakens a group that runs, or takes a line of it back,
 * waits until nobody has configured anything for VRRP_SETTLE_SEC. What strengthens it
 * is done at once, unless something else of the group waits: it changes as a whole. A new
 * source or VIP never waits.
 *
 * group->conf is what is configured. group->applied is what is in effect; what
 * else is in effect though it is not configured any more is kept by the router.
 */
#ifndef VRRP_SETTLE_H
#define VRRP_SETTLE_H

#include "vrrp_router.h"

/* Of silence, after any command in configuration mode of any session ... */
#define VRRP_SETTLE_SEC 3
/* ... but a group does not wait longer than this for it. */
#define VRRP_SETTLE_MAX_SEC 300

DECLARE_DLIST(vrrp_unsettled, struct vrrp_group, unsettled_item);

/* The groups that have something to wait for. */
extern struct vrrp_unsettled_head vrrp_unsettled;

/*
 * A transaction has changed group->conf: puts into group->applied what takes effect at
 * once, which is all of it or nothing. Returns whether it waits.
 */
bool vrrp_settle(struct vrrp_group *group, bool running);

/* It is settled, or has nothing to wait for. */
void vrrp_settle_forget(struct vrrp_group *group);

/* All that waits takes effect, silence or not; tests do not wait. */
void vrrp_settle_now(void);

/* Somebody is configuring, whatever it be. */
void vrrp_settle_stirred(void);

/* settled is called when all in vrrp_unsettled may take effect; it leaves the list empty. */
void vrrp_settle_init(void (*settled)(void));
void vrrp_settle_stop(void);

#endif /* VRRP_SETTLE_H */
