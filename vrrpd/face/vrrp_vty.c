// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "show vrrp ...".
 *
 * JSON keeps every key of FRR's own vrrpd, with its words and units: status is
 * Master, Backup or Initialize, times are milliseconds. New keys are added beside
 * them: state is Active, Backup or Initialize, and counters have the names of the
 * YANG model in camelCase.
 */
#include <zebra.h>

#include "command.h"
#include "json.h"
#include "lib/darr.h"
#include "termtable.h"
#include "vrf.h"
#include "vty.h"

#include "vrrp_nb.h"
#include "vrrp_alert.h"
#include "vrrp_filter.h"
#include "vrrp_guardian.h"
#include "vrrp_liveness.h"
#include "vrrp_marker.h"
#include "vrrp_retreat.h"
#include "vrrp_router.h"
#include "vrrp_switchover.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vrf.h"
#include "vrrp_vty_auth.h"
#include "vrrp_vty_print.h"
#include "vrrp_vmac.h"
#include "vrrp_warning.h"
#include "vrrp_vty.h"
#include "vrrp_vty_statistics.h"
#include "vrrp_vty_switchover.h"
#include "vrrp_vty_track.h"
#include "vrrp_vty_vip.h"
#include "vrrp_vty_witness.h"
#include "vrrpd/face/vrrp_vty_clippy.c"

#define VRRP_STR	  "Virtual Router Redundancy Protocol\n"
#define ONE_INTERFACE_STR "Show only virtual routers of this interface\n"
#define VRID_STR	  "Virtual router ID\n"

#define USEC_PER_MS 1000

/* --- what is shown ----------------------------------------------------------- */

/* Which groups; NULL, 0: any. */
struct wanted {
	const char *vrf, *ifname;
	long vrid;
};

static const char *vrf_of(const struct vrrp_group *group)
{
	return group->ifp->vrf ? group->ifp->vrf->name : VRF_DEFAULT_NAME;
}

static bool is_wanted(const struct vrrp_group *group, const struct wanted *wanted)
{
	return (!wanted->vrf || strmatch(wanted->vrf, vrf_of(group))) &&
	       (!wanted->ifname || strmatch(wanted->ifname, group->ifp->name)) &&
	       (!wanted->vrid || wanted->vrid == group->vrid);
}

/* CMD_SUCCESS if there is such a group, or any will do; else prints that there is none. */
static int must_exist(struct vty *vty, const struct wanted *wanted)
{
	bool is_group = wanted->ifname || wanted->vrid;
	struct vrrp_group *group;

	if (!is_group && !wanted->vrf)
		return CMD_SUCCESS;
	frr_each (vrrp_groups, &vrrp_groups, group)
		if (is_wanted(group, wanted))
			return CMD_SUCCESS;
	if (wanted->vrf && !vrf_lookup_by_name(wanted->vrf)) {
		vty_out(vty, "%% vrrp: there is no VRF %s\n", wanted->vrf);
		return CMD_WARNING;
	}
	vty_out(vty, "%% vrrp");
	if (wanted->ifname)
		vty_out(vty, " %s", wanted->ifname);
	if (wanted->vrid)
		vty_out(vty, " %ld", wanted->vrid);
	if (wanted->vrf)
		vty_out(vty, "%s vrf %s", is_group ? " in" : "", wanted->vrf);
	vty_out(vty, ": no such group\n");
	return CMD_WARNING;
}

/* The name of a state in FRR's own vrrpd. */
static const char *status_name(enum vrrp_state state)
{
	return state == VRRP_ACTIVE ? "Master" : vrrp_state_name(state);
}

static int family_number(const struct vrrp_router *router)
{
	return router->family == VRRP_IPV4 ? 4 : 6;
}

/* RFC 9568 section 7.3. */
static const char *vmac(const struct vrrp_router *router, char *buf, size_t size)
{
	snprintf(buf, size, "00:00:5e:00:%02x:%02x", router->family == VRRP_IPV4 ? 1 : 2,
		 router->group->vrid);
	return buf;
}

static uint64_t msec_since(vrrp_usec_t then)
{
	return (vrrp_now() - then) / USEC_PER_MS;
}

