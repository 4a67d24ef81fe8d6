// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "vrrp check NAME …": health checks that groups track. One line configures a check as a whole, so a new
 * line replaces all of the old one.
 */
#include <zebra.h>

#include "command.h"
#include "libfrr.h"
#include "northbound_cli.h"
#include "vrf.h"

#include "vrrp_check_words.h"
#include "vrrp_cli_private.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrp_nb_track.h"
#include "vrrp_session.h"
#include "vrrpd/face/vrrp_cli_check_clippy.c"

#define CHECKS_STR "Make a health check, for groups to track\n"
#define TARGET_STR                                                                                 \
	"IPv4 address to check\n"                                                                  \
	"IPv6 address to check\n"
#define PORT_STR "Port\n"
#define SPEED_STR                                                                                  \
	"Set the time from one try to the next\n"                                                  \
	"Milliseconds (default 1000)\n"                                                            \
	"Set the time after which a try has failed\n"                                              \
	"Milliseconds (default 1000)\n"                                                            \
	"Set the failures in a row after which it is down\n"                                       \
	"Tries (default 3)\n"                                                                      \
	"Set the successes in a row after which it is up\n"                                        \
	"Tries (default 1)\n"
#define FROM_STR                                                                                   \
	"Source address of the check\n"                                                            \
	"IPv4 address\n"                                                                           \
	"IPv6 address\n" VRF_CMD_HELP_STR

/* What the model does not take, it would refuse alone, and take the other words of the line. */
static const char *name_fault(const char *name, const struct vrrp_check_words *words)
{
	if (strlen(name) >= VRRP_TRACK_CHECK_SIZE)
		return "this name is too long";
	if (name[strspn(name, VRRP_IPVS_NAME_CHARACTERS)])
		return "a name is of letters, digits and . _ : -";
	if (words->vrf && strlen(words->vrf) >= VRRP_TRACK_VRF_SIZE)
		return "the name of the VRF is too long";
	return NULL;
}

static bool check_may_be(struct vty *vty, const char *name, const struct vrrp_check_words *words)
{
	struct vrrp_track_check check = { .probe = vrrp_check_of_words(words) };
	const char *fault = name_fault(name, words);
	char reason[VRRP_REASON_SIZE];

	check.port = check.probe.port;
	check.probe.port = 0;
	check.probe.vrf = words->vrf;
	if (words->address)
		vrrp_addr_parse(words->address, &check.target);
	strlcpy(check.name, name, sizeof(check.name));
	if (!fault && !vrrp_check_check(&check, reason, sizeof(reason))) {
		vrrp_cli_refuse(vty, reason);
		return false;
	}
	/* from a file it is accepted, and fails until the file is right: what is not there yet may come */
	if (!fault && !vrrp_cli_is_from_file(vty))
		fault = vrrp_check_file_fault(&check.probe);
	if (!fault)
		return true;
	snprintf(reason, sizeof(reason), "vrrp check %s: %s", check.name, fault);
	vrrp_cli_refuse(vty, reason);
	return false;
}

static void warn_of_missing_vrf(struct vty *vty, const char *name, const char *vrf)
{
	char sentence[VRRP_REASON_SIZE];

	if (!vrf || vrrp_cli_is_from_file(vty) || vrf_lookup_by_name(vrf))
		return;
	snprintf(sentence, sizeof(sentence),
		 "vrrp check %s: there is no VRF %s yet; it fails until that comes", name, vrf);
	vrrp_cli_say(vty, "Warning: ", sentence);
}

