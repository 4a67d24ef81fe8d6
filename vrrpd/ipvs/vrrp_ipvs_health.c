// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The health of servers: which of them get connections.
 *
 * A server with a check has a probe as long as it is configured, Active here or not, so that
 * its health is known at a takeover. Health is a flag of the server itself. A changed check
 * is a new probe that inherits the health: a mistyped check takes no server out before it
 * has failed as often as configured. A probe reports changes only; the kernel is updated at
 * the end of the tick, once for all changes.
 *
 * A new server with a check gets no connections before its first result, which comes within
 * its timeout; if no try can be made, it counts as up after some seconds. Until then it
 * counts towards the quorum: the sorry server is used only when the quorum cannot be reached.
 */
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "darr.h"
#include "jhash.h"
#include "log.h"

#include "vrrp_history.h"
#include "vrrp_log.h"

DEFINE_HOOK(vrrp_service_judged, (const struct vrrp_service *service), (service));

/* A new server waits for its first result this much longer than a try lasts, or this long. */
#define UNKNOWN_MARGIN_SEC 1
#define UNKNOWN_MOST_SEC   10

/* The sorry server's weight: any will do, since it is the only server. */
#define SORRY_WEIGHT 1

const struct vrrp_probe_conf *vrrp_server_probe_conf(const struct vrrp_server *server)
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
	return server->health == VRRP_SERVER_UP;
}

static uint64_t weight_of(const struct vrrp_service *service, enum vrrp_server_health health)
{
	uint64_t weight = 0;
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (service->servers[i]->health == health && vrrp_server_serves(service->servers[i]))
			weight += service->servers[i]->weight;
	return weight;
}

uint64_t vrrp_service_weight_up(const struct vrrp_service *service)
{
	return weight_of(service, VRRP_SERVER_UP);
}

bool vrrp_service_has_quorum(const struct vrrp_service *service)
{
	return vrrp_service_weight_up(service) + weight_of(service, VRRP_SERVER_UNKNOWN) >=
	       service->conf.quorum;
}

/* -------------------------------------------------------------------- telling */

#define TEXT_SIZE 256

/* Thousands of servers may go at once: the history has what the log has. */
static void tell(const char *text)
{
	if (!vrrp_log_allowed(VRRP_LOG_HEALTH))
		return;
	zlog_warn("%s", text);
	vrrp_history_ipvs(text);
}

static void log_health(const struct vrrp_server *server, const char *reason)
{
	char address[VRRP_ADDR_STRLEN], text[TEXT_SIZE];

	snprintf(text, sizeof(text), "ipvs service %s: server %s port %u is %s: %s",
		 server->service->name, vrrp_addr_str(&server->address, address), server->port,
		 server->health == VRRP_SERVER_DOWN ? "down" : "up", reason);
	tell(text);
}

static void log_quorum(const struct vrrp_service *service, bool has_it)
{
	char text[TEXT_SIZE];
	const char *then = "";

	if (service->conf.sorry)
		then = has_it ? ", the sorry server goes" : ", the sorry server comes";
	snprintf(text, sizeof(text),
		 "ipvs service %s: quorum %s: servers of weight %" PRIu64 " are up, %u are wanted%s",
		 service->name, has_it ? "reached" : "lost", vrrp_service_weight_up(service),
		 service->conf.quorum, then);
	tell(text);
}

void vrrp_service_judge_quorum(struct vrrp_service *service)
{
	bool had_it = service->has_quorum, has_it;

	vrrp_service_judge_pools(service);
	has_it = vrrp_service_has_quorum(service);
	hook_call(vrrp_service_judged, service);
	/* a service without servers is still being typed */
	if (!service->quorum_judged && !has_it && !darr_len(service->servers))
		return;
	if (!service->quorum_judged)
		had_it = true;
	service->quorum_judged = true;
	service->has_quorum = has_it;
	if (has_it == had_it)
		return;
	service->quorum_losses += had_it;
	log_quorum(service, has_it);
}

/* ------------------------------------------------------------------- probes */

static void set_health(struct vrrp_server *server, enum vrrp_server_health health)
{
	event_cancel(&server->t_unknown);
	server->health = health;
	vrrp_service_touch(server->service);
}

static void on_report(struct vrrp_probe *probe, bool up, const char *reason, void *arg)
{
	struct vrrp_server *server = arg;
	enum vrrp_server_health health = up ? VRRP_SERVER_UP : VRRP_SERVER_DOWN;
	bool as_expected = up && server->health == VRRP_SERVER_UNKNOWN;

	if (server->health == health)
		return;
	server->returned = up && server->health == VRRP_SERVER_DOWN ? vrrp_now() : 0;
	set_health(server, health);
	vrrp_service_start_slowly(server->service);
	if (as_expected)
		return;
	server->service->server_transitions++;
	log_health(server, reason);
}

static void on_unknown(struct event *event)
{
	struct vrrp_server *server = EVENT_ARG(event);
	char address[VRRP_ADDR_STRLEN];

	if (vrrp_log_allowed(VRRP_LOG_HEALTH))
		zlog_warn("ipvs service %s: server %s port %u counts as up, it could not be checked yet",
			  server->service->name, vrrp_addr_str(&server->address, address),
			  server->port);
	set_health(server, VRRP_SERVER_UP);
}

void vrrp_server_presume_up(struct vrrp_server *server)
{
	if (server->health == VRRP_SERVER_UNKNOWN)
		set_health(server, VRRP_SERVER_UP);
}

void vrrp_server_stop_probe(struct vrrp_server *server)
{
	event_cancel(&server->t_unknown);
	if (server->probe)
		vrrp_probe_free(&server->probe);
}

