/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The northbound of the daemon: the binding of the YANG models to the code.
 *
 * vrrp_nb_table.c  the two tables that bind schema nodes to callbacks
 * vrrp_nb_config.c configuration: writes the data model of vrrp_group.h
 * vrrp_nb_state.c  operational data: reads it
 * vrrp_nb_check.c  validation, and its error messages
 *
 * vrrp_main.c lists, in this order:
 *	&frr_filter_info, &frr_vrf_info, &frr_interface_info, &frr_vrrpd_info, &frr_crossvip_info
 */
#ifndef VRRP_NB_H
#define VRRP_NB_H

#include <zebra.h>

#include "northbound.h"

#include "vrrp_group.h"

#define VRRP_XPATH_GROUPS   "/frr-interface:lib/interface/frr-vrrpd:vrrp/vrrp-group"
#define VRRP_XPATH_GLOBAL   "/frr-crossvip:vrrp"
#define VRRP_XPATH_DEFAULTS VRRP_XPATH_GLOBAL "/defaults"

/* Called by vrrp_cli_init(). */
void vrrp_nb_init(void);

/* --- the tree ----------------------------------------------------------- */

/* The vrrp-group that the node is, or is part of. */
const struct lyd_node *vrrp_nb_group(const struct lyd_node *dnode);
/* The child of this name; NULL when there is none, or no parent. */
const struct lyd_node *vrrp_nb_child(const struct lyd_node *parent, const char *name);
/*
 * The container "vrrp" of global configuration; an interface by its key, as in "[name='eth0']";
 * a group on it. NULL when there is none, or no interface. Any node of the configuration may be
 * passed.
 */
const struct lyd_node *vrrp_nb_global(const struct lyd_node *config);
const struct lyd_node *vrrp_nb_interface(const struct lyd_node *config, const char *key);
const struct lyd_node *vrrp_nb_group_on(const struct lyd_node *interface, uint8_t vrid);
/* The groups of a configuration, one after another; NULL: the first, or no more. */
const struct lyd_node *vrrp_nb_next_group(const struct lyd_node *config,
					  const struct lyd_node *group);
/* The value of that child; "" when there is none. */
const char *vrrp_nb_value(const struct lyd_node *parent, const char *name);
/*
 * Iterates over the leaves of "vrrp default" that differ from the model's defaults: returns
 * the one after previous (NULL: the first), or NULL at the end. Leaves of a group have the
 * same names. Any node of the configuration may be passed.
 */
const struct lyd_node *vrrp_nb_next_default(const struct lyd_node *config,
					    const struct lyd_node *dnode);
/* The group's container of a family; NULL when there is none, or no group. */
const struct lyd_node *vrrp_nb_family(const struct lyd_node *group, enum vrrp_family family);
/* True when this address is in the leaf-list, or the leaf, of this name. */
bool vrrp_nb_has_address(const struct lyd_node *group, const char *name,
			 const struct vrrp_addr *address);
/* True when the marker of the group is this prefix. */
bool vrrp_nb_has_marker(const struct lyd_node *group, const struct prefix *marker);
/* True when the group tracks the route to this prefix in this VRF; "": the default one. */
bool vrrp_nb_tracks_route(const struct lyd_node *group, const char *vrf,
			  const struct prefix *prefix);
/* Keys of a vrrp-group. */
const char *vrrp_nb_ifname(const struct lyd_node *group);
uint8_t vrrp_nb_vrid(const struct lyd_node *group);

/* --- checks ------------------------------------------------------------- */

/* Octets of a buffer for a check's error message. */
#define VRRP_REASON_SIZE 256

/*
 * The group in a candidate configuration that a new value is for. Checks look at the rest
 * of the candidate and at libfrr's interfaces. A value is not refused for a fact that
 * cannot be known yet.
 */
struct vrrp_scope {
	const struct lyd_node *config; /* any node of the candidate */
	const struct lyd_node *group;  /* NULL: the group is about to be made */
	const char *ifname;
	uint8_t vrid;
	/*
	 * The value is read from a file. It is not refused for a state of the host that may
	 * pass: addresses, links, autoconfigured groups. vrrp_misfit.c warns of these.
	 */
	bool host_may_change;
	const char *placement; /* typed; NULL: what the candidate has */
};

/* Puts "vrrp IFNAME VRID: ..." into reason; false, which is what a check returns then. */
bool vrrp_nb_refuse(const struct vrrp_scope *scope, char *reason, size_t size, const char *format,
		    ...) PRINTFRR(4, 5);

