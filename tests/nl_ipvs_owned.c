// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns ipvs dummy
 *
 * IPVS: services of others are left alone, also after a restart; and reading the kernel's services,
 * timeouts and threads of connection synchronisation.
 */
#include "nl_ipvs_test.h"

/* ---------------------------------------------------------- ownership */

#define FOREIGN                                                                                    \
	"-A -t 192.0.2.1:80 -s sh -p 60\n"                                                         \
	"-a -t 192.0.2.1:80 -r 198.51.100.9:80 -g -w 9\n"                                          \
	"-A -u 192.0.2.1:53 -s rr\n"                                                               \
	"-A -f 7 -6 -s rr\n"

static void make_foreign(void)
{
	run("echo '" FOREIGN "' | grep . | ipvsadm -R");
}

static void a_service_of_someone_else_is_never_touched(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"), /* theirs, too */
		service("fwmark 7 ipv6", "wlc"),
		service("fwmark 7 ipv4", "wlc"),
	};
	struct nl_ipvs_server real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);

	make_foreign();
	wanted[0].servers = &real;
	wanted[0].servers_count = 1;
	rule_error(synchronise(wanted, 3), 2, "two services are someone else's");
	rule_error(told.error, -EEXIST, "making a service that someone else has");
	table_is(FOREIGN "-A -f 7 -s wlc\n", "with one of ours beside theirs");
	rule(!nl_ipvs_owned_has(owned, &wanted[0].key), "someone else's service is taken for ours");
	rule_error(synchronise(wanted, 3), 2, "two services are still someone else's");
	rule(nl_ipvs_owned_count(owned) == 1, "%zu services are said to be ours, not one",
	     nl_ipvs_owned_count(owned));
	sync_sends(NULL, 0, 1, "wanting none any more");
	table_is(FOREIGN, "with ours gone");
	rule(nl_ipvs_owned_count(owned) == 0, "what is gone is still ours");
	run("ipvsadm -A -f 7 -s wlc");
	rule_error(refusal(&wanted[2]), -EEXIST, "making again what someone else has made");

	/* When their service is gone, ours is made. */
	run("ipvsadm -D -t 192.0.2.1:80");
	sync_sends(wanted, 1, 2, "making ours when theirs is gone");
}

static void what_others_do_to_ours_is_put_right(void **state)
{
	static const char *const others[] = {
		"ipvsadm -C",
		"ipvsadm -D -t 192.0.2.1:80",
		"ipvsadm -E -t 192.0.2.1:80 -s sh -p 10",
		"ipvsadm -d -t 192.0.2.1:80 -r 198.51.100.1:80",
		"ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.7:80 -m",
		"ipvsadm -e -t 192.0.2.1:80 -r 198.51.100.1:80 -i -w 3 -x 4 --tun-type gue --tun-port 9",
	};
	static const int requests[] = { 2, 2, 1, 1, 1, 1 };
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);

	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service");
	for (size_t i = 0; i < COUNT(others); i++) {
		run("%s", others[i]);
		sync_sends(&wanted, 1, requests[i], others[i]);
		table_is("-A -t 192.0.2.1:80 -s rr\n"
			 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n",
			 others[i]);
	}
}

/* The daemon ends and starts again, with its file or with none. */
static void a_restarted_daemon_knows_its_own_and_removes_orphans(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 8080", "rr"),
		service("tcp 2001:db8::1 80", "rr"),
		service("fwmark 9 ipv6", "rr"),
	};

	make_foreign();
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 0, "without a file there are services of ours");
	sync_sends(wanted, 3, 3, "making three services");
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 3, "of three services %zu are known again",
	     nl_ipvs_owned_count(owned));
	sync_sends(wanted, 3, 0, "adopting three services");
	restart(keys_path);
	/* The configuration has changed meanwhile: another scheduler, one service less. */
	wanted[0] = service("tcp 192.0.2.1 8080", "wlc");
	sync_sends(wanted, 2, 2, "adopting two and removing an orphan");
	table_is(FOREIGN "-A -t 192.0.2.1:8080 -s wlc\n"
			 "-A -t [2001:db8::1]:80 -s rr\n",
		 "after a restart");

	/* One service vanished while the daemon was down, and somebody else's has its key. */
	run("ipvsadm -D -t 192.0.2.1:8080");
	restart(keys_path);
	sync_sends(wanted + 1, 1, 0, "with one gone");
	run("ipvsadm -A -t 192.0.2.1:8080 -s nq");
	restart(keys_path);
	sync_sends(NULL, 0, 1, "wanting none");
	table_is(FOREIGN "-A -t 192.0.2.1:8080 -s nq\n", "after the last restart");
}

