// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth
 *
 * Held sysctls of a link: their holders, when the original value is put back, and that those of a
 * killed daemon are found again. /proc/sys is the witness.
 */
#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "nl_sysctl.h"
#include "nl_test.h"

#define KEY NL_SYSCTL_ARP_IGNORE

static char directory[64];
static struct nl_sysctl *sysctl;
static int eth0;

/* The independent reader. */
static int kernel_has(const char *ifname, const char *family, const char *name)
{
	char path[128];
	int value;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", family, ifname, name);
	file = fopen(path, "r");
	rule(file != NULL, "the test could not open %s", path);
	assert_int_equal(fscanf(file, "%d", &value), 1);
	fclose(file);
	return value;
}

static void arp_ignore_is(int wanted, const char *when)
{
	int value = kernel_has("eth0", "ipv4", "arp_ignore");

	rule(value == wanted, "%s, arp_ignore must be %d, but is %d", when, wanted, value);
}

static void set_by_hand(const char *ifname, const char *name, int value)
{
	run("echo %d > /proc/sys/net/ipv4/conf/%s/%s", value, ifname, name);
}

static bool file_exists(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/sysctls", directory);
	return access(path, F_OK) == 0;
}

static int begin(void **state)
{
	strcpy(directory, "/tmp/nl_sysctl.XXXXXX");
	if (fresh_namespace(state) || !mkdtemp(directory))
		return -1;
	eth0 = veth("eth0", "far");
	return nl_sysctl_new(&sysctl, directory);
}

static int end(void **state)
{
	nl_sysctl_free(&sysctl);
	run("rm -rf %s", directory);
	return leave_namespace(state);
}

/* The daemon was killed, and another starts: returns how many values it finds. */
static int restart(void)
{
	nl_sysctl_free(&sysctl);
	return nl_sysctl_new(&sysctl, directory);
}

static struct nl_sysctl_report last;
static int reports;

static void report(const struct nl_sysctl_report *report, void *arg)
{
	last = *report;
	reports++;
}

static int settle(void)
{
	reports = 0;
	memset(&last, 0, sizeof(last));
	return nl_sysctl_settle(sysctl, report, NULL);
}

static void what_is_held_is_set_and_what_was_there_comes_back(void **state)
{
	set_by_hand("eth0", "arp_ignore", 2);
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	arp_ignore_is(1, "held");
	rule(file_exists(), "something is to be put back, but no file says so");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping");
	arp_ignore_is(2, "dropped by the only holder");
	rule(!file_exists(), "nothing is to be put back, but a file is left");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), -ENOENT, "dropping what nobody holds");
}

static void groups_that_share_a_parent_share_the_value(void **state)
{
	for (int i = 0; i < 3; i++)
		rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "one of three holders");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 2), -EBUSY, "another value than is held");
	rule_error(nl_sysctl_hold(sysctl, eth0, NL_SYSCTL_ARP_ANNOUNCE, 2), 0, "another sysctl");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "the first drops");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "the second drops");
	arp_ignore_is(1, "with one holder left");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "the last drops");
	arp_ignore_is(0, "with no holder left");
	assert_int_equal(kernel_has("eth0", "ipv4", "arp_announce"), 2);
	rule_error(nl_sysctl_drop(sysctl, eth0, NL_SYSCTL_ARP_ANNOUNCE), 0, "dropping that too");
	assert_int_equal(kernel_has("eth0", "ipv4", "arp_announce"), 0);
}

static void a_value_that_was_there_already_stays(void **state)
{
	set_by_hand("eth0", "arp_ignore", 1);
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding what is so already");
	rule(!file_exists(), "nothing was changed, but a file says so");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping it");
	arp_ignore_is(1, "as it was before us");
}

