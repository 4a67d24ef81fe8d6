// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "show ipvs ...".
 *
 * Configuration and health come from the daemon; connections and counters come from the
 * kernel, which is asked for each service that is shown. Values that the kernel does not
 * have are left out in JSON, and are a dash in text.
 */
#include <zebra.h>

#include "command.h"
#include "darr.h"
#include "json.h"
#include "termtable.h"
#include "vty.h"

#include "vrrp_check_words.h"
#include "vrrp_convert.h"
#include "vrrp_ipvs_cli.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_masquerade.h"
#include "vrrp_nb.h"
#include "vrrp_vip.h"
#include "vrrp_vty.h"
#include "vrrp_vty_print.h"
#include "vrrpd/face/vrrp_ipvs_vty_clippy.c"

#define UNSETTLED                                                                                  \
	"lines that were taken back stay in effect until nothing has been configured for some seconds"
#define LEAVING "it was removed, and goes when nothing has been configured for some seconds"

static const char *traffic_text(const struct vrrp_service *service,
				char text[NL_IPVS_KEY_TEXT_BYTES])
{
	struct nl_ipvs_key key = vrrp_service_key(&service->conf);

	return nl_ipvs_key_text(&key, text, NL_IPVS_KEY_TEXT_BYTES);
}

static unsigned int since_sec(const struct vrrp_probe_state *state)
{
	return (vrrp_now() - state->since) / VRRP_USEC_PER_SEC;
}

static bool is_shown(const struct vrrp_service *service, const char *name)
{
	return !name || strmatch(name, service->name);
}

/* True also for services that were removed and are still in effect. */
static bool is_any_shown(const char *name)
{
	const struct vrrp_service *service;

	frr_each (vrrp_services_const, &vrrp_services, service)
		if (is_shown(service, name))
			return true;
	return false;
}

/* A sentence about removed configuration that is still in effect; NULL when there is none. */
static const char *what_waits(const struct vrrp_service *service)
{
	if (service->leaving)
		return LEAVING;
	return service->unsettled ? UNSETTLED : NULL;
}

/* --- JSON ---------------------------------------------------------------------- */

static struct json_object *json_statistics(const struct nl_ipvs_stats *stats)
{
	struct json_object *json = json_object_new_object();

	for (const struct vrrp_ipvs_counter *counter = vrrp_ipvs_counters; counter->yang; counter++)
		json_object_int_add(json, counter->json, vrrp_ipvs_counter_value(counter, stats));
	return json;
}

/* The JSON object of a configured server or sorry server. */
static struct json_object *json_target(const struct vrrp_server *server)
{
	struct json_object *json = json_object_new_object();

	vrrp_vty_json_address(json, "address", &server->address);
	json_object_int_add(json, "port", server->port);
	json_object_string_add(json, "forwarding", vrrp_ipvs_forward_name(server->forward));
	if (server->error)
		json_object_string_add(json, "error", vrrp_ipvs_error_text(server->error));
	return json;
}

static void json_server_conf(struct json_object *json, const struct vrrp_server *server)
{
	if (server->forward == NL_IPVS_TUNNEL)
		json_object_string_add(json, "encapsulation",
				       vrrp_ipvs_encapsulation_name(server->encapsulation));
	if (server->gue_port)
		json_object_int_add(json, "guePort", server->gue_port);
	json_object_int_add(json, "weight", server->weight);
	json_object_string_add(json, "pool", server->is_backup ? "backup" : "primary");
	json_object_int_add(json, "upperThreshold", server->upper_threshold);
	json_object_int_add(json, "lowerThreshold", server->lower_threshold);
}

static void json_health(struct json_object *json, const struct vrrp_server *server)
{
	const struct vrrp_probe_conf *check = vrrp_server_probe_conf(server);
	struct vrrp_probe_state state;

	json_object_string_add(json, "check",
			       vrrp_check_kind_name(check ? check->kind : VRRP_PROBE_NONE));
	json_object_string_add(json, "health", vrrp_ipvs_health(server, &state));
	if (!server->probe)
		return;
	if (state.reason && *state.reason)
		json_object_string_add(json, "healthReason", state.reason);
	if (state.since)
		json_object_int_add(json, "healthSince", since_sec(&state));
	json_object_int_add(json, "checksGood", state.successes);
	json_object_int_add(json, "checksFailed", state.failures);
}