/* The line sets all: a word that it leaves out goes back to its default. */
static int set_check(struct vty *vty, const char *name, const struct vrrp_check_words *words)
{
	char xpath[XPATH_MAXLEN];

	if (!check_may_be(vty, name, words))
		return CMD_WARNING_CONFIG_FAILED;
	warn_of_missing_vrf(vty, name, words->vrf);
	vrrp_cli_warn_of_check_source(vty, name, words->source);
	snprintf(xpath, sizeof(xpath), VRRP_XPATH_GLOBAL "/check[name='%s']", name);
	vrrp_check_enqueue(vty, xpath, yang_dnode_exists(vty->candidate_config->dnode, xpath),
			   words);
	return vrrp_session_apply(vty, ".");
}

/* The words that every check of an address may have, with the argument names of the commands below. */
#define TARGET_WORDS                                                                               \
	.kind = kind, .address = address_str, .port = port_str, .interval = interval_str,          \
	.timeout = timeout_str, .fall = fall_str, .rise = rise_str, .source = source_str,          \
	.vrf = vrf

DEFPY_YANG(vrrp_check, vrrp_check_cmd,
	   "vrrp check NAME$name <tcp|icmp>$kind <A.B.C.D|X:X::X:X>$address [(1-65535)$port] [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)|source <A.B.C.D|X:X::X:X>$source|vrf NAME$vrf}]",
	   VRRP_STR CHECKS_STR "Name\n" "A TCP connection\n" "An ICMP echo\n" TARGET_STR PORT_STR
	   SPEED_STR FROM_STR)
{
	const struct vrrp_check_words words = { TARGET_WORDS };

	return set_check(vty, name, &words);
}

DEFPY_YANG(vrrp_check_http, vrrp_check_http_cmd,
	   "vrrp check NAME$name <http|https>$kind <A.B.C.D|X:X::X:X>$address (1-65535)$port PATH$path [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)|source <A.B.C.D|X:X::X:X>$source|vrf NAME$vrf|status STATUS|host HOST|sni NAME$sni|ca-file PATH$ca_file}]",
	   VRRP_STR CHECKS_STR "Name\n" VRRP_CHECK_HTTP_KIND_STR TARGET_STR PORT_STR
	   VRRP_CHECK_HTTP_PATH_STR SPEED_STR FROM_STR VRRP_CHECK_HTTP_WORDS_STR)
{
	const struct vrrp_check_words words = { TARGET_WORDS, .path = path, .status = status,
						.host = host, .sni = sni,   .ca_file = ca_file };

	return set_check(vty, name, &words);
}

DEFPY_YANG(vrrp_check_dns, vrrp_check_dns_cmd,
	   "vrrp check NAME$name dns <A.B.C.D|X:X::X:X>$address (1-65535)$port NAME$query [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)|source <A.B.C.D|X:X::X:X>$source|vrf NAME$vrf|type <a|aaaa|cname|mx|ns|ptr|soa|srv|txt>$type}]",
	   VRRP_STR CHECKS_STR "Name\n" VRRP_CHECK_DNS_STR TARGET_STR PORT_STR
	   VRRP_CHECK_QUERY_STR SPEED_STR FROM_STR VRRP_CHECK_TYPE_STR)
{
	const char *kind = "dns";
	const struct vrrp_check_words words = { TARGET_WORDS, .query = query, .type = type };

	return set_check(vty, name, &words);
}

DEFPY_YANG(vrrp_check_udp, vrrp_check_udp_cmd,
	   "vrrp check NAME$name udp <A.B.C.D|X:X::X:X>$address (1-65535)$port [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)|source <A.B.C.D|X:X::X:X>$source|vrf NAME$vrf|payload HEX$payload|reply HEX$reply}]",
	   VRRP_STR CHECKS_STR "Name\n" VRRP_CHECK_UDP_STR TARGET_STR PORT_STR SPEED_STR FROM_STR
	   VRRP_CHECK_PAYLOAD_STR VRRP_CHECK_REPLY_STR)
{
	const char *kind = "udp";
	const struct vrrp_check_words words = { TARGET_WORDS, .payload = payload, .reply = reply };

	return set_check(vty, name, &words);
}

