// SPDX-License-Identifier: GPL-2.0-or-later
/* "show vrrp statistics" and "clear vrrp statistics". */
#include <zebra.h>

#include "command.h"
#include "json.h"
#include "vty.h"

#include "vrrp_fragments.h"
#include "vrrp_nb.h"
#include "vrrp_receive.h"
#include "vrrp_report.h"
#include "vrrp_socket.h"
#include "vrrp_vty_statistics.h"
#include "vrrpd/face/vrrp_vty_statistics_clippy.c"

#define VRRP_STR "Virtual Router Redundancy Protocol\n"

/* --- JSON ------------------------------------------------------------------------ */

static struct json_object *json_verdicts(const struct vrrp_verdict_counters *counters)
{
	struct json_object *json = json_object_new_object();

	for (unsigned int i = 0; i < VRRP_VERDICTS; i++)
		json_object_int_add(json, vrrp_verdicts[i].json, counters->count[i]);
	return json;
}

struct json_object *vrrp_vty_json_statistics(const struct vrrp_stats *stats)
{
	struct json_object *json = json_verdicts(&stats->received);

	for (const struct vrrp_counter *counter = vrrp_counters; counter->yang; counter++)
		json_object_int_add(json, counter->json, vrrp_counter_value(counter, stats));
	return json;
}

struct json_object *vrrp_vty_json_filter(const struct vrrp_filter_status *filter)
{
	static const char *const keys[] = {
		[NL_NFT_MLD] = "mldDropped",
		[NL_NFT_IGMP] = "igmpDropped",
		[NL_NFT_ROUTER_SOLICIT] = "routerSolicitationsDropped",
		[NL_NFT_NEIGHBOR_ADVERT] = "neighborAdvertsDropped",
	};
	struct json_object *json = json_object_new_object();

	json_object_boolean_add(json, "available", filter->available);
	json_object_int_add(json, "restored", filter->restored);
	for (unsigned int i = 0; i < array_size(keys); i++)
		json_object_int_add(json, keys[i], filter->dropped[i].packets);
	return json;
}

static struct json_object *json_accept_filter(const struct vrrp_filter_status *filter)
{
	struct json_object *json = json_object_new_object();

	json_object_boolean_add(json, "available", filter->refuses);
	json_object_int_add(json, "packetsRefused", filter->dropped[NL_NFT_REFUSED].packets);
	return json;
}

static void add_router_json(struct json_object *list, const struct vrrp_router *router)
{
	struct json_object *json;

	if (!vrrp_router_is_configured(router))
		return;
	json = json_object_new_object();
	json_object_string_add(json, "interface", router->group->ifp->name);
	json_object_int_add(json, "vrid", router->group->vrid);
	json_object_string_add(json, "family", router->family == VRRP_IPV4 ? "ipv4" : "ipv6");
	json_object_object_add(json, "statistics", vrrp_vty_json_statistics(&router->stats));
	json_object_array_add(list, json);
}

static int show_statistics_json(struct vty *vty)
{
	struct json_object *json = json_object_new_object();
	struct json_object *strays = json_object_new_object();
	struct json_object *lost = json_object_new_object();
	struct json_object *fragments = json_object_new_object();
	struct json_object *list = json_object_new_array();
	struct vrrp_filter_status filter;
	struct vrrp_group *group;

	vrrp_filter_read(&filter);
	json_object_int_add(json, "sockets", vrrp_socket_count());
	json_object_object_add(strays, "ipv4", json_verdicts(vrrp_receive_strays(VRRP_IPV4)));
	json_object_object_add(strays, "ipv6", json_verdicts(vrrp_receive_strays(VRRP_IPV6)));
	json_object_object_add(json, "strays", strays);
	json_object_int_add(lost, "ipv4", vrrp_receive_lost(VRRP_IPV4));
	json_object_int_add(lost, "ipv6", vrrp_receive_lost(VRRP_IPV6));
	json_object_object_add(json, "lost", lost);
	json_object_int_add(fragments, "ipv4", vrrp_fragments_failed(VRRP_IPV4));
	json_object_int_add(fragments, "ipv6", vrrp_fragments_failed(VRRP_IPV6));
	json_object_object_add(json, "reassemblyFailures", fragments);
	json_object_object_add(json, "virtualMacFilter", vrrp_vty_json_filter(&filter));
	json_object_object_add(json, "acceptModeFilter", json_accept_filter(&filter));
	frr_each (vrrp_groups, &vrrp_groups, group) {
		add_router_json(list, &group->v4);
		add_router_json(list, &group->v6);
	}
	json_object_object_add(json, "routers", list);
	return vty_json(vty, json);
}

