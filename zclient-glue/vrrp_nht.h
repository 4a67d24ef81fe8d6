/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Next-hop tracking: zebra tells which of its routes leads to an address, at once and
 * whenever that changes.
 *
 * Many may watch one address; zebra is asked once. It costs zebra something at each change
 * of a route, so an address is watched only while somebody wants to know.
 */
#ifndef VRRP_NHT_H
#define VRRP_NHT_H

#include <zebra.h>

#include "prefix.h"
#include "typesafe.h"
#include "vrf.h"
#include "zclient.h"

PREDECL_DLIST(vrrp_nht_watches);

/* Owned by who watches; all zero is one that does not. */
struct vrrp_nht_watch {
	/* zebra told something new: it may ask for the route, but not begin or end a watch. */
	void (*changed)(struct vrrp_nht_watch *watch);

	/* vrrp_nht.c's */
	struct vrrp_nht_watches_item item;
	struct vrrp_nht_target *target; /* NULL: it does not watch */
};

/* address is a host's; changed has been set. Does nothing when it watches already. */
void vrrp_nht_begin(struct vrrp_nht_watch *watch, vrf_id_t vrf_id, const struct prefix *address);
void vrrp_nht_end(struct vrrp_nht_watch *watch);

/*
 * The route that leads to the address: the longest match that zebra has selected. NULL:
 * there is none, or zebra has not told yet. While zebra is away: what it told last.
 */
const struct prefix *vrrp_nht_route(const struct vrrp_nht_watch *watch);

/* For vrrp_zebra.c. The client tells what it reads; it is asked anew when it is connected. */
void vrrp_nht_init(struct zclient *zclient);
void vrrp_nht_connected(void);
void vrrp_nht_stop(void);

#endif /* VRRP_NHT_H */
