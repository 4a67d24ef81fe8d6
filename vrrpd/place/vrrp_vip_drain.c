// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a VIP gets from the VIP interface to the drain's link and back, on one of which the host
 * has it at any time. An address is on a link when the kernel has answered, if it is of IPv4. One of
 * IPv6 is not: the kernel makes the local route later, by a worker. It tells of the address
 * from there, under the lock that a removal waits for. So it is only then taken off the other link.
 *
 * A VIP that an earlier daemon left is as if it were drained, for as long as it is undecided who is
 * Active.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "vrrp_drain_link.h"
#include "vrrp_history.h"
#include "vrrp_inheritance.h"
#include "vrrp_marker.h"
#include "vrrp_succession.h"
#include "vrrp_tick.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vrf.h"

DEFINE_HOOK(vrrp_vip_drained, (struct vrrp_router * router), (router));

/* How long an inherited VIP waits beyond Active_Down_Interval. */
#define INHERITANCE_MARGIN_MSEC 1000

static bool is_delayed(const struct vrrp_vip *vip)
{
	return vip->address.family == VRRP_IPV6;
}

bool vrrp_vip_keeps_route(const struct vrrp_vip *vip)
{
	return vip->drain.handover == VRRP_HANDOVER_ANNOUNCES;
}

bool vrrp_vip_keeps_address(const struct vrrp_vip *vip)
{
	return vrrp_vip_keeps_route(vip) ||
	       (vip->drain.handover == VRRP_HANDOVER_ANSWERS && vip->drained_on &&
		is_delayed(vip) && !vip->is_usable_drained);
}

/* VIPs of one router follow each other; the first tells. */
static void tell(const struct vrrp_router *router, enum vrrp_handover handover)
{
	static const char *const texts[] = {
		[VRRP_HANDOVER_NONE] = "over",
		[VRRP_HANDOVER_ANNOUNCES] = "begins: addresses and routes stay",
		[VRRP_HANDOVER_ANSWERS] = "the routes go, the addresses are answered for",
	};

	if (router->handover != handover)
		vrrp_history_sentence(router, VRRP_HISTORY_DRAIN, texts[handover]);
}

static void on_drain_change(struct vrrp_drain *drain)
{
	struct vrrp_vip *vip = container_of(drain, struct vrrp_vip, drain);

	vrrp_vip_mark(vip);
	if (!vip->router)
		return;
	tell(vip->router, drain->handover);
	vip->router->handover = drain->handover;
	vrrp_marker_touch(vip->router);
	vip->is_inherited &= drain->handover != VRRP_HANDOVER_NONE;
	if (drain->handover == VRRP_HANDOVER_NONE)
		hook_call(vrrp_vip_drained, vip->router);
}

/* Whoever needs a majority must have nothing left when another router has it. */
static bool can_drain(const struct vrrp_router *router)
{
	return router->group->applied.drain_msec && !router->witness &&
	       !vrrp_router_is_on_lan(router);
}

static void drain_one(struct vrrp_vip *vip, enum vrrp_successor successor)
{
	vip->is_inherited = false;
	if (can_drain(vip->router) && vip->link && !vip->is_borrowed &&
	    vrrp_vip_is_routable(&vip->address) && vrrp_drain_link(vip->vrf))
		vrrp_drain_begin(&vip->drain, vip->router->group->applied.drain_msec, successor);
}

void vrrp_vip_drain(struct vrrp_router *router, enum vrrp_successor successor)
{
	struct vrrp_addr *address;
	struct vrrp_vip *vip;

	if (!can_drain(router) || router->serves)
		return;
	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, router);
		if (vip)
			drain_one(vip, successor);
	}
}

/* ------------------------------------------------------------------- inheritance */

static uint32_t undecided_msec(const struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	vrrp_usec_t down = vrrp_active_down_interval(conf->version, conf->priority,
						     conf->interval_cs * VRRP_USEC_PER_CS);

	return down / 1000 + INHERITANCE_MARGIN_MSEC;
}

/*
 * What an earlier daemon left stays where it is until it is decided who is Active; not if another
 * router may have been promised a majority meanwhile.
 */
static void take(struct vrrp_vip *vip)
{
	struct vrrp_inherited inherited;
	char name[IFNAMSIZ];
	const char *vrf;

	if (vip->link || !vip->router || vip->router->witness ||
	    vrrp_router_is_on_lan(vip->router) || !vrrp_inheritance_has(&vip->address))
		return;
	/* zebra may not have told yet of the interface of the group */
	vrf = vrrp_vip_vrf_of(vip->router->group->ifp->name);
	if (!vrrp_inheritance_take(&vip->address, vrrp_vrf_vip_interface(vrf, name), &inherited))
		return;
	vip->link = inherited.ifindex;
	vip->vrf = MAX(vrrp_vip_vrf_index(vrf), 0);
	vip->is_borrowed = false;
	vip->is_usable = true;
	vip->is_inherited = true;
	if (!vrrp_lease_inherit(&vip->lease, vrrp_vip_lease_sec(vip), inherited.left_sec))
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
	drain_one(vip, is_heard ? VRRP_SUCCESSOR_HEARD : VRRP_SUCCESSOR_AWAITED);
	on_drain_change(&vip->drain);
	vrrp_tick_soon();
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

void vrrp_vip_heard(struct vrrp_router *router)
{
	struct vrrp_addr *address;
	struct vrrp_vip *vip;

	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, router);
		if (vip && vip->is_inherited)
			vrrp_vip_give_up(vip, true);
		else if (vip)
			vrrp_drain_heard(&vip->drain);
	}
}

void vrrp_vip_end_drain(struct vrrp_vip *vip)
{
	struct vrrp_router *router = vip->router;

	if (!router || !(vrrp_router_has_vips(router) || vrrp_router_is_on_lan(router)))
		return;
	vip->is_inherited = false;
	if (vip->drain.handover == VRRP_HANDOVER_NONE)
		return;
	vrrp_drain_end(&vip->drain);
	on_drain_change(&vip->drain);
}

/* Also when the link that it was on has gone. */
void vrrp_vip_begin_to_answer(struct vrrp_vip *vip)
{
	if (vip->drain.handover != VRRP_HANDOVER_ANSWERS || vip->drained_on)
		return;
	vip->drained_on = vrrp_drain_link(vip->vrf);
	vip->is_usable_drained = false;
	if (vip->drained_on)
		vrrp_drain_link_put(vip->drained_on, &vip->address,
				    vrrp_drain_left_msec(&vip->drain));
}

/* On its way back; one that could not be put there is not waited for. */
static bool is_awaited(const struct vrrp_vip *vip)
{
	return vrrp_vip_is_wanted(vip) && vip->link && !vip->is_borrowed && is_delayed(vip) &&
	       !vip->is_usable;
}

void vrrp_vip_cease_to_answer(struct vrrp_vip *vip)
{
	if (!vip->drained_on || vip->drain.handover == VRRP_HANDOVER_ANSWERS || is_awaited(vip))
		return;
	vrrp_drain_link_take(vip->drained_on, &vip->address);
	vip->drained_on = 0;
}

void vrrp_vip_drain_init(void)
{
	vrrp_drain_init(on_drain_change);
	vrrp_drain_link_init();
}
