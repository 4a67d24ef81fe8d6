// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth macvlan nft
 *
 * The filter of VMACs and VIPs: the contents of the table; that tables of others are left alone;
 * that ours is restored after somebody removes it; the frames of a virtual MAC with it and without;
 * and which VIPs answer. nft(8), the cable and ping(8) are the witnesses.
 */
#include "nl_peer.h"

#include "nl_macvlan.h"
#include "nl_nft.h"

static struct nl_nft *nft;

static const uint8_t mac6[] = { 0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a };
static const uint8_t router_mac[] = { 2, 0, 0, 0, 0, 1 };

static const char the_table[] =
	"table inet vrrp {\n"
	"\tcomment \"frr-crossvip vrrpd\"\n"
	"\tcounter mld {\n\t}\n\n"
	"\tcounter igmp {\n\t}\n\n"
	"\tcounter router_solicit {\n\t}\n\n"
	"\tcounter neighbor_advert {\n\t}\n\n"
	"\tcounter refused {\n\t}\n\n"
	"\tset vmacs {\n\t\ttype ifname\n\t\telements = { \"vrrp6-2-10\" }\n\t}\n\n"
	"\tset link_locals {\n\t\ttype ifname . ipv6_addr\n"
	"\t\telements = { \"vrrp6-2-10\" . fe80::1 }\n\t}\n\n"
	"\tset refused_ipv4 {\n\t\ttype ipv4_addr\n\t\telements = { 192.0.2.10 }\n\t}\n\n"
	"\tset refused_ipv6 {\n\t\ttype ipv6_addr\n\t\telements = { 2001:db8::1 }\n\t}\n\n"
	"\tset refused_link_locals {\n\t\ttype ifname . ipv6_addr\n"
	"\t\telements = { \"vrrp6-2-10\" . fe80::1 }\n\t}\n\n"
	"\tset mld_types {\n\t\ttype icmpv6_type\n"
	"\t\telements = { mld-listener-report,\n\t\t\t     mld-listener-done,\n"
	"\t\t\t     mld2-listener-report }\n\t}\n\n"
	"\tset neighbor_types {\n\t\ttype icmpv6_type\n"
	"\t\telements = { nd-neighbor-solicit,\n\t\t\t     nd-neighbor-advert }\n\t}\n\n"
	"\tchain output {\n\t\ttype filter hook output priority filter; policy accept;\n"
	"\t\toifname != @vmacs accept\n"
	"\t\ticmpv6 type @mld_types counter name \"mld\" drop\n"
	"\t\tmeta nfproto ipv4 meta l4proto igmp counter name \"igmp\" drop\n"
	"\t\ticmpv6 type nd-router-solicit counter name \"router_solicit\" drop\n"
	"\t\ticmpv6 type nd-neighbor-advert icmpv6 taddr fe80::/10"
	" oifname . icmpv6 taddr != @link_locals counter name \"neighbor_advert\" drop\n"
	"\t}\n\n"
	"\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n"
	"\t\tip daddr @refused_ipv4 counter name \"refused\" drop\n"
	"\t\ticmpv6 type @neighbor_types accept\n"
	"\t\tip6 daddr @refused_ipv6 counter name \"refused\" drop\n"
	"\t\tiifname . ip6 daddr @refused_link_locals counter name \"refused\" drop\n"
	"\t}\n}\n";

/* The number of rules in the table, for any number of VMACs and VIPs. */
#define RULES 9

static int begin(void **state)
{
	return fresh_namespace(state) ? -1 : nl_nft_new(&nft);
}

static int end(void **state)
{
	nl_nft_free(&nft);
	return leave_namespace(state);
}

static int begin_lan(void **state)
{
	return fresh_lan(state) ? -1 : nl_nft_new(&nft);
}

static int end_lan(void **state)
{
	nl_nft_free(&nft);
	return leave_lan(state);
}

static int add_one(const char *name)
{
	return nl_nft_add(nft, &name, 1);
}

static int del_one(const char *name)
{
	return nl_nft_del(nft, &name, 1);
}

static struct nl_nft_vip vip(const char *ifname, const char *address)
{
	struct nl_nft_vip vip = {};

	/* a name that is too long fills it without an end */
	memcpy(vip.ifname, ifname, strnlen(ifname, sizeof(vip.ifname)));
	if (!strchr(address, ':')) {
		vip.address.s6_addr[10] = vip.address.s6_addr[11] = 0xff;
		assert_int_equal(inet_pton(AF_INET, address, &vip.address.s6_addr[12]), 1);
	} else {
		assert_int_equal(inet_pton(AF_INET6, address, &vip.address), 1);
	}
	return vip;
}

