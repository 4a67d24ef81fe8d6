// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "ipvs service NAME ... check ...", of a service and of a server.
 *
 * One line configures a check as a whole, so a new line replaces all of the old one.
 */
#include <zebra.h>

#include "command.h"
#include "libfrr.h"
#include "northbound_cli.h"
#include "yang.h"

#include "vrrp_check_words.h"
#include "vrrp_cli_private.h"
#include "vrrp_ipvs_cli_private.h"
#include "vrrp_nb.h"
#include "vrrpd/face/vrrp_ipvs_cli_check_clippy.c"

#define CHECK_STR "Health check\n"
#define CHECK_INTERVAL_STR                                                                         \
	"Set the time from one try to the next\n"                                                  \
	"Seconds (default 5)\n"
#define TIMEOUT_STR                                                                                \
	"Set the time after which a try has failed\n"                                              \
	"Seconds (default 3)\n"
#define FALL_STR                                                                                   \
	"Set the failures in a row after which a server is down\n"                                 \
	"Tries (default 3)\n"
#define RISE_STR                                                                                   \
	"Set the successes in a row after which a server is up\n"                                  \
	"Tries (default 1)\n"
#define CHECK_PORT_STR                                                                             \
	"Set the port to check\n"                                                                  \
	"Port (default the server's)\n"
#define KEEPALIVE_STR                                                                              \
	"Set how long one connection serves tries\n"                                               \
	"Seconds (default https 10, http 0: one for each try)\n"
#define SOURCE_STR "Source address of the check\n" V4_STR V6_STR

/* The owner of the check that a command is about: a server, or the service. */
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
	*owner = (struct check_owner){ .scope = vrrp_ipvs_cli_scope(vty, name),
				       .of_server = address };
	if (!address) {
		owner->node = owner->scope.service;
		snprintf(owner->xpath, sizeof(owner->xpath), ".");
		return;
	}
	vrrp_addr_parse(address, &owner->server.address);
	owner->server.port = port;
	owner->node = vrrp_ipvs_cli_server_node(&owner->scope, &owner->server);
	vrrp_ipvs_cli_server_xpath(&owner->server, owner->xpath);
}

static int refuse_missing_owner(struct vty *vty, const struct check_owner *owner)
{
	char reason[VRRP_REASON_SIZE], text[VRRP_ADDR_STRLEN];

	if (!owner->scope.service)
		return vrrp_ipvs_cli_refuse_missing(vty, owner->scope.name);
	snprintf(reason, sizeof(reason), "ipvs service %s: it has no server %s %u",
		 owner->scope.name, vrrp_addr_str(&owner->server.address, text), owner->server.port);
	return vrrp_cli_refuse(vty, reason);
}

static struct vrrp_probe_conf check_conf(const struct vrrp_check_words *words)
{
	struct vrrp_probe_conf conf = vrrp_check_of_words(words);

	conf.keepalive_sec = vrrp_ipvs_keepalive(conf.kind, words->keepalive);
	return conf;
}

/* From a file it is accepted, and fails until the file is right: what is not there yet may come. */
static bool files_may_be(struct vty *vty, const struct check_owner *owner,
			 const struct vrrp_check_words *words)
{
	struct vrrp_probe_conf conf = check_conf(words);
	const char *fault = vrrp_cli_is_from_file(vty) ? NULL : vrrp_check_file_fault(&conf);
	char reason[VRRP_REASON_SIZE];

	if (!fault)
		return true;
	snprintf(reason, sizeof(reason), "ipvs service %s: check %s: %s", owner->scope.name,
		 words->kind, fault);
	vrrp_cli_refuse(vty, reason);
	return false;
}