static void what_someone_else_wrote_meanwhile_is_left_and_told(void **state)
{
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	set_by_hand("eth0", "arp_ignore", 8);
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), NL_SYSCTL_FOREIGN, "dropping");
	arp_ignore_is(8, "written by someone else");
	rule(!file_exists(), "nothing of ours is left, but a file says so");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding again");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping again");
	arp_ignore_is(8, "the other's value is the original now");
}

static void a_link_may_be_renamed_meanwhile(void **state)
{
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	run("ip link set dev eth0 down && ip link set dev eth0 name lan.0");
	assert_int_equal(kernel_has("lan.0", "ipv4", "arp_ignore"), 1);
	run("ip link set dev far down && ip link set dev far name eth0");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding under the new name");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping");
	assert_int_equal(kernel_has("lan.0", "ipv4", "arp_ignore"), 0);
	assert_int_equal(kernel_has("eth0", "ipv4", "arp_ignore"), 0);
}

static void a_link_renamed_while_no_daemon_ran_is_put_back(void **state)
{
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	run("ip link set dev eth0 down && ip link set dev eth0 name lan0");
	run("ip link set dev far down && ip link set dev far name eth0");
	set_by_hand("eth0", "arp_ignore", 1);
	rule_error(restart(), 1, "values an earlier run left");
	rule_error(settle(), 0, "putting them back");
	assert_int_equal(kernel_has("lan0", "ipv4", "arp_ignore"), 0);
	arp_ignore_is(1, "of another link that has the old name now");
	assert_string_equal(last.name, "eth0");
}

static void a_link_that_is_gone_is_no_error(void **state)
{
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	rule_error(nl_sysctl_hold(sysctl, eth0, NL_SYSCTL_RP_FILTER, 2), 0, "holding");
	run("ip link del dev eth0");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping on a link that is gone");
	rule_error(restart(), 1, "values an earlier run left");
	eth0 = veth("eth0", "far");
	set_by_hand("eth0", "rp_filter", 2);
	rule_error(settle(), 0, "putting back on a link that is gone");
	assert_int_equal(reports, 0);
	assert_int_equal(kernel_has("eth0", "ipv4", "rp_filter"), 2);
	rule(!file_exists(), "nothing is left to put back, but a file is");
}

/* A process of its own that holds two values and is killed. */
static void killed_daemon(void)
{
	int ready[2], status;
	pid_t pid;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct nl_sysctl *mine;

		if (nl_sysctl_new(&mine, directory) < 0 || nl_sysctl_hold(mine, eth0, KEY, 1) ||
		    nl_sysctl_hold(mine, eth0, NL_SYSCTL_ARP_ANNOUNCE, 2))
			_exit(1);
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void a_killed_daemons_values_are_put_back_by_the_next(void **state)
{
	set_by_hand("eth0", "arp_ignore", 2);
	killed_daemon();
	arp_ignore_is(1, "after kill -9");
	rule_error(restart(), 2, "values an earlier run left");
	arp_ignore_is(1, "before it is known who holds what");
	rule_error(settle(), 0, "putting them back");
	assert_int_equal(reports, 2);
	arp_ignore_is(2, "when no group wants it any more");
	assert_int_equal(kernel_has("eth0", "ipv4", "arp_announce"), 0);
	rule(!file_exists(), "nothing is left to put back, but a file is");
	rule_error(settle(), 0, "settling again");
	assert_int_equal(reports, 0);
}

static void a_restarted_daemon_takes_its_values_over(void **state)
{
	set_by_hand("eth0", "arp_ignore", 2);
	killed_daemon();
	rule_error(restart(), 2, "values an earlier run left");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding as before");
	rule_error(settle(), 0, "putting back the rest");
	assert_int_equal(reports, 1);
	assert_int_equal(last.key, NL_SYSCTL_ARP_ANNOUNCE);
	assert_string_equal(nl_sysctl_name(last.key), "arp_announce");
	arp_ignore_is(1, "held by a group of the new run");
	rule_error(restart(), 1, "values left when killed a second time");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding a third time");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping");
	arp_ignore_is(2, "as before the first run");
}

