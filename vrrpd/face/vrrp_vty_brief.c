// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "show vrrp brief", "show vrrp neighbors" and "show vrrp health".
 *
 * Health is the worst alert of all virtual routers.
 */
#include <zebra.h>

#include "command.h"
#include "json.h"
#include "lib/darr.h"
#include "termtable.h"
#include "vty.h"

#include "vrrp_alert.h"
#include "vrrp_events.h"
#include "vrrp_liveness.h"
#include "vrrp_metrics_file.h"
#include "vrrp_nb.h"
#include "vrrp_startup.h"
#include "vrrp_warning.h"
#include "vrrp_vty_print.h"
#include "vrrp_vty_brief.h"
#include "vrrpd/face/vrrp_vty_brief_clippy.c"

#define VRRP_STR "Virtual Router Redundancy Protocol\n"

/* Beyond their names; status is the exit status of vrrpd-health. */
static const struct {
	const char *health;
	int status;
} alerts[] = {
	[VRRP_ALERT_NONE] = { "well", 0 },
	[VRRP_ALERT_DEGRADED] = { "degraded", 1 },
	[VRRP_ALERT_HELD] = { "held", 1 },
	[VRRP_ALERT_TWO_ACTIVE] = { "two-active", 2 },
};

static const char *family_name(const struct vrrp_router *router)
{
	return router->family == VRRP_IPV4 ? "ipv4" : "ipv6";
}

static const char *family_text(const struct vrrp_router *router)
{
	return router->family == VRRP_IPV4 ? "IPv4" : "IPv6";
}

/* Calls this function for each virtual router that is configured. */
static void walk(void (*show)(const struct vrrp_router *router, void *arg), void *arg)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (vrrp_router_is_configured(&group->v4))
			show(&group->v4, arg);
		if (vrrp_router_is_configured(&group->v6))
			show(&group->v6, arg);
	}
}

static struct json_object *json_router(const struct vrrp_router *router)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "interface", router->group->ifp->name);
	json_object_int_add(json, "vrid", router->group->vrid);
	json_object_string_add(json, "family", family_name(router));
	return json;
}

/* --- brief ----------------------------------------------------------------------- */

static struct json_object *json_addresses(const struct vrrp_router *router)
{
	struct json_object *list = json_object_new_array();
	char text[VRRP_ADDR_STRLEN];
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		json_object_array_add(list, json_object_new_string(vrrp_addr_str(vip, text)));
	return list;
}

static void add_brief_json(const struct vrrp_router *router, void *list)
{
	struct json_object *json = json_router(router);
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	char since[VRRP_SINCE_STRLEN];

	if (*router->group->description)
		json_object_string_add(json, "description", router->group->description);
	json_object_int_add(json, "effectivePriority", vrrp_nb_priority(router));
	json_object_string_add(json, "state", vrrp_state_name(router->fsm.state));
	if (hold)
		json_object_string_add(json, "hold", vrrp_hold_name(hold));
	json_object_string_add(json, "stateSince", vrrp_nb_since(router, since));
	vrrp_vty_json_address(json, "activeRouter", &router->fsm.active_address);
	json_object_object_add(json, "addresses", json_addresses(router));
	json_object_string_add(json, "alert", vrrp_alert_name(vrrp_alert_of(router)));
	json_object_array_add(list, json);
}

static void add_brief_row(const struct vrrp_router *router, void *table)
{
	char active[VRRP_ADDR_STRLEN], vip[VRRP_ADDR_STRLEN] = "-", more[24] = "";
	unsigned int vips = darr_len(router->vips);
	char since[VRRP_SINCE_STRLEN];

	vrrp_addr_str(&router->fsm.active_address, active);
	if (vips)
		vrrp_addr_str(&router->vips[0], vip);
	if (vips > 1)
		snprintf(more, sizeof(more), " and %u more", vips - 1);
	ttable_add_row(table, "%s|%u|%s|%u|%s|%s|%s|%s%s|%s", router->group->ifp->name,
		       router->group->vrid, family_text(router), vrrp_nb_priority(router),
		       vrrp_state_name(router->fsm.state), vrrp_nb_since(router, since),
		       *active ? active : "-", vip, more, vrrp_alert_name(vrrp_alert_of(router)));
}

DEFPY_YANG(show_vrrp_brief, show_vrrp_brief_cmd, "show vrrp brief [json$json]",
	   SHOW_STR VRRP_STR "Show who is Active, since when, and whether all is well\n" JSON_STR)
{
	struct json_object *list;
	struct ttable *table;

	if (json) {
		list = json_object_new_array();
		walk(add_brief_json, list);
		return vty_json(vty, list);
	}
	table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	ttable_add_row(table, "Interface|VRID|Family|Prio|State|Since|Active Router|VIP|Alert");
	ttable_rowseps(table, 0, BOTTOM, true, '-');
	walk(add_brief_row, table);
	vrrp_vty_print_table(vty, table);
	return CMD_SUCCESS;
}

