// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth macvlan nft
 *
 * The netlink modules when the system fails: in each operation, every system call and every
 * allocation fails once, one at a time. A failure with an effect must be reported, nothing may stay
 * open, and the same operation must succeed when it is repeated. The linker replaces the real
 * functions by those below (--wrap).
 */
#include <stdarg.h>

#include "nl_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <netlink/msg.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "nl_macvlan.h"
#include "nl_nat.h"
#include "nl_nft.h"
#include "nl_route.h"
#include "nl_vmac.h"

/* ------------------------------------------------------------------------ failing */

static struct {
	bool armed;
	bool interrupt; /* only calls that wait fail, with EINTR */
	int calls;
	int fail_at; /* which of them; 0: none */
	const char *failed;
	int error; /* the errno of that failure */
} fault;

static bool fails(const char *what, int error)
{
	if (!fault.armed || ++fault.calls != fault.fail_at)
		return false;
	fault.failed = what;
	fault.error = errno = error;
	return true;
}

static bool interrupted(const char *what, int error)
{
	return fails(what, fault.interrupt ? EINTR : error);
}

#define WRAP(type, name, fails_so, wrong, parameters, arguments)                                   \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		return (fails_so) ? (wrong) : __real_##name arguments;                             \
	}

WRAP(int, socket, fails("socket", EMFILE), -1, (int domain, int type, int protocol),
     (domain, type, protocol))
WRAP(int, bind, fails("bind", ENOMEM), -1, (int fd, const struct sockaddr *at, socklen_t len),
     (fd, at, len))
WRAP(ssize_t, sendmsg, interrupted("sendmsg", ENOBUFS), -1,
     (int fd, const struct msghdr *hdr, int flags), (fd, hdr, flags))
WRAP(ssize_t, recvmsg, interrupted("recvmsg", ENOBUFS), -1, (int fd, struct msghdr *hdr, int flags),
     (fd, hdr, flags))
WRAP(int, poll, interrupted("poll", ENOMEM), -1, (struct pollfd * fds, nfds_t count, int msec),
     (fds, count, msec))
WRAP(ssize_t, read, fails("read", EIO), -1, (int fd, void *to, size_t size), (fd, to, size))
WRAP(int, renameat, fails("renameat", EIO), -1,
     (int from_dir, const char *from, int to_dir, const char *to), (from_dir, from, to_dir, to))
WRAP(int, fclose, fails("fclose", ENOSPC) && !__real_fclose(file), EOF, (FILE * file), (file))
WRAP(void *, calloc, fails("calloc", ENOMEM), NULL, (size_t count, size_t size), (count, size))
WRAP(void *, reallocarray, fails("reallocarray", ENOMEM), NULL,
     (void *old, size_t count, size_t size), (old, count, size))
WRAP(struct nl_msg *, nlmsg_alloc_simple, fails("nlmsg_alloc_simple", ENOMEM), NULL,
     (int type, int flags), (type, flags))
WRAP(struct nl_msg *, nlmsg_alloc_size, fails("nlmsg_alloc_size", ENOMEM), NULL, (size_t size),
     (size))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	return fails("open", EMFILE) ? -1 : __real_open(path, flags);
}

int __real_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...);
int __wrap_openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	int mode = 0;

	va_start(ap, flags);
	if (flags & O_CREAT)
		mode = va_arg(ap, int);
	va_end(ap);
	return fails("openat", ENOSPC) ? -1 : __real_openat(dir, path, flags, mode);
}

/* ------------------------------------------------------------------------ things done */

static int parent;
static struct nl_nft *nft;
static struct nl_sysctl *sysctl;
static char directory[] = "/tmp/nl_fail.XXXXXX";

/* An operation, how it is undone, and the state required in between. */
struct deed {
	int (*act)(void);
	void (*undo)(void);
	bool (*is_done)(void);
};

static int open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static int attempt(const struct deed *deed, int fail_at)
{
	int err;

	fault.calls = 0;
	fault.fail_at = fail_at;
	fault.failed = NULL;
	fault.error = 0;
	fault.armed = true;
	err = deed->act();
	fault.armed = false;
	return err;
}

static void done_at_last(const struct deed *deed, const char *after, int count)
{
	rule_error(attempt(deed, 0), 0, "what failed once fails again, without a reason");
	rule(deed->is_done(), "after %s (call %d) failed, nothing is done though it says so", after,
	     count);
	deed->undo();
	rule(!deed->is_done(), "after %s (call %d) failed, it cannot be undone", after, count);
}

