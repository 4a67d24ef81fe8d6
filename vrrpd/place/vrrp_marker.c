// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A marker follows the routes to the VIPs of its router, through a drain as well, but not those of a
 * Backup. It leads to the same link, and has the same metric and tag. What zebra was told is in the
 * router; a list has those that the next flush looks at.
 */
#include "vrrp_marker.h"

#include "darr.h"

#include "vrrp_place.h"
#include "vrrp_tick.h"
#include "vrrp_vip_link.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_zebra_route.h"

static struct vrrp_router **touched; /* darr */

bool vrrp_marker_key(const struct vrrp_router *router, struct vrrp_zebra_key *key)
{
	const struct prefix *marker = vrrp_router_marker(router);

	prefix_copy(&key->vip, marker);
	return marker->family && vrrp_vip_vrf_table(router->group, &key->table);
}

bool vrrp_marker_lacks_table(const struct vrrp_router *router)
{
	uint16_t table;

	return vrrp_router_marker(router)->family && !vrrp_vip_vrf_table(router->group, &table);
}

static struct vrrp_zebra_key told_key(const struct vrrp_router *router)
{
	struct vrrp_zebra_key key = { .table = router->marker.table };

	prefix_copy(&key.vip, &router->marker.prefix);
	return key;
}

static bool is_told(const struct vrrp_router *router)
{
	return router->marker.prefix.family;
}

/* A Backup that leaves the election may be drained as well, but never had a marker. */
static bool is_wanted(const struct vrrp_router *router, struct vrrp_zebra_key *key)
{
	bool is_drained = router->handover == VRRP_HANDOVER_ANNOUNCES && is_told(router);

	return (router->routes_up || is_drained) && vrrp_marker_key(router, key) &&
	       vrrp_vip_link(router);
}

void vrrp_marker_touch(struct vrrp_router *router)
{
	if (router->marker.is_touched || (!is_told(router) && !vrrp_router_marker(router)->family))
		return;
	router->marker.is_touched = true;
	*darr_append(touched) = router;
	vrrp_tick_soon();
}

bool vrrp_marker_is_due(void)
{
	return darr_len(touched);
}

static void withdraw(struct vrrp_router *router)
{
	const struct vrrp_zebra_key told = told_key(router);
	struct vrrp_zebra_key wanted;

	if (is_wanted(router, &wanted) && wanted.table == told.table &&
	    prefix_same(&wanted.vip, &told.vip))
		return;
	vrrp_zebra_route_del(&told);
	router->marker.prefix.family = AF_UNSPEC;
}

void vrrp_marker_withdraw(void)
{
	struct vrrp_router **router;

	darr_foreach_p (touched, router)
		if (is_told(*router))
			withdraw(*router);
}

/* If zebra is away, the glue stores the route and sends it later. */
static void announce(struct vrrp_router *router, const struct vrrp_zebra_key *key)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	ifindex_t link = vrrp_vip_link(router);

	if (is_told(router)) {
		vrrp_zebra_route_change(key, link, conf->announce_metric, conf->announce_tag);
		return;
	}
	prefix_copy(&router->marker.prefix, &key->vip);
	router->marker.table = key->table;
	vrrp_zebra_route_add(key, link, conf->announce_metric, conf->announce_tag);
}

void vrrp_marker_announce(void)
{
	struct vrrp_router **router;
	struct vrrp_zebra_key key;

	darr_foreach_p (touched, router) {
		(*router)->marker.is_touched = false;
		if (is_wanted(*router, &key))
			announce(*router, &key);
	}
	darr_reset(touched);
}

bool vrrp_marker_is_announced(const struct vrrp_router *router)
{
	const struct vrrp_zebra_key key = told_key(router);

	return is_told(router) && vrrp_zebra_word(&key) == VRRP_ZEBRA_SELECTED;
}

bool vrrp_marker_is(const struct prefix *prefix)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (prefix_same(prefix, vrrp_router_marker(&group->v4)) ||
		    prefix_same(prefix, vrrp_router_marker(&group->v6)))
			return true;
	return false;
}

static int on_place_moved(struct vrrp_router *router)
{
	struct vrrp_group *group;

	if (router) {
		vrrp_marker_touch(router);
		return 0;
	}
	frr_each (vrrp_groups, &vrrp_groups, group) {
		vrrp_marker_touch(&group->v4);
		vrrp_marker_touch(&group->v6);
	}
	return 0;
}

void vrrp_marker_init(void)
{
	hook_register(vrrp_place_moved, on_place_moved);
}

void vrrp_marker_stop(void)
{
	darr_free(touched);
}