static void json_kernel(struct json_object *json, const struct nl_ipvs_server_state *state)
{
	if (!state)
		return;
	json_object_int_add(json, "effectiveWeight", state->server.weight);
	json_object_int_add(json, "activeConnections", state->active);
	json_object_int_add(json, "inactiveConnections", state->inactive);
	json_object_object_add(json, "statistics", json_statistics(&state->stats));
}

static struct json_object *json_servers(const struct vrrp_service *service,
					const struct vrrp_ipvs_view *view)
{
	struct json_object *list = json_object_new_array(), *json;
	unsigned int i;

	darr_foreach_i (service->servers, i) {
		json = json_target(service->servers[i]);
		json_server_conf(json, service->servers[i]);
		json_health(json, service->servers[i]);
		json_kernel(json, vrrp_ipvs_view_server(view, service->servers[i]));
		json_object_array_add(list, json);
	}
	return list;
}

static struct json_object *json_sorry(const struct vrrp_server *sorry,
				      const struct vrrp_ipvs_view *view)
{
	struct json_object *json = json_target(sorry);

	json_kernel(json, vrrp_ipvs_view_server(view, sorry));
	return json;
}

static void add_doubt(struct vrrp_sentences *warnings, const struct vrrp_service *service,
		      const struct vrrp_server *server)
{
	char text[VRRP_REASON_SIZE];

	if (vrrp_ipvs_warning(service->name, &service->conf, service->ranges, server, text,
			      sizeof(text)))
		vrrp_sentence_add(warnings, "%s", text);
}

/* The warnings of a service, to be freed by vrrp_sentences_free(). */
static struct vrrp_sentences warnings_of(const struct vrrp_service *service)
{
	const struct vrrp_service_conf *conf = &service->conf;
	struct vrrp_sentences warnings = {};
	char text[VRRP_REASON_SIZE], address[VRRP_ADDR_STRLEN];
	unsigned int i;

	if (vrrp_ipvs_vrf_warning(service->name, &conf->vip, text, sizeof(text)))
		vrrp_sentence_add(&warnings, "%s", text);
	darr_foreach_i (service->ranges, i)
		if (vrrp_ipvs_vrf_warning(service->name, &service->ranges[i].address, text,
					  sizeof(text)))
			vrrp_sentence_add(&warnings, "%s", text);
	darr_foreach_i (service->servers, i)
		add_doubt(&warnings, service, service->servers[i]);
	if (conf->sorry)
		add_doubt(&warnings, service, conf->sorry);
	if (vrrp_service_differs_sec(service))
		vrrp_sentence_add(&warnings,
				  "for %u s, director %s has had other addresses, servers, weights or health: connections break when the VIP moves there",
				  vrrp_service_differs_sec(service),
				  vrrp_addr_str(&service->differs_from, address));
	if (what_waits(service))
		vrrp_sentence_add(&warnings, "%s", what_waits(service));
	return warnings;
}

/* Adds the sentences to json, and frees them. */
static struct json_object *json_warnings(struct vrrp_sentences warnings)
{
	struct json_object *list = json_object_new_array();
	char **text;

	darr_foreach_p (warnings.text, text)
		json_object_array_add(list, json_object_new_string(*text));
	vrrp_sentences_free(&warnings);
	return list;
}

static void json_traffic(struct json_object *json, const struct vrrp_service_conf *conf)
{
	if (conf->fwmark) {
		json_object_int_add(json, "fwmark", conf->fwmark);
		json_object_string_add(json, "family",
				       conf->fwmark_family == VRRP_IPV6 ? "ipv6" : "ipv4");
		return;
	}
	json_object_string_add(json, "protocol", vrrp_ipvs_protocol_name(conf->protocol));
	vrrp_vty_json_address(json, "address", &conf->vip);
	json_object_int_add(json, "port", conf->port);
}

static void json_conf(struct json_object *json, const struct vrrp_service_conf *conf)
{
	json_object_string_add(json, "scheduler", conf->scheduler);
	json_object_boolean_add(json, "fallback", conf->fallback);
	json_object_boolean_add(json, "byPort", conf->by_port);
	json_object_boolean_add(json, "onePacket", conf->one_packet);
	json_object_int_add(json, "persistent", conf->persistent_sec);
	json_object_boolean_add(json, "always", conf->always);
	json_object_boolean_add(json, "survive", conf->survive);
	json_object_boolean_add(json, "inhibit", conf->inhibit);
	json_object_int_add(json, "quorum", conf->quorum);
	json_object_int_add(json, "slowStart", conf->slow_start_sec);
	json_object_int_add(json, "poolThreshold", conf->pool_threshold);
	json_object_int_add(json, "poolHold", conf->pool_hold_sec);
}