/* The owner as it would be with the typed check. */
static bool check_may_be(struct vty *vty, const struct check_owner *owner,
			 const struct vrrp_check_words *words)
{
	struct vrrp_ipvs_scope scope = owner->scope;
	char reason[VRRP_REASON_SIZE];
	struct vrrp_server server;

	if (!owner->of_server) {
		scope.conf.check = check_conf(words);
		return vrrp_ipvs_cli_may_be(vty, &scope);
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
		     const struct vrrp_check_words *words)
{
	char xpath[SERVER_XPATH_SIZE + 8];

	if (!owner->node)
		return refuse_missing_owner(vty, owner);
	if (!check_may_be(vty, owner, words) || !files_may_be(vty, owner, words))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), "%s/check", owner->xpath);
	vrrp_check_enqueue(vty, xpath, vrrp_nb_child(owner->node, "check"), words);
	return vrrp_ipvs_cli_apply(vty, owner->scope.name);
}

/* The words that every check may have, with the argument names of the commands below. */
#define COMMON_WORDS                                                                               \
	.kind = kind, .interval = interval_str, .timeout = timeout_str, .fall = fall_str,          \
	.rise = rise_str, .port = check_port_str, .source = source_str

DEFPY_YANG(ipvs_check, ipvs_check_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check <none|tcp|icmp>$kind [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   "No check: the server counts as up\n" "A TCP connection\n" "An ICMP echo\n"
	   CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR SOURCE_STR)
{
	const struct vrrp_check_words words = { COMMON_WORDS };
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	return set_check(vty, &owner, &words);
}

/* The text of "LINE..."; NULL when there is none. To be freed by XFREE(MTYPE_TMP). */
static char *rest_of_line(struct cmd_token **argv, int argc)
{
	int at = 0;

	return argv_find(argv, argc, "LINE", &at) ? argv_concat(argv, argc, at) : NULL;
}

DEFPY_YANG(ipvs_check_http, ipvs_check_http_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check <http|https>$kind PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|status STATUS|host HOST|sni NAME$sni|ca-file PATH$ca_file|keepalive-time (0-3600)}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   VRRP_CHECK_HTTP_KIND_STR VRRP_CHECK_HTTP_PATH_STR CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR SOURCE_STR
	   VRRP_CHECK_HTTP_WORDS_STR KEEPALIVE_STR)
{
	char *match = rest_of_line(argv, argc);
	const struct vrrp_check_words words = {
		COMMON_WORDS, .path = path,	  .status = status, .host = host,
		.sni = sni,   .ca_file = ca_file, .match = match,   .keepalive = keepalive_time_str,
	};
	struct check_owner owner;
	int result;

	find_owner(vty, name, address_str, port, &owner);
	result = set_check(vty, &owner, &words);
	XFREE(MTYPE_TMP, match);
	return result;
}

/* FRR's grammar allows LINE... only at the end of a command, and not as an option. */
ALIAS_YANG(
	ipvs_check_http, ipvs_check_http_match_cmd,
	"ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check <http|https>$kind PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|status STATUS|host HOST|sni NAME$sni|ca-file PATH$ca_file|keepalive-time (0-3600)}] match LINE...",
	IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
		VRRP_CHECK_HTTP_KIND_STR VRRP_CHECK_HTTP_PATH_STR CHECK_INTERVAL_STR TIMEOUT_STR
			FALL_STR RISE_STR CHECK_PORT_STR SOURCE_STR
				VRRP_CHECK_HTTP_WORDS_STR KEEPALIVE_STR
	"Require a text in the body\n"
	"Text, to the end of the line\n")

DEFPY_YANG(ipvs_check_dns, ipvs_check_dns_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check dns NAME$query [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|type <a|aaaa|cname|mx|ns|ptr|soa|srv|txt>$type}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   VRRP_CHECK_DNS_STR VRRP_CHECK_QUERY_STR CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR
	   CHECK_PORT_STR SOURCE_STR VRRP_CHECK_TYPE_STR)
{
	const char *kind = "dns";
	const struct vrrp_check_words words = { COMMON_WORDS, .query = query, .type = type };
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	return set_check(vty, &owner, &words);
}

DEFPY_YANG(ipvs_check_udp, ipvs_check_udp_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check udp [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|payload HEX$payload|reply HEX$reply}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   VRRP_CHECK_UDP_STR CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR
	   SOURCE_STR VRRP_CHECK_PAYLOAD_STR VRRP_CHECK_REPLY_STR)
{
	const char *kind = "udp";
	const struct vrrp_check_words words = { COMMON_WORDS, .payload = payload, .reply = reply };
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	return set_check(vty, &owner, &words);
}

