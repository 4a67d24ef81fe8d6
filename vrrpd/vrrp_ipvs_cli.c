// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "ipvs ..." in the configuration.
 *
 * A line is one thing (a service's address, its check, one of its servers) and says
 * all of it: what the line leaves out goes back to its default. The line with address
 * and port, or with the mark, makes the service, and its "no" takes the service with
 * all its lines; so frr-reload and people may remove lines in any order, since a "no"
 * for what is not there does nothing.
 */
#include <zebra.h>

#include "command.h"
#include "libfrr.h"
#include "northbound_cli.h"
#include "yang.h"

#include "vrrp_ipvs_cli.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrpd/vrrp_ipvs_cli_clippy.c"

#define IPVS_STR       "Load balancing by the kernel's IPVS\n"
#define SERVICE_STR    "A service, and the servers that share its connections\n"
#define NAME_STR       "Its name\n"
#define V4_STR	       "IPv4 address\n"
#define V6_STR	       "IPv6 address\n"
#define SCHEDULER_STR  "Which server gets the next connection\n"
#define PERSISTENT_STR "A client stays with its server\n"
#define SECONDS_STR    "Seconds\n"
#define QUORUM_STR     "Weight that must be up, or the sorry server is used\n"
#define SERVER_STR     "A real server\n"
#define PORT_STR       "Its port; 0, for a firewall mark: that of the packet\n"
#define FORWARDING_STR "How packets get to it\n"
#define FORWARDINGS_STR                                                                            \
	"To its MAC address; it answers the client itself; unless set\n"                           \
	"With its address as destination; it answers by this router\n"                             \
	"Within another packet; it answers the client itself\n"
#define SORRY_STR "Stands in when too few servers are up\n"
#define CHECK_STR "How to see whether a server is well\n"
#define INTERVAL_STR                                                                               \
	"Time from one try to the next\n"                                                          \
	"Seconds, 5 unless set\n"
#define TIMEOUT_STR                                                                                \
	"A try that takes longer has failed\n"                                                     \
	"Seconds, 3 unless set\n"
#define FALL_STR                                                                                   \
	"Failures in a row until it is down\n"                                                     \
	"Tries, 3 unless set\n"
#define RISE_STR                                                                                   \
	"Successes in a row until it is up\n"                                                      \
	"Tries, 1 unless set\n"
#define CHECK_PORT_STR                                                                             \
	"Where to look\n"                                                                          \
	"Port, the server's unless set\n"
#define SOURCE_STR "Source address of the check\n" V4_STR V6_STR
#define SYNC_STR   "Tell other routers of connections, and hear of theirs\n"
#define SYNC_ID_STR                                                                                \
	"Tells these routers from others\n"                                                        \
	"0 unless set: all are heard\n"
#define TIMEOUTS_STR                                                                               \
	"When the kernel forgets a silent connection\n"                                            \
	"Established TCP connections\n"                                                            \
	"TCP connections after a FIN\n"                                                            \
	"Flows of UDP\n"
#define SCHEDULERS_STR                                                                             \
	"Round robin\n"                                                                            \
	"Weighted round robin\n"                                                                   \
	"Least connections\n"                                                                      \
	"Weighted least connections; unless set\n"                                                 \
	"Hash of the source address\n"                                                             \
	"Hash of the destination address\n"                                                        \
	"Hash of the source that moves few when servers change\n"                                  \
	"Shortest expected delay\n"                                                                \
	"An idle server, else the shortest expected delay\n"                                       \
	"The same server for a destination, while its load allows\n"                               \
	"The same few servers for a destination\n"                                                 \
	"The highest weight that is up\n"                                                          \
	"The next by weight when one is full\n"                                                    \
	"Another server when the one chosen is out (sh, mh)\n"                                     \
	"The client's port counts too (sh, mh)\n"

#define SERVICE_XPATH VRRP_XPATH_SERVICE "[name='%s']"

/* --- helpers ------------------------------------------------------------------- */

/* What the candidate has of that name. */
static struct vrrp_ipvs_scope scope_of(struct vty *vty, const char *name)
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
	return scope_of(vty, name).service != NULL;
}

