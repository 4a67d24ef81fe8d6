// SPDX-License-Identifier: GPL-2.0-or-later
/* No secret gets here: the keys of a chain are not asked for. */
#include <zebra.h>

#include "json.h"
#include "termtable.h"

#include "vrrp_seal.h"
#include "vrrp_vty_auth.h"

void vrrp_vty_json_auth(struct json_object *json, const struct vrrp_group *group)
{
	const struct vrrp_auth_conf *conf = &group->applied.auth;
	struct json_object *auth;

	if (!conf->is_on)
		return;
	auth = json_object_new_object();
	json_object_string_add(auth, "keyChain", conf->chain);
	json_object_string_add(auth, "mode", vrrp_seal_mode_name(conf->mode));
	json_object_string_add(auth, "antiReplay", conf->is_monotonic ? "monotonic" : "time");
	if (!conf->is_monotonic)
		json_object_int_add(auth, "windowSec", vrrp_seal_window_sec(group));
	json_object_object_add(json, "authentication", auth);
}

void vrrp_vty_json_key(struct json_object *json, const struct vrrp_group *group)
{
	if (vrrp_seal_key_id(group))
		json_object_int_add(json, "signingKey", vrrp_seal_key_id(group));
}

void vrrp_vty_print_auth(struct ttable *table, const struct vrrp_group *group)
{
	char text[VRRP_SEAL_STRLEN];

	if (group->applied.auth.is_on)
		ttable_add_row(table, "%s|%s", "Authentication", vrrp_seal_words(group, text));
}
