// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_witness_socket.h"

#include "memory.h"
#include "network.h"

#include "vrrp_memory.h"
#include "vrrp_pktinfo.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_WITNESS_SOCK, "VRRP socket of promises");

DECLARE_DLIST(vrrp_witness_socks, struct vrrp_witness_sock, item);

/* Datagrams read in a row before others have their turn. */
#define BATCH 64

static struct vrrp_witness_socks_head socks = INIT_DLIST(socks);
static vrrp_witness_heard_fn handler;

/* False: there is nothing to read. */
static bool read_one(struct vrrp_witness_sock *sock)
{
	uint8_t octets[VRRP_PROMISE_SIZE + 1];
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct vrrp_addr address;
	ssize_t size = recvfrom(sock->watch.fd, octets, sizeof(octets), MSG_DONTWAIT,
				(struct sockaddr *)&from, &from_len);

	if (size < 0)
		return false;
	address = vrrp_addr_of_sockaddr(&from);
	handler(sock, &address, octets, size);
	return true;
}

/* The handler may do without the socket meanwhile. */
void vrrp_witness_socket_read(struct vrrp_witness_sock *sock)
{
	unsigned int left = BATCH;

	sock->users++;
	while (left-- > 0 && read_one(sock))
		;
	vrrp_witness_socket_put(&sock);
}

static void on_readable(struct vrrp_watch *watch, uint32_t events)
{
	vrrp_witness_socket_read(container_of(watch, struct vrrp_witness_sock, watch));
}

static int open_socket(vrf_id_t vrf_id, enum vrrp_family family, uint16_t port)
{
	struct vrrp_addr any = { .family = family };
	struct sockaddr_storage here;
	socklen_t len = vrrp_addr_sockaddr(&any, port, &here);
	int fd = vrrp_vrf_socket(vrf_id, family, SOCK_DGRAM, 0), on = 1, error;

	if (fd < 0)
		return fd;
	if (family == VRRP_IPV6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&here, len) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}

static struct vrrp_witness_sock *find(vrf_id_t vrf_id, enum vrrp_family family, uint16_t port)
{
	struct vrrp_witness_sock *sock;

	frr_each (vrrp_witness_socks, &socks, sock)
		if (sock->vrf_id == vrf_id && sock->family == family && sock->port == port)
			return sock;
	return NULL;
}

int vrrp_witness_socket_get(vrf_id_t vrf_id, enum vrrp_family family, uint16_t port,
			    struct vrrp_witness_sock **result)
{
	struct vrrp_witness_sock *sock = find(vrf_id, family, port);
	int fd, error;

	*result = sock;
	if (sock) {
		sock->users++;
		return 0;
	}
	fd = open_socket(vrf_id, family, port);
	if (fd < 0)
		return fd;
	sock = XCALLOC(MTYPE_VRRP_WITNESS_SOCK, sizeof(*sock));
	*sock = (struct vrrp_witness_sock){ .watch = { .fd = fd, .ready = on_readable },
					    .vrf_id = vrf_id,
					    .family = family,
					    .port = port,
					    .users = 1 };
	error = vrrp_watch_begin(&sock->watch, EPOLLIN);
	if (error) {
		close(fd);
		XFREE(MTYPE_VRRP_WITNESS_SOCK, sock);
		return error;
	}
	vrrp_witness_socks_add_tail(&socks, sock);
	*result = sock;
	return 0;
}

void vrrp_witness_socket_put(struct vrrp_witness_sock **sock)
{
	struct vrrp_witness_sock *one = *sock;

	*sock = NULL;
	if (!one || --one->users)
		return;
	vrrp_witness_socks_del(&socks, one);
	vrrp_watch_end(&one->watch);
	close(one->watch.fd);
	XFREE(MTYPE_VRRP_WITNESS_SOCK, one);
}

int vrrp_witness_socket_send(const struct vrrp_witness_sock *sock, const struct vrrp_addr *source,
			     ifindex_t ifindex, const struct vrrp_addr *to,
			     const uint8_t octets[VRRP_PROMISE_SIZE])
{
	uint8_t control[VRRP_PKTINFO_ROOM] = {};
	struct iovec iov = { (uint8_t *)octets, VRRP_PROMISE_SIZE };
	struct sockaddr_storage address;
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = vrrp_addr_sockaddr(to, sock->port, &address),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	vrrp_pktinfo_set(&message, sock->family, source, vrrp_addr_is_linklocal(to) ? ifindex : 0);
	return sendmsg(sock->watch.fd, &message, MSG_DONTWAIT) < 0 ? -errno : 0;
}

void vrrp_witness_socket_init(vrrp_witness_heard_fn heard)
{
	handler = heard;
}
