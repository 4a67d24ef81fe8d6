// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The next hops of each family as last read; they are few, however many routes there are. They
 * are needed only for a VIP in a subnet of this host, which is a mistake already, so they are
 * read on demand.
 */
#include "vrrp_next_hop.h"

#include "lib/darr.h"
#include "lib_errors.h"

#include "nl_gateway.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_host.h"
#include "vrrp_place.h"

#define LOOK_SEC 2

struct next_hops {
	struct vrrp_addr *addresses; /* darr */
	vrrp_usec_t read;	     /* 0 = never */
};

static struct next_hops known_v4, known_v6;

static void add_v4(const void *address, void *arg)
{
	struct next_hops *known = arg;

	*darr_append(known->addresses) = vrrp_addr_make(VRRP_IPV4, address);
}

static void add_v6(const void *address, void *arg)
{
	struct next_hops *known = arg;

	*darr_append(known->addresses) = vrrp_addr_make(VRRP_IPV6, address);
}

static void look(struct next_hops *known, enum vrrp_family family)
{
	vrrp_usec_t now = vrrp_now();
	int error;

	if (known->read && now - known->read < LOOK_SEC * VRRP_USEC_PER_SEC)
		return;
	known->read = now;
	darr_reset(known->addresses);
	error = nl_gateway_dump(vrrp_netlink, vrrp_family_af(family),
				family == VRRP_IPV4 ? add_v4 : add_v6, known);
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("netlink: next hops cannot be read: %s", safe_strerror(-error));
}

bool vrrp_next_hop_is(const struct vrrp_addr *address)
{
	struct next_hops *known = address->family == VRRP_IPV4 ? &known_v4 : &known_v6;
	const struct vrrp_addr *one;

	if (vrrp_addr_is_linklocal(address) || !vrrp_host_in_subnet(address))
		return false;
	look(known, address->family);
	darr_foreach_p (known->addresses, one)
		if (vrrp_addr_same(one, address))
			return true;
	return false;
}

const struct vrrp_addr *vrrp_next_hop_among(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	if (vrrp_router_is_on_lan(router))
		return NULL;
	darr_foreach_p (router->vips, vip)
		if (vrrp_next_hop_is(vip))
			return vip;
	return NULL;
}

void vrrp_next_hop_look(struct vrrp_router *router)
{
	bool stands = !vrrp_hold_before(&router->holds, VRRP_HOLD_NEXT_HOP) &&
		      vrrp_next_hop_among(router);

	vrrp_hold_set(&router->holds, VRRP_HOLD_NEXT_HOP, stands);
	if (stands)
		vrrp_place_look_later(); /* nobody tells when the route goes */
}

void vrrp_next_hop_stop(void)
{
	darr_free(known_v4.addresses);
	darr_free(known_v6.addresses);
}