/* --- neighbors ------------------------------------------------------------------- */

static uint64_t age_msec(vrrp_usec_t then)
{
	return (vrrp_now() - then) / 1000;
}

/* "Backup": a peer that we are Active for has nothing to say, and only BFD tells of it. */
static const char *role_of(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	if (vrrp_addr_same(&peer->address, &router->fsm.active_address))
		return "Active";
	return router->fsm.state == VRRP_ACTIVE ? "silent, as a Backup is" : "not Active";
}

static void add_life_json(struct json_object *json, const struct vrrp_router *router,
			  const struct vrrp_peer *peer)
{
	const char *echo = vrrp_startup_echo(router, &peer->address);

	if (vrrp_liveness_state(peer))
		json_object_string_add(json, "bfdState", vrrp_liveness_state(peer));
	if (echo)
		json_object_string_add(json, "echo", echo);
}

static void add_failures_json(struct json_object *json, const struct vrrp_send_failures *failures)
{
	json_object_int_add(json, "sendErrors", failures->count);
	if (!failures->count)
		return;
	json_object_string_add(json, "sendError", safe_strerror(failures->last_error));
	json_object_int_add(json, "sendErrorAgeMsec", age_msec(failures->last));
}

static void add_peer_json(struct json_object *list, const struct vrrp_router *router,
			  const struct vrrp_peer *peer)
{
	struct json_object *json = json_router(router);

	vrrp_vty_json_address(json, "address", &peer->address);
	json_object_string_add(json, "role", role_of(router, peer));
	if (peer->heard) {
		json_object_int_add(json, "priority", peer->priority);
		json_object_int_add(json, "advertisementInterval",
				    peer->interval_cs * VRRP_MSEC_PER_CS);
		json_object_int_add(json, "ttl", peer->ttl);
		json_object_int_add(json, "ageMsec", age_msec(peer->heard));
	}
	add_life_json(json, router, peer);
	json_object_int_add(json, "sent", peer->sent);
	json_object_int_add(json, "received", peer->received);
	add_failures_json(json, &peer->failures);
	json_object_array_add(list, json);
}

static void add_neighbors_json(const struct vrrp_router *router, void *list)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		add_peer_json(list, router, peer);
}

/* "2 ms ago, every 1000 ms"; "never". */
static const char *heard_text(const struct vrrp_peer *peer, char *buf, size_t size)
{
	if (!peer->heard)
		return "never";
	snprintf(buf, size, "%" PRIu64 " ms ago, every %u ms", age_msec(peer->heard),
		 peer->interval_cs * VRRP_MSEC_PER_CS);
	return buf;
}

/* What tells of a peer that has nothing to say: "BFD up", "echo unanswered". */
static const char *life_text(const struct vrrp_router *router, const struct vrrp_peer *peer,
			     char *buf, size_t size)
{
	const char *echo = vrrp_startup_echo(router, &peer->address);
	const char *bfd = vrrp_liveness_state(peer);

	if (!bfd && !echo)
		return "-";
	snprintf(buf, size, "%s%s%s%s%s", bfd ? "BFD " : "", bfd ? bfd : "",
		 bfd && echo ? ", " : "", echo ? "echo " : "", echo ? echo : "");
	return buf;
}

/* "3, 120 ms ago: Network is unreachable". */
static const char *failures_text(const struct vrrp_send_failures *failures, char *buf, size_t size)
{
	if (!failures->count)
		return "-";
	snprintf(buf, size, "%" PRIu64 ", %" PRIu64 " ms ago: %s", failures->count,
		 age_msec(failures->last), safe_strerror(failures->last_error));
	return buf;
}

static void add_peer_row(struct ttable *table, const struct vrrp_router *router,
			 const struct vrrp_peer *peer)
{
	char text[VRRP_ADDR_STRLEN], heard[64], life[48], failures[96];

	ttable_add_row(table, "%s|%s|%u|%s|%s|%s|%u|%d|%s|%" PRIu64 "|%" PRIu64 "|%s",
		       vrrp_addr_str(&peer->address, text), router->group->ifp->name,
		       router->group->vrid, family_text(router), role_of(router, peer),
		       heard_text(peer, heard, sizeof(heard)), peer->priority, peer->ttl,
		       life_text(router, peer, life, sizeof(life)), peer->sent, peer->received,
		       failures_text(&peer->failures, failures, sizeof(failures)));
}

static void add_neighbors_rows(const struct vrrp_router *router, void *table)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		add_peer_row(table, router, peer);
}