/* The name of the link for the VIPs; "" when nothing is configured. */
static const char *link_name(const struct vrrp_router *router)
{
	const char *name = vrrp_router_is_configured(router) ? vrrp_vip_link_name(router) : NULL;

	return name ? name : "";
}

static int warn_of_vips(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	char reason[VRRP_REASON_SIZE];
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		if (vrrp_vip_warning(vrrp_router_placement(router), router->group->ifp->name, vip,
				     reason, sizeof(reason)))
			vrrp_sentence_add(warnings, "%s", reason);
	return 0;
}

/* --- JSON ------------------------------------------------------------------------ */

static struct json_object *json_stock_stats(const struct vrrp_router *router)
{
	const struct vrrp_stats *stats = &router->stats;
	struct json_object *json = json_object_new_object();

	json_object_int_add(json, "adverTx", stats->sent);
	json_object_int_add(json, "adverRx", stats->received.count[VRRP_ACCEPTED]);
	json_object_int_add(json, router->family == VRRP_IPV4 ? "garpTx" : "neighborAdverTx",
			    stats->announcements);
	json_object_int_add(json, "transitions", stats->transitions);
	return json;
}

static struct json_object *json_peer(const struct vrrp_peer *peer)
{
	struct json_object *json = json_object_new_object();

	vrrp_vty_json_address(json, "address", &peer->address);
	json_object_int_add(json, "sent", peer->sent);
	json_object_int_add(json, "received", peer->received);
	if (peer->heard) {
		json_object_int_add(json, "ttl", peer->ttl);
		json_object_int_add(json, "priority", peer->priority);
		json_object_int_add(json, "ageMsec", msec_since(peer->heard));
	}
	if (vrrp_liveness_state(peer))
		json_object_string_add(json, "bfdState", vrrp_liveness_state(peer));
	return json;
}

static struct json_object *json_active(const struct vrrp_fsm *fsm)
{
	struct json_object *json = json_object_new_object();

	if (!vrrp_addr_is_set(&fsm->active_address))
		return json;
	vrrp_vty_json_address(json, "address", &fsm->active_address);
	json_object_int_add(json, "priority", fsm->active_priority);
	if (fsm->active_heard)
		json_object_int_add(json, "lastHeardMsec", msec_since(fsm->active_heard));
	return json;
}

static void json_family_stock(struct json_object *json, const struct vrrp_router *router)
{
	const struct vrrp_fsm *fsm = &router->fsm;
	char mac[ETHER_ADDR_STRLEN], text[VRRP_ADDR_STRLEN];

	json_object_string_add(json, "interface", link_name(router));
	json_object_string_add(json, "vmac", vmac(router, mac, sizeof(mac)));
	vrrp_addr_str(&router->source, text);
	json_object_string_add(json, "primaryAddress",
			       *text || router->family == VRRP_IPV4 ? text : "::");
	json_object_string_add(json, "status", status_name(fsm->state));
	json_object_int_add(json, "effectivePriority", vrrp_nb_priority(router));
	json_object_int_add(json, "masterAdverInterval", fsm->active_interval / USEC_PER_MS);
	json_object_int_add(json, "skewTime", fsm->skew_time / USEC_PER_MS);
	json_object_int_add(json, "masterDownInterval", fsm->active_down_interval / USEC_PER_MS);
	json_object_object_add(json, "stats", json_stock_stats(router));
}

/* Frees the sentences. */
static void json_family_ours(struct json_object *json, const struct vrrp_router *router)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	const struct vrrp_fsm *fsm = &router->fsm;
	char since[VRRP_SINCE_STRLEN];

	json_object_string_add(json, "state", vrrp_state_name(fsm->state));
	if (hold)
		json_object_string_add(json, "hold", vrrp_hold_name(hold));
	vrrp_vty_json_sentences(json, "holdDetails", vrrp_hold_details_of(router));
	json_object_int_add(json, "since", (vrrp_now() - fsm->since) / VRRP_USEC_PER_SEC);
	json_object_string_add(json, "stateSince", vrrp_nb_since(router, since));
	json_object_string_add(json, "lastReason", vrrp_reason_name(fsm->reason));
	json_object_boolean_add(json, "handsOver", vrrp_switchover_is_under_way(router));
	json_object_boolean_add(json, "yields", fsm->yields);
	json_object_boolean_add(json, "unicast", vrrp_router_is_unicast(router));
	json_object_string_add(json, "placement",
			       vrrp_placement_name(vrrp_router_placement(router)));
	vrrp_vty_json_address(json, "source", &router->source_configured);
	vrrp_vty_json_key(json, router->group);
	vrrp_vty_json_marker(json, router);
	vrrp_vty_json_witness(json, router);
	json_object_object_add(json, "active", json_active(fsm));
	json_object_object_add(json, "statistics", vrrp_vty_json_statistics(&router->stats));
}

