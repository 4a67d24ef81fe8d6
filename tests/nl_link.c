// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns dummy
 *
 * The VIP dummy: it is made, recognised and removed, and no link of others is ever changed.
 */
#include "nl_test.h"

static void the_dummy_is_made_marked_and_up_without_a_link_local(void **state)
{
	struct nl_link link;
	const char *text;

	rule_error(nl_link_add_dummy(conn, "vip0", 0, &link), 0, "making the dummy");
	assert_int_equal(link.ifindex, if_nametoindex("vip0"));
	assert_string_equal(link.name, "vip0");
	assert_string_equal(link.kind, "dummy");
	rule(link.up, "the dummy we made is not up");
	rule(link.ours, "the dummy we made is not known as ours");

	text = output("ip -d -j link show dev vip0");
	rule(strstr(text, "\"info_kind\":\"dummy\""), "vip0 is no dummy: %s", text);
	rule(strstr(text, "\"ifalias\":\"" NL_LINK_ALIAS "\""), "vip0 is not marked: %s", text);
	rule(strstr(text, "\"inet6_addr_gen_mode\":\"none\""), "vip0 makes addresses: %s", text);
	rule(strstr(text, "\"UP\""), "vip0 is not up: %s", text);
	text = output("ip -6 addr show dev vip0");
	rule(!strstr(text, "fe80"), "vip0 has a link-local address of its own: %s", text);
}

static void our_dummy_is_known_again_by_a_new_connection(void **state)
{
	struct nl_link made, found;

	rule_error(nl_link_add_dummy(conn, "vip0", 0, &made), 0, "making the dummy");
	run("ip link set dev vip0 down");
	nl_conn_free(&conn);
	assert_int_equal(nl_conn_new(&conn), 0);

	rule_error(nl_link_get(conn, "vip0", &found), 0, "looking the dummy up");
	rule(found.ours, "our dummy of an earlier run is not known as ours");
	rule(!found.up, "the dummy is down, but found up");
	assert_int_equal(found.ifindex, made.ifindex);
	rule_error(nl_link_set_up(conn, found.ifindex), 0, "setting it up");
	rule_error(nl_link_get(conn, "vip0", &found), 0, "looking the dummy up");
	rule(found.up, "set up, but down");
}

static void our_dummy_is_removed_once(void **state)
{
	struct nl_link link;

	rule_error(nl_link_add_dummy(conn, "vip0", 0, &link), 0, "making the dummy");
	rule_error(nl_link_del(conn, link.ifindex), 0, "removing our dummy");
	rule(!if_nametoindex("vip0"), "our dummy was removed, but is there");
	rule_error(nl_link_del(conn, link.ifindex), -ENODEV, "removing it again");
}

/* A link of somebody else: it is found as it is, and not made again, removed or changed. */
static void foreign_link(const char *kind)
{
	char before[16384];
	struct nl_link link, made;

	run("ip link set dev vip0 addrgenmode none && ip -6 addr flush dev vip0");
	snprintf(before, sizeof(before), "%s", output("ip -d addr show dev vip0"));
	rule_error(nl_link_get(conn, "vip0", &link), 0, "looking up someone else's link");
	rule(!link.ours, "someone else's %s is taken for ours", kind);
	rule(!strcmp(link.kind, kind), "a %s is found to be a \"%s\"", kind, link.kind);
	rule_error(nl_link_add_dummy(conn, "vip0", 0, &made), -EEXIST, "a dummy of a taken name");
	rule_error(nl_link_del(conn, link.ifindex), -EPERM, "removing someone else's link");
	rule(!strcmp(before, output("ip -d addr show dev vip0")), "someone else's %s was changed",
	     kind);
}

static void a_dummy_of_the_operators_is_used_but_never_removed(void **state)
{
	struct nl_link link;

	run("ip link add name vip0 type dummy && ip link set dev vip0 up");
	foreign_link("dummy");
	rule_error(nl_link_get(conn, "vip0", &link), 0, "looking it up");
	rule_error(add("192.0.2.1", link.ifindex, 30), 0, "a VIP on the operator's dummy");
	witness_says("vip0", "192.0.2.1", "\"protocol\":\"0x70\"");
}