static void what_someone_changed_while_no_daemon_ran_is_left(void **state)
{
	killed_daemon();
	set_by_hand("eth0", "arp_ignore", 3);
	set_by_hand("eth0", "arp_announce", 1);
	rule_error(restart(), 2, "values an earlier run left");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	rule_error(settle(), 0, "putting back the rest");
	assert_int_equal(reports, 1);
	rule_error(last.error, NL_SYSCTL_FOREIGN, "the one that someone changed");
	assert_int_equal(kernel_has("eth0", "ipv4", "arp_announce"), 1);
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), 0, "dropping");
	arp_ignore_is(3, "what the other wrote is the original now");
}

static void killed_between_saving_and_setting_nothing_is_foreign(void **state)
{
	killed_daemon();
	set_by_hand("eth0", "arp_ignore", 0);
	rule_error(restart(), 2, "values an earlier run left");
	rule_error(settle(), 0, "putting back");
	rule_error(last.error, 0, "one that was never set");
	arp_ignore_is(0, "never set");
}

static void a_file_of_another_boot_or_namespace_is_ignored(void **state)
{
	struct nl_sysctl *other;

	killed_daemon();
	nl_sysctl_free(&sysctl);
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	veth("eth0", "far");
	rule_error(nl_sysctl_new(&other, directory), 0, "a file of another namespace");
	nl_sysctl_free(&other);
	run("sed -i 's/^boot ./boot x/; s/^netns.*/netns 0/' %s/sysctls", directory);
	rule_error(nl_sysctl_new(&other, directory), 0, "a file of another boot");
	nl_sysctl_free(&other);
}

static void a_file_that_makes_no_sense_is_ignored_and_replaced(void **state)
{
	run("head -c 4096 /dev/urandom > %s/sysctls", directory);
	rule_error(restart(), 0, "a file of noise");
	run("echo 'frr-crossvip sysctls 1' > %s/sysctls", directory);
	run("echo half > %s/sysctls.new", directory);
	rule_error(restart(), 0, "a file cut off");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	run("echo '7 eth0 arp_ignore was' >> %s/sysctls", directory);
	run("echo '7 eth0 no_such was 1 is 2' >> %s/sysctls", directory);
	rule_error(restart(), 1, "one value, and two lines that say nothing");
	run("rm %s/sysctls && ln -s /etc/passwd %s/sysctls", directory, directory);
	rule_error(restart(), -ELOOP, "a link in place of the file");
}

static void what_cannot_be_saved_is_not_changed(void **state)
{
	run("rmdir %s", directory);
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), -ENOENT, "holding without a directory");
	arp_ignore_is(0, "its original not being saved");
	rule_error(nl_sysctl_drop(sysctl, eth0, KEY), -ENOENT, "dropping what was never held");
	rule_error(restart(), -ENOENT, "starting without a directory");
}

static void a_disk_that_is_full_is_told(void **state)
{
	run("mount -t tmpfs -o size=4k,nr_inodes=2 none %s", directory);
	rule_error(restart(), 0, "starting");
	run("cat /dev/zero > %s/filler 2>/dev/null; true", directory);
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), -ENOSPC, "holding on a full disk");
	arp_ignore_is(0, "its original not being saved");
	run("umount -l %s", directory);
}

/* Runs in a process without any privilege; returns its result. */
static int unprivileged(bool drop)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (seteuid(65534))
			_exit(0);
		_exit(-(drop ? nl_sysctl_drop(sysctl, eth0, KEY)
			     : nl_sysctl_hold(sysctl, eth0, KEY, 1)));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return -WEXITSTATUS(status);
}

