// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The format wants all samples of a metric together, and they come group by group: so each metric
 * has a text of its own, from the first turn to the last, when they are joined. Between two turns
 * groups and services may come and go; so the place that was reached is kept as a key.
 */
#include "vrrp_metrics.h"

#include <zebra.h>

#include "lib/darr.h"

#include "vrrp_alert.h"
#include "vrrp_daemon.h"
#include "vrrp_group.h"
#include "vrrp_ipvs.h"
#include "vrrp_nb.h"
#include "vrrp_vip.h"

/* Groups, or services, of one turn. */
#define TURN 16

#define LABELS_SIZE 256

enum metric {
	INFO,
	ACTIVE,
	PRIORITY,
	ALERT,
	HOLD,
	SINCE,
	DRAINING,
	TRANSITIONS,
	SENT,
	SENT_LATE,
	SEND_ERRORS,
	PACKETS,
	SPLIT,
	PEER_AGE,
	PEER_SEND_ERRORS,
	SERVICE_STATE,
	SERVER_UP,
	SERVER_TRANSITIONS,
	QUORUM_LOSSES,
	METRICS,
};

static const struct {
	const char *name, *type, *help;
} metrics[METRICS] = {
	[INFO] = { "crossvip_info", "gauge", "Which vrrpd runs; always 1" },
	[ACTIVE] = { "crossvip_router_active", "gauge", "1: the virtual router is Active here" },
	[PRIORITY] = { "crossvip_router_priority", "gauge", "Its priority in the election" },
	[ALERT] = { "crossvip_router_alert", "gauge",
		    "0: well, 1: degraded, 2: held, 3: another router is Active too" },
	[HOLD] = { "crossvip_router_hold", "gauge",
		   "1, with the reason why it takes no part in the election; absent: it does" },
	[SINCE] = { "crossvip_router_state_since_timestamp_seconds", "gauge",
		    "When it entered its state" },
	[DRAINING] = { "crossvip_router_draining", "gauge",
		       "1: it has left Active and still answers for its virtual addresses" },
	[TRANSITIONS] = { "crossvip_router_transitions_total", "counter", "Changes of its state" },
	[SENT] = { "crossvip_router_advertisements_sent_total", "counter",
		   "Advertisements sent; a copy to each peer counts" },
	[SENT_LATE] = { "crossvip_router_advertisements_late_total", "counter",
			"Advertisements that left late by an interval, or more" },
	[SEND_ERRORS] = { "crossvip_router_send_errors_total", "counter",
			  "Advertisements that could not be sent" },
	[PACKETS] = { "crossvip_router_packets_received_total", "counter",
		      "Packets received, by verdict; absent: none yet" },
	[SPLIT] = { "crossvip_router_split_advertisements_total", "counter",
		    "Advertisements of one of two others that do not hear each other" },
	[PEER_AGE] = { "crossvip_peer_heard_age_seconds", "gauge",
		       "Time since the peer's last advertisement; a Backup sends none" },
	[PEER_SEND_ERRORS] = { "crossvip_peer_send_errors_total", "counter",
			       "Advertisements to the peer that could not be sent" },
	[SERVICE_STATE] = { "crossvip_ipvs_service_state", "gauge",
			    "1, with the state of the service" },
	[SERVER_UP] = { "crossvip_ipvs_server_up", "gauge", "1: the server gets connections" },
	[SERVER_TRANSITIONS] = { "crossvip_ipvs_server_transitions_total", "counter",
				 "Changes of the health of the service's servers" },
	[QUORUM_LOSSES] = { "crossvip_ipvs_quorum_losses_total", "counter",
			    "How often the service lost its quorum" },
};

static struct {
	vrrp_metrics_done done; /* NULL: it does not gather */
	char *texts[METRICS];	/* darr */
	char ifname[IFNAMSIZ];	/* the group that was the last one; "": none yet */
	uint8_t vrid;
	char service[VRRP_IPVS_NAME_LEN]; /* the service that was the last one; "": none yet */
} gathered;

static struct event *t_turn;

static const char *family_name(enum vrrp_family family)
{
	return family == VRRP_IPV4 ? "ipv4" : "ipv6";
}

