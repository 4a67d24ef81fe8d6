// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The route to a VIP in zebra: that of an Active router, or of one that is drained or about to
 * preempt; or, with "vrrp N announce standby", the worse one of a Backup, which does not have the
 * address. It is one route, and one replaces the other in place, so far routers never see it go.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "vrrp_convert.h"
#include "vrrp_vip_link.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_route.h"

struct wanted_route {
	int link; /* 0: no route */
	uint32_t metric, tag;
	bool is_standby;
};

/* On a LAN, its VIPs are in the LAN's own subnet, to which there is a better route. */
static bool stands_by(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_BACKUP && router->group->applied.standby_metric &&
	       !vrrp_router_is_on_lan(router);
}

static struct wanted_route wanted_route(const struct vrrp_vip *vip, bool is_inherited)
{
	const struct vrrp_router *router = vip->router;
	const struct vrrp_group_conf *conf = router ? &router->group->applied : NULL;

	if (!router || !vrrp_vip_is_routable(&vip->address))
		return (struct wanted_route){};
	if (router->routes_up || is_inherited)
		return (struct wanted_route){ vip->link, conf->announce_metric, conf->announce_tag,
					      false };
	if (!stands_by(router))
		return (struct wanted_route){};
	return (struct wanted_route){ vrrp_vip_link(router), conf->standby_metric,
				      conf->standby_tag, true };
}

/* An address that could not be put on its link leaves the route that there was. */
static bool is_wanted(const struct vrrp_vip *vip)
{
	bool is_active = vip->router && vip->router->routes_up &&
			 vrrp_vip_is_routable(&vip->address);

	return is_active || wanted_route(vip, false).link;
}

void vrrp_vip_withdraw(struct vrrp_vip *vip)
{
	struct prefix p = vrrp_addr_prefix(&vip->address);

	if (!vip->announced || is_wanted(vip))
		return;
	vrrp_zebra_route_del(&p);
	vip->announced = 0;
	vip->is_standby = false;
}

void vrrp_vip_announce(struct vrrp_vip *vip, bool is_inherited)
{
	struct wanted_route wanted = wanted_route(vip, is_inherited);
	struct prefix p = vrrp_addr_prefix(&vip->address);

	if (!wanted.link)
		return;
	vip->is_standby = wanted.is_standby;
	if (vip->announced == wanted.link && vip->metric == wanted.metric && vip->tag == wanted.tag)
		return;
	vip->metric = wanted.metric;
	vip->tag = wanted.tag;
	vip->announced = wanted.link;
	/* if zebra is away, the glue stores the route and sends it later */
	vrrp_zebra_route_add(&p, wanted.link, wanted.metric, wanted.tag);
}

static bool is_selected(const struct vrrp_addr *vip)
{
	struct prefix p = vrrp_addr_prefix(vip);

	return vrrp_zebra_word(&p) == VRRP_ZEBRA_SELECTED;
}

bool vrrp_vip_is_announced(const struct vrrp_vip *vip)
{
	return vip->announced && is_selected(&vip->address);
}

bool vrrp_vip_all_selected(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		if (vrrp_vip_is_routable(vip) && !is_selected(vip))
			return false;
	return true;
}

void vrrp_vip_offer_again(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;
	struct prefix p;

	darr_foreach_p (router->vips, vip) {
		p = vrrp_addr_prefix(vip);
		if (vrrp_vip_is_routable(vip) && !is_selected(vip))
			vrrp_zebra_route_offer_again(&p);
	}
}
