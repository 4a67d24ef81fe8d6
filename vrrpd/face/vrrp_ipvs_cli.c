// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "ipvs ..." in the configuration.
 *
 * A line configures one object (a service's address, its check, one of its servers) as a
 * whole: values that it leaves out go back to their defaults. The line with address and
 * port, or with the mark, makes the service, and its "no" removes the service with all its
 * lines. A "no" for an object that does not exist does nothing, so frr-reload and people
 * may remove lines in any order.
 */
#include <zebra.h>

#include "command.h"
#include "darr.h"
#include "libfrr.h"
#include "northbound_cli.h"
#include "yang.h"

#include "vrrp_ipvs_cli_private.h"
#include "vrrp_nb.h"
#include "vrrp_session.h"
#include "vrrpd/face/vrrp_ipvs_cli_clippy.c"

#define SCHEDULER_STR  "Choose how servers are selected for new connections\n"
#define PERSISTENT_STR "Keep a client on its server\n"
#define SECONDS_STR    "Seconds\n"
#define SECONDS_0_STR  "Seconds; 0: off (default)\n"
#define QUORUM_STR     "Set the weight below which the sorry server is used\n"
#define FORWARDING_STR "Choose how packets get to the server\n"
#define FORWARDINGS_STR                                                                            \
	"To its MAC address; it answers the client itself (default)\n"                             \
	"With its address as destination; answers come by this router\n"                           \
	"In an outer packet; it answers the client itself\n"
#define SORRY_STR "Server that is used while too few servers are up\n"
#define SYNC_STR  "Synchronise connections with other routers\n"
#define SYNC_ID_STR                                                                                \
	"Synchronisation group ID\n"                                                               \
	"ID (default 0: messages of every ID are accepted)\n"
#define SETTLE_STR                                                                                 \
	"Learn connections before a router with services preempts\n"                               \
	"Seconds (default 0: preempt at once)\n"
#define TIMEOUTS_STR                                                                               \
	"Set when the kernel forgets a silent connection\n"                                        \
	"Established TCP connections\n"                                                            \
	"TCP connections after a FIN\n"                                                            \
	"UDP flows\n"
#define SCHEDULERS_STR                                                                             \
	"Round robin\n"                                                                            \
	"Weighted round robin\n"                                                                   \
	"Least connections\n"                                                                      \
	"Weighted least connections (default)\n"                                                   \
	"Hash of the source address\n"                                                             \
	"Hash of the destination address\n"                                                        \
	"Maglev hash of the source; stable when servers change\n"                                  \
	"Shortest expected delay\n"                                                                \
	"An idle server, else the shortest expected delay\n"                                       \
	"The same server for a destination, while its load allows\n"                               \
	"The same few servers for a destination\n"                                                 \
	"The highest weight that is up\n"                                                          \
	"The highest weight; the next when it is full\n"                                           \
	"Use another server when the one chosen is out (sh, mh)\n"                                 \
	"Include the client's port in the hash (sh, mh)\n"

#define SERVICE_XPATH VRRP_XPATH_SERVICE "[name='%s']"

/* --- helpers ------------------------------------------------------------------- */

struct vrrp_ipvs_scope vrrp_ipvs_cli_scope(struct vty *vty, const char *name)
{
	struct vrrp_ipvs_scope scope = { .config = vty->candidate_config->dnode, .name = name };
	char reason[VRRP_REASON_SIZE];

	if (vrrp_ipvs_check_name(name, reason, sizeof(reason)))
		scope.service = yang_dnode_getf(scope.config, SERVICE_XPATH, name);
	if (scope.service)
		vrrp_ipvs_read_conf(scope.service, &scope.conf);
	return scope;
}

static bool service_exists(struct vty *vty, const char *name)
{
	return vrrp_ipvs_cli_scope(vty, name).service != NULL;
}

int vrrp_ipvs_cli_refuse_missing(struct vty *vty, const char *name)
{
	char reason[VRRP_REASON_SIZE];

	snprintf(reason, sizeof(reason),
		 "ipvs service %s: no such service; configure its address and port, or its firewall mark, first",
		 name);
	return vrrp_cli_refuse(vty, reason);
}

void vrrp_ipvs_cli_change(struct vty *vty, enum nb_operation operation, const char *value,
			  const char *format, ...)
{
	char xpath[XPATH_MAXLEN];
	va_list args;

	va_start(args, format);
	vsnprintf(xpath, sizeof(xpath), format, args);
	va_end(args);
	nb_cli_enqueue_change(vty, xpath, operation, value);
}

void vrrp_ipvs_cli_set_or_unset(struct vty *vty, const char *parent, const char *leaf,
				const char *value)
{
	vrrp_ipvs_cli_change(vty, value ? NB_OP_MODIFY : NB_OP_DESTROY, value, "%s/%s", parent,
			     leaf);
}

void vrrp_ipvs_cli_set_leaf(struct vty *vty, const char *parent, const char *leaf, const char *value)
{
	vrrp_ipvs_cli_change(vty, NB_OP_MODIFY, value, "%s/%s", parent, leaf);
}

int vrrp_ipvs_cli_apply(struct vty *vty, const char *name)
{
	return vrrp_session_apply(vty, SERVICE_XPATH, name);
}

/* "no ..." for a leaf that has a default. */
static int reset(struct vty *vty, const char *name, const char *leaf)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	vrrp_ipvs_cli_set_leaf(vty, ".", leaf, NULL);
	return vrrp_ipvs_cli_apply(vty, name);
}