static int allow(const char *ifname, const char *address)
{
	struct nl_nft_vip one = vip(ifname, address);

	return nl_nft_allow(nft, &one, 1);
}

static int forbid(const char *ifname, const char *address)
{
	struct nl_nft_vip one = vip(ifname, address);

	return nl_nft_forbid(nft, &one, 1);
}

static int refuse(const char *ifname, const char *address)
{
	struct nl_nft_vip one = vip(ifname, address);

	return nl_nft_refuse(nft, &one, 1);
}

static int accept_again(const char *ifname, const char *address)
{
	struct nl_nft_vip one = vip(ifname, address);

	return nl_nft_accept(nft, &one, 1);
}

static const char *table(void)
{
	return output("nft -s list table inet vrrp 2>&1");
}

static bool there(void)
{
	return system("nft list table inet vrrp >/dev/null 2>&1") == 0;
}

static int count(const char *text, const char *what)
{
	int found = 0;

	for (; (text = strstr(text, what)); text++)
		found++;
	return found;
}

static int rules(void)
{
	return count(output("nft -j list ruleset"), "{\"rule\":");
}

static bool listed(const char *what)
{
	return strstr(output("nft -j list ruleset"), what);
}

static void the_table_is_what_is_documented(void **state)
{
	rule_error(add_one("vrrp6-2-10"), 0, "putting a VMAC in");
	rule_error(allow("vrrp6-2-10", "fe80::1"), 0, "allowing its link-local VIP");
	rule_error(refuse("vrrp6-2-10", "fe80::1"), 0, "refusing packets to it");
	rule_error(refuse("vrrp6-2-10", "2001:db8::1"), 0, "refusing packets to an IPv6 VIP");
	rule_error(refuse("vrrp4-2-10", "192.0.2.10"), 0, "refusing packets to an IPv4 VIP");
	assert_string_equal(table(), the_table);
	assert_int_equal(rules(), RULES);
}

static void the_table_is_there_while_a_vmac_is(void **state)
{
	const char *two[] = { "vrrp4-2-10", "vrrp6-2-10" };

	rule(!there(), "there is a table before there is a VMAC");
	rule_error(nl_nft_add(nft, two, 2), 0, "putting two in");
	rule(listed("\"elem\": [\"vrrp4-2-10\", \"vrrp6-2-10\"]") ||
		     listed("\"elem\": [\"vrrp6-2-10\", \"vrrp4-2-10\"]"),
	     "the VMACs are not in the set: %s", table());
	rule_error(nl_nft_add(nft, two, 2), 0, "putting them in again");
	rule_error(del_one("vrrp4-2-10"), 0, "taking one out");
	rule(there() && !listed("vrrp4-2-10"), "taken out, but still in: %s", table());
	rule_error(del_one("vrrp4-2-10"), 0, "taking it out again");
	rule_error(del_one("vrrp6-2-10"), 0, "taking the last out");
	rule(!there(), "the last VMAC is gone, but the table is not");
	rule_error(add_one("vrrp4-2-10"), 0, "putting one in again");
	rule(there(), "a VMAC came after the last had gone, but no table with it");
}

static void link_local_vips_come_and_go_with_their_vmac(void **state)
{
	rule_error(allow("vrrp6-2-10", "fe80::1"), -ENODEV, "a VIP of a VMAC that is not in");
	rule_error(add_one("vrrp6-2-10"), 0, "putting one in");
	rule_error(add_one("vrrp6-2-11"), 0, "putting another in");
	rule_error(allow("vrrp6-2-10", "fe80::1"), 0, "allowing a VIP");
	rule_error(allow("vrrp6-2-11", "fe80::1"), 0, "allowing it on the other");
	rule_error(allow("vrrp6-2-10", "fe80::1"), 0, "allowing it again");
	rule_error(allow("vrrp6-2-10", "2001:db8::1"), 0, "one that needs no permission");
	assert_int_equal(count(output("nft -j list ruleset"), "\"fe80::1\""), 2);
	rule(!listed("2001:db8::1"), "a global address is in the set: %s", table());
	rule_error(forbid("vrrp6-2-11", "fe80::1"), 0, "forbidding it on the other");
	rule_error(forbid("vrrp6-2-11", "fe80::1"), 0, "forbidding it again");
	assert_int_equal(count(output("nft -j list ruleset"), "\"fe80::1\""), 1);
	rule_error(del_one("vrrp6-2-10"), 0, "taking its VMAC out");
	rule(!listed("fe80::1"), "a VMAC went, but its VIP is still in: %s", table());
	rule_error(add_one("vrrp6-2-10"), 0, "putting it in again");
	rule(!listed("fe80::1"), "a VIP of an earlier life is in: %s", table());
}

