// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A portal is one key of a service in the kernel: an address and port, or a mark. Its service owns
 * it, from vrrp_service_take_keys() until the service has that key no more, or another service has
 * taken it.
 *
 * Portals are in a tree by their key, address first, so that those of a VIP are neighbours and a
 * virtual router that moves visits only them. A key has one portal at any time, whatever is
 * configured meanwhile: the service that takes a key last has it, with what the kernel has by it.
 */
#include "vrrp_ipvs_private.h"

#include "darr.h"

#include "vrrp_convert.h"
#include "vrrp_memory.h"
#include "vrrp_tick.h"
#include "vrrp_vip.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_PORTAL, "IPVS service's address");

static int portal_cmp(const struct vrrp_portal *a, const struct vrrp_portal *b)
{
	struct vrrp_addr address_a = vrrp_addr_of_ipvs(&a->key.address);
	struct vrrp_addr address_b = vrrp_addr_of_ipvs(&b->key.address);
	int order = vrrp_addr_cmp(&address_a, &address_b);

	return order ? order : nl_ipvs_key_cmp(&a->key, &b->key);
}

DECLARE_RBTREE_UNIQ(vrrp_portals, struct vrrp_portal, item, portal_cmp);

bool vrrp_ipvs_is_holding, vrrp_ipvs_is_stopping;

static struct vrrp_portals_head portals = INIT_RBTREE_UNIQ(portals);

/* Keys in the kernel that no service has any more; darr. */
static struct nl_ipvs_key *gone;

/* The number of portals in each place. */
static unsigned int places[VRRP_SERVICE_PLACES];

/* ------------------------------------------------------------ look-ups */

struct nl_ipvs_key vrrp_service_key(const struct vrrp_service_conf *conf)
{
	struct nl_ipvs_key key = { .fwmark = conf->fwmark };

	if (conf->fwmark) {
		key.address.family = vrrp_family_af(conf->fwmark_family);
	} else {
		key.address = vrrp_addr_ipvs(&conf->vip);
		key.port = conf->port;
		key.protocol = conf->protocol;
	}
	return key;
}

struct vrrp_portal *vrrp_portal_by_key(const struct nl_ipvs_key *key)
{
	return vrrp_portals_find(&portals, &(struct vrrp_portal){ .key = *key });
}

struct vrrp_portal *vrrp_portal_next(const struct nl_ipvs_key *key)
{
	struct vrrp_portal *next;

	if (!key)
		return vrrp_portals_first(&portals);
	next = vrrp_portals_find_gteq(&portals, &(struct vrrp_portal){ .key = *key });
	return next && !nl_ipvs_key_cmp(&next->key, key) ? vrrp_portals_next(&portals, next) : next;
}

/* The portal, if it is of that VIP. */
static struct vrrp_portal *on_vip(struct vrrp_portal *portal, const struct vrrp_addr *vip)
{
	struct vrrp_addr address;

	if (!portal)
		return NULL;
	address = vrrp_addr_of_ipvs(&portal->key.address);
	return vrrp_addr_same(&address, vip) ? portal : NULL;
}

struct vrrp_portal *vrrp_portal_next_on_vip(struct vrrp_portal *portal, const struct vrrp_addr *vip)
{
	struct vrrp_portal ref = { .key.address = vrrp_addr_ipvs(vip) };

	if (portal)
		return on_vip(vrrp_portals_next(&portals, portal), vip);
	return on_vip(vrrp_portals_find_gteq(&portals, &ref), vip);
}

/* ------------------------------------------------------ what is wanted */

struct vrrp_group *vrrp_portal_group(const struct vrrp_portal *portal)
{
	struct vrrp_addr address = vrrp_addr_of_ipvs(&portal->key.address);

	return portal->key.fwmark ? NULL : vrrp_vip_group(&address);
}

enum vrrp_service_place vrrp_portal_place_of(const struct vrrp_portal *portal)
{
	struct vrrp_group *group = vrrp_portal_group(portal);
	const struct vrrp_router *router;

	if (portal->key.fwmark)
		return VRRP_SERVICE_MARKED;
	if (!group)
		return VRRP_SERVICE_UNBOUND;
	router = vrrp_group_router(group, vrrp_addr_of_ipvs(&portal->key.address).family);
	return vrrp_router_has_vips(router) || router->handover != VRRP_HANDOVER_NONE
		       ? VRRP_SERVICE_HERE
		       : VRRP_SERVICE_ELSEWHERE;
}

void vrrp_portal_set_place(struct vrrp_portal *portal, enum vrrp_service_place place)
{
	places[portal->place]--;
	places[place]++;
	portal->place = place;
}

unsigned int vrrp_portals_in(enum vrrp_service_place place)
{
	return places[place];
}

