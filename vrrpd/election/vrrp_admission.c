// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The holds that follow from the configuration and from the state of the host as it is now are
 * found again in each look: a copy of them that somebody has to keep up to date could be stale.
 */
#include "vrrp_admission.h"

#include "lib/darr.h"

#include "vrrp_delivery.h"
#include "vrrp_next_hop.h"
#include "vrrp_retreat.h"
#include "vrrp_seal.h"
#include "vrrp_source.h"
#include "vrrp_startup.h"
#include "vrrp_sync.h"
#include "vrrp_vip_link.h"

static bool is_closed;

void vrrp_admission_close(void)
{
	is_closed = true;
}

static void look_at_needs(struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	const struct interface *ifp = router->group->ifp;
	struct vrrp_holds *holds = &router->holds;

	vrrp_hold_set(holds, VRRP_HOLD_SHUTDOWN, conf->shutdown || is_closed);
	vrrp_hold_set(holds, VRRP_HOLD_NO_ADDRESSES, !darr_len(router->vips));
	vrrp_hold_set(holds, VRRP_HOLD_VERSION, router->family == VRRP_IPV6 && conf->version == 2);
	vrrp_hold_set(holds, VRRP_HOLD_INTERFACE,
		      ifp->ifindex == IFINDEX_INTERNAL || !if_is_operative(ifp));
}

/* One that takes part does not leave because it tracks something new. */
static void look_at_tracking(struct vrrp_router *router)
{
	const struct vrrp_tracking *tracking = &router->group->tracking;
	bool waits = tracking->is_unknown && router->fsm.state == VRRP_INITIALIZE;

	vrrp_hold_set(&router->holds, VRRP_HOLD_TRACKING, tracking->holds || waits);
}

/* A link is made for who has all else. */
static void look_at_place(struct vrrp_router *router)
{
	bool stands = !vrrp_hold_before(&router->holds, VRRP_HOLD_PLACEMENT) &&
		      !vrrp_place_of(router)->prepare(router);

	vrrp_hold_set(&router->holds, VRRP_HOLD_PLACEMENT, stands);
}

bool vrrp_admission_look(struct vrrp_router *router)
{
	look_at_needs(router);
	vrrp_delivery_look(router);
	vrrp_seal_look(router);
	if (!vrrp_source_look(router))
		return false;
	vrrp_next_hop_look(router);
	vrrp_retreat_look(router);
	look_at_tracking(router);
	look_at_place(router);
	vrrp_sync_admit(router);
	vrrp_startup_look(router);
	return true;
}
