// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns nft
 *
 * Rules that rewrite sources, as nft(8) and iptables-nft(8) make them: which packets each is found
 * to rewrite, that changes are noticed, and that no rule is changed.
 */
#include "nl_test.h"

#include <sys/resource.h>

#include "nl_nat.h"

static struct nl_nat *nat;

static int begin(void **state)
{
	return fresh_namespace(state) ? -1 : nl_nat_new(&nat);
}

static int end(void **state)
{
	nl_nat_free(&nat);
	return leave_namespace(state);
}

/* The rule for a packet; "": any address. */
static const char *rule_for(const char *source, const char *destination)
{
	int family = strchr(source, ':') || strchr(destination, ':') ? AF_INET6 : AF_INET;
	uint8_t from[16], to[16];

	if (*source)
		assert_int_equal(inet_pton(family, source, from), 1);
	if (*destination)
		assert_int_equal(inet_pton(family, destination, to), 1);
	return nl_nat_rule(nat, family, *source ? from : NULL, *destination ? to : NULL);
}

static void reread(void)
{
	rule_error(nl_nat_read(nat), 0, "reading the rules");
}

static void flush(void)
{
	run("nft flush ruleset");
}

/* A chain for each family, in which rules may stand. */
static void make_chains(void)
{
	static const char *const families[] = { "ip", "ip6", "inet" };

	flush();
	for (size_t i = 0; i < 3; i++)
		run("nft add table %s t && nft add chain %s t post "
		    "'{ type nat hook postrouting priority 100; }'",
		    families[i], families[i]);
}

/* ---------------------------------------------------------------- what is understood */

struct packet {
	const char *source, *destination; /* "": any */
};

/* A rule, packets it may rewrite, and packets it never does. */
struct row {
	const char *command;
	struct packet hit[4], miss[4]; /* until a NULL */
};

#define NFT4 "nft add rule ip t post "
#define NFT6 "nft add rule ip6 t post "
#define INET "nft add rule inet t post "
#define XT4  "iptables-nft -t nat -A POSTROUTING "
#define XT6  "ip6tables-nft -t nat -A POSTROUTING "

