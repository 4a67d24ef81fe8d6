// SPDX-License-Identifier: GPL-2.0-or-later
/* Each room is asked for the holds that it can judge, in order of precedence. */
#include "vrrp_admission.h"

#include "lib/darr.h"

#include "vrrp_delivery.h"
#include "vrrp_host.h"
#include "vrrp_next_hop.h"
#include "vrrp_place.h"
#include "vrrp_startup.h"
#include "vrrp_vip_link.h"

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
	return vrrp_place_of(router)->prepare(router) ? vrrp_startup_hold(router)
						      : VRRP_HOLD_PLACEMENT;
}
