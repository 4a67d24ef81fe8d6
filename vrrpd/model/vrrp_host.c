// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each host address is stored once, in two trees: one sorted by address and link, one by
 * link and the order in which the kernel shows them, since the first one is the primary. Only
 * the kernel knows the position of a new or promoted address, so it is asked for the order
 * when something has changed. An entry is made by an event and freed by the opposite one;
 * nobody else keeps a pointer to it. Virtual routers with a configured source are in a third
 * tree, by that source, which finds those that an address concerns.
 */
#include "vrrp_host.h"

#include "darr.h"
#include "memory.h"
#include "table.h"

#include "vrrp_convert.h"
#include "vrrp_memory.h"
#include "vrrp_netlink.h"
#include "vrrp_zebra_link.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_HOST_ADDRESS, "VRRP host address");

PREDECL_RBTREE_UNIQ(host_addrs);
PREDECL_RBTREE_UNIQ(link_addrs);

struct host_addr {
	struct host_addrs_item item;
	struct link_addrs_item link_item;
	struct vrrp_addr address;
	int ifindex;
	uint8_t prefixlen; /* an owner's VIP may exist beside the real address */
	uint64_t sequence;
	bool secondary;
	bool unusable; /* not yet, or never: duplicate address detection */
	bool ours;     /* protocol 112 */
	bool in_subnets;
};

static int host_addr_cmp(const struct host_addr *a, const struct host_addr *b)
{
	int order = vrrp_addr_cmp(&a->address, &b->address);

	order = order ? order : numcmp(a->ifindex, b->ifindex);
	return order ? order : numcmp(a->prefixlen, b->prefixlen);
}

static int link_addr_cmp(const struct host_addr *a, const struct host_addr *b)
{
	int order = numcmp(a->ifindex, b->ifindex);

	order = order ? order : numcmp(a->address.family, b->address.family);
	return order ? order : numcmp(a->sequence, b->sequence);
}

/* A key without a group is a search key and sorts before every router with that source. */
static int by_source_cmp(const struct vrrp_router *a, const struct vrrp_router *b)
{
	int order = vrrp_addr_cmp(&a->source_configured, &b->source_configured);

	if (order)
		return order;
	if (!a->group || !b->group)
		return numcmp(!!a->group, !!b->group);
	return vrrp_group_cmp(a->group, b->group);
}

DECLARE_RBTREE_UNIQ(host_addrs, struct host_addr, item, host_addr_cmp);
DECLARE_RBTREE_UNIQ(link_addrs, struct host_addr, link_item, link_addr_cmp);
DECLARE_RBTREE_UNIQ(vrrp_by_source, struct vrrp_router, by_source, by_source_cmp);

static struct host_addrs_head host_addrs = INIT_RBTREE_UNIQ(host_addrs);
static struct link_addrs_head link_addrs = INIT_RBTREE_UNIQ(link_addrs);
static struct vrrp_by_source_head by_source = INIT_RBTREE_UNIQ(by_source);
static uint64_t next_sequence;

/* ------------------------------------------------------------------------- subnets */

/* The host's own, each with the number of addresses in it. */
static struct route_table *subnets_v4, *subnets_v6;

static struct route_table *subnets_of(enum vrrp_family family)
{
	struct route_table **table = family == VRRP_IPV4 ? &subnets_v4 : &subnets_v6;

	if (!*table)
		*table = route_table_init();
	return *table;
}

static struct prefix subnet_of(const struct host_addr *entry)
{
	struct prefix p = vrrp_addr_prefix(&entry->address);

	p.prefixlen = entry->prefixlen;
	apply_mask(&p);
	return p;
}

static void subnet_add(struct host_addr *entry)
{
	struct prefix p = subnet_of(entry);
	struct route_node *rn;

	entry->in_subnets = !entry->ours && p.prefixlen < prefix_blen(&p) * 8;
	if (!entry->in_subnets)
		return;
	rn = route_node_get(subnets_of(entry->address.family), &p);
	rn->info = (void *)((uintptr_t)rn->info + 1); /* a lock for each */
}

static void subnet_drop(const struct host_addr *entry)
{
	struct prefix p = subnet_of(entry);
	struct route_node *rn;

	if (!entry->in_subnets)
		return;
	rn = route_node_lookup(subnets_of(entry->address.family), &p);
	rn->info = (void *)((uintptr_t)rn->info - 1);
	route_unlock_node(rn);
	route_unlock_node(rn);
}

bool vrrp_host_in_subnet(const struct vrrp_addr *address)
{
	struct prefix p = vrrp_addr_prefix(address);
	struct route_node *rn = route_node_match(subnets_of(address->family), &p);

	if (rn)
		route_unlock_node(rn);
	return rn != NULL;
}

