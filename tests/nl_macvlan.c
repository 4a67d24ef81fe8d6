// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth macvlan vlan vrf
 *
 * The VMAC: it is made on parents of every kind, recognised and removed; and the effects of changes
 * of its parent. ip(8) is the witness.
 */
#include <sys/wait.h>

#include "nl_fdb.h"
#include "nl_macvlan.h"
#include "nl_test.h"

#define MAC4 "00:00:5e:00:01:0a"

static const uint8_t mac4[] = { 0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a };

/* Checks ip(8)'s output about one link. */
__attribute__((format(printf, 2, 3))) static void link_says(const char *name, const char *format,
							    ...)
{
	const char *text = output("ip -d -j link show dev %s", name);
	char wanted[128];
	va_list ap;

	va_start(ap, format);
	vsnprintf(wanted, sizeof(wanted), format, ap);
	va_end(ap);
	rule(strstr(text, wanted), "%s should have %s, but ip says: %s", name, wanted, text);
}

static struct nl_link vmac_on(const char *parent)
{
	struct nl_link link;
	char name[IFNAMSIZ];
	int index = (int)if_nametoindex(parent);

	nl_macvlan_name(name, AF_INET, index, 10);
	rule_error(nl_macvlan_add(conn, name, index, mac4, &link), 0, "making a VMAC");
	return link;
}

static void the_mac_is_that_of_the_rfc(void **state)
{
	static const uint8_t wanted6[] = { 0x00, 0x00, 0x5e, 0x00, 0x02, 0xff };
	uint8_t mac[NL_MAC_BYTES];

	nl_macvlan_mac(mac, AF_INET, 10);
	assert_memory_equal(mac, mac4, sizeof(mac));
	nl_macvlan_mac(mac, AF_INET6, 255);
	assert_memory_equal(mac, wanted6, sizeof(mac));
}

static void the_name_fits_whatever_the_parent(void **state)
{
	static const struct {
		int family, parent;
		uint8_t vrid;
		const char *wanted;
	} cases[] = {
		{ AF_INET, 2, 1, "vrrp4-2-1" },
		{ AF_INET6, 2, 1, "vrrp6-2-1" },
		{ AF_INET, 99999, 255, "vrrp4-99999-255" },
		{ AF_INET, 100000, 255, "vrrp4000186a0ff" },
		{ AF_INET6, INT32_MAX, 1, "vrrp67fffffff01" },
	};
	char name[IFNAMSIZ];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		nl_macvlan_name(name, cases[i].family, cases[i].parent, cases[i].vrid);
		assert_string_equal(name, cases[i].wanted);
	}
}

static void a_vmac_is_private_marked_down_and_without_a_link_local(void **state)
{
	int eth0 = veth("eth0", "far");
	struct nl_link link = vmac_on("eth0");

	assert_string_equal(link.kind, "macvlan");
	assert_int_equal(link.parent, eth0);
	assert_memory_equal(link.mac, mac4, sizeof(mac4));
	rule(link.ours && link.private && link.ethernet, "the VMAC we made is not known as such");
	rule(!link.up && !link.running, "the VMAC is up before its owner wants it up");
	assert_int_equal(link.mtu, 1500);

	link_says(link.name, "\"link\":\"eth0\"");
	link_says(link.name, "\"address\":\"" MAC4 "\"");
	link_says(link.name, "\"mode\":\"private\"");
	link_says(link.name, "\"ifalias\":\"" NL_LINK_ALIAS "\"");
	link_says(link.name, "\"inet6_addr_gen_mode\":\"none\"");
	link_says(link.name, "\"operstate\":\"DOWN\"");

	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting it up");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	rule(link.up && link.running, "set up, but found down");
	rule(!strstr(output("ip -6 addr show dev %s", link.name), "fe80"),
	     "the VMAC has a link-local address of its own");
	rule_error(nl_link_set_down(conn, link.ifindex), 0, "setting it down");
	link_says(link.name, "\"operstate\":\"DOWN\"");
}