static void a_dummy_with_another_alias_is_not_ours(void **state)
{
	run("ip link add name vip0 type dummy");
	run("ip link set dev vip0 alias '%s 2'", NL_LINK_ALIAS);
	foreign_link("dummy");
	run("ip link set dev vip0 alias 'frr'");
	foreign_link("dummy");
}

static void a_link_of_another_kind_is_told_by_its_kind(void **state)
{
	veth("vip0", "far");
	foreign_link("veth");
	run("ip link del dev vip0");
	run("ip link add name vip0 type bridge");
	foreign_link("bridge");
}

static void names_without_a_link_and_names_no_link_can_have(void **state)
{
	struct nl_link link;

	rule_error(nl_link_get(conn, "vip0", &link), -ENODEV, "a link that is not there");
	rule_error(nl_link_get(conn, "", &link), -ENODEV, "a link without a name");
	rule_error(nl_link_get(conn, "a-name-of-sixteen", &link), -ENODEV, "a name too long");
	rule_error(nl_link_add_dummy(conn, "", 0, &link), -EINVAL, "a dummy without a name");
	rule_error(nl_link_add_dummy(conn, "a-name-of-sixteen", 0, &link), -EINVAL,
		   "too long a name");
	rule_error(nl_link_add_dummy(conn, "vip%d", 0, &link), -EINVAL,
		   "a name the kernel completes");
	rule_error(nl_link_add_dummy(conn, "vip/0", 0, &link), -EINVAL, "a name with a slash");
	rule_error(nl_link_set_up(conn, 9999), -ENODEV, "setting up a link that is not there");
	rule_error(nl_link_del(conn, 9999), -ENODEV, "removing a link that is not there");
}

static void without_net_admin_nothing_is_made_or_removed(void **state)
{
	struct nl_link link, other;
	int made, removed, set;

	rule_error(nl_link_add_dummy(conn, "vip0", 0, &link), 0, "making the dummy");
	net_admin(false);
	made = nl_link_add_dummy(conn, "vip1", 0, &other);
	removed = nl_link_del(conn, link.ifindex);
	set = nl_link_set_up(conn, link.ifindex);
	net_admin(true);
	rule_error(made, -EPERM, "making a dummy without CAP_NET_ADMIN");
	rule_error(removed, -EPERM, "removing one without CAP_NET_ADMIN");
	rule_error(set, -EPERM, "setting one up without CAP_NET_ADMIN");
	rule(!if_nametoindex("vip1") && if_nametoindex("vip0"), "a refused request did something");
}

static void vips_of_both_families_live_on_the_dummy(void **state)
{
	struct nl_link link;

	rule_error(nl_link_add_dummy(conn, "vip0", 0, &link), 0, "making the dummy");
	rule_error(add("192.0.2.1", link.ifindex, 30), 0, "an IPv4 VIP on the dummy");
	rule_error(add("2001:db8::1", link.ifindex, 30), 0, "an IPv6 VIP on the dummy");
	witness_says("vip0", "192.0.2.1", "\"scope\":\"link\"");
	witness_says("vip0", "2001:db8::1", "\"deprecated\":true");
	witness_silent("vip0", "2001:db8::1", "tentative");
	run("ping -c 1 -W 2 192.0.2.1 >/dev/null");
	run("ping -c 1 -W 2 2001:db8::1 >/dev/null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_dummy_is_made_marked_and_up_without_a_link_local),
		test(our_dummy_is_known_again_by_a_new_connection),
		test(our_dummy_is_removed_once),
		test(a_dummy_of_the_operators_is_used_but_never_removed),
		test(a_dummy_with_another_alias_is_not_ours),
		test(a_link_of_another_kind_is_told_by_its_kind),
		test(names_without_a_link_and_names_no_link_can_have),
		test(without_net_admin_nothing_is_made_or_removed),
		test(vips_of_both_families_live_on_the_dummy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
