// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns ipvs dummy
 *
 * IPVS: packets really take the way that the table says.
 */
#include "nl_ipvs_test.h"

/* ----------------------------------------------------------- traffic */

/*
 *	client ---- director ---- farm
 *	     \--------------------/	the farm's own way back
 *
 * The farm has two real servers of each family, the director the VIPs.
 */
static int director_ns, client_ns, farm_ns;

static void go_to(int ns)
{
	assert_int_equal(setns(ns, CLONE_NEWNET), 0);
}

static int here(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static int new_namespace(void)
{
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	run("ip link set dev lo up");
	run("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0");
	return here();
}

static void wire(const char *name, int far_ns, const char *far)
{
	run("ip link add name %s type veth peer name %s netns /proc/%d/fd/%d", name, far, getpid(),
	    far_ns);
	run("ip link set dev %s up", name);
}

static void numbered(const char *name, const char *v4, const char *v6)
{
	run("ip link set dev %s up", name);
	run("ip addr add %s dev %s && ip addr add %s dev %s nodad", v4, name, v6, name);
}

static void build_network(void)
{
	director_ns = here();
	client_ns = new_namespace();
	farm_ns = new_namespace();
	wire("back", client_ns, "back");
	go_to(director_ns);
	wire("clients", client_ns, "eth0");
	wire("farm", farm_ns, "eth0");
	run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
	numbered("clients", "203.0.113.1/24", "2001:db8:c::1/64");
	numbered("farm", "198.51.100.1/24", "2001:db8:f::1/64");
	run("ip link add name vip0 type dummy");
	numbered("vip0", "192.0.2.1/32", "2001:db8::1/128");

	go_to(client_ns);
	numbered("eth0", "203.0.113.2/24", "2001:db8:c::2/64");
	numbered("back", "10.0.0.2/24", "2001:db8:b::2/64");
	run("ip route add 192.0.2.1 via 203.0.113.1");
	run("ip route add 2001:db8::1 via 2001:db8:c::1");

	go_to(farm_ns);
	numbered("eth0", "198.51.100.2/24", "2001:db8:f::2/64");
	numbered("eth0", "198.51.100.3/24", "2001:db8:f::3/64");
	numbered("back", "10.0.0.3/24", "2001:db8:b::3/64");
	run("ip route add default via 198.51.100.1");
	run("ip route add default via 2001:db8:f::1");
	go_to(director_ns);
}

static void leave_network(void)
{
	go_to(director_ns);
	close(client_ns);
	close(farm_ns);
	close(director_ns);
}

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
};

static struct endpoint endpoint(const char *address, uint16_t port)
{
	struct endpoint made = {};

	if (strchr(address, ':')) {
		made.len = sizeof(made.v6);
		made.v6.sin6_family = AF_INET6;
		made.v6.sin6_port = htons(port);
		assert_int_equal(inet_pton(AF_INET6, address, &made.v6.sin6_addr), 1);
	} else {
		made.len = sizeof(made.v4);
		made.v4.sin_family = AF_INET;
		made.v4.sin_port = htons(port);
		assert_int_equal(inet_pton(AF_INET, address, &made.v4.sin_addr), 1);
	}
	return made;
}

