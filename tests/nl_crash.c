// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth macvlan nft
 *
 * A daemon with VMACs of both families is killed while Active. The next one, in the
 * order of nl_vmac.h, either finds no group that wants them, and leaves the host as
 * it was before the first; or finds them all, and takes them over.
 */
#include <signal.h>
#include <sys/wait.h>

#include "nl_peer.h"

#include "nl_macvlan.h"
#include "nl_nft.h"
#include "nl_vmac.h"

#define LEASE_SEC 30

/* All modules of one daemon. */
struct daemon {
	struct nl_conn *conn;
	struct nl_sysctl *sysctl;
	struct nl_nft *nft;
	int failed; /* the first error */
};

static char directory[64];
static int eth0;

/* The state of the host as its own tools print it, without times and counters. */
static void dump(char *text, size_t size)
{
	static const char command[] =
		"{ ip -d link; ip addr; ip route show table all; ip -6 route show table all; "
		"grep -r . /proc/sys/net/ipv4/conf/eth0 /proc/sys/net/ipv6/conf/eth0; "
		"nft -s list ruleset; ls %s; } 2>/dev/null | "
		"sed -E 's/_lft [0-9]+sec//; s/expires [0-9]+sec//; /stable_secret/d'";

	snprintf(text, size, "%s", output(command, directory));
}

static int begin(void **state)
{
	strcpy(directory, "/tmp/nl_crash.XXXXXX");
	if (fresh_lan(state) || !mkdtemp(directory))
		return -1;
	eth0 = (int)if_nametoindex("eth0");
	number("eth0", "10.0.0.1", "2001:db8::1");
	number_peer("10.0.0.2", "2001:db8::2");
	run("echo 3 > /proc/sys/net/ipv4/conf/eth0/arp_ignore");
	run("echo 1 > /proc/sys/net/ipv4/conf/eth0/arp_announce");
	run("nft add table inet operator");
	run("ip link add name by-hand link eth0 type macvlan mode bridge");
	return 0;
}

static int end(void **state)
{
	run("rm -rf %s", directory);
	return leave_lan(state);
}

static void note(struct daemon *daemon, int error)
{
	if (error < 0 && !daemon->failed)
		daemon->failed = error;
}

static void set_down(const struct nl_link *link, void *arg)
{
	struct daemon *daemon = arg;

	if (link->ours)
		note(daemon, nl_link_set_down(daemon->conn, link->ifindex));
}

static void daemon_start(struct daemon *daemon)
{
	memset(daemon, 0, sizeof(*daemon));
	note(daemon, nl_conn_new(&daemon->conn));
	note(daemon, nl_sysctl_new(&daemon->sysctl, directory));
	note(daemon, nl_nft_new(&daemon->nft));
	if (!daemon->failed)
		note(daemon, nl_link_dump(daemon->conn, "macvlan", set_down, daemon));
}

static void daemon_free(struct daemon *daemon)
{
	nl_nft_free(&daemon->nft);
	nl_sysctl_free(&daemon->sysctl);
	nl_conn_free(&daemon->conn);
}

/* Makes a group's VMAC. */
static struct nl_link group_begin(struct daemon *daemon, int family)
{
	struct nl_link link = {};
	struct nl_vmac vmac = { .parent = eth0, .family = family, .ours = true };
	uint8_t mac[NL_MAC_BYTES];
	char name[IFNAMSIZ];

	nl_macvlan_mac(mac, family, 10);
	nl_macvlan_name(name, family, eth0, 10);
	note(daemon, nl_vmac_hold_parent(daemon->sysctl, eth0, family));
	note(daemon, nl_macvlan_add(daemon->conn, name, eth0, mac, &link));
	vmac.ifindex = link.ifindex;
	note(daemon, nl_vmac_keep(daemon->conn, daemon->sysctl, &vmac, NULL, NULL));
	return link;
}

static void become_active(struct daemon *daemon, const struct nl_link *link, const char *address)
{
	struct nl_batch *batch = nl_batch_new(daemon->conn);
	struct nl_addr_key key = key_of(address, link->ifindex);

	note(daemon, nl_link_set_up(daemon->conn, link->ifindex));
	nl_batch_addr_add(batch, &key, LEASE_SEC, NULL);
	note(daemon, nl_batch_commit(batch, NULL, NULL) ? -EIO : 0);
	nl_batch_free(&batch);
}

/* Makes two groups; they become Active if active is set. */
static void groups_begin(struct daemon *daemon, bool active)
{
	struct nl_link four = group_begin(daemon, AF_INET);
	struct nl_link six = group_begin(daemon, AF_INET6);
	const char *names[] = { four.name, six.name };
	struct nl_nft_vip vip = {};

	note(daemon, nl_nft_add(daemon->nft, names, 2));
	note(daemon, nl_nft_settle(daemon->nft));
	note(daemon, nl_sysctl_settle(daemon->sysctl, NULL, NULL));
	if (!active)
		return;
	snprintf(vip.ifname, sizeof(vip.ifname), "%s", six.name);
	inet_pton(AF_INET6, "fe80::100", &vip.address);
	note(daemon, nl_nft_allow(daemon->nft, &vip, 1));
	become_active(daemon, &four, "10.0.0.100");
	become_active(daemon, &six, "fe80::100");
	become_active(daemon, &six, "2001:db8::100");
}