static void survives_each(const struct deed *deed, const char *(*judge)(int err))
{
	int total, before;

	done_at_last(deed, "nothing", 0);
	total = fault.calls;
	rule(total > 0, "nothing was called that can fail");
	before = open_descriptors();
	for (int i = 1; i <= total; i++) {
		int err = attempt(deed, i);
		const char *failed = fault.failed ? fault.failed : "nothing", *wrong = judge(err);

		rule(!wrong, "%s (call %d of %d) failed, and %s: the answer is %d", failed, i,
		     total, wrong, err);
		rule(err || deed->is_done(), "%s (call %d of %d) failed, and nobody told", failed,
		     i, total);
		if (!err)
			deed->undo();
		done_at_last(deed, failed, i);
		rule(open_descriptors() == before, "%d descriptors too many after %s (call %d)",
		     open_descriptors() - before, failed, i);
	}
}

static const char *judge_failure(int err)
{
	return err > 0 ? "that is no error" : NULL;
}

/* A signal may interrupt calls that wait or may wait; that is not an error. */
static const char *judge_interruption(int err)
{
	return err && fault.error == EINTR ? "a signal is no failure" : judge_failure(err);
}

static void survives(const struct deed *deed)
{
	fault.interrupt = false;
	survives_each(deed, judge_failure);
	fault.interrupt = true;
	survives_each(deed, judge_interruption);
}

/* --------------------------------------------------------------------- connections */

static bool was_opened;

static int open_connection(void)
{
	struct nl_conn *other;
	int err = nl_conn_new(&other);

	was_opened = !err;
	nl_conn_free(&other);
	return err;
}

static int open_monitor(void)
{
	static const struct nl_monitor_ops ops;
	struct nl_monitor *monitor;
	int err = nl_monitor_new(&monitor, &ops, NULL);

	was_opened = !err;
	nl_monitor_free(&monitor);
	return err;
}

static int open_nat(void)
{
	struct nl_nat *nat;
	int err = nl_nat_new(&nat);

	was_opened = !err;
	nl_nat_free(&nat);
	return err;
}

static int open_sysctl(void)
{
	struct nl_sysctl *other;
	int err = nl_sysctl_new(&other, directory);

	was_opened = !err;
	nl_sysctl_free(&other);
	return err;
}

static void close_it(void)
{
	was_opened = false;
}

static bool is_opened(void)
{
	return was_opened;
}

static void what_cannot_be_opened_is_told(void **state)
{
	int (*const acts[])(void) = { open_connection, open_monitor, open_nat, open_sysctl };

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		const struct deed deed = { acts[i], close_it, is_opened };

		survives(&deed);
	}
}

/* ------------------------------------------------------------------------ addresses */

static int first_error(struct nl_batch *batch, int queued)
{
	int error = 0, failed;

	if (queued) {
		nl_batch_free(&batch);
		return queued;
	}
	failed = nl_batch_commit(batch, keep_error, &error);
	nl_batch_free(&batch);
	return failed ? (error ? error : -EBADMSG) : 0;
}

static int batch(int (*queue)(struct nl_batch *batch, const struct nl_addr_key *key))
{
	struct nl_addr_key v4 = key_of("192.0.2.10", parent), v6 = key_of("2001:db8::10", parent);
	struct nl_batch *both = nl_batch_new(conn);
	int err = both ? queue(both, &v6) : -ENOMEM;

	if (!err)
		err = queue(both, &v4);
	return first_error(both, err);
}

static int queue_add(struct nl_batch *batch, const struct nl_addr_key *key)
{
	return nl_batch_addr_add(batch, key, 30, NULL);
}

static int queue_renew(struct nl_batch *batch, const struct nl_addr_key *key)
{
	return nl_batch_addr_renew(batch, key, 4000, NULL);
}

static int queue_del(struct nl_batch *batch, const struct nl_addr_key *key)
{
	return nl_batch_addr_del(batch, key, NULL);
}

static int add_addresses(void)
{
	return batch(queue_add);
}

static int renew_addresses(void)
{
	return batch(queue_renew);
}

static int del_addresses(void)
{
	return batch(queue_del);
}

static void undo_del(void)
{
	assert_int_equal(del_addresses(), 0);
}

static void undo_add(void)
{
	assert_int_equal(add_addresses(), 0);
}

static bool are_there(void)
{
	return witness("vip0", "192.0.2.10") && witness("vip0", "2001:db8::10");
}

static bool are_gone(void)
{
	return !witness("vip0", "192.0.2.10") && !witness("vip0", "2001:db8::10");
}

static bool are_renewed(void)
{
	const char *life = strstr(witness("vip0", "192.0.2.10"), "\"valid_life_time\":");

	return life && atoi(strchr(life, ':') + 1) > 30;
}

static void addresses_are_added_renewed_and_removed_at_last(void **state)
{
	const struct deed adding = { add_addresses, undo_del, are_there };
	const struct deed renewing = { renew_addresses, undo_add, are_renewed };
	const struct deed removing = { del_addresses, undo_add, are_gone };

	survives(&adding);
	undo_add();
	survives(&renewing);
	survives(&removing);
}

static void count_addresses(const struct nl_addr_info *info, void *arg)
{
	(*(int *)arg)++;
}

static int dumped;