/* ----------------------------------------------------------------------- addresses */

static struct host_addr host_addr_key(const struct nl_addr_info *info,
				      const struct vrrp_addr *address)
{
	return (struct host_addr){ .address = *address,
				   .ifindex = info->key.ifindex,
				   .prefixlen = info->key.prefixlen };
}

static struct host_addr *host_addr_new(const struct host_addr *ref)
{
	struct host_addr *entry = XCALLOC(MTYPE_VRRP_HOST_ADDRESS, sizeof(*entry));

	*entry = *ref;
	entry->sequence = next_sequence++;
	entry->ours = true; /* so that its absence is reported as a change */
	host_addrs_add(&host_addrs, entry);
	link_addrs_add(&link_addrs, entry);
	return entry;
}

/* True when something changed that the choice of a source depends on; not for our addresses. */
static bool host_addr_note(const struct nl_addr_info *info, const struct vrrp_addr *address)
{
	struct host_addr ref = host_addr_key(info, address);
	struct host_addr *entry = host_addrs_find(&host_addrs, &ref);
	struct host_addr before;

	if (!entry)
		entry = host_addr_new(&ref);
	before = *entry;
	entry->secondary = info->secondary;
	entry->unusable = info->unusable;
	entry->ours = info->protocol == NL_PROTO_VRRP;
	if (!entry->in_subnets)
		subnet_add(entry);
	return entry->ours != before.ours ||
	       (!entry->ours &&
		(entry->secondary != before.secondary || entry->unusable != before.unusable));
}

static bool host_addr_drop(const struct nl_addr_info *info, const struct vrrp_addr *address)
{
	struct host_addr ref = host_addr_key(info, address);
	struct host_addr *entry = host_addrs_find(&host_addrs, &ref);
	bool is_news = entry && !entry->ours;

	if (!entry)
		return false;
	host_addrs_del(&host_addrs, entry);
	link_addrs_del(&link_addrs, entry);
	subnet_drop(entry);
	XFREE(MTYPE_VRRP_HOST_ADDRESS, entry);
	return is_news;
}

/* Stores the next address in the kernel's order; an unknown one will come by an event. */
static void take_place(const struct nl_addr_info *info, void *arg)
{
	struct vrrp_addr address = vrrp_addr_of_key(&info->key);
	struct host_addr ref = host_addr_key(info, &address);
	struct host_addr *entry = host_addrs_find(&host_addrs, &ref);

	if (!entry)
		return;
	link_addrs_del(&link_addrs, entry);
	entry->sequence = next_sequence++;
	link_addrs_add(&link_addrs, entry);
}

/* The addresses of a link, of one family, in the kernel's order. */
static struct host_addr *first_on_link(int ifindex, enum vrrp_family family)
{
	struct host_addr ref = { .ifindex = ifindex, .address = { .family = family } };
	struct host_addr *first = link_addrs_find_gteq(&link_addrs, &ref);

	return first && first->ifindex == ifindex && first->address.family == family ? first : NULL;
}

static struct host_addr *next_on_link(struct host_addr *entry)
{
	struct host_addr *next = link_addrs_next(&link_addrs, entry);

	if (!next || next->ifindex != entry->ifindex ||
	    next->address.family != entry->address.family)
		return NULL;
	return next;
}

/* --------------------------------------------------------- virtual routers concerned */

void vrrp_host_follow(struct vrrp_router *router, const struct vrrp_addr *source)
{
	if (vrrp_addr_is_set(&router->source_configured))
		vrrp_by_source_del(&by_source, router);
	router->source_configured = source ? *source : (struct vrrp_addr){};
	if (source)
		vrrp_by_source_add(&by_source, router);
}

struct vrrp_router *vrrp_host_next_user(const struct vrrp_addr *source,
					const struct vrrp_router *user)
{
	struct vrrp_router ref = { .source_configured = *source }, *next;

	next = user ? vrrp_by_source_next(&by_source, (struct vrrp_router *)user)
		    : vrrp_by_source_find_gteq(&by_source, &ref);
	return next && vrrp_addr_same(&next->source_configured, source) ? next : NULL;
}

static void recheck_users(const struct vrrp_addr *source)
{
	struct vrrp_router *router = NULL;

	while ((router = vrrp_host_next_user(source, router)) != NULL)
		vrrp_recheck(router);
}

