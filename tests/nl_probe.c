// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth
 *
 * Health checks against real servers on the other end of a cable: nginx, and small ones
 * that misbehave. What each says of a server; when it is believed; what leaves on the
 * cable. This program is built with the address sanitizer, which sees what is used
 * after it was freed.
 */
#include <zebra.h>

#include "checksum.h"
#include "frrevent.h"
#include "memory.h"
#include "privs.h"

#include "vrrp_alarm.h"
#include "vrrp_main.h"
#include "vrrp_memory.h"
#include "vrrp_probe.h"

#include "nl_peer.h"

#include <linux/icmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

DEFINE_MGROUP(VRRPD, "vrrpd");
struct event_loop *master;
struct zebra_privs_t vrrp_privs;

#define ROUTER4	 "192.0.2.1"
#define ROUTER6	 "2001:db8::1"
#define SOURCE4	 "192.0.2.11"
#define SOURCE6	 "2001:db8::11"
#define SERVER4	 "192.0.2.2"
#define SERVER6	 "2001:db8::2"
#define NOBODY4	 "192.0.2.99" /* nobody answers */
#define NOBODY6	 "2001:db8::99"
#define BLOCKED4 "198.51.100.1" /* an unreachable route */

#define PORT_CLOSED 1
#define PORT_SILENT 7
#define PORT_HTTP   80
#define PORT_HTTPS  443
#define PORT_HANGUP 1001
#define PORT_RESET  1002
#define PORT_CHAT   1003
#define PORT_SHORT  1004
#define PORT_STREAM 1005
#define PORT_ONCE   1006

/* -------------------------------------------------------------------- the servers */

static const char nginx_conf[] =
	"pid /tmp/nl_probe.pid; error_log /tmp/nl_probe.log; user root;\n"
	"events { worker_connections 1024; }\n"
	"http {\n"
	"  access_log off;\n"
	"  server {\n"
	"    listen 80; listen [::]:80;\n"
	"    location = / { return 200 'host=$http_host'; }\n"
	"    location = /from { return 200 'from=$remote_addr;'; }\n"
	"    location = /nth { return 200 'request $connection_requests.'; }\n"
	"    location = /503 { return 503; }\n"
	"    location = /302 { return 302 /; }\n"
	"    location = /big { root /tmp/nl_probe.www; }\n"
	"  }\n"
	"  server {\n"
	"    listen 81; keepalive_timeout 300ms;\n"
	"    location = /nth { return 200 'request $connection_requests.'; }\n"
	"  }\n"
	"  server {\n"
	"    listen 443 ssl; listen [::]:443 ssl;\n"
	"    ssl_certificate /tmp/nl_probe.crt; ssl_certificate_key /tmp/nl_probe.key;\n"
	"    location = /nth { return 200 'request $connection_requests.'; }\n"
	"    location / { return 200 'name=$ssl_server_name host=$http_host'; }\n"
	"  }\n"
	"}\n";

static void write_file(const char *name, const char *text, size_t len)
{
	FILE *file = fopen(name, "w");

	rule(file && fwrite(text, 1, len, file) == len && !fclose(file), "cannot write %s", name);
}

/* A body with "early" at its begin and "late" after 100 KB. */
static void write_big_body(void)
{
	static char body[100 * 1024 + 4];

	memset(body, 'x', sizeof(body));
	memcpy(body, "early", 5);
	memcpy(body + sizeof(body) - 4, "late", 4);
	run("mkdir -p /tmp/nl_probe.www");
	write_file("/tmp/nl_probe.www/big", body, sizeof(body));
}

static void start_nginx(void)
{
	write_file("/tmp/nl_probe.conf", nginx_conf, sizeof(nginx_conf) - 1);
	write_big_body();
	run("test -e /tmp/nl_probe.crt || openssl req -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -subj /CN=other -days 2 -keyout /tmp/nl_probe.key "
	    "-out /tmp/nl_probe.crt 2>/dev/null");
	rule(on_peer("nginx -c /tmp/nl_probe.conf"), "nginx does not start");
}

static void stop_nginx(void)
{
	run("nginx -c /tmp/nl_probe.conf -s stop");
}

static int listen_on_peer(uint16_t port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd, one = 1;

	enter_ns(peer_ns);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	rule(bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0 && listen(fd, 1024) == 0,
	     "cannot listen on port %u", port);
	enter_ns(router_ns);
	return fd;
}

