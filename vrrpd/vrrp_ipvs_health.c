// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which servers of a service get connections.
 *
 * A server that is checked owns a probe as long as it is configured, Active here or
 * not, so that its health is known at a takeover. Health is a flag of the server
 * itself: it outlives a probe that another configuration replaces, until the new one
 * has a result. A probe only reports what has changed; the kernel is told at the end
 * of the tick, once for all that changed in it.
 */
#include "vrrp_ipvs_private.h"

#include "darr.h"
#include "log.h"

#include "vrrp_log.h"

/* The sorry server has nobody beside it to be weighed against. */
#define SORRY_WEIGHT 1

const struct vrrp_probe_conf *vrrp_server_check_conf(const struct vrrp_server *server)
{
	const struct vrrp_probe_conf *check = &server->check;

	if (server->unchecked)
		return NULL;
	if (check->kind == VRRP_PROBE_NONE)
		check = &server->service->conf.check;
	return check->kind == VRRP_PROBE_NONE ? NULL : check;
}

bool vrrp_server_is_up(const struct vrrp_server *server)
{
	return !server->down;
}

uint64_t vrrp_service_weight_up(const struct vrrp_service *service)
{
	uint64_t weight = 0;
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (vrrp_server_is_up(service->servers[i]))
			weight += service->servers[i]->weight;
	return weight;
}

bool vrrp_service_has_quorum(const struct vrrp_service *service)
{
	return vrrp_service_weight_up(service) >= service->conf.quorum;
}

/* ------------------------------------------------------------------- probes */

static void log_health(const struct vrrp_server *server, const char *reason)
{
	char address[VRRP_ADDR_STRLEN];

	if (vrrp_log_allowed(VRRP_LOG_HEALTH))
		zlog_warn("ipvs service %s: server %s port %u is %s: %s", server->service->name,
			  vrrp_addr_str(&server->address, address), server->port,
			  server->down ? "down" : "up", reason);
}

static void log_quorum(const struct vrrp_service *service, bool has_it)
{
	const char *then = "";

	if (service->conf.sorry)
		then = has_it ? ", the sorry server goes" : ", the sorry server comes";
	if (vrrp_log_allowed(VRRP_LOG_HEALTH))
		zlog_warn("ipvs service %s: quorum %s: servers of weight %" PRIu64
			  " are up, %u are wanted%s",
			  service->name, has_it ? "reached" : "lost",
			  vrrp_service_weight_up(service), service->conf.quorum, then);
}

static void on_report(struct vrrp_probe *probe, bool up, const char *reason, void *arg)
{
	struct vrrp_server *server = arg;
	struct vrrp_service *service = server->service;
	bool had_quorum = vrrp_service_has_quorum(service), has_quorum;

	if (server->down == !up)
		return;
	server->down = !up;
	service->server_transitions++;
	log_health(server, reason);

	has_quorum = vrrp_service_has_quorum(service);
	if (has_quorum != had_quorum)
		log_quorum(service, has_quorum);
	service->quorum_losses += had_quorum && !has_quorum;
	vrrp_service_touch(service);
}

void vrrp_server_uncheck(struct vrrp_server *server)
{
	if (server->probe)
		vrrp_probe_free(&server->probe);
}

static void check_server(struct vrrp_server *server)
{
	const struct vrrp_probe_conf *check = vrrp_server_check_conf(server);

	if (server->probe && (!check || !vrrp_probe_is(server->probe, check)))
		vrrp_server_uncheck(server);
	if (!check)
		server->down = false;
	else if (!server->probe)
		server->probe = vrrp_probe_new(check, &server->address, server->port, on_report,
					       server);
}

void vrrp_service_check(struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		check_server(service->servers[i]);
}

/* ---------------------------------------------------------- for the kernel */

/* By a mark, a port of 0 is the one of the packet; only masquerading can write another. */
static uint16_t kernel_port(const struct vrrp_server *server)
{
	if (server->service->conf.fwmark && server->forward != NL_IPVS_MASQUERADE)
		return 0;
	return server->port;
}

bool vrrp_server_is(const struct vrrp_server *server, const struct nl_ipvs_server *kernel)
{
	struct vrrp_addr address = vrrp_ipvs_vrrp_addr(&kernel->address);

	return kernel_port(server) == kernel->port && vrrp_addr_same(&server->address, &address);
}

static struct nl_ipvs_server kernel_server(const struct vrrp_server *server, uint32_t weight)
{
	return (struct nl_ipvs_server){
		.address = vrrp_ipvs_address(&server->address),
		.port = kernel_port(server),
		.forward = server->forward,
		.weight = weight,
		.upper_threshold = server->upper_threshold,
		.lower_threshold = server->lower_threshold,
		.encapsulation = server->encapsulation,
		.gue_port = server->gue_port,
	};
}

/*
 * Without quorum servers that are up get nothing new, but keep what they have. What
 * does not answer goes with its connections, unless they are to end by themselves.
 */
struct nl_ipvs_server *vrrp_service_kernel_servers(const struct vrrp_service *service)
{
	const struct vrrp_server *sorry = service->conf.sorry;
	struct nl_ipvs_server *servers = NULL;
	unsigned int i;

	if (sorry && vrrp_service_has_quorum(service))
		sorry = NULL;
	if (sorry)
		*darr_append(servers) = kernel_server(sorry, SORRY_WEIGHT);
	darr_foreach_i (service->servers, i) {
		const struct vrrp_server *server = service->servers[i];
		bool up = vrrp_server_is_up(server);

		if (!up && !service->conf.inhibit)
			continue;
		if (sorry && vrrp_server_is(server, servers))
			continue;
		*darr_append(servers) = kernel_server(server, up && !sorry ? server->weight : 0);
	}
	return servers;
}
