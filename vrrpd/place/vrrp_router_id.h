/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether zebra uses a virtual address as the router ID, which OSPF, BGP and IS-IS
 * take from it unless they have their own. The address moves, and then two routers
 * have one ID. That is logged once, and a warning (vrrp_warning.h) for as long as it
 * is so. The owner of an address (priority 255) may use it: it has it always.
 */
#ifndef VRRP_ROUTER_ID_H
#define VRRP_ROUTER_ID_H

#include "prefix.h"
#include "vrf.h"

/* zebra's router ID of a VRF is now that; a struct vrrp_zebra_ops router_id. */
void vrrp_router_id_learned(const struct prefix *id, vrf_id_t vrf_id);

/* The configuration of a group has changed: what is a virtual address may be another one. */
void vrrp_router_id_recheck(void);

void vrrp_router_id_init(void);
void vrrp_router_id_stop(void);

#endif /* VRRP_ROUTER_ID_H */
