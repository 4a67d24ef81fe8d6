// SPDX-License-Identifier: GPL-2.0-or-later
/* "vrrp N track …": commands, and the lines of the running configuration. */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"
#include "vrf.h"

#include "vrrp_cli_private.h"
#include "vrrp_ipvs.h"
#include "vrrp_nb.h"
#include "vrrp_nb_track.h"
#include "vrrp_number_file.h"
#include "vrrpd/face/vrrp_cli_track_clippy.c"

#define TRACK_STR     "Leave the election, or lower the priority, while something is down\n"
#define DECREMENT_STR "Lower the priority instead of leaving the election\n"
#define LESS_STR      "What is subtracted while it is down\n"
#define DELAY_STR     "Wait before a change counts\n"
#define OPTIONS_STR                                                                                \
	DECREMENT_STR LESS_STR DELAY_STR "For the better\n"                                        \
					 "Seconds (default 0)\n"                                   \
					 "For the worse\n"                                         \
					 "Seconds (default 0)\n"
#define INTERFACE_WORD_STR "An interface: down while it is not operative\n"
#define ROUTE_WORD_STR	   "A route: down while zebra has selected none to just this prefix\n"
#define PROTOCOL_STR	   "Only a route of this protocol counts\n"
#define FILE_STR	   "A file, whose first number, 0 to 254, is subtracted\n"
#define CHECK_STR	   "A health check: down while it fails\n"
#define SERVICE_STR	   "A service of IPVS: down without its quorum\n"

/* Octets of the path of an entry. */
#define ENTRY_SIZE (VRRP_TRACK_NAME_SIZE + 128)

struct options {
	const char *decrement, *up, *down; /* NULL: not given */
};

/* The entry of the model for an object, from the group. */
static void path_of(const struct vrrp_track_key *key, char *xpath, size_t size)
{
	static const char *const formats[VRRP_TRACK_KINDS] = {
		[VRRP_TRACK_INTERFACE] = "interfaces/interface[interface='%s']",
		[VRRP_TRACK_ROUTE] = "networks/network[prefix='%s']",
		[VRRP_TRACK_FILE] = "files/file[path='%s']",
		[VRRP_TRACK_CHECK] = "checks/check[name='%s']",
		[VRRP_TRACK_SERVICE] = "services/service[name='%s']",
	};
	char entry[VRRP_TRACK_NAME_SIZE + 64];

	snprintf(entry, sizeof(entry), formats[key->kind], key->name);
	snprintf(xpath, size, "./frr-crossvip:track/%s", entry);
	if (key->kind == VRRP_TRACK_ROUTE)
		snprintf(xpath + strlen(xpath), size - strlen(xpath), "[vrf='%s']",
			 *key->vrf ? key->vrf : VRF_DEFAULT_NAME);
}

static void edit(struct vty *vty, const char *entry, const char *leaf, const char *value,
		 enum nb_operation without)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "%s/%s", entry, leaf);
	nb_cli_enqueue_change(vty, xpath, value ? NB_OP_MODIFY : without, value);
}

/*
 * What may come later is accepted, but a mistyped name never comes. A check may come later as well:
 * frr-reload sends new lines of interfaces that are there before all lines that are new altogether.
 */
static bool is_missing(struct vty *vty, const struct vrrp_track_key *key)
{
	switch (key->kind) {
	case VRRP_TRACK_INTERFACE:
		return vrrp_check_interface_missing(key->name);
	case VRRP_TRACK_SERVICE:
		return !vrrp_service_find(key->name);
	case VRRP_TRACK_CHECK:
		return !yang_dnode_existsf(vty->candidate_config->dnode,
					   VRRP_XPATH_GLOBAL "/check[name='%s']", key->name);
	case VRRP_TRACK_FILE:
		return access(key->name, F_OK) != 0;
	default:
		return *key->vrf && !vrf_lookup_by_name(key->vrf);
	}
}

