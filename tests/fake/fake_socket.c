// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A socket for each VRF and family; it delivers the one datagram of the present fake_receive(). The
 * descriptors are numbers that the kernel does not know, so they must not be passed to it.
 */
#include "fake_host.h"

#include <netinet/ip.h>

#include "vrrp_pktinfo.h"
#include "vrrp_socket.h"

#define FIRST_FD 100000

static struct vrrp_sock socks[2][FAKE_VRFS];
static const struct vrrp_datagram *arriving;
static ifindex_t arriving_on;

/* The linker replaces the system's functions by these (-Wl,--wrap). */
int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags,
		    struct timespec *timeout);

int vrrp_socket_get(vrf_id_t vrf_id, enum vrrp_family family, struct vrrp_sock **result)
{
	struct vrrp_sock *sock = &socks[family == VRRP_IPV6][vrf_id];

	if (!sock->users++)
		*sock = (struct vrrp_sock){ .vrf_id = vrf_id,
					    .family = family,
					    .users = 1,
					    .fd = FIRST_FD + vrf_id,
					    .fd_vmac = -1 };
	*result = sock;
	return 0;
}

void vrrp_socket_put(struct vrrp_sock *sock)
{
	if (!--sock->users)
		event_cancel(&sock->t_read);
}

int vrrp_socket_join_link(struct vrrp_sock *sock, ifindex_t ifindex)
{
	return 0;
}

void vrrp_socket_leave_link(struct vrrp_sock *sock, ifindex_t ifindex)
{
}

uint8_t vrrp_socket_slot(const struct vrrp_sock *sock, int fd)
{
	return 0;
}

int vrrp_socket_vmac_fd(struct vrrp_sock *sock)
{
	return sock->fd;
}

void vrrp_socket_make_deaf(int fd)
{
}

struct vrrp_sock *vrrp_socket_next(struct vrrp_sock *sock)
{
	return NULL;
}

/* Sending. */

/* The source that the engine has set in the control message (RFC 3542, ip(7)). */
static struct vrrp_addr source_of(struct msghdr *header)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(header);
	const struct in_pktinfo *info = (const void *)CMSG_DATA(c);
	const struct in6_pktinfo *info6 = (const void *)CMSG_DATA(c);

	if (c->cmsg_level == IPPROTO_IP)
		return vrrp_addr_make(VRRP_IPV4, &info->ipi_spec_dst);
	return vrrp_addr_make(VRRP_IPV6, &info6->ipi6_addr);
}

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags)
{
	for (unsigned int i = 0; i < count; i++) {
		struct msghdr *header = &messages[i].msg_hdr;
		struct vrrp_datagram dgram = {
			.src = source_of(header),
			.dst = vrrp_addr_of_sockaddr(header->msg_name),
			.ttl = VRRP_TTL,
			.data = header->msg_iov->iov_base,
			.size = header->msg_iov->iov_len,
		};

		fake_host->sends(fd - FIRST_FD, &dgram);
	}
	return count;
}

/* Receiving. */

/* Room for the data of another control message. */
static void *add_control(struct msghdr *header, int level, int type, size_t size)
{
	struct cmsghdr *c = (void *)((uint8_t *)header->msg_control + header->msg_controllen);

	*c = (struct cmsghdr){ .cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(size) };
	header->msg_controllen += CMSG_SPACE(size);
	return CMSG_DATA(c);
}

static void write_control(struct msghdr *header, const struct vrrp_datagram *dgram)
{
	struct in_pktinfo *info;
	struct in6_pktinfo *info6;
	int *ttl;

	header->msg_controllen = 0;
	if (dgram->dst.family == VRRP_IPV4) {
		info = add_control(header, IPPROTO_IP, IP_PKTINFO, sizeof(*info));
		*info = (struct in_pktinfo){ .ipi_ifindex = arriving_on };
		return;
	}
	info6 = add_control(header, IPPROTO_IPV6, IPV6_PKTINFO, sizeof(*info6));
	*info6 = (struct in6_pktinfo){ .ipi6_ifindex = arriving_on, .ipi6_addr = dgram->dst.v6 };
	ttl = add_control(header, IPPROTO_IPV6, IPV6_HOPLIMIT, sizeof(*ttl));
	*ttl = dgram->ttl;
}

/* A raw IPv4 socket gives the IP header as well. */
static size_t write_octets(uint8_t *to, size_t room, const struct vrrp_datagram *dgram)
{
	struct iphdr *ip = (struct iphdr *)to;
	size_t size = MIN(dgram->size, room - sizeof(*ip));

	if (dgram->dst.family == VRRP_IPV6) {
		memcpy(to, dgram->data, size);
		return size;
	}
	*ip = (struct iphdr){ .version = 4,
			      .ihl = sizeof(*ip) / 4,
			      .ttl = dgram->ttl,
			      .protocol = VRRP_PROTOCOL,
			      .saddr = dgram->src.v4.s_addr,
			      .daddr = dgram->dst.v4.s_addr };
	memcpy(ip + 1, dgram->data, size);
	return size + sizeof(*ip);
}

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags,
		    struct timespec *timeout)
{
	struct msghdr *header = &messages->msg_hdr;
	const struct vrrp_datagram *dgram = arriving;

	arriving = NULL;
	if (!dgram) {
		errno = EAGAIN;
		return -1;
	}
	header->msg_namelen = vrrp_addr_sockaddr(&dgram->src, 0, header->msg_name);
	messages->msg_len = write_octets(header->msg_iov->iov_base, header->msg_iov->iov_len, dgram);
	write_control(header, dgram);
	return 1;
}

bool fake_receive(unsigned int number, const struct vrrp_datagram *dgram)
{
	struct vrrp_sock *sock = &socks[dgram->dst.family == VRRP_IPV6][number];

	if (!sock->t_read)
		return false;
	arriving = dgram;
	arriving_on = number;
	fake_event_runs(sock->t_read);
	return true;
}