/* --- text -------------------------------------------------------------------- */

/* Skips counters that are zero, so that the others are easy to see. */
static void print_verdicts(struct vty *vty, const struct vrrp_verdict_counters *counters)
{
	for (unsigned int i = 0; i < VRRP_VERDICTS; i++) {
		if (i == VRRP_ACCEPTED || !counters->count[i])
			continue;
		vty_out(vty, "  %-32s %12" PRIu64 "  %s\n", vrrp_verdicts[i].yang,
			counters->count[i], vrrp_verdicts[i].text);
	}
}

static void print_strays(struct vty *vty, enum vrrp_family family)
{
	vty_out(vty, "\nDiscarded, for no virtual router, IPv%u\n", family);
	print_verdicts(vty, vrrp_receive_strays(family));
	if (vrrp_receive_lost(family))
		vty_out(vty, "  %-32s %12" PRIu64 "  %s\n", "lost", vrrp_receive_lost(family),
			"came faster than they can be read");
	if (vrrp_fragments_failed(family))
		vty_out(vty, "  %-32s %12" PRIu64 "  %s\n", "reassembly failures",
			vrrp_fragments_failed(family), "of this host, of any protocol");
}

static void print_router(struct vty *vty, const struct vrrp_router *router)
{
	const struct vrrp_stats *stats = &router->stats;

	if (!vrrp_router_is_configured(router))
		return;
	vty_out(vty, "\n%pVR\n", router);
	vty_out(vty, "  %-32s %12" PRIu64 "\n", "Advertisements received",
		stats->received.count[VRRP_ACCEPTED]);
	for (const struct vrrp_counter *counter = vrrp_counters; counter->yang; counter++)
		if (vrrp_counter_value(counter, stats))
			vty_out(vty, "  %-32s %12" PRIu64 "\n", counter->text,
				vrrp_counter_value(counter, stats));
	print_verdicts(vty, &stats->received);
}

DEFPY_YANG(show_vrrp_statistics, show_vrrp_statistics_cmd, "show vrrp statistics [json$json]",
	   SHOW_STR VRRP_STR "Show packets sent, accepted and discarded, by reason\n" JSON_STR)
{
	struct vrrp_group *group;

	if (json)
		return show_statistics_json(vty);

	vty_out(vty, "Sockets open: %u\n", vrrp_socket_count());
	print_strays(vty, VRRP_IPV4);
	print_strays(vty, VRRP_IPV6);
	frr_each (vrrp_groups, &vrrp_groups, group) {
		print_router(vty, &group->v4);
		print_router(vty, &group->v6);
	}
	return CMD_SUCCESS;
}

DEFPY_YANG(clear_vrrp_statistics, clear_vrrp_statistics_cmd, "clear vrrp statistics",
	   CLEAR_STR VRRP_STR "Set all counters to zero\n")
{
	struct vrrp_group *group;

	vrrp_receive_clear();
	vrrp_report_clear();
	frr_each (vrrp_groups, &vrrp_groups, group) {
		vrrp_router_clear_stats(&group->v4);
		vrrp_router_clear_stats(&group->v6);
	}
	return CMD_SUCCESS;
}

void vrrp_vty_statistics_init(void)
{
	install_element(VIEW_NODE, &show_vrrp_statistics_cmd);
	install_element(ENABLE_NODE, &clear_vrrp_statistics_cmd);
}
