// SPDX-License-Identifier: GPL-2.0-or-later
/* Nothing here knows what is shown. */
#include "vrrp_vty_print.h"

#include "lib/darr.h"

void vrrp_vty_print_table(struct vty *vty, struct ttable *table)
{
	char *text = ttable_dump(table, "\n");

	vty_out(vty, "\n%s\n", text);
	XFREE(MTYPE_TMP_TTABLE, text);
	ttable_del(table);
}

const char *vrrp_vty_yes(bool value)
{
	return value ? "Yes" : "No";
}

void vrrp_vty_json_sentences(struct json_object *json, const char *key,
			     struct vrrp_sentences sentences)
{
	struct json_object *list = json_object_new_array();
	char **text;

	darr_foreach_p (sentences.text, text)
		json_object_array_add(list, json_object_new_string(*text));
	json_object_object_add(json, key, list);
	vrrp_sentences_free(&sentences);
}

void vrrp_vty_json_address(struct json_object *json, const char *key,
			   const struct vrrp_addr *address)
{
	char text[VRRP_ADDR_STRLEN];

	json_object_string_add(json, key, vrrp_addr_str(address, text));
}
