// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects are shown with their own state, the lines of a group with what counts after delays. */
#include <zebra.h>

#include "command.h"

#include "vrrp_badness.h"
#include "vrrp_track.h"
#include "vrrp_vty_print.h"
#include "vrrp_vty_track.h"
#include "vrrpd/face/vrrp_vty_track_clippy.c"

#define VRRP_STR "Virtual Router Redundancy Protocol\n"

/* The words of JSON: an object that lowers by a number of its own is up. */
static const char *state_word(int badness)
{
	if (badness == VRRP_BADNESS_UNKNOWN)
		return "unknown";
	return badness == VRRP_BADNESS_DOWN ? "down" : "up";
}

static void json_key(struct json_object *json, const struct vrrp_track_key *key)
{
	json_object_string_add(json, "kind", vrrp_track_kind_name(key->kind));
	json_object_string_add(json, "name", key->name);
	if (*key->vrf)
		json_object_string_add(json, "vrf", key->vrf);
	if (*key->protocol)
		json_object_string_add(json, "protocol", key->protocol);
}

/* --- the lines of a group --------------------------------------------------------- */

static void add_part_json(const struct vrrp_track_part *part, void *list)
{
	struct json_object *json = json_object_new_object();

	json_key(json, &part->conf->key);
	json_object_string_add(json, "state", state_word(part->badness));
	if (part->conf->decrement)
		json_object_int_add(json, "priorityDecrement", part->conf->decrement);
	json_object_int_add(json, "delayUp", part->conf->up_sec);
	json_object_int_add(json, "delayDown", part->conf->down_sec);
	json_object_int_add(json, "subtracted", part->penalty);
	json_object_boolean_add(json, "holds", part->holds);
	if (part->due_msec)
		json_object_int_add(json, "changesIn", part->due_msec);
	json_object_array_add(list, json);
}

struct json_object *vrrp_vty_json_track(const struct vrrp_group *group)
{
	struct json_object *list = json_object_new_array();

	vrrp_track_walk_group(group, add_part_json, list);
	return list;
}

static void add_part_row(const struct vrrp_track_part *part, void *table)
{
	char text[VRRP_TRACK_TEXT_SIZE], state[VRRP_TRACK_STATE_SIZE], effect[32] = "",
								       soon[48] = "";

	if (part->holds)
		strlcpy(effect, ": out of the election", sizeof(effect));
	else if (part->penalty)
		snprintf(effect, sizeof(effect), ": priority less %u", part->penalty);
	if (part->due_msec)
		snprintf(soon, sizeof(soon), "; a change counts in %" PRIu64 " s",
			 (part->due_msec + 999) / 1000);
	ttable_add_row(table, "Tracks|%s, %s%s%s", vrrp_track_text(&part->conf->key, text),
		       vrrp_track_state(part->badness, state), effect, soon);
}

void vrrp_vty_print_track(struct ttable *table, const struct vrrp_group *group)
{
	vrrp_track_walk_group(group, add_part_row, table);
}

/* --- show vrrp track --------------------------------------------------------------- */

static uint64_t seconds_since(int64_t then)
{
	return (vrrp_now() - then) / VRRP_USEC_PER_SEC;
}

static void add_json(const struct vrrp_track_status *status, void *list)
{
	struct json_object *json = json_object_new_object();

	json_key(json, status->key);
	json_object_string_add(json, "state", state_word(status->badness));
	if (status->badness > VRRP_BADNESS_NONE && status->badness < VRRP_BADNESS_DOWN)
		json_object_int_add(json, "lowersBy", status->badness);
	if (*status->why)
		json_object_string_add(json, "reason", status->why);
	json_object_int_add(json, "since", seconds_since(status->since));
	json_object_int_add(json, "users", status->users);
	json_object_array_add(list, json);
}

static void add_row(const struct vrrp_track_status *status, void *table)
{
	char text[VRRP_TRACK_TEXT_SIZE], state[VRRP_TRACK_STATE_SIZE];

	ttable_add_row(table, "%s|%s|%" PRIu64 " s|%u|%s", vrrp_track_text(status->key, text),
		       vrrp_track_state(status->badness, state), seconds_since(status->since),
		       status->users, *status->why ? status->why : "-");
}

DEFPY_YANG(show_vrrp_track, show_vrrp_track_cmd, "show vrrp track [json$json]",
	   SHOW_STR VRRP_STR "Show what groups track: state, since when, how many groups\n" JSON_STR)
{
	struct json_object *list;
	struct ttable *table;

	if (json) {
		list = json_object_new_array();
		vrrp_track_walk(add_json, list);
		return vty_json(vty, list);
	}
	table = ttable_new(&ttable_styles[TTSTYLE_BLANK]);
	ttable_add_row(table, "Object|State|Since|Groups|Reason");
	ttable_rowseps(table, 0, BOTTOM, true, '-');
	vrrp_track_walk(add_row, table);
	vrrp_vty_print_table(vty, table);
	return CMD_SUCCESS;
}

void vrrp_vty_track_init(void)
{
	install_element(VIEW_NODE, &show_vrrp_track_cmd);
}
