// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration commands of vrrpd.
 *
 * A command asks the checks of vrrp_nb.h first, then edits the candidate. Every
 * line that is shown can be typed again, and again with "no" before it; a "no" for
 * a group that does not exist does nothing, so that frr-reload may remove a group
 * and its lines in any order.
 *
 * "vrrp default" values are given to a group explicitly when a command creates it.
 * A group that has the model's default where "vrrp default" says otherwise must
 * therefore say so in its configuration, or reading that again would change it.
 */
#include <zebra.h>

#include "command.h"
#include "if.h"
#include "libfrr.h"
#include "log.h"
#include "northbound_cli.h"
#include "sockunion.h"
#include "vrf.h"

#include "vrrp_cli.h"
#include "vrrp_cli_private.h"
#include "vrrp_interface.h"
#include "vrrp_log.h"
#include "vrrp_nb.h"
#include "vrrp_nb_sync.h"
#include "vrrp_nb_track.h"
#include "vrrp_nb_witness.h"
#include "vrrp_next_hop.h"
#include "vrrp_session.h"
#include "vrrpd/face/vrrp_cli_clippy.c"

#define PEER_STR       "Another router of this virtual router, reached by unicast\n"
#define SOURCE_STR     "Source address of advertisements\n"
#define V4_STR	       "IPv4 address\n"
#define V6_STR	       "IPv6 address\n"
#define PLACEMENT_STR  "Choose the interface that the virtual addresses go on\n"
#define BFD_PEERS_STR  "Watch the peers by BFD\n"
#define BFD_WORD_STR   "BFD profile of the sessions (default: bfdd's defaults)\n"
#define BFD_NAME_STR   "Name of the profile in bfdd\n"
#define BFD_STRICT_STR "Take a session that goes down for the router's loss\n"
#define AUTH_STR       "Sign advertisements, and check those of others\n"
#define AUTH_CHAIN_STR                                                                             \
	"Keys of both\n"                                                                           \
	"Name of the key chain\n"
#define AUTH_MODE_STR                                                                              \
	"What is accepted, and what is signed (default enforce)\n"                                 \
	"Sign all, and accept what is signed\n"                                                    \
	"Sign all, and accept what is not signed too\n"                                            \
	"Sign nothing, and accept what is not signed too\n"
#define AUTH_REPLAY_STR                                                                            \
	"What keeps old advertisements from being sent again (default time)\n"                     \
	"The sender's clock, and its order\n"                                                      \
	"How far clocks may be off (default: three intervals, at least 5)\n"                       \
	"Seconds\n"                                                                                \
	"The order of the sender alone\n"

#define AUTH_XPATH  "./frr-crossvip:authentication"
#define GROUP_XPATH "./frr-vrrpd:vrrp/vrrp-group[virtual-router-id='%u']"

/* --- helpers --------------------------------------------------------------- */

bool vrrp_cli_is_from_file(const struct vty *vty)
{
	return vty->type == VTY_FILE || vty->pending_allowed;
}

struct vrrp_scope vrrp_cli_scope(struct vty *vty, uint8_t vrid)
{
	const struct lyd_node *config = vty->candidate_config->dnode;
	const char *key = strchr(VTY_CURR_XPATH, '['); /* of the list of interfaces */
	const struct lyd_node *interface = key ? vrrp_nb_interface(config, key) : NULL;

	return (struct vrrp_scope){
		.config = config,
		.group = vrrp_nb_group_on(interface, vrid),
		.ifname = vrrp_nb_value(interface, "name"),
		.vrid = vrid,
		.host_may_change = vrrp_cli_is_from_file(vty),
	};
}

static bool group_exists(struct vty *vty, uint8_t vrid)
{
	return vrrp_cli_scope(vty, vrid).group != NULL;
}

void vrrp_cli_say(struct vty *vty, const char *what, const char *sentence)
{
	if (vty->type == VTY_FILE)
		zlog_warn("%s", sentence);
	else
		vty_out(vty, "%% %s%s\n", what, sentence);
}

int vrrp_cli_refuse(struct vty *vty, const char *reason)
{
	vrrp_cli_say(vty, "", reason);
	return CMD_WARNING_CONFIG_FAILED;
}