static int dump_addresses(void)
{
	dumped = 0;
	return nl_addr_dump(conn, parent, count_addresses, &dumped);
}

static bool is_dumped(void)
{
	return dumped > 0;
}

static void undo_dump(void)
{
	dumped = 0;
}

static void addresses_are_read_whole_or_not_at_all(void **state)
{
	const struct deed dumping = { dump_addresses, undo_dump, is_dumped };

	undo_add();
	survives(&dumping);
}

/* ---------------------------------------------------------------------------- links */

static const uint8_t mac[NL_MAC_BYTES] = { 0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a };

static int make_vmac(void)
{
	struct nl_link link;
	int err = nl_macvlan_add(conn, "vrrp4-1-10", parent, mac, &link);

	if (!err && !link.private)
		return -EBADMSG;
	return err;
}

static void remove_vmac(void)
{
	run("ip link del vrrp4-1-10");
}

static bool is_a_vmac(void)
{
	struct nl_link link;

	return !nl_link_get(conn, "vrrp4-1-10", &link) && link.parent == parent;
}

static int bring_up(void)
{
	int err = nl_link_set_up(conn, parent);

	if (!err)
		err = nl_link_set_mtu(conn, parent, 1400);
	return err ? err : nl_route_link_local(conn, parent, RT_TABLE_MAIN);
}

static void bring_down(void)
{
	run("ip link set vip0 down mtu 1500");
}

static bool is_up(void)
{
	struct nl_link link;

	return !nl_link_get_index(conn, parent, &link) && link.up && link.mtu == 1400 &&
	       *output("ip -6 route show fe80::/64 dev vip0");
}

static void links_are_made_and_changed_at_last(void **state)
{
	const struct deed making = { make_vmac, remove_vmac, is_a_vmac };
	const struct deed changing = { bring_up, bring_down, is_up };

	survives(&making);
	survives(&changing);
}

/* -------------------------------------------------------------------------- sysctls */

static int hold(void)
{
	return nl_vmac_hold_parent(sysctl, parent, AF_INET);
}

static void drop(void)
{
	rule_error(nl_vmac_drop_parent(sysctl, parent, AF_INET), 0, "dropping sysctls once");
}

static bool is_held(void)
{
	int ignore, announce;

	assert_int_equal(nl_sysctl_get(parent, NL_SYSCTL_ARP_IGNORE, &ignore), 0);
	assert_int_equal(nl_sysctl_get(parent, NL_SYSCTL_ARP_ANNOUNCE, &announce), 0);
	return ignore || announce;
}

static void sysctls_are_held_all_or_none(void **state)
{
	const struct deed holding = { hold, drop, is_held };

	assert_int_equal(nl_sysctl_new(&sysctl, directory), 0);
	survives(&holding);
	nl_sysctl_free(&sysctl);
}

/* ------------------------------------------------------------------------- nftables */

static const char *const names[] = { "vrrp4-1-10", "vrrp6-1-10" };

static int filter(void)
{
	struct nl_nft_vip vip = { .ifname = "vrrp6-1-10" };
	int err = nl_nft_add(nft, names, 2);

	inet_pton(AF_INET6, "fe80::10", &vip.address);
	if (!err)
		err = nl_nft_allow(nft, &vip, 1);
	return err ? err : nl_nft_refuse(nft, &vip, 1);
}

static void unfilter(void)
{
	struct nl_nft_vip vip = { .ifname = "vrrp6-1-10" };

	inet_pton(AF_INET6, "fe80::10", &vip.address);
	assert_int_equal(nl_nft_accept(nft, &vip, 1), 0);
	assert_int_equal(nl_nft_del(nft, names, 2), 0);
}

static bool is_filtered(void)
{
	const char *table = output("nft list ruleset");

	return strstr(table, "vrrp4-1-10") && strstr(table, "\"vrrp6-1-10\" . fe80::10");
}

static void vmacs_are_filtered_at_last(void **state)
{
	const struct deed filtering = { filter, unfilter, is_filtered };

	assert_int_equal(nl_nft_new(&nft), 0);
	survives(&filtering);
	rule(!*output("nft list ruleset"), "something of the table is left");
	nl_nft_free(&nft);
}

static int namespace_with_a_link(void **state)
{
	if (fresh_namespace(state))
		return -1;
	parent = veth("vip0", "far");
	return 0;
}

static int make_directory(void **state)
{
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	return rmdir(directory);
}

#define test_with_a_link(function)                                                                 \
	cmocka_unit_test_setup_teardown(function, namespace_with_a_link, leave_namespace)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_with_a_link(what_cannot_be_opened_is_told),
		test_with_a_link(addresses_are_added_renewed_and_removed_at_last),
		test_with_a_link(addresses_are_read_whole_or_not_at_all),
		test_with_a_link(links_are_made_and_changed_at_last),
		test_with_a_link(sysctls_are_held_all_or_none),
		test_with_a_link(vmacs_are_filtered_at_last),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
