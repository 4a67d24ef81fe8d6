/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time when a change of the configuration takes effect.
 *
 * During a reload a group may have lost its priority, its peer or its source, and must not act on
 * that. So a change that weakens a running group, or removes a line of it, waits for silence
 * (vrrp_silence.h). A change that strengthens it is applied at once, unless another change of the
 * group waits: the group changes as a whole. A new source or VIP never waits.
 *
 * group->conf is the configuration, group->applied the values in effect. Lists that are in
 * effect though no longer configured are kept by the router.
 */
#ifndef VRRP_SETTLE_H
#define VRRP_SETTLE_H

#include "vrrp_group.h"

DECLARE_DLIST(vrrp_unsettled, struct vrrp_group, unsettled_item);

/* The groups with changes that wait. */
extern struct vrrp_unsettled_head vrrp_unsettled;

/*
 * A transaction has changed group->conf: copies it to group->applied if it takes effect at
 * once, as a whole. True when it waits.
 */
bool vrrp_settle(struct vrrp_group *group, bool running);

/* Takes a group off the list. */
void vrrp_settle_forget(struct vrrp_group *group);

/* Applies all changes that wait at once; for tests. */
void vrrp_settle_now(void);

/* settled is called when all in vrrp_unsettled may take effect; it leaves the list empty. */
void vrrp_settle_init(void (*settled)(void));
void vrrp_settle_stop(void);

#endif /* VRRP_SETTLE_H */
