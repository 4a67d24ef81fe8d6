// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth
 *
 * Health checks that share resources: connections that are kept between tries, and many probes that
 * share descriptors, ports and the event loop. Built with the address sanitizer as well.
 */
#include "nl_probe.h"

#include <arpa/nameser.h>

/* --------------------------------------------------------------- kept connections */

static struct told *begin_kept(enum vrrp_probe_kind kind, uint16_t port, uint16_t keepalive_sec,
			       const char *match, uint16_t interval_sec)
{
	struct vrrp_probe_conf conf = conf_of(kind);

	conf.interval_msec = 1000 * interval_sec;
	conf.timeout_msec = 10000; /* this machine may stall */
	conf.path = "/nth";
	conf.match = match;
	conf.keepalive_sec = keepalive_sec;
	return begin_probe(&conf, SERVER4, port);
}

static unsigned int connections(void)
{
	return atoi(output("ss -Htn state established | wc -l"));
}

static void wait_for_connections(unsigned int least, unsigned int most, double limit)
{
	double end = seconds() + limit;

	while ((connections() < least || connections() > most) && seconds() < end)
		run_for(0.1);
	rule(connections() >= least && connections() <= most, "%u connections after %.0f s",
	     connections(), limit);
}

/* The server counts requests of a connection: with a wrong one, a new one is made. */
static void a_connection_serves_until_a_try_fails(void **state)
{
	struct told *plain, *secure;

	start_nginx();
	plain = begin_kept(HTTP, PORT_HTTP, 3600, "request 1.", 1);
	secure = begin_kept(HTTPS, PORT_HTTPS, 3600, "request 1.", 1);
	for (unsigned int count = 1; count <= 4; count++) {
		wait_for_reports(plain, count, 10);
		wait_for_reports(secure, count, 10);
		rule(plain->up == (count % 2) && secure->up == (count % 2),
		     "try %u: HTTP %s, HTTPS %s", count, plain->reason, secure->reason);
	}
	stop_nginx();
}

static void a_connection_serves_so_long_and_no_longer(void **state)
{
	struct told *each, *slow, *some;
	struct seen seen = {};

	start_nginx();
	each = begin_kept(HTTP, PORT_HTTP, 0, "request 1.", 1);
	slow = begin_kept(HTTP, PORT_HTTP, 1, "request 1.", 2);
	wait_for_tries(slow, 3, 20);
	rule(!state_of(each).failures && !state_of(slow).failures, "used again: %s, %s",
	     state_of(each).reason, state_of(slow).reason);
	free_probes();

	listen_on_cable(router_mac, 0, see_frame, &seen);
	memset(&seen, 0, sizeof(seen));
	some = begin_kept(HTTP, PORT_HTTP, 3, "request", 1);
	wait_for_tries(some, 12, 20);
	listen_on_cable(router_mac, 0, see_frame, &seen);
	rule(!state_of(some).failures, "%s", state_of(some).reason);
	rule(seen.count >= 3 && seen.count <= 8, "%u connections in 12 tries", seen.count);
	stop_nginx();
}

static void a_server_may_close_a_kept_connection(void **state)
{
	struct told *idle, *reset;

	start_nginx();
	start_strange_servers();
	idle = begin_kept(HTTP, 81, 3600, "request 1.", 1);
	reset = begin_kept(HTTP, PORT_ONCE, 3600, "welcome", 1);
	wait_for_tries(idle, 4, 10);
	wait_for_tries(reset, 4, 10);
	rule(!state_of(idle).failures, "closed between tries: %s", state_of(idle).reason);
	rule(!state_of(reset).failures, "reset by the next: %s", state_of(reset).reason);
	stop_nginx();
}

static void a_kept_connection_is_the_probes_own(void **state)
{
	struct vrrp_probe_conf conf = conf_of(HTTP);
	struct told *from_one, *from_other;

	start_nginx();
	conf.path = "/from";
	conf.keepalive_sec = 3600;
	conf.match = "from=" ROUTER4 ";";
	from_one = begin_probe(&conf, SERVER4, PORT_HTTP);
	conf.source = address(SOURCE4);
	conf.match = "from=" SOURCE4 ";";
	from_other = begin_probe(&conf, SERVER4, PORT_HTTP);
	wait_for_tries(from_one, 3, 10);
	wait_for_tries(from_other, 3, 10);
	rule(!state_of(from_one).failures && !state_of(from_other).failures, "%s, %s",
	     state_of(from_one).reason, state_of(from_other).reason);
	wait_for_connections(2, 2, 10);
	vrrp_probe_free(&from_one->probe);
	rule(connections() == 1, "a freed probe leaves its connection: %u", connections());
	stop_nginx();
}