/* A value of a label: a backslash and a quote are escaped. */
static const char *escaped(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	for (; *text && used + 3 < size; text++) {
		if (*text == '"' || *text == '\\')
			buf[used++] = '\\';
		buf[used++] = *text;
	}
	buf[used] = '\0';
	return buf;
}

static void sample(enum metric metric, const char *labels, uint64_t value)
{
	darr_in_strcatf(gathered.texts[metric], "%s{%s} %" PRIu64 "\n", metrics[metric].name,
			labels, value);
}

/* With one label more. */
static void sample_of(enum metric metric, const char *labels, const char *label, const char *value,
		      uint64_t number)
{
	darr_in_strcatf(gathered.texts[metric], "%s{%s,%s=\"%s\"} %" PRIu64 "\n",
			metrics[metric].name, labels, label, value, number);
}

/* ------------------------------------------------------------ virtual routers */

static uint64_t since(const struct vrrp_router *router)
{
	struct timespec now;

	/* in microseconds, since the difference of two clocks in whole seconds would vary by one */
	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec * VRRP_USEC_PER_SEC + now.tv_nsec / 1000 -
		(vrrp_now() - router->fsm.since)) /
	       VRRP_USEC_PER_SEC;
}

static void add_counters(const struct vrrp_router *router, const char *labels)
{
	const struct vrrp_stats *stats = &router->stats;

	sample(TRANSITIONS, labels, stats->transitions);
	sample(SENT, labels, stats->sent);
	sample(SENT_LATE, labels, stats->sent_late);
	sample(SEND_ERRORS, labels, stats->send_errors);
	sample(SPLIT, labels, stats->split_heard);
	for (unsigned int i = 0; i < VRRP_VERDICTS; i++)
		if (stats->received.count[i])
			sample_of(PACKETS, labels, "verdict", vrrp_verdicts[i].yang,
				  stats->received.count[i]);
}

static void add_peer(const struct vrrp_peer *peer, const char *labels)
{
	char text[VRRP_ADDR_STRLEN];
	uint64_t msec = (vrrp_now() - peer->heard) / 1000;

	vrrp_addr_str(&peer->address, text);
	sample_of(PEER_SEND_ERRORS, labels, "peer", text, peer->failures.count);
	if (peer->heard)
		darr_in_strcatf(gathered.texts[PEER_AGE],
				"%s{%s,peer=\"%s\"} %" PRIu64 ".%03" PRIu64 "\n",
				metrics[PEER_AGE].name, labels, text, msec / 1000, msec % 1000);
}

static void add_router(const struct vrrp_router *router)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	char labels[LABELS_SIZE], name[2 * IFNAMSIZ + 2];
	const struct vrrp_peer *peer;

	if (!vrrp_router_is_configured(router))
		return;
	snprintf(labels, sizeof(labels), "interface=\"%s\",vrid=\"%u\",family=\"%s\"",
		 escaped(router->group->ifp->name, name, sizeof(name)), router->group->vrid,
		 family_name(router->family));
	sample(ACTIVE, labels, router->fsm.state == VRRP_ACTIVE);
	sample(PRIORITY, labels, vrrp_nb_priority(router));
	sample(ALERT, labels, vrrp_alert_of(router));
	if (hold)
		sample_of(HOLD, labels, "hold", vrrp_hold_name(hold), 1);
	sample(SINCE, labels, since(router));
	sample(DRAINING, labels, vrrp_vip_drain_left_msec(router) > 0);
	add_counters(router, labels);
	darr_foreach_p (router->peers, peer)
		add_peer(peer, labels);
}

/* The group after the last one; NULL: there is none. */
static struct vrrp_group *next_group(void)
{
	struct interface ifp = {};
	struct vrrp_group key = { .ifp = &ifp, .vrid = gathered.vrid }, *group;

	if (!*gathered.ifname)
		return vrrp_groups_first(&vrrp_groups);
	strlcpy(ifp.name, gathered.ifname, sizeof(ifp.name));
	group = vrrp_groups_find_gteq(&vrrp_groups, &key);
	return group && vrrp_group_cmp(group, &key) == 0 ? vrrp_groups_next(&vrrp_groups, group)
							 : group;
}