static void our_vmac_is_adopted_as_it_is(void **state)
{
	struct nl_link made, again;

	veth("eth0", "far");
	made = vmac_on("eth0");
	rule_error(nl_link_set_up(conn, made.ifindex), 0, "setting it up");
	rule_error(add("192.0.2.1", made.ifindex, 30), 0, "a VIP on it");

	again = vmac_on("eth0");
	assert_int_equal(again.ifindex, made.ifindex);
	rule(again.up && again.ours, "the VMAC of an earlier run is adopted, but changed");
	rule(witness(made.name, "192.0.2.1") != NULL, "adopting a VMAC took its VIP away");
}

/* One of ours of that name that is not right is made anew. */
static void made_anew_after(const char *what, const char *change)
{
	struct nl_link made = vmac_on("eth0"), again;

	run(change, made.name);
	again = vmac_on("eth0");
	rule(again.ifindex != made.ifindex, "a VMAC of ours with %s was kept", what);
	rule(again.ours && again.private, "a VMAC made anew is not right");
	link_says(again.name, "\"address\":\"" MAC4 "\"");
	rule_error(nl_link_del(conn, again.ifindex), 0, "removing it");
}

static void one_of_ours_that_is_not_right_is_made_anew(void **state)
{
	veth("eth0", "far");
	made_anew_after("another MAC", "ip link set dev %s address 00:00:5e:00:01:0b");
	made_anew_after("another mode", "ip link set dev %s type macvlan mode bridge");
}

static void one_made_by_hand_is_found_used_and_left_alone(void **state)
{
	int eth0 = veth("eth0", "far");
	struct nl_link link;
	char before[16384];

	rule_error(nl_macvlan_find(conn, eth0, mac4, &link), -ENODEV, "there is no VMAC");
	run("ip link add name by-hand link eth0 address " MAC4 " type macvlan mode bridge");
	run("ip link add name other link eth0 type macvlan mode bridge");
	snprintf(before, sizeof(before), "%s", output("ip -d addr show dev by-hand"));
	rule_error(nl_macvlan_find(conn, eth0, mac4, &link), 0, "looking for one made by hand");
	assert_string_equal(link.name, "by-hand");
	rule(!link.ours && !link.private, "one made by hand, as a bridge, is not told as such");
	rule_error(nl_macvlan_add(conn, "by-hand", eth0, mac4, &link), -EEXIST,
		   "a name taken by one in another mode");
	run("ip link set dev by-hand type macvlan mode private");
	snprintf(before, sizeof(before), "%s", output("ip -d addr show dev by-hand"));
	rule_error(nl_macvlan_add(conn, "by-hand", eth0, mac4, &link), 0, "one that is right");
	rule(!link.ours, "one made by hand became ours");
	rule_error(nl_link_del(conn, link.ifindex), -EPERM, "removing one made by hand");
	rule(!strcmp(before, output("ip -d addr show dev by-hand")), "one made by hand was changed");

	/*
	 * Two VMACs with one MAC: ours is found first, and the kernel lets only one of them go up.
	 */
	run("ip link set dev by-hand up");
	link = vmac_on("eth0");
	rule_error(nl_link_set_up(conn, link.ifindex), -EADDRINUSE, "a second one of that MAC");
	rule_error(nl_macvlan_find(conn, eth0, mac4, &link), 0, "looking for ours");
	rule(link.ours, "of two, the one made by hand was chosen");
	rule_error(nl_link_del(conn, link.ifindex), 0, "removing ours");
	rule(if_nametoindex("by-hand"), "removing ours removed the other");
}

static void protodown(const char *how)
{
	run("ip link set dev by-hand protodown_reason %s && ip link set dev by-hand protodown on",
	    how);
}