static void refused_vips_come_and_go_without_a_vmac(void **state)
{
	struct nl_nft_vip two[] = { vip("", "192.0.2.10"), vip("", "2001:db8::1") };

	rule_error(accept_again("eth0", "192.0.2.10"), 0, "accepting what was never refused");
	rule(!there(), "nothing is refused, but there is a table");
	rule_error(nl_nft_refuse(nft, two, 2), 0, "refusing two");
	rule(listed("\"192.0.2.10\"") && listed("\"2001:db8::1\""), "they are not in: %s", table());
	rule_error(refuse("eth0", "192.0.2.10"), 0, "refusing one again, by another link");
	rule_error(accept_again("eth1", "192.0.2.10"), 0, "accepting it, by a third");
	rule(!listed("\"192.0.2.10\"") && listed("\"2001:db8::1\""), "one is out: %s", table());
	rule_error(add_one("vrrp4-2-10"), 0, "putting a VMAC in beside the other");
	rule_error(del_one("vrrp4-2-10"), 0, "taking it out again");
	rule(listed("\"2001:db8::1\""), "the last VMAC took a refused VIP along: %s", table());
	rule_error(accept_again("", "2001:db8::1"), 0, "accepting the last");
	rule(!there(), "nothing is refused any more, but there is a table");
}

static void a_link_local_vip_is_refused_on_its_link(void **state)
{
	rule_error(refuse("vrrp6-2-10", "fe80::1"), 0, "refusing one");
	rule_error(refuse("vrrp6-3-10", "fe80::1"), 0, "refusing it on another link");
	assert_int_equal(count(output("nft -j list ruleset"), "\"fe80::1\""), 2);
	rule_error(accept_again("vrrp6-2-10", "fe80::1"), 0, "accepting it on the first");
	rule(!listed("vrrp6-2-10") && listed("vrrp6-3-10"), "only the other is left: %s", table());
	rule_error(refuse("a-name-of-sixteen", "fe80::1"), -EINVAL, "on a link that cannot be");
}

static void names_that_no_link_can_have(void **state)
{
	const char *some[] = { "vrrp4-2-10", "a-name-of-sixteen" };
	struct nl_nft_vip unended;

	rule_error(nl_nft_add(nft, some, 2), -EINVAL, "a good name and one too long");
	rule_error(add_one(""), -EINVAL, "no name");
	rule(!there(), "a refused change did something");
	memset(&unended, 'x', sizeof(unended));
	rule_error(nl_nft_allow(nft, &unended, 1), -EINVAL, "a name without an end");
	rule_error(nl_nft_add(nft, NULL, 0), 0, "nothing at all");
	rule(!there(), "nothing is in, but there is a table");
}

static void foreign_tables_are_never_touched(void **state)
{
	char before[8192];

	run("nft add table inet other && nft add chain inet other output "
	    "'{ type filter hook output priority 0; }' && "
	    "nft add rule inet other output oifname vrrp4-2-10 counter accept && "
	    "nft add table ip vrrp && nft add table inet vrrp2");
	snprintf(before, sizeof(before), "%s", output("nft list ruleset"));
	rule_error(add_one("vrrp4-2-10"), 0, "putting one in");
	rule(strcmp(before, output("nft list ruleset")), "nothing was put in");
	rule_error(del_one("vrrp4-2-10"), 0, "taking it out");
	rule(!strcmp(before, output("nft list ruleset")), "someone else's tables were changed");
	run("nft flush ruleset");
}

static void someone_elses_inet_vrrp_is_respected(void **state)
{
	char before[8192];

	run("nft add table inet vrrp '{ comment \"mine\"; }' && nft add chain inet vrrp output");
	snprintf(before, sizeof(before), "%s", output("nft list ruleset"));
	rule_error(add_one("vrrp4-2-10"), -EEXIST, "a table of that name, not ours");
	rule_error(nl_nft_settle(nft), 0, "settling");
	rule_error(del_one("vrrp4-2-10"), 0, "taking out what is not in");
	rule(!strcmp(before, output("nft list ruleset")), "someone else's table was changed");

	run("nft delete table inet vrrp");
	rule_error(add_one("vrrp4-2-10"), 0, "when it is gone");
	run("nft delete table inet vrrp && nft add table inet vrrp");
	rule_error(nl_nft_read(nft), -EEXIST, "when it took our table's place");
	rule_error(del_one("vrrp4-2-10"), 0, "taking ours out");
	rule(there(), "someone else's table was removed with ours");
}

