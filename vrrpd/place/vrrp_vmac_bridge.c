// SPDX-License-Identifier: GPL-2.0-or-later
/* The entry that was added is stored with the VMAC; one that existed before is not ours. */
#include "vrrp_vmac_bridge.h"

#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_vmac_link_private.h"

static int add(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	struct nl_fdb_key key;
	uint8_t mac[ETH_ALEN];
	int error;

	vrrp_vmac_address(router, mac);
	error = nl_fdb_find(vrrp_netlink, router->group->ifp->ifindex, mac, &key);
	if (!error)
		error = nl_fdb_add(vrrp_netlink, &key);
	if (!error)
		vmac->fdb = key;
	return error == -ENODEV || error == -EEXIST ? 0 : error;
}

void vrrp_vmac_bridge_enter(struct vrrp_router *router)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = add(router);
	}
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%pVR: cannot add the virtual MAC to the bridge below %s, which floods its frames: %s",
			  router, router->vmac->link.name, safe_strerror(-error));
}

void vrrp_vmac_bridge_leave(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int error = 0;

	if (!vmac->fdb.bridge)
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_fdb_del(vrrp_netlink, &vmac->fdb);
	}
	vmac->fdb.bridge = 0;
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%pVR: cannot remove the virtual MAC from the bridge, which keeps its frames: %s",
			  router, safe_strerror(-error));
}

void vrrp_vmac_bridge_sweep(const struct nl_link *vmac)
{
	struct nl_fdb_key key;

	if (!nl_fdb_find(vrrp_netlink, vmac->parent, vmac->mac, &key))
		nl_fdb_del(vrrp_netlink, &key);
}