/* False: all groups have had their turn. */
static bool add_groups(void)
{
	struct vrrp_group *group = next_group();

	for (unsigned int i = 0; group && i < TURN; i++) {
		add_router(&group->v4);
		add_router(&group->v6);
		strlcpy(gathered.ifname, group->ifp->name, sizeof(gathered.ifname));
		gathered.vrid = group->vrid;
		group = vrrp_groups_next(&vrrp_groups, group);
	}
	return group;
}

/* ---------------------------------------------------------------- services */

static void add_server(const struct vrrp_server *server, const char *labels)
{
	char address[VRRP_ADDR_STRLEN];

	darr_in_strcatf(gathered.texts[SERVER_UP], "%s{%s,address=\"%s\",port=\"%u\"} %u\n",
			metrics[SERVER_UP].name, labels, vrrp_addr_str(&server->address, address),
			server->port, vrrp_server_is_up(server));
}

static void add_service(const struct vrrp_service *service)
{
	char labels[LABELS_SIZE], name[2 * VRRP_IPVS_NAME_LEN + 2];
	unsigned int i;

	snprintf(labels, sizeof(labels), "service=\"%s\"",
		 escaped(service->name, name, sizeof(name)));
	sample_of(SERVICE_STATE, labels, "state",
		  vrrp_service_state_name(vrrp_service_state(service)), 1);
	sample(SERVER_TRANSITIONS, labels, service->server_transitions);
	sample(QUORUM_LOSSES, labels, service->quorum_losses);
	darr_foreach_i (service->servers, i)
		add_server(service->servers[i], labels);
}

/* Those that are removed are left out: their names may have come back. */
static struct vrrp_service *configured(struct vrrp_service *service)
{
	while (service && service->leaving)
		service = vrrp_services_next(&vrrp_services, service);
	return service;
}

/* The service after the last one; NULL: there is none. */
static struct vrrp_service *next_service(void)
{
	struct vrrp_service key = { .leaving = UINT32_MAX };

	if (!*gathered.service)
		return configured(vrrp_services_first(&vrrp_services));
	strlcpy(key.name, gathered.service, sizeof(key.name));
	return configured(vrrp_services_find_gteq(&vrrp_services, &key));
}

/* False: all services have had their turn. */
static bool add_services(void)
{
	struct vrrp_service *service = next_service();

	for (unsigned int i = 0; service && i < TURN; i++) {
		add_service(service);
		strlcpy(gathered.service, service->name, sizeof(gathered.service));
		service = configured(vrrp_services_next(&vrrp_services, service));
	}
	return service;
}

/* ------------------------------------------------------------------- turns */

static char *joined(void)
{
	char *text = NULL;

	for (unsigned int i = 0; i < METRICS; i++) {
		if (!darr_len(gathered.texts[i]))
			continue;
		darr_in_strcatf(text, "# HELP %s %s.\n# TYPE %s %s\n", metrics[i].name,
				metrics[i].help, metrics[i].name, metrics[i].type);
		darr_in_strcat(text, gathered.texts[i]);
	}
	return text;
}

static void forget(void)
{
	for (unsigned int i = 0; i < METRICS; i++)
		darr_free(gathered.texts[i]);
	memset(&gathered, 0, sizeof(gathered));
}

static void take_turn(struct event *event)
{
	vrrp_metrics_done done = gathered.done;
	char *text;

	if (add_groups() || add_services()) {
		event_add_event(master, take_turn, NULL, 0, &t_turn);
		return;
	}
	sample(INFO, "version=\"" CROSSVIP_VERSION "\"", 1);
	text = joined();
	forget();
	done(text);
}

void vrrp_metrics_gather(vrrp_metrics_done done)
{
	if (gathered.done)
		return;
	gathered.done = done;
	event_add_event(master, take_turn, NULL, 0, &t_turn);
}

void vrrp_metrics_cancel(void)
{
	event_cancel(&t_turn);
	forget();
}
