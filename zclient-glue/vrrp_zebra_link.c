// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interfaces and VRFs are libfrr's; its hooks are passed on. When zebra is back, interfaces
 * that went meanwhile are looked up in the kernel, since a new zebra reports only those that
 * exist.
 */
#include "vrrp_zebra_link.h"

#include <net/if.h>

#include "vrf.h"

#include "vrrp_debug.h"

static void (*on_changed)(struct interface *ifp);
static bool (*is_vip_interface)(ifindex_t ifindex);

/* Interfaces of other namespaces come last. */
struct interface *vrrp_zebra_interface(ifindex_t ifindex)
{
	struct vrf *vrf;
	struct interface *ifp = if_lookup_by_index(ifindex, VRF_DEFAULT);

	if (ifp)
		return ifp;
	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		ifp = if_lookup_by_index(ifindex, vrf->vrf_id);
		if (ifp)
			return ifp;
	}
	return NULL;
}

struct interface *vrrp_zebra_interface_named(const char *ifname)
{
	struct interface *ifp;
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		ifp = if_lookup_by_name(ifname, vrf->vrf_id);
		if (ifp && ifp->ifindex != IFINDEX_INTERNAL)
			return ifp;
	}
	return NULL;
}

struct interface *vrrp_zebra_interface_next(struct interface *ifp)
{
	struct interface *next = ifp ? RB_NEXT(if_name_head, ifp) : NULL;
	struct vrf *vrf = ifp ? RB_NEXT(vrf_id_head, ifp->vrf) : RB_MIN(vrf_id_head, &vrfs_by_id);

	for (; !next && vrf; vrf = RB_NEXT(vrf_id_head, vrf))
		next = RB_MIN(if_name_head, &vrf->ifaces_by_name);
	return next;
}

static int link_changed(struct interface *ifp, const char *what)
{
	DEBUGF(zebra, "zebra: interface %s index %d vrf %s: %s, %s", ifp->name, ifp->ifindex,
	       ifp->vrf->name, what, if_is_operative(ifp) ? "operative" : "not operative");
	on_changed(ifp);
	return 0;
}

static int on_link_real(struct interface *ifp)
{
	return link_changed(ifp, "known");
}

static int on_link_up(struct interface *ifp)
{
	return link_changed(ifp, "up");
}

static int on_link_down(struct interface *ifp)
{
	return link_changed(ifp, "down");
}

/* Clears the flags, since libfrr keeps the last ones of an interface that is gone. */
static int on_link_unreal(struct interface *ifp)
{
	UNSET_FLAG(ifp->flags, IFF_UP | IFF_RUNNING);
	return link_changed(ifp, "gone");
}

/*
 * libfrr keeps the addresses of an interface in a list, and walks it for each new one. The
 * VIP interface has thousands, each renewed with its lease, and nobody needs them from libfrr.
 */
static bool is_of_interest(struct stream *message)
{
	ifindex_t ifindex = stream_getl_from(message, stream_get_getp(message));

	return !is_vip_interface || !is_vip_interface(ifindex);
}

int vrrp_zebra_on_address(ZAPI_CALLBACK_ARGS)
{
	bool added = cmd == ZEBRA_INTERFACE_ADDRESS_ADD;
	struct connected *ifc;

	if (added && !is_of_interest(zclient->ibuf))
		return 0;
	ifc = zebra_interface_address_read(cmd, zclient->ibuf, vrf_id);
	if (!ifc)
		return 0;
	DEBUGF(zebra, "zebra: interface %s address %pFX %s", ifc->ifp->name, ifc->address,
	       added ? "added" : "removed");
	if (!added)
		connected_free(&ifc);
	return 0;
}

static bool link_is_gone(const struct interface *ifp)
{
	char name[IFNAMSIZ];

	if (ifp->ifindex == IFINDEX_INTERNAL)
		return false;
	return !if_indextoname(ifp->ifindex, name) || strcmp(name, ifp->name) != 0;
}

/* Removes interfaces that went while zebra was away; those of other namespaces are unknown. */
void vrrp_zebra_link_forget_gone(void)
{
	struct vrf *vrf;
	struct interface *ifp, *next;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		if (vrf_is_backend_netns() && vrf->vrf_id != VRF_DEFAULT)
			continue;
		RB_FOREACH_SAFE (ifp, if_name_head, &vrf->ifaces_by_name, next)
			if (link_is_gone(ifp))
				if_destroy_via_zapi(ifp);
	}
}

void vrrp_zebra_link_init(void (*changed)(struct interface *ifp),
			  bool (*vip_interface)(ifindex_t ifindex))
{
	on_changed = changed;
	is_vip_interface = vip_interface;
	hook_register_prio(if_real, 0, on_link_real);
	hook_register_prio(if_unreal, 0, on_link_unreal);
	hook_register_prio(if_up, 0, on_link_up);
	hook_register_prio(if_down, 0, on_link_down);
}

void vrrp_zebra_link_stop(void)
{
	hook_unregister(if_real, on_link_real);
	hook_unregister(if_unreal, on_link_unreal);
	hook_unregister(if_up, on_link_up);
	hook_unregister(if_down, on_link_down);
}
