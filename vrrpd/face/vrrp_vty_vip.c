// SPDX-License-Identifier: GPL-2.0-or-later
/* "show vrrp vip": each virtual address on its link, in the kernel, in zebra, and in a drain. */
#include <zebra.h>

#include "command.h"

#include "vrrp_marker.h"
#include "vrrp_vip.h"
#include "vrrp_vty_print.h"
#include "vrrp_vty_vip.h"
#include "vrrpd/face/vrrp_vty_vip_clippy.c"

#define VRRP_STR "Virtual Router Redundancy Protocol\n"

void vrrp_vty_json_marker(struct json_object *json, const struct vrrp_router *router)
{
	if (!vrrp_router_marker(router)->family)
		return;
	json_object_string_addf(json, "marker", "%pFX", vrrp_router_marker(router));
	json_object_boolean_add(json, "markerAnnounced", vrrp_marker_is_announced(router));
}

static void add_vip_json(const struct vrrp_vip_status *vip, void *list)
{
	struct json_object *json = json_object_new_object();

	vrrp_vty_json_address(json, "address", &vip->address);
	json_object_string_add(json, "interface", vip->ifname);
	json_object_int_add(json, "vrid", vip->vrid);
	if (vip->router)
		json_object_string_add(json, "state", vrrp_state_name(vip->router->fsm.state));
	json_object_string_add(json, "link", vip->link ? vip->link : "");
	json_object_boolean_add(json, "installed", vip->installed);
	json_object_boolean_add(json, "announced", vip->announced);
	if (vip->is_standby)
		json_object_boolean_true_add(json, "standby");
	json_object_boolean_add(json, "accepted", vip->accepted);
	if (vip->handover != VRRP_HANDOVER_NONE) {
		json_object_string_add(json, "draining", vrrp_handover_name(vip->handover));
		json_object_int_add(json, "drainLeft", vip->drain_left_msec);
	}
	if (vip->installed && vip->lease_left_sec != UINT32_MAX)
		json_object_int_add(json, "leaseLeft", vip->lease_left_sec);
	if (vip->error)
		json_object_string_add(json, "error", safe_strerror(-vip->error));
	json_object_array_add(list, json);
}

static const char *announced_text(const struct vrrp_vip_status *vip)
{
	return vip->announced && vip->is_standby ? "Standby" : vrrp_vty_yes(vip->announced);
}

static const char *lease_text(const struct vrrp_vip_status *vip, char *buf, size_t size)
{
	if (!vip->installed)
		return "-";
	if (vip->lease_left_sec == UINT32_MAX)
		return "permanent";
	snprintf(buf, size, "%u s", vip->lease_left_sec);
	return buf;
}

static const char *drain_text(const struct vrrp_vip_status *vip, char *buf, size_t size)
{
	if (vip->handover == VRRP_HANDOVER_NONE)
		return "-";
	snprintf(buf, size, "%s, %u ms", vrrp_handover_name(vip->handover), vip->drain_left_msec);
	return buf;
}

static void add_vip_row(const struct vrrp_vip_status *vip, void *table)
{
	char text[VRRP_ADDR_STRLEN], lease[16], drain[32];

	ttable_add_row(table, "%s|%s|%u|%s|%s|%s|%s|%s|%s|%s", vrrp_addr_str(&vip->address, text),
		       vip->ifname, vip->vrid,
		       vip->router ? vrrp_state_name(vip->router->fsm.state) : "-",
		       vip->link ? vip->link : "-", vrrp_vty_yes(vip->installed),
		       announced_text(vip), lease_text(vip, lease, sizeof(lease)),
		       drain_text(vip, drain, sizeof(drain)),
		       vip->error ? safe_strerror(-vip->error) : "-");
}

DEFPY_YANG(show_vrrp_vip, show_vrrp_vip_cmd, "show vrrp vip [json$json]",
	   SHOW_STR VRRP_STR "Show virtual addresses: link, kernel, route and lease\n" JSON_STR)
{
	struct json_object *list;
	struct ttable *table;

	if (json) {
		list = json_object_new_array();
		vrrp_vip_walk(add_vip_json, list);
		return vty_json(vty, list);
	}
	table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	ttable_add_row(table,
		       "Address|Interface|VRID|State|Link|Installed|Announced|Lease|Draining|Error");
	ttable_rowseps(table, 0, BOTTOM, true, '-');
	vrrp_vip_walk(add_vip_row, table);
	vrrp_vty_print_table(vty, table);
	return CMD_SUCCESS;
}

void vrrp_vty_vip_init(void)
{
	install_element(VIEW_NODE, &show_vrrp_vip_cmd);
}
