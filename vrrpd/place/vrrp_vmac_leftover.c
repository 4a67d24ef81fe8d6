// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Leftovers of an earlier vrrpd: macvlans, found by their mark, and the entries of bridges
 * below those that are up.
 */
#include "vrrp_vmac_leftover.h"

#include "lib_errors.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_filter.h"
#include "vrrp_netlink.h"
#include "vrrp_vmac_bridge.h"
#include "vrrp_vmac_link_private.h"

/* Sets leftovers down, since this run is not an Active router yet. */
static void calm_one(const struct nl_link *link, void *arg)
{
	int error = 0;

	if (!link->ours || !link->up)
		return;
	frr_with_privs (&vrrp_privs) {
		vrrp_vmac_bridge_sweep(link);
		error = nl_link_set_down(vrrp_netlink, link->ifindex);
	}
	if (error)
		zlog_warn("%s of an earlier vrrpd cannot be set down: %s", link->name,
			  safe_strerror(-error));
}

void vrrp_vmac_calm(void)
{
	nl_link_dump(vrrp_netlink, "macvlan", calm_one, NULL);
}

static bool is_in_use(int ifindex)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (vrrp_vmac_ifindex(&group->v4) == ifindex ||
		    vrrp_vmac_ifindex(&group->v6) == ifindex)
			return true;
	return false;
}

static void sweep_one(const struct nl_link *link, void *arg)
{
	int error = 0;

	if (!link->ours || is_in_use(link->ifindex))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_del(vrrp_netlink, link->ifindex);
	}
	zlog_info("%s is a leftover of an earlier vrrpd: %s", link->name,
		  error ? safe_strerror(-error) : "removed");
}

void vrrp_vmac_settle(void)
{
	int error = nl_link_dump(vrrp_netlink, "macvlan", sweep_one, NULL);

	if (error)
		zlog_warn("netlink: macvlans cannot be read: %s", safe_strerror(-error));
	vrrp_filter_settle();
}