static void without_its_file_a_restarted_daemon_leaves_all_alone(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 8080", "rr");

	sync_sends(&wanted, 1, 1, "making a service");
	restart(NULL);
	rule_error(refusal(&wanted), -EEXIST, "a service whose owner is forgotten");
	sync_sends(NULL, 0, 0, "wanting none");
	table_is("-A -t 192.0.2.1:8080 -s rr\n", "after a restart without file");
}

static void the_file_of_another_namespace_or_boot_is_not_believed(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");

	restart(keys_path);
	sync_sends(&wanted, 1, 1, "making a service");
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	run("ip link set dev lo up");
	make_foreign();
	restart(keys_path);
	sync_sends(NULL, 0, 0, "wanting none in another namespace");
	table_is(FOREIGN, "in a namespace where all is someone else's");

	run("sed -i 's/boot [0-9a-f]*/boot 0/' %s", keys_path);
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 0, "a file of another boot is believed");
}

static void a_damaged_file_is_told_of_and_used_as_far_as_it_goes(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),
		service("tcp 192.0.2.1 81", "rr"),
	};

	restart(keys_path);
	sync_sends(wanted, 2, 2, "making two services");
	run("sed -i 's/ 81$/ 81x/' %s", keys_path);
	nl_ipvs_owned_free(&owned);
	rule_error(nl_ipvs_owned_load(&owned, keys_path), -EBADMSG, "a line of no meaning");
	rule(nl_ipvs_owned_count(owned) == 1, "the other line is not used");
	sync_sends(wanted, 1, 0, "synchronising after that");
	nl_ipvs_owned_free(&owned);
	rule_error(nl_ipvs_owned_load(&owned, keys_path), 0, "the file is as good as new");
	nl_ipvs_owned_free(&owned);
	run("rm %s && mkdir %s", keys_path, keys_path);
	rule_error(nl_ipvs_owned_load(&owned, keys_path), -EISDIR, "a file that is none");
	rule(owned != NULL, "without its file nothing can be done");

	/*
	 * Services with keys that cannot be stored are made all the same, and the error is
	 * reported.
	 */
	run("ipvsadm -C");
	rule_error(synchronise(wanted, 2), 1, "a file that cannot be written");
	rule(strstr(told.text, "keep keys"), "told is: %s", told.text);
	table_is("-A -t 192.0.2.1:80 -s rr\n-A -t 192.0.2.1:81 -s rr\n", "with no file to write");
	run("rmdir %s", keys_path);
	sync_sends(wanted, 2, 0, "with a file that can be written again");
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 2, "what could not be kept is kept later");
}

static void fill_disk(const char *disk)
{
	/* to the last page */
	run("mount -t tmpfs -o size=64k tmpfs %s; cat /dev/zero >%s/fill 2>/dev/null || true", disk,
	    disk);
}

