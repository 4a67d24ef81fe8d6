// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The route to a VIP in zebra: that of an Active router, or of one that is drained, about to
 * preempt, or announces while healthy; or, with "vrrp N announce standby", the worse one of a Backup, which does not have the
 * address. It is one route, and one replaces the other in place, so far routers never see it go.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "vrrp_convert.h"
#include "vrrp_vip_link.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_route.h"

struct wanted_route {
	int link; /* 0: no route */
	uint16_t table;
	uint32_t metric, tag;
	bool is_standby;
};

/* On a LAN, its VIPs are in the LAN's own subnet, to which there is a better route. */
static bool stands_by(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_BACKUP && router->group->applied.standby_metric &&
	       !vrrp_router_is_on_lan(router);
}

bool vrrp_vip_route_key(const struct vrrp_router *router, const struct vrrp_addr *vip,
			struct vrrp_zebra_key *key)
{
	struct prefix p = vrrp_addr_prefix(vip);

	prefix_copy(&key->vip, &p);
	return vrrp_vip_vrf_table(router->group, &key->table) && vrrp_vip_is_routable(vip);
}

static struct vrrp_zebra_key key_of(const struct vrrp_vip *vip)
{
	struct vrrp_zebra_key key = { .table = vip->table };
	struct prefix p = vrrp_addr_prefix(&vip->address);

	prefix_copy(&key.vip, &p);
	return key;
}

static struct wanted_route wanted_route(const struct vrrp_vip *vip, bool is_inherited)
{
	const struct vrrp_router *router = vip->router;
	const struct vrrp_group_conf *conf = router ? &router->group->applied : NULL;
	struct vrrp_zebra_key key;

	if (!router || !vrrp_vip_route_key(router, &vip->address, &key))
		return (struct wanted_route){};
	if (router->routes_up || router->serves || is_inherited)
		return (struct wanted_route){ vip->link, key.table, conf->announce_metric,
					      conf->announce_tag, false };
	if (!stands_by(router))
		return (struct wanted_route){};
	return (struct wanted_route){ vrrp_vip_link(router), key.table, conf->standby_metric,
				      conf->standby_tag, true };
}

/* An address that could not be put on its link leaves the route that there was. */
static bool is_wanted(const struct vrrp_vip *vip)
{
	struct vrrp_zebra_key key;
	bool has_table = vip->router && vrrp_vip_route_key(vip->router, &vip->address, &key) &&
			 key.table == vip->table;
	bool is_active = has_table && (vip->router->routes_up || vip->router->serves);

	return is_active || (has_table && wanted_route(vip, false).link);
}

void vrrp_vip_withdraw(struct vrrp_vip *vip)
{
	const struct vrrp_zebra_key key = key_of(vip);

	if (!vip->announced || is_wanted(vip))
		return;
	vrrp_zebra_route_del(&key);
	vip->announced = 0;
	vip->is_standby = false;
}

void vrrp_vip_announce(struct vrrp_vip *vip, bool is_inherited)
{
	struct wanted_route wanted = wanted_route(vip, is_inherited);
	struct vrrp_zebra_key key;
	bool had_it;

	if (!wanted.link)
		return;
	vip->is_standby = wanted.is_standby;
	if (vip->announced == wanted.link && vip->table == wanted.table &&
	    vip->metric == wanted.metric && vip->tag == wanted.tag)
		return;
	had_it = vip->announced && vip->table == wanted.table;
	vip->table = wanted.table;
	vip->metric = wanted.metric;
	vip->tag = wanted.tag;
	vip->announced = wanted.link;
	key = key_of(vip);
	/* if zebra is away, the glue stores the route and sends it later */
	if (had_it)
		vrrp_zebra_route_change(&key, wanted.link, wanted.metric, wanted.tag);
	else
		vrrp_zebra_route_add(&key, wanted.link, wanted.metric, wanted.tag);
}

bool vrrp_vip_is_announced(const struct vrrp_vip *vip)
{
	const struct vrrp_zebra_key key = key_of(vip);

	return vip->announced && vrrp_zebra_word(&key) == VRRP_ZEBRA_SELECTED;
}

/* The next VIP after the first `i` with a route that zebra has not selected; false: there is none. */
static bool find_unselected(const struct vrrp_router *router, unsigned int *i,
			    struct vrrp_zebra_key *key)
{
	for (; *i < darr_len(router->vips); (*i)++)
		if (vrrp_vip_route_key(router, &router->vips[*i], key) &&
		    vrrp_zebra_word(key) != VRRP_ZEBRA_SELECTED)
			return true;
	return false;
}

bool vrrp_vip_all_selected(const struct vrrp_router *router)
{
	struct vrrp_zebra_key key;
	unsigned int i = 0;

	return !find_unselected(router, &i, &key);
}

void vrrp_vip_offer_again(const struct vrrp_router *router)
{
	struct vrrp_zebra_key key;

	for (unsigned int i = 0; find_unselected(router, &i, &key); i++)
		vrrp_zebra_route_offer_again(&key);
}