static void json_group(struct json_object *json, const struct vrrp_group *group)
{
	struct json_object *value;

	if (!group)
		return;
	value = json_object_new_object();
	json_object_string_add(value, "interface", group->ifp->name);
	json_object_int_add(value, "vrid", group->vrid);
	json_object_object_add(json, "group", value);
}

/* The portal of an address and port; NULL: the service does not have it yet, or no more. */
static const struct vrrp_portal *portal_of(const struct vrrp_service *service,
					   const struct vrrp_ipvs_range *range, uint16_t port)
{
	const struct vrrp_portal *portal = vrrp_portal_by_key(&(struct nl_ipvs_key){
		.address = vrrp_addr_ipvs(&range->address),
		.protocol = service->conf.protocol,
		.port = port,
	});

	return portal && portal->service == service ? portal : NULL;
}

/* True when the kernel has all ports of it. */
static bool is_programmed(const struct vrrp_service *service, const struct vrrp_ipvs_range *range)
{
	const struct vrrp_portal *portal;

	for (uint32_t port = range->port; port <= range->last_port; port++) {
		portal = portal_of(service, range, port);
		if (!portal || !portal->programmed)
			return false;
	}
	return true;
}

/* A group's key comes with its address alone: all ports of an address follow one virtual router. */
static struct json_object *json_range(const struct vrrp_service *service,
				      const struct vrrp_ipvs_range *range)
{
	struct json_object *json = json_object_new_object();

	vrrp_vty_json_address(json, "address", &range->address);
	json_object_int_add(json, "port", range->port);
	json_object_int_add(json, "lastPort", range->last_port);
	json_group(json, vrrp_vip_group(&range->address));
	json_object_boolean_add(json, "inKernel", is_programmed(service, range));
	return json;
}

static struct vrrp_ipvs_range first_range(const struct vrrp_service_conf *conf)
{
	return (struct vrrp_ipvs_range){
		.address = conf->vip,
		.port = conf->port,
		.last_port = conf->port,
	};
}

static void json_ranges(struct json_object *json, const struct vrrp_service *service)
{
	struct vrrp_ipvs_range first = first_range(&service->conf), *range;
	struct json_object *list;

	if (service->conf.fwmark)
		return;
	list = json_object_new_array();
	json_object_array_add(list, json_range(service, &first));
	darr_foreach_p (service->ranges, range)
		json_object_array_add(list, json_range(service, range));
	json_object_object_add(json, "addresses", list);
}

static void json_state(struct json_object *json, const struct vrrp_service *service)
{
	char text[VRRP_REASON_SIZE];
	const char *error = vrrp_ipvs_service_error(service, text, sizeof(text));

	json_object_string_add(json, "state", vrrp_service_state_name(vrrp_service_state(service)));
	if (vrrp_service_is_draining(service))
		json_object_boolean_true_add(json, "draining");
	if (error)
		json_object_string_add(json, "error", error);
	if (vrrp_masquerade_rule(service))
		json_object_string_add(json, "masqueradeRule", vrrp_masquerade_rule(service));
	json_object_int_add(json, "serversHash", vrrp_service_servers_hash(service));
	if (vrrp_service_has_backup(service))
		json_object_boolean_add(json, "backupPoolServes", service->backup_serves);
	json_object_int_add(json, "weightUp", vrrp_service_weight_up(service));
	json_object_int_add(json, "serverTransitions", service->server_transitions);
	json_object_int_add(json, "quorumLosses", service->quorum_losses);
}

static struct json_object *json_service(const struct vrrp_service *service)
{
	struct json_object *json = json_object_new_object();
	struct vrrp_ipvs_view view;

	vrrp_ipvs_look(service, &view);
	json_object_string_add(json, "name", service->name);
	json_traffic(json, &service->conf);
	json_conf(json, &service->conf);
	json_group(json, vrrp_service_group(service));
	json_ranges(json, service);
	json_state(json, service);
	if (view.there)
		json_object_object_add(json, "statistics", json_statistics(&view.stats));
	json_object_object_add(json, "servers", json_servers(service, &view));
	if (service->conf.sorry)
		json_object_object_add(json, "sorryServer", json_sorry(service->conf.sorry, &view));
	json_object_object_add(json, "warnings", json_warnings(warnings_of(service)));
	vrrp_ipvs_view_fini(&view);
	return json;
}