static void on_a_full_disk_a_restarted_daemon_knows_its_own(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 8080", "rr"),
		service("tcp 2001:db8::1 80", "rr"),
		service("fwmark 9 ipv6", "rr"),
	};
	char disk[] = "/tmp/nl_ipvs.XXXXXX", path[64];

	assert_non_null(mkdtemp(disk));
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	run("mount --make-rprivate /");
	fill_disk(disk);
	snprintf(path, sizeof(path), "%s/keys", disk);
	restart(path);
	rule_error(synchronise(wanted + 1, 2), 1, "a disk that is full");
	rule(strstr(told.text, "keep keys"), "told is: %s", told.text);
	rule_error(nl_ipvs_owned_error(owned), -ENOSPC, "what is to be shown");

	restart(path);
	rule(nl_ipvs_owned_count(owned) == 2, "of two services %zu are known again",
	     nl_ipvs_owned_count(owned));
	rule_error(synchronise(wanted + 1, 1), 1, "with an orphan, the disk being full still");
	table_is("-A -t [2001:db8::1]:80 -s rr\n", "after a restart on a full disk");
	restart(path);
	rule(nl_ipvs_owned_count(owned) == 1, "the orphan is known still");

	run("rm %s/fill", disk);
	sync_sends(wanted + 1, 1, 0, "with room again");
	rule_error(nl_ipvs_owned_error(owned), 0, "what is to be shown");
	rule(!strstr(output("ls %s", disk), "keys."), "left is: %s", output("ls %s", disk));
	restart(path);
	rule(nl_ipvs_owned_count(owned) == 1, "what was kept in links is not in the file");
	sync_sends(NULL, 0, 1, "wanting none");
	run("umount %s && rmdir %s", disk, disk);
}

/* Makes, changes and removes services for ever. */
static void busy_daemon(void)
{
	static struct nl_ipvs_service wanted[64];

	if (nl_ipvs_new(&ipvs) || nl_ipvs_owned_load(&owned, keys_path))
		_exit(1);
	for (size_t i = 0; i < COUNT(wanted); i++) {
		wanted[i] = service("tcp 192.0.2.1 1000", i % 2 ? "rr" : "wrr");
		wanted[i].key.port += (uint16_t)i;
	}
	for (unsigned int i = 0;; i++) {
		size_t from = i * 7 % 32, count = i * 11 % 32;

		nl_ipvs_apply(ipvs, wanted + from, count, owned, NULL, NULL);
	}
}

static void a_daemon_killed_at_any_point_leaves_no_orphan(void **state)
{
	run("ipvsadm -A -t 192.0.2.1:999 -s nq");
	for (int i = 0; i < 40; i++) {
		struct timespec pause = { .tv_nsec = 20000000 + i * 1234567 };
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid)
			busy_daemon();
		nanosleep(&pause, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		restart(keys_path);
		rule(synchronise(NULL, 0) == 0, "removing what a killed daemon left: %s", told.text);
		table_is("-A -t 192.0.2.1:999 -s nq\n", "after a daemon was killed");
	}
}

