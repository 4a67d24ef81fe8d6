// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a VIP gets from the VIP interface to the drain's link and back, on one of which the host
 * has it at any time. An address is on a link when the kernel has answered, if it is of IPv4. One of
 * IPv6 is not: the kernel makes the local route later, by a worker. It tells of the address
 * from there, under the lock that a removal waits for. So it is only then taken off the other link.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "vrrp_drain_link.h"

DEFINE_HOOK(vrrp_vip_drained, (struct vrrp_router * router), (router));

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

void vrrp_vip_drain_changed(struct vrrp_drain *drain)
{
	struct vrrp_vip *vip = container_of(drain, struct vrrp_vip, drain);

	vrrp_vip_mark(vip);
	if (!vip->router)
		return;
	vip->router->handover = drain->handover;
	vip->is_inherited &= drain->handover != VRRP_HANDOVER_NONE;
	if (drain->handover == VRRP_HANDOVER_NONE)
		hook_call(vrrp_vip_drained, vip->router);
}

static bool can_drain(const struct vrrp_router *router)
{
	return router->group->applied.drain_msec && !vrrp_router_is_on_lan(router) &&
	       vrrp_drain_link();
}

void vrrp_vip_drain_one(struct vrrp_vip *vip, enum vrrp_successor successor)
{
	vip->is_inherited = false;
	if (can_drain(vip->router) && vip->link && !vip->is_borrowed &&
	    vrrp_vip_is_routable(&vip->address))
		vrrp_drain_begin(&vip->drain, vip->router->group->applied.drain_msec, successor);
}

void vrrp_vip_drain(struct vrrp_router *router, enum vrrp_successor successor)
{
	struct vrrp_addr *address;
	struct vrrp_vip *vip;

	if (!can_drain(router))
		return;
	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, router);
		if (vip)
			vrrp_vip_drain_one(vip, successor);
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

	if (!router || !(router->addresses_up || vrrp_router_is_on_lan(router)))
		return;
	vip->is_inherited = false;
	if (vip->drain.handover == VRRP_HANDOVER_NONE)
		return;
	vrrp_drain_end(&vip->drain);
	vrrp_vip_drain_changed(&vip->drain);
}

/* Also when the link that it was on has gone. */
void vrrp_vip_begin_to_answer(struct vrrp_vip *vip)
{
	if (vip->drain.handover != VRRP_HANDOVER_ANSWERS || vip->drained_on)
		return;
	vip->drained_on = vrrp_drain_link();
	vip->is_usable_drained = false;
	if (vip->drained_on)
		vrrp_drain_link_put(&vip->address, vrrp_drain_left_msec(&vip->drain));
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
	vrrp_drain_link_take(&vip->address);
	vip->drained_on = 0;
}

void vrrp_vip_drain_init(void)
{
	vrrp_drain_init(vrrp_vip_drain_changed);
	vrrp_drain_link_init();
}
