// SPDX-License-Identifier: GPL-2.0-or-later
/* Each room is asked for the holds that it can judge, in order of precedence. */
#include "vrrp_admission.h"

#include "lib/darr.h"

#include "nl_sysctl.h"
#include "vrrp_delivery.h"
#include "vrrp_dummy.h"
#include "vrrp_next_hop.h"
#include "vrrp_place.h"
#include "vrrp_startup.h"
#include "vrrp_host.h"
#include "vrrp_vmac.h"

static bool link_has_ipv6(int ifindex)
{
	int disabled = 0;

	if (!nl_sysctl_get(ifindex, NL_SYSCTL_DISABLE_IPV6, &disabled) && !disabled)
		return true;
	vrrp_place_look_later();
	return false;
}

static bool link_is_ready(struct vrrp_router *router)
{
	switch (vrrp_router_placement(router)) {
	case VRRP_PLACEMENT_INTERFACE:
		return router->family == VRRP_IPV4 || link_has_ipv6(router->group->ifp->ifindex);
	case VRRP_PLACEMENT_VIP_INTERFACE:
		return vrrp_dummy_ready() && (router->family == VRRP_IPV4 || vrrp_dummy_has_ipv6());
	case VRRP_PLACEMENT_VMAC:
		return vrrp_vmac_ready(router);
	case VRRP_PLACEMENT_AUTO:
		break;
	}
	return false;
}

enum vrrp_hold vrrp_admission_hold(struct vrrp_router *router)
{
	const struct vrrp_group *group = router->group;
	struct vrrp_addr source;

	if (group->applied.shutdown)
		return VRRP_HOLD_SHUTDOWN;
	if (!darr_len(router->vips))
		return VRRP_HOLD_NO_ADDRESSES;
	if (vrrp_delivery_lacks_peers(router))
		return VRRP_HOLD_NO_PEERS;
	if (router->family == VRRP_IPV6 && group->applied.version == 2)
		return VRRP_HOLD_VERSION;
	if (group->ifp->ifindex == IFINDEX_INTERNAL || !if_is_operative(group->ifp))
		return VRRP_HOLD_INTERFACE;
	source = vrrp_host_source(router);
	if (!vrrp_addr_is_set(&source))
		return VRRP_HOLD_SOURCE;
	if (vrrp_next_hop_among(router)) {
		vrrp_place_look_later(); /* no event reports the removal of the route */
		return VRRP_HOLD_NEXT_HOP;
	}
	return link_is_ready(router) ? vrrp_startup_hold(router) : VRRP_HOLD_PLACEMENT;
}