/* -------------------------------------------------------------------------- crowds */

#define CROWD MOST_PROBES

/* The dead network of one probe: 192.0.2.100 to .199, ten ports each. */
static void begin_crowd(const struct vrrp_probe_conf *conf, unsigned int count)
{
	char server[INET_ADDRSTRLEN];

	for (unsigned int i = 0; i < count; i++) {
		snprintf(server, sizeof(server), "192.0.2.%u", 100 + i % 100);
		begin_probe(conf, server, 80 + i / 100);
	}
}

static unsigned int known_of_crowd(unsigned int count)
{
	unsigned int known = 0;

	for (unsigned int i = 0; i < count; i++)
		known += pool[i].reports > 0;
	return known;
}

static void kill_the_network(void)
{
	run("for i in $(seq 100 199); do "
	    "echo neigh add 192.0.2.$i lladdr 02:00:00:00:00:99 dev eth0; done | ip -batch -");
}

static unsigned int open_descriptors(void)
{
	return atoi(output("ls /proc/%d/fd | wc -l", (int)getpid()));
}

static void a_slow_try_is_alone(void **state)
{
	struct vrrp_probe_conf conf = conf_of(ICMP);
	struct told *told;
	struct seen seen = {};

	conf.timeout_msec = 3000;
	told = begin_probe(&conf, NOBODY4, 0);
	wait_for_reports(told, 1, 10);
	listen_on_cable(router_mac, 0, see_frame, &seen);
	rule(seen.count == 1 || seen.count == 2, "%u requests in a try of 3 s", seen.count);
	rule(!strcmp(told->reason, "no answer in 3 s"), "it is said: %s", told->reason);
}

/* The first ones come soon, the second ones are spread. */
static void tries_are_spread_over_the_interval(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	unsigned int tenths[10] = {}, used = 0, done = 0;
	double start = seconds();
	bool seen[100] = {};

	conf.interval_msec = 5000;
	for (unsigned int i = 0; i < 100; i++)
		begin_probe(&conf, SERVER4, PORT_CLOSED);
	for (unsigned int i = 0; i < 100; i++) {
		wait_for_reports(&pool[i], 1, 10);
		rule(pool[i].when < start + 3, "a first try after %.1f s", pool[i].when - start);
	}
	while (done < 100 && seconds() < start + 20) {
		turn();
		for (unsigned int i = 0; i < 100; i++) {
			if (seen[i] || state_of(&pool[i]).failures < 2)
				continue;
			seen[i] = true;
			done++;
			tenths[MIN(9, (unsigned int)((seconds() - start) / 0.5))]++;
		}
	}
	for (unsigned int i = 0; i < 10; i++)
		used += tenths[i] > 0;
	rule(used >= 5, "100 second tries in %u tenths of the interval", used);
}