static void json_family_lists(struct json_object *json, const struct vrrp_router *router)
{
	struct json_object *addresses = json_object_new_array();
	struct json_object *peers = json_object_new_array();
	char text[VRRP_ADDR_STRLEN];
	const struct vrrp_addr *vip;
	const struct vrrp_peer *peer;

	darr_foreach_p (router->vips, vip)
		json_object_array_add(addresses, json_object_new_string(vrrp_addr_str(vip, text)));
	darr_foreach_p (router->peers, peer)
		json_object_array_add(peers, json_peer(peer));
	json_object_object_add(json, "addresses", addresses);
	json_object_object_add(json, "peers", peers);
	vrrp_vty_json_sentences(json, "warnings", vrrp_warnings_of(router));
}

static struct json_object *json_family(const struct vrrp_router *router,
				       const struct vrrp_filter_status *filter)
{
	struct json_object *json = json_object_new_object();

	json_family_stock(json, router);
	json_family_ours(json, router);
	json_family_lists(json, router);
	if (vrrp_vmac_ifindex(router))
		json_object_object_add(json, "virtualMacFilter", vrrp_vty_json_filter(filter));
	return json;
}

static bool is_on_lan(const struct vrrp_group *group)
{
	return vrrp_router_is_on_lan(&group->v4);
}

static struct json_object *json_announce(const struct vrrp_group_conf *conf)
{
	struct json_object *json = json_object_new_object();

	json_object_int_add(json, "metric", conf->announce_metric);
	json_object_int_add(json, "tag", conf->announce_tag);
	json_object_string_add(json, "when", conf->announce_healthy ? "healthy" : "active");
	if (conf->standby_metric)
		json_object_int_add(json, "standbyMetric", conf->standby_metric);
	if (conf->standby_tag)
		json_object_int_add(json, "standbyTag", conf->standby_tag);
	return json;
}

static struct json_object *json_guardian(void)
{
	struct vrrp_guardian_status status = vrrp_guardian_status();
	struct json_object *json = json_object_new_object();

	json_object_boolean_add(json, "enabled", status.is_wanted);
	json_object_boolean_add(json, "alive", status.pid);
	if (status.pid)
		json_object_int_add(json, "pid", status.pid);
	json_object_int_add(json, "deaths", status.deaths);
	return json;
}

static struct json_object *json_bfd(const struct vrrp_bfd_conf *conf)
{
	struct json_object *json = json_object_new_object();

	if (*conf->profile)
		json_object_string_add(json, "profile", conf->profile);
	json_object_boolean_add(json, "strict", conf->is_strict);
	return json;
}

