/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "vrrp switchover" of a virtual router: whether it may hand over, and what became of it. How it
 * does is in vrrp_fsm.h, and vrrp_router_hand_over() begins it.
 */
#ifndef VRRP_SWITCHOVER_H
#define VRRP_SWITCHOVER_H

#include "vrrp_group.h"

/* Why it cannot hand over, as the end of a sentence that begins with its name; NULL: it can. */
const char *vrrp_switchover_refusal(const struct vrrp_router *router);

/* True from the command until another has taken over, or nobody has in time. */
bool vrrp_switchover_is_under_way(const struct vrrp_router *router);

/* The engine's: it begins; nobody took over in time; nothing of that counts any more. */
void vrrp_switchover_begins(struct vrrp_router *router);
void vrrp_switchover_failed(struct vrrp_router *router);
void vrrp_switchover_forget(struct vrrp_router *router);

void vrrp_switchover_init(void);

#endif /* VRRP_SWITCHOVER_H */