/* The reason why this is not a host's address, as in "192.0.2.1 is ..."; "" when it is. */
const char *vrrp_check_not_a_host(const struct vrrp_addr *address);

/* True when the address is the host's own, or in the subnet of an interface. */
bool vrrp_check_on_link(const struct vrrp_addr *address);

/* True when neither the kernel nor zebra knows of an interface of this name. */
bool vrrp_check_interface_missing(const char *ifname);

/* Each returns true when the value is valid; else false, and a sentence that names the object. */
typedef bool (*vrrp_address_check)(const struct vrrp_scope *scope, const struct vrrp_addr *address,
				   char *reason, size_t size);

bool vrrp_check_vip(const struct vrrp_scope *scope, const struct vrrp_addr *vip, char *reason,
		    size_t size);
bool vrrp_check_peer(const struct vrrp_scope *scope, const struct vrrp_addr *peer, char *reason,
		     size_t size);
bool vrrp_check_source(const struct vrrp_scope *scope, const struct vrrp_addr *source, char *reason,
		       size_t size);
bool vrrp_check_priority(const struct vrrp_scope *scope, uint8_t priority, char *reason,
			 size_t size);
bool vrrp_check_version(const struct vrrp_scope *scope, uint8_t version, char *reason, size_t size);
bool vrrp_check_version_2_too(const struct vrrp_scope *scope, bool wanted, char *reason,
			      size_t size);
/* Checks the preemption delay and settle against preempt, all from the candidate. */
bool vrrp_check_preempt(const struct vrrp_scope *scope, char *reason, size_t size);
/*
 * vrrp_nb_check_lan.c: some commands are not for VIPs on a LAN, where two routers may not have one
 * at once. Their values are checked against the candidate's placement; 0: not configured.
 */
bool vrrp_check_drain(const struct vrrp_scope *scope, unsigned long msec, char *reason, size_t size);
bool vrrp_check_settle(const struct vrrp_scope *scope, unsigned long msec, char *reason,
		       size_t size);
/* Metrics of a Backup's routes and of the Active router's, which must be better. */
bool vrrp_check_standby(const struct vrrp_scope *scope, unsigned long metric,
			unsigned long active_metric, char *reason, size_t size);
/* Whether a Backup has the VIPs too ("vrrp N announce when"), against what that excludes. */
bool vrrp_check_healthy(const struct vrrp_scope *scope, bool is_healthy,
			unsigned long standby_metric, char *reason, size_t size);
/* All of that, as the candidate has it. */
bool vrrp_check_off_lan(const struct vrrp_scope *scope, char *reason, size_t size);

/* The metrics of a group in the candidate; 0: none. */
unsigned long vrrp_nb_standby_metric(const struct lyd_node *group);
unsigned long vrrp_nb_active_metric(const struct lyd_node *group);
/* Whether a Backup of it announces while healthy. */
bool vrrp_nb_is_healthy(const struct lyd_node *group);
/* Whether this can be a name of what: printable, without blanks, and with the final zero of this size. */
bool vrrp_check_name(const struct vrrp_scope *scope, const char *what, const char *name,
		     size_t size_max, char *reason, size_t size);
bool vrrp_check_bfd_profile(const struct vrrp_scope *scope, const char *profile, char *reason,
			    size_t size);
bool vrrp_check_key_chain(const struct vrrp_scope *scope, const char *chain, char *reason,
			  size_t size);
/* VRRPv2 has none that is worth its name. */
bool vrrp_check_authentication(const struct vrrp_scope *scope, char *reason, size_t size);
bool vrrp_check_group(const struct vrrp_scope *scope, char *reason, size_t size);

bool vrrp_check_interval(const struct vrrp_scope *scope, unsigned long interval_cs, char *reason,
			 size_t size);
bool vrrp_check_interval_ms(long interval_ms, char *reason, size_t size);
/* True when the configuration has it for the VIP interface of a VRF. */
bool vrrp_nb_is_vip_interface(const struct lyd_node *config, const char *ifname);
/* True for an interface of this host that is there for virtual addresses, whoever has made it. */
bool vrrp_check_carries_vips(const char *ifname);
/* For a VRF; "": the default one. host_may_change: see struct vrrp_scope. */
bool vrrp_check_vip_interface(const struct lyd_node *config, const char *vrf, const char *ifname,
			      bool host_may_change, char *reason, size_t size);