static struct json_object *json_group(const struct vrrp_group *group,
				      const struct vrrp_filter_status *filter)
{
	const struct vrrp_group_conf *conf = &group->conf;
	struct json_object *json = json_object_new_object();
	char vip_interface[IFNAMSIZ];

	json_object_int_add(json, "vrid", group->vrid);
	if (*group->description)
		json_object_string_add(json, "description", group->description);
	json_object_int_add(json, "version", conf->version);
	json_object_boolean_add(json, "autoconfigured", group->autoconfigured != NULL);
	json_object_boolean_add(json, "shutdown", conf->shutdown);
	json_object_boolean_add(json, "hostDrained", vrrp_retreat_is_on());
	json_object_boolean_add(json, "preemptMode", conf->preempt);
	json_object_boolean_add(json, "acceptMode", conf->accept_mode);
	json_object_boolean_add(json, "checksumWithIpv4Pseudoheader", conf->checksum_pseudo);
	json_object_string_add(json, "interface", group->ifp->name);
	json_object_string_add(json, "vrf", vrf_of(group));
	json_object_int_add(json, "advertisementInterval", conf->interval_cs * VRRP_MSEC_PER_CS);
	json_object_int_add(json, "priority", conf->priority);
	if (*conf->sync_group)
		json_object_string_add(json, "syncGroup", conf->sync_group);
	if (conf->sync_families)
		json_object_boolean_true_add(json, "syncFamilies");
	json_object_int_add(json, "preemptDelay", conf->preempt_delay_sec);
	json_object_int_add(json, "startupHold", conf->startup_hold_sec);
	if (!is_on_lan(group)) {
		json_object_int_add(json, "preemptSettle", conf->preempt_settle_msec);
		json_object_int_add(json, "drain", conf->drain_msec);
	}
	json_object_boolean_add(json, "version2Compatible", conf->version_2_too);
	if (conf->ttl_hops)
		json_object_int_add(json, "ttlSecurityHops", conf->ttl_hops);
	json_object_string_add(json, "vipInterface",
			       vrrp_vrf_vip_interface(vrrp_vip_vrf(group), vip_interface));
	json_object_object_add(json, "guardian", json_guardian());
	json_object_object_add(json, "announce", json_announce(conf));
	if (conf->bfd.is_on)
		json_object_object_add(json, "bfd", json_bfd(&conf->bfd));
	vrrp_vty_json_auth(json, group);
	json_object_object_add(json, "track", vrrp_vty_json_track(group));
	json_object_object_add(json, "v4", json_family(&group->v4, filter));
	json_object_object_add(json, "v6", json_family(&group->v6, filter));
	return json;
}

/* --- text -------------------------------------------------------------------- */

#define ROW(table, label, format, ...) ttable_add_row(table, "%s|" format, label, __VA_ARGS__)
/* A row of one family: "Skew Time (v4)". */
#define FAMILY_ROW(table, router, label, format, ...)                                              \
	ttable_add_row(table, "%s (v%d)|" format, label, family_number(router), __VA_ARGS__)

static void print_guardian(struct ttable *table)
{
	struct vrrp_guardian_status status = vrrp_guardian_status();

	if (status.pid && status.deaths)
		ROW(table, "Guardian", "alive, pid %d, after %u that died", status.pid,
		    status.deaths);
	else if (status.pid)
		ROW(table, "Guardian", "alive, pid %d", status.pid);
	else if (status.error)
		ROW(table, "Guardian", "cannot be started: %s", safe_strerror(-status.error));
	else
		ROW(table, "Guardian", "%s", status.is_wanted ? "none yet" : "off");
}

static void print_name(struct ttable *table, const struct vrrp_group *group)
{
	ROW(table, "Virtual Router ID", "%u", group->vrid);
	ROW(table, "Interface", "%s", group->ifp->name);
	if (!strmatch(vrf_of(group), VRF_DEFAULT_NAME))
		ROW(table, "VRF", "%s", vrf_of(group));
	if (*group->description)
		ROW(table, "Description", "%s", group->description);
}