static int socket_of(int ns, int family, int type, int protocol)
{
	struct timeval limit = { .tv_sec = 10 };
	int fd;

	go_to(ns);
	fd = socket(family, type | SOCK_CLOEXEC, protocol);
	go_to(director_ns);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

static int listener(int ns, const char *address, uint16_t port)
{
	struct endpoint at = endpoint(address, port);
	int fd = socket_of(ns, at.any.sa_family, SOCK_STREAM, 0);

	rule(bind(fd, &at.any, at.len) == 0 && listen(fd, 8) == 0, "no server can be at %s: %s",
	     address, strerror(errno));
	return fd;
}

/* A TCP connection: the client's end and the server's end. */
struct connection {
	int client, server;
	int which; /* listener */
};

static struct connection connect_to(const char *vip, uint16_t port, const int *listeners,
				    size_t count)
{
	struct endpoint to = endpoint(vip, port);
	struct connection made = { .client = socket_of(client_ns, to.any.sa_family, SOCK_STREAM,
						       0) };
	struct pollfd ready[4] = {};
	int result = connect(made.client, &to.any, to.len);

	rule(result == 0, "the client cannot connect to %s port %u: %s", vip, port, strerror(errno));
	for (size_t i = 0; i < count; i++)
		ready[i] = (struct pollfd){ .fd = listeners[i], .events = POLLIN };
	rule(poll(ready, count, 10000) == 1, "a connection must reach one server");
	while (!ready[made.which].revents)
		made.which++;
	made.server = accept4(listeners[made.which], NULL, NULL, SOCK_CLOEXEC);
	assert_true(made.server >= 0);
	return made;
}

static void carries(const struct connection *connection, const char *when)
{
	char text[8] = "";

	rule(write(connection->client, "to", 2) == 2 && read(connection->server, text, 2) == 2 &&
		     !strcmp(text, "to"),
	     "%s, nothing comes to the server", when);
	rule(write(connection->server, "fro", 3) == 3 && read(connection->client, text, 3) == 3 &&
		     !strcmp(text, "fro"),
	     "%s, nothing comes back", when);
}

static void hang_up(struct connection *connection)
{
	close(connection->client);
	close(connection->server);
}

static struct sight look(const struct nl_ipvs_service *of)
{
	struct sight sight = {};

	rule_error(nl_ipvs_read(ipvs, &of->key, 1, see_service, &sight), 0, "reading a service");
	return sight;
}

/*
 * The counters of the service or server with that name in ipvsadm's output, as five numbers with
 * blanks between.
 */
static void counted_by_ipvsadm(const char *name, char *text, size_t size)
{
	const char *at = strstr(output("ipvsadm -Ln --stats --exact"), name);
	unsigned long long c[5] = {};

	if (at)
		sscanf(at + strlen(name), "%llu %llu %llu %llu %llu", &c[0], &c[1], &c[2], &c[3],
		       &c[4]);
	snprintf(text, size, "%llu %llu %llu %llu %llu ", c[0], c[1], c[2], c[3], c[4]);
}

static void counted_here(const struct nl_ipvs_stats *stats, char *text, size_t size)
{
	snprintf(text, size, "%llu %llu %llu %llu %llu ", (unsigned long long)stats->connections,
		 (unsigned long long)stats->packets_in, (unsigned long long)stats->packets_out,
		 (unsigned long long)stats->bytes_in, (unsigned long long)stats->bytes_out);
}

static void counters_are(const struct nl_ipvs_service *of, const char *const *names, char *ours,
			 char *theirs, size_t size)
{
	struct sight sight = look(of);

	ours[0] = theirs[0] = '\0';
	for (int i = 0; i < 3; i++) {
		char *our_end = ours + strlen(ours), *their_end = theirs + strlen(theirs);

		if (i) {
			*our_end++ = *their_end++ = '|';
			*our_end++ = *their_end++ = ' ';
		}
		counted_here(i ? &sight.servers[i - 1].stats : &sight.state.stats, our_end,
			     size - (size_t)(our_end - ours));
		counted_by_ipvsadm(names[i], their_end, size - (size_t)(their_end - theirs));
	}
}

/* The kernel sums counters up every two seconds, each at its own time. */
static void counters_agree(const struct nl_ipvs_service *of, const char *const *names)
{
	double limit = seconds() + 20;
	char ours[512], theirs[512];

	do {
		struct timespec pause = { .tv_nsec = 100000000 };

		nanosleep(&pause, NULL);
		counters_are(of, names, ours, theirs, sizeof(ours));
	} while (seconds() < limit && (strcmp(ours, theirs) != 0 || strstr(ours, " 0 ")));
	rule(!strcmp(ours, theirs), "read is: %s; but ipvsadm says: %s", ours, theirs);
	rule(!strncmp(ours, "2 ", 2) && !strstr(ours, " 0 "),
	     "two connections, one to each server, are counted as: %s", ours);
}

static void rates_rise(const struct nl_ipvs_service *of, const struct connection *connection)
{
	double limit = seconds() + 20;
	struct sight sight;

	do {
		struct timespec pause = { .tv_nsec = 20000000 };

		carries(connection, "while rates are estimated");
		nanosleep(&pause, NULL);
		sight = look(of);
	} while (seconds() < limit &&
		 (!sight.state.stats.packet_rate_in || !sight.state.stats.byte_rate_in ||
		  !sight.state.stats.packet_rate_out || !sight.state.stats.byte_rate_out));
	rule(seconds() < limit, "packets flow, but their rate stays 0");
}

static void all_carry(const struct connection *connections, size_t count, const char *when)
{
	for (size_t i = 0; i < count; i++)
		carries(&connections[i], when);
}

static void each_server_has_one(const struct nl_ipvs_service *of)
{
	struct sight sight = look(of);

	assert_int_equal(sight.state.servers_count, 2);
	for (size_t i = 0; i < 2; i++)
		rule(sight.servers[i].active == 1 && sight.servers[i].inactive == 0,
		     "%u active, %u inactive where one connection is", sight.servers[i].active,
		     sight.servers[i].inactive);
}

/* No change, and no removal that is undone, may end a connection. */
static void change_and_make_again(struct nl_ipvs_service *wanted, struct nl_ipvs_server *servers)
{
	servers[0].weight = 5;
	snprintf(wanted->scheduler, sizeof(wanted->scheduler), "wlc");
	sync_sends(wanted, 1, 2, "changing scheduler and weight");
	wanted->servers = &servers[1];
	wanted->servers_count = 1;
	sync_sends(wanted, 1, 1, "removing a server");
	wanted->servers = servers;
	wanted->servers_count = 2;
	sync_sends(wanted, 1, 1, "making it again");
	sync_sends(NULL, 0, 1, "removing the service");
	sync_sends(wanted, 1, 3, "making it again");
}

static void masquerading_serves(const char *vip, const char *first, const char *second)
{
	bool v4 = !strchr(vip, ':');
	int listeners[] = { listener(farm_ns, first, 8080), listener(farm_ns, second, 8080) };
	struct nl_ipvs_service wanted = service(v4 ? "tcp 192.0.2.1 80" : "tcp 2001:db8::1 80",
						"rr");
	struct nl_ipvs_server servers[] = {
		server(first, 8080, NL_IPVS_MASQUERADE),
		server(second, 8080, NL_IPVS_MASQUERADE),
	};
	static const char *const names4[] = { "192.0.2.1:80", "198.51.100.2:8080",
					      "198.51.100.3:8080" };
	static const char *const names6[] = { "[2001:db8::1]:80", "[2001:db8:f::2]:8080",
					      "[2001:db8:f::3]:8080" };
	struct connection connections[4];

	wanted.servers = servers;
	wanted.servers_count = 2;
	sync_sends(&wanted, 1, 3, "making a service");
	for (size_t i = 0; i < 2; i++)
		connections[i] = connect_to(vip, 80, listeners, 2);
	all_carry(connections, 2, "through a masquerading service");
	rule(connections[0].which != connections[1].which, "two connections went to one server");
	each_server_has_one(&wanted);
	counters_agree(&wanted, v4 ? names4 : names6);

	/* The first server drains: its connections go on, new ones go elsewhere. */
	servers[0].weight = 0;
	sync_sends(&wanted, 1, 1, "draining a server");
	for (size_t i = 2; i < 4; i++) {
		connections[i] = connect_to(vip, 80, listeners, 2);
		rule(connections[i].which == 1, "a new connection went to a draining server");
	}
	all_carry(connections, 4, "while one server drains");
	if (v4)
		rates_rise(&wanted, &connections[1]);
	/* Without any service of its family, IPVS sees no packets: a late one would be refused. */
	run("ipvsadm -A -t %s:99", v4 ? "192.0.2.1" : "[2001:db8::1]");
	change_and_make_again(&wanted, servers);
	all_carry(connections, 4, "after its service came back");
	for (size_t i = 0; i < 4; i++)
		hang_up(&connections[i]);
	close(listeners[0]);
	close(listeners[1]);
	sync_sends(NULL, 0, 1, "wanting none");
}

static void a_masquerading_service_serves_and_drains(void **state)
{
	build_network();
	masquerading_serves("192.0.2.1", "198.51.100.2", "198.51.100.3");
	masquerading_serves("2001:db8::1", "2001:db8:f::2", "2001:db8:f::3");
	leave_network();
}

/* One real server is the director itself, the other has the VIP on its loopback. */
static void direct_routing_serves(const char *vip, const char *local, const char *remote)
{
	bool v4 = !strchr(vip, ':');
	struct nl_ipvs_service wanted = service(v4 ? "tcp 192.0.2.1 80" : "tcp 2001:db8::1 80",
						"rr");
	struct nl_ipvs_server servers[] = {
		server(local, 80, NL_IPVS_DIRECT),
		server(remote, 80, NL_IPVS_DIRECT),
	};
	struct connection connections[2];
	int listeners[2];

	go_to(farm_ns);
	run("ip addr add %s/%d dev lo %s", vip, v4 ? 32 : 128, v4 ? "" : "nodad");
	run(v4 ? "ip route add 203.0.113.2 via 10.0.0.2"
	       : "ip route add 2001:db8:c::2 via 2001:db8:b::2");
	go_to(director_ns);
	listeners[0] = listener(director_ns, vip, 80);
	listeners[1] = listener(farm_ns, vip, 80);
	wanted.servers = servers;
	wanted.servers_count = 2;
	sync_sends(&wanted, 1, 3, "making a service");
	for (size_t i = 0; i < 2; i++) {
		connections[i] = connect_to(vip, 80, listeners, 2);
		carries(&connections[i], "by direct routing");
	}
	rule(connections[0].which != connections[1].which,
	     "of a local and a remote server only one serves");
	for (size_t i = 0; i < 2; i++) {
		hang_up(&connections[i]);
		close(listeners[i]);
	}
	sync_sends(NULL, 0, 1, "wanting none");
}

static void direct_routing_serves_from_the_director_and_from_afar(void **state)
{
	build_network();
	direct_routing_serves("192.0.2.1", "198.51.100.1", "198.51.100.2");
	direct_routing_serves("2001:db8::1", "2001:db8:f::1", "2001:db8:f::2");
	leave_network();
}

/* Whether the packet ends with a TCP segment to the VIP's port in an IP packet to the VIP. */
static bool has_segment_to_vip(const uint8_t *packet, ssize_t len)
{
	static const uint8_t vip[] = { 192, 0, 2, 1 };

	for (ssize_t at = 0; at + 24 <= len; at++)
		if (packet[at] == 0x45 && packet[at + 9] == IPPROTO_TCP &&
		    !memcmp(packet + at + 16, vip, sizeof(vip)) && packet[at + 22] == 0 &&
		    packet[at + 23] == 80)
			return true;
	return false;
}

/* A connection is begun; the farm gets its first packet wrapped as the server says. */
static void wraps(struct nl_ipvs_server real, int outer_family, int protocol)
{
	bool gue = protocol == IPPROTO_UDP;
	int farm = socket_of(farm_ns, outer_family, gue ? SOCK_DGRAM : SOCK_RAW, gue ? 0 : protocol);
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct endpoint to = endpoint("192.0.2.1", 80);
	struct endpoint at = endpoint("0.0.0.0", 6080);
	int client = socket_of(client_ns, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	uint8_t packet[2048];
	ssize_t len;

	if (gue)
		assert_int_equal(bind(farm, &at.any, at.len), 0);
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service that tunnels");
	assert_int_equal(connect(client, &to.any, to.len), -1);
	assert_int_equal(errno, EINPROGRESS);
	len = recv(farm, packet, sizeof(packet), 0);
	rule(len > 0, "no packet of protocol %d comes to the farm: %s", protocol, strerror(errno));
	rule(has_segment_to_vip(packet, len), "what comes by protocol %d is not for the VIP",
	     protocol);
	close(client);
	close(farm);
	sync_sends(NULL, 0, 1, "wanting none");
}

static void tunnels_wrap_packets_as_they_say(void **state)
{
	struct nl_ipvs_server checked = tunnel("198.51.100.2", NL_IPVS_GUE);

	build_network();
	checked.checksum = true;
	wraps(tunnel("198.51.100.2", NL_IPVS_IPIP), AF_INET, IPPROTO_IPIP);
	wraps(tunnel("198.51.100.2", NL_IPVS_GRE), AF_INET, IPPROTO_GRE);
	wraps(tunnel("198.51.100.2", NL_IPVS_GUE), AF_INET, IPPROTO_UDP);
	wraps(checked, AF_INET, IPPROTO_UDP);
	wraps(tunnel("2001:db8:f::2", NL_IPVS_IPIP), AF_INET6, IPPROTO_IPIP);
	leave_network();
}

/* Connections of the director appear in the farm, which is its backup here. */
static void a_backup_learns_of_the_masters_connections(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "farm", .sync_id = 7 };
	struct nl_ipvs_daemon backup = { .role = NL_IPVS_BACKUP, .ifname = "eth0", .sync_id = 7 };
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server real = server("198.51.100.2", 8080, NL_IPVS_MASQUERADE);
	double limit = seconds() + 20;
	struct connection connection;
	struct nl_ipvs *farm;
	int listening;
	bool learnt;

	build_network();
	go_to(farm_ns);
	assert_int_equal(nl_ipvs_new(&farm), 0);
	rule_error(nl_ipvs_daemon_run(farm, &backup), 0, "starting the backup");
	go_to(director_ns);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting the master");
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service");
	listening = listener(farm_ns, "198.51.100.2", 8080);
	connection = connect_to("192.0.2.1", 80, &listening, 1);
	do {
		struct timespec pause = { .tv_nsec = 20000000 };

		carries(&connection, "with connections synchronised");
		nanosleep(&pause, NULL);
		go_to(farm_ns);
		learnt = strstr(output("cat /proc/net/ip_vs_conn_sync"), "C0000201 0050 C6336402");
		go_to(director_ns);
	} while (!learnt && seconds() < limit);
	rule(learnt, "the backup does not learn of a connection");
	rule_error(nl_ipvs_daemon_stop(farm, NL_IPVS_BACKUP), 0, "stopping the backup");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping the master");
	hang_up(&connection);
	close(listening);
	nl_ipvs_free(&farm);
	leave_network();
}

/* Packets of the client to any address of a network are marked on input. */
static void a_service_by_mark_serves_a_network(void **state)
{
	struct nl_ipvs_service wanted = service("fwmark 7 ipv4", "rr");
	struct nl_ipvs_server real = server("198.51.100.2", 0, NL_IPVS_MASQUERADE);
	static const uint16_t ports[] = { 80, 443 };

	build_network();
	run("tc qdisc add dev clients clsact");
	run("tc filter add dev clients ingress protocol ip matchall action skbedit mark 7");
	run("ip rule add fwmark 7 lookup 7 && ip route add local 192.0.2.128/25 dev lo table 7");
	go_to(client_ns);
	run("ip route add 192.0.2.128/25 via 203.0.113.1");
	go_to(director_ns);
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service by mark");
	for (size_t i = 0; i < COUNT(ports); i++) {
		int listening = listener(farm_ns, "198.51.100.2", ports[i]);
		struct connection connection = connect_to("192.0.2.200", ports[i], &listening, 1);

		carries(&connection, "through a service by mark");
		hang_up(&connection);
		close(listening);
	}
	leave_network();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_masquerading_service_serves_and_drains),
		test(direct_routing_serves_from_the_director_and_from_afar),
		test(tunnels_wrap_packets_as_they_say),
		test(a_backup_learns_of_the_masters_connections),
		test(a_service_by_mark_serves_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