/* The value of "vrrp default" for a leaf; NULL when it is the model's default. */
static const char *default_of(const struct lyd_node *config, const char *name)
{
	const struct lyd_node *defaults = vrrp_nb_child(vrrp_nb_global(config), "defaults");
	const struct lyd_node *dnode = vrrp_nb_child(defaults, name);

	return dnode && !yang_dnode_is_default(dnode, NULL) ? lyd_get_value(dnode) : NULL;
}

bool vrrp_cli_want_group(struct vty *vty, const struct vrrp_scope *scope)
{
	char reason[VRRP_REASON_SIZE], xpath[XPATH_MAXLEN];
	const struct lyd_node *dnode;

	if (scope->group)
		return true;
	if (!vrrp_check_group(scope, reason, sizeof(reason))) {
		vrrp_cli_refuse(vty, reason);
		return false;
	}
	vrrp_cli_warn_of_interface(vty, scope);
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	dnode = vrrp_nb_next_default(scope->config, NULL);
	for (; dnode; dnode = vrrp_nb_next_default(scope->config, dnode)) {
		snprintf(xpath, sizeof(xpath), "./%s", dnode->schema->name);
		nb_cli_enqueue_change(vty, xpath, NB_OP_MODIFY, lyd_get_value(dnode));
	}
	return true;
}

/* True when the running configuration has no line of the group except the one that makes it. */
static bool is_bare(const struct lyd_node *group)
{
	struct lyd_node *dnode;
	bool bare = true;

	LYD_TREE_DFS_BEGIN (group, dnode) {
		if (dnode->schema->nodetype == LYS_LEAFLIST ||
		    (dnode->schema->nodetype == LYS_LIST && dnode != group))
			bare = false;
		else if (dnode->schema->nodetype == LYS_LEAF && !lysc_is_key(dnode->schema))
			bare = bare && yang_dnode_is_default(dnode, NULL);
		LYD_TREE_DFS_END(group, dnode);
	}
	return bare;
}

/*
 * frr-reload removes a group by taking all its lines back. It also sends "no vrrp N version 2",
 * which sets version 3 in a group that stays. So the group goes with the last of its lines.
 */
static int drop_if_bare(struct vty *vty, uint8_t vrid)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);

	if (!scope.group || !is_bare(scope.group))
		return CMD_SUCCESS;
	vty->num_cfg_changes = 0;
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return vrrp_session_apply(vty, GROUP_XPATH, vrid);
}

int vrrp_cli_apply(struct vty *vty, uint8_t vrid)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	const struct vrrp_group *group;
	int result;

	if (!scope.ifname[0]) /* another session removed the interface: libfrr says so */
		return nb_cli_apply_changes(vty, GROUP_XPATH, vrid);
	result = vrrp_session_apply(vty, GROUP_XPATH, vrid);
	if (result != CMD_SUCCESS)
		return result;
	group = vrrp_group_find(scope.ifname, vrid);
	return group && group->line_is_gone ? drop_if_bare(vty, vrid) : CMD_SUCCESS;
}

/* Makes or removes a group: "[no] vrrp N". */
static void note_line(const struct vrrp_scope *scope, bool is_gone)
{
	struct vrrp_group *group = vrrp_group_find(scope->ifname, scope->vrid);

	if (group)
		group->line_is_gone = is_gone;
}

int vrrp_cli_set(struct vty *vty, uint8_t vrid, const char *xpath, const char *value)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);

	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, xpath, NB_OP_MODIFY, value);
	return vrrp_cli_apply(vty, vrid);
}

int vrrp_cli_reset(struct vty *vty, uint8_t vrid, const char *xpath)
{
	if (!group_exists(vty, vrid))
		return CMD_SUCCESS;
	nb_cli_enqueue_change(vty, xpath, NB_OP_MODIFY, NULL);
	return vrrp_cli_apply(vty, vrid);
}

int vrrp_cli_unset(struct vty *vty, uint8_t vrid, const char *xpath)
{
	if (!group_exists(vty, vrid))
		return CMD_SUCCESS;
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return vrrp_cli_apply(vty, vrid);
}

