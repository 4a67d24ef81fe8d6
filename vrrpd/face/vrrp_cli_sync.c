// SPDX-License-Identifier: GPL-2.0-or-later
/* "vrrp N sync-group", "vrrp N sync-families": what is Active together. */
#include <zebra.h>

#include "command.h"

#include "vrrp_cli_private.h"
#include "vrrp_nb_sync.h"
#include "vrrpd/face/vrrp_cli_sync_clippy.c"

#define GROUP_XPATH    "./frr-crossvip:sync-group"
#define FAMILIES_XPATH "./frr-crossvip:sync-families"
#define SYNC_STR       "Be Active only together with all groups of the same sync group\n"
#define NAME_STR       "Its name, 32 characters at most\n"
#define FAMILIES_STR   "Be Active for IPv4 and IPv6 together\n"

DEFPY_YANG(vrrp_sync_group, vrrp_sync_group_cmd, "vrrp (1-255)$vrid sync-group WORD$name",
	   VRRP_STR VRID_STR SYNC_STR NAME_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_sync_name(&scope, name, reason, sizeof(reason)) ||
	    !vrrp_check_sync(&scope, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	return vrrp_cli_set(vty, vrid, GROUP_XPATH, name);
}

DEFPY_YANG(no_vrrp_sync_group, no_vrrp_sync_group_cmd,
	   "no vrrp (1-255)$vrid sync-group [WORD]",
	   NO_STR VRRP_STR VRID_STR SYNC_STR NAME_STR)
{
	return vrrp_cli_unset(vty, vrid, GROUP_XPATH);
}

DEFPY_YANG(vrrp_sync_families, vrrp_sync_families_cmd, "[no] vrrp (1-255)$vrid sync-families",
	   NO_STR VRRP_STR VRID_STR FAMILIES_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (no)
		return vrrp_cli_reset(vty, vrid, FAMILIES_XPATH);
	if (!vrrp_check_sync(&scope, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	return vrrp_cli_set(vty, vrid, FAMILIES_XPATH, "true");
}

VRRP_CLI_SHOW(sync_group)
{
	vty_out(vty, " vrrp %u sync-group %s\n", vrrp_nb_vrid(vrrp_nb_group(dnode)),
		lyd_get_value(dnode));
}

VRRP_CLI_SHOW(sync_families)
{
	vty_out(vty, " %svrrp %u sync-families\n", yang_dnode_get_bool(dnode, NULL) ? "" : "no ",
		vrrp_nb_vrid(vrrp_nb_group(dnode)));
}

void vrrp_cli_sync_init(void)
{
	install_element(INTERFACE_NODE, &vrrp_sync_group_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_sync_group_cmd);
	install_element(INTERFACE_NODE, &vrrp_sync_families_cmd);
}