static void print_group(struct ttable *table, const struct vrrp_group *group)
{
	const struct vrrp_group_conf *conf = &group->conf;

	ROW(table, "Protocol Version", "%u%s", conf->version,
	    conf->version_2_too ? ", and 2 over IPv4" : "");
	ROW(table, "Autoconfigured", "%s", vrrp_vty_yes(group->autoconfigured != NULL));
	ROW(table, "Shutdown", "%s", vrrp_vty_yes(conf->shutdown));
	if (vrrp_retreat_is_on())
		ROW(table, "Host Drained", "%s", "Yes");
	ROW(table, "Priority", "%u", conf->priority);
	if (*conf->sync_group)
		ROW(table, "Sync Group", "%s", conf->sync_group);
	if (conf->sync_families)
		ROW(table, "Sync Families", "%s", "Yes");
	ROW(table, "Preempt Mode", "%s", vrrp_vty_yes(conf->preempt));
	if (conf->preempt_delay_sec)
		ROW(table, "Preempt Delay", "%u s", conf->preempt_delay_sec);
	if (conf->preempt_settle_msec)
		ROW(table, "Preempt Settle", "%u ms", conf->preempt_settle_msec);
	ROW(table, "Startup Hold", "%u s", conf->startup_hold_sec);
	if (!is_on_lan(group))
		ROW(table, "Drain", "%u ms", conf->drain_msec);
	ROW(table, "Accept Mode", "%s", vrrp_vty_yes(conf->accept_mode));
	ROW(table, "Checksum with IPv4 Pseudoheader", "%s", vrrp_vty_yes(conf->checksum_pseudo));
	ROW(table, "Advertisement Interval", "%u ms", conf->interval_cs * VRRP_MSEC_PER_CS);
	if (conf->ttl_hops)
		ROW(table, "TTL Security", "%u hops", conf->ttl_hops);
	if (conf->announce_metric || conf->announce_tag)
		ROW(table, "Route Metric, Tag", "%u, %u", conf->announce_metric, conf->announce_tag);
	if (conf->announce_healthy)
		ROW(table, "Announce When", "%s", "healthy");
	if (conf->standby_metric)
		ROW(table, "Standby Metric, Tag", "%u, %u", conf->standby_metric, conf->standby_tag);
	print_guardian(table);
	if (conf->bfd.is_on)
		ROW(table, "BFD", "%s%s%s", *conf->bfd.profile ? "profile " : "Yes",
		    conf->bfd.profile, conf->bfd.is_strict ? ", strict" : "");
	vrrp_vty_print_auth(table, group);
	vrrp_vty_print_track(table, group);
}

static void print_active(struct ttable *table, const struct vrrp_router *router)
{
	const struct vrrp_fsm *fsm = &router->fsm;
	char text[VRRP_ADDR_STRLEN];

	if (!vrrp_addr_is_set(&fsm->active_address))
		return;
	vrrp_addr_str(&fsm->active_address, text);
	if (!fsm->active_heard)
		FAMILY_ROW(table, router, "Active Router", "%s, priority %u", text,
			   fsm->active_priority);
	else
		FAMILY_ROW(table, router, "Active Router",
			   "%s, priority %u, heard %" PRIu64 " ms ago", text, fsm->active_priority,
			   msec_since(fsm->active_heard));
}

/* Adds a row for each sentence, and frees the sentences. */
static void print_sentences(struct ttable *table, const struct vrrp_router *router,
			    const char *label, struct vrrp_sentences sentences)
{
	char **text;

	darr_foreach_p (sentences.text, text)
		FAMILY_ROW(table, router, label, "%s", *text);
	vrrp_sentences_free(&sentences);
}

/* What somebody who is woken at night wants to know first. */
static void print_state(struct ttable *table, const struct vrrp_router *router)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	enum vrrp_alert alert = vrrp_alert_of(router);
	const struct vrrp_fsm *fsm = &router->fsm;
	char since[VRRP_SINCE_STRLEN];

	FAMILY_ROW(table, router, "Status", "%s", vrrp_state_name(fsm->state));
	if (hold)
		FAMILY_ROW(table, router, "Held Back By", "%s", vrrp_hold_name(hold));
	print_sentences(table, router, "  because", vrrp_hold_details_of(router));
	FAMILY_ROW(table, router, "In This State", "%" PRIu64 " s, since %s, %s",
		   (uint64_t)((vrrp_now() - fsm->since) / VRRP_USEC_PER_SEC),
		   vrrp_nb_since(router, since), vrrp_reason_name(fsm->reason));
	if (vrrp_switchover_is_under_way(router))
		FAMILY_ROW(table, router, "Hands Over", "%s", "Yes");
	if (fsm->yields)
		FAMILY_ROW(table, router, "Yields", "%s",
			   "Yes, does not preempt until the Active router falls silent");
	print_active(table, router);
	FAMILY_ROW(table, router, "Effective Priority", "%u", vrrp_nb_priority(router));
	if (alert != VRRP_ALERT_NONE)
		FAMILY_ROW(table, router, "Alert", "%s", vrrp_alert_name(alert));
	print_sentences(table, router, "Warning", vrrp_warnings_of(router));
}

static void print_timers(struct ttable *table, const struct vrrp_router *router)
{
	const struct vrrp_fsm *fsm = &router->fsm;

	FAMILY_ROW(table, router, "Active Advertisement Interval", "%" PRIu64 " ms",
		   (uint64_t)(fsm->active_interval / USEC_PER_MS));
	FAMILY_ROW(table, router, "Skew Time", "%" PRIu64 " ms",
		   (uint64_t)(fsm->skew_time / USEC_PER_MS));
	FAMILY_ROW(table, router, "Active Down Interval", "%" PRIu64 " ms",
		   (uint64_t)(fsm->active_down_interval / USEC_PER_MS));
}

