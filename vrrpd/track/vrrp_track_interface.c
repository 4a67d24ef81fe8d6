// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interfaces come from zebra. What the kernel does not have does not exist: zebra keeps an interface
 * that was renamed under its old name, too.
 */
#include "vrrp_track_private.h"

#include <net/if.h>

#include "vrf.h"

static const struct interface *find(const char *name)
{
	struct interface *ifp;
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_name_head, &vrfs_by_name) {
		ifp = if_lookup_by_name_vrf(name, vrf);
		if (ifp && ifp->ifindex != IFINDEX_INTERNAL)
			return ifp;
	}
	return NULL;
}

static void look(struct vrrp_track_object *object)
{
	const struct interface *ifp = find(object->key.name);

	if (!if_nametoindex(object->key.name))
		vrrp_track_report(object, VRRP_BADNESS_DOWN, "there is no such interface");
	else if (ifp && !if_is_operative(ifp))
		vrrp_track_report(object, VRRP_BADNESS_DOWN,
				  if_is_up(ifp) ? "it has no carrier" : "it is set down");
	else if (ifp)
		vrrp_track_report(object, VRRP_BADNESS_NONE, "");
}

const struct vrrp_track_method vrrp_track_interface_method = { .begin = look, .look = look };
