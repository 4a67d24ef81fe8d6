// SPDX-License-Identifier: GPL-2.0-or-later
/* Virtual addresses as "show vrrp vip" wants them. */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "vrrp_drain_link.h"
#include "vrrp_dummy.h"
#include "vrrp_vip_link.h"

static uint32_t lease_left(const struct vrrp_vip *vip)
{
	if (vip->drained_on)
		return (vrrp_drain_left_msec(&vip->drain) + 999) / 1000;
	if (!vip->link)
		return 0;
	return vip->is_borrowed ? UINT32_MAX : vrrp_lease_left_sec(&vip->lease);
}

static const char *link_name(const struct vrrp_vip *vip)
{
	if (vip->drained_on)
		return vrrp_drain_link_name(vip->drained_on);
	return vip->router ? vrrp_vip_link_name(vip->router) : vrrp_dummy_name(vip->link);
}

static void tell(const struct vrrp_vip *vip,
		 void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg)
{
	const struct vrrp_group *group = vip->router ? vip->router->group : NULL;

	fn(&(struct vrrp_vip_status){ .address = vip->address,
				      .router = vip->router,
				      .ifname = group ? group->ifp->name : vip->ifname,
				      .vrid = group ? group->vrid : vip->vrid,
				      .link = link_name(vip),
				      .installed = vip->link || vip->drained_on,
				      .announced = vrrp_vip_is_announced(vip),
				      .is_standby = vip->is_standby,
				      .accepted = !vip->refusal.is_set,
				      .error = vip->error,
				      .lease_left_sec = lease_left(vip),
				      .handover = vip->drain.handover,
				      .drain_left_msec = vrrp_drain_left_msec(&vip->drain) },
	   arg);
}

static void walk_router(const struct vrrp_router *router,
			void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg)
{
	const struct vrrp_addr *address;
	const struct vrrp_vip *vip;

	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, (struct vrrp_router *)router);
		if (vip)
			tell(vip, fn, arg);
	}
}

/* No group leads to them any more. */
static void walk_drained(void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg)
{
	const struct vrrp_vip *vip;

	for (vip = vrrp_vip_after(NULL); vip; vip = vrrp_vip_after(vip))
		if (!vip->router && vip->drain.handover != VRRP_HANDOVER_NONE)
			tell(vip, fn, arg);
}

void vrrp_vip_walk(void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		walk_router(&group->v4, fn, arg);
		walk_router(&group->v6, fn, arg);
	}
	walk_drained(fn, arg);
}

uint32_t vrrp_vip_drain_left_msec(const struct vrrp_router *router)
{
	const struct vrrp_addr *address;
	const struct vrrp_vip *vip;
	uint32_t left = 0;

	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, (struct vrrp_router *)router);
		if (vip)
			left = MAX(left, vrrp_drain_left_msec(&vip->drain));
	}
	return left;
}
