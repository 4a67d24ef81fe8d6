/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Marker routes ("vrrp N announce marker"): a route of a virtual router that is in our table while
 * it is Active, for route-maps of other protocols to look for. Nobody is meant to use it.
 */
#ifndef VRRP_MARKER_H
#define VRRP_MARKER_H

#include "vrrp_group.h"
#include "vrrp_zebra_client.h"

void vrrp_marker_init(void);
void vrrp_marker_stop(void);

/* Whether its marker is wanted, and how, may have changed: the next flush looks. */
void vrrp_marker_touch(struct vrrp_router *router);

/* Steps of vrrp_vip_flush(), as for the routes to VIPs. */
bool vrrp_marker_is_due(void);
void vrrp_marker_withdraw(void);
void vrrp_marker_announce(void);

/* Its route. False: it has none, or its VRF has no "vrrp route-table". */
bool vrrp_marker_key(const struct vrrp_router *router, struct vrrp_zebra_key *key);

/* It has one, and its VRF has no "vrrp route-table". */
bool vrrp_marker_lacks_table(const struct vrrp_router *router);

/* Zebra has selected it, so that protocols see it. */
bool vrrp_marker_is_announced(const struct vrrp_router *router);

/* A group has this marker. */
bool vrrp_marker_is(const struct prefix *prefix);

#endif /* VRRP_MARKER_H */