static void what_a_killed_daemon_left_is_replaced_or_removed(void **state)
{
	const char *two[] = { "vrrp4-2-10", "vrrp6-2-10" };

	rule_error(nl_nft_add(nft, two, 2), 0, "putting two in");
	nl_nft_free(&nft);
	rule(there(), "the table went with the daemon");
	assert_int_equal(nl_nft_new(&nft), 0);
	rule_error(del_one("vrrp4-2-99"), 0, "taking out what is not in");
	rule(there(), "a leftover was removed before its time");
	rule_error(add_one("vrrp4-2-10"), 0, "putting one in");
	rule(listed("vrrp4-2-10") && !listed("vrrp6-2-10"), "what an earlier run left is in: %s",
	     table());
	assert_int_equal(rules(), RULES);
	rule_error(nl_nft_settle(nft), 0, "settling with a VMAC in");
	rule(there(), "settling removed a table that is needed");

	nl_nft_free(&nft);
	assert_int_equal(nl_nft_new(&nft), 0);
	rule_error(nl_nft_settle(nft), 0, "settling without a VMAC");
	rule(!there(), "no VMAC is left, but an earlier run's table is");
	rule_error(nl_nft_settle(nft), 0, "settling again");
}

/* Somebody runs the command; after one nl_nft_read() the table is as before. */
static void robbed_by(const char *command)
{
	char before[8192];
	int back;

	snprintf(before, sizeof(before), "%s", table());
	run("%s", command);
	rule(strcmp(before, table()), "\"%s\" removed nothing", command);
	back = nl_nft_read(nft);
	rule(back == 1, "after \"%s\", reading said %d", command, back);
	rule(!strcmp(before, table()), "after \"%s\", there is: %s", command, table());
	rule_error(nl_nft_read(nft), 0, "our own putting back was taken for someone else's doing");
}

static void what_someone_removes_is_put_back(void **state)
{
	rule_error(add_one("vrrp6-2-10"), 0, "putting one in");
	rule_error(add_one("vrrp4-2-10"), 0, "putting another in");
	rule_error(allow("vrrp6-2-10", "fe80::1"), 0, "allowing a VIP");
	rule_error(refuse("vrrp6-2-10", "fe80::1"), 0, "refusing what is for it");
	rule_error(refuse("", "192.0.2.10"), 0, "refusing what is for another");
	rule_error(nl_nft_read(nft), 0, "our own changes were taken for someone else's");
	robbed_by("nft flush ruleset");
	robbed_by("nft delete table inet vrrp");
	robbed_by("nft flush chain inet vrrp output");
	robbed_by("nft delete element inet vrrp vmacs '{ vrrp4-2-10 }'");
	robbed_by("nft flush set inet vrrp link_locals");
	robbed_by("nft flush chain inet vrrp input");
	robbed_by("nft delete element inet vrrp refused_ipv4 '{ 192.0.2.10 }'");

	run("nft add table inet other && nft delete table inet other");
	run("nft add table ip vrrp && nft delete table ip vrrp");
	rule_error(nl_nft_read(nft), 0, "tables of others came and went");
	rule_error(del_one("vrrp6-2-10"), 0, "taking one out");
	rule_error(del_one("vrrp4-2-10"), 0, "taking the other out");
	robbed_by("nft flush ruleset");
	rule_error(accept_again("vrrp6-2-10", "fe80::1"), 0, "accepting what is for a VIP");
	rule_error(accept_again("", "192.0.2.10"), 0, "accepting what is for the other");
	rule_error(nl_nft_read(nft), 0, "reading of our own last removal");
	rule(!there(), "our own removal was put back");
}

static void a_flush_not_read_of_yet_stands_in_no_way(void **state)
{
	rule_error(add_one("vrrp4-2-10"), 0, "putting one in");
	run("nft flush ruleset");
	rule_error(add_one("vrrp4-2-11"), 0, "putting another in after a flush");
	rule(listed("vrrp4-2-10") && listed("vrrp4-2-11"), "not all is back: %s", table());
	run("nft flush ruleset");
	rule_error(del_one("vrrp4-2-10"), 0, "taking one out after a flush");
	rule(!listed("vrrp4-2-10") && listed("vrrp4-2-11"), "not all is back: %s", table());
	run("nft flush ruleset");
	rule_error(del_one("vrrp4-2-11"), 0, "taking the last out after a flush");
	rule(!there(), "the table is back without a VMAC");
	rule_error(nl_nft_read(nft), 0, "reading of all these flushes");
	rule(!there(), "the table is back without a VMAC");
}

