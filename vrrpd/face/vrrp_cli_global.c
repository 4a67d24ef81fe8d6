// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration commands that hold for all groups. */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"

#include "vrf.h"

#include "vrrp_cli_private.h"
#include "vrrp_nb.h"
#include "vrrp_session.h"
#include "vrrp_vrf.h"
#include "vrrpd/face/vrrp_cli_global_clippy.c"

#define VIP_INTERFACE_STR "Dummy interface that carries virtual addresses\n"
#define VIP_INTERFACE_NAME_STR                                                                     \
	"Name (default vip0; in a VRF vip- and its name); the interface is made when first needed\n"
#define ROUTE_TABLE_STR "Table and instance of the routes to virtual addresses\n"
#define ROUTE_TABLE_NUMBER_STR                                                                     \
	"Table (default 112; in a VRF none); not 253 to 255, which are the kernel's\n"
#define DEFAULT_STR "Set defaults of groups that are made from now on\n"

/* Of an XPath with the name of a VRF. */
#define XPATH_SIZE (sizeof(VRRP_XPATH_GLOBAL) + VRF_NAMSIZ + 32)

int vrrp_cli_set_global(struct vty *vty, const char *xpath, const char *value)
{
	nb_cli_enqueue_change(vty, xpath, NB_OP_MODIFY, value);
	return vrrp_session_apply(vty, ".");
}

/* Sets a leaf of a VRF ("": of the default one); value NULL: to the default. */
static int set_of_vrf(struct vty *vty, const char *vrf, const char *leaf, const char *value)
{
	const char *other = strmatch(leaf, "vip-interface") ? "route-table" : "vip-interface";
	const struct lyd_node *config = vty->candidate_config->dnode;
	char entry[XPATH_SIZE], xpath[XPATH_SIZE + 16];

	if (!*vrf) {
		snprintf(xpath, sizeof(xpath), VRRP_XPATH_GLOBAL "/%s", leaf);
		return vrrp_cli_set_global(vty, xpath, value);
	}
	snprintf(entry, sizeof(entry), VRRP_XPATH_GLOBAL "/vrf[name='%s']", vrf);
	snprintf(xpath, sizeof(xpath), "%s/%s", entry, leaf);
	if (value)
		nb_cli_enqueue_change(vty, xpath, NB_OP_MODIFY, value);
	else if (!yang_dnode_exists(config, xpath))
		return CMD_SUCCESS;
	else if (yang_dnode_existsf(config, "%s/%s", entry, other))
		nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	else
		nb_cli_enqueue_change(vty, entry, NB_OP_DESTROY, NULL);
	return vrrp_session_apply(vty, ".");
}

/* "" for the default VRF, named or not; NULL, with the reason printed: no VRF has this name. */
static const char *vrf_named(struct vty *vty, const char *vrf)
{
	char reason[VRRP_REASON_SIZE];

	if (!vrf || strmatch(vrf, VRF_DEFAULT_NAME))
		return "";
	if (strlen(vrf) < VRF_NAMSIZ && !strpbrk(vrf, "/'\" \t"))
		return vrf;
	snprintf(reason, sizeof(reason), "vrf %s: this cannot be the name of a VRF", vrf);
	vrrp_cli_refuse(vty, reason);
	return NULL;
}

/* One that is mistyped never comes. */
static void warn_of_missing(struct vty *vty, const char *vrf)
{
	char sentence[VRRP_REASON_SIZE];

	if (!*vrf || vrrp_cli_is_from_file(vty) || vrf_lookup_by_name(vrf))
		return;
	snprintf(sentence, sizeof(sentence), "there is no VRF %s; it may come later", vrf);
	vrrp_cli_say(vty, "Warning: ", sentence);
}

