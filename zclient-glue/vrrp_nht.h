/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Next-hop tracking: zebra reports which of its routes leads to an address, at once and
 * whenever that changes.
 *
 * One address may have many watches, but is registered once. A registration costs zebra work
 * at each change of a route, so it ends with the last watch.
 */
#ifndef VRRP_NHT_H
#define VRRP_NHT_H

#include <zebra.h>

#include "prefix.h"
#include "typesafe.h"
#include "vrf.h"
#include "zclient.h"

PREDECL_DLIST(vrrp_nht_watches);

/* A watch, owned by the caller; all zero when it does not watch. */
struct vrrp_nht_watch {
	/* Called when zebra reports a change; may query the route, but not begin or end a watch. */
	void (*changed)(struct vrrp_nht_watch *watch);

	/* vrrp_nht.c's */
	struct vrrp_nht_watches_item item;
	struct vrrp_nht_target *target; /* NULL: it does not watch */
};

/*
 * Begins a watch of a host's address, or of a prefix; does nothing when it watches already. Set
 * changed first.
 */
void vrrp_nht_begin(struct vrrp_nht_watch *watch, vrf_id_t vrf_id, const struct prefix *address);
void vrrp_nht_end(struct vrrp_nht_watch *watch);

/*
 * The route that leads to the address: the longest match that zebra has selected. NULL: there
 * is none, or zebra has not reported yet. While zebra is away: the last reported one.
 */
const struct prefix *vrrp_nht_route(const struct vrrp_nht_watch *watch);

/* True when zebra has reported, be it that there is none. */
bool vrrp_nht_is_known(const struct vrrp_nht_watch *watch);
/* The protocol of that route as zebra names it: "static", "bgp", …; "": there is none. */
const char *vrrp_nht_protocol(const struct vrrp_nht_watch *watch);

/* For vrrp_zebra.c, which passes messages on, and calls when the client is connected. */
void vrrp_nht_init(struct zclient *zclient);
void vrrp_nht_connected(void);
void vrrp_nht_stop(void);

#endif /* VRRP_NHT_H */