bool vrrp_check_route_table(const struct lyd_node *config, const char *vrf, uint16_t table,
			    char *reason, size_t size);
bool vrrp_check_address_lease(uint16_t seconds, char *reason, size_t size);

/*
 * True, with a warning, for a VIP that is valid but hardly works as meant: one on the VIP
 * interface that lies in the subnet of another interface, or one on a virtual MAC that the
 * group's interface, ifname, has as well (RFC 9568 section 8.1.2).
 */
bool vrrp_vip_warning(enum vrrp_placement placement, const char *ifname,
		      const struct vrrp_addr *vip, char *reason, size_t size);

/* --- counters ------------------------------------------------------------- */

/* A counter of struct vrrp_stats that is not a verdict (those are in vrrp_verdicts[]). */
struct vrrp_counter {
	const char *yang;
	const char *json;
	const char *text;
	size_t offset; /* of a uint64_t in struct vrrp_stats */
};

/* The last entry has yang NULL. */
extern const struct vrrp_counter vrrp_counters[];

static inline uint64_t vrrp_counter_value(const struct vrrp_counter *counter,
					  const struct vrrp_stats *stats)
{
	return *(const uint64_t *)((const char *)stats + counter->offset);
}

/* Formats the time when the router entered its state: RFC 3339, UTC. Returns buf. */
#define VRRP_SINCE_STRLEN 32
const char *vrrp_nb_since(const struct vrrp_router *router, char buf[VRRP_SINCE_STRLEN]);

/* The priority in the election; the configured one while the router takes no part. */
uint8_t vrrp_nb_priority(const struct vrrp_router *router);

/* --- operational data ------------------------------------------------------ */

/* The last name of a path: "leaf" of "/a/b/module:leaf" and of "/a/b/leaf". */
const char *vrrp_nb_leaf_name(const char *xpath);
/* A string as YANG data; NULL, which means no data, for "" and NULL. */
struct yang_data *vrrp_nb_text(const char *xpath, const char *value);

/* --- callbacks ------------------------------------------------------------ */

int vrrp_nb_group_create(struct nb_cb_create_args *args);
int vrrp_nb_group_destroy(struct nb_cb_destroy_args *args);
void vrrp_nb_group_apply_finish(struct nb_cb_apply_finish_args *args);
int vrrp_nb_version_modify(struct nb_cb_modify_args *args);
int vrrp_nb_priority_modify(struct nb_cb_modify_args *args);
int vrrp_nb_preempt_modify(struct nb_cb_modify_args *args);
int vrrp_nb_preempt_delay_modify(struct nb_cb_modify_args *args);
int vrrp_nb_preempt_settle_modify(struct nb_cb_modify_args *args);
int vrrp_nb_startup_hold_modify(struct nb_cb_modify_args *args);
int vrrp_nb_drain_modify(struct nb_cb_modify_args *args);
int vrrp_nb_accept_mode_modify(struct nb_cb_modify_args *args);
int vrrp_nb_checksum_modify(struct nb_cb_modify_args *args);
int vrrp_nb_interval_modify(struct nb_cb_modify_args *args);
int vrrp_nb_shutdown_modify(struct nb_cb_modify_args *args);
int vrrp_nb_version_2_too_modify(struct nb_cb_modify_args *args);
int vrrp_nb_sync_group_modify(struct nb_cb_modify_args *args);
int vrrp_nb_sync_group_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_sync_families_modify(struct nb_cb_modify_args *args);
int vrrp_nb_description_modify(struct nb_cb_modify_args *args);
int vrrp_nb_description_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_ttl_hops_modify(struct nb_cb_modify_args *args);
int vrrp_nb_ttl_hops_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_placement_modify(struct nb_cb_modify_args *args);
int vrrp_nb_placement_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_announce_metric_modify(struct nb_cb_modify_args *args);
int vrrp_nb_announce_tag_modify(struct nb_cb_modify_args *args);
int vrrp_nb_announce_tag_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_when_modify(struct nb_cb_modify_args *args);
int vrrp_nb_standby_create(struct nb_cb_create_args *args);
int vrrp_nb_standby_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_standby_metric_modify(struct nb_cb_modify_args *args);
int vrrp_nb_standby_tag_modify(struct nb_cb_modify_args *args);
int vrrp_nb_standby_tag_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_marker_modify(struct nb_cb_modify_args *args);
int vrrp_nb_marker_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_bfd_create(struct nb_cb_create_args *args);
int vrrp_nb_bfd_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_bfd_profile_modify(struct nb_cb_modify_args *args);
int vrrp_nb_bfd_profile_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_bfd_strict_modify(struct nb_cb_modify_args *args);
int vrrp_nb_auth_create(struct nb_cb_create_args *args);
int vrrp_nb_auth_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_auth_chain_modify(struct nb_cb_modify_args *args);
int vrrp_nb_auth_mode_modify(struct nb_cb_modify_args *args);
int vrrp_nb_auth_replay_modify(struct nb_cb_modify_args *args);
int vrrp_nb_auth_window_modify(struct nb_cb_modify_args *args);
int vrrp_nb_auth_window_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_witness_create(struct nb_cb_create_args *args);
int vrrp_nb_witness_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_witness_address_create(struct nb_cb_create_args *args);
int vrrp_nb_witness_address_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_witness_port_modify(struct nb_cb_modify_args *args);
int vrrp_nb_witness_lease_modify(struct nb_cb_modify_args *args);
int vrrp_nb_witness_name_modify(struct nb_cb_modify_args *args);
int vrrp_nb_witness_name_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_vip_create(struct nb_cb_create_args *args);
int vrrp_nb_vip_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_peer_create(struct nb_cb_create_args *args);
int vrrp_nb_peer_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_source_modify(struct nb_cb_modify_args *args);
int vrrp_nb_source_destroy(struct nb_cb_destroy_args *args);

