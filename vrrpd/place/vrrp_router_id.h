/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Warns when zebra uses a virtual address as the router ID, which OSPF, BGP and IS-IS take
 * from it unless they have their own. When the address moves, two routers have one ID. That
 * is logged once, and is a warning (vrrp_warning.h) as long as it lasts. The owner of an
 * address (priority 255) may use it, since it always has it.
 */
#ifndef VRRP_ROUTER_ID_H
#define VRRP_ROUTER_ID_H

#include "prefix.h"
#include "vrf.h"

/* zebra reports the router ID of a VRF; the router_id of struct vrrp_zebra_ops. */
void vrrp_router_id_learned(const struct prefix *id, vrf_id_t vrf_id);

/* The configuration of a group has changed, and with it perhaps the virtual addresses. */
void vrrp_router_id_recheck(void);

void vrrp_router_id_init(void);
void vrrp_router_id_stop(void);

#endif /* VRRP_ROUTER_ID_H */
