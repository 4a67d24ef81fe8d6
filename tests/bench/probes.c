// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The cost of health checks: probes [SERVERS [SECONDS [COMMAND]]] checks 1000 servers every second,
 * for 10 seconds with each kind of check, and prints processor time and memory. The servers are
 * addresses of 127.0.0.0/8, served by one nginx; one more row has servers that never answer. While
 * the servers run, COMMAND SERVERS SECONDS is executed: checks.py does the same with keepalived.
 * Needs root, nginx and openssl; best in a network namespace of its own, as lab/run gives it:
 * lab/run -- /build/tests/bench/probes
 */
#include <zebra.h>

#include <sys/resource.h>

#include "frrevent.h"
#include "memory.h"
#include "privs.h"

#include "vrrp_alarm.h"
#include "vrrp_daemon.h"
#include "vrrp_memory.h"
#include "vrrp_probe.h"

DEFINE_MGROUP(VRRPD, "vrrpd");
struct event_loop *master;
struct zebra_privs_t vrrp_privs;

#define SERVERS_MOST 60000

static const char start_servers[] =
	"cd /tmp && ip link set lo up && "
	"ip route add 192.0.2.0/24 dev lo && "
	"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=b "
	"-days 2 -keyout bench.key -out bench.crt 2>/dev/null && "
	"echo 'pid /tmp/bench.pid; error_log /tmp/bench.log; events { worker_connections 4096; } "
	"http { access_log off; "
	"server { listen 80; location / { return 200 \"all is well\"; } } "
	"server { listen 443 ssl; ssl_certificate bench.crt; ssl_certificate_key bench.key; "
	"location / { return 200 \"all is well\"; } } }' >bench.conf && "
	"nginx -p /tmp -c /tmp/bench.conf 2>/dev/null";

static const struct {
	const char *name;
	enum vrrp_probe_kind kind;
	const char *network;
	uint16_t port;
	const char *match;
	uint16_t keepalive_sec;
} rows[] = {
	{ "TCP", VRRP_PROBE_TCP, "127.1", 80, NULL },
	{ "HTTP", VRRP_PROBE_HTTP, "127.1", 80, NULL },
	{ "HTTP, match", VRRP_PROBE_HTTP, "127.1", 80, "well" },
	{ "HTTP, kept 10 s", VRRP_PROBE_HTTP, "127.1", 80, NULL, 10 },
	{ "HTTPS, kept 10 s", VRRP_PROBE_HTTPS, "127.1", 443, NULL, VRRP_PROBE_DEFAULT_KEEPALIVE },
	{ "HTTPS", VRRP_PROBE_HTTPS, "127.1", 443, NULL, 0 },
	{ "ICMP", VRRP_PROBE_ICMP, "127.1", 0, NULL },
	{ "TCP, no answer", VRRP_PROBE_TCP, "192.0", 80, NULL },
};

static struct vrrp_probe *probes[SERVERS_MOST];

static double seconds_of(const struct timeval *tv)
{
	return tv->tv_sec + tv->tv_usec / 1e6;
}

static double processor(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
}

static long resident_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long total = 0, resident = 0;

	if (file && fscanf(file, "%ld %ld", &total, &resident) != 2)
		resident = 0;
	if (file)
		fclose(file);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void on_report(struct vrrp_probe *probe, bool up, const char *reason, void *arg)
{
}

static void on_tick(struct event *event)
{
}

static void run_for(double limit)
{
	vrrp_usec_t end = vrrp_now() + limit * VRRP_USEC_PER_SEC;
	struct event *tick = NULL, event;

	while (vrrp_now() < end) {
		if (!tick)
			event_add_timer_msec(master, on_tick, NULL, 100, &tick);
		if (event_fetch(master, &event))
			event_call(&event);
	}
	event_cancel(&tick);
}

static void begin_probes(unsigned int row, unsigned int count)
{
	struct vrrp_probe_conf conf = {
		.kind = rows[row].kind,
		.interval_msec = 1000,
		.timeout_msec = 1000,
		.fall = 1,
		.rise = 1,
		.path = "/",
		.match = rows[row].match,
		.keepalive_sec = rows[row].keepalive_sec,
	};
	char text[INET_ADDRSTRLEN];
	struct vrrp_addr server;

	for (unsigned int i = 0; i < count; i++) {
		if (rows[row].network[0] == '1' && rows[row].network[1] == '2')
			snprintf(text, sizeof(text), "%s.%u.%u", rows[row].network, i / 250,
				 1 + i % 250);
		else
			snprintf(text, sizeof(text), "192.0.2.%u", 1 + i % 250);
		vrrp_addr_parse(text, &server);
		probes[i] = vrrp_probe_new(&conf, &server, rows[row].port, on_report, NULL);
	}
}

static uint64_t tries(unsigned int count, uint64_t *good)
{
	struct vrrp_probe_state state;
	uint64_t all = 0;

	*good = 0;
	for (unsigned int i = 0; i < count; i++) {
		vrrp_probe_state(probes[i], &state);
		all += state.successes + state.failures;
		*good += state.successes;
	}
	return all;
}

static void measure(unsigned int row, unsigned int count, double limit)
{
	uint64_t before, after, good_before, good_after;
	long memory = resident_kb();
	double cpu;

	begin_probes(row, count);
	run_for(2);
	before = tries(count, &good_before);
	cpu = processor();
	run_for(limit);
	cpu = processor() - cpu;
	after = tries(count, &good_after);
	printf("%-16s %6.0f tries/s, %5.1f %% good, %5.1f %% of a core, %5.1f us a try, %ld KB more\n",
	       rows[row].name, (after - before) / limit,
	       100.0 * (good_after - good_before) / MAX(after - before, 1), cpu * 100 / limit,
	       cpu * 1e6 / MAX(after - before, 1), resident_kb() - memory);
	fflush(stdout);
	for (unsigned int i = 0; i < count; i++)
		vrrp_probe_free(&probes[i]);
}

static bool run_command(const char *command, unsigned int count, double limit)
{
	char line[512];

	snprintf(line, sizeof(line), "%s %u %.0f", command, count, limit);
	if (system(line) == 0)
		return true;
	fprintf(stderr, "probes: %s failed\n", command);
	return false;
}

static void nothing_to_read(void)
{
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? atoi(argv[1]) : 1000;
	double limit = argc > 2 ? atoi(argv[2]) : 10;
	bool good = true;

	if (!count || count > SERVERS_MOST || limit <= 0) {
		fprintf(stderr, "usage: probes [SERVERS [SECONDS [COMMAND]]]\n");
		return 2;
	}
	if (system(start_servers) != 0) {
		fprintf(stderr, "probes: no servers; it wants root, nginx and openssl\n");
		return 2;
	}
	zprivs_preinit(&vrrp_privs);
	zprivs_init(&vrrp_privs);
	master = event_master_create("probes");
	vrrp_alarm_init(nothing_to_read);
	vrrp_probe_init();
	for (unsigned int row = 0; row < array_size(rows); row++)
		measure(row, count, limit);
	vrrp_probe_stop();
	vrrp_alarm_stop();
	if (argc > 3)
		good = run_command(argv[3], count, limit);
	return system("nginx -p /tmp -c /tmp/bench.conf -s stop 2>/dev/null") != 0 || !good;
}