static void without_net_admin_nothing_is_changed_and_nothing_forgotten(void **state)
{
	struct nl_nft_count counters[NL_NFT_COUNTERS];
	struct nl_nft *other;
	int made, added, removed, allowed, counted, robbed;

	rule_error(add_one("vrrp4-2-10"), 0, "putting one in");
	net_admin(false);
	made = nl_nft_new(&other);
	added = add_one("vrrp4-2-11");
	removed = del_one("vrrp4-2-10");
	allowed = allow("vrrp4-2-10", "fe80::1");
	counted = nl_nft_counters(nft, counters);
	net_admin(true);
	run("nft flush ruleset");
	net_admin(false);
	robbed = nl_nft_read(nft);
	net_admin(true);
	rule_error(made, -EPERM, "opening without CAP_NET_ADMIN");
	rule_error(added, -EPERM, "putting in without CAP_NET_ADMIN");
	rule_error(removed, -EPERM, "taking out without CAP_NET_ADMIN");
	rule_error(allowed, -EPERM, "allowing without CAP_NET_ADMIN");
	rule_error(counted, -EPERM, "counting without CAP_NET_ADMIN");
	rule_error(robbed, -EPERM, "putting back without CAP_NET_ADMIN");
	rule_error(nl_nft_read(nft), 1, "what could not be put back is tried again");
	rule(listed("vrrp4-2-10") && !listed("vrrp4-2-11") && !listed("fe80::1\""),
	     "a refused change is remembered as made: %s", table());
}

static void lost_events_lead_to_a_whole_table_and_to_rest(void **state)
{
	int tiny = 1, reads = 0;
	struct pollfd pollfd = { .fd = nl_nft_fd(nft), .events = POLLIN };

	assert_int_equal(setsockopt(nl_nft_fd(nft), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof(tiny)), 0);
	rule_error(add_one("vrrp4-2-10"), 0, "putting one in");
	run("for i in 1 2 3 4 5 6 7 8 9; do nft add table inet t$i; done; nft flush ruleset");
	rule(!there(), "the test removed nothing");
	while (poll(&pollfd, 1, 0) > 0 && ++reads < 10)
		rule(nl_nft_read(nft) >= 0, "reading after an overrun failed");
	rule(there() && rules() == RULES, "after an overrun there is: %s", table());
	rule(reads < 3, "the overrun of one flood was worked on %d times", reads);
}

static void a_thousand_vmacs_are_a_thousand_elements_and_no_more_rules(void **state)
{
	static char text[1000][IFNAMSIZ];
	static struct nl_nft_vip vips[1000];
	const char *names[1000];
	double start, batch, single;

	for (int i = 0; i < 1000; i++) {
		nl_macvlan_name(text[i], AF_INET6, 2 + i / 250, 1 + i % 250);
		names[i] = text[i];
		vips[i] = vip(text[i], "fe80::1");
	}
	start = seconds();
	rule_error(nl_nft_add(nft, names, 1000), 0, "putting a thousand in at once");
	rule_error(nl_nft_allow(nft, vips, 1000), 0, "allowing a VIP on each");
	batch = seconds() - start;
	assert_int_equal(count(output("nft -j list set inet vrrp vmacs"), "\"vrrp6-"), 1000);
	assert_int_equal(count(output("nft -j list set inet vrrp link_locals"), "\"fe80::1\""),
			 1000);
	assert_int_equal(rules(), RULES);
	run("nft flush ruleset");
	rule_error(nl_nft_read(nft), 1, "putting a thousand back");
	assert_int_equal(count(output("nft -j list set inet vrrp vmacs"), "\"vrrp6-"), 1000);
	assert_int_equal(count(output("nft -j list set inet vrrp link_locals"), "\"fe80::1\""),
			 1000);
	for (int i = 0; i < 100; i++)
		rule_error(nl_nft_read(nft) < 0, 0, "reading of our own doing");
	rule_error(nl_nft_del(nft, names, 1000), 0, "taking a thousand out");
	rule(!there(), "a thousand are out, but the table is not");

	start = seconds();
	for (int i = 0; i < 1000; i++)
		rule_error(add_one(names[i]), 0, "putting a thousand in one by one");
	for (int i = 0; i < 1000; i++)
		rule_error(del_one(names[i]), 0, "taking a thousand out one by one");
	single = seconds() - start;
	print_message("1000 VMACs and VIPs: %.1f ms at once; in and out one by one %.2f s\n",
		      batch * 1e3, single);
}

/* -------------------------------------------------------------- what the peer hears */

struct heard {
	int types[256]; /* of ICMPv6 */
	int igmp;
	int link_local_na; /* for fe80::bad */
	int vip_na;	   /* for fe80::1 */
};

static void hear_icmpv6(const uint8_t *icmp, struct heard *heard)
{
	struct in6_addr target;
	char text[INET6_ADDRSTRLEN];

	heard->types[icmp[0]]++;
	if (icmp[0] != ND_NEIGHBOR_ADVERT)
		return;
	memcpy(&target, icmp + 8, sizeof(target));
	inet_ntop(AF_INET6, &target, text, sizeof(text));
	heard->link_local_na += !strcmp(text, "fe80::bad");
	heard->vip_na += !strcmp(text, "fe80::1");
}

