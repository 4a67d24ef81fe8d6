// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A service owns its servers, its sorry server and their probes, from
 * vrrp_service_new() to vrrp_service_free(); the northbound makes and frees it.
 *
 * Services are in two trees: by name, and by their key in the kernel, address first, so
 * that those of a VIP are neighbours and a virtual router that moves visits only them. A
 * service enters the second tree with its first vrrp_ipvs_apply().
 *
 * The wanted state is not stored: it follows from configuration, virtual routers and health
 * at any time.
 */
#include "vrrp_ipvs_private.h"

#include "darr.h"

#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_memory.h"
#include "vrrp_tick.h"
#include "vrrp_vip.h"

DEFINE_HOOK(vrrp_services_changed, (), ());

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SERVICE, "IPVS service");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_SERVER, "IPVS server");

static int key_cmp(const struct vrrp_service *a, const struct vrrp_service *b);

DECLARE_RBTREE_UNIQ(vrrp_services_by_key, struct vrrp_service, key_item, key_cmp);

struct vrrp_services_head vrrp_services = INIT_RBTREE_UNIQ(vrrp_services);
struct vrrp_services_touched_head vrrp_touched_services = INIT_DLIST(vrrp_touched_services);
struct nl_ipvs_key *vrrp_services_gone;
bool vrrp_ipvs_is_holding, vrrp_ipvs_is_stopping;
struct vrrp_ipvs_global vrrp_ipvs_global;

static struct vrrp_services_by_key_head by_key = INIT_RBTREE_UNIQ(by_key);

/* The number of services in each place. */
static unsigned int places[VRRP_SERVICE_PLACES];

static const struct vrrp_probe_conf default_check = {
	.interval_msec = 1000 * VRRP_PROBE_DEFAULT_INTERVAL,
	.timeout_msec = 1000 * VRRP_PROBE_DEFAULT_TIMEOUT,
	.fall = VRRP_PROBE_DEFAULT_FALL,
	.rise = VRRP_PROBE_DEFAULT_RISE,
};

void vrrp_services_tell_changed(void)
{
	hook_call(vrrp_services_changed);
}

/* ------------------------------------------------------------ look-ups */

int vrrp_service_cmp(const struct vrrp_service *a, const struct vrrp_service *b)
{
	int order = strcmp(a->name, b->name);

	return order ? order : numcmp(a->leaving, b->leaving);
}

/* Two services may have the same key while a transaction goes on. */
static int key_cmp(const struct vrrp_service *a, const struct vrrp_service *b)
{
	struct vrrp_addr vip_a = vrrp_addr_of_ipvs(&a->key.address);
	struct vrrp_addr vip_b = vrrp_addr_of_ipvs(&b->key.address);
	int order = vrrp_addr_cmp(&vip_a, &vip_b);

	if (!order)
		order = nl_ipvs_key_cmp(&a->key, &b->key);
	return order ? order : vrrp_service_cmp(a, b);
}

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

void vrrp_service_conf_imply(struct vrrp_service_conf *conf)
{
	if (!conf->survive)
		return;
	if (strmatch(conf->scheduler, VRRP_IPVS_DEFAULT_SCHEDULER))
		strlcpy(conf->scheduler, "mh", sizeof(conf->scheduler));
	conf->fallback = conf->by_port = conf->inhibit = true;
}

struct vrrp_service *vrrp_service_by_key(const struct nl_ipvs_key *key)
{
	struct vrrp_service ref = { .key = *key };
	struct vrrp_service *service = vrrp_services_by_key_find_gteq(&by_key, &ref);

	return service && !nl_ipvs_key_cmp(&service->key, key) ? service : NULL;
}

/* The first service of a VIP, at or after this one. */
static struct vrrp_service *on_vip(struct vrrp_service *service, const struct vrrp_addr *vip)
{
	struct vrrp_addr address;

	if (!service)
		return NULL;
	address = vrrp_addr_of_ipvs(&service->key.address);
	return vrrp_addr_same(&address, vip) ? service : NULL;
}

struct vrrp_service *vrrp_service_next_on_vip(struct vrrp_service *service,
					      const struct vrrp_addr *vip)
{
	struct vrrp_service ref = { .key.address = vrrp_addr_ipvs(vip) };

	if (service)
		return on_vip(vrrp_services_by_key_next(&by_key, service), vip);
	return on_vip(vrrp_services_by_key_find_gteq(&by_key, &ref), vip);
}

struct vrrp_service *vrrp_service_find(const char *name)
{
	struct vrrp_service ref = {};

