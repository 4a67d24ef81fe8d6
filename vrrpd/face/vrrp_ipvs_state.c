// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state of load balancing: the kernel's table and the health of servers, for
 * "show ipvs" and as operational data.
 *
 * The northbound asks leaf by leaf, but the kernel answers for a whole service. So the
 * kernel's answer for the last service is kept for a second.
 */
#include <zebra.h>

#include "darr.h"
#include "yang_wrappers.h"

#include "vrrp_convert.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_masquerade.h"
#include "vrrp_nb.h"

/* How long an answer is kept; the kernel's rates are older than that anyway. */
#define FRESH_USEC VRRP_USEC_PER_SEC

#define COUNTER(yang, json, field) { yang, json, offsetof(struct nl_ipvs_stats, field) }

const struct vrrp_ipvs_counter vrrp_ipvs_counters[] = {
	COUNTER("connections", "connections", connections),
	COUNTER("packets-in", "packetsIn", packets_in),
	COUNTER("packets-out", "packetsOut", packets_out),
	COUNTER("bytes-in", "bytesIn", bytes_in),
	COUNTER("bytes-out", "bytesOut", bytes_out),
	COUNTER("connection-rate", "connectionRate", connection_rate),
	COUNTER("packet-rate-in", "packetRateIn", packet_rate_in),
	COUNTER("packet-rate-out", "packetRateOut", packet_rate_out),
	COUNTER("byte-rate-in", "byteRateIn", byte_rate_in),
	COUNTER("byte-rate-out", "byteRateOut", byte_rate_out),
	{},
};

/* --- what the kernel has ----------------------------------------------------- */

static void add_statistics(struct nl_ipvs_stats *sum, const struct nl_ipvs_stats *stats)
{
	for (const struct vrrp_ipvs_counter *counter = vrrp_ipvs_counters; counter->yang; counter++)
		*(uint64_t *)((char *)sum + counter->offset) += vrrp_ipvs_counter_value(counter,
											stats);
}

static bool is_state_of(const struct nl_ipvs_server_state *state, const struct vrrp_server *server)
{
	struct vrrp_addr address = vrrp_addr_of_ipvs(&state->server.address);

	return state->server.port == server->port && vrrp_addr_same(&address, &server->address);
}

static struct nl_ipvs_server_state *state_of(const struct vrrp_ipvs_view *view,
					     const struct vrrp_server *server)
{
	struct nl_ipvs_server_state *state;

	darr_foreach_p (view->servers, state)
		if (is_state_of(state, server))
			return state;
	return NULL;
}

static void add_server(struct vrrp_ipvs_view *view, const struct vrrp_server *server,
		       const struct nl_ipvs_server_state *state)
{
	struct nl_ipvs_server_state *sum = state_of(view, server);

	if (!sum) {
		sum = darr_append(view->servers);
		*sum = *state;
		sum->server.port = server->port;
		return;
	}
	sum->active += state->active;
	sum->inactive += state->inactive;
	sum->persistent += state->persistent;
	add_statistics(&sum->stats, &state->stats);
}

/* A reading under way. */
struct look {
	const struct vrrp_service *service;
	struct vrrp_ipvs_view *view;
};

static void on_portal(const struct nl_ipvs_service_state *state, void *arg)
{
	const struct look *look = arg;
	const struct vrrp_server *server;

	look->view->there = true;
	add_statistics(&look->view->stats, &state->stats);
	for (size_t i = 0; i < state->servers_count; i++) {
		server = vrrp_service_server_of(look->service, &state->service.key,
						&state->servers[i].server);
		if (server)
			add_server(look->view, server, &state->servers[i]);
	}
}

void vrrp_ipvs_look(const struct vrrp_service *service, struct vrrp_ipvs_view *view)
{
	struct look look = { .service = service, .view = view };

	*view = (struct vrrp_ipvs_view){};
	vrrp_service_read(service, on_portal, &look);
}

void vrrp_ipvs_view_fini(struct vrrp_ipvs_view *view)
{
	darr_free(view->servers);
}

const struct nl_ipvs_server_state *vrrp_ipvs_view_server(const struct vrrp_ipvs_view *view,
							 const struct vrrp_server *server)
{
	return state_of(view, server);
}

const char *vrrp_ipvs_health(const struct vrrp_server *server, struct vrrp_probe_state *state)
{
	*state = (struct vrrp_probe_state){};
	if (!server->probe)
		return "unchecked";
	vrrp_probe_state(server->probe, state);
	if (server->health == VRRP_SERVER_UNKNOWN || (vrrp_server_is_up(server) && !state->known))
		return "unknown";
	return vrrp_server_is_up(server) ? "up" : "down";
}