static void warn_of_missing(struct vty *vty, const struct vrrp_track_key *key)
{
	char text[VRRP_TRACK_TEXT_SIZE], sentence[VRRP_TRACK_TEXT_SIZE + 128];
	const char *why = NULL, *until = "that changes";

	if (vrrp_cli_is_from_file(vty))
		return;
	if (is_missing(vty, key)) {
		why = "there is none yet";
		until = "it comes";
	} else if (key->kind == VRRP_TRACK_FILE) {
		vrrp_number_file_read(key->name, &why);
	}
	snprintf(sentence, sizeof(sentence), "track %s: %s; it is down until %s",
		 vrrp_track_text(key, text), why ? why : "", until);
	if (why)
		vrrp_cli_say(vty, "Warning: ", sentence);
}

/* The line sets all: an option that it leaves out goes back to its default. */
static int track(struct vty *vty, uint8_t vrid, const struct vrrp_track_key *key,
		 const struct options *options)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	struct vrrp_track_conf conf = { .key = *key };
	char reason[VRRP_REASON_SIZE + VRRP_TRACK_TEXT_SIZE], xpath[ENTRY_SIZE];
	int result;

	conf.decrement = options->decrement ? strtoul(options->decrement, NULL, 10) : 0;
	if (!vrrp_check_track(&scope, &conf, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	path_of(key, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	if (key->kind == VRRP_TRACK_ROUTE)
		edit(vty, xpath, "protocol", *key->protocol ? key->protocol : NULL, NB_OP_DESTROY);
	edit(vty, xpath, "priority-decrement", options->decrement, NB_OP_DESTROY);
	edit(vty, xpath, "delay-up", options->up, NB_OP_MODIFY);
	edit(vty, xpath, "delay-down", options->down, NB_OP_MODIFY);
	result = vrrp_cli_apply(vty, vrid);
	if (result == CMD_SUCCESS)
		warn_of_missing(vty, key);
	return result;
}

static int track_no_more(struct vty *vty, uint8_t vrid, const struct vrrp_track_key *key)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char xpath[ENTRY_SIZE];

	if (!scope.group || vrrp_check_track_name(key))
		return CMD_SUCCESS;
	path_of(key, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return vrrp_cli_apply(vty, vrid);
}

static int change(struct vty *vty, bool no, uint8_t vrid, struct vrrp_track_key *key,
		  const char *name, const struct options *options)
{
	if (strlen(name) >= sizeof(key->name) || strpbrk(name, "'[]"))
		return vrrp_cli_refuse(vty,
				       "track: this name is too long, or has a quote or bracket");
	strlcpy(key->name, name, sizeof(key->name));
	return no ? track_no_more(vty, vrid, key) : track(vty, vrid, key, options);
}

DEFPY_YANG(vrrp_track_interface, vrrp_track_interface_cmd,
	   "[no] vrrp (1-255)$vrid track interface IFNAME$name [decrement (1-254)$less] [delay up (0-3600)$up down (0-3600)$down]",
	   NO_STR VRRP_STR VRID_STR TRACK_STR INTERFACE_WORD_STR "Name\n" OPTIONS_STR)
{
	struct vrrp_track_key key = { .kind = VRRP_TRACK_INTERFACE };

	return change(vty, no, vrid, &key, name, &(struct options){ less_str, up_str, down_str });
}

DEFPY_YANG(vrrp_track_route, vrrp_track_route_cmd,
	   "[no] vrrp (1-255)$vrid track route <A.B.C.D/M|X:X::X:X/M>$prefix [vrf NAME$vrf] [protocol WORD$protocol] [decrement (1-254)$less] [delay up (0-3600)$up down (0-3600)$down]",
	   NO_STR VRRP_STR VRID_STR TRACK_STR ROUTE_WORD_STR
	   "IPv4 prefix\n" "IPv6 prefix\n" VRF_CMD_HELP_STR PROTOCOL_STR
	   "As zebra names it: static, bgp, ospf, …\n" OPTIONS_STR)
{
	struct vrrp_track_key key = { .kind = VRRP_TRACK_ROUTE };

	if (vrf && (strlen(vrf) >= sizeof(key.vrf) || strpbrk(vrf, "/'[]")))
		return vrrp_cli_refuse(vty, "track route: this cannot be the name of a VRF");
	if (protocol && strlen(protocol) >= sizeof(key.protocol))
		return vrrp_cli_refuse(vty, "track route: there is no such protocol");
	if (vrf && !strmatch(vrf, VRF_DEFAULT_NAME))
		strlcpy(key.vrf, vrf, sizeof(key.vrf));
	if (protocol)
		strlcpy(key.protocol, protocol, sizeof(key.protocol));
	return change(vty, no, vrid, &key, prefix_str,
		      &(struct options){ less_str, up_str, down_str });
}

DEFPY_YANG(vrrp_track_file, vrrp_track_file_cmd,
	   "[no] vrrp (1-255)$vrid track file PATH$path [decrement (1-254)$less] [delay up (0-3600)$up down (0-3600)$down]",
	   NO_STR VRRP_STR VRID_STR TRACK_STR FILE_STR "Absolute path\n" OPTIONS_STR)
{
	struct vrrp_track_key key = { .kind = VRRP_TRACK_FILE };

	return change(vty, no, vrid, &key, path, &(struct options){ less_str, up_str, down_str });
}

DEFPY_YANG(vrrp_track_service, vrrp_track_service_cmd,
	   "[no] vrrp (1-255)$vrid track service NAME$name [decrement (1-254)$less] [delay up (0-3600)$up down (0-3600)$down]",
	   NO_STR VRRP_STR VRID_STR TRACK_STR SERVICE_STR "Name of the service\n" OPTIONS_STR)
{
	struct vrrp_track_key key = { .kind = VRRP_TRACK_SERVICE };

	return change(vty, no, vrid, &key, name, &(struct options){ less_str, up_str, down_str });
}

DEFPY_YANG(vrrp_track_check, vrrp_track_check_cmd,
	   "[no] vrrp (1-255)$vrid track check NAME$name [decrement (1-254)$less] [delay up (0-3600)$up down (0-3600)$down]",
	   NO_STR VRRP_STR VRID_STR TRACK_STR CHECK_STR "Name of the check\n" OPTIONS_STR)
{
	struct vrrp_track_key key = { .kind = VRRP_TRACK_CHECK };

	return change(vty, no, vrid, &key, name, &(struct options){ less_str, up_str, down_str });
}

/* --- what is tracked and goes ------------------------------------------------------ */

struct tracked {
	const char *kind, *name;
	unsigned int users;
};

static void find_tracked(const struct vrrp_track_status *status, void *arg)
{
	struct tracked *tracked = arg;

	if (strmatch(vrrp_track_kind_name(status->key->kind), tracked->kind) &&
	    strmatch(status->key->name, tracked->name))
		tracked->users = status->users - status->leave;
}

void vrrp_cli_warn_of_tracked(struct vty *vty, const char *of, const char *kind, const char *name)
{
	struct tracked tracked = { .kind = kind, .name = name };
	char sentence[VRRP_TRACK_NAME_SIZE + 80];

	vrrp_track_walk(find_tracked, &tracked);
	if (!tracked.users)
		return;
	if (tracked.users == 1)
		snprintf(sentence, sizeof(sentence),
			 "%s %s %s: a group tracks it, and takes it for down without it", of, kind,
			 name);
	else
		snprintf(sentence, sizeof(sentence),
			 "%s %s %s: %u groups track it, and take it for down without it", of, kind,
			 name, tracked.users);
	vrrp_cli_say(vty, "Warning: ", sentence);
}

VRRP_CLI_SHOW(track)
{
	struct vrrp_track_conf conf = vrrp_nb_track_read(dnode);
	char text[VRRP_TRACK_TEXT_SIZE];

	vty_out(vty, " vrrp %u track %s", vrrp_nb_vrid(vrrp_nb_group(dnode)),
		vrrp_track_text(&conf.key, text));
	if (conf.decrement)
		vty_out(vty, " decrement %u", conf.decrement);
	if (conf.up_sec || conf.down_sec)
		vty_out(vty, " delay up %u down %u", conf.up_sec, conf.down_sec);
	vty_out(vty, "\n");
}

void vrrp_cli_track_init(void)
{
	install_element(INTERFACE_NODE, &vrrp_track_interface_cmd);
	install_element(INTERFACE_NODE, &vrrp_track_route_cmd);
	install_element(INTERFACE_NODE, &vrrp_track_file_cmd);
	install_element(INTERFACE_NODE, &vrrp_track_check_cmd);
	install_element(INTERFACE_NODE, &vrrp_track_service_cmd);
}
