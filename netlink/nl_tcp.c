// SPDX-License-Identifier: GPL-2.0-or-later
/* The C library's struct tcp_info lacks the field that is read here; the kernel's has it. */
#include "nl_tcp.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

uint64_t nl_tcp_octets_read(int fd)
{
	struct tcp_info info = {};
	socklen_t len = sizeof(info);
	int waiting = 0;

	/* in this order: octets that arrive in between count as read, and nothing is negative */
	if (ioctl(fd, FIONREAD, &waiting) < 0 ||
	    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
		return 0;
	return info.tcpi_bytes_received - (unsigned int)waiting;
}
