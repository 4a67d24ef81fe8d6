// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One raw socket of each family serves all echoes; the first one opens it and
 * vrrp_echo_stop() closes it. Requests without an answer are in a hash by their serial
 * number, which is identifier and sequence number on the wire. An answer counts when it
 * comes from the target and has the cookie of that request.
 */
#include "vrrp_echo.h"

#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <sys/random.h>

#include "checksum.h"
#include "jhash.h"
#include "network.h"

#include "vrrp_daemon.h"
#include "vrrp_pktinfo.h"
#include "vrrp_watch.h"

/* Room for a thousand answers while the daemon is busy. */
#define RECEIVE_BUFFER (1024 * 1024)

/* The longest IPv4 header. */
#define IP_HEADER_MOST 60

/* The same layout in both families (RFC 792, RFC 4443 section 4.1). */
struct echo_message {
	uint8_t type, code;
	uint16_t checksum; /* the kernel computes it for IPv6 */
	uint16_t identifier, sequence;
	uint64_t cookie;
} __attribute__((packed));

static int echo_cmp(const struct vrrp_echo *a, const struct vrrp_echo *b)
{
	return numcmp(a->serial, b->serial);
}

static uint32_t echo_hash(const struct vrrp_echo *echo)
{
	return jhash_1word(echo->serial, 0);
}

DECLARE_HASH(vrrp_echoes, struct vrrp_echo, item, echo_cmp, echo_hash);

static struct vrrp_echoes_head echoes = INIT_HASH(echoes);
static uint32_t last_serial;
static struct vrrp_watch socket_v4 = { .fd = -1 }, socket_v6 = { .fd = -1 };

/* ----------------------------------------------------------------------- answers */

static void take_answer(const struct echo_message *answer, const struct vrrp_addr *from)
{
	struct vrrp_echo *echo, key = {
		.serial = (uint32_t)ntohs(answer->identifier) << 16 | ntohs(answer->sequence),
	};

	echo = vrrp_echoes_find(&echoes, &key);
	if (!echo || echo->cookie != answer->cookie || !vrrp_addr_same(&echo->target, from))
		return;
	vrrp_echo_cancel(echo);
	echo->answered(echo);
}

/* The ICMP message in a datagram of a raw socket; NULL: not one for us. */
static const struct echo_message *find_answer(const uint8_t *data, size_t len, bool v4)
{
	size_t header = v4 && len ? (data[0] & 0xf) * 4 : 0;
	const struct echo_message *answer = (const struct echo_message *)(data + header);

	if (len < header + sizeof(*answer))
		return NULL;
	if (v4 && (answer->type != ICMP_ECHOREPLY || in_cksum(answer, len - header)))
		return NULL;
	if (!v4 && answer->type != ICMP6_ECHO_REPLY)
		return NULL;
	return answer;
}

static void read_answer(struct vrrp_watch *sock, uint32_t events)
{
	uint8_t data[IP_HEADER_MOST + sizeof(struct echo_message)];
	const struct echo_message *answer;
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct vrrp_addr address;
	/* MSG_TRUNC returns the full length: a longer message is not an answer to us */
	ssize_t len = recvfrom(sock->fd, data, sizeof(data), MSG_TRUNC, (struct sockaddr *)&from,
			       &from_len);

	if (len < 0)
		return;
	answer = (size_t)len > sizeof(data) ? NULL : find_answer(data, len, sock == &socket_v4);
	address = vrrp_addr_of_sockaddr(&from);
	if (answer)
		take_answer(answer, &address);
}

/* ---------------------------------------------------------------------- requests */

static void accept_only_answers(int fd, bool v4)
{
	struct icmp_filter filter4 = { .data = ~(1U << ICMP_ECHOREPLY) };
	struct icmp6_filter filter6;

	ICMP6_FILTER_SETBLOCKALL(&filter6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter6);
	if (v4)
		(void)setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter4, sizeof(filter4));
	else
		(void)setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6, sizeof(filter6));
}

