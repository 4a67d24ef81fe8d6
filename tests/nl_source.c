// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns dummy
 *
 * The source address of a router's own connections while it has VIPs: never a VIP while there is
 * another address, unless it is requested. ip(8) and a socket are the witnesses.
 */
#include "nl_test.h"

#define VIP4 "192.0.2.1"
#define VIP6 "2001:db8::1"
#define FAR4 "198.51.100.1"
#define FAR6 "2001:db8:ffff::1"

/* A dummy with a VIP of each family, and an uplink without addresses of its own. */
static void router_with_vips(void)
{
	struct nl_link vip0;

	rule_error(nl_link_add_dummy(conn, "vip0", 0, &vip0), 0, "making the dummy");
	rule_error(add(VIP4, vip0.ifindex, 30), 0, "adding an IPv4 VIP");
	rule_error(add(VIP6, vip0.ifindex, 30), 0, "adding an IPv6 VIP");
	/* No DAD: a link-local address is there as soon as the link is. */
	run("ip link add name uplink type veth peer name far");
	run("sysctl -qw net.ipv6.conf.uplink.accept_dad=0");
	run("ip link set dev uplink up && ip link set dev far up");
}

static void routes_by_uplink(void)
{
	run("ip route add default dev uplink");
	run("ip -6 route add default dev uplink metric 10");
}

static void source_of_a_socket(const char *to, char *text, size_t size)
{
	struct nl_addr_key key = key_of(to, 1);
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(9) };
	bool is4 = key.family == AF_INET;
	struct sockaddr *address = is4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
	socklen_t len = is4 ? sizeof(v4) : sizeof(v6);
	int fd = socket(key.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	v4.sin_addr = key.v4;
	v6.sin6_addr = key.v6;
	rule(connect(fd, address, len) == 0, "no way to %s: %s", to, strerror(errno));
	assert_int_equal(getsockname(fd, address, &len), 0);
	inet_ntop(key.family, is4 ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr, text, size);
	close(fd);
}

static void source_is(const char *to, const char *wanted, const char *when)
{
	char socket_says[INET6_ADDRSTRLEN], src[INET6_ADDRSTRLEN + 8];
	const char *route = output("ip route get %s", to);

	snprintf(src, sizeof(src), "src %s ", wanted);
	rule(strstr(route, src), "%s, the source must be %s, but ip says: %s", when, wanted, route);
	source_of_a_socket(to, socket_says, sizeof(socket_says));
	rule(!strcmp(socket_says, wanted), "%s, the source must be %s, but a socket has %s", when,
	     wanted, socket_says);
}

static void source_is_not(const char *to, const char *vip, const char *when)
{
	char socket_says[INET6_ADDRSTRLEN];
	const char *route = output("ip route get %s", to);

	rule(strstr(route, "dev uplink"), "%s, no way to %s: %s", when, to, route);
	rule(!strstr(route, vip), "%s, the VIP is the source: %s", when, route);
	source_of_a_socket(to, socket_says, sizeof(socket_says));
	rule(strcmp(socket_says, vip) != 0, "%s, the VIP is the source of a socket", when);
}

static void a_numbered_uplink_gives_its_own_address(void **state)
{
	router_with_vips();
	run("ip addr add 10.0.0.1/24 dev uplink");
	run("ip addr add 2001:db8:a::1/64 dev uplink nodad");
	routes_by_uplink();
	source_is(FAR4, "10.0.0.1", "on a numbered uplink");
	source_is(FAR6, "2001:db8:a::1", "on a numbered uplink");
}

static void an_unnumbered_uplink_gives_the_loopback_address(void **state)
{
	router_with_vips();
	run("ip addr add 10.255.0.1/32 dev lo");
	run("ip addr add 2001:db8:ff::1/128 dev lo");
	rule(uses("lo", "2001:db8:ff::1"), "lo does not use its address");
	routes_by_uplink();
	source_is(FAR4, "10.255.0.1", "on an unnumbered uplink");
	source_is(FAR6, "2001:db8:ff::1", "on an unnumbered uplink");
}

static void the_vip_is_the_source_when_it_is_asked_for(void **state)
{
	router_with_vips();
	run("ip addr add 10.0.0.1/24 dev uplink");
	run("ip addr add 2001:db8:a::1/64 dev uplink nodad");
	run("ip route add default dev uplink src " VIP4);
	run("ip -6 route add default dev uplink metric 10 src " VIP6);
	source_is(FAR4, VIP4, "by a route with src set to the VIP");
	source_is(FAR6, VIP6, "by a route with src set to the VIP");
}

static void ipv4_takes_no_source_rather_than_the_vip(void **state)
{
	router_with_vips();
	routes_by_uplink();
	source_is_not(FAR4, VIP4, "with no other address on the router");
}

/*
 * Linux prefers a deprecated address to one of too small a scope, and the uplink has only a
 * link-local one. The guide tells operators of such a router to give the loopback an address
 * (above) or to set this sysctl.
 */
static void ipv6_takes_the_vip_for_want_of_any_other_unless_told_not_to(void **state)
{
	router_with_vips();
	routes_by_uplink();
	source_is(FAR6, VIP6, "with no other global address on the router (if not: good news)");
	run("sysctl -qw net.ipv6.conf.uplink.use_oif_addrs_only=1");
	rule(comes_to_print("local fe80:", "ip -6 route show table local dev uplink"),
	     "the uplink has no link-local address");
	source_is_not(FAR6, VIP6, "with use_oif_addrs_only");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_numbered_uplink_gives_its_own_address),
		test(an_unnumbered_uplink_gives_the_loopback_address),
		test(the_vip_is_the_source_when_it_is_asked_for),
		test(ipv4_takes_no_source_rather_than_the_vip),
		test(ipv6_takes_the_vip_for_want_of_any_other_unless_told_not_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