/*
 * "[no] vrrp N X" for a boolean leaf; model is its default. Setting the default makes no
 * group: frr-reload, when it removes a group, also takes its lines back, and so sends
 * "vrrp N preempt" for "no vrrp N preempt".
 */
static bool is_moot(const struct vrrp_scope *scope, const char *name, bool model, bool value)
{
	const char *wanted = default_of(scope->config, name);
	bool initial = wanted ? strmatch(wanted, "true") : model;

	return !scope->group && value == initial;
}

static int toggle(struct vty *vty, uint8_t vrid, const char *name, bool model, bool value)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char xpath[XPATH_MAXLEN];

	if (is_moot(&scope, name, model, value))
		return CMD_SUCCESS;
	snprintf(xpath, sizeof(xpath), "./%s", name);
	return vrrp_cli_set(vty, vrid, xpath, value ? "true" : "false");
}

/* "[no] vrrp N X ADDRESS" for a leaf-list of one address family. */
static int address_list(struct vty *vty, bool no, uint8_t vrid, const char *list, const char *text,
			vrrp_address_check check)
{
	char reason[VRRP_REASON_SIZE], xpath[XPATH_MAXLEN], canonical[VRRP_ADDR_STRLEN];
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	struct vrrp_addr address;

	if (!vrrp_addr_parse(text, &address))
		return vrrp_cli_refuse(vty, "this is not an address");
	snprintf(xpath, sizeof(xpath), "./v%u/%s[.='%s']", address.family, list,
		 vrrp_addr_str(&address, canonical));
	if (no)
		return vrrp_cli_unset(vty, vrid, xpath);
	if (!check(&scope, &address, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	return vrrp_cli_apply(vty, vrid);
}

/* --- interface: stock ----------------------------------------------------- */

static int change_virtual_address(struct vty *vty, bool no, uint8_t vrid, const char *text)
{
	int result = address_list(vty, no, vrid, "virtual-address", text, vrrp_check_vip_and_track);
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);

	if (result != CMD_SUCCESS || no)
		return result;
	vrrp_cli_warn_of_vip(vty, &scope, vrrp_cli_placement(&scope), text);
	vrrp_cli_warn_of_owner(vty, vrid);
	return result;
}

/*
 * A VIP that is a next hop is refused when it is typed. A line of a file is accepted, since the
 * route may pass: the virtual router is held back as long as the route exists.
 */
static bool is_next_hop(struct vty *vty, uint8_t vrid, const char *text, char *reason, size_t size)
{
	struct vrrp_scope scope;
	struct vrrp_addr vip;

	if (vrrp_cli_is_from_file(vty))
		return false;
	scope = vrrp_cli_scope(vty, vrid);
	if (vrrp_placement_is_lan(vrrp_cli_placement(&scope)) || !vrrp_addr_parse(text, &vip) ||
	    !vrrp_next_hop_is(&vip))
		return false;
	vrrp_nb_refuse(&scope, reason, size,
		       "virtual address %s is the next hop of a route of this router; on %s it would cut that route off: choose another address",
		       text, vrrp_global.vip_interface);
	return true;
}

static int virtual_address(struct vty *vty, bool no, uint8_t vrid, const char *text)
{
	char reason[VRRP_REASON_SIZE];

	if (!no && is_next_hop(vty, vrid, text, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	return change_virtual_address(vty, no, vrid, text);
}

/* The interval of "vrrp default", when VRRP version 2 cannot have it. */
static bool default_is_no_seconds(const struct lyd_node *config)
{
	const char *interval_cs = default_of(config, "advertisement-interval");

	return interval_cs && strtoul(interval_cs, NULL, 10) % 100;
}

static int set_version(struct vty *vty, const struct vrrp_scope *scope, uint8_t version)
{
	if (!vrrp_cli_want_group(vty, scope))
		return CMD_WARNING_CONFIG_FAILED;
	if (version == 2 && !scope->group && default_is_no_seconds(scope->config))
		nb_cli_enqueue_change(vty, "./advertisement-interval", NB_OP_MODIFY, NULL);
	nb_cli_enqueue_change(vty, "./version", NB_OP_MODIFY, version == 2 ? "2" : "3");
	return vrrp_cli_apply(vty, scope->vrid);
}

DEFPY_YANG(vrrp_group, vrrp_group_cmd, "[no] vrrp (1-255)$vrid [version (2-3)]",
	   NO_STR VRRP_STR VRID_STR VERSION_STR VERSION_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	uint8_t wanted = version && !no ? version : 3;

	if (no && !scope.group)
		return CMD_SUCCESS;
	if (no && !version) {
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
		return vrrp_cli_apply(vty, vrid);
	}
	if (!vrrp_check_version(&scope, wanted, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	note_line(&scope, no);
	return set_version(vty, &scope, wanted);
}

DEFPY_YANG(vrrp_shutdown, vrrp_shutdown_cmd, "[no] vrrp (1-255)$vrid shutdown",
	   NO_STR VRRP_STR VRID_STR SHUTDOWN_STR)
{
	return toggle(vty, vrid, "shutdown", false, !no);
}

DEFPY_YANG(vrrp_priority, vrrp_priority_cmd, "vrrp (1-255)$vrid priority (1-255)",
	   VRRP_STR VRID_STR PRIORITY_STR
	   "Priority (default 100); 255: owner of the virtual addresses\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	int result;

	if (!vrrp_check_priority(&scope, priority, reason, sizeof(reason)) ||
	    !vrrp_check_track_owner(&scope, priority, reason, sizeof(reason)) ||
	    !vrrp_check_sync_owner(&scope, priority, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	result = vrrp_cli_set(vty, vrid, "./priority", priority_str);
	if (result == CMD_SUCCESS)
		vrrp_cli_warn_of_owner(vty, vrid);
	return result;
}

DEFPY_YANG(no_vrrp_priority, no_vrrp_priority_cmd, "no vrrp (1-255)$vrid priority [(1-255)]",
	   NO_STR VRRP_STR VRID_STR PRIORITY_STR
	   "Priority (default 100); 255: owner of the virtual addresses\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_priority(&scope, VRRP_PRIORITY_RELEASE, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	return vrrp_cli_reset(vty, vrid, "./priority");
}

DEFPY_YANG(vrrp_advertisement_interval, vrrp_advertisement_interval_cmd,
	   "vrrp (1-255)$vrid advertisement-interval (10-40950)",
	   VRRP_STR VRID_STR INTERVAL_STR INTERVAL_MS_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE], value[24];

	if (!vrrp_check_interval_ms(advertisement_interval, reason, sizeof(reason)) ||
	    !vrrp_check_interval(&scope, advertisement_interval / VRRP_MSEC_PER_CS, reason,
				 sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	snprintf(value, sizeof(value), "%ld", (long)advertisement_interval / VRRP_MSEC_PER_CS);
	return vrrp_cli_set(vty, vrid, "./advertisement-interval", value);
}

DEFPY_YANG(no_vrrp_advertisement_interval, no_vrrp_advertisement_interval_cmd,
	   "no vrrp (1-255)$vrid advertisement-interval [(10-40950)]",
	   NO_STR VRRP_STR VRID_STR INTERVAL_STR INTERVAL_MS_STR)
{
	return vrrp_cli_reset(vty, vrid, "./advertisement-interval");
}

DEFPY_YANG(vrrp_ip, vrrp_ip_cmd, "[no] vrrp (1-255)$vrid ip A.B.C.D",
	   NO_STR VRRP_STR VRID_STR "Virtual IPv4 address\n" V4_STR)
{
	return virtual_address(vty, !!no, vrid, ip_str);
}

DEFPY_YANG(vrrp_ip6, vrrp_ip6_cmd, "[no] vrrp (1-255)$vrid ipv6 X:X::X:X",
	   NO_STR VRRP_STR VRID_STR "Virtual IPv6 address\n" V6_STR)
{
	return virtual_address(vty, !!no, vrid, ipv6_str);
}

/* "no preempt" removes what comes before it as well: no line could show that without preemption. */
DEFPY_YANG(vrrp_preempt, vrrp_preempt_cmd, "[no] vrrp (1-255)$vrid preempt",
	   NO_STR VRRP_STR VRID_STR PREEMPT_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);

	if (is_moot(&scope, "preempt", true, !no))
		return CMD_SUCCESS;
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./preempt", NB_OP_MODIFY, no ? "false" : "true");
	if (no) {
		nb_cli_enqueue_change(vty, "./frr-crossvip:preempt-delay", NB_OP_MODIFY, NULL);
		nb_cli_enqueue_change(vty, "./frr-crossvip:preempt-settle", NB_OP_MODIFY, NULL);
	}
	return vrrp_cli_apply(vty, vrid);
}

DEFPY_YANG(vrrp_checksum, vrrp_checksum_cmd,
	   "[no] vrrp (1-255)$vrid checksum-with-ipv4-pseudoheader",
	   NO_STR VRRP_STR VRID_STR CHECKSUM_STR)
{
	return toggle(vty, vrid, "checksum-with-ipv4-pseudoheader", true, !no);
}

/* --- interface: ours ------------------------------------------------------- */

DEFPY_YANG(vrrp_preempt_delay, vrrp_preempt_delay_cmd,
	   "vrrp (1-255)$vrid preempt delay (0-3600)",
	   VRRP_STR VRID_STR PREEMPT_STR
	   "Wait before taking over from a lower priority\n" "Seconds\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);

	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./preempt", NB_OP_MODIFY, "true");
	nb_cli_enqueue_change(vty, "./frr-crossvip:preempt-delay", NB_OP_MODIFY, delay_str);
	return vrrp_cli_apply(vty, vrid);
}

DEFPY_YANG(no_vrrp_preempt_delay, no_vrrp_preempt_delay_cmd,
	   "no vrrp (1-255)$vrid preempt delay [(0-3600)]",
	   NO_STR VRRP_STR VRID_STR PREEMPT_STR
	   "Wait before taking over from a lower priority\n" "Seconds\n")
{
	return vrrp_cli_reset(vty, vrid, "./frr-crossvip:preempt-delay");
}

DEFPY_YANG(vrrp_accept_mode, vrrp_accept_mode_cmd, "[no] vrrp (1-255)$vrid accept-mode",
	   NO_STR VRRP_STR VRID_STR "Accept packets for the virtual addresses while Active\n")
{
	return toggle(vty, vrid, "accept-mode", true, !no);
}

DEFPY_YANG(vrrp_peer, vrrp_peer_cmd, "[no] vrrp (1-255)$vrid peer <A.B.C.D|X:X::X:X>$peer",
	   NO_STR VRRP_STR VRID_STR PEER_STR V4_STR V6_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	enum vrrp_placement before = vrrp_cli_placement(&scope);
	enum vrrp_family family = strchr(peer_str, ':') ? VRRP_IPV6 : VRRP_IPV4;
	bool had = vrrp_cli_has_peer(&scope, family == VRRP_IPV4 ? "v4" : "v6");
	int result;

	result = address_list(vty, !!no, vrid, "frr-crossvip:peer", peer_str,
			      vrrp_check_peer_and_votes);
	if (!no)
		vrrp_cli_warn_of_vips(vty, vrid, before);
	else if (had && result == CMD_SUCCESS)
		vrrp_cli_warn_of_last_peer(vty, vrid, family);
	return result;
}

DEFPY_YANG(vrrp_source, vrrp_source_cmd, "vrrp (1-255)$vrid source <A.B.C.D|X:X::X:X>$source",
	   VRRP_STR VRID_STR SOURCE_STR V4_STR V6_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	struct vrrp_addr address;
	int result;

	if (!vrrp_addr_parse(source_str, &address))
		return vrrp_cli_refuse(vty, "this is not an address");
	if (!vrrp_check_source(&scope, &address, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	result = vrrp_cli_set(vty, vrid,
			      address.family == VRRP_IPV4 ? "./v4/frr-crossvip:source"
							  : "./v6/frr-crossvip:source",
			      source_str);
	if (result == CMD_SUCCESS)
		vrrp_cli_warn_of_source(vty, vrid, &address);
	return result;
}

DEFPY_YANG(no_vrrp_source, no_vrrp_source_cmd,
	   "no vrrp (1-255)$vrid source [<A.B.C.D$v4|X:X::X:X$v6>]",
	   NO_STR VRRP_STR VRID_STR SOURCE_STR V4_STR V6_STR)
{
	if (!group_exists(vty, vrid))
		return CMD_SUCCESS;
	if (!v6_str)
		nb_cli_enqueue_change(vty, "./v4/frr-crossvip:source", NB_OP_DESTROY, NULL);
	if (!v4_str)
		nb_cli_enqueue_change(vty, "./v6/frr-crossvip:source", NB_OP_DESTROY, NULL);
	return vrrp_cli_apply(vty, vrid);
}

DEFPY_YANG(vrrp_version_2_too, vrrp_version_2_too_cmd, "[no] vrrp (1-255)$vrid version-2-compatible",
	   NO_STR VRRP_STR VRID_STR "Speak VRRPv2 as well over IPv4, during an upgrade\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_version_2_too(&scope, !no, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	return toggle(vty, vrid, "frr-crossvip:version-2-compatible", false, !no);
}

DEFPY_YANG(vrrp_ttl_security, vrrp_ttl_security_cmd, "vrrp (1-255)$vrid ttl-security hops (1-254)",
	   VRRP_STR VRID_STR "Limit how many hops away a peer may be\n"
	   "Limit by the TTL or hop limit of unicast advertisements\n"
	   "Maximum number of hops; 1: the peer is on the link\n")
{
	return vrrp_cli_set(vty, vrid, "./frr-crossvip:ttl-security-hops", hops_str);
}

DEFPY_YANG(no_vrrp_ttl_security, no_vrrp_ttl_security_cmd,
	   "no vrrp (1-255)$vrid ttl-security [hops [(1-254)]]",
	   NO_STR VRRP_STR VRID_STR "Limit how many hops away a peer may be\n"
	   "Limit by the TTL or hop limit of unicast advertisements\n"
	   "Maximum number of hops; 1: the peer is on the link\n")
{
	return vrrp_cli_unset(vty, vrid, "./frr-crossvip:ttl-security-hops");
}

DEFPY_YANG(vrrp_placement, vrrp_placement_cmd,
	   "vrrp (1-255)$vrid placement <vip-interface|vmac|interface>$where",
	   VRRP_STR VRID_STR PLACEMENT_STR "On the VIP interface (default with peers)\n"
	   "On a macvlan with the virtual MAC (default without peers)\n"
	   "On this interface itself\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	enum vrrp_placement before = vrrp_cli_placement(&scope);
	char reason[VRRP_REASON_SIZE];
	int result;

	scope.placement = where;
	if (!vrrp_check_off_lan(&scope, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	result = vrrp_cli_set(vty, vrid, "./frr-crossvip:placement", where);
	vrrp_cli_warn_of_vips(vty, vrid, before);
	return result;
}

DEFPY_YANG(no_vrrp_placement, no_vrrp_placement_cmd,
	   "no vrrp (1-255)$vrid placement [<vip-interface|vmac|interface>]",
	   NO_STR VRRP_STR VRID_STR PLACEMENT_STR
	   "On the VIP interface (default with peers)\n"
	   "On a macvlan with the virtual MAC (default without peers)\n"
	   "On this interface itself\n")
{
	return vrrp_cli_unset(vty, vrid, "./frr-crossvip:placement");
}

DEFPY_YANG(vrrp_bfd, vrrp_bfd_cmd, "vrrp (1-255)$vrid bfd [profile BFDPROF$profile] [strict$strict]",
	   VRRP_STR VRID_STR BFD_PEERS_STR BFD_WORD_STR BFD_NAME_STR BFD_STRICT_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	int result;

	if (profile && !vrrp_check_bfd_profile(&scope, profile, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./frr-crossvip:bfd", NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, "./frr-crossvip:bfd/profile",
			      profile ? NB_OP_MODIFY : NB_OP_DESTROY, profile);
	nb_cli_enqueue_change(vty, "./frr-crossvip:bfd/strict", NB_OP_MODIFY,
			      strict ? "true" : "false");
	result = vrrp_cli_apply(vty, vrid);
	if (result == CMD_SUCCESS)
		vrrp_cli_warn_of_bfd(vty, vrid);
	return result;
}

DEFPY_YANG(no_vrrp_bfd, no_vrrp_bfd_cmd,
	   "no vrrp (1-255)$vrid bfd [profile BFDPROF] [strict]",
	   NO_STR VRRP_STR VRID_STR BFD_PEERS_STR BFD_WORD_STR BFD_NAME_STR BFD_STRICT_STR)
{
	return vrrp_cli_unset(vty, vrid, "./frr-crossvip:bfd");
}

DEFPY_YANG(vrrp_authentication, vrrp_authentication_cmd,
	   "vrrp (1-255)$vrid authentication key-chain WORD$chain [mode <enforce|permissive|receive-only>$mode] [anti-replay <time$time [window (1-300)$window]|monotonic$monotonic>]",
	   VRRP_STR VRID_STR AUTH_STR AUTH_CHAIN_STR AUTH_MODE_STR AUTH_REPLAY_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	int result;

	if (!vrrp_check_key_chain(&scope, chain, reason, sizeof(reason)) ||
	    !vrrp_check_authentication(&scope, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, AUTH_XPATH, NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, AUTH_XPATH "/key-chain", NB_OP_MODIFY, chain);
	nb_cli_enqueue_change(vty, AUTH_XPATH "/mode", NB_OP_MODIFY, mode ? mode : "enforce");
	nb_cli_enqueue_change(vty, AUTH_XPATH "/anti-replay", NB_OP_MODIFY,
			      monotonic ? "monotonic" : "time");
	nb_cli_enqueue_change(vty, AUTH_XPATH "/window", window_str ? NB_OP_MODIFY : NB_OP_DESTROY,
			      window_str);
	result = vrrp_cli_apply(vty, vrid);
	if (result == CMD_SUCCESS)
		vrrp_cli_warn_of_key_chain(vty, vrid);
	return result;
}

DEFPY_YANG(no_vrrp_authentication, no_vrrp_authentication_cmd,
	   "no vrrp (1-255)$vrid authentication [key-chain WORD] [mode <enforce|permissive|receive-only>] [anti-replay <time [window (1-300)]|monotonic>]",
	   NO_STR VRRP_STR VRID_STR AUTH_STR AUTH_CHAIN_STR AUTH_MODE_STR AUTH_REPLAY_STR)
{
	return vrrp_cli_unset(vty, vrid, AUTH_XPATH);
}

void vrrp_cli_init(void)
{
	vrrp_nb_init();

	vrf_cmd_init(NULL);
	if_cmd_init(vrrp_cli_write);
	vrrp_interface_init();

	install_element(INTERFACE_NODE, &vrrp_group_cmd);
	install_element(INTERFACE_NODE, &vrrp_shutdown_cmd);
	install_element(INTERFACE_NODE, &vrrp_priority_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_priority_cmd);
	install_element(INTERFACE_NODE, &vrrp_advertisement_interval_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_advertisement_interval_cmd);
	install_element(INTERFACE_NODE, &vrrp_ip_cmd);
	install_element(INTERFACE_NODE, &vrrp_ip6_cmd);
	install_element(INTERFACE_NODE, &vrrp_preempt_cmd);
	install_element(INTERFACE_NODE, &vrrp_preempt_delay_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_preempt_delay_cmd);
	install_element(INTERFACE_NODE, &vrrp_checksum_cmd);
	install_element(INTERFACE_NODE, &vrrp_accept_mode_cmd);
	install_element(INTERFACE_NODE, &vrrp_version_2_too_cmd);
	install_element(INTERFACE_NODE, &vrrp_peer_cmd);
	install_element(INTERFACE_NODE, &vrrp_source_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_source_cmd);
	install_element(INTERFACE_NODE, &vrrp_ttl_security_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_ttl_security_cmd);
	install_element(INTERFACE_NODE, &vrrp_placement_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_placement_cmd);
	install_element(INTERFACE_NODE, &vrrp_bfd_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_bfd_cmd);
	install_element(INTERFACE_NODE, &vrrp_authentication_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_authentication_cmd);
}