static void one_that_frrs_vrrpd_left_without_carrier_gets_it_back(void **state)
{
	int eth0 = veth("eth0", "far");
	struct nl_link link;

	run("ip link add name by-hand link eth0 address " MAC4 " type macvlan mode bridge");
	run("ip link set dev by-hand up");
	rule_error(nl_macvlan_find(conn, eth0, mac4, &link), 0, "finding it");
	rule(!link.protodown && link.running, "it has no carrier from the beginning");
	protodown("7 on");
	rule_error(nl_macvlan_find(conn, eth0, mac4, &link), 0, "finding it again");
	rule(link.protodown && !link.running, "it is not without carrier");
	rule_error(nl_link_end_protodown(conn, link.ifindex), 0, "ending it");
	rule_error(nl_macvlan_find(conn, eth0, mac4, &link), 0, "finding it once more");
	rule(!link.protodown && link.running, "it is without carrier still");

	rule_error(nl_link_end_protodown(conn, link.ifindex), 0, "ending what is not");
	protodown("3 on");
	rule_error(nl_link_end_protodown(conn, link.ifindex), -EBUSY, "someone else's");
	rule_error(nl_link_end_protodown(conn, 9999), -ENODEV, "of no link");
}

static void names_and_parents_that_cannot_be(void **state)
{
	int eth0 = veth("eth0", "far");
	struct nl_link link;

	run("ip link add name br0 type bridge && ip link set dev far master br0");
	rule_error(nl_macvlan_add(conn, "v", 9999, mac4, &link), -ENODEV, "no parent");
	rule_error(nl_macvlan_add(conn, "v", 0, mac4, &link), -ENODEV, "parent 0");
	rule_error(nl_macvlan_add(conn, "v", 1, mac4, &link), -EINVAL, "on loopback");
	rule_error(nl_macvlan_add(conn, "v", (int)if_nametoindex("far"), mac4, &link), -EBUSY,
		   "on a bridge's port");
	rule(!if_nametoindex("v"), "a refused VMAC was left behind");
	rule_error(nl_macvlan_add(conn, "far", eth0, mac4, &link), -EEXIST, "a veth's name");
	rule_error(nl_macvlan_add(conn, "v%d", eth0, mac4, &link), -EINVAL, "a name to complete");
	rule_error(nl_macvlan_add(conn, "", eth0, mac4, &link), -EINVAL, "no name");
	rule_error(nl_macvlan_add(conn, "a-name-of-sixteen", eth0, mac4, &link), -EINVAL,
		   "a name too long");
	rule_error(nl_link_get_index(conn, 9999, &link), -ENODEV, "a link that is not there");
	rule_error(nl_link_set_mtu(conn, 9999, 1400), -ENODEV, "the MTU of no link");
	rule_error(nl_link_set_down(conn, 9999), -ENODEV, "no link down");
}

/* The kernel puts it on the parent of the other macvlan. */
static void a_macvlan_may_be_the_parent_of_one(void **state)
{
	int eth0 = veth("eth0", "far"), mv;
	struct nl_link link, found;

	run("ip link add mv link eth0 type macvlan mode bridge");
	mv = (int)if_nametoindex("mv");
	rule_error(nl_macvlan_add(conn, "v", mv, mac4, &link), 0, "on a macvlan");
	rule(link.parent == mv && link.lower == eth0, "it stands on %d, by %d", link.parent,
	     link.lower);
	rule_error(nl_macvlan_add(conn, "v", mv, mac4, &link), 0, "the same again");
	rule_error(nl_macvlan_find(conn, mv, mac4, &found), 0, "looking for it");
	rule(found.ifindex == link.ifindex && found.parent == mv, "another one was found");
	rule(nl_macvlan_fits(conn, &found, mv, mac4), "it does not fit");
	found.mac[5]++;
	rule(!nl_macvlan_fits(conn, &found, mv, mac4), "it fits another MAC");
}

static const char *entries(void)
{
	return output("bridge fdb show dev br0 | grep 00:00:5e:00:01:0a.*master");
}

/*
 * On a bridge that filters by VLAN the entry is for one VLAN; it replaces an entry learned from a
 * port.
 */