static void keys_are_told_and_read_as_text(void **state)
{
	static const char *const good[] = {
		"tcp 192.0.2.1 80", "udp 2001:db8::1 65535",  "sctp 192.0.2.1 0",
		"fwmark 7 ipv4",    "fwmark 4294967295 ipv6",
	};
	static const char *const bad[] = {
		"",
		"tcp",
		"tcp 192.0.2.1",
		"tcp 192.0.2.1 65536",
		"tcp 192.0.2.1 -1",
		"tcp 192.0.2.1 80 more",
		"tcp 192.0.2.256 80",
		"icmp 192.0.2.1 80",
		"fwmark 0 ipv4",
		"fwmark 4294967296 ipv4",
		"fwmark 7 ipv5",
		"fwmark x ipv4",
		"tcp 2001:db8::1::2 80",
		"tcpsctpudp 192.0.2.1 80",
	};
	char text[NL_IPVS_KEY_TEXT_BYTES];
	struct nl_ipvs_key parsed;

	for (size_t i = 0; i < COUNT(good); i++) {
		rule(nl_ipvs_key_parse(good[i], &parsed), "\"%s\" is a key", good[i]);
		assert_string_equal(nl_ipvs_key_text(&parsed, text, sizeof(text)), good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		rule(!nl_ipvs_key_parse(bad[i], &parsed), "\"%s\" is no key", bad[i]);
}

/* ------------------------------------------------------------- looking */

static void reading_tells_of_all_services_or_of_one(void **state)
{
	struct nl_ipvs_key keys[] = { key("tcp 192.0.2.1 99"), key("tcp 192.0.2.1 80") };
	struct sight sight = {};

	make_foreign();
	rule_error(nl_ipvs_read(ipvs, NULL, 0, see_service, &sight), 0, "reading all");
	rule(sight.services == 3, "of three services %d are seen", sight.services);
	sight.services = 0;
	rule_error(nl_ipvs_read(ipvs, keys, 2, see_service, &sight), 0,
		   "reading one, and one that is not");
	assert_int_equal(sight.services, 1);
	assert_int_equal(nl_ipvs_key_cmp(&sight.state.service.key, &keys[1]), 0);
	assert_string_equal(sight.state.service.scheduler, "sh");
	assert_int_equal(sight.state.service.persistence_sec, 60);
	assert_int_equal(sight.state.service.persistence_prefixlen, 32);
	assert_int_equal(sight.state.servers_count, 1);
	assert_int_equal(sight.servers[0].server.forward, NL_IPVS_DIRECT);
	assert_int_equal(sight.servers[0].server.weight, 9);
	assert_int_equal(sight.servers[0].server.port, 80);
}

static void timeouts_are_read_and_set(void **state)
{
	struct nl_ipvs_timeouts timeouts = {}, wanted = { .tcp_sec = 1000, .udp_sec = 33 };
	const char *text;
	uint64_t before;

	rule_error(nl_ipvs_timeouts_get(ipvs, &timeouts), 0, "reading timeouts");
	text = output("ipvsadm -L --timeout");
	rule(timeouts.tcp_sec == 900 && timeouts.tcp_fin_sec == 120 && timeouts.udp_sec == 300,
	     "read: %u %u %u; ipvsadm: %s", timeouts.tcp_sec, timeouts.tcp_fin_sec,
	     timeouts.udp_sec, text);

	before = nl_ipvs_changes(ipvs);
	rule_error(nl_ipvs_timeouts_set(ipvs, &wanted), 0, "setting two of three");
	rule_error(nl_ipvs_timeouts_set(ipvs, &wanted), 0, "setting them again");
	rule(nl_ipvs_changes(ipvs) == before + 1, "setting what is so was sent");
	text = output("ipvsadm -L --timeout");
	rule(strstr(text, "1000 120 33"), "set were 1000, -, 33; ipvsadm: %s", text);
	wanted.tcp_fin_sec = UINT32_MAX;
	rule_error(nl_ipvs_timeouts_set(ipvs, &wanted), -EINVAL, "more than can be counted");
}

static void daemons_are(const char *wanted)
{
	const char *text = output("ipvsadm -L --daemon");

	rule(!strcmp(text, wanted), "ipvsadm should say:\n%sbut says:\n%s", wanted, text);
}

/* A thread with the kernel's defaults, as ipvsadm prints it. */
#define SYNC_LINE(role, id)                                                                        \
	role " sync daemon (mcast=sync0, syncid=" id                                               \
	     ", maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n"

/* The kernel must take these lengths unchanged, or the thread would be restarted for ever. */
static void extreme_lengths_are_taken(struct nl_ipvs_daemon *daemon, uint16_t least)
{
	const uint16_t lengths[] = { least, UINT16_MAX - 48 };
	uint64_t before;

	for (size_t i = 0; i < COUNT(lengths); i++) {
		daemon->sync_maxlen = lengths[i];
		rule_error(nl_ipvs_daemon_run(ipvs, daemon), 0, "an extreme sync_maxlen");
		before = nl_ipvs_changes(ipvs);
		rule_error(nl_ipvs_daemon_run(ipvs, daemon), 0, "the same again");
		rule(nl_ipvs_changes(ipvs) == before, "sync_maxlen %u was not taken", lengths[i]);
	}
	daemon->sync_maxlen = 0;
}

static void sync_daemons_start_change_and_stop(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "sync0", .sync_id = 5 };
	struct nl_ipvs_daemon backup = { .role = NL_IPVS_BACKUP, .ifname = "sync0" };
	struct nl_ipvs_daemon is;
	uint64_t before;

	rule_error(nl_ipvs_daemon_run(ipvs, &master), -ENODEV, "a master on no interface");
	backup.sync_maxlen = 1023;
	rule_error(nl_ipvs_daemon_run(ipvs, &backup), -EINVAL, "a backup of short messages");
	backup.sync_maxlen = 0;
	run("ip link add name sync0 type dummy");
	run("ip link set dev sync0 multicast on up");
	run("ip addr add 10.0.0.1/24 dev sync0 && ip addr add 2001:db8:5::1/64 dev sync0 nodad");
	rule_error(nl_ipvs_daemon_get(ipvs, NL_IPVS_MASTER, &is), -ESRCH, "a master that is not");
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting a master");
	rule_error(nl_ipvs_daemon_run(ipvs, &backup), 0, "starting a backup beside it");
	daemons_are(SYNC_LINE("master", "5") SYNC_LINE("backup", "0"));
	before = nl_ipvs_changes(ipvs);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting the same again");
	rule(nl_ipvs_changes(ipvs) == before, "what runs as wanted was sent again");
	rule_error(nl_ipvs_daemon_get(ipvs, NL_IPVS_MASTER, &is), 0, "looking at it");
	rule(is.sync_id == 5 && is.sync_maxlen == 1472 && is.port == 8848 && is.ttl == 1 &&
		     is.group.family == AF_INET && !strcmp(is.ifname, "sync0"),
	     "the master runs otherwise than ipvsadm says");

	extreme_lengths_are_taken(&master, 1);
	extreme_lengths_are_taken(&backup, 1024);

	master.sync_id = 255;
	master.sync_maxlen = 1000;
	master.port = 9000;
	master.ttl = 3;
	master.group.family = AF_INET6;
	assert_int_equal(inet_pton(AF_INET6, "ff02::5", &master.group.v6), 1);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "changing the master");
	backup.group.family = AF_INET;
	assert_int_equal(inet_pton(AF_INET, "224.0.0.99", &backup.group.v4), 1);
	rule_error(nl_ipvs_daemon_run(ipvs, &backup), 0, "changing the backup");
	daemons_are(
		"master sync daemon (mcast=sync0, syncid=255, maxlen=1000, group=ff02::5, port=9000, ttl=3)\n"
		"backup sync daemon (mcast=sync0, syncid=0, maxlen=1472, group=224.0.0.99, port=8848, ttl=1)\n");

	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping the master");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping it again");
	daemons_are(
		"backup sync daemon (mcast=sync0, syncid=0, maxlen=1472, group=224.0.0.99, port=8848, ttl=1)\n");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_BACKUP), 0, "stopping the backup");
	daemons_are("");
}

