// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A service owns its servers, its sorry server and their probes, from
 * vrrp_service_new() to vrrp_service_free(); the northbound makes and frees it.
 *
 * Services hang in two trees: by name, and by what the kernel knows them by, address
 * first, so that those of a VIP stand together and a virtual router that moves asks
 * for them alone. The second has a service since its first vrrp_ipvs_apply().
 */
#include "vrrp_ipvs.h"

#include "darr.h"
#include "log.h"

#include "vrrp_memory.h"
#include "vrrp_vip.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SERVICE, "IPVS service");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_SERVER, "IPVS server");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_CHECK, "IPVS check");

struct vrrp_services_head vrrp_services = INIT_RBTREE_UNIQ(vrrp_services);
struct vrrp_ipvs_global vrrp_ipvs_global;

static const struct vrrp_probe_conf default_check = {
	.interval_sec = VRRP_PROBE_DEFAULT_INTERVAL,
	.timeout_sec = VRRP_PROBE_DEFAULT_TIMEOUT,
	.fall = VRRP_PROBE_DEFAULT_FALL,
	.rise = VRRP_PROBE_DEFAULT_RISE,
};

int vrrp_service_cmp(const struct vrrp_service *a, const struct vrrp_service *b)
{
	return strcmp(a->name, b->name);
}

/* ------------------------------------------------------------ configuration */

void vrrp_check_string(const char **string, const char *text)
{
	char *old = (char *)*string;

	*string = text ? XSTRDUP(MTYPE_VRRP_CHECK, text) : NULL;
	XFREE(MTYPE_VRRP_CHECK, old);
}

static void check_fini(struct vrrp_probe_conf *check)
{
	vrrp_check_string(&check->path, NULL);
	vrrp_check_string(&check->host, NULL);
	vrrp_check_string(&check->match, NULL);
}

struct vrrp_service *vrrp_service_new(const char *name)
{
	struct vrrp_service *service = XCALLOC(MTYPE_VRRP_SERVICE, sizeof(*service));

	strlcpy(service->name, name, sizeof(service->name));
	strlcpy(service->conf.scheduler, VRRP_IPVS_DEFAULT_SCHEDULER,
		sizeof(service->conf.scheduler));
	service->conf.quorum = VRRP_IPVS_DEFAULT_QUORUM;
	service->conf.check = default_check;
	vrrp_services_add(&vrrp_services, service);
	return service;
}

struct vrrp_service *vrrp_service_find(const char *name)
{
	struct vrrp_service ref = {};

	strlcpy(ref.name, name, sizeof(ref.name));
	return vrrp_services_find(&vrrp_services, &ref);
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
	check_fini(&(*server)->check);
	XFREE(MTYPE_VRRP_SERVER, *server);
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

struct vrrp_server *vrrp_server_add(struct vrrp_service *service, const struct vrrp_addr *address,
				    uint16_t port)
{
	struct vrrp_server *server = vrrp_server_find(service, address, port);

	if (!server) {
		server = server_new(service, address, port);
		*darr_append(service->servers) = server;
	}
	return server;
}

void vrrp_server_del(struct vrrp_server **server)
{
	struct vrrp_service *service = (*server)->service;
	unsigned int i;

	darr_foreach_i (service->servers, i) {
		if (service->servers[i] != *server)
			continue;
		darr_remove(service->servers, i);
		break;
	}
	server_free(server);
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

void vrrp_service_free(struct vrrp_service **service)
{
	unsigned int i;

	vrrp_services_del(&vrrp_services, *service);
	darr_foreach_i ((*service)->servers, i)
		server_free(&(*service)->servers[i]);
	darr_free((*service)->servers);
	vrrp_service_sorry(*service, NULL, 0, NL_IPVS_DIRECT);
	check_fini(&(*service)->conf.check);
	XFREE(MTYPE_VRRP_SERVICE, *service);
}