static void a_bridge_knows_the_virtual_mac_for_its_own(void **state)
{
	struct nl_fdb_key key;
	int eth0 = veth("eth0", "far"), br0, svi;

	run("ip link add name br0 type bridge && ip link set dev eth0 master br0");
	run("for link in br0 eth0 far; do ip link set dev $link up; done");
	run("ip link add link br0 name svi type vlan id 20");
	br0 = (int)if_nametoindex("br0");
	svi = (int)if_nametoindex("svi");
	rule_error(nl_fdb_find(conn, eth0, mac4, &key), -ENODEV, "of a port");
	rule_error(nl_fdb_find(conn, svi, mac4, &key), 0, "of an SVI");
	rule(key.bridge == br0 && !key.vlan, "VLAN %d, where none is filtered", key.vlan);
	run("bridge fdb add 00:00:5e:00:01:0a dev eth0 master dynamic");
	rule_error(nl_fdb_add(conn, &key), 0, "adding");
	rule(strstr(entries(), "permanent"), "it is not there: %s", entries());
	rule_error(nl_fdb_del(conn, &key), 0, "removing");
	rule_error(nl_fdb_del(conn, &key), 0, "removing what is gone");
	rule(!*entries(), "it is left: %s", entries());

	run("ip link set br0 type bridge vlan_filtering 1 && bridge vlan add vid 20 dev br0 self");
	rule_error(nl_fdb_find(conn, br0, mac4, &key), 0, "of the bridge");
	rule(key.vlan == 1, "untagged is VLAN %d", key.vlan);
	rule_error(nl_fdb_find(conn, svi, mac4, &key), 0, "of a filtered SVI");
	rule_error(nl_fdb_add(conn, &key), 0, "adding to a VLAN");
	rule(strstr(entries(), "vlan 20") && !strstr(entries(), "vlan 1 "), "it is of others: %s",
	     entries());
	rule_error(nl_fdb_add(conn, &key), -EEXIST, "a permanent one");
}

static void without_net_admin_nothing_is_made(void **state)
{
	int eth0 = veth("eth0", "far"), added, mtu, master;
	struct nl_link link;

	net_admin(false);
	added = nl_macvlan_add(conn, "v", eth0, mac4, &link);
	mtu = nl_link_set_mtu(conn, eth0, 1400);
	master = nl_link_set_master(conn, eth0, 0);
	net_admin(true);
	rule_error(added, -EPERM, "making a VMAC without CAP_NET_ADMIN");
	rule_error(mtu, -EPERM, "setting an MTU without CAP_NET_ADMIN");
	rule_error(master, -EPERM, "setting a master without CAP_NET_ADMIN");
	rule(!if_nametoindex("v"), "a refused request did something");
}

/* Made, up, with a VIP, removed: on a parent of that name. */
static void serves(const char *parent)
{
	struct nl_link link = vmac_on(parent);

	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting a VMAC up");
	rule_error(add("192.0.2.1", link.ifindex, 30), 0, "a VIP on it");
	link_says(link.name, "\"link\":\"%s\"", parent);
	link_says(link.name, "\"address\":\"" MAC4 "\"");
	rule_error(nl_link_del(conn, link.ifindex), 0, "removing it");
	rule(if_nametoindex(parent), "removing a VMAC removed its parent");
}

static void vlans_bonds_and_long_names_are_parents_like_any(void **state)
{
	veth("eth0", "far");
	run("ip link set dev eth0 down && ip link set dev eth0 name fifteen-letters");
	run("ip link set dev fifteen-letters up");
	serves("fifteen-letters");
	run("ip link add name eth0.4000 link fifteen-letters type vlan id 4000");
	run("ip link set dev eth0.4000 up");
	serves("eth0.4000");

	/* Some kernels have no bonds, and "needs:" has no word for them. */
	if (system("modprobe -q bonding; ip link add name bond0 type bond 2>/dev/null") == 0) {
		run("ip link add name port type veth peer name far2 && ip link set dev far2 up");
		run("ip link set dev port master bond0 && ip link set dev bond0 up");
		serves("bond0");
	} else {
		print_message("no bond on this kernel: not tried\n");
	}
}

/* The monitor's last event about one link. */
struct heard {
	int ifindex;
	struct nl_link link;
	int gone;
	int told;
};

static void on_detail(const struct nl_link *link, bool exists, void *arg)
{
	struct heard *heard = arg;

	if (link->ifindex != heard->ifindex)
		return;
	heard->link = *link;
	heard->gone += !exists;
	heard->told++;
}