bool vrrp_portal_is_wanted(const struct vrrp_portal *portal)
{
	enum vrrp_service_place place;

	if (vrrp_ipvs_is_stopping)
		return false;
	place = vrrp_portal_place_of(portal);
	if (place == VRRP_SERVICE_UNBOUND || place == VRRP_SERVICE_MARKED)
		return !vrrp_ipvs_is_holding;
	return place == VRRP_SERVICE_HERE || portal->service->conf.always;
}

bool vrrp_service_is_programmed(const struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->portals, i)
		if (service->portals[i]->programmed)
			return true;
	return false;
}

/* ------------------------------------------------------ coming and going */

struct nl_ipvs_key *vrrp_portals_take_gone(void)
{
	struct nl_ipvs_key *taken = gone;

	gone = NULL;
	return taken;
}

/* True when the kernel has the key, which some service has given up in this tick. */
static bool takes_back(const struct nl_ipvs_key *key)
{
	for (unsigned int i = 0; i < darr_len(gone); i++)
		if (!nl_ipvs_key_cmp(&gone[i], key)) {
			darr_remove(gone, i);
			return true;
		}
	return false;
}

static struct vrrp_portal *portal_new(struct vrrp_service *service, const struct nl_ipvs_key *key)
{
	struct vrrp_portal *portal = XCALLOC(MTYPE_VRRP_PORTAL, sizeof(*portal));

	portal->service = service;
	portal->key = *key;
	portal->programmed = takes_back(key);
	places[portal->place]++;
	vrrp_portals_add(&portals, portal);
	return portal;
}

void vrrp_server_forget_error(struct vrrp_server *server, const struct vrrp_portal *portal)
{
	if (server->error_by != portal)
		return;
	server->error = 0;
	server->error_by = NULL;
}

/* An error of a server by this portal says nothing any more. */
static void forget_errors(const struct vrrp_portal *portal)
{
	struct vrrp_service *service = portal->service;
	unsigned int i;

	darr_foreach_i (service->servers, i)
		vrrp_server_forget_error(service->servers[i], portal);
	if (service->conf.sorry)
		vrrp_server_forget_error(service->conf.sorry, portal);
}

static void portal_free(struct vrrp_portal **portal)
{
	forget_errors(*portal);
	vrrp_portals_del(&portals, *portal);
	places[(*portal)->place]--;
	if ((*portal)->programmed)
		*darr_append(gone) = (*portal)->key;
	XFREE(MTYPE_VRRP_PORTAL, *portal);
}

/* Takes a portal from the service that had it. */
static void displace(struct vrrp_portal *portal)
{
	struct vrrp_service *from = portal->service;
	unsigned int i;

	forget_errors(portal);
	darr_foreach_i (from->portals, i)
		if (from->portals[i] == portal)
			break;
	darr_remove(from->portals, i);
}

/* Appends the keys of an address and its ports. */
static void append_keys(struct nl_ipvs_key **keys, const struct vrrp_service *service,
			const struct vrrp_ipvs_range *range)
{
	struct nl_ipvs_key key = {
		.address = vrrp_addr_ipvs(&range->address),
		.protocol = service->conf.protocol,
	};

	for (uint32_t port = range->port; port <= range->last_port; port++) {
		key.port = port;
		*darr_append(*keys) = key;
	}
}

/* All keys as configured; darr. */
static struct nl_ipvs_key *keys_of(const struct vrrp_service *service)
{
	const struct vrrp_ipvs_range *range;
	struct nl_ipvs_key *keys = NULL;

	*darr_append(keys) = vrrp_service_key(&service->conf);
	darr_foreach_p (service->ranges, range)
		append_keys(&keys, service, range);
	return keys;
}

bool vrrp_service_take_keys(struct vrrp_service *service)
{
	struct vrrp_portal **old = service->portals, *portal;
	struct nl_ipvs_key *keys = keys_of(service), *key;
	bool is_new = false;
	unsigned int i;

	service->portals = NULL;
	darr_foreach_p (keys, key) {
		portal = vrrp_portal_by_key(key);
		is_new |= !portal || portal->service != service;
		if (!portal)
			portal = portal_new(service, key);
		else if (portal->service != service)
			displace(portal);
		portal->service = service;
		portal->is_named = true;
		*darr_append(service->portals) = portal;
	}
	darr_foreach_i (old, i)
		if (!old[i]->is_named)
			portal_free(&old[i]);
	darr_foreach_i (service->portals, i)
		service->portals[i]->is_named = false;
	darr_free(old);
	darr_free(keys);
	return is_new;
}

void vrrp_service_give_up_keys(struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->portals, i)
		portal_free(&service->portals[i]);
	darr_free(service->portals);
}