static void remove_ours(const struct nl_link *link, void *arg)
{
	struct daemon *daemon = arg;

	if (link->ours)
		note(daemon, nl_link_del(daemon->conn, link->ifindex));
}

/* The configuration has no group: everything of an earlier run is removed. */
static void groups_none(struct daemon *daemon)
{
	note(daemon, nl_link_dump(daemon->conn, "macvlan", remove_ours, daemon));
	note(daemon, nl_nft_settle(daemon->nft));
	note(daemon, nl_sysctl_settle(daemon->sysctl, NULL, NULL));
}

/* Removes both groups, like a daemon that ends regularly. */
static void groups_end(struct daemon *daemon)
{
	char four[IFNAMSIZ], six[IFNAMSIZ];
	const char *names[] = { four, six };

	nl_macvlan_name(four, AF_INET, eth0, 10);
	nl_macvlan_name(six, AF_INET6, eth0, 10);
	note(daemon, nl_link_dump(daemon->conn, "macvlan", remove_ours, daemon));
	note(daemon, nl_nft_del(daemon->nft, names, 2));
	note(daemon, nl_vmac_drop_parent(daemon->sysctl, eth0, AF_INET));
	note(daemon, nl_vmac_drop_parent(daemon->sysctl, eth0, AF_INET6));
}

static void killed_while_active(void)
{
	int ready[2], status, error = -EPIPE;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct daemon daemon;

		daemon_start(&daemon);
		groups_begin(&daemon, true);
		(void)!write(ready[1], &daemon.failed, sizeof(daemon.failed));
		for (;;)
			pause();
	}
	close(ready[1]);
	(void)!read(ready[0], &error, sizeof(error));
	close(ready[0]);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rule_error(error, 0, "the first daemon");
	rule(on_peer("ping -c 1 -W 2 10.0.0.100 >/dev/null"), "its VIP does not answer");
}

static char before[200 * 1024], now[200 * 1024];

static void save(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	rule(file && fputs(text, file) >= 0 && fclose(file) == 0, "%s could not be written", path);
}

static void rule_as_before(const char *when)
{
	dump(now, sizeof(now));
	if (!strcmp(before, now))
		return;
	save("before", before);
	save("now", now);
	rule(false, "%s not all is as before:\n%s", when,
	     output("cd %s && diff -U 1 before now", directory));
}

static void the_host_is_as_before_if_no_group_is_left(void **state)
{
	struct daemon daemon;

	dump(before, sizeof(before));
	killed_while_active();
	dump(now, sizeof(now));
	rule(strcmp(before, now), "the first daemon changed nothing");
	daemon_start(&daemon);
	groups_none(&daemon);
	rule_error(daemon.failed, 0, "the second daemon");
	rule_as_before("after one kill");
	daemon_free(&daemon);
}

static void the_host_is_as_before_if_the_groups_end_later(void **state)
{
	struct daemon daemon;
	int index;

	dump(before, sizeof(before));
	killed_while_active();
	index = (int)if_nametoindex("vrrp4-2-10");
	daemon_start(&daemon);
	rule(!on_peer("ping -c 1 -W 1 10.0.0.100 >/dev/null"),
	     "before it is Active, the next daemon answers for the VIP");
	groups_begin(&daemon, true);
	rule_error(daemon.failed, 0, "the second daemon");
	rule(!index || index == (int)if_nametoindex("vrrp4-2-10"), "its VMAC was made anew");
	rule(on_peer("ping -c 1 -W 2 10.0.0.100 >/dev/null"), "its VIP does not answer");
	rule(uses("vrrp6-2-10", "2001:db8::100"), "its VIP is not used");
	rule(on_peer("ping -c 1 -W 2 2001:db8::100 >/dev/null"), "its VIP does not answer");
	groups_end(&daemon);
	rule_error(daemon.failed, 0, "the second daemon's end");
	rule_as_before("after the second daemon");
	daemon_free(&daemon);
}

static void killed_again_and_again_the_first_values_are_kept(void **state)
{
	struct daemon daemon;

	dump(before, sizeof(before));
	for (int i = 0; i < 3; i++)
		killed_while_active();
	daemon_start(&daemon);
	groups_none(&daemon);
	rule_error(daemon.failed, 0, "the last daemon");
	rule_as_before("after three kills");
	daemon_free(&daemon);
}

#define test_crash(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_crash(the_host_is_as_before_if_no_group_is_left),
		test_crash(the_host_is_as_before_if_the_groups_end_later),
		test_crash(killed_again_and_again_the_first_values_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