DEFPY_YANG(ipvs_check_smtp, ipvs_check_smtp_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check smtp [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)|port (1-65535)$check_port|source <A.B.C.D|X:X::X:X>$source|helo NAME$helo}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   VRRP_CHECK_SMTP_STR CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR CHECK_PORT_STR
	   SOURCE_STR VRRP_CHECK_HELO_STR)
{
	const char *kind = "smtp";
	const struct vrrp_check_words words = { COMMON_WORDS, .helo = helo };
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	return set_check(vty, &owner, &words);
}

/* The words of a check that asks nobody. */
#define LOCAL_WORDS                                                                                \
	.kind = kind, .path = path, .interval = interval_str, .timeout = timeout_str,              \
	.fall = fall_str, .rise = rise_str

DEFPY_YANG(ipvs_check_file, ipvs_check_file_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check file PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   "A file, which is up while its first number is 0\n" "Absolute path\n" CHECK_INTERVAL_STR
	   TIMEOUT_STR FALL_STR RISE_STR)
{
	const char *kind = "file";
	const struct vrrp_check_words words = { LOCAL_WORDS };
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	return set_check(vty, &owner, &words);
}

DEFPY_YANG(ipvs_check_command, ipvs_check_command_cmd,
	   "ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check command PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)}]",
	   IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	   VRRP_CHECK_COMMAND_STR CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR)
{
	char *arguments = rest_of_line(argv, argc);
	const char *kind = "command";
	const struct vrrp_check_words words = { LOCAL_WORDS, .arguments = arguments };
	struct check_owner owner;
	int result;

	find_owner(vty, name, address_str, port, &owner);
	result = set_check(vty, &owner, &words);
	XFREE(MTYPE_TMP, arguments);
	return result;
}

ALIAS_YANG(
	ipvs_check_command, ipvs_check_command_arguments_cmd,
	"ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check command PATH$path [{interval (1-3600)|timeout (1-3600)|fall (1-20)|rise (1-20)}] arguments LINE...",
	IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR VRRP_CHECK_COMMAND_STR
		CHECK_INTERVAL_STR TIMEOUT_STR FALL_STR RISE_STR VRRP_CHECK_ARGUMENTS_STR)

DEFPY_YANG(no_ipvs_check, no_ipvs_check_cmd,
	   "no ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check",
	   NO_STR IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR)
{
	struct check_owner owner;

	find_owner(vty, name, address_str, port, &owner);
	if (!owner.node)
		return CMD_SUCCESS;
	vrrp_ipvs_cli_change(vty, NB_OP_DESTROY, NULL, "%s/check", owner.xpath);
	return vrrp_ipvs_cli_apply(vty, name);
}

ALIAS_YANG(
	no_ipvs_check, no_ipvs_check_line_cmd,
	"no ipvs service NAME$name [server <A.B.C.D|X:X::X:X>$address (0-65535)$port] check LINE...",
	NO_STR IPVS_STR SERVICE_STR NAME_STR SERVER_STR V4_STR V6_STR PORT_STR CHECK_STR
	"The rest of the line is ignored\n")

void vrrp_ipvs_cli_check_init(void)
{
	install_element(CONFIG_NODE, &ipvs_check_cmd);
	install_element(CONFIG_NODE, &ipvs_check_http_cmd);
	install_element(CONFIG_NODE, &ipvs_check_http_match_cmd);
	install_element(CONFIG_NODE, &ipvs_check_dns_cmd);
	install_element(CONFIG_NODE, &ipvs_check_udp_cmd);
	install_element(CONFIG_NODE, &ipvs_check_smtp_cmd);
	install_element(CONFIG_NODE, &ipvs_check_file_cmd);
	install_element(CONFIG_NODE, &ipvs_check_command_cmd);
	install_element(CONFIG_NODE, &ipvs_check_command_arguments_cmd);
	install_element(CONFIG_NODE, &no_ipvs_check_cmd);
	install_element(CONFIG_NODE, &no_ipvs_check_line_cmd);
}