/* What a server does with each connection, once it has read something. */
static void answer(int fd, uint16_t port)
{
	static const char chat[] = "220 ready\r\n",
			  cut[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nwelcome",
			  stream[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				     "7\r\nwelcome\r\n",
			  whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nwelcome";
	struct linger reset = { .l_onoff = 1 };
	char request[1024];

	(void)!read(fd, request, sizeof(request));
	if (port == PORT_ONCE) {
		(void)!write(fd, whole, sizeof(whole) - 1);
		(void)!read(fd, request, sizeof(request));
	}
	if (port == PORT_RESET || port == PORT_ONCE)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (port == PORT_CHAT)
		(void)!write(fd, chat, sizeof(chat) - 1);
	if (port == PORT_SHORT)
		(void)!write(fd, cut, sizeof(cut) - 1);
	if (port == PORT_STREAM)
		(void)!write(fd, stream, sizeof(stream) - 1);
	if (port != PORT_SILENT && port != PORT_STREAM)
		close(fd);
}

/* One that is killed with the test. */
static pid_t serve(uint16_t port)
{
	int fd = listen_on_peer(port);
	pid_t child = fork();

	while (child == 0)
		answer(accept(fd, NULL, NULL), port);
	close(fd);
	return child;
}

static pid_t strange_servers[7];

static void start_strange_servers(void)
{
	static const uint16_t ports[] = { PORT_SILENT, PORT_HANGUP, PORT_RESET, PORT_CHAT,
					  PORT_SHORT,  PORT_STREAM, PORT_ONCE };

	for (size_t i = 0; i < array_size(ports); i++)
		strange_servers[i] = serve(ports[i]);
}

static void stop_strange_servers(void)
{
	for (size_t i = 0; i < array_size(strange_servers); i++) {
		if (strange_servers[i] <= 0)
			continue;
		kill(strange_servers[i], SIGKILL);
		waitpid(strange_servers[i], NULL, 0);
		strange_servers[i] = 0;
	}
}

/* ------------------------------------------------------------------ the event loop */

static void on_tick(struct event *event)
{
}

/* Runs the event loop for one more event, or a moment. */
static void turn(void)
{
	struct event *tick = NULL, event;

	event_add_timer_msec(master, on_tick, NULL, 10, &tick);
	if (event_fetch(master, &event))
		event_call(&event);
	event_cancel(&tick);
}

static void run_for(double limit)
{
	double end = seconds() + limit;

	while (seconds() < end)
		turn();
}

static void nothing_to_read(void)
{
}

/* ----------------------------------------------------------------------- the probes */

/* A probe, and what was reported of it. */
struct told {
	struct vrrp_probe *probe;
	unsigned int reports;
	bool up;
	char reason[64];
	double when;
	bool free_it;
};

/* Those of a test; what it leaves is freed after it. */
#define MOST_PROBES 1000

static struct told pool[MOST_PROBES];
static unsigned int begun;

static void on_report(struct vrrp_probe *probe, bool up, const char *reason, void *arg)
{
	struct told *told = arg;

	told->reports++;
	told->up = up;
	told->when = seconds();
	snprintf(told->reason, sizeof(told->reason), "%s", reason);
	if (told->free_it)
		vrrp_probe_free(&told->probe);
}

static struct vrrp_addr address(const char *text)
{
	struct vrrp_addr a = {};

	rule(vrrp_addr_parse(text, &a), "the test has \"%s\" for an address", text);
	return a;
}

static struct vrrp_probe_conf conf_of(enum vrrp_probe_kind kind)
{
	return (struct vrrp_probe_conf){
		.kind = kind,
		.interval_sec = 1,
		.timeout_sec = 1,
		.fall = 1,
		.rise = 1,
	};
}

static struct told *begin_probe(const struct vrrp_probe_conf *conf, const char *server,
				uint16_t port)
{
	struct vrrp_addr a = address(server);
	struct told *told = &pool[begun++];

	assert_true(begun <= MOST_PROBES);
	told->probe = vrrp_probe_new(conf, &a, port, on_report, told);
	return told;
}

static void free_probes(void)
{
	for (unsigned int i = 0; i < begun; i++)
		vrrp_probe_free(&pool[i].probe);
	memset(pool, 0, sizeof(pool));
	begun = 0;
}

static struct vrrp_probe_state state_of(const struct told *told)
{
	struct vrrp_probe_state state;

	vrrp_probe_state(told->probe, &state);
	return state;
}

static void wait_for_reports(const struct told *told, unsigned int count, double limit)
{
	double end = seconds() + limit;

	while (told->reports < count && seconds() < end)
		turn();
	rule(told->reports >= count, "%u reports after %.0f s, not %u; the last try: %s",
	     told->reports, limit, count, told->probe ? state_of(told).reason : "none");
}

static int begin(void **state)
{
	if (fresh_lan(state))
		return -1;
	run("ip address add " ROUTER4 "/24 dev eth0 && ip address add " SOURCE4 "/24 dev eth0");
	run("ip address add " ROUTER6 "/64 dev eth0 && ip address add " SOURCE6 "/64 dev eth0");
	run("ip route add unreachable 198.51.100.0/24");
	run("ip neigh add " NOBODY4 " lladdr 02:00:00:00:00:99 dev eth0");
	run("ip neigh add " NOBODY6 " lladdr 02:00:00:00:00:99 dev eth0");
	rule(on_peer("ip address add " SERVER4 "/24 dev far && ip address add " SERVER6
		     "/64 dev far && ip link set lo up"),
	     "no addresses for the servers");
	master = event_master_create("probes");
	vrrp_alarm_init(nothing_to_read);
	vrrp_probe_init();
	return 0;
}

static int end(void **state)
{
	stop_strange_servers();
	free_probes();
	vrrp_probe_stop();
	vrrp_alarm_stop();
	event_master_free(master);
	return leave_lan(state);
}

/* ----------------------------------------------------------- results and reasons */

struct row {
	enum vrrp_probe_kind kind;
	const char *server;
	uint16_t port;
	const char *path, *host, *match;
	uint16_t status;
	bool up;
	const char *reason;
};

#define TCP   VRRP_PROBE_TCP
#define HTTP  VRRP_PROBE_HTTP
#define HTTPS VRRP_PROBE_HTTPS
#define ICMP  VRRP_PROBE_ICMP

/* clang-format off */
static const struct row rows[] = {
	{ TCP, SERVER4, PORT_HTTP, .up = true, .reason = "ok" },
	{ TCP, SERVER6, PORT_HTTP, .up = true, .reason = "ok" },
	{ TCP, SERVER4, PORT_SILENT, .up = true, .reason = "ok" },
	{ TCP, SERVER4, PORT_CLOSED, .reason = "connection refused" },
	{ TCP, SERVER6, PORT_CLOSED, .reason = "connection refused" },
	{ TCP, NOBODY4, PORT_HTTP, .reason = "no answer in 1 s" },
	{ TCP, NOBODY6, PORT_HTTP, .reason = "no answer in 1 s" },
	{ TCP, BLOCKED4, PORT_HTTP, .reason = "no route to host" },
	{ TCP, "203.0.113.1", PORT_HTTP, .reason = "network is unreachable" },

	{ ICMP, SERVER4, .up = true, .reason = "ok" },
	{ ICMP, SERVER6, .up = true, .reason = "ok" },
	{ ICMP, ROUTER4, .up = true, .reason = "ok" },
	{ ICMP, NOBODY4, .reason = "no answer in 1 s" },
	{ ICMP, NOBODY6, .reason = "no answer in 1 s" },
	{ ICMP, BLOCKED4, .reason = "no route to host" },

	{ HTTP, SERVER4, PORT_HTTP, "/", .up = true, .reason = "ok" },
	{ HTTP, SERVER6, PORT_HTTP, "/", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/", .status = 204, .reason = "status 200" },
	{ HTTP, SERVER4, PORT_HTTP, "/503", .reason = "status 503" },
	{ HTTP, SERVER6, PORT_HTTP, "/503", .status = 503, .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/302", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/302", .status = 200, .reason = "status 302" },
	{ HTTP, SERVER4, PORT_HTTP, "/", .match = "host=" SERVER4, .up = true, .reason = "ok" },
	{ HTTP, SERVER6, PORT_HTTP, "/", .match = "host=[" SERVER6 "]", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/", "www.example.net", "host=www.example.net",
	  .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/", .match = "absent", .reason = "no match in the answer" },
	{ HTTP, SERVER4, PORT_HTTP, "/big", .match = "early", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/big", .match = "late", .reason = "no match in the answer" },
	{ HTTP, SERVER4, PORT_CLOSED, "/", .reason = "connection refused" },
	{ HTTP, SERVER6, PORT_CLOSED, "/", .reason = "connection refused" },
	{ HTTP, SERVER4, PORT_SILENT, "/", .reason = "no answer in 1 s" },
	{ HTTP, NOBODY4, PORT_HTTP, "/", .reason = "no answer in 1 s" },
	{ HTTP, BLOCKED4, PORT_HTTP, "/", .reason = "no route to host" },
	{ HTTP, SERVER4, PORT_HANGUP, "/", .reason = "closed without an answer" },
	{ HTTP, SERVER4, PORT_RESET, "/", .reason = "connection reset by peer" },
	{ HTTP, SERVER4, PORT_CHAT, "/", .reason = "answer is not HTTP" },
	{ HTTP, SERVER4, PORT_SHORT, "/", .match = "welcome", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_SHORT, "/", .match = "absent", .reason = "answer cut short" },
	{ HTTP, SERVER4, PORT_STREAM, "/", .match = "welcome", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_STREAM, "/", .match = "absent", .reason = "no answer in 1 s" },
	{ HTTP, SERVER4, PORT_STREAM, "/", .status = 204, .reason = "status 200" },

	{ HTTPS, SERVER4, PORT_HTTPS, "/", .up = true, .reason = "ok" },
	{ HTTPS, SERVER6, PORT_HTTPS, "/", "www.example.net",
	  "name=www.example.net host=www.example.net", .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_HTTP, "/", .reason = "no TLS" },
	{ HTTPS, SERVER4, PORT_SILENT, "/", .reason = "no answer in 1 s" },
	{ HTTPS, SERVER4, PORT_CLOSED, "/", .reason = "connection refused" },
};
/* clang-format on */

static struct told *begin_row(const struct row *row, uint16_t keepalive_sec)
{
	struct vrrp_probe_conf conf = conf_of(row->kind);

	if (row->kind == HTTP || row->kind == HTTPS)
		conf.keepalive_sec = keepalive_sec;

	conf.path = row->path;
	conf.host = row->host;
	conf.match = row->match;
	conf.status = row->status;
	return begin_probe(&conf, row->server, row->port);
}

static void check_row(const struct told *told, const struct row *row)
{
	struct vrrp_probe_state state = state_of(told);

	rule(told->up == row->up && !strcmp(told->reason, row->reason),
	     "row %zu, port %u of %s%s: it is %s, \"%s\", and should be %s, \"%s\"", row - rows,
	     row->port, row->server, row->path ? row->path : "", told->up ? "up" : "down",
	     told->reason, row->up ? "up" : "down", row->reason);
	rule(state.known && state.up == row->up && state.since > 0,
	     "row %zu: what was reported is not what is shown", row - rows);
	rule(row->up ? !state.failures : !state.successes, "row %zu: results differ", row - rows);
	rule(state.failures + state.successes > 1, "row %zu: there was no second try", row - rows);
}

static void check_rows(uint16_t keepalive_sec)
{
	for (size_t i = 0; i < array_size(rows); i++)
		begin_row(&rows[i], keepalive_sec);
	for (size_t i = 0; i < array_size(rows); i++)
		wait_for_reports(&pool[i], 1, 10);
	run_for(2.5);
	for (size_t i = 0; i < array_size(rows); i++) {
		check_row(&pool[i], &rows[i]);
		rule(pool[i].reports == 1, "row %zu: %u reports, and nothing changed", i,
		     pool[i].reports);
	}
	free_probes();
}

static void each_result_has_its_reason(void **state)
{
	start_nginx();
	start_strange_servers();
	check_rows(0);
	check_rows(3600);
	stop_nginx();
}

/* --------------------------------------------------------------------- rise and fall */

static void the_first_result_alone_decides(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct told *told;

	conf.fall = conf.rise = 20;
	told = begin_probe(&conf, SERVER4, PORT_CLOSED);
	rule(!state_of(told).known && state_of(told).up, "it does not count as up at first");
	wait_for_reports(told, 1, 10);
	rule(!told->up && state_of(told).failures == 1, "down after %u failures",
	     (unsigned int)state_of(told).failures);
}

static void health_changes_after_results_in_a_row(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct told *told;
	uint64_t good, bad;
	int fd = listen_on_peer(PORT_HTTP);

	conf.fall = 3;
	conf.rise = 2;
	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	wait_for_reports(told, 1, 10);
	rule(told->up, "a server that listens is down: %s", told->reason);

	good = state_of(told).successes;
	close(fd);
	wait_for_reports(told, 2, 15);
	rule(!told->up && !strcmp(told->reason, "connection refused"), "it is gone, but %s",
	     told->reason);
	rule(state_of(told).failures == conf.fall && state_of(told).successes <= good + 1,
	     "down after %u failures, not %u", (unsigned int)state_of(told).failures, conf.fall);

	bad = state_of(told).failures;
	good = state_of(told).successes;
	fd = listen_on_peer(PORT_HTTP);
	wait_for_reports(told, 3, 15);
	rule(told->up && state_of(told).successes == good + conf.rise &&
		     state_of(told).failures <= bad + 1,
	     "up after %u successes, not %u", (unsigned int)(state_of(told).successes - good),
	     conf.rise);
	close(fd);
}

/* ------------------------------------------------------------------------- frames */

/* What came from the router: echo requests and SYNs to a server, by source. */
struct seen {
	struct vrrp_addr source; /* of the last */
	unsigned int count;
	uint8_t echo[128]; /* the last echo request, from its IPv4 header on */
	size_t echo_len;
};

static void see4(const uint8_t *ip, size_t len, struct seen *seen)
{
	bool echo = ip[9] == IPPROTO_ICMP && ip[20] == ICMP_ECHO;
	bool syn = ip[9] == IPPROTO_TCP && (ip[33] & 0x12) == 0x02;

	if (!echo && !syn)
		return;
	seen->source = vrrp_addr_make(VRRP_IPV4, ip + 12);
	seen->count++;
	if (echo && len <= sizeof(seen->echo))
		memcpy(seen->echo, ip, seen->echo_len = len);
}

static void see6(const uint8_t *ip, struct seen *seen)
{
	bool echo = ip[6] == IPPROTO_ICMPV6 && ip[40] == ICMP6_ECHO_REQUEST;
	bool syn = ip[6] == IPPROTO_TCP && (ip[53] & 0x12) == 0x02;

	if (!echo && !syn)
		return;
	seen->source = vrrp_addr_make(VRRP_IPV6, ip + 8);
	seen->count++;
}

static void see(const uint8_t *frame, size_t len, void *arg)
{
	uint16_t type = ntohs(((const struct ether_header *)frame)->ether_type);

	if (type == ETHERTYPE_IP)
		see4(frame + ETH_HLEN, len - ETH_HLEN, arg);
	else if (type == ETHERTYPE_IPV6)
		see6(frame + ETH_HLEN, arg);
}

static const uint8_t router_mac[] = { 2, 0, 0, 0, 0, 1 };

static void source_is_used(enum vrrp_probe_kind kind, const char *server, const char *source)
{
	struct vrrp_probe_conf conf = conf_of(kind);
	struct told *told;
	struct seen seen = {};
	char text[VRRP_ADDR_STRLEN];

	conf.source = address(source);
	listen_on_cable(router_mac, 0, see, &seen);
	told = begin_probe(&conf, server, PORT_HTTP);
	wait_for_reports(told, 1, 10);
	rule(told->up, "kind %d from %s: %s", kind, source, told->reason);
	memset(&seen, 0, sizeof(seen));
	wait_for_reports(told, 1, 0);
	run_for(1.2);
	listen_on_cable(router_mac, 0, see, &seen);
	rule(seen.count && !strcmp(vrrp_addr_str(&seen.source, text), source),
	     "kind %d to %s: it came from %s and not from %s", kind, server, text, source);
	free_probes();
}

static void the_source_wanted_is_used(void **state)
{
	start_nginx();
	source_is_used(TCP, SERVER4, SOURCE4);
	source_is_used(TCP, SERVER6, SOURCE6);
	source_is_used(ICMP, SERVER4, SOURCE4);
	source_is_used(ICMP, SERVER6, SOURCE6);
	source_is_used(HTTP, SERVER4, SOURCE4);
	source_is_used(HTTP, SERVER6, SOURCE6);
	stop_nginx();
}

static void a_source_that_is_not_here_is_told(void **state)
{
	static const enum vrrp_probe_kind kinds[] = { TCP, ICMP, HTTP };

	for (size_t i = 0; i < 2 * array_size(kinds); i++) {
		struct vrrp_probe_conf conf = conf_of(kinds[i / 2]);

		conf.source = address(i % 2 ? "2001:db8::77" : "192.0.2.77");
		begin_probe(&conf, i % 2 ? SERVER6 : SERVER4, PORT_HTTP);
	}
	for (size_t i = 0; i < 2 * array_size(kinds); i++) {
		wait_for_reports(&pool[i], 1, 10);
		rule(!pool[i].up && !strcmp(pool[i].reason, "no such source address here"),
		     "kind %d: %s", kinds[i / 2], pool[i].reason);
	}
}

static void a_source_of_the_other_family_is_not_used(void **state)
{
	struct vrrp_probe_conf conf = conf_of(ICMP);
	struct told *told;

	conf.source = address(SOURCE6);
	told = begin_probe(&conf, SERVER4, 0);
	wait_for_reports(told, 1, 10);
	rule(told->up, "an IPv6 source, an IPv4 server: %s", told->reason);
}

static void the_servers_program_hears_of_no_tcp_try(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	int fd = listen_on_peer(PORT_HTTP);
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	struct told *told;

	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	wait_for_reports(told, 1, 10);
	rule(told->up, "it listens, but %s", told->reason);
	rule(poll(&waiting, 1, 200) == 0, "there is a connection to accept");
	rule(!strstr(output("ss -Htan"), "TIME-WAIT"), "a socket stays behind: %s",
	     output("ss -Htan"));
	close(fd);
}

/*
 * The peer answers an echo request by hand, with one of its octets changed (-1: none);
 * the checksum is that of the answer, or still that of the request.
 */
static void answer_by_hand(const struct seen *seen, int octet, bool checksum)
{
	struct ether_header ether = { .ether_type = htons(ETHERTYPE_IP),
				      .ether_dhost = { 2, 0, 0, 0, 0, 1 },
				      .ether_shost = { 2, 0, 0, 0, 0, 2 } };
	uint8_t frame[sizeof(ether) + sizeof(seen->echo)];
	uint8_t *ip = frame + sizeof(ether), *icmp = ip + 20;
	uint16_t sum;

	memcpy(frame, &ether, sizeof(ether));
	memcpy(ip, seen->echo, seen->echo_len);
	memcpy(ip + 12, seen->echo + 16, 4);
	memcpy(ip + 16, seen->echo + 12, 4);
	memset(ip + 10, 0, 2);
	sum = in_cksum(ip, 20);
	memcpy(ip + 10, &sum, 2);
	icmp[0] = ICMP_ECHOREPLY;
	if (octet >= 0)
		icmp[octet] ^= 1;
	if (checksum) {
		memset(icmp + 2, 0, 2);
		sum = in_cksum(icmp, seen->echo_len - 20);
		memcpy(icmp + 2, &sum, 2);
	}
	rule(send(cable, frame, sizeof(ether) + seen->echo_len, 0) > 0, "the peer cannot answer");
}

static void only_the_servers_own_answer_is_believed(void **state)
{
	enum { TYPE = 0, IDENTIFIER = 4, SEQUENCE = 6, COOKIE = 8 };
	struct vrrp_probe_conf conf = conf_of(ICMP);
	struct told *told;
	struct seen seen = {};
	double limit = seconds() + 10;

	rule(on_peer("sysctl -qw net.ipv4.icmp_echo_ignore_all=1"), "the peer answers itself");
	conf.timeout_sec = 60;
	told = begin_probe(&conf, SERVER4, 0);
	while (!seen.count && seconds() < limit) {
		turn();
		listen_on_cable(router_mac, 0, see, &seen);
	}
	rule(seen.count == 1, "%u echo requests", seen.count);
	answer_by_hand(&seen, TYPE, true);
	answer_by_hand(&seen, IDENTIFIER, true);
	answer_by_hand(&seen, SEQUENCE, true);
	answer_by_hand(&seen, COOKIE, true);
	answer_by_hand(&seen, -1, false);
	run_for(0.3);
	rule(!told->reports, "a wrong answer was believed");
	memcpy(seen.echo + 16, (uint8_t[]){ 192, 0, 2, 3 }, 4);
	answer_by_hand(&seen, -1, true);
	run_for(0.1);
	rule(!told->reports, "somebody else's answer was believed");
	memcpy(seen.echo + 16, (uint8_t[]){ 192, 0, 2, 2 }, 4);
	answer_by_hand(&seen, -1, true);
	wait_for_reports(told, 1, 10);
	rule(told->up, "the right answer was not believed: %s", told->reason);
}

/* --------------------------------------------------------------- kept connections */

static struct told *begin_kept(enum vrrp_probe_kind kind, uint16_t port, uint16_t keepalive_sec,
			       const char *match, uint16_t interval_sec)
{
	struct vrrp_probe_conf conf = conf_of(kind);

	conf.interval_sec = interval_sec;
	conf.path = "/nth";
	conf.match = match;
	conf.keepalive_sec = keepalive_sec;
	return begin_probe(&conf, SERVER4, port);
}

static void wait_for_tries(const struct told *told, unsigned int count, double limit)
{
	double end = seconds() + limit;

	while (state_of(told).successes + state_of(told).failures < count && seconds() < end)
		turn();
	rule(state_of(told).successes + state_of(told).failures >= count, "not %u tries in %.0f s",
	     count, limit);
}

static unsigned int connections(void)
{
	return atoi(output("ss -Htn state established | wc -l"));
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

	listen_on_cable(router_mac, 0, see, &seen);
	memset(&seen, 0, sizeof(seen));
	some = begin_kept(HTTP, PORT_HTTP, 3, "request", 1);
	wait_for_tries(some, 12, 20);
	listen_on_cable(router_mac, 0, see, &seen);
	rule(!state_of(some).failures, "%s", state_of(some).reason);
	rule(seen.count >= 3 && seen.count <= 7, "%u connections in 12 tries", seen.count);
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
	rule(connections() == 2, "%u connections", connections());
	vrrp_probe_free(&from_one->probe);
	rule(connections() == 1, "a freed probe leaves its connection: %u", connections());
	stop_nginx();
}

/* ------------------------------------------------------------------------- freeing */

static void probes_can_be_freed_at_any_time(void **state)
{
	start_nginx();
	start_strange_servers();
	for (int round = 0; round < 12; round++) {
		for (size_t i = 0; i < array_size(rows); i++)
			begin_row(&rows[i], round % 2 ? 3600 : 0);
		run_for(round * 0.15);
		free_probes();
	}
	stop_nginx();
}

static void a_report_may_free_its_probe(void **state)
{
	start_nginx();
	start_strange_servers();
	for (size_t i = 0; i < array_size(rows); i++)
		begin_row(&rows[i], i % 2 ? 3600 : 0)->free_it = true;
	for (size_t i = 0; i < array_size(rows); i++) {
		wait_for_reports(&pool[i], 1, 10);
		rule(!pool[i].probe && !strcmp(pool[i].reason, rows[i].reason), "row %zu: %s", i,
		     pool[i].reason);
	}
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

	conf.timeout_sec = 3;
	told = begin_probe(&conf, NOBODY4, 0);
	wait_for_reports(told, 1, 10);
	listen_on_cable(router_mac, 0, see, &seen);
	rule(seen.count == 1 || seen.count == 2, "%u requests in a try of 3 s", seen.count);
	rule(!strcmp(told->reason, "no answer in 3 s"), "it is said: %s", told->reason);
}

static void tries_are_spread_over_the_interval(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	unsigned int tenths[10] = {}, used = 0;
	double start = seconds();

	conf.interval_sec = 2;
	for (unsigned int i = 0; i < 100; i++)
		begin_probe(&conf, SERVER4, PORT_CLOSED);
	for (unsigned int i = 0; i < 100; i++)
		wait_for_reports(&pool[i], 1, 10);
	for (unsigned int i = 0; i < 100; i++)
		tenths[MIN(9, (unsigned int)((pool[i].when - start) / 0.2))]++;
	for (unsigned int i = 0; i < 10; i++)
		used += tenths[i] > 0;
	rule(used >= 5, "100 first tries in %u tenths of the interval", used);
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
	unsigned int kept, most = 0;

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
	kept = connections();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	rule(kept >= 100 && kept <= 144, "%u connections are kept", kept);
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
	double limit;

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
	rule(connections() > 100, "%u connections are kept", connections());
	begin_crowd(&conf, 300);
	limit = seconds() + 10;
	while (connections() > 60 && seconds() < limit)
		run_for(0.1);
	rule(connections() <= 60, "%u connections are kept while others wait", connections());
	for (unsigned int i = 0; i < kept; i++)
		rule(!state_of(&pool[i]).failures, "%s", state_of(&pool[i]).reason);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	stop_nginx();
	vrrp_probe_init();
}

static void what_we_lack_is_no_fault_of_the_server(void **state)
{
	struct rlimit before, none;
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct told *told;
	int fd = listen_on_peer(PORT_HTTP), lowest = dup(0);

	close(lowest);
	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	wait_for_reports(told, 1, 10); /* what all share is open now */
	vrrp_probe_free(&told->probe);

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	lowest = dup(0);
	close(lowest);
	none.rlim_cur = lowest;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	run_for(2);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	rule(!told->reports && !state_of(told).failures, "without descriptors the server is %s: %s",
	     told->up ? "up" : "down", told->reason);
	wait_for_reports(told, 1, 10);
	rule(told->up, "with descriptors it is down: %s", told->reason);
	close(fd);
}

/* A loop with so much other work that a tenth of what is wanted can be done. */
static void a_machine_that_lags_fails_no_server(void **state)
{
	static const enum vrrp_probe_kind kinds[] = { TCP, HTTP, HTTPS, ICMP };
	static const uint16_t ports[] = { PORT_HTTP, PORT_HTTP, PORT_HTTPS, 0 };
	uint64_t tries = 0, failures = 0;
	double end = seconds() + 10, busy;

	start_nginx();
	for (unsigned int i = 0; i < CROWD; i++) {
		struct vrrp_probe_conf conf = conf_of(kinds[i % 4]);

		conf.fall = 20;
		begin_probe(&conf, SERVER4, ports[i % 4]);
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
	rule(tries > CROWD / 4 && tries < 8 * CROWD, "%u tries in 10 s", (unsigned int)tries);
	stop_nginx();
}

static void a_dead_network_does_not_keep_the_event_loop(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	double start, last, worst = 0, cpu;

	kill_the_network();
	begin_crowd(&conf, CROWD);
	run_for(2);
	start = last = seconds();
	cpu = clock() / (double)CLOCKS_PER_SEC;
	while (seconds() < start + 5) {
		turn(); /* 10 ms, when nothing else happens */
		worst = MAX(worst, seconds() - last);
		last = seconds();
	}
	cpu = clock() / (double)CLOCKS_PER_SEC - cpu;
	print_message("%u dead servers: %.1f %% of a core, longest turn %.1f ms\n", CROWD,
		      cpu * 100 / 5, worst * 1000);
	rule(known_of_crowd(CROWD) >= CROWD / 2, "only %u of %u were tried", known_of_crowd(CROWD),
	     CROWD);
	/* ten times what is usual: this machine may have other work */
	rule(worst < 0.5, "the event loop stood still for %.0f ms", worst * 1000);
	rule(cpu < 5, "all of the processor is taken");
}

/* ------------------------------------------------------------------- configuration */

static void a_probe_knows_its_configuration(void **state)
{
	struct vrrp_probe_conf conf = conf_of(HTTP), other;
	char path[] = "/health";
	struct told *told;

	conf.path = path;
	conf.match = "fine";
	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	rule(vrrp_probe_is(told->probe, &conf), "it is another one from the start");
	other = conf;
	other.path = "/health";
	rule(vrrp_probe_is(told->probe, &other), "the same text elsewhere is another one");
	path[1] = 'w';
	rule(!vrrp_probe_is(told->probe, &conf), "the caller's text is not copied");
	path[1] = 'h';
#define DIFFERS(field, value)                                                                      \
	other = conf;                                                                              \
	other.field = value;                                                                       \
	rule(!vrrp_probe_is(told->probe, &other), "another %s is the same", #field)
	DIFFERS(kind, HTTPS);
	DIFFERS(interval_sec, 2);
	DIFFERS(timeout_sec, 2);
	DIFFERS(fall, 2);
	DIFFERS(rise, 2);
	DIFFERS(source, address(SOURCE4));
	DIFFERS(host, "www.example.net");
	DIFFERS(status, 200);
	DIFFERS(match, NULL);
	DIFFERS(keepalive_sec, 60);
	vrrp_probe_free(&told->probe);
	rule(!told->probe, "it is freed, but not forgotten");
}

#define test_probe(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_probe(each_result_has_its_reason),
		test_probe(the_first_result_alone_decides),
		test_probe(health_changes_after_results_in_a_row),
		test_probe(the_source_wanted_is_used),
		test_probe(a_source_that_is_not_here_is_told),
		test_probe(a_source_of_the_other_family_is_not_used),
		test_probe(the_servers_program_hears_of_no_tcp_try),
		test_probe(only_the_servers_own_answer_is_believed),
		test_probe(a_connection_serves_until_a_try_fails),
		test_probe(a_connection_serves_so_long_and_no_longer),
		test_probe(a_server_may_close_a_kept_connection),
		test_probe(a_kept_connection_is_the_probes_own),
		test_probe(probes_can_be_freed_at_any_time),
		test_probe(a_report_may_free_its_probe),
		test_probe(a_slow_try_is_alone),
		test_probe(tries_are_spread_over_the_interval),
		test_probe(with_few_descriptors_all_have_their_turn),
		test_probe(kept_connections_leave_descriptors_for_others),
		test_probe(kept_connections_give_way_to_tries),
		test_probe(what_we_lack_is_no_fault_of_the_server),
		test_probe(a_machine_that_lags_fails_no_server),
		test_probe(a_dead_network_does_not_keep_the_event_loop),
		test_probe(a_probe_knows_its_configuration),
	};

	zprivs_preinit(&vrrp_privs);
	zprivs_init(&vrrp_privs);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
