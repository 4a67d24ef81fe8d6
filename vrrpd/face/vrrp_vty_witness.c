// SPDX-License-Identifier: GPL-2.0-or-later
#include <zebra.h>

#include "json.h"
#include "termtable.h"

#include "vrrp_vty_print.h"
#include "vrrp_vty_witness.h"
#include "vrrp_witness.h"

static uint64_t msec_of(vrrp_usec_t usec)
{
	return usec / VRRP_USEC_PER_MSEC;
}

static struct json_object *json_voter(const struct vrrp_witness_voter *voter)
{
	struct json_object *json = json_object_new_object();

	vrrp_vty_json_address(json, "address", &voter->address);
	json_object_string_add(json, "kind", voter->is_router ? "peer" : "witness");
	json_object_int_add(json, "promisedMsec", msec_of(voter->promised));
	if (!voter->heard)
		return json;
	json_object_string_add(json, "answer", vrrp_promise_word_name(voter->answer));
	json_object_int_add(json, "answeredMsecAgo", msec_of(vrrp_now() - voter->heard));
	return json;
}

void vrrp_vty_json_witness(struct json_object *json, const struct vrrp_router *router)
{
	const struct vrrp_witness_conf *conf = &router->group->applied.witness;
	struct json_object *witness, *voters;
	struct vrrp_witness_voter voter;

	if (!vrrp_witness_is_needed(router))
		return;
	witness = json_object_new_object();
	voters = json_object_new_array();
	json_object_int_add(witness, "port", conf->port);
	json_object_int_add(witness, "leaseSec", conf->lease_sec);
	if (*conf->name)
		json_object_string_add(witness, "name", conf->name);
	json_object_int_add(witness, "promises", vrrp_witness_promises(router));
	json_object_int_add(witness, "promisesNeeded", vrrp_witness_majority(router));
	for (unsigned int i = 0; vrrp_witness_voter(router, i, &voter); i++)
		json_object_array_add(voters, json_voter(&voter));
	json_object_object_add(witness, "voters", voters);
	json_object_object_add(json, "witness", witness);
}

static void print_voter(struct ttable *table, const struct vrrp_witness_voter *voter)
{
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&voter->address, text);
	if (!voter->heard)
		ttable_add_row(table, "  %s|%s, has never answered",
			       voter->is_router ? "peer" : "witness", text);
	else
		ttable_add_row(table, "  %s|%s, %s, answered %" PRIu64 " ms ago",
			       voter->is_router ? "peer" : "witness", text,
			       vrrp_promise_word_name(voter->answer),
			       msec_of(vrrp_now() - voter->heard));
}

void vrrp_vty_print_witness(struct ttable *table, const struct vrrp_router *router)
{
	const struct vrrp_witness_conf *conf = &router->group->applied.witness;
	struct vrrp_witness_voter voter;

	if (!vrrp_witness_is_needed(router))
		return;
	ttable_add_row(table, "Promises (v%d)|%u of %u, %u needed, lease %u s, UDP port %u%s%s",
		       router->family == VRRP_IPV4 ? 4 : 6, vrrp_witness_promises(router),
		       vrrp_witness_voters(router), vrrp_witness_majority(router), conf->lease_sec,
		       conf->port, *conf->name ? ", name " : "", conf->name);
	for (unsigned int i = 0; vrrp_witness_voter(router, i, &voter); i++)
		print_voter(table, &voter);
}
