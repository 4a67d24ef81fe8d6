// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the guardian takes away when this process is killed: the VIPs that are on their links. One on
 * the drain's link needs no guardian: the kernel ends it by itself.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "nl_addr.h"
#include "vrrp_convert.h"
#include "vrrp_guardian.h"

#define USEC_PER_MSEC (VRRP_USEC_PER_SEC / 1000)

/* One that its router has given up is still there because it is drained. */
static uint32_t drain_msec(const struct vrrp_vip *vip)
{
	return vip->router ? vip->router->group->applied.drain_msec
			   : vip->drain.facts.drain / USEC_PER_MSEC;
}

void vrrp_vip_guard(struct vrrp_vip *vip)
{
	struct nl_addr_key key = vrrp_addr_key(&vip->address, vip->link);
	struct guardian_vip record = {
		.family = key.family,
		.prefixlen = key.prefixlen,
		.ifindex = vip->link,
		.vrf = vip->vrf,
		.is_exclusive = vip->router &&
				(vrrp_router_is_on_lan(vip->router) || vip->router->witness),
		.drain_msec = drain_msec(vip),
		.lease_sec = vip->is_borrowed ? 0 : vip->lease.sec,
	};

	memcpy(record.address, vip->address.octets, vrrp_addr_size(vip->address.family));
	if (vip->link && !vip->is_borrowed)
		vrrp_guardian_put_vip(&vip->guarded, &record);
	else
		vrrp_guardian_erase(&vip->guarded);
}

bool vrrp_vip_is_borrowed(const struct vrrp_router *router)
{
	const struct vrrp_addr *address;
	const struct vrrp_vip *vip;

	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, (struct vrrp_router *)router);
		if (vip && vip->is_borrowed)
			return true;
	}
	return false;
}
