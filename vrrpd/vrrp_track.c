// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Host addresses are held once each in a tree sorted by address and link. An
 * entry is made by an event and freed by the opposite one; nobody else keeps a
 * pointer to it. The order in which an interface got its addresses is kept as
 * a sequence number, since the first one is the primary.
 */
#include "vrrp_track.h"

#include "darr.h"
#include "memory.h"

#include "vrrp_dummy.h"
#include "vrrp_memory.h"
#include "vrrp_vmac.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_HOST_ADDRESS, "VRRP host address");

PREDECL_RBTREE_UNIQ(host_addrs);

struct host_addr {
	struct host_addrs_item item;
	struct vrrp_addr address;
	int ifindex;
	uint8_t prefixlen; /* an owner's VIP may stand beside the real address */
	uint64_t sequence;
	bool secondary;
	bool unusable; /* not yet, or never: duplicate address detection */
	bool ours;     /* protocol 112 */
};

static int host_addr_cmp(const struct host_addr *a, const struct host_addr *b)
{
	int order = vrrp_addr_cmp(&a->address, &b->address);

	order = order ? order : numcmp(a->ifindex, b->ifindex);
	return order ? order : numcmp(a->prefixlen, b->prefixlen);
}

DECLARE_RBTREE_UNIQ(host_addrs, struct host_addr, item, host_addr_cmp);

static struct host_addrs_head host_addrs = INIT_RBTREE_UNIQ(host_addrs);
static uint64_t next_sequence;

static struct vrrp_addr key_address(const struct nl_addr_key *key)
{
	if (key->family == AF_INET)
		return vrrp_addr_make(VRRP_IPV4, &key->v4);
	return vrrp_addr_make(VRRP_IPV6, &key->v6);
}

static struct host_addr host_addr_key(const struct nl_addr_info *info,
				      const struct vrrp_addr *address)
{
	return (struct host_addr){ .address = *address,
				   .ifindex = info->key.ifindex,
				   .prefixlen = info->key.prefixlen };
}

/* True when that is news: the address is new, or may be used from now on, or no more. */
static bool host_addr_note(const struct nl_addr_info *info, const struct vrrp_addr *address)
{
	struct host_addr ref = host_addr_key(info, address);
	struct host_addr *entry = host_addrs_find(&host_addrs, &ref);
	bool is_news = !entry || entry->unusable != info->unusable;

	if (!entry) {
		entry = XCALLOC(MTYPE_VRRP_HOST_ADDRESS, sizeof(*entry));
		*entry = ref;
		entry->sequence = next_sequence++;
		host_addrs_add(&host_addrs, entry);
	}
	entry->secondary = info->secondary;
	entry->unusable = info->unusable;
	entry->ours = info->protocol == NL_PROTO_VRRP;
	return is_news;
}

static bool host_addr_drop(const struct nl_addr_info *info, const struct vrrp_addr *address)
{
	struct host_addr ref = host_addr_key(info, address);
	struct host_addr *entry = host_addrs_find(&host_addrs, &ref);

	if (!entry)
		return false;
	host_addrs_del(&host_addrs, entry);
	XFREE(MTYPE_VRRP_HOST_ADDRESS, entry);
	return true;
}

/* Does it matter to this virtual router that the address came or went? */
static bool concerns(const struct vrrp_router *router, const struct vrrp_addr *address, int ifindex)
{
	if (!vrrp_router_is_configured(router) || router->family != address->family)
		return false;
	if (vrrp_addr_is_set(&router->source_configured))
		return vrrp_addr_same(&router->source_configured, address);
	return router->group->ifp->ifindex == (ifindex_t)ifindex;
}

void vrrp_track_address(const struct nl_addr_info *info, bool added)
{
	struct vrrp_addr address = key_address(&info->key);
	bool changed = added ? host_addr_note(info, &address) : host_addr_drop(info, &address);
	struct vrrp_group *group;

	if (!changed || info->protocol == NL_PROTO_VRRP)
		return;
	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (concerns(&group->v4, &address, info->key.ifindex))
			vrrp_router_recheck(&group->v4);
		if (concerns(&group->v6, &address, info->key.ifindex))
			vrrp_router_recheck(&group->v6);
	}
}

