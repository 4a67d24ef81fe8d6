// SPDX-License-Identifier: GPL-2.0-or-later
#include "nl_probe.h"

DEFINE_MGROUP(VRRPD, "vrrpd");

struct event_loop *master;
struct zebra_privs_t vrrp_privs;
struct told pool[MOST_PROBES];
unsigned int begun;
const uint8_t router_mac[] = { 2, 0, 0, 0, 0, 1 };

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
	"    location = /session { return 200 'session $ssl_session_reused'; }\n"
	"    location / { return 200 'name=$ssl_server_name host=$http_host'; }\n"
	"  }\n"
	"  server {\n"
	"    listen 447 ssl; listen [::]:447 ssl;\n"
	"    ssl_certificate /tmp/nl_probe.address.crt; ssl_certificate_key /tmp/nl_probe.address.key;\n"
	"    location / { return 200 'well'; }\n"
	"  }\n"
	"  server {\n"
	"    listen 448 ssl;\n"
	"    ssl_certificate /tmp/nl_probe.expired.crt; ssl_certificate_key /tmp/nl_probe.expired.key;\n"
	"    location / { return 200 'well'; }\n"
	"  }\n"
	"  server { listen 444 ssl default_server; ssl_reject_handshake on; }\n"
	"  server {\n"
	"    listen 444 ssl; server_name www.example.net;\n"
	"    ssl_certificate /tmp/nl_probe.crt; ssl_certificate_key /tmp/nl_probe.key;\n"
	"    location / { return 200 'well'; }\n"
	"  }\n"
	"}\n";
static pid_t certified_servers[2];
static pid_t strange_servers[7];

void write_file(const char *name, const char *text, size_t len)
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

/* A certificate and its key, once. */
static void certify(const char *name, const char *options)
{
	run("test -e /tmp/nl_probe%s.crt || openssl req -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -subj /CN=other %s -keyout /tmp/nl_probe%s.key "
	    "-out /tmp/nl_probe%s.crt 2>/dev/null",
	    name, options, name, name);
}

void start_nginx(void)
{
	write_file("/tmp/nl_probe.conf", nginx_conf, sizeof(nginx_conf) - 1);
	write_big_body();
	certify("", "-days 2");
	certify(".address", "-days 2 -addext subjectAltName=IP:" SERVER4 ",DNS:www.example.net");
	certify(".expired", "-not_before 20240101000000Z -not_after 20240102000000Z");
	rule(on_peer("nginx -c /tmp/nl_probe.conf"), "nginx does not start");
}

void stop_nginx(void)
{
	run("nginx -c /tmp/nl_probe.conf -s stop");
	/* nginx removes the file when it ends, even if the next nginx has written it */
	rule(comes_to_print("gone", "test -e /tmp/nl_probe.pid || echo gone"), "nginx goes on");
}

/* openssl serves these: nginx accepts a client without a certificate, and refuses it by HTTP. */
static void start_certified_server(pid_t *child, const char *port, const char *version)
{
	enter_ns(peer_ns);
	*child = fork();
	if (*child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("openssl", "openssl", "s_server", "-quiet", "-accept", port, "-cert",
		       "/tmp/nl_probe.crt", "-key", "/tmp/nl_probe.key", version, "-Verify", "1",
		       "-verify_return_error", "-www", NULL);
		_exit(127);
	}
	enter_ns(router_ns);
}

void start_certified_servers(void)
{
	start_certified_server(&certified_servers[0], "445", "-tls1_3");
	start_certified_server(&certified_servers[1], "446", "-tls1_2");
	for (int port = 445; port <= 446; port++)
		rule(on_peer("for i in $(seq 100); do ss -Htln sport = :%d | grep -q . && exit 0; "
			     "sleep 0.1; done; exit 1",
			     port),
		     "openssl does not listen on port %d", port);
}

void end_child(pid_t *child)
{
	if (*child <= 0)
		return;
	kill(*child, SIGKILL);
	waitpid(*child, NULL, 0);
	*child = 0;
}

int listen_on_peer(uint16_t port)
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

/* The server's answer on each connection, after it has read something. */
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

