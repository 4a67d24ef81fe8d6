// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_vip_vrf.h"

#include "nl_link.h"
#include "vrrp_netlink.h"
#include "vrrp_vrf.h"
#include "vrrp_zebra_link.h"

#define VRF_KIND "vrf"

static const char *name_of(const struct vrf *vrf)
{
	return !vrf || vrf->vrf_id == VRF_DEFAULT || vrf_is_backend_netns() ? "" : vrf->name;
}

const char *vrrp_vip_vrf(const struct vrrp_group *group)
{
	return group->ifp->ifindex == IFINDEX_INTERNAL ? "" : name_of(group->ifp->vrf);
}

const char *vrrp_vip_vrf_of(const char *ifname)
{
	const struct interface *ifp = vrrp_zebra_interface_named(ifname);
	static struct nl_link master;
	struct nl_link link;

	if (ifp)
		return name_of(ifp->vrf);
	if (vrf_is_backend_netns() || !vrrp_netlink || nl_link_get(vrrp_netlink, ifname, &link) ||
	    !link.master || nl_link_get_index(vrrp_netlink, link.master, &master))
		return "";
	return strmatch(master.kind, VRF_KIND) ? master.name : "";
}

bool vrrp_vip_vrf_table(const struct vrrp_group *group, uint16_t *table)
{
	const char *vrf = vrrp_vip_vrf(group);

	*table = *vrf ? vrrp_vrf_route_table(vrf) : 0;
	return !*vrf || *table;
}

/* libfrr's ID of a VRF is the ifindex of its device, which may have gone by now. */
int vrrp_vip_vrf_index(const char *name)
{
	const struct vrf *vrf = *name ? vrf_lookup_by_name(name) : NULL;
	bool is_known = vrf && vrf->vrf_id != VRF_UNKNOWN;
	struct nl_link link;
	int error;

	if (!*name)
		return 0;
	error = is_known ? nl_link_get_index(vrrp_netlink, (int)vrf->vrf_id, &link)
			 : nl_link_get(vrrp_netlink, name, &link);
	return error || !strmatch(link.kind, VRF_KIND) ? -ENODEV : link.ifindex;
}