/* The number of discarded packets, and of those verdicts that occurred. */
static void print_discarded(struct ttable *table, const struct vrrp_router *router)
{
	const uint64_t *count = router->stats.received.count;
	uint64_t discarded = 0;

	for (unsigned int i = 0; i < VRRP_VERDICTS; i++)
		if (i != VRRP_ACCEPTED)
			discarded += count[i];
	FAMILY_ROW(table, router, "Packets Discarded", "%" PRIu64, discarded);
	for (unsigned int i = 0; i < VRRP_VERDICTS; i++)
		if (i != VRRP_ACCEPTED && count[i])
			FAMILY_ROW(table, router, "  of these", "%" PRIu64 " %s", count[i],
				   vrrp_verdicts[i].yang);
}

static void print_counters(struct ttable *table, const struct vrrp_router *router)
{
	const struct vrrp_stats *stats = &router->stats;

	FAMILY_ROW(table, router, "Advertisements Tx", "%" PRIu64, stats->sent);
	FAMILY_ROW(table, router, "Advertisements Rx", "%" PRIu64,
		   stats->received.count[VRRP_ACCEPTED]);
	print_discarded(table, router);
	FAMILY_ROW(table, router,
		   router->family == VRRP_IPV4 ? "Gratuitous ARP Tx" : "Neigh. Adverts Tx",
		   "%" PRIu64, stats->announcements);
	FAMILY_ROW(table, router, "State Transitions", "%" PRIu64, stats->transitions);
}

static void print_peer(struct ttable *table, const struct vrrp_router *router,
		       const struct vrrp_peer *peer)
{
	const char *bfd = vrrp_liveness_state(peer);
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&peer->address, text);
	if (!peer->heard)
		FAMILY_ROW(table, router, "Peer", "%s, not heard yet, sent %" PRIu64 "%s%s", text,
			   peer->sent, bfd ? ", BFD " : "", bfd ? bfd : "");
	else
		FAMILY_ROW(table, router, "Peer",
			   "%s, priority %u, TTL %d, heard %" PRIu64 " ms ago, sent %" PRIu64
			   ", received %" PRIu64 "%s%s",
			   text, peer->priority, peer->ttl, msec_since(peer->heard), peer->sent,
			   peer->received, bfd ? ", BFD " : "", bfd ? bfd : "");
}

static void print_family(struct ttable *table, const struct vrrp_router *router)
{
	char text[VRRP_ADDR_STRLEN], mac[ETHER_ADDR_STRLEN];
	const char *link = link_name(router);
	const struct vrrp_peer *peer;
	const struct vrrp_addr *vip;

	FAMILY_ROW(table, router, "VRRP Interface", "%s", *link ? link : "None");
	if (vrrp_router_has_virtual_mac(router))
		FAMILY_ROW(table, router, "Virtual MAC", "%s", vmac(router, mac, sizeof(mac)));
	vrrp_addr_str(&router->source, text);
	FAMILY_ROW(table, router, "Primary IP", "%s", *text ? text : "None");
	print_timers(table, router);
	print_counters(table, router);
	darr_foreach_p (router->peers, peer)
		print_peer(table, router, peer);
	vrrp_vty_print_witness(table, router);
	if (vrrp_router_marker(router)->family)
		FAMILY_ROW(table, router, "Marker Route", "%pFX, %s", vrrp_router_marker(router),
			   vrrp_marker_is_announced(router) ? "announced" : "not announced");
	darr_foreach_p (router->vips, vip)
		FAMILY_ROW(table, router, "Virtual Address", "%s", vrrp_addr_str(vip, text));
}

static void show_group(struct vty *vty, const struct vrrp_group *group)
{
	struct ttable *table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	print_name(table, group);
	if (vrrp_router_is_configured(&group->v4))
		print_state(table, &group->v4);
	if (vrrp_router_is_configured(&group->v6))
		print_state(table, &group->v6);
	print_group(table, group);
	if (vrrp_router_is_configured(&group->v4))
		print_family(table, &group->v4);
	if (vrrp_router_is_configured(&group->v6))
		print_family(table, &group->v6);
	vrrp_vty_print_table(vty, table);
}