static void close_socket(struct vrrp_watch *sock)
{
	if (sock->fd < 0)
		return;
	vrrp_watch_end(sock);
	close(sock->fd);
	sock->fd = -1;
}

static int open_socket(struct vrrp_watch *sock)
{
	bool v4 = sock == &socket_v4;
	int bytes = RECEIVE_BUFFER, error = 0;

	if (sock->fd >= 0)
		return 0;
	frr_with_privs (&vrrp_privs) {
		sock->fd = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
				  v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
		error = errno;
		(void)setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	}
	if (sock->fd < 0)
		return -error;
	accept_only_answers(sock->fd, v4);
	sock->ready = read_answer;
	error = vrrp_watch_begin(sock, EPOLLIN);
	if (error)
		close_socket(sock);
	return error;
}

/* Tests a source by bind(): the kernel's error of a send depends on many things. */
bool vrrp_echo_is_here(const struct vrrp_addr *source)
{
	struct sockaddr_storage from;
	socklen_t len = vrrp_addr_sockaddr(source, 0, &from);
	int fd = socket(from.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* another error is of ports that are lacking, say */
	bool here = fd < 0 || bind(fd, (struct sockaddr *)&from, len) == 0 || errno != EADDRNOTAVAIL;

	if (fd >= 0)
		close(fd);
	return here;
}

static int send_request(const struct vrrp_echo *echo, const struct vrrp_echo_path *path, int fd,
			struct echo_message *message)
{
	uint8_t control[VRRP_PKTINFO_ROOM] = {};
	struct iovec iov = { message, sizeof(*message) };
	struct sockaddr_storage to;
	struct msghdr header = {
		.msg_name = &to,
		.msg_namelen = vrrp_addr_sockaddr(&echo->target, 0, &to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	int error;

	vrrp_pktinfo_set(&header, echo->target.family, path->source, path->ifindex);
	if (sendmsg(fd, &header, 0) >= 0)
		return 0;
	error = -errno;
	return path->source && !vrrp_echo_is_here(path->source) ? -EADDRNOTAVAIL : error;
}

static int send_echo(struct vrrp_echo *echo, const struct vrrp_echo_path *path)
{
	bool v4 = echo->target.family == VRRP_IPV4;
	struct vrrp_watch *sock = v4 ? &socket_v4 : &socket_v6;
	struct echo_message message = { .type = v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST };
	int error = open_socket(sock);

	if (error)
		return error;
	message.identifier = htons(echo->serial >> 16);
	message.sequence = htons(echo->serial);
	message.cookie = echo->cookie;
	if (v4)
		message.checksum = in_cksum(&message, sizeof(message));
	return send_request(echo, path, sock->fd, &message);
}

/* Called before the request is sent: if the target is this host, the answer may come at once. */
static void remember(struct vrrp_echo *echo)
{
	if (!last_serial)
		last_serial = (uint32_t)frr_weak_random();
	if (!++last_serial) /* 0 means: not pending */
		last_serial = 1;
	echo->serial = last_serial;
	if (getrandom(&echo->cookie, sizeof(echo->cookie), GRND_NONBLOCK) < 0)
		echo->cookie = (uint64_t)frr_weak_random();
	vrrp_echoes_add(&echoes, echo);
}

int vrrp_echo_send(struct vrrp_echo *echo, const struct vrrp_echo_path *path)
{
	int error;

	vrrp_echo_cancel(echo);
	remember(echo);
	error = send_echo(echo, path);
	if (error)
		vrrp_echo_cancel(echo);
	return error;
}

bool vrrp_echo_is_pending(const struct vrrp_echo *echo)
{
	return echo->serial;
}

void vrrp_echo_cancel(struct vrrp_echo *echo)
{
	if (!vrrp_echo_is_pending(echo))
		return;
	vrrp_echoes_del(&echoes, echo);
	echo->serial = 0;
}

void vrrp_echo_stop(void)
{
	close_socket(&socket_v4);
	close_socket(&socket_v6);
	vrrp_echoes_fini(&echoes);
}
