// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A service owns its servers, its sorry server and their probes, from
 * vrrp_service_new() to vrrp_service_free(); the northbound makes and frees it.
 *
 * Services are in a tree by name. What the kernel has of a service are its portals
 * (vrrp_portal.c), which it gets with its first vrrp_ipvs_apply().
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

struct vrrp_services_head vrrp_services = INIT_RBTREE_UNIQ(vrrp_services);
struct vrrp_services_touched_head vrrp_touched_services = INIT_DLIST(vrrp_touched_services);
struct vrrp_ipvs_global vrrp_ipvs_global;

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

void vrrp_service_conf_imply(struct vrrp_service_conf *conf)
{
	if (!conf->survive)
		return;
	if (strmatch(conf->scheduler, VRRP_IPVS_DEFAULT_SCHEDULER))
		strlcpy(conf->scheduler, "mh", sizeof(conf->scheduler));
	conf->fallback = conf->by_port = conf->inhibit = true;
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

struct vrrp_group *vrrp_service_group(const struct vrrp_service *service)
{
	return service->conf.fwmark ? NULL : vrrp_vip_group(&service->conf.vip);
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

void vrrp_service_set_ranges(struct vrrp_service *service, struct vrrp_ipvs_range *ranges)
{
	darr_free(service->ranges);
	service->ranges = ranges;
}

/* ------------------------------------------ coming, going and changing */

void vrrp_service_free(struct vrrp_service **service)
{
	unsigned int i;

	vrrp_service_give_up_keys(*service);
	event_cancel(&(*service)->t_slow);
	event_cancel(&(*service)->t_pool);
	if ((*service)->is_touched)
		vrrp_services_touched_del(&vrrp_touched_services, *service);
	vrrp_tick_soon();
	vrrp_services_del(&vrrp_services, *service);
	darr_foreach_i ((*service)->servers, i)
		server_free(&(*service)->servers[i]);
	darr_free((*service)->servers);
	darr_free((*service)->ranges);
	vrrp_service_sorry(*service, NULL, 0, NL_IPVS_DIRECT);
	vrrp_probe_conf_fini(&(*service)->conf.check);
	XFREE(MTYPE_VRRP_SERVICE, *service);
	vrrp_services_tell_changed();
}

bool vrrp_service_leave(struct vrrp_service **service)
{
	static uint32_t leaving;

	if (!darr_len((*service)->portals)) {
		vrrp_service_free(service);
		return false;
	}
	vrrp_services_del(&vrrp_services, *service);
	(*service)->leaving = ++leaving;
	vrrp_services_add(&vrrp_services, *service);
	*service = NULL;
	return true;
}

/* Moves all that belongs to a service to another one, which has only its name so far. */
static void hand_down(struct vrrp_service *from, struct vrrp_service *to)
{
	struct vrrp_service_conf unused = to->conf;
	unsigned int i;

	to->conf = from->conf;
	from->conf = unused;
	vrrp_service_set_ranges(to, from->ranges);
	from->ranges = NULL;
	to->servers = from->servers;
	from->servers = NULL;
	darr_foreach_i (to->servers, i)
		to->servers[i]->service = to;
	if (to->conf.sorry)
		to->conf.sorry->service = to;
	to->portals = from->portals;
	from->portals = NULL;
	darr_foreach_i (to->portals, i)
		to->portals[i]->service = to;
	to->is_masqueraded = from->is_masqueraded;
	to->quorum_judged = from->quorum_judged;
	to->has_quorum = from->has_quorum;
	to->backup_serves = from->backup_serves;
	to->server_transitions = from->server_transitions;
	to->quorum_losses = from->quorum_losses;
}

void vrrp_service_inherit(struct vrrp_service *service, const struct nl_ipvs_key *key)
{
	struct vrrp_portal *portal = vrrp_portal_by_key(key);
	struct vrrp_service *from = portal ? portal->service : NULL;

	if (darr_len(service->portals) || !from || !from->leaving)
		return;
	hand_down(from, service);
	vrrp_service_free(&from);
	vrrp_service_touch(service);
}
