// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replaces zclient-glue/: links, which are up from the beginning, and a zebra that selects every
 * route at once. There are no listeners for notifications.
 */
#include "fake_host.h"

#include "vrf.h"

#include "vrrp_notification.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_link.h"
#include "vrrp_zebra_route.h"

static struct vrf vrfs[FAKE_VRFS];
static struct interface links[FAKE_VRFS];

struct interface *fake_link(unsigned int number)
{
	struct interface *ifp = &links[number];

	if (!ifp->ifindex) {
		vrfs[number].vrf_id = number;
		ifp->vrf = &vrfs[number];
		ifp->ifindex = number;
		ifp->flags = IFF_UP | IFF_RUNNING;
		snprintf(ifp->name, sizeof(ifp->name), "eth%u", number);
	}
	return ifp;
}

struct interface *vrrp_zebra_interface(ifindex_t ifindex)
{
	return fake_link(ifindex);
}

/* Those of groups are all that anybody asks for. */
struct interface *vrrp_zebra_interface_named(const char *ifname)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (strmatch(group->ifp->name, ifname))
			return group->ifp;
	return NULL;
}

int vrrp_zebra_route_add(const struct vrrp_zebra_key *key, ifindex_t ifindex, uint32_t metric,
			 uint32_t tag)
{
	fake_host->route(&key->vip, true);
	return 0;
}

int vrrp_zebra_route_change(const struct vrrp_zebra_key *key, ifindex_t ifindex, uint32_t metric,
			    uint32_t tag)
{
	return vrrp_zebra_route_add(key, ifindex, metric, tag);
}

int vrrp_zebra_route_del(const struct vrrp_zebra_key *key)
{
	fake_host->route(&key->vip, false);
	return 0;
}

void vrrp_zebra_route_offer_again(const struct vrrp_zebra_key *key)
{
}

enum vrrp_zebra_word vrrp_zebra_word(const struct vrrp_zebra_key *key)
{
	return VRRP_ZEBRA_SELECTED;
}

void vrrp_zebra_route_settle(void)
{
}

void vrrp_zebra_push(void)
{
}

bool vrrp_notification_is_heard(void)
{
	return false;
}
