/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places: the links that virtual addresses are on. Whoever holds one tells here what became
 * of it; who uses it, and who rechecks, listens.
 */
#ifndef VRRP_PLACE_H
#define VRRP_PLACE_H

#include <zebra.h>

#include "hook.h"

#include "vrrp_group.h"

/* The link has gone, or has lost its addresses: no VIP is on it any more. */
void vrrp_place_tell_lost(int ifindex);
DECLARE_HOOK(vrrp_place_lost, (int ifindex), (ifindex));

/* A router's VIPs, or with NULL all, belong on another link now, or on one of another name. */
void vrrp_place_tell_moved(struct vrrp_router *router);
DECLARE_HOOK(vrrp_place_moved, (struct vrrp_router * router), (router));

/* Something could not be had: after a pause that grows, all look again. */
void vrrp_place_look_later(void);
/* ... places first, and then all virtual routers are rechecked. */
DECLARE_HOOK(vrrp_place_look, (), ());

void vrrp_place_stop(void);

#endif /* VRRP_PLACE_H */