void vrrp_track_link_down(int ifindex)
{
	struct host_addr *entry;

	frr_each (host_addrs, &host_addrs, entry)
		if (entry->ifindex == ifindex && entry->address.family == VRRP_IPV6)
			entry->unusable = true;
}

void vrrp_track_forget(void)
{
	struct host_addr *entry;

	while ((entry = host_addrs_pop(&host_addrs)))
		XFREE(MTYPE_VRRP_HOST_ADDRESS, entry);
}

/* Has the host this address, of its own and fit to send from? */
static bool is_local(const struct vrrp_addr *address)
{
	struct host_addr ref = { .address = *address };
	struct host_addr *entry;

	for (entry = host_addrs_find_gteq(&host_addrs, &ref);
	     entry && vrrp_addr_same(&entry->address, address);
	     entry = host_addrs_next(&host_addrs, entry))
		if (!entry->ours && !entry->unusable)
			return true;
	return false;
}

bool vrrp_track_is_on(const struct vrrp_addr *address, int ifindex)
{
	struct host_addr ref = { .address = *address, .ifindex = ifindex };
	struct host_addr *entry;

	for (entry = host_addrs_find_gteq(&host_addrs, &ref);
	     entry && entry->ifindex == ifindex && vrrp_addr_same(&entry->address, address);
	     entry = host_addrs_next(&host_addrs, entry))
		if (!entry->ours)
			return true;
	return false;
}

static bool may_be_source(const struct host_addr *entry, const struct vrrp_router *router)
{
	bool want_linklocal = router->family == VRRP_IPV6 && !vrrp_router_is_unicast(router);

	if (entry->address.family != router->family || entry->ours || entry->secondary ||
	    entry->unusable)
		return false;
	if (entry->ifindex != (int)router->group->ifp->ifindex)
		return false;
	if (vrrp_addr_is_loopback(&entry->address))
		return false;
	return router->family == VRRP_IPV4 ||
	       vrrp_addr_is_linklocal(&entry->address) == want_linklocal;
}

static struct vrrp_addr interface_source(const struct vrrp_router *router)
{
	struct host_addr *best = NULL, *entry;

	frr_each (host_addrs, &host_addrs, entry)
		if (may_be_source(entry, router) && (!best || entry->sequence < best->sequence))
			best = entry;
	return best ? best->address : (struct vrrp_addr){};
}

struct vrrp_addr vrrp_track_source(const struct vrrp_router *router)
{
	if (!vrrp_addr_is_set(&router->source_configured))
		return interface_source(router);
	if (is_local(&router->source_configured))
		return router->source_configured;
	return (struct vrrp_addr){};
}

static bool link_is_ready(struct vrrp_router *router)
{
	switch (vrrp_router_placement(router)) {
	case VRRP_PLACEMENT_INTERFACE:
		return true;
	case VRRP_PLACEMENT_VIP_INTERFACE:
		return vrrp_dummy_ready();
	case VRRP_PLACEMENT_VMAC:
		return vrrp_vmac_ready(router);
	case VRRP_PLACEMENT_AUTO:
		break;
	}
	return false;
}

enum vrrp_hold vrrp_track_hold(struct vrrp_router *router)
{
	const struct vrrp_group *group = router->group;
	struct vrrp_addr source;

	if (group->conf.shutdown)
		return VRRP_HOLD_SHUTDOWN;
	if (!darr_len(router->vips))
		return VRRP_HOLD_NO_ADDRESSES;
	if (router->family == VRRP_IPV6 && group->conf.version == 2)
		return VRRP_HOLD_VERSION;
	if (group->ifp->ifindex == IFINDEX_INTERNAL || !if_is_operative(group->ifp))
		return VRRP_HOLD_INTERFACE;
	source = vrrp_track_source(router);
	if (!vrrp_addr_is_set(&source))
		return VRRP_HOLD_SOURCE;
	return link_is_ready(router) ? VRRP_HOLD_NONE : VRRP_HOLD_PLACEMENT;
}

void vrrp_track_recheck(const struct interface *ifp)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (ifp && group->ifp != ifp)
			continue;
		vrrp_router_recheck(&group->v4);
		vrrp_router_recheck(&group->v6);
	}
}

void vrrp_track_stop(void)
{
	vrrp_track_forget();
}
