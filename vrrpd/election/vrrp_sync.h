/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sync: virtual routers that are Active together, on one router ("vrrp N sync-group NAME", and
 * "vrrp N sync-families" for the two families of one group).
 *
 * All virtual routers of the groups of that name are members, if they have a virtual address.
 *
 * - Priority: each member advertises the lowest priority of all of them, so every router has one
 *   rank in all of its elections. Equal ranks are decided by one election, that of the leader: the
 *   lowest VRID, then the name of the interface, IPv4 before IPv6. The others leave a tie to it, and
 *   decide by themselves when it has not decided for longer than any Active_Down_Interval.
 * - Together: a member that would become Active is ready, and waits until all members are ready or
 *   Active; then all of them take over at once. So the longest preemption delay counts, and no
 *   member preempts if one does not.
 * - One held, all held (VRRP_HOLD_SYNC). A member that has never taken part yet does so only when
 *   nobody configures any more.
 * - A split, when some are Active here and one follows another router: if that outranks this one,
 *   all here give up, by priority 0; else the one that follows takes over. A member that hands over
 *   by command takes all along.
 */
#ifndef VRRP_SYNC_H
#define VRRP_SYNC_H

#include "vrrp_group.h"

/* The group's sync group is what group->applied says; to be called when that has changed. */
void vrrp_sync_follow(struct vrrp_group *group);
/* The group is freed: it is in none any more. */
void vrrp_sync_forget(struct vrrp_group *group);

/* What follows for the configuration of a member's state machine. */
void vrrp_sync_configure(const struct vrrp_router *router, struct vrrp_fsm_config *config);

/* The hold SYNC, found again at each recheck. */
void vrrp_sync_admit(struct vrrp_router *router);

/* After each step and recheck: what has changed of a member is settled at the end of the tick. */
void vrrp_sync_look(struct vrrp_router *router);

/* The members beside this one, one after another: *i is 0 first. NULL after the last. */
struct vrrp_router *vrrp_sync_other(const struct vrrp_router *router, unsigned int *i);

/* tell: a member's state machine is to be told TAKE_OVER or GIVE_UP; called from the event loop. */
void vrrp_sync_init(void (*tell)(struct vrrp_router *router, enum vrrp_event_type what));
void vrrp_sync_stop(void);

#endif /* VRRP_SYNC_H */
