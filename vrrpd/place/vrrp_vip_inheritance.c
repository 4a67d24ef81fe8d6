// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A VIP that an earlier daemon left is as if it were drained, for as long as it is undecided who is
 * Active.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "vrrp_inheritance.h"
#include "vrrp_succession.h"
#include "vrrp_vip_link.h"

/* How long an inherited VIP waits beyond Active_Down_Interval. */
#define INHERITANCE_MARGIN_MSEC 1000

static uint32_t undecided_msec(const struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	vrrp_usec_t down = vrrp_active_down_interval(conf->version, conf->priority,
						     conf->interval_cs * VRRP_USEC_PER_CS);

	return down / 1000 + INHERITANCE_MARGIN_MSEC;
}

/* What an earlier daemon left stays where it is until it is decided who is Active. */
static void take(struct vrrp_vip *vip)
{
	struct vrrp_inherited inherited;

	if (vip->link || !vip->router || vrrp_router_is_on_lan(vip->router) ||
	    !vrrp_inheritance_take(&vip->address, vrrp_vip_link_name(vip->router), &inherited))
		return;
	vip->link = inherited.ifindex;
	vip->is_borrowed = false;
	vip->is_usable = true;
	vip->is_inherited = true;
	if (!vrrp_lease_inherit(&vip->lease, inherited.left_sec))
		vrrp_vip_renew(vip);
}

bool vrrp_vip_inherits_route(const struct vrrp_vip *vip)
{
	return vip->is_inherited && vrrp_vip_keeps_route(vip) && vrrp_succession_is_held() &&
	       vrrp_vip_is_routable(&vip->address);
}

void vrrp_vip_give_up(struct vrrp_vip *vip, bool is_heard)
{
	if (!vip->is_inherited)
		return;
	vip->is_inherited = false;
	vrrp_drain_end(&vip->drain);
	vrrp_vip_drain_one(vip, is_heard ? VRRP_SUCCESSOR_HEARD : VRRP_SUCCESSOR_AWAITED);
	vrrp_vip_drain_changed(&vip->drain);
}

/* Once it is Active, or on a LAN, vrrp_vip_end_drain() ends the wait. */
static void wait_for_decision(struct vrrp_vip *vip)
{
	if (vip->is_inherited && vrrp_hold_is_set(&vip->router->holds, VRRP_HOLD_SHUTDOWN))
		vrrp_vip_give_up(vip, false);
	else if (vip->is_inherited && !vrrp_vip_is_wanted(vip))
		vrrp_drain_undecided(&vip->drain, undecided_msec(vip->router));
}

void vrrp_vip_inherit(struct vrrp_vip *vip)
{
	take(vip);
	wait_for_decision(vip);
}

void vrrp_vip_disinherit(struct vrrp_router *router)
{
	struct vrrp_addr *address;
	struct vrrp_vip *vip;

	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, router);
		if (vip)
			vrrp_vip_give_up(vip, false);
	}
}
