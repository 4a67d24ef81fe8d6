// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The northbound tables: which function answers for which node of the models.
 *
 * frr_vrrpd_info is for stock's module and frr_crossvip_info for ours; ours
 * augments stock's list, so its paths begin with stock's. libfrr refuses to start
 * when a node lacks a required callback, so a leaf that was added to the model and
 * forgotten here is noticed at once.
 */
#include <zebra.h>

#include "vrrp_cli.h"
#include "vrrp_daemon.h"
#include "vrrp_ipvs_cli.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrp_nb_table.h"
#include "vrrp_nb_track.h"

/* clang-format off */

#define GROUP(leaf) VRRP_XPATH_GROUPS "/" leaf
#define OURS(leaf) VRRP_XPATH_GROUPS "/frr-crossvip:" leaf
#define GLOBAL(leaf) VRRP_XPATH_GLOBAL "/" leaf

/* The global container is applied before any group of the same transaction. */
#define FIRST (NB_DFLT_PRIORITY - 1)

/* A leaf of a group; the name is that of its callbacks. */
#define LEAF(path, name) \
	{ \
		.xpath = path, \
		.cbs = { \
			.modify = vrrp_nb_##name##_modify, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
	}

/* The same without a default, so it can be absent. */
#define OPTIONAL_LEAF(path, name) \
	{ \
		.xpath = path, \
		.cbs = { \
			.modify = vrrp_nb_##name##_modify, \
			.destroy = vrrp_nb_##name##_destroy, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
	}

#define LEAF_LIST(path, name) \
	{ \
		.xpath = path, \
		.cbs = { \
			.create = vrrp_nb_##name##_create, \
			.destroy = vrrp_nb_##name##_destroy, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
	}

#define GLOBAL_LEAF(leaf, name) \
	{ \
		.xpath = GLOBAL(leaf), \
		.cbs = { \
			.modify = vrrp_nb_##name##_modify, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
		.priority = FIRST, \
	}

#define GLOBAL_OPTIONAL_LEAF(leaf, name) \
	{ \
		.xpath = GLOBAL(leaf), \
		.cbs = { \
			.modify = vrrp_nb_##name##_modify, \
			.destroy = vrrp_nb_##name##_destroy, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
		.priority = FIRST, \
	}

/* Leaves of "vrrp default"; boolean ones share a function that shows their line. */
#define DEFAULT_LEAF(leaf, name, shown_as) \
	{ \
		.xpath = GLOBAL("defaults/" leaf), \
		.cbs = { \
			.modify = vrrp_nb_default_##name##_modify, \
			.cli_show = vrrp_cli_show_default_##shown_as, \
		}, \
		.priority = FIRST, \
	}

#define STATE(path, function) { .xpath = path, .cbs = { .get_elem = function } }

#define STOCK_STATE(family, leaf) STATE(GROUP(#family "/" leaf), vrrp_nb_##family##_get_elem)
#define OUR_STATE(family, leaf) \
	STATE(GROUP(#family "/frr-crossvip:" leaf), vrrp_nb_##family##_get_elem)
#define STATISTIC(family, leaf) OUR_STATE(family, "statistics/" leaf)
#define PEER_STATE(family, leaf) \
	STATE(GROUP(#family "/frr-crossvip:peer-statistics/" leaf), vrrp_nb_peer_get_elem)

#define STOCK_FAMILY(family, announcement) \
	LEAF_LIST(GROUP(#family "/virtual-address"), vip), \
	STOCK_STATE(family, "current-priority"), \
	STOCK_STATE(family, "vrrp-interface"), \
	STOCK_STATE(family, "source-address"), \
	STOCK_STATE(family, "state"), \
	STOCK_STATE(family, "master-advertisement-interval"), \
	STOCK_STATE(family, "skew-time"), \
	STOCK_STATE(family, "counter/state-transition"), \
	STOCK_STATE(family, "counter/tx/advertisement"), \
	STOCK_STATE(family, "counter/tx/" announcement), \
	STOCK_STATE(family, "counter/rx/advertisement")

#define OUR_FAMILY(family) \
	LEAF_LIST(GROUP(#family "/frr-crossvip:peer"), peer), \
	OPTIONAL_LEAF(GROUP(#family "/frr-crossvip:source"), source), \
	OPTIONAL_LEAF(GROUP(#family "/frr-crossvip:marker"), marker), \
	OUR_STATE(family, "marker-announced"), \
	OUR_STATE(family, "hold-reason"), \
	OUR_STATE(family, "hold-details"), \
	OUR_STATE(family, "draining"), \
	OUR_STATE(family, "drain-left"), \
	OUR_STATE(family, "warnings"), \
	OUR_STATE(family, "last-event"), \
	OUR_STATE(family, "new-active-reason"), \
	OUR_STATE(family, "hands-over"), \
	OUR_STATE(family, "yields"), \
	OUR_STATE(family, "up-time"), \
	OUR_STATE(family, "state-since"), \
	OUR_STATE(family, "last-adv-source"), \
	OUR_STATE(family, "last-adv-priority"), \
	OUR_STATE(family, "last-adv-age"), \
	OUR_STATE(family, "signing-key"), \
	OUR_STATE(family, "promises"), \
	OUR_STATE(family, "promises-needed"), \
	STATISTIC(family, "advertisement-rcvd"), \
	STATISTIC(family, "ip-ttl-errors"), \
	STATISTIC(family, "version-errors"), \
	STATISTIC(family, "invalid-type-pkts-rcvd"), \
	STATISTIC(family, "packet-length-errors"), \
	STATISTIC(family, "checksum-errors"), \
	STATISTIC(family, "vrid-errors"), \
	STATISTIC(family, "address-count-errors"), \
	STATISTIC(family, "interval-errors"), \
	STATISTIC(family, "auth-type-errors"), \
	STATISTIC(family, "address-list-errors"), \
	STATISTIC(family, "mode-mismatch-errors"), \
	STATISTIC(family, "peer-source-errors"), \
	STATISTIC(family, "auth-missing-errors"), \
	STATISTIC(family, "auth-key-errors"), \
	STATISTIC(family, "auth-key-unusable-errors"), \
	STATISTIC(family, "auth-key-expired-errors"), \
	STATISTIC(family, "auth-clock-errors"), \
	STATISTIC(family, "auth-replay-errors"), \
	STATISTIC(family, "auth-digest-errors"), \
	STATISTIC(family, "advertisement-sent"), \
	STATISTIC(family, "priority-zero-pkts-rcvd"), \
	STATISTIC(family, "priority-zero-pkts-sent"), \
	STATISTIC(family, "active-transitions"), \
	STATISTIC(family, "state-transitions"), \
	STATISTIC(family, "checksum-message-rcvd"), \
	STATISTIC(family, "checksum-pseudo-header-rcvd"), \
	STATISTIC(family, "interval-differences"), \
	STATISTIC(family, "address-list-differences"), \
	STATISTIC(family, "link-local-differences"), \
	STATISTIC(family, "interval-disbelieved"), \
	STATISTIC(family, "split-advertisements"), \
	STATISTIC(family, "announcements-sent"), \
	STATISTIC(family, "addresses-restored"), \
	STATISTIC(family, "send-errors"), \
	STATISTIC(family, "sent-late"), \
	{ \
		.xpath = GROUP(#family "/frr-crossvip:peer-statistics"), \
		.cbs = { \
			.get_next = vrrp_nb_##family##_peer_get_next, \
			.get_keys = vrrp_nb_peer_get_keys, \
			.lookup_entry = vrrp_nb_##family##_peer_lookup_entry, \
		}, \
	}, \
	PEER_STATE(family, "address"), \
	PEER_STATE(family, "advertisement-sent"), \
	PEER_STATE(family, "advertisement-rcvd"), \
	PEER_STATE(family, "ttl"), \
	PEER_STATE(family, "priority"), \
	PEER_STATE(family, "age"), \
	PEER_STATE(family, "bfd-state")

/* What a group tracks: a list of each kind, read as a whole when the group is applied. */
#define TRACK(list) OURS("track/" list)
#define TRACK_LIST(list) \
	{ \
		.xpath = TRACK(list), \
		.cbs = { \
			.create = vrrp_nb_track_create, \
			.destroy = vrrp_nb_kept_destroy, \
			.cli_show = vrrp_cli_show_track, \
		}, \
	}, \
	{ \
		.xpath = TRACK(list "/priority-decrement"), \
		.cbs = { \
			.modify = vrrp_nb_track_decrement_modify, \
			.destroy = vrrp_nb_kept_destroy, \
		}, \
	}, \
	READ_LEAF(TRACK(list "/delay-up")), \
	READ_LEAF(TRACK(list "/delay-down"))

/* Load balancing. Leaves are read with their service, or with the whole container. */
#define IPVS(leaf) VRRP_XPATH_IPVS "/" leaf
#define SERVICE(leaf) VRRP_XPATH_SERVICE "/" leaf
#define SERVER(leaf) VRRP_XPATH_SERVER "/" leaf

/* A leaf that is shown in the line of another node. */
#define READ_LEAF(path) { .xpath = path, .cbs = { .modify = vrrp_nb_kept_modify } }
#define READ_OPTIONAL_LEAF(path) \
	{ \
		.xpath = path, \
		.cbs = { .modify = vrrp_nb_kept_modify, .destroy = vrrp_nb_kept_destroy }, \
	}

/* A leaf that has a line. */
#define READ_LINE(path, name) \
	{ \
		.xpath = path, \
		.cbs = { .modify = vrrp_nb_kept_modify, .cli_show = vrrp_cli_show_##name }, \
	}
#define READ_OPTIONAL_LINE(path, name) \
	{ \
		.xpath = path, \
		.cbs = { \
			.modify = vrrp_nb_kept_modify, \
			.destroy = vrrp_nb_kept_destroy, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
	}
#define READ_PRESENCE(path, name) \
	{ \
		.xpath = path, \
		.cbs = { \
			.create = vrrp_nb_kept_create, \
			.destroy = vrrp_nb_kept_destroy, \
			.cli_show = vrrp_cli_show_##name, \
		}, \
	}

/* What a check of servers and one of groups have alike. */
#define READ_CHECK_WORDS(of) \
	READ_OPTIONAL_LEAF(of("check/status")), \
	READ_OPTIONAL_LEAF(of("check/sni")), \
	READ_OPTIONAL_LEAF(of("check/ca-file")), \
	READ_OPTIONAL_LEAF(of("check/query")), \
	READ_OPTIONAL_LEAF(of("check/type")), \
	READ_OPTIONAL_LEAF(of("check/payload")), \
	READ_OPTIONAL_LEAF(of("check/reply")), \
	READ_OPTIONAL_LEAF(of("check/helo")), \
	READ_OPTIONAL_LEAF(of("check/arguments"))

#define READ_CHECK(of) \
	READ_PRESENCE(of("check"), ipvs_check), \
	READ_LEAF(of("check/kind")), \
	READ_LEAF(of("check/path")), \
	READ_LEAF(of("check/interval")), \
	READ_LEAF(of("check/timeout")), \
	READ_LEAF(of("check/fall")), \
	READ_LEAF(of("check/rise")), \
	READ_OPTIONAL_LEAF(of("check/port")), \
	READ_OPTIONAL_LEAF(of("check/source")), \
	READ_OPTIONAL_LEAF(of("check/host")), \
	READ_OPTIONAL_LEAF(of("check/match")), \
	READ_OPTIONAL_LEAF(of("check/keepalive-time")), \
	READ_CHECK_WORDS(of)

#define SERVICE_STATE(leaf) STATE(SERVICE(leaf), vrrp_nb_service_get_elem)
#define SERVER_STATE(leaf) STATE(SERVER(leaf), vrrp_nb_server_get_elem)

#define IPVS_STATISTICS(state) \
	state("statistics/connections"), \
	state("statistics/packets-in"), \
	state("statistics/packets-out"), \
	state("statistics/bytes-in"), \
	state("statistics/bytes-out"), \
	state("statistics/connection-rate"), \
	state("statistics/packet-rate-in"), \
	state("statistics/packet-rate-out"), \
	state("statistics/byte-rate-in"), \
	state("statistics/byte-rate-out")

#define SERVER_NODES \
	{ \
		.xpath = VRRP_XPATH_SERVER, \
		.cbs = { \
			.create = vrrp_nb_kept_create, \
			.destroy = vrrp_nb_kept_destroy, \
			.cli_show = vrrp_cli_show_ipvs_server, \
			.get_next = vrrp_nb_server_get_next, \
			.get_keys = vrrp_nb_server_get_keys, \
			.lookup_entry = vrrp_nb_server_lookup_entry, \
		}, \
	}, \
	READ_LEAF(SERVER("weight")), \
	READ_LEAF(SERVER("pool")), \
	READ_LEAF(SERVER("forwarding")), \
	READ_LEAF(SERVER("encapsulation")), \
	READ_OPTIONAL_LEAF(SERVER("gue-port")), \
	READ_LEAF(SERVER("upper-threshold")), \
	READ_LEAF(SERVER("lower-threshold")), \
	READ_CHECK(SERVER), \
	SERVER_STATE("health"), \
	SERVER_STATE("health-reason"), \
	SERVER_STATE("health-since"), \
	SERVER_STATE("checks-good"), \
	SERVER_STATE("checks-failed"), \
	SERVER_STATE("effective-weight"), \
	SERVER_STATE("active-connections"), \
	SERVER_STATE("inactive-connections"), \
	SERVER_STATE("error"), \
	IPVS_STATISTICS(SERVER_STATE)

#define SERVICE_NODES \
	{ \
		.xpath = VRRP_XPATH_SERVICE, \
		.cbs = { \
			.create = vrrp_nb_service_create, \
			.destroy = vrrp_nb_service_destroy, \
			.pre_validate = vrrp_nb_service_pre_validate, \
			.apply_finish = vrrp_nb_service_apply_finish, \
			.get_next = vrrp_nb_service_get_next, \
			.get_keys = vrrp_nb_service_get_keys, \
			.lookup_entry = vrrp_nb_service_lookup_entry, \
		}, \
	}, \
	READ_PRESENCE(SERVICE("socket"), ipvs_socket), \
	READ_LEAF(SERVICE("socket/protocol")), \
	READ_LEAF(SERVICE("socket/address")), \
	READ_LEAF(SERVICE("socket/port")), \
	READ_PRESENCE(SERVICE("address"), ipvs_address), \
	READ_OPTIONAL_LEAF(SERVICE("address/last-port")), \
	READ_PRESENCE(SERVICE("firewall-mark"), ipvs_fwmark), \
	READ_LEAF(SERVICE("firewall-mark/mark")), \
	READ_LEAF(SERVICE("firewall-mark/family")), \
	{ \
		.xpath = SERVICE("scheduler"), \
		.cbs = { .cli_show = vrrp_cli_show_ipvs_scheduler }, \
	}, \
	READ_LEAF(SERVICE("scheduler/name")), \
	READ_LEAF(SERVICE("scheduler/fallback")), \
	READ_LEAF(SERVICE("scheduler/by-port")), \
	READ_OPTIONAL_LINE(SERVICE("persistent"), ipvs_persistent), \
	READ_LINE(SERVICE("one-packet"), ipvs_switch), \
	READ_LINE(SERVICE("always"), ipvs_switch), \
	READ_LINE(SERVICE("survive"), ipvs_switch), \
	READ_LINE(SERVICE("quorum"), ipvs_quorum), \
	READ_OPTIONAL_LINE(SERVICE("slow-start"), ipvs_slow_start), \
	{ \
		.xpath = SERVICE("backup-pool"), \
		.cbs = { .cli_show = vrrp_cli_show_ipvs_pool }, \
	}, \
	READ_LEAF(SERVICE("backup-pool/threshold")), \
	READ_LEAF(SERVICE("backup-pool/hold")), \
	READ_LINE(SERVICE("inhibit"), ipvs_switch), \
	READ_PRESENCE(SERVICE("sorry-server"), ipvs_sorry), \
	READ_LEAF(SERVICE("sorry-server/address")), \
	READ_LEAF(SERVICE("sorry-server/port")), \
	READ_LEAF(SERVICE("sorry-server/forwarding")), \
	READ_CHECK(SERVICE), \
	SERVER_NODES, \
	SERVICE_STATE("group-interface"), \
	SERVICE_STATE("group-vrid"), \
	SERVICE_STATE("state"), \
	SERVICE_STATE("error"), \
	SERVICE_STATE("masquerade-rule"), \
	SERVICE_STATE("weight-up"), \
	SERVICE_STATE("servers-hash"), \
	SERVICE_STATE("servers-differ"), \
	SERVICE_STATE("server-transitions"), \
	SERVICE_STATE("quorum-losses"), \
	IPVS_STATISTICS(SERVICE_STATE)

const struct frr_yang_module_info frr_vrrpd_info = {
	.name = "frr-vrrpd",
	.nodes = {
		{
			.xpath = VRRP_XPATH_GROUPS,
			.cbs = {
				.create = vrrp_nb_group_create,
				.destroy = vrrp_nb_group_destroy,
				.apply_finish = vrrp_nb_group_apply_finish,
				.get_next = vrrp_nb_group_get_next,
				.get_keys = vrrp_nb_group_get_keys,
				.lookup_entry = vrrp_nb_group_lookup_entry,
				.cli_show = vrrp_cli_show_group,
			},
		},
		{
			.xpath = GROUP("version"), /* shown with the group */
			.cbs = { .modify = vrrp_nb_version_modify },
		},
		LEAF(GROUP("priority"), priority),
		LEAF(GROUP("preempt"), preempt),
		LEAF(GROUP("accept-mode"), accept_mode),
		LEAF(GROUP("checksum-with-ipv4-pseudoheader"), checksum),
		LEAF(GROUP("advertisement-interval"), interval),
		LEAF(GROUP("shutdown"), shutdown),
		STOCK_FAMILY(v4, "gratuitous-arp"),
		STOCK_FAMILY(v6, "neighbor-advertisement"),
		{},
	},
};

const struct frr_yang_module_info frr_crossvip_info = {
	.name = "frr-crossvip",
	.nodes = {
		{
			.xpath = OURS("placement"), /* shown with the group */
			.cbs = {
				.modify = vrrp_nb_placement_modify,
				.destroy = vrrp_nb_placement_destroy,
			},
		},
		LEAF(OURS("preempt-delay"), preempt_delay),
		LEAF(OURS("preempt-settle"), preempt_settle),
		LEAF(OURS("startup-hold"), startup_hold),
		LEAF(OURS("drain"), drain),
		LEAF(OURS("version-2-compatible"), version_2_too),
		OPTIONAL_LEAF(OURS("description"), description),
		OPTIONAL_LEAF(OURS("sync-group"), sync_group),
		LEAF(OURS("sync-families"), sync_families),
		OPTIONAL_LEAF(OURS("ttl-security-hops"), ttl_hops),
		{
			.xpath = OURS("announce"), /* one line for both of its leaves */
			.cbs = { .cli_show = vrrp_cli_show_announce },
		},
		{
			.xpath = OURS("announce/metric"),
			.cbs = { .modify = vrrp_nb_announce_metric_modify },
		},
		{
			.xpath = OURS("announce/tag"),
			.cbs = {
				.modify = vrrp_nb_announce_tag_modify,
				.destroy = vrrp_nb_announce_tag_destroy,
			},
		},
		LEAF(OURS("announce-when"), when),
		{
			.xpath = OURS("standby-route"), /* one line for all of it */
			.cbs = {
				.create = vrrp_nb_standby_create,
				.destroy = vrrp_nb_standby_destroy,
				.cli_show = vrrp_cli_show_standby,
			},
		},
		{
			.xpath = OURS("standby-route/metric"),
			.cbs = { .modify = vrrp_nb_standby_metric_modify },
		},
		{
			.xpath = OURS("standby-route/tag"),
			.cbs = {
				.modify = vrrp_nb_standby_tag_modify,
				.destroy = vrrp_nb_standby_tag_destroy,
			},
		},
		{
			.xpath = OURS("bfd"), /* one line for all of it */
			.cbs = {
				.create = vrrp_nb_bfd_create,
				.destroy = vrrp_nb_bfd_destroy,
				.cli_show = vrrp_cli_show_bfd,
			},
		},
		{
			.xpath = OURS("bfd/profile"),
			.cbs = {
				.modify = vrrp_nb_bfd_profile_modify,
				.destroy = vrrp_nb_bfd_profile_destroy,
			},
		},
		{
			.xpath = OURS("bfd/strict"),
			.cbs = { .modify = vrrp_nb_bfd_strict_modify },
		},
		{
			.xpath = OURS("authentication"), /* one line for all of it */
			.cbs = {
				.create = vrrp_nb_auth_create,
				.destroy = vrrp_nb_auth_destroy,
				.cli_show = vrrp_cli_show_authentication,
			},
		},
		{
			.xpath = OURS("authentication/key-chain"),
			.cbs = { .modify = vrrp_nb_auth_chain_modify },
		},
		{
			.xpath = OURS("authentication/mode"),
			.cbs = { .modify = vrrp_nb_auth_mode_modify },
		},
		{
			.xpath = OURS("authentication/anti-replay"),
			.cbs = { .modify = vrrp_nb_auth_replay_modify },
		},
		{
			.xpath = OURS("authentication/window"),
			.cbs = {
				.modify = vrrp_nb_auth_window_modify,
				.destroy = vrrp_nb_auth_window_destroy,
			},
		},
		{
			.xpath = OURS("witness"), /* one line for all of it */
			.cbs = {
				.create = vrrp_nb_witness_create,
				.destroy = vrrp_nb_witness_destroy,
				.cli_show = vrrp_cli_show_witness,
			},
		},
		{
			.xpath = OURS("witness/address"),
			.cbs = {
				.create = vrrp_nb_witness_address_create,
				.destroy = vrrp_nb_witness_address_destroy,
			},
		},
		{
			.xpath = OURS("witness/port"),
			.cbs = { .modify = vrrp_nb_witness_port_modify },
		},
		{
			.xpath = OURS("witness/lease"),
			.cbs = { .modify = vrrp_nb_witness_lease_modify },
		},
		{
			.xpath = OURS("witness/name"),
			.cbs = {
				.modify = vrrp_nb_witness_name_modify,
				.destroy = vrrp_nb_witness_name_destroy,
			},
		},
		TRACK_LIST("interfaces/interface"),
		TRACK_LIST("networks/network"),
		READ_OPTIONAL_LEAF(TRACK("networks/network/protocol")),
		TRACK_LIST("files/file"),
		TRACK_LIST("checks/check"),
		TRACK_LIST("services/service"),
		OUR_FAMILY(v4),
		OUR_FAMILY(v6),
		{
			.xpath = VRRP_XPATH_GLOBAL,
			.cbs = { .apply_finish = vrrp_nb_global_apply_finish },
			.priority = FIRST,
		},
		GLOBAL_LEAF("vip-interface", vip_interface),
		GLOBAL_LEAF("route-table", route_table),
		{
			.xpath = GLOBAL("vrf"),
			.cbs = { .create = vrrp_nb_kept_create, .destroy = vrrp_nb_vrf_destroy },
			.priority = FIRST,
		},
		GLOBAL_OPTIONAL_LEAF("vrf/vip-interface", vrf_vip_interface),
		GLOBAL_OPTIONAL_LEAF("vrf/route-table", vrf_route_table),
		GLOBAL_LEAF("address-lease", address_lease),
		GLOBAL_LEAF("startup-delay", startup_delay),
		GLOBAL_LEAF("guardian", guardian),
		GLOBAL_OPTIONAL_LEAF("metrics-file", metrics_file),
		GLOBAL_OPTIONAL_LEAF("events-socket", events_socket),
		GLOBAL_OPTIONAL_LEAF("autoconfigure", autoconfigure),
		{
			.xpath = GLOBAL("check"), /* one line for all of it */
			.cbs = {
				.create = vrrp_nb_check_create,
				.destroy = vrrp_nb_kept_destroy,
				.cli_show = vrrp_cli_show_check,
			},
			.priority = FIRST,
		},
		READ_LEAF(GLOBAL("check/kind")),
		READ_OPTIONAL_LEAF(GLOBAL("check/address")),
		READ_OPTIONAL_LEAF(GLOBAL("check/port")),
		READ_LEAF(GLOBAL("check/interval")),
		READ_LEAF(GLOBAL("check/timeout")),
		READ_LEAF(GLOBAL("check/fall")),
		READ_LEAF(GLOBAL("check/rise")),
		READ_OPTIONAL_LEAF(GLOBAL("check/source")),
		READ_OPTIONAL_LEAF(GLOBAL("check/path")),
		READ_OPTIONAL_LEAF(GLOBAL("check/host")),
		READ_OPTIONAL_LEAF(GLOBAL("check/vrf")),
		READ_CHECK_WORDS(GLOBAL),
		DEFAULT_LEAF("priority", priority, priority),
		DEFAULT_LEAF("advertisement-interval", interval, interval),
		DEFAULT_LEAF("preempt", preempt, switch),
		DEFAULT_LEAF("checksum-with-ipv4-pseudoheader", checksum, switch),
		DEFAULT_LEAF("shutdown", shutdown, switch),
		{
			.xpath = VRRP_XPATH_IPVS,
			.cbs = {
				.pre_validate = vrrp_nb_ipvs_pre_validate,
				.apply_finish = vrrp_nb_ipvs_apply_finish,
			},
		},
		STATE(IPVS("sync-role"), vrrp_nb_ipvs_get_elem),
		STATE(IPVS("sync-settle-left"), vrrp_nb_ipvs_get_elem),
		STATE(IPVS("sync-transfer"), vrrp_nb_ipvs_get_elem),
		STATE(IPVS("sync-transfer-connections"), vrrp_nb_ipvs_get_elem),
		READ_PRESENCE(IPVS("sync-daemon"), ipvs_sync),
		READ_LEAF(IPVS("sync-daemon/interface")),
		READ_LEAF(IPVS("sync-daemon/sync-id")),
		READ_LEAF(IPVS("sync-daemon/settle")),
		READ_OPTIONAL_LINE(IPVS("timeouts/tcp"), ipvs_timeout),
		READ_OPTIONAL_LINE(IPVS("timeouts/tcp-fin"), ipvs_timeout),
		READ_OPTIONAL_LINE(IPVS("timeouts/udp"), ipvs_timeout),
		SERVICE_NODES,
		{},
	},
};
/* clang-format on */