static const struct nl_monitor_ops ops = { .link = on_detail };

static void hear(struct nl_monitor *monitor)
{
	struct pollfd pollfd = { .fd = nl_monitor_fd(monitor), .events = POLLIN };

	while (poll(&pollfd, 1, 0) > 0)
		assert_int_equal(nl_monitor_read(monitor), 0);
}

/* The kernel may take a second to report that the carrier is lost. */
static void hear_no_carrier(struct nl_monitor *monitor, const struct heard *heard)
{
	struct pollfd pollfd = { .fd = nl_monitor_fd(monitor), .events = POLLIN };

	while (heard->link.running && poll(&pollfd, 1, 5000) > 0)
		assert_int_equal(nl_monitor_read(monitor), 0);
}

static void changes_of_the_parent_are_heard_in_full(void **state)
{
	struct heard heard = { .ifindex = veth("eth0", "far") };
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 1 };
	struct nl_monitor *monitor;

	assert_int_equal(nl_monitor_new(&monitor, &ops, &heard), 0);
	run("ip link set dev eth0 address 02:00:00:00:00:01");
	hear(monitor);
	assert_memory_equal(heard.link.mac, mac, sizeof(mac));
	run("ip link set dev eth0 mtu 1400");
	hear(monitor);
	assert_int_equal(heard.link.mtu, 1400);
	run("ip link set dev far down");
	hear_no_carrier(monitor, &heard);
	rule(heard.link.up && !heard.link.running, "a parent that lost its carrier is not told so");
	run("ip link add name red type vrf table 10 && ip link set dev eth0 master red");
	hear(monitor);
	assert_int_equal(heard.link.master, if_nametoindex("red"));
	run("ip link set dev eth0 nomaster");
	hear(monitor);
	assert_int_equal(heard.link.master, 0);
	run("ip link del dev eth0");
	hear(monitor);
	rule(heard.gone == 1, "the parent went once, but heard %d times", heard.gone);
	nl_monitor_free(&monitor);
}

static void a_vmac_goes_with_its_parent(void **state)
{
	struct heard heard = {};
	struct nl_monitor *monitor;
	struct nl_link link;

	veth("eth0", "far");
	link = vmac_on("eth0");
	heard.ifindex = link.ifindex;
	assert_int_equal(nl_monitor_new(&monitor, &ops, &heard), 0);
	run("ip link del dev eth0");
	hear(monitor);
	rule(heard.gone == 1 && heard.link.ours, "a VMAC went with its parent, unheard");
	rule_error(nl_link_del(conn, link.ifindex), -ENODEV, "removing it after that");
	nl_monitor_free(&monitor);
}

static void the_mtu_follows_down_and_is_set_up_by_hand(void **state)
{
	struct nl_link link;

	veth("eth0", "far");
	link = vmac_on("eth0");
	run("ip link set dev eth0 mtu 1400");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	assert_int_equal(link.mtu, 1400);
	run("ip link set dev eth0 mtu 1500");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	rule(link.mtu == 1400,
	     "this kernel raises a macvlan's MTU by itself: tell so in the header");
	rule_error(nl_link_set_mtu(conn, link.ifindex, 1500), 0, "raising it");
	link_says(link.name, "\"mtu\":1500");
	rule_error(nl_link_set_mtu(conn, link.ifindex, 1501), -EINVAL, "above the parent's");
}

static void a_parent_that_flaps_keeps_vmac_and_vips(void **state)
{
	struct nl_link link;

	veth("eth0", "far");
	link = vmac_on("eth0");
	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting it up");
	rule_error(add("192.0.2.1", link.ifindex, 30), 0, "an IPv4 VIP");
	rule_error(add("2001:db8::1", link.ifindex, 30), 0, "an IPv6 VIP");
	run("ip link set dev eth0 down");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	rule(link.up && !link.running, "with its parent down, a VMAC is told as running");
	run("ip link set dev eth0 up");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	rule(link.running, "with its parent up again, a VMAC is told as not running");
	rule(witness(link.name, "192.0.2.1") && witness(link.name, "2001:db8::1"),
	     "a flap of the parent took VIPs away");
}

