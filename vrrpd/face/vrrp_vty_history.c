// SPDX-License-Identifier: GPL-2.0-or-later
/* "show vrrp history", the oldest event first. */
#include <zebra.h>

#include "command.h"
#include "json.h"
#include "termtable.h"
#include "vty.h"

#include "vrrp_history.h"
#include "vrrp_vty_print.h"
#include "vrrp_vty_history.h"
#include "vrrpd/face/vrrp_vty_history_clippy.c"

static bool is_wanted(const struct vrrp_history_event *event, const char *ifname, long vrid)
{
	return (!ifname || strmatch(ifname, event->ifname)) && (!vrid || vrid == event->vrid);
}

static void add_transition(struct json_object *json, const struct vrrp_history_event *event)
{
	json_object_string_add(json, "from", vrrp_state_name(event->from));
	json_object_string_add(json, "to", vrrp_state_name(event->to));
	json_object_string_add(json, "reason", vrrp_reason_name(event->reason));
	if (!vrrp_addr_is_set(&event->other))
		return;
	vrrp_vty_json_address(json, "otherRouter", &event->other);
	json_object_int_add(json, "otherPriority", event->other_priority);
	if (event->other_silent)
		json_object_int_add(json, "silentMsec", event->other_silent / 1000);
}

/* "-" for an event of no virtual router. */
static const char *family_name(const struct vrrp_history_event *event, const char *v4,
			       const char *v6)
{
	if (!*event->ifname)
		return "-";
	return event->family == VRRP_IPV4 ? v4 : v6;
}

struct json_object *vrrp_vty_json_event(const struct vrrp_history_event *event)
{
	struct json_object *json = json_object_new_object();
	char when[VRRP_HISTORY_WHEN_SIZE];

	json_object_string_add(json, "time", vrrp_history_when(event, when));
	if (*event->ifname) {
		json_object_string_add(json, "interface", event->ifname);
		json_object_int_add(json, "vrid", event->vrid);
		json_object_string_add(json, "family", family_name(event, "ipv4", "ipv6"));
	}
	json_object_string_add(json, "event", vrrp_history_kind_name(event->kind));
	if (event->kind == VRRP_HISTORY_TRANSITION)
		add_transition(json, event);
	if (event->kind == VRRP_HISTORY_HOLD)
		json_object_string_add(json, "hold", vrrp_hold_name(event->hold));
	if (*event->text)
		json_object_string_add(json, "text", event->text);
	return json;
}

/* "Backup -> Active (no-response): 192.0.2.1 silent for 321 ms". */
static void add_row(struct ttable *table, const struct vrrp_history_event *event)
{
	char when[VRRP_HISTORY_WHEN_SIZE], what[64] = "", vrid[4] = "-";

	if (event->kind == VRRP_HISTORY_TRANSITION)
		snprintf(what, sizeof(what), "%s -> %s (%s)", vrrp_state_name(event->from),
			 vrrp_state_name(event->to), vrrp_reason_name(event->reason));
	else if (event->kind == VRRP_HISTORY_HOLD)
		snprintf(what, sizeof(what), "%s", vrrp_hold_name(event->hold));
	if (*event->ifname)
		snprintf(vrid, sizeof(vrid), "%u", event->vrid);
	ttable_add_row(table, "%s|%s|%s|%s|%s|%s%s%s", vrrp_history_when(event, when),
		       *event->ifname ? event->ifname : "-", vrid,
		       family_name(event, "IPv4", "IPv6"), vrrp_history_kind_name(event->kind),
		       what, *what && *event->text ? ": " : "", event->text);
}

DEFPY_YANG(show_vrrp_history, show_vrrp_history_cmd,
	   "show vrrp history [interface INTERFACE$ifn] [(1-255)$vrid] [json$json]",
	   SHOW_STR
	   "Virtual Router Redundancy Protocol\n"
	   "Show transitions, holds and alerts, the oldest first\n" INTERFACE_STR
	   "Show only virtual routers of this interface\n"
	   "Virtual router ID\n" JSON_STR)
{
	struct json_object *list = json ? json_object_new_array() : NULL;
	struct ttable *table = json ? NULL : ttable_new(&ttable_styles[TTSTYLE_BLANK]);

	if (table) {
		ttable_add_row(table, "Time|Interface|VRID|Family|Event|Details");
		ttable_rowseps(table, 0, BOTTOM, true, '-');
	}
	for (unsigned int i = 0; i < vrrp_history_count(); i++) {
		const struct vrrp_history_event *event = vrrp_history_event(i);

		if (!is_wanted(event, ifn, vrid))
			continue;
		if (list)
			json_object_array_add(list, vrrp_vty_json_event(event));
		else
			add_row(table, event);
	}
	if (list)
		return vty_json(vty, list);
	vrrp_vty_print_table(vty, table);
	return CMD_SUCCESS;
}

void vrrp_vty_history_init(void)
{
	install_element(VIEW_NODE, &show_vrrp_history_cmd);
}