/* "no ..." for any other node. */
static int unset(struct vty *vty, const char *name, const char *xpath)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, "%s", xpath);
	return vrrp_ipvs_cli_apply(vty, name);
}

bool vrrp_ipvs_cli_may_be(struct vty *vty, const struct vrrp_ipvs_scope *scope)
{
	char reason[VRRP_REASON_SIZE];

	if (vrrp_ipvs_check_service(scope, reason, sizeof(reason)))
		return true;
	vrrp_cli_refuse(vty, reason);
	return false;
}

/* --- services -------------------------------------------------------------------- */

/* It is not refused, since frr-reload may take the service back before the lines that track it. */
static int remove_service(struct vty *vty, const char *name)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	vrrp_cli_warn_of_tracked(vty, "ipvs", "service", name);
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, ".");
	return vrrp_ipvs_cli_apply(vty, name);
}

/* Sets the traffic of a service from scope->conf; makes the service if it does not exist. */
static bool want_service(struct vty *vty, const struct vrrp_ipvs_scope *scope)
{
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_ipvs_check_name(scope->name, reason, sizeof(reason)) ||
	    !vrrp_ipvs_check_unique(scope, reason, sizeof(reason))) {
		vrrp_cli_refuse(vty, reason);
		return false;
	}
	if (!vrrp_ipvs_cli_may_be(vty, scope))
		return false;
	if (vrrp_ipvs_vrf_warning(scope->name, &scope->conf.vip, reason, sizeof(reason)))
		vrrp_cli_say(vty, "Warning: ", reason);
	vrrp_ipvs_cli_change(vty, NB_OP_CREATE, NULL, ".");
	return true;
}

static bool same_traffic(const struct vrrp_service_conf *a, const struct vrrp_service_conf *b)
{
	struct nl_ipvs_key key_a = vrrp_service_key(a), key_b = vrrp_service_key(b);

	return nl_ipvs_key_cmp(&key_a, &key_b) == 0;
}

static void take_traffic(struct vrrp_service_conf *conf, const struct vrrp_service_conf *traffic)
{
	conf->vip = traffic->vip;
	conf->port = traffic->port;
	conf->protocol = traffic->protocol;
	conf->fwmark = traffic->fwmark;
	conf->fwmark_family = traffic->fwmark_family;
}

