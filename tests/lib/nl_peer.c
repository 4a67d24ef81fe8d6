// SPDX-License-Identifier: GPL-2.0-or-later
#include "nl_peer.h"

int router_ns = -1, peer_ns = -1, cable = -1;

void enter_ns(int ns)
{
	rule(setns(ns, CLONE_NEWNET) == 0, "the test could not change its namespace: %s",
	     strerror(errno));
}

bool on_peer(const char *format, ...)
{
	const char *command = format_command(format);
	int rc;

	enter_ns(peer_ns);
	rc = system(command);
	enter_ns(router_ns);
	return rc == 0;
}

static int open_cable(void)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

	where.sll_ifindex = (int)if_nametoindex("far");
	if (fd >= 0 && bind(fd, (struct sockaddr *)&where, sizeof(where)) < 0)
		return -1;
	return fd;
}

void number(const char *ifname, const char *v4, const char *v6)
{
	run("ip addr add %s/24 dev %s && ip addr add %s/64 dev %s nodad", v4, ifname, v6, ifname);
	rule(uses(ifname, v6), "%s of %s is not used", v6, ifname);
}

void number_peer(const char *v4, const char *v6)
{
	enter_ns(peer_ns);
	number("far", v4, v6);
	enter_ns(router_ns);
}

int fresh_lan(void **state)
{
	if (fresh_namespace(state))
		return -1;
	router_ns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (router_ns < 0 || unshare(CLONE_NEWNET) < 0)
		return -1;
	peer_ns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	run("ip link set dev lo up");
	run("ip link add name far address " PEER_MAC
	    " type veth peer name eth0 address " ROUTER_MAC);
	run("ip link set dev eth0 netns /proc/%d/fd/%d", (int)getpid(), router_ns);
	run("sysctl -qw net.ipv6.conf.far.accept_dad=0 && ip link set dev far up");
	cable = open_cable();
	enter_ns(router_ns);
	run("sysctl -qw net.ipv6.conf.eth0.accept_dad=0 && ip link set dev eth0 up");
	return cable < 0 || !link_carries("eth0") || !uses("eth0", ROUTER_LOCAL) ? -1 : 0;
}

int leave_lan(void **state)
{
	close(cable);
	close(peer_ns);
	close(router_ns);
	return leave_namespace(state);
}

void listen_on_cable(const uint8_t *from, int quiet_ms, frame_fn fn, void *arg)
{
	struct pollfd pollfd = { .fd = cable, .events = POLLIN };
	uint8_t frame[2048];
	ssize_t len;

	while (poll(&pollfd, 1, quiet_ms) > 0) {
		len = recv(cable, frame, sizeof(frame), MSG_DONTWAIT);
		if (len >= (ssize_t)sizeof(struct ether_header) &&
		    !memcmp(frame + ETH_ALEN, from, ETH_ALEN))
			fn(frame, len, arg);
	}
}
