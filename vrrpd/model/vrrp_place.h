/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places: the links that virtual addresses are on. The owner of a place reports changes by
 * these hooks; its users, and the engine, register for them.
 */
#ifndef VRRP_PLACE_H
#define VRRP_PLACE_H

#include <zebra.h>

#include "hook.h"

#include "vrrp_group.h"

/* Reports that a link is gone or has lost its addresses: no VIP is on it any more. */
void vrrp_place_tell_lost(int ifindex);
DECLARE_HOOK(vrrp_place_lost, (int ifindex), (ifindex));

/* A router's VIPs (NULL: all) belong on another link, or on one of another name. */
void vrrp_place_tell_moved(struct vrrp_router *router);
DECLARE_HOOK(vrrp_place_moved, (struct vrrp_router * router), (router));

/* A place could not be made or used: after a pause that grows, all try again. */
void vrrp_place_look_later(void);
/* ... places first, and then all virtual routers are rechecked. */
DECLARE_HOOK(vrrp_place_look, (), ());

void vrrp_place_stop(void);

#endif /* VRRP_PLACE_H */