void vrrp_nb_global_apply_finish(struct nb_cb_apply_finish_args *args);
int vrrp_nb_vip_interface_modify(struct nb_cb_modify_args *args);
int vrrp_nb_route_table_modify(struct nb_cb_modify_args *args);
int vrrp_nb_vrf_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_vrf_vip_interface_modify(struct nb_cb_modify_args *args);
int vrrp_nb_vrf_vip_interface_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_vrf_route_table_modify(struct nb_cb_modify_args *args);
int vrrp_nb_vrf_route_table_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_address_lease_modify(struct nb_cb_modify_args *args);
int vrrp_nb_startup_delay_modify(struct nb_cb_modify_args *args);
int vrrp_nb_guardian_modify(struct nb_cb_modify_args *args);
int vrrp_nb_metrics_file_modify(struct nb_cb_modify_args *args);
int vrrp_nb_metrics_file_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_events_socket_modify(struct nb_cb_modify_args *args);
int vrrp_nb_events_socket_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_autoconfigure_modify(struct nb_cb_modify_args *args);
int vrrp_nb_autoconfigure_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_default_priority_modify(struct nb_cb_modify_args *args);
int vrrp_nb_default_interval_modify(struct nb_cb_modify_args *args);
int vrrp_nb_default_preempt_modify(struct nb_cb_modify_args *args);
int vrrp_nb_default_checksum_modify(struct nb_cb_modify_args *args);
int vrrp_nb_default_shutdown_modify(struct nb_cb_modify_args *args);
/* Do nothing: for nodes that are read from the configuration when they are needed. */
int vrrp_nb_kept_create(struct nb_cb_create_args *args);
int vrrp_nb_kept_modify(struct nb_cb_modify_args *args);
int vrrp_nb_kept_destroy(struct nb_cb_destroy_args *args);

const void *vrrp_nb_group_get_next(struct nb_cb_get_next_args *args);
int vrrp_nb_group_get_keys(struct nb_cb_get_keys_args *args);
const void *vrrp_nb_group_lookup_entry(struct nb_cb_lookup_entry_args *args);
const void *vrrp_nb_v4_peer_get_next(struct nb_cb_get_next_args *args);
const void *vrrp_nb_v6_peer_get_next(struct nb_cb_get_next_args *args);
int vrrp_nb_peer_get_keys(struct nb_cb_get_keys_args *args);
const void *vrrp_nb_v4_peer_lookup_entry(struct nb_cb_lookup_entry_args *args);
const void *vrrp_nb_v6_peer_lookup_entry(struct nb_cb_lookup_entry_args *args);
/* Answer for every leaf of a family, and of its peers, by the leaf's name. */
struct yang_data *vrrp_nb_v4_get_elem(struct nb_cb_get_elem_args *args);
struct yang_data *vrrp_nb_v6_get_elem(struct nb_cb_get_elem_args *args);
struct yang_data *vrrp_nb_peer_get_elem(struct nb_cb_get_elem_args *args);

#endif /* VRRP_NB_H */