static void with_few_descriptors_all_have_their_turn(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct rlimit before, few = { .rlim_cur = 400, .rlim_max = 1024 };
	double limit = seconds() + 30;
	unsigned int most = 0;

	kill_the_network();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	vrrp_probe_init();
	begin_crowd(&conf, CROWD);
	while (known_of_crowd(CROWD) < CROWD && seconds() < limit) {
		run_for(0.5);
		most = MAX(most, open_descriptors());
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	rule(known_of_crowd(CROWD) == CROWD, "%u of %u have a result", known_of_crowd(CROWD), CROWD);
	rule(most < few.rlim_cur - 200, "%u descriptors of %u were open", most,
	     (unsigned int)few.rlim_cur);
	vrrp_probe_init();
}

static void kept_connections_leave_descriptors_for_others(void **state)
{
	struct rlimit before, few = { .rlim_cur = 400 };
	unsigned int most = 0;

	start_nginx();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	vrrp_probe_init();
	for (unsigned int i = 0; i < 300; i++)
		begin_kept(HTTP, PORT_HTTP, 3600, "request", 1);
	for (unsigned int i = 0; i < 300; i++) {
		wait_for_tries(&pool[i], 3, 30);
		most = MAX(most, open_descriptors());
		rule(!state_of(&pool[i]).failures, "%s", state_of(&pool[i]).reason);
	}
	wait_for_connections(100, 144, 30);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	rule(most < few.rlim_cur - 200, "%u descriptors of %u were open", most,
	     (unsigned int)few.rlim_cur);
	free_probes();
	rule(!connections(), "%u connections are left", connections());
	stop_nginx();
	vrrp_probe_init();
}

static void kept_connections_give_way_to_tries(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct rlimit before, few = { .rlim_cur = 400 };
	const unsigned int kept = 200;

	start_nginx();
	kill_the_network();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	vrrp_probe_init();
	for (unsigned int i = 0; i < kept; i++)
		begin_kept(HTTP, PORT_HTTP, 3600, "request", 1);
	for (unsigned int i = 0; i < kept; i++)
		wait_for_tries(&pool[i], 2, 30);
	wait_for_connections(100, 144, 30);
	begin_crowd(&conf, 300);
	wait_for_connections(0, 60, 10); /* others wait */
	for (unsigned int i = 0; i < kept; i++)
		rule(!state_of(&pool[i]).failures, "%s", state_of(&pool[i]).reason);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	stop_nginx();
	vrrp_probe_init();
}

/* ------------------------------------------------------------------- what we lack */

/* A probe of each kind, from the kernel's choice of a source and from ours. */
static const enum vrrp_probe_kind kinds[] = { TCP, HTTP, HTTPS, SMTP, UDP, DNS, ICMP };
static const uint16_t ports[] = { PORT_HTTP, PORT_HTTP, PORT_HTTPS, PORT_SMTP,
				  PORT_ECHO, PORT_DNS,	0 };

#define EACH_KIND (2 * array_size(kinds))

static void start_each_kind(void)
{
	start_nginx();
	start_liars();
}

static struct vrrp_probe_conf conf_of_each(size_t kind)
{
	struct vrrp_probe_conf conf = conf_of(kinds[kind]);

	conf.helo = "probe.example.net";
	conf.payload = "12ff";
	conf.reply = "12ff";
	conf.query = "www.example.net";
	conf.record_type = ns_t_a;
	return conf;
}

static void begin_each_kind(void)
{
	for (size_t i = 0; i < EACH_KIND; i++) {
		struct vrrp_probe_conf conf = conf_of_each(i / 2);

		if (i % 2)
			conf.source = address(SOURCE4);
		begin_probe(&conf, SERVER4, ports[i / 2]);
	}
}

static void all_are_up(const char *when)
{
	for (size_t i = 0; i < EACH_KIND; i++) {
		wait_for_reports(&pool[i], 1, 10);
		rule(pool[i].up && !state_of(&pool[i]).failures, "%s, kind %d is %s: %s", when,
		     kinds[i / 2], pool[i].up ? "up" : "down", state_of(&pool[i]).reason);
	}
}

/* No probe but ICMP's reports anything; ICMP needs neither descriptor nor port. */
static void none_is_reported(const char *what)
{
	for (size_t i = 0; i < EACH_KIND - 2; i++)
		rule(!pool[i].reports, "without %s, kind %d is reported: %s", what, kinds[i / 2],
		     pool[i].reason);
}

static void without_descriptors_no_server_fails(void **state)
{
	struct rlimit before, none;
	int lowest;

	start_each_kind();
	begin_each_kind();
	all_are_up("at first"); /* the shared descriptors are open now */
	free_probes();

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	lowest = dup(0);
	close(lowest);
	none.rlim_cur = lowest;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	begin_each_kind();
	run_for(2);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	none_is_reported("descriptors");
	all_are_up("with descriptors");
	stop_nginx();
}

/* Takes the only local port towards that server; the caller closes the returned descriptor. */
static int take_port(int type, const char *source, uint16_t port)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons(40000) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;

	inet_pton(AF_INET, source, &from.sin_addr);
	inet_pton(AF_INET, SERVER4, &to.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	rule(!bind(fd, (struct sockaddr *)&from, sizeof(from)) &&
		     !connect(fd, (struct sockaddr *)&to, sizeof(to)),
	     "the test has no port from %s: %s", source, strerror(errno));
	return fd;
}

static void without_local_ports_no_server_fails(void **state)
{
	static const char *const sources[] = { ROUTER4, SOURCE4 };
	static const uint16_t to[] = { PORT_HTTP, PORT_HTTPS, PORT_SMTP, PORT_ECHO };
	int taken[2 * array_size(to)];

	start_each_kind();
	for (size_t i = 0; i < array_size(taken); i++)
		taken[i] = take_port(to[i / 2] == PORT_ECHO ? SOCK_DGRAM : SOCK_STREAM,
				     sources[i % 2], to[i / 2]);
	run("sysctl -qw net.ipv4.ip_local_port_range='40000 40000'");
	begin_each_kind();
	run_for(2);
	none_is_reported("local ports");
	/* the test's server of SMTP has time for one at once */
	for (size_t i = 0; i < array_size(taken); i++)
		close(taken[i]);
	run("sysctl -qw net.ipv4.ip_local_port_range='32768 60999'");
	all_are_up("with ports");
	stop_nginx();
}

/*
 * An event loop with so much other work that it has time for a tenth of the tries. The test's server of SMTP
 * has time for one at once, so there is another check in its place.
 */
static void a_machine_that_lags_fails_no_server(void **state)
{
	uint64_t tries = 0, failures = 0;
	double end = seconds() + 10, busy;

	start_each_kind();
	for (unsigned int i = 0; i < CROWD; i++) {
		size_t kind = i % array_size(kinds);
		struct vrrp_probe_conf conf;

		kind = kinds[kind] == SMTP ? 0 : kind;
		conf = conf_of_each(kind);
		conf.fall = 20;
		begin_probe(&conf, SERVER4, ports[kind]);
	}
	while (seconds() < end) {
		turn();
		busy = seconds() + 0.02;
		while (seconds() < busy)
			;
	}
	for (unsigned int i = 0; i < CROWD; i++) {
		struct vrrp_probe_state probe = state_of(&pool[i]);

		tries += probe.successes + probe.failures;
		failures += probe.failures;
	}
	print_message("%u of %u tries\n", (unsigned int)tries, 10 * CROWD);
	rule(!failures, "%u of %u tries failed", (unsigned int)failures, (unsigned int)tries);
	rule(tries > CROWD / 20 && tries < 8 * CROWD, "%u tries in 10 s", (unsigned int)tries);
	stop_nginx();
}

static void not_read(struct vrrp_watch *watch, uint32_t events)
{
}

static void what_is_always_ready_keeps_no_probe_from_its_turn(void **state)
{
	struct vrrp_watch watch = { .ready = not_read };
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct told *good, *bad;
	int fd = listen_on_peer(PORT_HTTP), ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "", 1), 1);
	watch.fd = ends[0];
	assert_int_equal(vrrp_watch_begin(&watch, EPOLLIN), 0);
	good = begin_probe(&conf, SERVER4, PORT_HTTP);
	bad = begin_probe(&conf, NOBODY4, PORT_HTTP);
	wait_for_reports(good, 1, 10);
	wait_for_reports(bad, 1, 10);
	rule(good->up && !bad->up, "%s, %s", good->reason, bad->reason);
	vrrp_watch_end(&watch);
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

