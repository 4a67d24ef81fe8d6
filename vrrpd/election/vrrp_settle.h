/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a change of the configuration takes effect.
 *
 * In the midst of a reload a group has lost its priority, its peer or its source, and
 * must not act on that. So what weakens a group that runs, or takes a line of it back,
 * waits for silence (vrrp_silence.h). What strengthens it is done at once, unless something
 * else of the group waits: it changes as a whole. A new source or VIP never waits.
 *
 * group->conf is what is configured. group->applied is what is in effect; what
 * else is in effect though it is not configured any more is kept by the router.
 */
#ifndef VRRP_SETTLE_H
#define VRRP_SETTLE_H

#include "vrrp_group.h"

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

/* settled is called when all in vrrp_unsettled may take effect; it leaves the list empty. */
void vrrp_settle_init(void (*settled)(void));
void vrrp_settle_stop(void);

#endif /* VRRP_SETTLE_H */