	strlcpy(ref.name, name, sizeof(ref.name));
	return vrrp_services_find(&vrrp_services, &ref);
}

struct vrrp_server *vrrp_server_find(const struct vrrp_service *service,
				     const struct vrrp_addr *address, uint16_t port)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (service->servers[i]->port == port &&
		    vrrp_addr_same(&service->servers[i]->address, address))
			return service->servers[i];
	return NULL;
}

/* ------------------------------------------------------ what is wanted */

struct vrrp_group *vrrp_service_group(const struct vrrp_service *service)
{
	return service->conf.fwmark ? NULL : vrrp_vip_group(&service->conf.vip);
}

enum vrrp_service_place vrrp_service_place_of(const struct vrrp_service *service)
{
	struct vrrp_group *group = vrrp_service_group(service);
	const struct vrrp_router *router;

	if (service->conf.fwmark)
		return VRRP_SERVICE_MARKED;
	if (!group)
		return VRRP_SERVICE_UNBOUND;
	router = vrrp_group_router(group, service->conf.vip.family);
	return vrrp_router_has_vips(router) || router->handover != VRRP_HANDOVER_NONE
		       ? VRRP_SERVICE_HERE
		       : VRRP_SERVICE_ELSEWHERE;
}

void vrrp_service_set_place(struct vrrp_service *service, enum vrrp_service_place place)
{
	places[service->place]--;
	places[place]++;
	service->place = place;
}

unsigned int vrrp_services_in(enum vrrp_service_place place)
{
	return places[place];
}

bool vrrp_service_is_wanted(const struct vrrp_service *service)
{
	enum vrrp_service_place place;

	if (vrrp_ipvs_is_stopping || !service->applied)
		return false;
	place = vrrp_service_place_of(service);
	if (place == VRRP_SERVICE_UNBOUND || place == VRRP_SERVICE_MARKED)
		return !vrrp_ipvs_is_holding;
	return place == VRRP_SERVICE_HERE || service->conf.always;
}

void vrrp_service_touch(struct vrrp_service *service)
{
	if (!service->is_touched)
		vrrp_services_touched_add_tail(&vrrp_touched_services, service);
	service->is_touched = true;
	vrrp_tick_soon();
}

/* ------------------------------------------------------- configuration */

struct vrrp_service *vrrp_service_new(const char *name)
{
	struct vrrp_service *service = XCALLOC(MTYPE_VRRP_SERVICE, sizeof(*service));

	strlcpy(service->name, name, sizeof(service->name));
	strlcpy(service->conf.scheduler, VRRP_IPVS_DEFAULT_SCHEDULER,
		sizeof(service->conf.scheduler));
	service->conf.quorum = VRRP_IPVS_DEFAULT_QUORUM;
	service->conf.pool_threshold = VRRP_IPVS_DEFAULT_THRESHOLD;
	service->conf.pool_hold_sec = VRRP_IPVS_DEFAULT_HOLD;
	service->conf.check = default_check;
	places[service->place]++;
	vrrp_services_add(&vrrp_services, service);
	return service;
}

static struct vrrp_server *server_new(struct vrrp_service *service, const struct vrrp_addr *address,
				      uint16_t port)
{
	struct vrrp_server *server = XCALLOC(MTYPE_VRRP_SERVER, sizeof(*server));

	server->service = service;
	server->address = *address;
	server->port = port;
	server->weight = VRRP_IPVS_DEFAULT_WEIGHT;
	server->forward = NL_IPVS_DIRECT;
	server->check = default_check;
	return server;
}

static void server_free(struct vrrp_server **server)
{
	vrrp_server_stop_probe(*server);
	vrrp_probe_conf_fini(&(*server)->check);
	XFREE(MTYPE_VRRP_SERVER, *server);
}

struct vrrp_server *vrrp_server_add(struct vrrp_service *service, const struct vrrp_addr *address,
				    uint16_t port)
{
	struct vrrp_server *server = vrrp_server_find(service, address, port);

	if (!server) {
		server = server_new(service, address, port);
		*darr_append(service->servers) = server;
	}
	server->named = true;
	return server;
}

void vrrp_service_drop_unnamed(struct vrrp_service *service)
{
	struct vrrp_server *server;

	for (unsigned int i = darr_len(service->servers); i-- > 0;) {
		server = service->servers[i];
		if (!server->named) {
			darr_remove(service->servers, i);
			server_free(&server);
		} else {
			server->named = false;
		}
	}
}