static int reclaim(enum nl_ipvs_role role)
{
	return nl_ipvs_daemon_reclaim(ipvs, role, owned);
}

static void a_restarted_daemon_stops_the_threads_it_left_and_no_others(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "sync0", .sync_id = 5 };
	struct nl_ipvs_daemon backup = { .role = NL_IPVS_BACKUP, .ifname = "sync0" };

	run("ip link add name sync0 type dummy && ip link set dev sync0 multicast on up");
	run("ip addr add 10.0.0.1/24 dev sync0");
	run("ipvsadm --start-daemon backup --mcast-interface sync0 --syncid 7");
	restart(keys_path);
	nl_ipvs_own_daemon(owned, &master);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting a master");
	restart(keys_path);
	rule(nl_ipvs_owns_daemon(owned, NL_IPVS_MASTER), "a master that was left is not known");
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_BACKUP), "a stranger's backup is taken for ours");
	rule_error(reclaim(NL_IPVS_MASTER), 0, "stopping the master");
	rule_error(reclaim(NL_IPVS_BACKUP), 0, "stopping no backup");
	daemons_are(SYNC_LINE("backup", "7"));

	/*
	 * A thread of ours vanished while the daemon was down, and somebody else's runs in its
	 * place.
	 */
	nl_ipvs_own_daemon(owned, &backup);
	restart(keys_path);
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_MASTER), "what was stopped is known still");
	rule_error(reclaim(NL_IPVS_BACKUP), 0, "stopping a backup that is not ours any more");
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_BACKUP), "a stranger's is taken for ours");
	daemons_are(SYNC_LINE("backup", "7"));
	nl_ipvs_own_daemon(owned, &master);
	rule_error(reclaim(NL_IPVS_MASTER), 0, "stopping a master that vanished");
	restart(keys_path);
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_MASTER), "what vanished is known still");
}

