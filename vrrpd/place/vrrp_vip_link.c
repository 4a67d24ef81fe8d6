// SPDX-License-Identifier: GPL-2.0-or-later
/* Chooses the file of the placement, which knows the link. */
#include "vrrp_vip_link.h"

#include "vrrp_dummy.h"
#include "vrrp_group_link.h"
#include "vrrp_vmac.h"

const struct vrrp_place_ops *vrrp_place_of(const struct vrrp_router *router)
{
	static const struct vrrp_place_ops *const places[] = {
		[VRRP_PLACEMENT_VIP_INTERFACE] = &vrrp_dummy_place,
		[VRRP_PLACEMENT_VMAC] = &vrrp_vmac_place,
		[VRRP_PLACEMENT_INTERFACE] = &vrrp_group_link,
	};

	return places[vrrp_router_placement(router)];
}

int vrrp_vip_link(const struct vrrp_router *router)
{
	return vrrp_place_of(router)->ifindex(router);
}

bool vrrp_vip_link_is_own(const struct vrrp_router *router)
{
	return vrrp_vip_link(router) == (int)router->group->ifp->ifindex;
}

const char *vrrp_vip_link_name(const struct vrrp_router *router)
{
	return vrrp_place_of(router)->name(router);
}