static unsigned int msec_between(vrrp_usec_t begin, vrrp_usec_t end)
{
	return (end - begin) / 1000;
}

static struct json_object *json_directors(void)
{
	struct json_object *list = json_object_new_array(), *json;
	const struct vrrp_director *directors;
	unsigned int count;

	directors = vrrp_ipvs_directors(&count);
	for (unsigned int i = 0; i < count; i++) {
		json = json_object_new_object();
		vrrp_vty_json_address(json, "address", &directors[i].address);
		json_object_boolean_add(json, "listens", directors[i].listens);
		json_object_array_add(list, json);
	}
	return list;
}

static struct json_object *json_transfer(const struct vrrp_ipvs_transfer *transfer)
{
	struct json_object *json = json_object_new_object();
	vrrp_usec_t now = vrrp_now(), end = transfer->is_running ? now : transfer->ended;

	json_object_string_add(json, "state", vrrp_ipvs_transfer_state());
	vrrp_vty_json_address(json, "to", &transfer->to);
	json_object_int_add(json, "connections", transfer->connections);
	json_object_int_add(json, "milliseconds", msec_between(transfer->began, end));
	json_object_int_add(json, "secondsAgo", (now - end) / VRRP_USEC_PER_SEC);
	if (transfer->error)
		json_object_string_add(json, "error", safe_strerror(-transfer->error));
	return json;
}

static struct json_object *json_sync(void)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "role", vrrp_ipvs_sync_role());
	if (!*vrrp_ipvs_global.sync_ifname)
		return json;
	json_object_string_add(json, "interface", vrrp_ipvs_global.sync_ifname);
	json_object_int_add(json, "syncId", vrrp_ipvs_global.sync_id);
	json_object_int_add(json, "settle", vrrp_ipvs_global.sync_settle_sec);
	json_object_int_add(json, "settleLeft", vrrp_ipvs_learning_sec());
	json_object_object_add(json, "directors", json_directors());
	if (vrrp_ipvs_transfer_state())
		json_object_object_add(json, "transfer", json_transfer(vrrp_ipvs_transfer()));
	if (vrrp_ipvs_sync_error())
		json_object_string_add(json, "error", vrrp_ipvs_error_text(vrrp_ipvs_sync_error()));
	return json;
}

/* The list of services that are configured, or of those that leave. */
static struct json_object *json_services(const char *name, bool leaving)
{
	struct json_object *list = json_object_new_array();
	struct vrrp_service *service;

	frr_each (vrrp_services, &vrrp_services, service)
		if (is_shown(service, name) && !service->leaving != leaving)
			json_object_array_add(list, json_service(service));
	return list;
}

static int show_json(struct vty *vty, const char *name)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "services", json_services(name, false));
	json_object_object_add(json, "leaving", json_services(name, true));
	json_object_object_add(json, "syncDaemon", json_sync());
	json_object_object_add(json, "warnings", json_warnings(vrrp_ipvs_warnings()));
	return vty_json(vty, json);
}

/* --- text ------------------------------------------------------------------------ */

#define ROW(table, label, format, ...) ttable_add_row(table, "%s|" format, label, __VA_ARGS__)

static void print_range(struct ttable *table, const struct vrrp_service *service,
			const struct vrrp_ipvs_range *range)
{
	const struct vrrp_group *group = vrrp_vip_group(&range->address);
	char address[VRRP_ADDR_STRLEN], last[sizeof(" to 65535")] = "", follows[IFNAMSIZ + 16] = "";

	if (range->last_port > range->port)
		snprintf(last, sizeof(last), " to %u", range->last_port);
	if (group)
		snprintf(follows, sizeof(follows), ", %s %u", group->ifp->name, group->vrid);
	ROW(table, "Address", "%s %u%s%s%s", vrrp_addr_str(&range->address, address), range->port,
	    last, follows, is_programmed(service, range) ? ", in the kernel" : "");
}

static void print_ranges(struct ttable *table, const struct vrrp_service *service)
{
	const struct vrrp_ipvs_range *range;

	darr_foreach_p (service->ranges, range)
		print_range(table, service, range);
}