DEFPY_YANG(vrrp_check_smtp, vrrp_check_smtp_cmd,
	   "vrrp check NAME$name smtp <A.B.C.D|X:X::X:X>$address (1-65535)$port [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)|source <A.B.C.D|X:X::X:X>$source|vrf NAME$vrf|helo NAME$helo}]",
	   VRRP_STR CHECKS_STR "Name\n" VRRP_CHECK_SMTP_STR TARGET_STR PORT_STR SPEED_STR FROM_STR
	   VRRP_CHECK_HELO_STR)
{
	const char *kind = "smtp";
	const struct vrrp_check_words words = { TARGET_WORDS, .helo = helo };

	return set_check(vty, name, &words);
}

DEFPY_YANG(vrrp_check_command, vrrp_check_command_cmd,
	   "vrrp check NAME$name command PATH$path [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)}]",
	   VRRP_STR CHECKS_STR "Name\n" VRRP_CHECK_COMMAND_STR SPEED_STR)
{
	int at = 0;
	char *arguments = argv_find(argv, argc, "LINE", &at) ? argv_concat(argv, argc, at) : NULL;
	const struct vrrp_check_words words = {
		.kind = "command",
		.path = path,
		.interval = interval_str,
		.timeout = timeout_str,
		.fall = fall_str,
		.rise = rise_str,
		.arguments = arguments,
	};
	int result = set_check(vty, name, &words);

	XFREE(MTYPE_TMP, arguments);
	return result;
}

ALIAS_YANG(
	vrrp_check_command, vrrp_check_command_arguments_cmd,
	"vrrp check NAME$name command PATH$path [{interval (50-3600000)|timeout (50-3600000)|fall (1-20)|rise (1-20)}] arguments LINE...",
	VRRP_STR CHECKS_STR "Name\n" VRRP_CHECK_COMMAND_STR SPEED_STR VRRP_CHECK_ARGUMENTS_STR)

DEFPY_YANG(no_vrrp_check, no_vrrp_check_cmd, "no vrrp check NAME$name",
	   NO_STR VRRP_STR CHECKS_STR "Name\n")
{
	char xpath[XPATH_MAXLEN];

	if (strlen(name) >= VRRP_TRACK_CHECK_SIZE || strpbrk(name, "'[]"))
		return CMD_SUCCESS;
	snprintf(xpath, sizeof(xpath), VRRP_XPATH_GLOBAL "/check[name='%s']", name);
	if (!yang_dnode_exists(vty->candidate_config->dnode, xpath))
		return CMD_SUCCESS;
	vrrp_cli_warn_of_tracked(vty, "vrrp", "check", name);
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return vrrp_session_apply(vty, ".");
}

ALIAS_YANG(no_vrrp_check, no_vrrp_check_line_cmd, "no vrrp check NAME$name LINE...",
	   NO_STR VRRP_STR CHECKS_STR "Name\n"
				      "The rest of the line is ignored\n")

VRRP_CLI_SHOW(check)
{
	vty_out(vty, "vrrp check %s", vrrp_nb_value(dnode, "name"));
	vrrp_check_show(vty, dnode, show_defaults);
	vty_out(vty, "\n");
}

void vrrp_cli_check_init(void)
{
	install_element(CONFIG_NODE, &vrrp_check_cmd);
	install_element(CONFIG_NODE, &vrrp_check_http_cmd);
	install_element(CONFIG_NODE, &vrrp_check_dns_cmd);
	install_element(CONFIG_NODE, &vrrp_check_udp_cmd);
	install_element(CONFIG_NODE, &vrrp_check_smtp_cmd);
	install_element(CONFIG_NODE, &vrrp_check_command_cmd);
	install_element(CONFIG_NODE, &vrrp_check_command_arguments_cmd);
	install_element(CONFIG_NODE, &no_vrrp_check_cmd);
	install_element(CONFIG_NODE, &no_vrrp_check_line_cmd);
}