static int refuse_missing(struct vty *vty, const char *name)
{
	char reason[VRRP_REASON_SIZE];

	snprintf(reason, sizeof(reason),
		 "ipvs service %s: there is none; its address and port, or its firewall mark, come first",
		 name);
	return vrrp_cli_refuse(vty, reason);
}

/* One change of the candidate, below the service. The value must last until apply(). */
static void PRINTFRR(4, 5) change(struct vty *vty, enum nb_operation operation, const char *value,
				  const char *format, ...)
{
	char xpath[XPATH_MAXLEN];
	va_list args;

	va_start(args, format);
	vsnprintf(xpath, sizeof(xpath), format, args);
	va_end(args);
	nb_cli_enqueue_change(vty, xpath, operation, value);
}

/* A leaf without a default. */
static void set_or_unset(struct vty *vty, const char *parent, const char *leaf, const char *value)
{
	change(vty, value ? NB_OP_MODIFY : NB_OP_DESTROY, value, "%s/%s", parent, leaf);
}

/* A leaf with one; value NULL: that. */
static void set_leaf(struct vty *vty, const char *parent, const char *leaf, const char *value)
{
	change(vty, NB_OP_MODIFY, value, "%s/%s", parent, leaf);
}

static int apply(struct vty *vty, const char *name)
{
	return nb_cli_apply_changes(vty, SERVICE_XPATH, name);
}

/* "no ..." of a leaf that has a default. */
static int reset(struct vty *vty, const char *name, const char *leaf)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	set_leaf(vty, ".", leaf, NULL);
	return apply(vty, name);
}

/* "no ..." of anything else. */
static int unset(struct vty *vty, const char *name, const char *xpath)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	change(vty, NB_OP_DESTROY, NULL, "%s", xpath);
	return apply(vty, name);
}

/* The service as it is about to be, in scope->conf. */
static bool may_be(struct vty *vty, const struct vrrp_ipvs_scope *scope)
{
	char reason[VRRP_REASON_SIZE];

	if (vrrp_ipvs_check_service(scope, reason, sizeof(reason)))
		return true;
	vrrp_cli_refuse(vty, reason);
	return false;
}

/* --- services -------------------------------------------------------------------- */

static int remove_service(struct vty *vty, const char *name)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	change(vty, NB_OP_DESTROY, NULL, ".");
	return apply(vty, name);
}