static void without_privilege_nothing_is_changed(void **state)
{
	run("chmod 777 %s", directory);
	rule_error(unprivileged(false), -EACCES, "holding without privilege");
	arp_ignore_is(0, "refused");
	rule(!file_exists(), "what was refused is left in the file");
	rule_error(nl_sysctl_hold(sysctl, eth0, KEY, 1), 0, "holding");
	rule_error(unprivileged(true), -EACCES, "dropping without privilege");
	arp_ignore_is(1, "not put back");
	rule_error(restart(), 1, "what could not be put back");
	rule_error(settle(), 0, "is put back by the next");
	arp_ignore_is(0, "put back");
}

static void every_sysctl_is_read_and_set(void **state)
{
	int value;

	/* those of IPVS, which may not be there, are shown by topotests/ipvs */
	for (int key = 0; key < NL_SYSCTL_EXPIRE_QUIESCENT_TEMPLATE; key++) {
		const char *family = key < NL_SYSCTL_DISABLE_IPV6 ? "ipv4" : "ipv6";
		const char *name = nl_sysctl_name(key);

		rule_error(nl_sysctl_get(eth0, key, &value), 0, name);
		rule(value == kernel_has("eth0", family, name), "%s is misread as %d", name, value);
		rule_error(nl_sysctl_set(eth0, key, !value), 0, name);
		assert_int_equal(kernel_has("eth0", family, name), !value);
	}
	rule_error(nl_sysctl_get(9999, KEY, &value), -ENODEV, "a link that is not there");
	rule_error(nl_sysctl_set(0, KEY, 1), -ENODEV, "link 0");
	rule_error(nl_sysctl_hold(sysctl, 9999, KEY, 1), -ENODEV, "holding of no link");
	run("ip link set dev eth0 mtu 1000");
	rule_error(nl_sysctl_get(eth0, NL_SYSCTL_ACCEPT_RA, &value), -ENOENT, "without IPv6");
}

static void a_thousand_parents_are_held_and_put_back(void **state)
{
	double start, held;
	int first;

	for (int i = 0; i < 500; i++)
		run("ip link add name p%d type veth peer name q%d", i, i);
	first = (int)if_nametoindex("p0") - 1;
	start = seconds();
	for (int i = 0; i < 1000; i++)
		rule_error(nl_sysctl_hold(sysctl, first + i, KEY, 1), 0, "one of a thousand");
	held = seconds();
	rule_error(restart(), 1000, "values left by a killed run");
	rule_error(settle(), 0, "putting them back");
	print_message("1000 links: held in %.2f s, put back in %.2f s\n", held - start,
		      seconds() - held);
	assert_int_equal(kernel_has("q499", "ipv4", "arp_ignore"), 0);
}

#define test_sysctl(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_sysctl(what_is_held_is_set_and_what_was_there_comes_back),
		test_sysctl(groups_that_share_a_parent_share_the_value),
		test_sysctl(a_value_that_was_there_already_stays),
		test_sysctl(what_someone_else_wrote_meanwhile_is_left_and_told),
		test_sysctl(a_link_may_be_renamed_meanwhile),
		test_sysctl(a_link_renamed_while_no_daemon_ran_is_put_back),
		test_sysctl(a_link_that_is_gone_is_no_error),
		test_sysctl(a_killed_daemons_values_are_put_back_by_the_next),
		test_sysctl(a_restarted_daemon_takes_its_values_over),
		test_sysctl(what_someone_changed_while_no_daemon_ran_is_left),
		test_sysctl(killed_between_saving_and_setting_nothing_is_foreign),
		test_sysctl(a_file_of_another_boot_or_namespace_is_ignored),
		test_sysctl(a_file_that_makes_no_sense_is_ignored_and_replaced),
		test_sysctl(what_cannot_be_saved_is_not_changed),
		test_sysctl(a_disk_that_is_full_is_told),
		test_sysctl(without_privilege_nothing_is_changed),
		test_sysctl(every_sysctl_is_read_and_set),
		test_sysctl(a_thousand_parents_are_held_and_put_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