static int show_json(struct vty *vty, const struct wanted *wanted)
{
	struct json_object *list = json_object_new_array();
	struct vrrp_filter_status filter;
	struct vrrp_group *group;

	vrrp_filter_read(&filter);
	frr_each (vrrp_groups, &vrrp_groups, group)
		if (is_wanted(group, wanted))
			json_object_array_add(list, json_group(group, &filter));
	return vty_json(vty, list);
}

DEFPY_YANG(show_vrrp, show_vrrp_cmd,
	   "show vrrp [vrf <NAME$vrf|all>] [interface INTERFACE$ifn] [(1-255)$vrid] [json$json]",
	   SHOW_STR VRRP_STR VRF_FULL_CMD_HELP_STR INTERFACE_STR ONE_INTERFACE_STR VRID_STR JSON_STR)
{
	const struct wanted wanted = { vrf, ifn, vrid };
	struct vrrp_group *group;

	if (json)
		return show_json(vty, &wanted);
	frr_each (vrrp_groups, &vrrp_groups, group)
		if (is_wanted(group, &wanted))
			show_group(vty, group);
	return must_exist(vty, &wanted);
}

/* --- summary --------------------------------------------------------------------- */

static struct json_object *json_summary_family(const struct vrrp_router *router)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "status", status_name(router->fsm.state));
	json_object_string_add(json, "state", vrrp_state_name(router->fsm.state));
	json_object_int_add(json, "addresses", darr_len(router->vips));
	return json;
}

static struct json_object *json_summary(const struct vrrp_group *group)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "interface", group->ifp->name);
	json_object_int_add(json, "vrid", group->vrid);
	json_object_int_add(json, "priority", group->conf.priority);
	json_object_object_add(json, "v4", json_summary_family(&group->v4));
	json_object_object_add(json, "v6", json_summary_family(&group->v6));
	return json;
}

static int show_summary_json(struct vty *vty, const struct wanted *wanted)
{
	struct json_object *list = json_object_new_array();
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (is_wanted(group, wanted))
			json_object_array_add(list, json_summary(group));
	return vty_json(vty, list);
}

DEFPY_YANG(show_vrrp_summary, show_vrrp_summary_cmd,
	   "show vrrp [vrf <NAME$vrf|all>] [interface INTERFACE$ifn] [(1-255)$vrid] summary [json$json]",
	   SHOW_STR VRRP_STR VRF_FULL_CMD_HELP_STR INTERFACE_STR ONE_INTERFACE_STR VRID_STR
	   "Show one line for each virtual router\n" JSON_STR)
{
	const struct wanted wanted = { vrf, ifn, vrid };
	struct vrrp_group *group;
	struct ttable *table;

	if (json)
		return show_summary_json(vty, &wanted);
	if (must_exist(vty, &wanted) != CMD_SUCCESS)
		return CMD_WARNING;

	table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	ttable_add_row(table, "Interface|VRID|Priority|IPv4|IPv6|State (v4)|State (v6)");
	ttable_rowseps(table, 0, BOTTOM, true, '-');
	frr_each (vrrp_groups, &vrrp_groups, group)
		if (is_wanted(group, &wanted))
			ttable_add_row(table, "%s|%u|%u|%u|%u|%s|%s", group->ifp->name, group->vrid,
				       group->conf.priority, darr_len(group->v4.vips),
				       darr_len(group->v6.vips),
				       vrrp_state_name(group->v4.fsm.state),
				       vrrp_state_name(group->v6.fsm.state));
	vrrp_vty_print_table(vty, table);
	return CMD_SUCCESS;
}

void vrrp_vty_init(void)
{
	hook_register(vrrp_warnings, warn_of_vips);
	vrrp_ipvs_vty_init();
	install_element(VIEW_NODE, &show_vrrp_cmd);
	install_element(VIEW_NODE, &show_vrrp_summary_cmd);
	vrrp_vty_statistics_init();
	vrrp_vty_switchover_init();
	vrrp_vty_track_init();
	vrrp_vty_vip_init();
}