/* clang-format off */
static const struct row rows[] = {
	{ NFT4 "'masquerade'", { { "", "" }, { "192.0.2.1", "" }, { "", "192.0.2.1" } }, { { "", "2001:db8::1" } } },
	{ NFT4 "'oifname eth0 tcp dport 80 meta mark 7 masquerade'", { { "", "192.0.2.1" } }, {} },
	{ NFT4 "'ip saddr 192.0.2.1 masquerade'",
	  { { "192.0.2.1", "" }, { "", "203.0.113.1" }, { "", "" } },
	  { { "192.0.2.2", "" }, { "193.0.2.1", "203.0.113.1" } } },
	{ NFT4 "'ip saddr 192.0.2.0/24 snat to 203.0.113.1'",
	  { { "192.0.2.255", "" } }, { { "192.0.3.0", "" }, { "192.0.1.255", "192.0.2.1" } } },
	{ NFT4 "'ip saddr 192.0.0.0/20 snat to 203.0.113.1'",
	  { { "192.0.15.255", "" }, { "192.0.0.0", "" } }, { { "192.0.16.0", "" } } },
	{ NFT4 "'ip daddr 192.0.2.0/25 masquerade'",
	  { { "", "192.0.2.127" }, { "192.0.2.200", "" } }, { { "", "192.0.2.128" } } },
	{ NFT4 "'ip saddr 192.0.2.1 ip daddr 192.0.2.2 masquerade'",
	  { { "192.0.2.1", "192.0.2.2" }, { "", "192.0.2.2" }, { "192.0.2.1", "" } },
	  { { "192.0.2.2", "" }, { "", "192.0.2.1" }, { "192.0.2.1", "192.0.2.1" } } },
	{ NFT4 "'ip saddr != 192.0.2.0/24 masquerade'",
	  { { "192.0.3.1", "" }, { "", "" } }, { { "192.0.2.1", "" } } },
	{ NFT4 "'ip daddr != 192.0.2.1 masquerade'", { { "", "192.0.2.2" } }, { { "", "192.0.2.1" } } },
	{ NFT4 "'ip daddr 192.0.2.10-192.0.2.20 masquerade'",
	  { { "", "192.0.2.10" }, { "", "192.0.2.20" }, { "192.0.2.1", "" } },
	  { { "", "192.0.2.9" }, { "", "192.0.2.21" } } },
	{ NFT4 "'ip daddr != 192.0.2.10-192.0.2.20 masquerade'",
	  { { "", "192.0.2.9" }, { "", "192.0.2.21" } }, { { "", "192.0.2.10" }, { "", "192.0.2.20" } } },
	{ NFT4 "'ip daddr > 192.0.2.10 masquerade'",
	  { { "", "192.0.2.11" } }, { { "", "192.0.2.10" }, { "", "10.0.0.1" } } },
	{ NFT4 "'ip daddr <= 192.0.2.10 masquerade'",
	  { { "", "192.0.2.10" }, { "", "10.0.0.1" } }, { { "", "192.0.2.11" } } },
	{ NFT4 "'ip saddr 10.0.0.0/8 ip daddr != 10.0.0.0/8 oifname != lo counter masquerade random'",
	  { { "10.1.1.1", "192.0.2.1" }, { "", "192.0.2.1" } }, { { "10.1.1.1", "10.2.2.2" }, { "192.0.2.1", "" } } },
	/* sets and other conditions: not evaluated, so they count as met */
	{ NFT4 "'ip saddr { 192.0.2.1, 192.0.2.3 } masquerade'", { { "192.0.2.2", "" } }, {} },
	{ NFT4 "'ip saddr { 192.0.2.1, 192.0.2.3 } ip daddr 192.0.2.9 masquerade'",
	  { { "192.0.2.2", "192.0.2.9" } }, { { "", "192.0.2.8" } } },
	{ NFT4 "'ip saddr & 0.0.0.255 == 0.0.0.7 masquerade'",
	  { { "192.0.2.7", "" } }, { { "192.0.2.8", "" } } },
	{ NFT4 "'ip protocol tcp ip saddr 192.0.2.1 ip ttl 9 masquerade'",
	  { { "192.0.2.1", "" } }, { { "192.0.2.2", "" } } },
	{ "nft add chain ip t pre '{ type nat hook prerouting priority -100; }' && "
	  "nft add rule ip t pre dnat to 192.0.2.1", {}, { { "", "" } } },
	{ NFT4 "'ip daddr 192.0.2.1 counter accept'", {}, { { "", "192.0.2.1" } } },

	{ NFT6 "'ip6 saddr 2001:db8::/32 masquerade'",
	  { { "2001:db8:ffff::1", "" }, { "", "2001:db9::1" } }, { { "2001:db9::1", "" }, { "192.0.2.1", "" } } },
	{ NFT6 "'ip6 saddr 2001:db8::/33 masquerade'",
	  { { "2001:db8:7fff::1", "" } }, { { "2001:db8:8000::1", "" } } },
	{ NFT6 "'ip6 daddr 2001:db8::1 snat to 2001:db8::9'",
	  { { "", "2001:db8::1" } }, { { "", "2001:db8::2" }, { "2001:db8::1", "2001:db8::2" } } },
	{ NFT6 "'ip6 daddr != 2001:db8::5-2001:db8::9 masquerade'",
	  { { "", "2001:db8::4" } }, { { "", "2001:db8::5" }, { "", "2001:db8::9" } } },

	{ INET "'masquerade'", { { "", "192.0.2.1" }, { "", "2001:db8::1" } }, {} },
	{ INET "'meta nfproto ipv6 masquerade'", { { "", "2001:db8::1" } }, { { "", "192.0.2.1" } } },
	{ INET "'ip saddr 192.0.2.0/24 masquerade'",
	  { { "192.0.2.1", "" } }, { { "192.0.3.1", "" }, { "", "2001:db8::1" } } },
	{ INET "'ip6 daddr 2001:db8::/33 snat ip6 to 2001:db8::9'",
	  { { "", "2001:db8::1" } }, { { "", "2001:db8:8000::1" }, { "", "192.0.2.1" } } },

	{ XT4 "-j MASQUERADE", { { "", "192.0.2.1" } }, { { "", "2001:db8::1" } } },
	{ XT4 "-s 192.0.2.0/25 -o eth0 -j MASQUERADE", { { "192.0.2.1", "" } }, { { "192.0.2.128", "" } } },
	{ XT4 "! -s 192.0.2.0/24 -d 192.0.2.9 -p tcp --dport 80 -j MASQUERADE",
	  { { "", "192.0.2.9" }, { "192.0.3.1", "192.0.2.9" } }, { { "192.0.2.1", "192.0.2.9" }, { "", "192.0.2.8" } } },
	{ XT4 "-d 192.0.2.9 -j SNAT --to-source 203.0.113.1", { { "", "192.0.2.9" } }, { { "", "192.0.2.8" } } },
	{ XT4 "-m iprange --src-range 192.0.2.1-192.0.2.4 -j SNAT --to-source 203.0.113.1",
	  { { "192.0.2.4", "" } }, {} },
	{ XT4 "-s 192.0.2.1 -j ACCEPT", {}, { { "192.0.2.1", "" } } },
	{ "iptables-nft -t nat -A PREROUTING -d 192.0.2.1 -j DNAT --to-destination 203.0.113.1",
	  {}, { { "", "192.0.2.1" } } },
	{ XT6 "-s 2001:db8:1::/49 -j MASQUERADE",
	  { { "2001:db8:1:7fff::1", "" } }, { { "2001:db8:1:8000::1", "" }, { "", "192.0.2.1" } } },
	{ XT6 "! -d 2001:db8::1 -j SNAT --to-source 2001:db8::9",
	  { { "", "2001:db8::2" } }, { { "", "2001:db8::1" } } },
};
/* clang-format on */