/* The longest turn in five seconds. */
static double longest_turn(double *cpu)
{
	double start = seconds(), last = start, worst = 0;

	*cpu = clock() / (double)CLOCKS_PER_SEC;
	while (seconds() < start + 5) {
		turn(); /* 10 ms, when nothing else happens */
		worst = MAX(worst, seconds() - last);
		last = seconds();
	}
	*cpu = clock() / (double)CLOCKS_PER_SEC - *cpu;
	print_message("%u dead servers: %.1f %% of a core, longest turn %.1f ms\n", CROWD,
		      *cpu * 100 / 5, worst * 1000);
	return worst;
}

static void a_dead_network_does_not_keep_the_event_loop(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	double worst = 1, cpu = 0;

	kill_the_network();
	begin_crowd(&conf, CROWD);
	run_for(2);
	/* a machine that stalls does not do so each time */
	for (int i = 0; i < 3 && worst >= 0.5; i++)
		worst = longest_turn(&cpu);
	rule(known_of_crowd(CROWD) >= CROWD / 2, "only %u of %u were tried", known_of_crowd(CROWD),
	     CROWD);
	/* ten times what is usual: this machine may have other work */
	rule(worst < 0.5, "the event loop stood still for %.0f ms", worst * 1000);
	rule(cpu < 5, "all of the processor is taken");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_probe(a_connection_serves_until_a_try_fails),
		test_probe(a_connection_serves_so_long_and_no_longer),
		test_probe(a_server_may_close_a_kept_connection),
		test_probe(a_kept_connection_is_the_probes_own),
		test_probe(a_slow_try_is_alone),
		test_probe(tries_are_spread_over_the_interval),
		test_probe(with_few_descriptors_all_have_their_turn),
		test_probe(kept_connections_leave_descriptors_for_others),
		test_probe(kept_connections_give_way_to_tries),
		test_probe(without_descriptors_no_server_fails),
		test_probe(without_local_ports_no_server_fails),
		test_probe(a_machine_that_lags_fails_no_server),
		test_probe(what_is_always_ready_keeps_no_probe_from_its_turn),
		test_probe(a_dead_network_does_not_keep_the_event_loop),
	};

	return run_probe_tests(tests);
}
