// SPDX-License-Identifier: GPL-2.0-or-later
/* Look-ups and names. Nothing here changes a group; a recheck goes to the engine by a hook. */
#include "vrrp_group.h"

#include "darr.h"
#include "printfrr.h"

#include "vrrp_badness.h"

DEFINE_HOOK(vrrp_rechecked, (struct vrrp_router * router), (router));

struct vrrp_groups_head vrrp_groups = INIT_RBTREE_UNIQ(vrrp_groups);

/* The defaults of the YANG model. */
#define DEFAULT_CONF                                                                               \
	{                                                                                          \
		.version = 3,                                                                      \
		.priority = 100,                                                                   \
		.interval_cs = 100,                                                                \
		.preempt = true,                                                                   \
		.accept_mode = true,                                                               \
		.checksum_pseudo = true,                                                           \
		.startup_hold_sec = 60,                                                            \
		.drain_msec = 2000,                                                                \
		.witness = { .port = VRRP_PROMISE_PORT, .lease_sec = VRRP_LEASE_DEFAULT_SEC },     \
	}

const struct vrrp_group_conf vrrp_group_defaults = DEFAULT_CONF;

struct vrrp_global vrrp_global = {
	.defaults = DEFAULT_CONF,
	.vip_interface = VRRP_DEFAULT_VIP_INTERFACE,
	.route_table = VRRP_DEFAULT_ROUTE_TABLE,
	.address_lease_sec = VRRP_DEFAULT_ADDRESS_LEASE,
	.guardian = true,
};

int vrrp_group_cmp(const struct vrrp_group *a, const struct vrrp_group *b)
{
	int order = if_cmp_name_func(a->ifp->name, b->ifp->name);

	return order ? order : numcmp(a->vrid, b->vrid);
}

struct vrrp_group *vrrp_group_find(const char *ifname, uint8_t vrid)
{
	struct interface ifp = {};
	struct vrrp_group ref = { .ifp = &ifp, .vrid = vrid };

	strlcpy(ifp.name, ifname, sizeof(ifp.name));
	return vrrp_groups_find(&vrrp_groups, &ref);
}

/*
 * The first group on this interface, from this one on; two VRFs may have interfaces of the same
 * name.
 */
static struct vrrp_group *on_interface(const struct interface *ifp, struct vrrp_group *group)
{
	while (group && group->ifp != ifp && strmatch(group->ifp->name, ifp->name))
		group = vrrp_groups_next(&vrrp_groups, group);
	return group && group->ifp == ifp ? group : NULL;
}

struct vrrp_group *vrrp_group_first_on(const struct interface *ifp)
{
	struct vrrp_group ref = { .ifp = (struct interface *)ifp };

	return on_interface(ifp, vrrp_groups_find_gteq(&vrrp_groups, &ref));
}

struct vrrp_group *vrrp_group_next_on(const struct interface *ifp, struct vrrp_group *group)
{
	return on_interface(ifp, vrrp_groups_next(&vrrp_groups, group));
}

void vrrp_recheck(struct vrrp_router *router)
{
	hook_call(vrrp_rechecked, router);
}

void vrrp_recheck_on(const struct interface *ifp)
{
	struct vrrp_group *group;

	for (group = vrrp_group_first_on(ifp); group; group = vrrp_group_next_on(ifp, group)) {
		vrrp_recheck(&group->v4);
		vrrp_recheck(&group->v6);
	}
}

void vrrp_recheck_all(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		vrrp_recheck(&group->v4);
		vrrp_recheck(&group->v6);
	}
}

const uint8_t *vrrp_group_mac(const struct vrrp_group *group)
{
	return group->mac_of == group->ifp->ifindex ? group->mac : group->ifp->hw_addr;
}

uint8_t vrrp_group_priority(const struct vrrp_group *group)
{
	return vrrp_priority_lowered(group->applied.priority, group->tracking.penalty);
}

struct vrrp_router *vrrp_group_router(struct vrrp_group *group, enum vrrp_family family)
{
	return family == VRRP_IPV4 ? &group->v4 : &group->v6;
}

bool vrrp_router_is_unicast(const struct vrrp_router *router)
{
	if (darr_len(router->peers))
		return true;
	return router->group->had_peer && !vrrp_placement_is_lan(router->group->applied.placement);
}

bool vrrp_router_is_configured(const struct vrrp_router *router)
{
	return darr_len(router->vips) || darr_len(router->peers) ||
	       vrrp_addr_is_set(&router->source_configured);
}

struct vrrp_peer *vrrp_router_peer(const struct vrrp_router *router, const struct vrrp_addr *address)
{
	struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (vrrp_addr_same(&peer->address, address))
			return peer;
	return NULL;
}

enum vrrp_placement vrrp_router_placement(const struct vrrp_router *router)
{
	return vrrp_placement_resolve(router->group->applied.placement,
				      vrrp_router_is_unicast(router));
}

bool vrrp_router_is_on_lan(const struct vrrp_router *router)
{
	return vrrp_placement_is_lan(vrrp_router_placement(router));
}

bool vrrp_router_has_virtual_mac(const struct vrrp_router *router)
{
	return vrrp_placement_has_virtual_mac(vrrp_router_placement(router));
}

bool vrrp_router_has_vips(const struct vrrp_router *router)
{
	return router->addresses_up || router->serves;
}

const struct prefix *vrrp_router_marker(const struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->applied;

	return router->family == VRRP_IPV4 ? &conf->marker_v4 : &conf->marker_v6;
}

void vrrp_router_clear_stats(struct vrrp_router *router)
{
	struct vrrp_peer *peer;

	memset(&router->stats, 0, sizeof(router->stats));
	darr_foreach_p (router->peers, peer) {
		peer->sent = peer->received = 0;
		peer->failures = (struct vrrp_send_failures){};
	}
}

printfrr_ext_autoreg_p("VR", print_name);
static ssize_t print_name(struct fbuf *buf, struct printfrr_eargs *args, const void *object)
{
	const struct vrrp_router *router = object;

	if (!router)
		return bputs(buf, "vrrp");
	return bprintfrr(buf, "vrrp %s %u %s", router->group->ifp->name, router->group->vrid,
			 router->family == VRRP_IPV4 ? "IPv4" : "IPv6");
}
