// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration commands for when a group may enter the election or take over, and what outlasts it. */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"

#include "vrrp_cli_private.h"
#include "vrrp_nb.h"
#include "vrrpd/face/vrrp_cli_startup_clippy.c"

#define HOLD_XPATH   "./frr-crossvip:startup-hold"
#define SETTLE_XPATH "./frr-crossvip:preempt-settle"
#define DRAIN_XPATH  "./frr-crossvip:drain"
#define DELAY_XPATH  VRRP_XPATH_GLOBAL "/startup-delay"
#define HOLD_STR     "Set how long to wait for a peer that can hear this router\n"
#define SETTLE_STR   "Announce routes before taking over from a lower priority\n"
#define DRAIN_STR    "Set how long to answer for VIPs after another router is Active\n"
#define DELAY_STR    "Keep all groups out of the election after the daemon's start\n"

DEFPY_YANG(vrrp_startup_hold, vrrp_startup_hold_cmd,
	   "vrrp (1-255)$vrid startup-hold (0-3600)$seconds",
	   VRRP_STR VRID_STR HOLD_STR "Seconds (default 60); 0: do not wait\n")
{
	return vrrp_cli_set(vty, vrid, HOLD_XPATH, seconds_str);
}

DEFPY_YANG(no_vrrp_startup_hold, no_vrrp_startup_hold_cmd,
	   "no vrrp (1-255)$vrid startup-hold [(0-3600)]",
	   NO_STR VRRP_STR VRID_STR HOLD_STR "Seconds (default 60); 0: do not wait\n")
{
	return vrrp_cli_reset(vty, vrid, HOLD_XPATH);
}

DEFPY_YANG(vrrp_preempt_settle, vrrp_preempt_settle_cmd,
	   "vrrp (1-255)$vrid preempt settle (0-60000)$msec",
	   VRRP_STR VRID_STR PREEMPT_STR SETTLE_STR "Milliseconds (default 0)\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	int result;

	if (!vrrp_check_settle(&scope, msec, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./preempt", NB_OP_MODIFY, "true");
	nb_cli_enqueue_change(vty, SETTLE_XPATH, NB_OP_MODIFY, msec_str);
	result = vrrp_cli_apply(vty, vrid);
	return msec ? vrrp_cli_warned_of_lan(vty, vrid, result, "preempt settle") : result;
}

DEFPY_YANG(no_vrrp_preempt_settle, no_vrrp_preempt_settle_cmd,
	   "no vrrp (1-255)$vrid preempt settle [(0-60000)]",
	   NO_STR VRRP_STR VRID_STR PREEMPT_STR SETTLE_STR "Milliseconds (default 0)\n")
{
	return vrrp_cli_reset(vty, vrid, SETTLE_XPATH);
}

DEFPY_YANG(vrrp_drain, vrrp_drain_cmd, "vrrp (1-255)$vrid drain (0-60000)$msec",
	   VRRP_STR VRID_STR DRAIN_STR "Milliseconds (default 2000); 0: not at all\n")
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	int result;

	if (!vrrp_check_drain(&scope, msec, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	result = vrrp_cli_set(vty, vrid, DRAIN_XPATH, msec_str);
	return msec ? vrrp_cli_warned_of_lan(vty, vrid, result, "drain") : result;
}

DEFPY_YANG(no_vrrp_drain, no_vrrp_drain_cmd, "no vrrp (1-255)$vrid drain [(0-60000)]",
	   NO_STR VRRP_STR VRID_STR DRAIN_STR "Milliseconds (default 2000); 0: not at all\n")
{
	return vrrp_cli_reset(vty, vrid, DRAIN_XPATH);
}

DEFPY_YANG(vrrp_startup_delay, vrrp_startup_delay_cmd, "vrrp startup-delay (0-3600)$seconds",
	   VRRP_STR DELAY_STR "Seconds (default 0)\n")
{
	return vrrp_cli_set_global(vty, DELAY_XPATH, seconds_str);
}

DEFPY_YANG(no_vrrp_startup_delay, no_vrrp_startup_delay_cmd,
	   "no vrrp startup-delay [(0-3600)]",
	   NO_STR VRRP_STR DELAY_STR "Seconds (default 0)\n")
{
	return vrrp_cli_set_global(vty, DELAY_XPATH, NULL);
}

void vrrp_cli_startup_init(void)
{
	install_element(CONFIG_NODE, &vrrp_startup_delay_cmd);
	install_element(CONFIG_NODE, &no_vrrp_startup_delay_cmd);
	install_element(INTERFACE_NODE, &vrrp_preempt_settle_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_preempt_settle_cmd);
	install_element(INTERFACE_NODE, &vrrp_drain_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_drain_cmd);
	install_element(INTERFACE_NODE, &vrrp_startup_hold_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_startup_hold_cmd);
}
