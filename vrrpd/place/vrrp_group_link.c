// SPDX-License-Identifier: GPL-2.0-or-later
/* The operator's own link: it is used as it is, and nothing of it is changed or kept here. */
#include "vrrp_group_link.h"

#include "nl_sysctl.h"
#include "vrrp_place.h"
#include "vrrp_place_ops.h"

static int ifindex(const struct vrrp_router *router)
{
	return router->group->ifp->ifindex;
}

static const char *name(const struct vrrp_router *router)
{
	return router->group->ifp->name;
}

static bool prepare(struct vrrp_router *router)
{
	int disabled = 0;

	if (router->family == VRRP_IPV4 ||
	    (!nl_sysctl_get(ifindex(router), NL_SYSCTL_DISABLE_IPV6, &disabled) && !disabled))
		return true;
	vrrp_place_look_later();
	return false;
}

static void do_nothing(struct vrrp_router *router)
{
}

/* That IPv6 is disabled is said of any link (vrrp_hold.c). */
static void explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
}

static bool neighbour_mac(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	const struct interface *ifp = router->group->ifp;

	memcpy(mac, vrrp_group_mac(router->group), ETH_ALEN);
	return !if_is_loopback(ifp) && ifp->hw_addr_len == ETH_ALEN;
}

const struct vrrp_place_ops vrrp_group_link = {
	.ifindex = ifindex,
	.name = name,
	.prepare = prepare,
	.explain = explain,
	.up = do_nothing,
	.down = do_nothing,
	.neighbour_mac = neighbour_mac,
};