/* --- lists --------------------------------------------------------------------- */

const void *vrrp_nb_service_get_next(struct nb_cb_get_next_args *args)
{
	const struct vrrp_service *service = args->list_entry;

	do {
		service = service ? vrrp_services_const_next(&vrrp_services, service)
				  : vrrp_services_const_first(&vrrp_services);
	} while (service && service->leaving);
	return service;
}

int vrrp_nb_service_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrrp_service *service = args->list_entry;

	args->keys->num = 1;
	strlcpy(args->keys->key[0], service->name, sizeof(args->keys->key[0]));
	return NB_OK;
}

const void *vrrp_nb_service_lookup_entry(struct nb_cb_lookup_entry_args *args)
{
	return vrrp_service_find(args->keys->key[0]);
}

const void *vrrp_nb_server_get_next(struct nb_cb_get_next_args *args)
{
	const struct vrrp_service *service = args->parent_list_entry;
	bool found = !args->list_entry;
	unsigned int i;

	darr_foreach_i (service->servers, i) {
		if (found)
			return service->servers[i];
		found = service->servers[i] == args->list_entry;
	}
	return NULL;
}

int vrrp_nb_server_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrrp_server *server = args->list_entry;
	char text[VRRP_ADDR_STRLEN];

	args->keys->num = 2;
	strlcpy(args->keys->key[0], vrrp_addr_str(&server->address, text),
		sizeof(args->keys->key[0]));
	snprintf(args->keys->key[1], sizeof(args->keys->key[1]), "%u", server->port);
	return NB_OK;
}

const void *vrrp_nb_server_lookup_entry(struct nb_cb_lookup_entry_args *args)
{
	struct vrrp_addr address;

	if (!vrrp_addr_parse(args->keys->key[0], &address))
		return NULL;
	return vrrp_server_find(args->parent_list_entry, &address,
				strtoul(args->keys->key[1], NULL, 10));
}

/* --- leaves ---------------------------------------------------------------------- */

/* The service that the northbound asks about, as the kernel had it at most a second ago. */
static const struct vrrp_ipvs_view *recent_view(const struct vrrp_service *service)
{
	static char name[VRRP_IPVS_NAME_LEN];
	static struct vrrp_ipvs_view view;
	static vrrp_usec_t taken;

	if (strmatch(name, service->name) && vrrp_now() - taken < FRESH_USEC)
		return &view;
	vrrp_ipvs_view_fini(&view);
	vrrp_ipvs_look(service, &view);
	strlcpy(name, service->name, sizeof(name));
	taken = vrrp_now();
	return &view;
}

static struct yang_data *statistic(const struct nl_ipvs_stats *stats, const char *xpath)
{
	const char *name = vrrp_nb_leaf_name(xpath);

	for (const struct vrrp_ipvs_counter *counter = vrrp_ipvs_counters; counter->yang; counter++)
		if (strmatch(name, counter->yang))
			return yang_data_new_uint64(xpath, vrrp_ipvs_counter_value(counter, stats));
	return NULL;
}

const char *vrrp_ipvs_service_error(const struct vrrp_service *service, char *text, size_t size)
{
	const struct vrrp_portal *portal = vrrp_service_failed_portal(service);
	char key[NL_IPVS_KEY_TEXT_BYTES];

	if (!portal || !portal->error)
		return NULL;
	if (darr_len(service->portals) == 1)
		return vrrp_ipvs_error_text(portal->error);
	snprintf(text, size, "%s: %s", nl_ipvs_key_text(&portal->key, key, sizeof(key)),
		 vrrp_ipvs_error_text(portal->error));
	return text;
}

struct yang_data *vrrp_nb_ipvs_get_elem(struct nb_cb_get_elem_args *args)
{
	const struct vrrp_ipvs_transfer *transfer = vrrp_ipvs_transfer();
	const char *xpath = args->xpath, *name = vrrp_nb_leaf_name(xpath);

	if (strmatch(name, "sync-role"))
		return vrrp_nb_text(xpath, vrrp_ipvs_sync_role());
	if (strmatch(name, "sync-settle-left"))
		return yang_data_new_uint16(xpath, vrrp_ipvs_learning_sec());
	if (strmatch(name, "sync-transfer"))
		return vrrp_nb_text(xpath, vrrp_ipvs_transfer_state());
	return vrrp_ipvs_transfer_state() ? yang_data_new_uint64(xpath, transfer->connections)
					  : NULL;
}