static void hear(const uint8_t *frame, size_t len, void *arg)
{
	const struct ether_header *ether = (const void *)frame;
	const uint8_t *ip = frame + sizeof(*ether);
	struct heard *heard = arg;

	if (ntohs(ether->ether_type) == ETHERTYPE_IP && ip[9] == IPPROTO_IGMP)
		heard->igmp++;
	if (ntohs(ether->ether_type) != ETHERTYPE_IPV6)
		return;
	ip += 40;
	/* Behind a hop-by-hop header: MLD. */
	if (frame[sizeof(*ether) + 6] == IPPROTO_HOPOPTS)
		hear_icmpv6(ip + 8 * (1 + ip[1]), heard);
	else if (frame[sizeof(*ether) + 6] == IPPROTO_ICMPV6)
		hear_icmpv6(ip, heard);
}

static void group(int fd4, int fd6, int ifindex, bool join)
{
	struct ip_mreqn four = { .imr_ifindex = ifindex };
	struct ipv6_mreq six = { .ipv6mr_interface = ifindex };

	inet_pton(AF_INET, "239.1.2.3", &four.imr_multiaddr);
	inet_pton(AF_INET6, "ff05::1234", &six.ipv6mr_multiaddr);
	assert_int_equal(setsockopt(fd4, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
				    &four, sizeof(four)),
			 0);
	assert_int_equal(setsockopt(fd6, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP,
				    &six, sizeof(six)),
			 0);
}

/* A VMAC that sends its reports as early as the kernel allows. */
static struct nl_link talkative_vmac(int mld, int igmp)
{
	struct nl_link link;
	char name[IFNAMSIZ];
	int eth0 = (int)if_nametoindex("eth0");

	nl_macvlan_name(name, AF_INET6, eth0, 10);
	rule_error(nl_macvlan_add(conn, name, eth0, mac6, &link), 0, "making a VMAC");
	run("cd /proc/sys/net/ipv6/conf/%s && echo %d > force_mld_version && "
	    "echo 50 > mldv1_unsolicited_report_interval && "
	    "echo 50 > mldv2_unsolicited_report_interval && "
	    "echo 0 > router_solicitation_delay && echo 1 > accept_ra && echo 0 > forwarding",
	    name, mld);
	run("cd /proc/sys/net/ipv4/conf/%s && echo %d > force_igmp_version && "
	    "echo 50 > igmpv2_unsolicited_report_interval && "
	    "echo 50 > igmpv3_unsolicited_report_interval",
	    name, igmp);
	return link;
}

/* Sets the VMAC up with VIPs, joins and leaves groups: returns the frames from the virtual MAC. */
static struct heard talk(int mld, int igmp, bool filter)
{
	struct heard heard = {};
	struct nl_link link = talkative_vmac(mld, igmp);
	int fd4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int fd6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (filter) {
		rule_error(add_one(link.name), 0, "putting it into the table");
		rule_error(allow(link.name, "fe80::1"), 0, "allowing its VIP");
	}
	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting it up");
	rule_error(add("fe80::1", link.ifindex, 30), 0, "a link-local VIP");
	rule_error(add("2001:db8::1", link.ifindex, 30), 0, "a VIP");
	group(fd4, fd6, link.ifindex, true);
	listen_on_cable(mac6, 500, hear, &heard);
	group(fd4, fd6, link.ifindex, false);
	listen_on_cable(mac6, 500, hear, &heard);

	/* Somebody adds the host's link-local address to it, too. */
	run("ip addr add fe80::bad/64 dev %s nodad", link.name);
	on_peer("ping -c 1 -W 1 fe80::bad%%far >/dev/null");
	rule(on_peer("ping -c 1 -W 2 fe80::1%%far >/dev/null"),
	     "the link-local VIP does not answer");
	listen_on_cable(mac6, 200, hear, &heard);
	close(fd4);
	close(fd6);
	/* When it is down, it sends no reports, and the counters do not change. */
	rule_error(nl_link_set_down(conn, link.ifindex), 0, "setting it down");
	return heard;
}

