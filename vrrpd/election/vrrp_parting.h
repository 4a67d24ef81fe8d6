/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual routers that leave Active, or the election and its sockets, and groups that are gone. */
#ifndef VRRP_PARTING_H
#define VRRP_PARTING_H

#include "vrrp_group.h"

/* It has just left Active: drains its VIPs, unless something has failed. */
void vrrp_parting_hand_over(struct vrrp_router *router);
/* A Backup that had its VIPs has them no more: drains them, if that was planned. */
void vrrp_parting_give_up(struct vrrp_router *router);

/*
 * Gives up its socket at the end of the tick, after its last advertisements. While its VIPs are
 * still announced, it keeps the socket, to hear the new Active router.
 */
void vrrp_parting_begin(struct vrrp_router *router);

/* It needs the socket all the same. */
void vrrp_parting_end(struct vrrp_router *router);

/* A group that nobody knows any more: free_it is called at the end of the tick. */
void vrrp_parting_discard(struct vrrp_group *group, void (*free_it)(struct vrrp_group *group));

bool vrrp_parting_is_any(void);

/* The end of the tick. */
void vrrp_parting_flush(void);

void vrrp_parting_stop(void);

#endif /* VRRP_PARTING_H */