/* A service, made if need be, with the traffic that scope->conf says. */
static bool want_service(struct vty *vty, const struct vrrp_ipvs_scope *scope)
{
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_ipvs_check_name(scope->name, reason, sizeof(reason)) ||
	    !vrrp_ipvs_check_unique(scope, reason, sizeof(reason))) {
		vrrp_cli_refuse(vty, reason);
		return false;
	}
	if (!may_be(vty, scope))
		return false;
	change(vty, NB_OP_CREATE, NULL, ".");
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
	struct vrrp_ipvs_scope scope = scope_of(vty, name);
	char canonical[VRRP_ADDR_STRLEN];

	if (!vrrp_addr_parse(address_str, &traffic.vip))
		return vrrp_cli_refuse(vty, "this is no address");
	if (no)
		return same_traffic(&scope.conf, &traffic) ? remove_service(vty, name) : CMD_SUCCESS;
	take_traffic(&scope.conf, &traffic);
	if (!want_service(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	change(vty, NB_OP_DESTROY, NULL, "./firewall-mark");
	set_leaf(vty, "./socket", "protocol", protocol);
	set_leaf(vty, "./socket", "address", vrrp_addr_str(&traffic.vip, canonical));
	set_leaf(vty, "./socket", "port", port_str);
	return apply(vty, name);
}

DEFPY_YANG(ipvs_fwmark, ipvs_fwmark_cmd,
	   "[no] ipvs service NAME$name fwmark (1-4294967295)$mark [ipv6$ipv6]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR
	   "Packets with a firewall mark\n" "The mark\n" "IPv6; else IPv4\n")
{
	struct vrrp_service_conf traffic = { .fwmark = mark,
					     .fwmark_family = ipv6 ? VRRP_IPV6 : VRRP_IPV4 };
	struct vrrp_ipvs_scope scope = scope_of(vty, name);

	if (no)
		return same_traffic(&scope.conf, &traffic) ? remove_service(vty, name) : CMD_SUCCESS;
	take_traffic(&scope.conf, &traffic);
	if (!want_service(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	change(vty, NB_OP_DESTROY, NULL, "./socket");
	set_leaf(vty, "./firewall-mark", "mark", mark_str);
	set_leaf(vty, "./firewall-mark", "family", ipv6);
	return apply(vty, name);
}

DEFPY_YANG(no_ipvs_service, no_ipvs_service_cmd, "no ipvs service NAME$name",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR)
{
	return remove_service(vty, name);
}

DEFPY_YANG(ipvs_scheduler, ipvs_scheduler_cmd,
	   "ipvs service NAME$name scheduler <rr|wrr|lc|wlc|sh|dh|mh|sed|nq|lblc|lblcr|fo|ovf>$scheduler [fallback$fallback] [by-port$by_port]",
	   IPVS_STR SERVICE_STR NAME_STR SCHEDULER_STR SCHEDULERS_STR)
{
	struct vrrp_ipvs_scope scope = scope_of(vty, name);

	if (!scope.service)
		return refuse_missing(vty, name);
	strlcpy(scope.conf.scheduler, scheduler, sizeof(scope.conf.scheduler));
	scope.conf.fallback = fallback;
	scope.conf.by_port = by_port;
	if (!may_be(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	set_leaf(vty, "./scheduler", "name", scheduler);
	set_leaf(vty, "./scheduler", "fallback", fallback ? "true" : NULL);
	set_leaf(vty, "./scheduler", "by-port", by_port ? "true" : NULL);
	return apply(vty, name);
}

DEFPY_YANG(no_ipvs_scheduler, no_ipvs_scheduler_cmd,
	   "no ipvs service NAME$name scheduler [<rr|wrr|lc|wlc|sh|dh|mh|sed|nq|lblc|lblcr|fo|ovf> [fallback] [by-port]]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SCHEDULER_STR SCHEDULERS_STR)
{
	if (!service_exists(vty, name))
		return CMD_SUCCESS;
	set_leaf(vty, "./scheduler", "name", NULL);
	set_leaf(vty, "./scheduler", "fallback", NULL);
	set_leaf(vty, "./scheduler", "by-port", NULL);
	return apply(vty, name);
}

DEFPY_YANG(ipvs_persistent, ipvs_persistent_cmd,
	   "ipvs service NAME$name persistent (1-86400)$seconds",
	   IPVS_STR SERVICE_STR NAME_STR PERSISTENT_STR SECONDS_STR)
{
	if (!service_exists(vty, name))
		return refuse_missing(vty, name);
	set_leaf(vty, ".", "persistent", seconds_str);
	return apply(vty, name);
}

DEFPY_YANG(no_ipvs_persistent, no_ipvs_persistent_cmd,
	   "no ipvs service NAME$name persistent [(1-86400)]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR PERSISTENT_STR SECONDS_STR)
{
	return unset(vty, name, "./persistent");
}

DEFPY_YANG(ipvs_quorum, ipvs_quorum_cmd, "ipvs service NAME$name quorum (1-65535)$weight",
	   IPVS_STR SERVICE_STR NAME_STR QUORUM_STR "Sum of weights, 1 unless set\n")
{
	if (!service_exists(vty, name))
		return refuse_missing(vty, name);
	set_leaf(vty, ".", "quorum", weight_str);
	return apply(vty, name);
}

DEFPY_YANG(no_ipvs_quorum, no_ipvs_quorum_cmd, "no ipvs service NAME$name quorum [(1-65535)]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR QUORUM_STR "Sum of weights, 1 unless set\n")
{
	return reset(vty, name, "quorum");
}

DEFPY_YANG(ipvs_switch, ipvs_switch_cmd,
	   "[no] ipvs service NAME$name <always|inhibit|one-packet>$what",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR
	   "In the kernel on a Backup as well\n"
	   "A server that is down stays, with weight 0\n"
	   "Each datagram is scheduled alone\n")
{
	struct vrrp_ipvs_scope scope = scope_of(vty, name);

	if (no)
		return reset(vty, name, what);
	if (!scope.service)
		return refuse_missing(vty, name);
	scope.conf.one_packet = scope.conf.one_packet || strmatch(what, "one-packet");
	if (!may_be(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	set_leaf(vty, ".", what, "true");
	return apply(vty, name);
}

/* --- servers ----------------------------------------------------------------------- */

/* The path of a server below its service. */
#define SERVER_XPATH_SIZE 128

static const char *server_xpath(const struct vrrp_server *server, char xpath[SERVER_XPATH_SIZE])
{
	char text[VRRP_ADDR_STRLEN];

	snprintf(xpath, SERVER_XPATH_SIZE, "./server[address='%s'][port='%u']",
		 vrrp_addr_str(&server->address, text), server->port);
	return xpath;
}

/* The node of a server in the candidate; NULL: there is none. */
static const struct lyd_node *server_node(const struct vrrp_ipvs_scope *scope,
					  const struct vrrp_server *server)
{
	char xpath[SERVER_XPATH_SIZE];

	return scope->service ? yang_dnode_get(scope->service, server_xpath(server, xpath)) : NULL;
}

static void warn_of_server(struct vty *vty, const char *name, const struct vrrp_server *server)
{
	char reason[VRRP_REASON_SIZE];

	if (vrrp_ipvs_warning(name, server, reason, sizeof(reason)))
		vrrp_cli_say(vty, "Warning: ", reason);
}

static int remove_server(struct vty *vty, const struct vrrp_ipvs_scope *scope,
			 const struct vrrp_server *server)
{
	char xpath[SERVER_XPATH_SIZE];

	if (!server_node(scope, server))
		return CMD_SUCCESS;
	return unset(vty, scope->name, server_xpath(server, xpath));
}

/* A server that is there already has a check in a line of its own. */
static void keep_check(const struct vrrp_ipvs_scope *scope, struct vrrp_server *server)
{
	const struct lyd_node *node = server_node(scope, server);
	struct vrrp_server old;

	if (!node)
		return;
	vrrp_ipvs_read_server(node, &old);
	server->check = old.check;
	server->unchecked = old.unchecked;
}

DEFPY_YANG(ipvs_server, ipvs_server_cmd,
	   "[no] ipvs service NAME$name server <A.B.C.D|X:X::X:X>$address (0-65535)$port [weight (0-65535)] [forwarding <direct|masquerade|tunnel>$forwarding] [encapsulation <ipip$ipip|gre$gre|gue$gue port (1-65535)$gue_port>] [upper-threshold (1-4294967295)$upper] [lower-threshold (1-4294967295)$lower]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR
	   "Its share\n" "Weight, 1 unless set; 0: no new connections\n"
	   FORWARDING_STR FORWARDINGS_STR
	   "The outer packet of a tunnel\n" "IP in IP; unless set\n" "GRE\n"
	   "Generic UDP encapsulation\n" "Where the server receives it\n" "UDP port\n"
	   "No new connections from so many on\n" "Connections\n"
	   "New connections again below so many\n"
	   "Connections; three quarters of the upper threshold unless set\n")
{
	const char *encapsulation = gue ? gue : gre;
	struct vrrp_ipvs_scope scope = scope_of(vty, name);
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
		return vrrp_cli_refuse(vty, "this is no address");
	if (no)
		return remove_server(vty, &scope, &server);
	if (!scope.service)
		return refuse_missing(vty, name);
	keep_check(&scope, &server);
	if (!vrrp_ipvs_check_server(&scope, &server, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	server_xpath(&server, xpath);
	change(vty, NB_OP_CREATE, NULL, "%s", xpath);
	set_leaf(vty, xpath, "weight", weight_str);
	set_leaf(vty, xpath, "forwarding", forwarding);
	set_leaf(vty, xpath, "encapsulation", encapsulation);
	set_or_unset(vty, xpath, "gue-port", gue_port_str);
	set_leaf(vty, xpath, "upper-threshold", upper_str);
	set_leaf(vty, xpath, "lower-threshold", lower_str);
	result = apply(vty, name);
	if (result == CMD_SUCCESS)
		warn_of_server(vty, name, &server);
	return result;
}

DEFPY_YANG(ipvs_sorry_server, ipvs_sorry_server_cmd,
	   "ipvs service NAME$name sorry-server <A.B.C.D|X:X::X:X>$address (0-65535)$port [forwarding <direct|masquerade|tunnel>$forwarding]",
	   IPVS_STR SERVICE_STR NAME_STR SORRY_STR V4_STR V6_STR PORT_STR
	   FORWARDING_STR FORWARDINGS_STR)
{
	char reason[VRRP_REASON_SIZE], canonical[VRRP_ADDR_STRLEN];
	struct vrrp_ipvs_scope scope = scope_of(vty, name);
	struct vrrp_server sorry = { .port = port, .forward = vrrp_ipvs_forward(forwarding) };
	int result;

	if (!vrrp_addr_parse(address_str, &sorry.address))
		return vrrp_cli_refuse(vty, "this is no address");
	if (!scope.service)
		return refuse_missing(vty, name);
	if (!vrrp_ipvs_check_sorry(&scope, &sorry, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	set_leaf(vty, "./sorry-server", "address", vrrp_addr_str(&sorry.address, canonical));
	set_leaf(vty, "./sorry-server", "port", port_str);
	set_leaf(vty, "./sorry-server", "forwarding", forwarding);
	result = apply(vty, name);
	if (result == CMD_SUCCESS)
		warn_of_server(vty, name, &sorry);
	return result;
}

DEFPY_YANG(no_ipvs_sorry_server, no_ipvs_sorry_server_cmd,
	   "no ipvs service NAME$name sorry-server [<A.B.C.D|X:X::X:X> (0-65535) [forwarding <direct|masquerade|tunnel>]]",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SORRY_STR V4_STR V6_STR PORT_STR
	   FORWARDING_STR FORWARDINGS_STR)
{
	return unset(vty, name, "./sorry-server");
}

/* --- checks --------------------------------------------------------------------------- */

/* A check as typed; NULL: not typed. */
struct check_words {
	const char *kind, *path, *interval, *timeout, *fall, *rise, *port, *source, *status, *host,
		*match;
};

/* Whose check a command is about: a server's, or the service's. */
struct check_owner {
	struct vrrp_ipvs_scope scope;
	bool of_server;
	struct vrrp_server server;
	const struct lyd_node *node; /* NULL: the owner does not exist */
	char xpath[SERVER_XPATH_SIZE];
};

static void find_owner(struct vty *vty, const char *name, const char *address, uint16_t port,
		       struct check_owner *owner)
{
	*owner = (struct check_owner){ .scope = scope_of(vty, name), .of_server = address };
	if (!address) {
		owner->node = owner->scope.service;
		snprintf(owner->xpath, sizeof(owner->xpath), ".");
		return;
	}
	vrrp_addr_parse(address, &owner->server.address);
	owner->server.port = port;
	owner->node = server_node(&owner->scope, &owner->server);
	server_xpath(&owner->server, owner->xpath);
}

static int refuse_missing_owner(struct vty *vty, const struct check_owner *owner)
{
	char reason[VRRP_REASON_SIZE], text[VRRP_ADDR_STRLEN];

	if (!owner->scope.service)
		return refuse_missing(vty, owner->scope.name);
	snprintf(reason, sizeof(reason), "ipvs service %s: it has no server %s %u",
		 owner->scope.name, vrrp_addr_str(&owner->server.address, text), owner->server.port);
	return vrrp_cli_refuse(vty, reason);
}

static struct vrrp_probe_conf check_conf(const struct check_words *words)
{
	struct vrrp_probe_conf conf = {
		.kind = vrrp_ipvs_probe(words->kind),
		.port = words->port ? strtoul(words->port, NULL, 10) : 0,
		.path = words->path,
		.host = words->host,
		.status = words->status ? strtoul(words->status, NULL, 10) : 0,
		.match = words->match,
	};

	if (words->source)
		vrrp_addr_parse(words->source, &conf.source);
	return conf;
}

/* Whose check it is, as it would be with that check. */
static bool check_may_be(struct vty *vty, const struct check_owner *owner,
			 const struct check_words *words)
{
	struct vrrp_ipvs_scope scope = owner->scope;
	char reason[VRRP_REASON_SIZE];
	struct vrrp_server server;

	if (!owner->of_server) {
		scope.conf.check = check_conf(words);
		return may_be(vty, &scope);
	}
	vrrp_ipvs_read_server(owner->node, &server);
	server.check = check_conf(words);
	server.unchecked = server.check.kind == VRRP_PROBE_NONE;
	if (vrrp_ipvs_check_server(&scope, &server, reason, sizeof(reason)))
		return true;
	vrrp_cli_refuse(vty, reason);
	return false;
}

static int set_check(struct vty *vty, const struct check_owner *owner,
		     const struct check_words *words)
{
	char xpath[SERVER_XPATH_SIZE + 8];

	if (!owner->node)
		return refuse_missing_owner(vty, owner);
	if (!check_may_be(vty, owner, words))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), "%s/check", owner->xpath);
	set_leaf(vty, xpath, "kind", words->kind);
	set_leaf(vty, xpath, "path", words->path);
	set_leaf(vty, xpath, "interval", words->interval);
	set_leaf(vty, xpath, "timeout", words->timeout);
	set_leaf(vty, xpath, "fall", words->fall);
	set_leaf(vty, xpath, "rise", words->rise);
	set_or_unset(vty, xpath, "port", words->port);
	set_or_unset(vty, xpath, "source", words->source);
	set_or_unset(vty, xpath, "status", words->status);
	set_or_unset(vty, xpath, "host", words->host);
	set_or_unset(vty, xpath, "match", words->match);
	return apply(vty, owner->scope.name);
}

DEFPY_YANG(ipvs_check, ipvs_check_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check <none|tcp|icmp>$kind [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   "Not at all: it counts as up\n" "A TCP connection\n" "An ICMP echo\n"
	   INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR SOURCE_STR)
{
	const struct check_words words = {
		.kind = kind,
		.interval = interval_str,
		.timeout = timeout_str,
		.fall = fall_str,
		.rise = rise_str,
		.port = check_port_str,
		.source = source_str,
	};
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	return set_check(vty, &owner, &words);
}

/* The words of "match LINE..."; NULL: there are none. XFREE(MTYPE_TMP) it. */
static char *match_text(struct cmd_token **argv, int argc)
{
	int at = 0;

	return argv_find(argv, argc, "LINE", &at) ? argv_concat(argv, argc, at) : NULL;
}

DEFPY_YANG(ipvs_check_http, ipvs_check_http_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check <http|https>$kind PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|status (100-599)|host HOST}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   "An HTTP request\n" "An HTTPS request, whatever the certificate says\n" "What to ask for\n"
	   INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR SOURCE_STR
	   "The status wanted\n" "Status, any of 200 to 399 unless set\n"
	   "The host asked for, in the request and in TLS\n" "Its name\n")
{
	char *match = match_text(argv, argc);
	const struct check_words words = {
		.kind = kind,
		.path = path,
		.interval = interval_str,
		.timeout = timeout_str,
		.fall = fall_str,
		.rise = rise_str,
		.port = check_port_str,
		.source = source_str,
		.status = status_str,
		.host = host,
		.match = match,
	};
	struct check_owner owner;
	int result;

	find_owner(vty, name, address_str, port, &owner);
	result = set_check(vty, &owner, &words);
	XFREE(MTYPE_TMP, match);
	return result;
}

/* FRR's grammar takes a text of many words at the end of a command only, and not [so]. */
ALIAS_YANG(
	ipvs_check_http, ipvs_check_http_match_cmd,
	"ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check <http|https>$kind PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|status (100-599)|host HOST}] match LINE...",
	IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	"An HTTP request\n"
	"An HTTPS request, whatever the certificate says\n"
	"What to ask for\n" INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR SOURCE_STR
	"The status wanted\n"
	"Status, any of 200 to 399 unless set\n"
	"The host asked for, in the request and in TLS\n"
	"Its name\n"
	"What must be in the body\n"
	"Text, to the end of the line\n")

DEFPY_YANG(no_ipvs_check, no_ipvs_check_cmd,
	   "no ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR)
{
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	if (!owner.node)
		return CMD_SUCCESS;
	change(vty, NB_OP_DESTROY, NULL, "%s/check", owner.xpath);
	return apply(vty, name);
}

ALIAS_YANG(
	no_ipvs_check, no_ipvs_check_line_cmd,
	"no ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check LINE...",
	NO_STR IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	"The rest of the line makes no difference\n")

/* --- what holds for all ----------------------------------------------------------------- */

DEFPY_YANG(ipvs_sync_daemon, ipvs_sync_daemon_cmd,
	   "ipvs sync-daemon interface IFNAME$ifname [sync-id (0-255)$id]",
	   IPVS_STR SYNC_STR "Where they are\n" INTERFACE_STR SYNC_ID_STR)
{
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_ipvs_check_sync(vty->candidate_config->dnode, ifname, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	set_leaf(vty, VRRP_XPATH_IPVS "/sync-daemon", "interface", ifname);
	set_leaf(vty, VRRP_XPATH_IPVS "/sync-daemon", "sync-id", id_str);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG(no_ipvs_sync_daemon, no_ipvs_sync_daemon_cmd,
	   "no ipvs sync-daemon [interface IFNAME [sync-id (0-255)]]",
	   NO_STR IPVS_STR SYNC_STR "Where they are\n" INTERFACE_STR SYNC_ID_STR)
{
	change(vty, NB_OP_DESTROY, NULL, VRRP_XPATH_IPVS "/sync-daemon");
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG(ipvs_timeout, ipvs_timeout_cmd, "ipvs timeout <tcp|tcp-fin|udp>$what (1-604800)$seconds",
	   IPVS_STR TIMEOUTS_STR SECONDS_STR)
{
	set_leaf(vty, VRRP_XPATH_IPVS "/timeouts", what, seconds_str);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG(no_ipvs_timeout, no_ipvs_timeout_cmd,
	   "no ipvs timeout <tcp|tcp-fin|udp>$what [(1-604800)]",
	   NO_STR IPVS_STR TIMEOUTS_STR SECONDS_STR)
{
	change(vty, NB_OP_DESTROY, NULL, VRRP_XPATH_IPVS "/timeouts/%s", what);
	return nb_cli_apply_changes(vty, NULL);
}

/* --- the running configuration ------------------------------------------------------------ */

static void begin_line(struct vty *vty, const struct lyd_node *dnode)
{
	vty_out(vty, "ipvs service %s", vrrp_nb_value(vrrp_ipvs_service_node(dnode), "name"));
}

/* " WORD VALUE" for a leaf that is set, and not to its default. */
static void show_leaf(struct vty *vty, const struct lyd_node *parent, const char *leaf,
		      const char *word, bool show_defaults)
{
	const struct lyd_node *dnode = vrrp_nb_child(parent, leaf);

	if (dnode && (show_defaults || !yang_dnode_is_default(dnode, NULL)))
		vty_out(vty, " %s %s", word, lyd_get_value(dnode));
}

VRRP_CLI_SHOW(ipvs_socket)
{
	begin_line(vty, dnode);
	vty_out(vty, " %s %s %s\n", vrrp_nb_value(dnode, "protocol"),
		vrrp_nb_value(dnode, "address"), vrrp_nb_value(dnode, "port"));
}

VRRP_CLI_SHOW(ipvs_fwmark)
{
	begin_line(vty, dnode);
	vty_out(vty, " fwmark %s%s\n", vrrp_nb_value(dnode, "mark"),
		strmatch(vrrp_nb_value(dnode, "family"), "ipv6") ? " ipv6" : "");
}

VRRP_CLI_SHOW(ipvs_scheduler)
{
	begin_line(vty, dnode);
	vty_out(vty, " scheduler %s%s%s\n", vrrp_nb_value(dnode, "name"),
		strmatch(vrrp_nb_value(dnode, "fallback"), "true") ? " fallback" : "",
		strmatch(vrrp_nb_value(dnode, "by-port"), "true") ? " by-port" : "");
}

VRRP_CLI_SHOW(ipvs_persistent)
{
	begin_line(vty, dnode);
	vty_out(vty, " persistent %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(ipvs_quorum)
{
	begin_line(vty, dnode);
	vty_out(vty, " quorum %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(ipvs_switch)
{
	if (!yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, "no ");
	begin_line(vty, dnode);
	vty_out(vty, " %s\n", dnode->schema->name);
}

/* " ADDRESS PORT" of a server, sorry or not. */
static void show_target(struct vty *vty, const char *word, const struct lyd_node *dnode)
{
	vty_out(vty, " %s %s %s", word, vrrp_nb_value(dnode, "address"),
		vrrp_nb_value(dnode, "port"));
}

VRRP_CLI_SHOW(ipvs_sorry)
{
	begin_line(vty, dnode);
	show_target(vty, "sorry-server", dnode);
	show_leaf(vty, dnode, "forwarding", "forwarding", show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_server)
{
	begin_line(vty, dnode);
	show_target(vty, "server", dnode);
	show_leaf(vty, dnode, "weight", "weight", show_defaults);
	show_leaf(vty, dnode, "forwarding", "forwarding", show_defaults);
	show_leaf(vty, dnode, "encapsulation", "encapsulation", show_defaults);
	show_leaf(vty, dnode, "gue-port", "port", show_defaults);
	show_leaf(vty, dnode, "upper-threshold", "upper-threshold", false);
	show_leaf(vty, dnode, "lower-threshold", "lower-threshold", false);
	vty_out(vty, "\n");
}

/* A path is in the grammar where there is one; the text to match goes to the end. */
VRRP_CLI_SHOW(ipvs_check)
{
	const struct lyd_node *owner = lyd_parent(dnode);
	const char *kind = vrrp_nb_value(dnode, "kind");

	begin_line(vty, dnode);
	if (strmatch(owner->schema->name, "server"))
		show_target(vty, "server", owner);
	vty_out(vty, " check %s", kind);
	if (!strncmp(kind, "http", 4))
		vty_out(vty, " %s", vrrp_nb_value(dnode, "path"));
	show_leaf(vty, dnode, "interval", "interval", show_defaults);
	show_leaf(vty, dnode, "timeout", "timeout", show_defaults);
	show_leaf(vty, dnode, "fall", "fall", show_defaults);
	show_leaf(vty, dnode, "rise", "rise", show_defaults);
	show_leaf(vty, dnode, "port", "port", show_defaults);
	show_leaf(vty, dnode, "source", "source", show_defaults);
	show_leaf(vty, dnode, "status", "status", show_defaults);
	show_leaf(vty, dnode, "host", "host", show_defaults);
	show_leaf(vty, dnode, "match", "match", show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_sync)
{
	vty_out(vty, "ipvs sync-daemon interface %s", vrrp_nb_value(dnode, "interface"));
	show_leaf(vty, dnode, "sync-id", "sync-id", show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_timeout)
{
	vty_out(vty, "ipvs timeout %s %s\n", dnode->schema->name, lyd_get_value(dnode));
}

void vrrp_ipvs_cli_write(struct vty *vty)
{
	const struct lyd_node *dnode = yang_dnode_get(running_config->dnode, VRRP_XPATH_IPVS);

	if (dnode)
		nb_cli_show_dnode_cmds(vty, dnode, false);
}

void vrrp_ipvs_cli_init(void)
{
	install_element(CONFIG_NODE, &ipvs_socket_cmd);
	install_element(CONFIG_NODE, &ipvs_fwmark_cmd);
	install_element(CONFIG_NODE, &no_ipvs_service_cmd);
	install_element(CONFIG_NODE, &ipvs_scheduler_cmd);
	install_element(CONFIG_NODE, &no_ipvs_scheduler_cmd);
	install_element(CONFIG_NODE, &ipvs_persistent_cmd);
	install_element(CONFIG_NODE, &no_ipvs_persistent_cmd);
	install_element(CONFIG_NODE, &ipvs_quorum_cmd);
	install_element(CONFIG_NODE, &no_ipvs_quorum_cmd);
	install_element(CONFIG_NODE, &ipvs_switch_cmd);
	install_element(CONFIG_NODE, &ipvs_server_cmd);
	install_element(CONFIG_NODE, &ipvs_sorry_server_cmd);
	install_element(CONFIG_NODE, &no_ipvs_sorry_server_cmd);
	install_element(CONFIG_NODE, &ipvs_check_cmd);
	install_element(CONFIG_NODE, &ipvs_check_http_cmd);
	install_element(CONFIG_NODE, &ipvs_check_http_match_cmd);
	install_element(CONFIG_NODE, &no_ipvs_check_cmd);
	install_element(CONFIG_NODE, &no_ipvs_check_line_cmd);
	install_element(CONFIG_NODE, &ipvs_sync_daemon_cmd);
	install_element(CONFIG_NODE, &no_ipvs_sync_daemon_cmd);
	install_element(CONFIG_NODE, &ipvs_timeout_cmd);
	install_element(CONFIG_NODE, &no_ipvs_timeout_cmd);
}
