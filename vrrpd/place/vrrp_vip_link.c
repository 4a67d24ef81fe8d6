// SPDX-License-Identifier: GPL-2.0-or-later
/* Chooses the file of the placement, which knows the link. */
#include "vrrp_vip_link.h"

#include "vrrp_dummy.h"
#include "vrrp_vmac_link.h"

int vrrp_vip_link(const struct vrrp_router *router)
{
	switch (vrrp_router_placement(router)) {
	case VRRP_PLACEMENT_INTERFACE:
		return router->group->ifp->ifindex;
	case VRRP_PLACEMENT_VMAC:
		return vrrp_vmac_ifindex(router);
	case VRRP_PLACEMENT_VIP_INTERFACE:
	case VRRP_PLACEMENT_AUTO:
		break;
	}
	return vrrp_dummy_ifindex();
}

bool vrrp_vip_link_is_own(const struct vrrp_router *router)
{
	return vrrp_vip_link(router) == (int)router->group->ifp->ifindex;
}

const char *vrrp_vip_link_name(const struct vrrp_router *router)
{
	switch (vrrp_router_placement(router)) {
	case VRRP_PLACEMENT_INTERFACE:
		return router->group->ifp->name;
	case VRRP_PLACEMENT_VMAC:
		return vrrp_vmac_name(router);
	case VRRP_PLACEMENT_VIP_INTERFACE:
	case VRRP_PLACEMENT_AUTO:
		break;
	}
	return vrrp_global.vip_interface;
}