static void check_row(const struct row *row)
{
	const struct packet *packet;

	for (packet = row->hit; packet < row->hit + 4 && packet->source; packet++)
		rule(rule_for(packet->source, packet->destination),
		     "\"%s\" may rewrite a packet from \"%s\" to \"%s\", and is not found",
		     row->command, packet->source, packet->destination);
	for (packet = row->miss; packet < row->miss + 4 && packet->source; packet++)
		rule(!rule_for(packet->source, packet->destination),
		     "\"%s\" never rewrites a packet from \"%s\" to \"%s\", but is found",
		     row->command, packet->source, packet->destination);
}

static void each_kind_of_rule_is_understood(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_chains();
		run("%s 2>/dev/null", rows[i].command);
		reread();
		check_row(&rows[i]);
	}
}

static void a_rule_may_stand_in_any_chain(void **state)
{
	make_chains();
	run("nft add chain ip t other && nft add rule ip t other ip saddr 192.0.2.1 masquerade && "
	    "nft add rule ip t post ip daddr 203.0.113.1 jump other");
	reread();
	rule(rule_for("192.0.2.1", ""), "a rule that is jumped to is not found");
	rule(!rule_for("192.0.2.2", ""), "its own condition is forgotten");
}

static void of_many_conditions_those_kept_are_asked(void **state)
{
	make_chains();
	run("nft add rule ip t post ip daddr 192.0.2.9 ip ttl != 1 ip ttl != 2 ip ttl != 3 "
	    "ip ttl != 4 ip ttl != 5 ip ttl != 6 ip ttl != 7 ip ttl != 8 ip ttl != 9 masquerade");
	reread();
	rule(rule_for("", "192.0.2.9"), "a long rule is not found");
	rule(!rule_for("", "192.0.2.8"), "a long rule's first condition is forgotten");
}