/* Sets the VIP interface; value NULL: the default, which the checks may refuse as well. */
static int set_vip_interface(struct vty *vty, const char *vrf, const char *name, const char *value)
{
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_vip_interface(vty->candidate_config->dnode, vrf, name,
				      vrrp_cli_is_from_file(vty), reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (value)
		warn_of_missing(vty, vrf);
	return set_of_vrf(vty, vrf, "vip-interface", value);
}

DEFPY_YANG(vrrp_vip_interface, vrrp_vip_interface_cmd,
	   "vrrp vip-interface IFNAME$ifname [vrf NAME$vrf]",
	   VRRP_STR VIP_INTERFACE_STR VIP_INTERFACE_NAME_STR VRF_CMD_HELP_STR)
{
	vrf = vrf_named(vty, vrf);
	return vrf ? set_vip_interface(vty, vrf, ifname, ifname) : CMD_WARNING_CONFIG_FAILED;
}

DEFPY_YANG(no_vrrp_vip_interface, no_vrrp_vip_interface_cmd,
	   "no vrrp vip-interface [IFNAME] [vrf NAME$vrf]",
	   NO_STR VRRP_STR VIP_INTERFACE_STR VIP_INTERFACE_NAME_STR VRF_CMD_HELP_STR)
{
	char name[IFNAMSIZ] = VRRP_DEFAULT_VIP_INTERFACE;

	vrf = vrf_named(vty, vrf);
	if (!vrf)
		return CMD_WARNING_CONFIG_FAILED;
	if (*vrf)
		vrrp_vrf_default_vip_interface(vrf, name);
	return set_vip_interface(vty, vrf, name, NULL);
}

DEFPY_YANG(vrrp_route_table, vrrp_route_table_cmd,
	   "vrrp route-table (1-65535)$table [vrf NAME$vrf]",
	   VRRP_STR ROUTE_TABLE_STR ROUTE_TABLE_NUMBER_STR VRF_CMD_HELP_STR)
{
	char reason[VRRP_REASON_SIZE];

	vrf = vrf_named(vty, vrf);
	if (!vrf)
		return CMD_WARNING_CONFIG_FAILED;
	if (!vrrp_check_route_table(vty->candidate_config->dnode, vrf, table, reason,
				    sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	warn_of_missing(vty, vrf);
	return set_of_vrf(vty, vrf, "route-table", table_str);
}

DEFPY_YANG(no_vrrp_route_table, no_vrrp_route_table_cmd,
	   "no vrrp route-table [(1-65535)] [vrf NAME$vrf]",
	   NO_STR VRRP_STR ROUTE_TABLE_STR ROUTE_TABLE_NUMBER_STR VRF_CMD_HELP_STR)
{
	vrf = vrf_named(vty, vrf);
	return vrf ? set_of_vrf(vty, vrf, "route-table", NULL) : CMD_WARNING_CONFIG_FAILED;
}

DEFPY_YANG(vrrp_address_lease, vrrp_address_lease_cmd, "vrrp address-lease (0-3600)$seconds",
	   VRRP_STR "Set how long a virtual address outlives a silent daemon\n"
	   "Seconds (default 30); 0: for ever; 1 and 2 are refused\n")
{
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_address_lease(seconds, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	return vrrp_cli_set_global(vty, VRRP_XPATH_GLOBAL "/address-lease", seconds_str);
}

DEFPY_YANG(no_vrrp_address_lease, no_vrrp_address_lease_cmd, "no vrrp address-lease [(0-3600)]",
	   NO_STR VRRP_STR "Set how long a virtual address outlives a silent daemon\n"
	   "Seconds (default 30); 0: for ever; 1 and 2 are refused\n")
{
	return vrrp_cli_set_global(vty, VRRP_XPATH_GLOBAL "/address-lease", NULL);
}

DEFPY_YANG(vrrp_autoconfigure, vrrp_autoconfigure_cmd, "[no] vrrp autoconfigure [version (2-3)]",
	   NO_STR VRRP_STR
	   "Make a group for each macvlan with a virtual MAC address\n"
	   VERSION_STR VERSION_STR)
{
	if (no) {
		nb_cli_enqueue_change(vty, VRRP_XPATH_GLOBAL "/autoconfigure", NB_OP_DESTROY, NULL);
		return vrrp_session_apply(vty, ".");
	}
	return vrrp_cli_set_global(vty, VRRP_XPATH_GLOBAL "/autoconfigure",
				   version == 2 ? "2" : "3");
}

DEFPY_YANG(vrrp_guardian, vrrp_guardian_cmd, "[no] vrrp guardian",
	   NO_STR VRRP_STR
	   "A process that tells others, and clears up, when the daemon is killed (default)\n")
{
	return vrrp_cli_set_global(vty, VRRP_XPATH_GLOBAL "/guardian", no ? "false" : "true");
}

static int default_interval(struct vty *vty, long interval_ms)
{
	char reason[VRRP_REASON_SIZE], value[24];

	if (!vrrp_check_interval_ms(interval_ms, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	snprintf(value, sizeof(value), "%ld", interval_ms / VRRP_MSEC_PER_CS);
	return vrrp_cli_set_global(vty, VRRP_XPATH_DEFAULTS "/advertisement-interval", value);
}

DEFPY_YANG(vrrp_default, vrrp_default_cmd,
	   "[no] vrrp default <advertisement-interval$adv (10-40950)$advint|preempt$p|priority$prio (1-254)$prioval|checksum-with-ipv4-pseudoheader$ipv4ph|shutdown$s>",
	   NO_STR VRRP_STR DEFAULT_STR INTERVAL_STR INTERVAL_MS_STR PREEMPT_STR PRIORITY_STR
	   "Priority\n" CHECKSUM_STR SHUTDOWN_STR)
{
	const char *value = no ? "false" : "true";

	if (adv)
		return no ? vrrp_cli_set_global(vty, VRRP_XPATH_DEFAULTS "/advertisement-interval",
						NULL)
			  : default_interval(vty, advint);
	if (prio)
		return vrrp_cli_set_global(vty, VRRP_XPATH_DEFAULTS "/priority",
					   no ? NULL : prioval_str);
	if (p)
		return vrrp_cli_set_global(vty, VRRP_XPATH_DEFAULTS "/preempt", value);
	if (s)
		return vrrp_cli_set_global(vty, VRRP_XPATH_DEFAULTS "/shutdown", value);
	return vrrp_cli_set_global(vty, VRRP_XPATH_DEFAULTS "/checksum-with-ipv4-pseudoheader",
				   value);
}

DEFPY_YANG(no_vrrp_default, no_vrrp_default_cmd,
	   "no vrrp default <advertisement-interval$adv|priority>",
	   NO_STR VRRP_STR DEFAULT_STR INTERVAL_STR PRIORITY_STR)
{
	return vrrp_cli_set_global(vty,
				   adv ? VRRP_XPATH_DEFAULTS "/advertisement-interval"
				       : VRRP_XPATH_DEFAULTS "/priority",
				   NULL);
}

void vrrp_cli_global_init(void)
{
	install_element(CONFIG_NODE, &vrrp_vip_interface_cmd);
	install_element(CONFIG_NODE, &no_vrrp_vip_interface_cmd);
	install_element(CONFIG_NODE, &vrrp_route_table_cmd);
	install_element(CONFIG_NODE, &no_vrrp_route_table_cmd);
	install_element(CONFIG_NODE, &vrrp_address_lease_cmd);
	install_element(CONFIG_NODE, &no_vrrp_address_lease_cmd);
	install_element(CONFIG_NODE, &vrrp_autoconfigure_cmd);
	install_element(CONFIG_NODE, &vrrp_guardian_cmd);
	install_element(CONFIG_NODE, &vrrp_default_cmd);
	install_element(CONFIG_NODE, &no_vrrp_default_cmd);
}
