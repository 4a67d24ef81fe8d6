// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_vmac_link.h"

#include <linux/rtnetlink.h>

#include "lib_errors.h"
#include "log.h"
#include "vrf.h"

#include "nl_macvlan.h"
#include "nl_route.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_vmac_link_private.h"

int vrrp_vmac_af(const struct vrrp_router *router)
{
	return vrrp_family_af(router->family);
}

void vrrp_vmac_address(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	nl_macvlan_mac(mac, vrrp_vmac_af(router), router->group->vrid);
}

int vrrp_vmac_ifindex(const struct vrrp_router *router)
{
	return router->vmac ? router->vmac->link.ifindex : 0;
}

bool vrrp_vmac_is_up(const struct vrrp_router *router)
{
	return router->vmac && router->vmac->wanted_up && !router->vmac->set_down;
}

const char *vrrp_vmac_name(const struct vrrp_router *router)
{
	return router->vmac ? router->vmac->link.name : "";
}

void vrrp_vmac_route_link_local(struct vrrp_router *router)
{
	const struct vrf *vrf = router->group->ifp->vrf;
	uint32_t table = vrf->vrf_id == VRF_DEFAULT ? RT_TABLE_MAIN : vrf->data.l.table_id;
	int error = 0;

	if (router->family != VRRP_IPV6 || !vrrp_vmac_ifindex(router))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_route_link_local(vrrp_netlink, vrrp_vmac_ifindex(router), table);
	}
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("%pVR: fe80::/64 cannot be routed by %s: %s", router,
			 vrrp_vmac_name(router), safe_strerror(-error));
}