static void the_peer_hears_all(int mld, int igmp)
{
	struct heard heard = talk(mld, igmp, false);

	if (mld == 1)
		rule(heard.types[131] && heard.types[132],
		     "no MLDv1 report and done without filter");
	else
		rule(heard.types[143], "no MLDv2 report without filter");
	rule(heard.igmp, "no IGMPv%d without filter", igmp);
	rule(heard.types[133], "no router solicitation without filter");
	rule(heard.link_local_na, "no advertisement of a link-local address without filter");
	rule(heard.vip_na, "no advertisement of the VIP without filter");
	print_message("without: MLD %d, %d, %d, IGMP %d, RS %d, NA of link-local %d, of VIP %d\n",
		      heard.types[131], heard.types[132], heard.types[143], heard.igmp,
		      heard.types[133], heard.link_local_na, heard.vip_na);
}

static void the_peer_hears_only_what_it_should(int mld, int igmp)
{
	struct heard heard = talk(mld, igmp, true);
	struct nl_nft_count counters[NL_NFT_COUNTERS];
	char wanted[64];

	rule(!heard.types[131] && !heard.types[132] && !heard.types[143],
	     "MLD was heard from the virtual MAC");
	rule(!heard.igmp, "IGMP was heard from the virtual MAC");
	rule(!heard.types[133], "a router solicitation was heard from the virtual MAC");
	rule(!heard.link_local_na, "the virtual MAC was told for the host's link-local address");
	rule(heard.vip_na, "the link-local VIP was not told");

	rule_error(nl_nft_counters(nft, counters), 0, "counting");
	for (int i = 0; i < NL_NFT_REFUSED; i++) {
		rule(counters[i].packets && counters[i].bytes, "counter %d counted nothing", i);
		snprintf(wanted, sizeof(wanted), "\"packets\": %d, \"bytes\": %d",
			 (int)counters[i].packets, (int)counters[i].bytes);
		rule(listed(wanted), "nft does not know a counter with %s", wanted);
	}
	print_message("dropped: MLD %d, IGMP %d, RS %d, NA %d\n", (int)counters[0].packets,
		      (int)counters[1].packets, (int)counters[2].packets, (int)counters[3].packets);
}

static void without_the_filter_the_peer_hears_all_of_mldv1(void **state)
{
	the_peer_hears_all(1, 2);
}

static void without_the_filter_the_peer_hears_all_of_mldv2(void **state)
{
	the_peer_hears_all(2, 3);
}

static void with_the_filter_the_peer_hears_nothing_of_mldv1(void **state)
{
	the_peer_hears_only_what_it_should(1, 2);
}

static void with_the_filter_the_peer_hears_nothing_of_mldv2(void **state)
{
	the_peer_hears_only_what_it_should(2, 3);
}

static void other_links_speak_as_ever(void **state)
{
	struct heard heard = {};
	int fd4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int fd6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	rule_error(add_one("vrrp6-2-10"), 0, "putting one in");
	listen_on_cable(router_mac, 200, hear, &heard);
	memset(&heard, 0, sizeof(heard));
	group(fd4, fd6, (int)if_nametoindex("eth0"), true);
	listen_on_cable(router_mac, 1500, hear, &heard);
	rule(heard.types[143] && heard.igmp, "the parent's own reports were dropped");
	close(fd4);
	close(fd6);
}

static void counters_go_on_after_a_flush(void **state)
{
	struct nl_nft_count before[NL_NFT_COUNTERS], after[NL_NFT_COUNTERS];

	talk(2, 3, true);
	rule_error(nl_nft_counters(nft, before), 0, "counting");
	run("nft flush ruleset");
	rule_error(nl_nft_counters(nft, after), 0, "counting in an empty ruleset");
	assert_memory_equal(before, after, sizeof(before));
	rule_error(nl_nft_read(nft), 1, "putting back");
	rule_error(nl_nft_counters(nft, after), 0, "counting after that");
	for (int i = 0; i < NL_NFT_COUNTERS; i++)
		rule(after[i].packets >= before[i].packets && after[i].bytes >= before[i].bytes,
		     "counter %d went back from %d to %d", i, (int)before[i].packets,
		     (int)after[i].packets);
}

/* ---------------------------------------------------------- what a VIP does not hear */

#define PEER4	  "10.0.0.2"
#define VIP4	  "10.0.0.100"
#define PEER6	  "2001:db8::2"
#define VIP6	  "2001:db8::100"
#define LOCAL_VIP "fe80::100"

/* The addresses of two routers, and VIPs, all on eth0. */
static int begin_vips(void **state)
{
	if (begin_lan(state))
		return -1;
	number("eth0", "10.0.0.1", "2001:db8::1");
	number_peer(PEER4, PEER6);
	run("ip addr add " VIP4 "/32 dev eth0 && ip addr add " VIP6 "/128 dev eth0 nodad && "
	    "ip addr add " LOCAL_VIP "/128 dev eth0 nodad");
	return uses("eth0", VIP6) && uses("eth0", LOCAL_VIP) ? 0 : -1;
}