static void recheck_on(const struct interface *ifp, enum vrrp_family family)
{
	struct vrrp_group *group = vrrp_group_first_on(ifp);
	struct vrrp_router *router;

	if (group) /* fails when the link is gone, which has an event of its own */
		nl_addr_dump(vrrp_netlink, ifp->ifindex, take_place, NULL);
	for (; group; group = vrrp_group_next_on(ifp, group)) {
		router = vrrp_group_router(group, family);
		if (!vrrp_addr_is_set(&router->source_configured))
			vrrp_recheck(router);
	}
}

void vrrp_host_address(const struct nl_addr_info *info, bool added)
{
	struct vrrp_addr address = vrrp_addr_of_key(&info->key);
	bool changed = added ? host_addr_note(info, &address) : host_addr_drop(info, &address);
	const struct interface *ifp;

	if (!changed)
		return;
	recheck_users(&address);
	ifp = vrrp_zebra_interface(info->key.ifindex);
	if (ifp)
		recheck_on(ifp, address.family);
}

void vrrp_host_link_down(int ifindex)
{
	struct host_addr *entry;

	for (entry = first_on_link(ifindex, VRRP_IPV6); entry; entry = next_on_link(entry))
		entry->unusable = true;
}

void vrrp_host_forget(void)
{
	struct host_addr *entry;

	while (link_addrs_pop(&link_addrs))
		;
	while ((entry = host_addrs_pop(&host_addrs))) {
		subnet_drop(entry);
		XFREE(MTYPE_VRRP_HOST_ADDRESS, entry);
	}
}

static struct host_addr *next_with_address(const struct vrrp_addr *address,
					   const struct host_addr *entry)
{
	struct host_addr ref = { .address = *address }, *next;

	next = entry ? host_addrs_next(&host_addrs, (struct host_addr *)entry)
		     : host_addrs_find_gteq(&host_addrs, &ref);
	return next && vrrp_addr_same(&next->address, address) ? next : NULL;
}

/* True when the host has the configured source as its own; usable false: but not usable yet. */
static bool source_is_local(const struct vrrp_router *router, bool usable)
{
	const struct vrrp_addr *source = &router->source_configured;
	bool anywhere = !vrrp_addr_is_linklocal(source);
	const struct host_addr *entry = NULL;

	while ((entry = next_with_address(source, entry)))
		if (!entry->ours && entry->unusable != usable &&
		    (anywhere || entry->ifindex == (int)router->group->ifp->ifindex))
			return true;
	return false;
}

int vrrp_host_own_link(const struct vrrp_addr *address, int ifindex, int except)
{
	bool anywhere = !vrrp_addr_is_linklocal(address);
	const struct host_addr *entry = NULL;

	while ((entry = next_with_address(address, entry)))
		if (!entry->ours && entry->ifindex != except &&
		    (anywhere || entry->ifindex == ifindex))
			return entry->ifindex;
	return 0;
}

bool vrrp_host_covers(const struct vrrp_addr *address, int ifindex)
{
	struct host_addr *entry;

	for (entry = first_on_link(ifindex, address->family); entry; entry = next_on_link(entry))
		if (!entry->ours && vrrp_addr_in_subnet(address, &entry->address, entry->prefixlen))
			return true;
	return false;
}

bool vrrp_host_is_on(const struct vrrp_addr *address, int ifindex)
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

	if (entry->ours || entry->secondary)
		return false;
	if (vrrp_addr_is_loopback(&entry->address))
		return false;
	return router->family == VRRP_IPV4 ||
	       vrrp_addr_is_linklocal(&entry->address) == want_linklocal;
}

static struct vrrp_addr interface_source(const struct vrrp_router *router, bool usable)
{
	int ifindex = router->group->ifp->ifindex;
	struct host_addr *entry;

	for (entry = first_on_link(ifindex, router->family); entry; entry = next_on_link(entry))
		if (entry->unusable != usable && may_be_source(entry, router))
			return entry->address;
	return (struct vrrp_addr){};
}

static struct vrrp_addr source_of(const struct vrrp_router *router, bool usable)
{
	if (!vrrp_addr_is_set(&router->source_configured))
		return interface_source(router, usable);
	if (source_is_local(router, usable))
		return router->source_configured;
	return (struct vrrp_addr){};
}

struct vrrp_addr vrrp_host_source(const struct vrrp_router *router)
{
	return source_of(router, true);
}

struct vrrp_addr vrrp_host_undetected(const struct vrrp_router *router)
{
	return source_of(router, false);
}

void vrrp_host_stop(void)
{
	vrrp_host_forget();
	route_table_finish(subnets_of(VRRP_IPV4));
	route_table_finish(subnets_of(VRRP_IPV6));
}