/* The kernel leaves the request to stop such a thread without any answer. */
static void a_sync_daemon_that_never_ran_is_stopped_at_once(void **state)
{
	const struct sched_param first = { .sched_priority = 1 }, normal = {};
	struct nl_ipvs_daemon daemon = { .role = NL_IPVS_MASTER, .ifname = "sync0" };
	double took = 0;

	run("ip link add name sync0 type dummy && ip link set dev sync0 up");
	run("ip addr add 10.0.0.1/24 dev sync0");
	for (int i = 0; i < 20; i++) {
		int started, stopped;
		double before = seconds();

		daemon.role = i % 2 ? NL_IPVS_MASTER : NL_IPVS_BACKUP;
		/* On one processor, the thread does not run before this process waits. */
		assert_int_equal(sched_setscheduler(0, SCHED_FIFO, &first), 0);
		started = nl_ipvs_daemon_run(ipvs, &daemon);
		stopped = nl_ipvs_daemon_stop(ipvs, daemon.role);
		assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &normal), 0);
		took += seconds() - before;
		rule_error(started, 0, "starting a daemon");
		rule_error(stopped, 0, "stopping it before it ran");
		daemons_are("");
	}
	rule(took < 4, "that took %.1f s", took);
}

static void servers_of_two_families_and_sync_daemons_exclude_each_other(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "sync0" };
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server real = tunnel("2001:db8:1::9", NL_IPVS_IPIP);

	run("ip link add name sync0 type dummy && ip link set dev sync0 up");
	run("ip addr add 10.0.0.1/24 dev sync0");
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "tunnelling IPv4 in IPv6");
	rule_error(nl_ipvs_daemon_run(ipvs, &master), -EINVAL, "synchronising both families");
	sync_sends(NULL, 0, 1, "wanting none");
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "synchronising");
	rule_error(synchronise(&wanted, 1), 1, "tunnelling IPv4 in IPv6 meanwhile");
	rule_error(told.error, -EINVAL, "tunnelling IPv4 in IPv6 meanwhile");
	/* A namespace does not vanish while its threads run. */
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping the master");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_service_of_someone_else_is_never_touched),
		test(what_others_do_to_ours_is_put_right),
		test(a_restarted_daemon_knows_its_own_and_removes_orphans),
		test(without_its_file_a_restarted_daemon_leaves_all_alone),
		test(the_file_of_another_namespace_or_boot_is_not_believed),
		test(a_damaged_file_is_told_of_and_used_as_far_as_it_goes),
		test(on_a_full_disk_a_restarted_daemon_knows_its_own),
		test(a_daemon_killed_at_any_point_leaves_no_orphan),
		test(keys_are_told_and_read_as_text),
		test(reading_tells_of_all_services_or_of_one),
		test(timeouts_are_read_and_set),
		test(sync_daemons_start_change_and_stop),
		test(a_restarted_daemon_stops_the_threads_it_left_and_no_others),
		test(a_sync_daemon_that_never_ran_is_stopped_at_once),
		test(servers_of_two_families_and_sync_daemons_exclude_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