static struct yang_data *group_leaf(const struct vrrp_group *group, const char *xpath)
{
	if (!group)
		return NULL;
	if (strmatch(vrrp_nb_leaf_name(xpath), "group-vrid"))
		return yang_data_new_uint8(xpath, group->vrid);
	return vrrp_nb_text(xpath, group->ifp->name);
}

static struct yang_data *differ_leaf(const struct vrrp_service *service, const char *xpath)
{
	unsigned int seconds = vrrp_service_differs_sec(service);

	return seconds ? yang_data_new_uint32(xpath, seconds) : NULL;
}

struct yang_data *vrrp_nb_service_get_elem(struct nb_cb_get_elem_args *args)
{
	const struct vrrp_service *service = args->list_entry;
	const char *xpath = args->xpath, *name = vrrp_nb_leaf_name(xpath);
	const struct vrrp_ipvs_view *view;
	char text[VRRP_REASON_SIZE];

	if (strmatch(name, "state"))
		return vrrp_nb_text(xpath, vrrp_service_state_name(vrrp_service_state(service)));
	if (strmatch(name, "error"))
		return vrrp_nb_text(xpath, vrrp_ipvs_service_error(service, text, sizeof(text)));
	if (strmatch(name, "masquerade-rule"))
		return vrrp_nb_text(xpath, vrrp_masquerade_rule(service));
	if (strmatch(name, "servers-hash"))
		return yang_data_new_uint32(xpath, vrrp_service_servers_hash(service));
	if (strmatch(name, "servers-differ"))
		return differ_leaf(service, xpath);
	if (strmatch(name, "weight-up"))
		return yang_data_new_uint64(xpath, vrrp_service_weight_up(service));
	if (strmatch(name, "server-transitions"))
		return yang_data_new_uint64(xpath, service->server_transitions);
	if (strmatch(name, "quorum-losses"))
		return yang_data_new_uint64(xpath, service->quorum_losses);
	if (!strncmp(name, "group-", strlen("group-")))
		return group_leaf(vrrp_service_group(service), xpath);
	view = recent_view(service);
	return view->there ? statistic(&view->stats, xpath) : NULL;
}

/* Leaves from a server's health check; absent for a server that is not checked. */
static struct yang_data *health_leaf(const struct vrrp_server *server, const char *xpath)
{
	const char *name = vrrp_nb_leaf_name(xpath);
	struct vrrp_probe_state state;
	const char *health = vrrp_ipvs_health(server, &state);

	if (strmatch(name, "health"))
		return yang_data_new_string(xpath, health);
	if (!server->probe)
		return NULL;
	if (strmatch(name, "checks-good"))
		return yang_data_new_uint64(xpath, state.successes);
	if (strmatch(name, "checks-failed"))
		return yang_data_new_uint64(xpath, state.failures);
	if (strmatch(name, "health-reason"))
		return vrrp_nb_text(xpath, state.reason);
	return state.since
		       ? yang_data_new_uint32(xpath, (vrrp_now() - state.since) / VRRP_USEC_PER_SEC)
		       : NULL;
}

/* Leaves from the kernel. */
static struct yang_data *kernel_leaf(const struct nl_ipvs_server_state *state, const char *xpath)
{
	const char *name = vrrp_nb_leaf_name(xpath);

	if (strmatch(name, "effective-weight"))
		return yang_data_new_uint32(xpath, state->server.weight);
	if (strmatch(name, "active-connections"))
		return yang_data_new_uint32(xpath, state->active);
	if (strmatch(name, "inactive-connections"))
		return yang_data_new_uint32(xpath, state->inactive);
	return statistic(&state->stats, xpath);
}

struct yang_data *vrrp_nb_server_get_elem(struct nb_cb_get_elem_args *args)
{
	const struct vrrp_server *server = args->list_entry;
	const char *name = vrrp_nb_leaf_name(args->xpath);
	const struct nl_ipvs_server_state *state;

	if (strmatch(name, "error"))
		return vrrp_nb_text(args->xpath,
				    server->error ? vrrp_ipvs_error_text(server->error) : NULL);
	if (!strncmp(name, "health", strlen("health")) || !strncmp(name, "checks", strlen("checks")))
		return health_leaf(server, args->xpath);
	state = vrrp_ipvs_view_server(recent_view(server->service), server);
	return state ? kernel_leaf(state, args->xpath) : NULL;
}