static void the_text_names_the_rule(void **state)
{
	char wanted[128];
	const char *handle;

	make_chains();
	run("nft add rule inet t post ip saddr 192.0.2.1 masquerade");
	run("nft add rule ip t post snat to 192.0.2.1");
	reread();
	handle = strstr(output("nft -a list chain ip t post | grep snat"), "handle ");
	snprintf(wanted, sizeof(wanted), "ip t post handle %d: snat", atoi(handle + 7));
	assert_string_equal(rule_for("192.0.2.2", ""), wanted);
	handle = strstr(output("nft -a list chain inet t post | grep masq"), "handle ");
	snprintf(wanted, sizeof(wanted), "inet t post handle %d: masquerade", atoi(handle + 7));
	run("nft flush chain ip t post");
	reread();
	assert_string_equal(rule_for("192.0.2.1", ""), wanted);
}

/* ---------------------------------------------------------------------- changes */

static bool told(void)
{
	struct pollfd pollfd = { .fd = nl_nat_fd(nat), .events = POLLIN };

	return poll(&pollfd, 1, 0) > 0;
}

static void changes(const char *command, uint64_t by, const char *what)
{
	uint64_t before = nl_nat_generation(nat);

	run("%s 2>/dev/null", command);
	rule(told(), "nobody was told of %s", what);
	reread();
	rule(!told(), "after reading, there is still something to read");
	rule(nl_nat_generation(nat) == before + by, "%s: the generation went up by %d, not %d",
	     what, (int)(nl_nat_generation(nat) - before), (int)by);
}

static void rules_of_before_are_known_at_once(void **state)
{
	make_chains();
	run("nft add rule ip t post masquerade");
	nl_nat_free(&nat);
	rule(!nat, "it is freed, but not forgotten");
	nl_nat_free(&nat);
	rule_error(nl_nat_new(&nat), 0, "opening");
	rule(rule_for("", ""), "a rule that was there before is not found");
}

static void what_changes_is_noticed(void **state)
{
	make_chains();
	reread();
	changes("nft add rule ip t post ip saddr 192.0.2.1 masquerade", 1, "a new rule");
	changes("nft add rule ip t post counter accept", 0, "a rule of another kind");
	changes("nft add table inet other", 0, "a table");
	changes("iptables-nft -t nat -A POSTROUTING -j MASQUERADE", 1, "a rule of iptables");
	changes("iptables-nft -t nat -D POSTROUTING -j MASQUERADE", 1, "its removal");
	rule(!rule_for("192.0.2.2", ""), "a removed rule is found");
	changes("nft insert rule ip t post ip saddr 192.0.2.3 masquerade", 1, "a rule in front");
	changes("nft flush chain ip t post", 1, "a chain without its rules");
	rule(!rule_for("", ""), "a removed rule is found");
	changes("nft add rule ip t post masquerade", 1, "a rule to be flushed");
	changes("nft flush ruleset", 1, "no rules");
	rule(!rule_for("", ""), "a flushed rule is found");
	reread();
}

static void what_is_not_about_rules_is_not_read_for(void **state)
{
	int read;

	make_chains();
	run("nft add rule ip t post masquerade");
	run("nft add set ip t s '{ type ipv4_addr; }'");
	reread();
	run("nft add element ip t s '{ 192.0.2.1, 192.0.2.2 }'");
	rule(told(), "nobody was told");
	net_admin(false);
	read = nl_nat_read(nat);
	net_admin(true);
	rule_error(read, 0, "reading no rules");
	rule(!told() && rule_for("", ""), "what was known is forgotten");
}