static void print_state(struct ttable *table, const struct vrrp_service *service)
{
	char reason[VRRP_REASON_SIZE];
	const char *error = vrrp_ipvs_service_error(service, reason, sizeof(reason));
	const struct vrrp_service_conf *conf = &service->conf;
	const struct vrrp_group *group = vrrp_service_group(service);
	char text[NL_IPVS_KEY_TEXT_BYTES];

	ROW(table, "Service", "%s", service->name);
	ROW(table, "Traffic", "%s", traffic_text(service, text));
	if (group)
		ROW(table, "VRRP Group", "%s %u", group->ifp->name, group->vrid);
	print_ranges(table, service);
	ROW(table, "State", "%s%s%s", vrrp_service_state_name(vrrp_service_state(service)),
	    service->leaving ? ", leaving" : "",
	    vrrp_service_is_draining(service) ? ", draining" : "");
	if (error)
		ROW(table, "Error", "%s", error);
	if (vrrp_masquerade_rule(service))
		ROW(table, "Masquerade Rule", "%s", vrrp_masquerade_rule(service));
	ROW(table, "Scheduler", "%s%s%s%s", conf->scheduler, conf->fallback ? ", fallback" : "",
	    conf->by_port ? ", by port" : "", conf->one_packet ? ", one packet" : "");
	if (conf->survive)
		ROW(table, "Connections Survive", "with servers %u",
		    vrrp_service_servers_hash(service));
	if (conf->persistent_sec)
		ROW(table, "Persistent", "%u s", conf->persistent_sec);
	if (conf->slow_start_sec)
		ROW(table, "Slow Start", "%u s", conf->slow_start_sec);
	if (vrrp_service_has_backup(service))
		ROW(table, "Backup Pool", "%s, below %u %% of the first",
		    service->backup_serves ? "serves" : "stands by", conf->pool_threshold);
	ROW(table, "Weight Up", "%" PRIu64 ", quorum %u", vrrp_service_weight_up(service),
	    conf->quorum);
	ROW(table, "Server Transitions", "%" PRIu64, service->server_transitions);
	ROW(table, "Quorum Lost", "%" PRIu64 " times", service->quorum_losses);
}

static void print_statistics(struct ttable *table, const struct nl_ipvs_stats *stats)
{
	ROW(table, "Connections", "%" PRIu64 ", %" PRIu64 " a second", stats->connections,
	    stats->connection_rate);
	ROW(table, "Packets In", "%" PRIu64 ", %" PRIu64 " a second", stats->packets_in,
	    stats->packet_rate_in);
	ROW(table, "Packets Out", "%" PRIu64 ", %" PRIu64 " a second", stats->packets_out,
	    stats->packet_rate_out);
	ROW(table, "Bytes In", "%" PRIu64 ", %" PRIu64 " a second", stats->bytes_in,
	    stats->byte_rate_in);
	ROW(table, "Bytes Out", "%" PRIu64 ", %" PRIu64 " a second", stats->bytes_out,
	    stats->byte_rate_out);
}

static void print_warnings(struct ttable *table, const struct vrrp_service *service)
{
	struct vrrp_sentences warnings = warnings_of(service);
	char **text;

	darr_foreach_p (warnings.text, text)
		ROW(table, "Warning", "%s", *text);
	vrrp_sentences_free(&warnings);
}

#define NUMBER_STRLEN 24

/* A cell of the table; a dash when the value is not known. */
static const char *number(bool known, uint32_t value, const char *unit, char buf[NUMBER_STRLEN])
{
	if (!known)
		return "-";
	snprintf(buf, NUMBER_STRLEN, "%u%s", value, unit);
	return buf;
}

/* is_sorry: a sorry server, which has no health. */
static void add_server(struct ttable *table, const struct vrrp_server *server, bool is_sorry,
		       const struct nl_ipvs_server_state *state)
{
	static const struct nl_ipvs_server_state none;
	char address[VRRP_ADDR_STRLEN], text[4][NUMBER_STRLEN];
	struct vrrp_probe_state probe;
	const char *health = vrrp_ipvs_health(server, &probe);
	const char *reason = probe.reason && *probe.reason ? probe.reason : "-";
	bool there = state != NULL;

	if (!there)
		state = &none;
	if (server->error)
		reason = vrrp_ipvs_error_text(server->error);
	ttable_add_row(table, "%s|%u|%s|%s|%s|%s|%s|%s|%s", vrrp_addr_str(&server->address, address),
		       server->port, vrrp_ipvs_forward_name(server->forward),
		       number(there, state->server.weight, "", text[0]),
		       number(there, state->active, "", text[1]),
		       number(there, state->inactive, "", text[2]), is_sorry ? "sorry" : health,
		       number(probe.since != 0, since_sec(&probe), " s", text[3]), reason);
}