static void a_vmac_follows_its_parent_into_a_vrf(void **state)
{
	struct nl_link link;
	int red;

	veth("eth0", "far");
	link = vmac_on("eth0");
	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting it up");
	rule_error(add("192.0.2.1", link.ifindex, 30), 0, "an IPv4 VIP");
	rule_error(add("2001:db8::1", link.ifindex, 30), 0, "an IPv6 VIP");
	run("ip link add name red type vrf table 10 && ip link set dev red up");
	red = (int)if_nametoindex("red");
	run("ip link set dev eth0 master red");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	assert_int_equal(link.master, 0);
	assert_string_equal(link.kind, "macvlan");

	rule_error(nl_link_set_master(conn, link.ifindex, red), 0, "moving it too");
	link_says(link.name, "\"master\":\"red\"");
	rule(witness(link.name, "192.0.2.1") != NULL, "the move took the IPv4 VIP away");
	rule(!witness(link.name, "2001:db8::1"), "this kernel keeps IPv6: tell so in nl_link.h");
	rule_error(add("2001:db8::1", link.ifindex, 30), 0, "the IPv6 VIP again");
	rule(strstr(output("ip route show table 10 type local"), "192.0.2.1"),
	     "the VIP is not local in the VRF");
	rule_error(nl_link_set_master(conn, link.ifindex, 0), 0, "and out again");
	rule_error(nl_link_get_index(conn, link.ifindex, &link), 0, "looking it up");
	assert_int_equal(link.master, 0);
}

static void count_ours(const struct nl_link *link, void *arg)
{
	*(int *)arg += link->ours && !strcmp(link->kind, "macvlan");
}

static void a_thousand_vmacs_are_made_found_and_removed(void **state)
{
	int eth0 = veth("eth0", "far"), ours = 0;
	struct nl_link link;
	char name[IFNAMSIZ];
	uint8_t mac[NL_MAC_BYTES];
	double start = seconds(), made, found;

	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "v%d", i);
		nl_macvlan_mac(mac, AF_INET, i % 256);
		mac[3] = i / 256;
		rule_error(nl_macvlan_add(conn, name, eth0, mac, &link), 0, "making one of many");
	}
	made = seconds();
	rule_error(nl_link_dump(conn, "macvlan", count_ours, &ours), 0, "looking at all macvlans");
	rule(ours == 1000, "1000 VMACs were made, but %d are known as ours", ours);
	found = seconds();
	rule_error(nl_macvlan_find(conn, eth0, mac, &link), 0, "finding the last");
	ours = 0;
	rule_error(nl_link_dump(conn, NULL, count_ours, &ours), 0, "looking at all links");
	rule(ours == 1000, "of 1000 VMACs among all links, %d are known as ours", ours);
	print_message("1000 VMACs: made in %.2f s, looked at in %.1f ms\n", made - start,
		      (found - made) * 1e3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_mac_is_that_of_the_rfc),
		test(the_name_fits_whatever_the_parent),
		test(a_vmac_is_private_marked_down_and_without_a_link_local),
		test(our_vmac_is_adopted_as_it_is),
		test(one_of_ours_that_is_not_right_is_made_anew),
		test(one_made_by_hand_is_found_used_and_left_alone),
		test(one_that_frrs_vrrpd_left_without_carrier_gets_it_back),
		test(names_and_parents_that_cannot_be),
		test(a_macvlan_may_be_the_parent_of_one),
		test(a_bridge_knows_the_virtual_mac_for_its_own),
		test(without_net_admin_nothing_is_made),
		test(vlans_bonds_and_long_names_are_parents_like_any),
		test(changes_of_the_parent_are_heard_in_full),
		test(a_vmac_goes_with_its_parent),
		test(the_mtu_follows_down_and_is_set_up_by_hand),
		test(a_parent_that_flaps_keeps_vmac_and_vips),
		test(a_vmac_follows_its_parent_into_a_vrf),
		test(a_thousand_vmacs_are_made_found_and_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