DEFPY_YANG(show_vrrp_neighbors, show_vrrp_neighbors_cmd, "show vrrp neighbors [json$json]",
	   SHOW_STR VRRP_STR "Show every peer: whether it is heard, and by what else it is known\n"
	   JSON_STR)
{
	struct json_object *list;
	struct ttable *table;

	if (json) {
		list = json_object_new_array();
		walk(add_neighbors_json, list);
		return vty_json(vty, list);
	}
	table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	ttable_add_row(table,
		       "Peer|Interface|VRID|Family|Role|Heard|Prio|TTL|Alive|Sent|Received|Send Errors");
	ttable_rowseps(table, 0, BOTTOM, true, '-');
	walk(add_neighbors_rows, table);
	vrrp_vty_print_table(vty, table);
	return CMD_SUCCESS;
}

/* --- health ---------------------------------------------------------------------- */

static void note_worst(const struct vrrp_router *router, void *worst)
{
	enum vrrp_alert *w = worst;

	*w = MAX(*w, vrrp_alert_of(router));
}

/* Why, in sentences. */
static struct vrrp_sentences reasons_of(const struct vrrp_router *router, enum vrrp_alert alert)
{
	return alert == VRRP_ALERT_HELD ? vrrp_hold_details_of(router) : vrrp_warnings_of(router);
}

static void add_ill_json(const struct vrrp_router *router, void *list)
{
	enum vrrp_alert alert = vrrp_alert_of(router);
	struct json_object *json;

	if (alert == VRRP_ALERT_NONE)
		return;
	json = json_router(router);
	json_object_string_add(json, "alert", vrrp_alert_name(alert));
	vrrp_vty_json_sentences(json, "reasons", reasons_of(router, alert));
	json_object_array_add(list, json);
}

static void print_ill(const struct vrrp_router *router, void *vty)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	enum vrrp_alert alert = vrrp_alert_of(router);
	struct vrrp_sentences reasons;
	char **reason;

	if (alert == VRRP_ALERT_NONE)
		return;
	vty_out(vty, "%pVR: %s%s%s\n", router, vrrp_alert_name(alert),
		alert == VRRP_ALERT_HELD ? " by " : "",
		alert == VRRP_ALERT_HELD ? vrrp_hold_name(hold) : "");
	reasons = reasons_of(router, alert);
	darr_foreach_p (reasons.text, reason)
		vty_out(vty, "  %s\n", *reason);
	vrrp_sentences_free(&reasons);
}

/* What else does not work; it is no matter of virtual routers, and so not of the word. */
#define FAULTS_MAX 4
static const char *(*faults[FAULTS_MAX])(void) = { vrrp_metrics_file_fault, vrrp_events_fault };

void vrrp_vty_brief_fault(const char *(*fault)(void))
{
	unsigned int i = 0;

	while (faults[i])
		i++;
	faults[i] = fault;
}

static void print_health_json(struct vty *vty, enum vrrp_alert worst)
{
	struct json_object *json = json_object_new_object();
	struct json_object *list = json_object_new_array();

	json_object_string_add(json, "health", alerts[worst].health);
	json_object_int_add(json, "status", alerts[worst].status);
	json_object_string_add(json, "version", "frr-crossvip " CROSSVIP_VERSION);
	walk(add_ill_json, list);
	json_object_object_add(json, "alerts", list);
	list = json_object_new_array();
	for (unsigned int i = 0; i < FAULTS_MAX; i++)
		if (faults[i] && faults[i]())
			json_object_array_add(list, json_object_new_string(faults[i]()));
	json_object_object_add(json, "faults", list);
	vty_json(vty, json);
}

DEFPY_YANG(show_vrrp_health, show_vrrp_health_cmd, "show vrrp health [json$json]",
	   SHOW_STR VRRP_STR "Show one word, and what it is about; status 0: all is well\n"
	   JSON_STR)
{
	enum vrrp_alert worst = VRRP_ALERT_NONE;

	walk(note_worst, &worst);
	if (json) {
		print_health_json(vty, worst);
	} else {
		vty_out(vty, "%s\n", alerts[worst].health);
		walk(print_ill, vty);
		for (unsigned int i = 0; i < FAULTS_MAX; i++)
			if (faults[i] && faults[i]())
				vty_out(vty, "%s\n", faults[i]());
	}
	/* vtysh -c exits with 0 after CMD_WARNING, and takes 2 for an unknown command */
	return worst == VRRP_ALERT_NONE ? CMD_SUCCESS : CMD_WARNING_CONFIG_FAILED;
}

void vrrp_vty_brief_init(void)
{
	install_element(VIEW_NODE, &show_vrrp_brief_cmd);
	install_element(VIEW_NODE, &show_vrrp_neighbors_cmd);
	install_element(VIEW_NODE, &show_vrrp_health_cmd);
}