static void print_servers(struct vty *vty, const struct vrrp_service *service,
			  const struct vrrp_ipvs_view *view)
{
	const struct vrrp_server *sorry = service->conf.sorry;
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	unsigned int i;

	ttable_add_row(table, "Server|Port|Forwarding|Weight|Active|Inactive|Health|Since|Reason");
	ttable_rowseps(table, 0, BOTTOM, true, '-');
	darr_foreach_i (service->servers, i)
		add_server(table, service->servers[i], false,
			   vrrp_ipvs_view_server(view, service->servers[i]));
	if (sorry)
		add_server(table, sorry, true, vrrp_ipvs_view_server(view, sorry));
	vrrp_vty_print_table(vty, table);
}

static void print_service(struct vty *vty, const struct vrrp_service *service)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	struct vrrp_ipvs_view view;

	vrrp_ipvs_look(service, &view);
	print_state(table, service);
	if (view.there)
		print_statistics(table, &view.stats);
	print_warnings(table, service);
	vrrp_vty_print_table(vty, table);
	print_servers(vty, service, &view);
	vrrp_ipvs_view_fini(&view);
}

static void print_directors(struct vty *vty)
{
	const struct vrrp_director *directors;
	char address[VRRP_ADDR_STRLEN];
	unsigned int count;

	directors = vrrp_ipvs_directors(&count);
	for (unsigned int i = 0; i < count; i++)
		vty_out(vty, "  Director %s is there%s\n",
			vrrp_addr_str(&directors[i].address, address),
			directors[i].listens ? ", and listens" : "");
}

static void print_transfer(struct vty *vty)
{
	const struct vrrp_ipvs_transfer *transfer = vrrp_ipvs_transfer();
	vrrp_usec_t now = vrrp_now(), end = transfer->is_running ? now : transfer->ended;
	char address[VRRP_ADDR_STRLEN];

	if (!vrrp_ipvs_transfer_state())
		return;
	vty_out(vty, "  Whole table for director %s: %s, %" PRIu64 " connections sent in %u ms",
		vrrp_addr_str(&transfer->to, address), vrrp_ipvs_transfer_state(),
		transfer->connections, msec_between(transfer->began, end));
	if (!transfer->is_running)
		vty_out(vty, ", %u s ago", msec_between(end, now) / 1000);
	if (transfer->error)
		vty_out(vty, ": %s", safe_strerror(-transfer->error));
	vty_out(vty, "\n");
}

static void print_sync(struct vty *vty)
{
	if (!*vrrp_ipvs_global.sync_ifname)
		return;
	vty_out(vty, "\nConnections are synchronised on %s, sync-id %u: %s\n",
		vrrp_ipvs_global.sync_ifname, vrrp_ipvs_global.sync_id, vrrp_ipvs_sync_role());
	if (vrrp_ipvs_learning_sec())
		vty_out(vty,
			"  They are learned for %u s more before a router with services preempts\n",
			vrrp_ipvs_learning_sec());
	print_directors(vty);
	print_transfer(vty);
	if (vrrp_ipvs_sync_error())
		vty_out(vty, "  %s\n", vrrp_ipvs_error_text(vrrp_ipvs_sync_error()));
}

static void print_all_warnings(struct vty *vty)
{
	struct vrrp_sentences warnings = vrrp_ipvs_warnings();
	char **text;

	darr_foreach_p (warnings.text, text)
		vty_out(vty, "\nWarning: %s\n", *text);
	vrrp_sentences_free(&warnings);
}

DEFPY_YANG(show_ipvs, show_ipvs_cmd, "show ipvs [NAME$name] [json$json]",
	   SHOW_STR IPVS_STR "Show only the service of this name\n" JSON_STR)
{
	struct vrrp_service *service;

	if (json)
		return show_json(vty, name);
	if (name && !is_any_shown(name)) {
		vty_out(vty, "%% ipvs service %s: no such service\n", name);
		return CMD_WARNING;
	}
	frr_each (vrrp_services, &vrrp_services, service)
		if (is_shown(service, name))
			print_service(vty, service);
	print_sync(vty);
	print_all_warnings(vty);
	return CMD_SUCCESS;
}

void vrrp_ipvs_vty_init(void)
{
	install_element(VIEW_NODE, &show_ipvs_cmd);
}