static void lost_events_do_not_matter(void **state)
{
	int tiny = 1;

	make_chains();
	reread();
	assert_int_equal(setsockopt(nl_nat_fd(nat), SOL_SOCKET, SO_RCVBUF, &tiny, sizeof(tiny)), 0);
	run("for i in 1 2 3 4 5 6 7 8 9; do nft add table inet t$i; done");
	run("nft add rule ip t post masquerade");
	rule(told(), "nobody was told");
	reread();
	rule(rule_for("", ""), "a rule made after events were lost is not found");
	rule(!told(), "after reading, there is still something to read");
}

static void nothing_of_others_is_changed(void **state)
{
	char before[16384];

	make_chains();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		run("%s 2>/dev/null", rows[i].command);
	snprintf(before, sizeof(before), "%s", output("nft -a list ruleset 2>/dev/null"));
	nl_nat_free(&nat);
	rule_error(nl_nat_new(&nat), 0, "opening");
	reread();
	rule(rule_for("", ""), "nothing was read");
	nl_nat_free(&nat);
	rule(!strcmp(before, output("nft -a list ruleset 2>/dev/null")), "rules were changed");
}

/* --------------------------------------------------------------------- failures */

static void without_net_admin_nothing_is_read_and_nothing_forgotten(void **state)
{
	struct nl_nat *other;
	uint64_t before;
	int made, read;

	make_chains();
	run("nft add rule ip t post masquerade");
	reread();
	before = nl_nat_generation(nat);
	run("nft flush ruleset");
	net_admin(false);
	made = nl_nat_new(&other);
	read = nl_nat_read(nat);
	net_admin(true);
	rule_error(made, -EPERM, "opening without CAP_NET_ADMIN");
	rule(!other, "it failed, and there is one");
	rule_error(read, -EPERM, "reading without CAP_NET_ADMIN");
	rule(nl_nat_generation(nat) == before && rule_for("", ""), "what was known is forgotten");
	reread();
	rule(nl_nat_generation(nat) == before + 1 && !rule_for("", ""), "it does not go on");
}

static void without_descriptors_it_says_so(void **state)
{
	struct rlimit before, few;
	int errors[2], lowest;
	struct nl_nat *other;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (int i = 0; i < 2; i++) {
		lowest = dup(0);
		close(lowest);
		few = before;
		few.rlim_cur = lowest + i;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		errors[i] = nl_nat_new(&other);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	}
	rule_error(errors[0], -EMFILE, "opening without a descriptor");
	rule_error(errors[1], -EMFILE, "opening with one");
}

static void ten_thousand_rules_are_read_in_a_moment(void **state)
{
	double start;

	make_chains();
	run("{ echo 'table ip t { chain big { '; for i in $(seq 10000); do "
	    "echo \"ip saddr 10.$((i / 256 %% 256)).$((i %% 256)).0/24 tcp dport 80 counter accept\"; "
	    "done; echo '}'; echo '}'; } >/tmp/nl_nat.nft && nft -f /tmp/nl_nat.nft");
	run("nft add rule ip t post ip saddr 192.0.2.1 masquerade");
	start = seconds();
	reread();
	print_message("10000 rules: %.1f ms\n", (seconds() - start) * 1e3);
	rule(rule_for("192.0.2.1", "") && !rule_for("192.0.2.2", ""), "the one is not found");
}

#define test_nat(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_nat(each_kind_of_rule_is_understood),
		test_nat(a_rule_may_stand_in_any_chain),
		test_nat(of_many_conditions_those_kept_are_asked),
		test_nat(the_text_names_the_rule),
		test_nat(rules_of_before_are_known_at_once),
		test_nat(what_changes_is_noticed),
		test_nat(what_is_not_about_rules_is_not_read_for),
		test_nat(lost_events_do_not_matter),
		test_nat(nothing_of_others_is_changed),
		test_nat(without_net_admin_nothing_is_read_and_nothing_forgotten),
		test_nat(without_descriptors_it_says_so),
		test_nat(ten_thousand_rules_are_read_in_a_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
