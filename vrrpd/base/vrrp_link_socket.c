// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_link_socket.h"

#include <zebra.h>

#include <net/if.h>

#include "vrrp_daemon.h"

static int bind_to_link(int fd, const char *ifname)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, ifname, strlen(ifname)) < 0)
			error = -errno;
	}
	return error;
}

static int set_options(int fd, const char *ifname, uint8_t ttl)
{
	struct ip_mreqn link = { .imr_ifindex = (int)if_nametoindex(ifname) };
	int hops = ttl, off = 0;

	if (!link.imr_ifindex)
		return -ENODEV;
	if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &link, sizeof(link)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off)) < 0)
		return -errno;
	return bind_to_link(fd, ifname);
}

int vrrp_link_socket(const char *ifname, uint8_t ttl)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -errno;
	error = set_options(fd, ifname, ttl);
	if (error)
		close(fd);
	return error ? error : fd;
}

int vrrp_link_socket_hear(int fd, const char *ifname, uint32_t group, uint16_t port)
{
	struct ip_mreqn membership = {
		.imr_multiaddr.s_addr = group,
		.imr_ifindex = (int)if_nametoindex(ifname),
	};
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = group, /* so that nothing else is heard */
		.sin_port = port,
	};
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof(membership)) < 0)
		return -errno;
	return 0;
}