pid_t serve(uint16_t port)
{
	int fd = listen_on_peer(port);
	pid_t child = fork();

	while (child == 0)
		answer(accept(fd, NULL, NULL), port);
	close(fd);
	return child;
}

void start_strange_servers(void)
{
	static const uint16_t ports[] = { PORT_SILENT, PORT_HANGUP, PORT_RESET, PORT_CHAT,
					  PORT_SHORT,  PORT_STREAM, PORT_ONCE };

	for (size_t i = 0; i < array_size(ports); i++)
		strange_servers[i] = serve(ports[i]);
}

static void stop_strange_servers(void)
{
	for (size_t i = 0; i < array_size(strange_servers); i++)
		end_child(&strange_servers[i]);
	for (size_t i = 0; i < array_size(certified_servers); i++)
		end_child(&certified_servers[i]);
}

static void on_tick(struct event *event)
{
}

void turn(void)
{
	struct event *tick = NULL, event;

	event_add_timer_msec(master, on_tick, NULL, 10, &tick);
	if (event_fetch(master, &event))
		event_call(&event);
	event_cancel(&tick);
}

void run_for(double limit)
{
	double end = seconds() + limit;

	while (seconds() < end)
		turn();
}

static void nothing_to_read(void)
{
}

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

struct vrrp_probe_conf conf_of(enum vrrp_probe_kind kind)
{
	return (struct vrrp_probe_conf){
		.kind = kind,
		.interval_msec = 1000,
		.timeout_msec = 1000,
		.fall = 1,
		.rise = 1,
	};
}

struct told *begin_probe(const struct vrrp_probe_conf *conf, const char *server, uint16_t port)
{
	struct vrrp_addr a = address(server);
	struct told *told = &pool[begun++];

	assert_true(begun <= MOST_PROBES);
	told->probe = vrrp_probe_new(conf, &a, port, on_report, told);
	return told;
}

void free_probes(void)
{
	for (unsigned int i = 0; i < begun; i++)
		vrrp_probe_free(&pool[i].probe);
	memset(pool, 0, sizeof(pool));
	begun = 0;
}

struct vrrp_probe_state state_of(const struct told *told)
{
	struct vrrp_probe_state state;

	vrrp_probe_state(told->probe, &state);
	return state;
}

void wait_for_reports(const struct told *told, unsigned int count, double limit)
{
	double end = seconds() + limit;

	while (told->reports < count && seconds() < end)
		turn();
	rule(told->reports >= count, "%u reports after %.0f s, not %u; the last try: %s",
	     told->reports, limit, count, told->probe ? state_of(told).reason : "none");
}

void wait_for_tries(const struct told *told, unsigned int count, double limit)
{
	double end = seconds() + limit;

	while (state_of(told).successes + state_of(told).failures < count && seconds() < end)
		turn();
	rule(state_of(told).successes + state_of(told).failures >= count, "not %u tries in %.0f s",
	     count, limit);
}

int probe_begin(void **state)
{
	if (fresh_lan(state))
		return -1;
	number("eth0", ROUTER4, ROUTER6);
	number("eth0", SOURCE4, SOURCE6);
	run("ip route add unreachable 198.51.100.0/24");
	run("ip neigh add " NOBODY4 " lladdr 02:00:00:00:00:99 dev eth0");
	run("ip neigh add " NOBODY6 " lladdr 02:00:00:00:00:99 dev eth0");
	number_peer(SERVER4, SERVER6);
	rule(on_peer("ip link set lo up"), "the peer has no loopback");
	master = event_master_create("probes");
	vrrp_alarm_init(nothing_to_read);
	vrrp_probe_init();
	return 0;
}

int probe_end(void **state)
{
	stop_strange_servers();
	stop_liars();
	free_probes();
	vrrp_probe_stop();
	vrrp_alarm_stop();
	event_master_free(master);
	return leave_lan(state);
}

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

void see_frame(const uint8_t *frame, size_t len, void *arg)
{
	uint16_t type = ntohs(((const struct ether_header *)frame)->ether_type);

	if (type == ETHERTYPE_IP)
		see4(frame + ETH_HLEN, len - ETH_HLEN, arg);
	else if (type == ETHERTYPE_IPV6)
		see6(frame + ETH_HLEN, arg);
}
