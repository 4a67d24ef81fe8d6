// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration commands for the routes to virtual addresses. */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"

#include "vrrp_cli_private.h"
#include "vrrp_nb.h"
#include "vrrp_nb_marker.h"
#include "vrrpd/face/vrrp_cli_announce_clippy.c"

#define ANNOUNCE_STR "Set attributes of the routes to the virtual addresses\n"
#define STANDBY_STR  "Announce them while Backup as well\n"
#define TAG_STR                                                                                    \
	"Tag, for route-maps\n"                                                                    \
	"Tag (default none)\n"
#define MARKER_STR                                                                                 \
	"Announce a prefix while Active, for route-maps of protocols to look for\n"                \
	"IPv4 prefix, while Active for IPv4\n"                                                     \
	"IPv6 prefix, while Active for IPv6\n"
#define WHEN_STR                                                                                   \
	"When a router has the virtual addresses and announces them (default active)\n"            \
	"While Active\n"                                                                           \
	"While Backup too, unless something that is tracked is down\n"
#define WHEN	  "./frr-crossvip:announce-when"
#define MARKER_V4 "./v4/frr-crossvip:marker"
#define MARKER_V6 "./v6/frr-crossvip:marker"
#define STANDBY	  "./frr-crossvip:standby-route"

/* A line sets both leaves: the tag goes when it is left out. */
static void enqueue_tag(struct vty *vty, const char *xpath, const char *tag)
{
	nb_cli_enqueue_change(vty, xpath, tag ? NB_OP_MODIFY : NB_OP_DESTROY, tag);
}

static int announce(struct vty *vty, uint8_t vrid, const char *metric, const char *tag)
{
	nb_cli_enqueue_change(vty, "./frr-crossvip:announce/metric", NB_OP_MODIFY, metric);
	enqueue_tag(vty, "./frr-crossvip:announce/tag", tag);
	return vrrp_cli_apply(vty, vrid);
}

DEFPY_YANG(vrrp_announce, vrrp_announce_cmd,
	   "vrrp (1-255)$vrid announce [metric (0-4294967295)] [tag (1-4294967295)]",
	   VRRP_STR VRID_STR ANNOUNCE_STR "Metric\n" "Metric (default 0)\n" TAG_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_standby(&scope, vrrp_nb_standby_metric(scope.group), metric, reason,
				sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	return announce(vty, vrid, metric_str, tag_str);
}

DEFPY_YANG(no_vrrp_announce, no_vrrp_announce_cmd,
	   "no vrrp (1-255)$vrid announce [metric (0-4294967295)] [tag (1-4294967295)]",
	   NO_STR VRRP_STR VRID_STR ANNOUNCE_STR "Metric\n" "Metric (default 0)\n" TAG_STR)
{
	return vrrp_cli_scope(vty, vrid).group ? announce(vty, vrid, NULL, NULL) : CMD_SUCCESS;
}

DEFPY_YANG(vrrp_standby, vrrp_standby_cmd,
	   "vrrp (1-255)$vrid announce standby metric (1-4294967295) [tag (1-4294967295)]",
	   VRRP_STR VRID_STR ANNOUNCE_STR STANDBY_STR
	   "Metric\n" "Metric, above that of the Active router\n" TAG_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (!vrrp_check_healthy(&scope, vrrp_nb_is_healthy(scope.group), metric, reason,
				sizeof(reason)) ||
	    !vrrp_check_standby(&scope, metric, vrrp_nb_active_metric(scope.group), reason,
				sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, STANDBY, NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, STANDBY "/metric", NB_OP_MODIFY, metric_str);
	enqueue_tag(vty, STANDBY "/tag", tag_str);
	return vrrp_cli_warned_of_lan(vty, vrid, vrrp_cli_apply(vty, vrid), "announce standby");
}

DEFPY_YANG(no_vrrp_standby, no_vrrp_standby_cmd,
	   "no vrrp (1-255)$vrid announce standby [metric (1-4294967295) [tag (1-4294967295)]]",
	   NO_STR VRRP_STR VRID_STR ANNOUNCE_STR STANDBY_STR
	   "Metric\n" "Metric, above that of the Active router\n" TAG_STR)
{
	if (!vrrp_cli_scope(vty, vrid).group)
		return CMD_SUCCESS;
	nb_cli_enqueue_change(vty, STANDBY, NB_OP_DESTROY, NULL);
	return vrrp_cli_apply(vty, vrid);
}

DEFPY_YANG(vrrp_when, vrrp_when_cmd, "vrrp (1-255)$vrid announce when <active|healthy>$when",
	   VRRP_STR VRID_STR ANNOUNCE_STR WHEN_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	bool is_healthy = strmatch(when, "healthy");
	char reason[VRRP_REASON_SIZE];
	int result;

	if (!vrrp_check_healthy(&scope, is_healthy, vrrp_nb_standby_metric(scope.group), reason,
				sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	result = vrrp_cli_set(vty, vrid, WHEN, when);
	return is_healthy ? vrrp_cli_warned_of_lan(vty, vrid, result, "announce when healthy")
			  : result;
}

DEFPY_YANG(no_vrrp_when, no_vrrp_when_cmd,
	   "no vrrp (1-255)$vrid announce when [<active|healthy>]",
	   NO_STR VRRP_STR VRID_STR ANNOUNCE_STR WHEN_STR)
{
	return vrrp_cli_reset(vty, vrid, WHEN);
}

DEFPY_YANG(vrrp_marker, vrrp_marker_cmd,
	   "vrrp (1-255)$vrid announce marker <A.B.C.D/M|X:X::X:X/M>$marker",
	   VRRP_STR VRID_STR ANNOUNCE_STR MARKER_STR)
{
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];
	int result;

	if (!vrrp_check_marker_text(&scope, marker_str, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	result = vrrp_cli_set(vty, vrid, strchr(marker_str, ':') ? MARKER_V6 : MARKER_V4,
			      marker_str);
	if (result == CMD_SUCCESS)
		vrrp_cli_warn_of_marker(vty, vrid, marker_str);
	return result;
}

DEFPY_YANG(no_vrrp_marker, no_vrrp_marker_cmd,
	   "no vrrp (1-255)$vrid announce marker [<A.B.C.D/M$v4|X:X::X:X/M$v6>]",
	   NO_STR VRRP_STR VRID_STR ANNOUNCE_STR MARKER_STR)
{
	if (!vrrp_cli_scope(vty, vrid).group)
		return CMD_SUCCESS;
	if (!v6_str)
		nb_cli_enqueue_change(vty, MARKER_V4, NB_OP_DESTROY, NULL);
	if (!v4_str)
		nb_cli_enqueue_change(vty, MARKER_V6, NB_OP_DESTROY, NULL);
	return vrrp_cli_apply(vty, vrid);
}

void vrrp_cli_announce_init(void)
{
	install_element(INTERFACE_NODE, &vrrp_announce_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_announce_cmd);
	install_element(INTERFACE_NODE, &vrrp_standby_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_standby_cmd);
	install_element(INTERFACE_NODE, &vrrp_when_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_when_cmd);
	install_element(INTERFACE_NODE, &vrrp_marker_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_marker_cmd);
}