void vrrp_service_sorry(struct vrrp_service *service, const struct vrrp_addr *address,
			uint16_t port, enum nl_ipvs_forward forward)
{
	if (service->conf.sorry)
		server_free(&service->conf.sorry);
	if (!address)
		return;
	service->conf.sorry = server_new(service, address, port);
	service->conf.sorry->forward = forward;
}

/* ------------------------------------------ coming, going and changing */

/* Gives up the service's key in the kernel. */
static void unkey(struct vrrp_service *service)
{
	if (!service->applied)
		return;
	vrrp_services_by_key_del(&by_key, service);
	service->applied = false;
	if (service->programmed)
		*darr_append(vrrp_services_gone) = service->key;
	service->programmed = false;
}

void vrrp_service_free(struct vrrp_service **service)
{
	unsigned int i;

	unkey(*service);
	event_cancel(&(*service)->t_slow);
	event_cancel(&(*service)->t_pool);
	places[(*service)->place]--;
	if ((*service)->is_touched)
		vrrp_services_touched_del(&vrrp_touched_services, *service);
	vrrp_tick_soon();
	vrrp_services_del(&vrrp_services, *service);
	darr_foreach_i ((*service)->servers, i)
		server_free(&(*service)->servers[i]);
	darr_free((*service)->servers);
	vrrp_service_sorry(*service, NULL, 0, NL_IPVS_DIRECT);
	vrrp_probe_conf_fini(&(*service)->conf.check);
	XFREE(MTYPE_VRRP_SERVICE, *service);
	vrrp_services_tell_changed();
}

bool vrrp_service_leave(struct vrrp_service **service)
{
	static uint32_t leaving;

	if (!(*service)->applied) {
		vrrp_service_free(service);
		return false;
	}
	vrrp_services_del(&vrrp_services, *service);
	(*service)->leaving = ++leaving;
	vrrp_services_add(&vrrp_services, *service);
	*service = NULL;
	return true;
}

static struct vrrp_service *leaving_with(const struct nl_ipvs_key *key)
{
	struct vrrp_service *service = vrrp_service_by_key(key);

	while (service && !nl_ipvs_key_cmp(&service->key, key)) {
		if (service->leaving)
			return service;
		service = vrrp_services_by_key_next(&by_key, service);
	}
	return NULL;
}

/* Moves all that belongs to a service to another one, which has only its name so far. */
static void hand_down(struct vrrp_service *from, struct vrrp_service *to)
{
	struct vrrp_service_conf unused = to->conf;
	unsigned int i;

	to->conf = from->conf;
	from->conf = unused;
	to->servers = from->servers;
	from->servers = NULL;
	darr_foreach_i (to->servers, i)
		to->servers[i]->service = to;
	if (to->conf.sorry)
		to->conf.sorry->service = to;
	to->key = from->key;
	to->programmed = from->programmed;
	to->error = from->error;
	to->error_what = from->error_what;
	to->logged_error = from->logged_error;
	to->drain_until = from->drain_until;
	to->is_masqueraded = from->is_masqueraded;
	to->quorum_judged = from->quorum_judged;
	to->has_quorum = from->has_quorum;
	to->backup_serves = from->backup_serves;
	to->server_transitions = from->server_transitions;
	to->quorum_losses = from->quorum_losses;
	vrrp_service_set_place(to, from->place);
}

/* Takes over the service in the kernel from a leaving one with the same key. */
static void displace(struct vrrp_service *service)
{
	struct vrrp_service *from = leaving_with(&service->key);

	if (!from)
		return;
	service->programmed |= from->programmed;
	from->programmed = false;
	vrrp_service_free(&from);
}

bool vrrp_service_take_key(struct vrrp_service *service)
{
	struct nl_ipvs_key key = vrrp_service_key(&service->conf);

	if (service->applied && nl_ipvs_key_cmp(&service->key, &key))
		unkey(service);
	if (service->applied)
		return false;
	service->key = key;
	displace(service);
	service->applied = true;
	vrrp_services_by_key_add(&by_key, service);
	return true;
}

void vrrp_service_inherit(struct vrrp_service *service, const struct nl_ipvs_key *key)
{
	struct vrrp_service *from = leaving_with(key);

	if (service->applied || !from)
		return;
	hand_down(from, service);
	vrrp_services_by_key_del(&by_key, from);
	from->applied = from->programmed = false;
	service->applied = true;
	vrrp_services_by_key_add(&by_key, service);
	vrrp_service_free(&from);
	vrrp_service_touch(service);
}
