/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interface of the engine for vrrp_apply.c only. */
#ifndef VRRP_ROUTER_PRIVATE_H
#define VRRP_ROUTER_PRIVATE_H

#include "vrrp_router.h"

/* True when it takes part in the election. */
bool vrrp_router_is_running(const struct vrrp_router *router);

/* Leaves the election, or stops listening; the hold is the reason. */
void vrrp_router_leave(struct vrrp_router *router, enum vrrp_hold hold);

/* Enters or leaves the election, or follows its source, as vrrp_admission.c decides. */
void vrrp_router_recheck(struct vrrp_router *router);

/* Applies changes to a running virtual router without leaving the election. */
void vrrp_router_reconfigure(struct vrrp_router *router);

/* Registers a running router again after its macvlan or its peers have changed. */
void vrrp_router_listen_anew(struct vrrp_router *router);

#endif /* VRRP_ROUTER_PRIVATE_H */