static void check_server(struct vrrp_server *server)
{
	const struct vrrp_probe_conf *check = vrrp_server_probe_conf(server);
	/* of a server that has the packet's, the port of the service's first line */
	uint16_t port = server->port ? server->port : server->service->conf.port;

	if (!check) {
		vrrp_server_stop_probe(server);
		server->health = VRRP_SERVER_UP;
		return;
	}
	if (server->probe && !vrrp_probe_is(server->probe, check))
		vrrp_probe_change(&server->probe, check, port);
	if (!server->probe)
		server->probe = vrrp_probe_new(check, &server->address, port, on_report, server);
	if (server->health == VRRP_SERVER_UNKNOWN && !server->t_unknown)
		event_add_timer(master, on_unknown, server,
				MIN(check->timeout_msec / 1000 + UNKNOWN_MARGIN_SEC,
				    UNKNOWN_MOST_SEC),
				&server->t_unknown);
}

void vrrp_service_probe(struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		check_server(service->servers[i]);
	vrrp_service_start_slowly(service);
}

/* ---------------------------------------------------------- for the kernel */

/* Only masquerading can write another port than the packet's, which a mark has as 0. */
uint16_t vrrp_server_kernel_port(const struct vrrp_server *server, const struct nl_ipvs_key *key)
{
	return server->forward == NL_IPVS_MASQUERADE ? server->port : key->port;
}

static bool is_by(const struct vrrp_server *server, const struct nl_ipvs_key *key,
		  const struct nl_ipvs_server *kernel)
{
	struct vrrp_addr address = vrrp_addr_of_ipvs(&kernel->address);

	return vrrp_server_kernel_port(server, key) == kernel->port &&
	       vrrp_addr_same(&server->address, &address);
}

struct vrrp_server *vrrp_service_server_of(const struct vrrp_service *service,
					   const struct nl_ipvs_key *key,
					   const struct nl_ipvs_server *kernel)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (is_by(service->servers[i], key, kernel))
			return service->servers[i];
	if (service->conf.sorry && is_by(service->conf.sorry, key, kernel))
		return service->conf.sorry;
	return NULL;
}

static struct nl_ipvs_server kernel_server(const struct vrrp_server *server,
					   const struct nl_ipvs_key *key, uint32_t weight)
{
	return (struct nl_ipvs_server){
		.address = vrrp_addr_ipvs(&server->address),
		.port = vrrp_server_kernel_port(server, key),
		.forward = server->forward,
		.weight = weight,
		.upper_threshold = server->upper_threshold,
		.lower_threshold = server->lower_threshold,
		.encapsulation = server->encapsulation,
		.gue_port = server->gue_port,
	};
}

static int server_cmp(const void *a, const void *b)
{
	const struct nl_ipvs_server *one = a, *other = b;
	struct vrrp_addr address = vrrp_addr_of_ipvs(&one->address);
	struct vrrp_addr others = vrrp_addr_of_ipvs(&other->address);
	int order = vrrp_addr_cmp(&address, &others);

	return order ? order : numcmp(one->port, other->port);
}

/*
 * One order on every director, whatever that of the lines; the sorry server is first, where the
 * kernel puts it when it comes later than the others.
 */
static void put_in_order(struct nl_ipvs_server *servers, bool sorry)
{
	size_t skip = sorry ? 1 : 0;

	if (darr_len(servers) > skip)
		qsort(servers + skip, darr_len(servers) - skip, sizeof(*servers), server_cmp);
}

/*
 * Without quorum, servers that are up get no new connections, but keep theirs. A server that
 * is down is removed with its connections, unless `inhibit` lets them end by themselves.
 */
struct nl_ipvs_server *vrrp_service_kernel_servers(const struct vrrp_service *service,
						   const struct nl_ipvs_key *key)
{
	const struct vrrp_server *sorry = service->conf.sorry;
	struct nl_ipvs_server *servers = NULL;
	unsigned int i;

	if (sorry && vrrp_service_has_quorum(service))
		sorry = NULL;
	if (sorry)
		*darr_append(servers) = kernel_server(sorry, key, SORRY_WEIGHT);
	darr_foreach_i (service->servers, i) {
		const struct vrrp_server *server = service->servers[i];
		bool up = vrrp_server_is_up(server);

		if (!up && !service->conf.inhibit)
			continue;
		if (sorry && is_by(server, key, servers))
			continue;
		*darr_append(servers) = kernel_server(server, key,
						      up && !sorry ? vrrp_server_weight_now(server)
								   : 0);
	}
	if (service->conf.survive)
		put_in_order(servers, sorry);
	return servers;
}

/* A director without one of the addresses breaks its connections as well. */
static uint32_t ranges_hash(const struct vrrp_service *service, uint32_t hash)
{
	const struct vrrp_ipvs_range *range;

	darr_foreach_p (service->ranges, range) /* a sum, whatever the order of the lines */
		hash += jhash_2words(range->port, range->last_port,
				     jhash(range->address.octets,
					   vrrp_addr_size(range->address.family), 0));
	return hash;
}

uint32_t vrrp_service_servers_hash(const struct vrrp_service *service)
{
	struct nl_ipvs_key key = vrrp_service_key(&service->conf);
	struct nl_ipvs_server *servers = vrrp_service_kernel_servers(service, &key), *server;
	uint32_t hash = 0;

	darr_foreach_p (servers, server) {
		struct vrrp_addr address = vrrp_addr_of_ipvs(&server->address);
		char text[VRRP_ADDR_STRLEN];

		vrrp_addr_str(&address, text);
		hash = jhash(text, strlen(text), hash);
		hash = jhash_2words(server->port, server->weight, hash);
	}
	darr_free(servers);
	return ranges_hash(service, hash);
}