static bool answers_ping(const char *address)
{
	return on_peer("ping -c 1 -W 1 %s%s >/dev/null", address,
		       strncmp(address, "fe80:", 5) ? "" : "%far");
}

/* True when the address answers a unicast probe of the peer, which knows its MAC already. */
static bool answers_a_probe(const char *address)
{
	on_peer("ip neigh replace %s lladdr " ROUTER_MAC " nud probe dev far", address);
	return on_peer("for i in $(seq 30); do"
		       " ip neigh show %s dev far | grep -q REACHABLE && exit 0; sleep 0.1;"
		       " done; exit 1",
		       address);
}

static uint64_t refused_packets(void)
{
	struct nl_nft_count counters[NL_NFT_COUNTERS];

	rule_error(nl_nft_counters(nft, counters), 0, "counting");
	return counters[NL_NFT_REFUSED].packets;
}

static void a_refused_vip_is_resolved_and_hears_nothing(const char *address, const char *sibling)
{
	uint64_t before;

	rule(answers_ping(address), "%s is silent before it is refused", address);
	rule_error(refuse("eth0", address), 0, "refusing it");
	before = refused_packets();
	on_peer("ip neigh flush dev far");
	rule(!answers_ping(address), "%s is refused and answers ping", address);
	rule(on_peer("ip neigh show %s dev far | grep -q " ROUTER_MAC, address),
	     "%s is refused and not resolved", address);
	rule(answers_a_probe(address), "%s is refused and does not answer a unicast probe", address);
	rule(refused_packets() == before + 1, "one ping to %s was counted as %d packets", address,
	     (int)(refused_packets() - before));
	rule(answers_ping(sibling), "%s is refused, and %s with it", address, sibling);
	rule_error(accept_again("eth0", address), 0, "accepting it again");
	rule(answers_ping(address), "%s is silent after it is accepted again", address);
}

static void a_refused_ipv4_vip_is_resolved_and_hears_nothing(void **state)
{
	a_refused_vip_is_resolved_and_hears_nothing(VIP4, "10.0.0.1");
}

static void a_refused_ipv6_vip_is_resolved_and_hears_nothing(void **state)
{
	a_refused_vip_is_resolved_and_hears_nothing(VIP6, LOCAL_VIP);
}

static void a_refused_link_local_vip_is_resolved_and_hears_nothing(void **state)
{
	a_refused_vip_is_resolved_and_hears_nothing(LOCAL_VIP, VIP6);
}

static void a_link_local_vip_refused_elsewhere_is_accepted_here(void **state)
{
	rule_error(refuse("eth1", LOCAL_VIP), 0, "refusing it on another link");
	rule(answers_ping(LOCAL_VIP), "it is refused on this link too");
}

#define test_nft(function)   cmocka_unit_test_setup_teardown(function, begin, end)
#define test_cable(function) cmocka_unit_test_setup_teardown(function, begin_lan, end_lan)
#define test_vips(function)  cmocka_unit_test_setup_teardown(function, begin_vips, end_lan)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_nft(the_table_is_what_is_documented),
		test_nft(the_table_is_there_while_a_vmac_is),
		test_nft(link_local_vips_come_and_go_with_their_vmac),
		test_nft(refused_vips_come_and_go_without_a_vmac),
		test_nft(a_link_local_vip_is_refused_on_its_link),
		test_nft(names_that_no_link_can_have),
		test_nft(foreign_tables_are_never_touched),
		test_nft(someone_elses_inet_vrrp_is_respected),
		test_nft(what_a_killed_daemon_left_is_replaced_or_removed),
		test_nft(what_someone_removes_is_put_back),
		test_nft(a_flush_not_read_of_yet_stands_in_no_way),
		test_nft(without_net_admin_nothing_is_changed_and_nothing_forgotten),
		test_nft(lost_events_lead_to_a_whole_table_and_to_rest),
		test_nft(a_thousand_vmacs_are_a_thousand_elements_and_no_more_rules),
		test_cable(without_the_filter_the_peer_hears_all_of_mldv1),
		test_cable(without_the_filter_the_peer_hears_all_of_mldv2),
		test_cable(with_the_filter_the_peer_hears_nothing_of_mldv1),
		test_cable(with_the_filter_the_peer_hears_nothing_of_mldv2),
		test_cable(other_links_speak_as_ever),
		test_cable(counters_go_on_after_a_flush),
		test_vips(a_refused_ipv4_vip_is_resolved_and_hears_nothing),
		test_vips(a_refused_ipv6_vip_is_resolved_and_hears_nothing),
		test_vips(a_refused_link_local_vip_is_resolved_and_hears_nothing),
		test_vips(a_link_local_vip_refused_elsewhere_is_accepted_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