DEFPY_YANG(ipvs_socket, ipvs_socket_cmd,
	   "[no] ipvs service NAME$name <tcp|udp|sctp>$protocol <A.B.C.D|X:X::X:X>$address (1-65535)$port",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR
	   "TCP\n" "UDP\n" "SCTP\n" V4_STR V6_STR "Port\n")
{
	struct vrrp_service_conf traffic = { .port = port,
					     .protocol = vrrp_ipvs_protocol(protocol) };
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);
	char canonical[VRRP_ADDR_STRLEN];

	if (!vrrp_addr_parse(address_str, &traffic.vip))
		return vrrp_cli_refuse(vty, "this is not an address");
	if (no)
		return same_traffic(&scope.conf, &traffic) ? remove_service(vty, name) : CMD_SUCCESS;
	take_traffic(&scope.conf, &traffic);
	if (!want_service(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, "./firewall-mark");
	vrrp_ipvs_cli_set_leaf(vty, "./socket", "protocol", protocol);
	vrrp_ipvs_cli_set_leaf(vty, "./socket", "address", vrrp_addr_str(&traffic.vip, canonical));
	vrrp_ipvs_cli_set_leaf(vty, "./socket", "port", port_str);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(ipvs_fwmark, ipvs_fwmark_cmd,
	   "[no] ipvs service NAME$name fwmark (1-4294967295)$mark [ipv6$ipv6]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR
	   "Packets with a firewall mark\n" "Mark\n" "IPv6 packets (default IPv4)\n")
{
	struct vrrp_service_conf traffic = { .fwmark = mark,
					     .fwmark_family = ipv6 ? VRRP_IPV6 : VRRP_IPV4 };
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);

	if (no)
		return same_traffic(&scope.conf, &traffic) ? remove_service(vty, name) : CMD_SUCCESS;
	take_traffic(&scope.conf, &traffic);
	if (!want_service(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, "./socket");
	vrrp_ipvs_cli_set_leaf(vty, "./firewall-mark", "mark", mark_str);
	vrrp_ipvs_cli_set_leaf(vty, "./firewall-mark", "family", ipv6);
	return vrrp_ipvs_cli_apply(vty, name);
}

#define ADDRESS_XPATH "./address[address='%s'][port='%u']"

static bool want_range(struct vty *vty, struct vrrp_ipvs_scope *scope,
		       const struct vrrp_ipvs_range *range)
{
	char reason[VRRP_REASON_SIZE];

	scope->range = range;
	if (!vrrp_ipvs_cli_may_be(vty, scope))
		return false;
	if (!vrrp_ipvs_check_unique(scope, reason, sizeof(reason))) {
		vrrp_cli_refuse(vty, reason);
		return false;
	}
	if (vrrp_ipvs_vrf_warning(scope->name, &range->address, reason, sizeof(reason)))
		vrrp_cli_say(vty, "Warning: ", reason);
	return true;
}

DEFPY_YANG(ipvs_address, ipvs_address_cmd,
	   "[no] ipvs service NAME$name address <A.B.C.D|X:X::X:X>$address (1-65535)$port [to (1-65535)$last]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR
	   "A further address of the service, or further ports\n" V4_STR V6_STR "Port\n"
	   "A range of ports\n" "Last port\n")
{
	struct vrrp_ipvs_range range = { .port = port, .last_port = last_str ? last : port };
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);
	char canonical[VRRP_ADDR_STRLEN], xpath[SERVER_XPATH_SIZE];

	if (!vrrp_addr_parse(address_str, &range.address))
		return vrrp_cli_refuse(vty, "this is not an address");
	snprintf(xpath, sizeof(xpath), ADDRESS_XPATH, vrrp_addr_str(&range.address, canonical),
		 range.port);
	if (no)
		return unset(vty, name, xpath);
	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	if (!want_range(vty, &scope, &range))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_change(vty, NB_OP_CREATE, NULL, "%s", xpath);
	vrrp_ipvs_cli_set_or_unset(vty, xpath, "last-port", last_str);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(no_ipvs_service, no_ipvs_service_cmd, "no ipvs service NAME$name",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR)
{
	return remove_service(vty, name);
}

DEFPY_YANG(ipvs_scheduler, ipvs_scheduler_cmd,
	   "ipvs service NAME$name scheduler <rr|wrr|lc|wlc|sh|dh|mh|sed|nq|lblc|lblcr|fo|ovf>$scheduler [{fallback$fallback|by-port$by_port}]",
	   IPVS_STR SERVICE_STR NAME_STR SCHEDULER_STR SCHEDULERS_STR)
{
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);

	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	strlcpy(scope.conf.scheduler, scheduler, sizeof(scope.conf.scheduler));
	scope.conf.fallback = fallback;
	scope.conf.by_port = by_port;
	if (!vrrp_ipvs_cli_may_be(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_set_leaf(vty, "./scheduler", "name", scheduler);
	vrrp_ipvs_cli_set_leaf(vty, "./scheduler", "fallback", fallback ? "true" : NULL);
	vrrp_ipvs_cli_set_leaf(vty, "./scheduler", "by-port", by_port ? "true" : NULL);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(no_ipvs_scheduler, no_ipvs_scheduler_cmd,
	   "no ipvs service NAME$name scheduler [<rr|wrr|lc|wlc|sh|dh|mh|sed|nq|lblc|lblcr|fo|ovf> [{fallback|by-port}]]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SCHEDULER_STR SCHEDULERS_STR)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	vrrp_ipvs_cli_set_leaf(vty, "./scheduler", "name", NULL);
	vrrp_ipvs_cli_set_leaf(vty, "./scheduler", "fallback", NULL);
	vrrp_ipvs_cli_set_leaf(vty, "./scheduler", "by-port", NULL);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(ipvs_persistent, ipvs_persistent_cmd,
	   "ipvs service NAME$name persistent (0-86400)$seconds",
	   IPVS_STR SERVICE_STR NAME_STR PERSISTENT_STR SECONDS_0_STR)
{
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);

	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	if (!seconds)
		return unset(vty, name, "./persistent");
	scope.conf.persistent_sec = seconds;
	if (!vrrp_ipvs_cli_may_be(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_set_leaf(vty, ".", "persistent", seconds_str);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(no_ipvs_persistent, no_ipvs_persistent_cmd,
	   "no ipvs service NAME$name persistent [(0-86400)]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR PERSISTENT_STR SECONDS_0_STR)
{
	return unset(vty, name, "./persistent");
}

DEFPY_YANG(ipvs_quorum, ipvs_quorum_cmd, "ipvs service NAME$name quorum (1-65535)$weight",
	   IPVS_STR SERVICE_STR NAME_STR QUORUM_STR "Sum of weights (default 1)\n")
{
	if (!service_exists(vty, name))
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	vrrp_ipvs_cli_set_leaf(vty, ".", "quorum", weight_str);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(no_ipvs_quorum, no_ipvs_quorum_cmd, "no ipvs service NAME$name quorum [(1-65535)]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR QUORUM_STR "Sum of weights (default 1)\n")
{
	return reset(vty, name, "quorum");
}

#define SLOW_STR "Give a server that is up again its weight step by step\n"

DEFPY_YANG(ipvs_slow_start, ipvs_slow_start_cmd, "ipvs service NAME$name slow-start (1-3600)$seconds",
	   IPVS_STR SERVICE_STR NAME_STR SLOW_STR "Seconds\n")
{
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);

	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	scope.conf.slow_start_sec = seconds;
	if (!vrrp_ipvs_cli_may_be(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_set_leaf(vty, ".", "slow-start", seconds_str);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(no_ipvs_slow_start, no_ipvs_slow_start_cmd,
	   "no ipvs service NAME$name slow-start [(1-3600)]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SLOW_STR "Seconds\n")
{
	return unset(vty, name, "./slow-start");
}

#define POOL_STR                                                                                   \
	"Servers of the backup pool\n"                                                             \
	"Use them when less of the others is up\n"                                                 \
	"Percent of their weight (default 1)\n"                                                    \
	"Set how long they are used when enough is up again\n"                                     \
	"Seconds (default 10)\n"

DEFPY_YANG(ipvs_pool, ipvs_pool_cmd,
	   "ipvs service NAME$name pool threshold (1-100)$threshold [hold (0-3600)$hold]",
	   IPVS_STR SERVICE_STR NAME_STR POOL_STR)
{
	if (!service_exists(vty, name))
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	vrrp_ipvs_cli_set_leaf(vty, "./backup-pool", "threshold", threshold_str);
	vrrp_ipvs_cli_set_leaf(vty, "./backup-pool", "hold", hold_str);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(no_ipvs_pool, no_ipvs_pool_cmd,
	   "no ipvs service NAME$name pool threshold [(1-100) [hold (0-3600)]]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR POOL_STR)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	vrrp_ipvs_cli_set_leaf(vty, "./backup-pool", "threshold", NULL);
	vrrp_ipvs_cli_set_leaf(vty, "./backup-pool", "hold", NULL);
	return vrrp_ipvs_cli_apply(vty, name);
}

DEFPY_YANG(ipvs_switch, ipvs_switch_cmd,
	   "[no] ipvs service NAME$name <always|inhibit|one-packet|survive>$what",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR
	   "Keep the service in the kernel on a Backup as well\n"
	   "Keep a server that is down, with weight 0\n"
	   "Schedule each datagram alone\n"
	   "Let connections survive a move of the VIP to a director that does not know them\n")
{
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);

	if (no)
		return reset(vty, name, what);
	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	scope.conf.one_packet |= strmatch(what, "one-packet");
	scope.conf.survive |= strmatch(what, "survive");
	vrrp_service_conf_imply(&scope.conf);
	if (!vrrp_ipvs_cli_may_be(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	vrrp_ipvs_cli_set_leaf(vty, ".", what, "true");
	return vrrp_ipvs_cli_apply(vty, name);
}

/* --- servers ----------------------------------------------------------------------- */

const char *vrrp_ipvs_cli_server_xpath(const struct vrrp_server *server,
				       char xpath[SERVER_XPATH_SIZE])
{
	char text[VRRP_ADDR_STRLEN];

	snprintf(xpath, SERVER_XPATH_SIZE, "./server[address='%s'][port='%u']",
		 vrrp_addr_str(&server->address, text), server->port);
	return xpath;
}

const struct lyd_node *vrrp_ipvs_cli_server_node(const struct vrrp_ipvs_scope *scope,
						 const struct vrrp_server *server)
{
	char xpath[SERVER_XPATH_SIZE];

	return scope->service
		       ? yang_dnode_get(scope->service, vrrp_ipvs_cli_server_xpath(server, xpath))
		       : NULL;
}

static void warn_of_server(struct vty *vty, const struct vrrp_ipvs_scope *scope,
			   const struct vrrp_server *server)
{
	struct vrrp_ipvs_range *ranges = vrrp_ipvs_read_ranges(scope->service);
	char reason[VRRP_REASON_SIZE];

	if (vrrp_ipvs_warning(scope->name, &scope->conf, ranges, server, reason, sizeof(reason)))
		vrrp_cli_say(vty, "Warning: ", reason);
	darr_free(ranges);
}

static int remove_server(struct vty *vty, const struct vrrp_ipvs_scope *scope,
			 const struct vrrp_server *server)
{
	char xpath[SERVER_XPATH_SIZE];

	if (!vrrp_ipvs_cli_server_node(scope, server))
		return CMD_SUCCESS;
	return unset(vty, scope->name, vrrp_ipvs_cli_server_xpath(server, xpath));
}

/* The check of a server has a line of its own, so an existing server keeps it. */
static void keep_check(const struct vrrp_ipvs_scope *scope, struct vrrp_server *server)
{
	const struct lyd_node *node = vrrp_ipvs_cli_server_node(scope, server);
	struct vrrp_server old;

	if (!node)
		return;
	vrrp_ipvs_read_server(node, &old);
	server->check = old.check;
	server->unchecked = old.unchecked;
}

DEFPY_YANG(ipvs_server, ipvs_server_cmd,
	   "[no] ipvs service NAME$name server <A.B.C.D|X:X::X:X>$address (0-65535)$port [{weight (0-65535)|pool <primary|backup>$pool|forwarding <direct|masquerade|tunnel>$forwarding|encapsulation <ipip$ipip|gre$gre|gue$gue port (1-65535)$gue_port>|upper-threshold (0-4294967295)$upper|lower-threshold (0-4294967295)$lower}]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR
	   "Set its share of connections\n" "Weight (default 1); 0: no new connections\n"
	   "Choose when it is used\n" "Always (default)\n"
	   "When too few of the others are up\n"
	   FORWARDING_STR FORWARDINGS_STR
	   "Choose the outer packet of a tunnel\n" "IP in IP (default)\n" "GRE\n"
	   "Generic UDP encapsulation\n" "Port on which the server receives it\n" "UDP port\n"
	   "Give it no new connections from this number on\n" "Connections (default 0: no limit)\n"
	   "Give it new connections again below this number\n"
	   "Connections (default three quarters of the upper threshold)\n")
{
	const char *encapsulation = gue ? gue : gre;
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);
	char reason[VRRP_REASON_SIZE], xpath[SERVER_XPATH_SIZE];
	struct vrrp_server server = {
		.port = port,
		.forward = vrrp_ipvs_forward(forwarding),
		.encapsulation = vrrp_ipvs_encapsulation(encapsulation),
		.gue_port = gue_port,
		.upper_threshold = upper,
		.lower_threshold = lower,
	};
	int result;

	if (!vrrp_addr_parse(address_str, &server.address))
		return vrrp_cli_refuse(vty, "this is not an address");
	if (no)
		return remove_server(vty, &scope, &server);
	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	keep_check(&scope, &server);
	if (!vrrp_ipvs_check_server(&scope, &server, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	vrrp_ipvs_cli_server_xpath(&server, xpath);
	vrrp_ipvs_cli_change(vty, NB_OP_CREATE, NULL, "%s", xpath);
	vrrp_ipvs_cli_set_leaf(vty, xpath, "weight", weight_str);
	vrrp_ipvs_cli_set_leaf(vty, xpath, "pool", pool);
	vrrp_ipvs_cli_set_leaf(vty, xpath, "forwarding", forwarding);
	vrrp_ipvs_cli_set_leaf(vty, xpath, "encapsulation", encapsulation);
	vrrp_ipvs_cli_set_or_unset(vty, xpath, "gue-port", gue_port_str);
	vrrp_ipvs_cli_set_leaf(vty, xpath, "upper-threshold", upper_str);
	vrrp_ipvs_cli_set_leaf(vty, xpath, "lower-threshold", lower_str);
	result = vrrp_ipvs_cli_apply(vty, name);
	if (result == CMD_SUCCESS)
		warn_of_server(vty, &scope, &server);
	return result;
}

DEFPY_YANG(ipvs_sorry_server, ipvs_sorry_server_cmd,
	   "ipvs service NAME$name sorry-server <A.B.C.D|X:X::X:X>$address (0-65535)$port [forwarding <direct|masquerade|tunnel>$forwarding]",
	   IPVS_STR SERVICE_STR NAME_STR SORRY_STR V4_STR V6_STR PORT_STR
	   FORWARDING_STR FORWARDINGS_STR)
{
	char reason[VRRP_REASON_SIZE], canonical[VRRP_ADDR_STRLEN];
	struct vrrp_ipvs_scope scope = vrrp_ipvs_cli_scope(vty, name);
	struct vrrp_server sorry = { .port = port, .forward = vrrp_ipvs_forward(forwarding) };
	int result;

	if (!vrrp_addr_parse(address_str, &sorry.address))
		return vrrp_cli_refuse(vty, "this is not an address");
	if (!scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, name);
	if (!vrrp_ipvs_check_sorry(&scope, &sorry, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	vrrp_ipvs_cli_set_leaf(vty, "./sorry-server", "address",
			       vrrp_addr_str(&sorry.address, canonical));
	vrrp_ipvs_cli_set_leaf(vty, "./sorry-server", "port", port_str);
	vrrp_ipvs_cli_set_leaf(vty, "./sorry-server", "forwarding", forwarding);
	result = vrrp_ipvs_cli_apply(vty, name);
	if (result == CMD_SUCCESS)
		warn_of_server(vty, &scope, &sorry);
	return result;
}

DEFPY_YANG(no_ipvs_sorry_server, no_ipvs_sorry_server_cmd,
	   "no ipvs service NAME$name sorry-server [<A.B.C.D|X:X::X:X> (0-65535) [forwarding <direct|masquerade|tunnel>]]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SORRY_STR V4_STR V6_STR PORT_STR
	   FORWARDING_STR FORWARDINGS_STR)
{
	return unset(vty, name, "./sorry-server");
}

/* --- what holds for all ----------------------------------------------------------------- */

DEFPY_YANG(ipvs_sync_daemon, ipvs_sync_daemon_cmd,
	   "ipvs sync-daemon interface IFNAME$ifname [{sync-id (0-255)$id|settle (0-3600)$settle}]",
	   IPVS_STR SYNC_STR "Interface of the other routers\n" INTERFACE_STR SYNC_ID_STR SETTLE_STR)
{
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_ipvs_check_sync(vty->candidate_config->dnode, ifname, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	vrrp_ipvs_cli_set_leaf(vty, VRRP_XPATH_IPVS "/sync-daemon", "interface", ifname);
	vrrp_ipvs_cli_set_leaf(vty, VRRP_XPATH_IPVS "/sync-daemon", "sync-id", id_str);
	vrrp_ipvs_cli_set_leaf(vty, VRRP_XPATH_IPVS "/sync-daemon", "settle", settle_str);
	return vrrp_session_apply(vty, ".");
}

DEFPY_YANG(no_ipvs_sync_daemon, no_ipvs_sync_daemon_cmd,
	   "no ipvs sync-daemon [interface IFNAME [{sync-id (0-255)|settle (0-3600)}]]",
	   NO_STR IPVS_STR SYNC_STR "Interface of the other routers\n" INTERFACE_STR SYNC_ID_STR
	   SETTLE_STR)
{
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, VRRP_XPATH_IPVS "/sync-daemon");
	return vrrp_session_apply(vty, ".");
}

DEFPY_YANG(ipvs_timeout, ipvs_timeout_cmd, "ipvs timeout <tcp|tcp-fin|udp>$what (0-604800)$seconds",
	   IPVS_STR TIMEOUTS_STR SECONDS_0_STR)
{
	vrrp_ipvs_cli_set_or_unset(vty, VRRP_XPATH_IPVS "/timeouts", what,
				   seconds ? seconds_str : NULL);
	return vrrp_session_apply(vty, ".");
}

DEFPY_YANG(no_ipvs_timeout, no_ipvs_timeout_cmd,
	   "no ipvs timeout <tcp|tcp-fin|udp>$what [(0-604800)]",
	   NO_STR IPVS_STR TIMEOUTS_STR SECONDS_0_STR)
{
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, VRRP_XPATH_IPVS "/timeouts/%s", what);
	return vrrp_session_apply(vty, ".");
}

void vrrp_ipvs_cli_init(void)
{
	install_element(CONFIG_NODE, &ipvs_socket_cmd);
	install_element(CONFIG_NODE, &ipvs_fwmark_cmd);
	install_element(CONFIG_NODE, &ipvs_address_cmd);
	install_element(CONFIG_NODE, &no_ipvs_service_cmd);
	install_element(CONFIG_NODE, &ipvs_scheduler_cmd);
	install_element(CONFIG_NODE, &no_ipvs_scheduler_cmd);
	install_element(CONFIG_NODE, &ipvs_persistent_cmd);
	install_element(CONFIG_NODE, &no_ipvs_persistent_cmd);
	install_element(CONFIG_NODE, &ipvs_quorum_cmd);
	install_element(CONFIG_NODE, &no_ipvs_quorum_cmd);
	install_element(CONFIG_NODE, &ipvs_slow_start_cmd);
	install_element(CONFIG_NODE, &no_ipvs_slow_start_cmd);
	install_element(CONFIG_NODE, &ipvs_pool_cmd);
	install_element(CONFIG_NODE, &no_ipvs_pool_cmd);
	install_element(CONFIG_NODE, &ipvs_switch_cmd);
	install_element(CONFIG_NODE, &ipvs_server_cmd);
	install_element(CONFIG_NODE, &ipvs_sorry_server_cmd);
	install_element(CONFIG_NODE, &no_ipvs_sorry_server_cmd);
	vrrp_ipvs_cli_check_init();
	install_element(CONFIG_NODE, &ipvs_sync_daemon_cmd);
	install_element(CONFIG_NODE, &no_ipvs_sync_daemon_cmd);
	install_element(CONFIG_NODE, &ipvs_timeout_cmd);
	install_element(CONFIG_NODE, &no_ipvs_timeout_cmd);
}
