// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The request socket.
 *
 * A nl_conn owns one netlink socket and one receive buffer. Answers are matched to requests by
 * sequence number. The requests of one call have consecutive numbers, so an answer's index is its
 * number minus the first. Any other answer (one that came after its call had given up) is ignored.
 *
 * The kernel executes a request inside sendmsg(), so its answer is queued on our socket before we
 * read. So the receive buffer limits how many requests may be sent at once: each acknowledgement
 * takes a kernel buffer, far larger than its 36 bytes, and one for which there is no room is lost.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "nl_sock_private.h"

#define ANSWER_TIMEOUT_MS 5000

/* Requests per sendmsg(). Their acknowledgements take some 0.8 KiB each. */
#define CALLS_AT_ONCE 256
#define RECEIVE_BYTES (1024 * 1024)

/* More than a full receive buffer can hold. */
#define DISCARD_AT_MOST 65536

/* nl_call.error until the answer is there. */
#define UNANSWERED 1

struct nl_conn {
	int fd;
	uint32_t seq;
	uint8_t buffer[NL_DATAGRAM_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* The requests of a call that were sent and are not all answered. */
struct flight {
	struct nl_call *calls;
	size_t count;
	size_t unanswered;
	size_t passed; /* all requests before this one are answered */
	uint32_t first_seq;
	nl_answer_fn answer;
	void *arg;
	bool inconsistent;
};

static void socket_option(int fd, int level, int option, int value)
{
	/* Best effort: an old kernel may lack each of these options. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

int nl_socket_open(int protocol, int type_flags, int receive_bytes)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int fd;

	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | type_flags, protocol);
	if (fd < 0)
		return -errno;

	socket_option(fd, SOL_SOCKET, SO_RCVBUF, receive_bytes);
	socket_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, receive_bytes);
	socket_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
	socket_option(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);

	if (bind(fd, (struct sockaddr *)&self, sizeof(self)) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

ssize_t nl_socket_read(int fd, void *buffer, size_t size)
{
	struct sockaddr_nl from = {};
	struct iovec iov = { .iov_base = buffer, .iov_len = size };
	struct msghdr hdr;
	ssize_t len;

	do {
		hdr = (struct msghdr){
			.msg_name = &from,
			.msg_namelen = sizeof(from),
			.msg_iov = &iov,
			.msg_iovlen = 1,
		};
		len = recvmsg(fd, &hdr, MSG_DONTWAIT);
	} while ((len < 0 && errno == EINTR) || (len >= 0 && from.nl_pid != 0));

	if (len < 0)
		return -errno;
	if (hdr.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	return len;
}

int nl_socket_discard(int fd, void *buffer, size_t size)
{
	ssize_t len = 0;

	for (int i = 0; i < DISCARD_AT_MOST && len != -EAGAIN; i++) {
		len = nl_socket_read(fd, buffer, size);
		if (len < 0 && len != -EAGAIN && len != -ENOBUFS && len != -EMSGSIZE)
			return len;
	}
	return 0;
}

int nl_conn_open(struct nl_conn **connp, int protocol)
{
	struct nl_conn *conn;
	int fd;

	*connp = NULL;
	conn = calloc(1, sizeof(*conn));
	if (!conn)
		return -ENOMEM;

	fd = nl_socket_open(protocol, 0, RECEIVE_BYTES);
	if (fd < 0) {
		free(conn);
		return fd;
	}
	conn->fd = fd;
	conn->seq = 1;
	*connp = conn;
	return 0;
}

int nl_conn_new(struct nl_conn **conn)
{
	return nl_conn_open(conn, NETLINK_ROUTE);
}

void nl_conn_free(struct nl_conn **connp)
{
	if (!*connp)
		return;
	close((*connp)->fd);
	free(*connp);
	*connp = NULL;
}

static int flight_send(struct nl_conn *conn, struct flight *flight)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec iov[CALLS_AT_ONCE];
	struct msghdr hdr = {
		.msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
		.msg_iov = iov,
		.msg_iovlen = flight->count,
	};
	ssize_t sent;

	for (size_t i = 0; i < flight->count; i++) {
		struct nlmsghdr *nlh = nlmsg_hdr(flight->calls[i].msg);

		nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
		nlh->nlmsg_seq = conn->seq++;
		nlh->nlmsg_pid = 0;
		iov[i].iov_base = nlh;
		iov[i].iov_len = NLMSG_ALIGN(nlh->nlmsg_len);
	}

	do {
		sent = sendmsg(conn->fd, &hdr, 0);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

/*
 * Requests are answered in order. The kernel leaves a request without an answer only if it ended
 * with -EINTR there: so an answer to a later request means -EINTR for those before it.
 */
static void flight_settle(struct flight *flight, size_t index, int error)
{
	flight->calls[index].error = error;
	flight->unanswered--;
	for (; flight->passed < index; flight->passed++) {
		if (flight->calls[flight->passed].error != UNANSWERED)
			continue;
		flight->calls[flight->passed].error = -EINTR;
		flight->unanswered--;
	}
}

static void flight_answer(struct flight *flight, struct nlmsghdr *nlh)
{
	uint32_t index = nlh->nlmsg_seq - flight->first_seq;
	int32_t error = 0;

	if (index >= flight->count || flight->calls[index].error != UNANSWERED)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		flight->inconsistent = true;
	if (nlh->nlmsg_type != NLMSG_ERROR && nlh->nlmsg_type != NLMSG_DONE) {
		if (flight->answer)
			flight->answer(nlh, flight->arg);
		return;
	}

	/* Both begin with the error as an int. */
	if (nlmsg_datalen(nlh) >= (int)sizeof(error))
		error = *(int32_t *)nlmsg_data(nlh);
	if (!error && flight->inconsistent)
		error = -EAGAIN;
	flight_settle(flight, index, error);
}

static int wait_readable(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	int ready;

	do {
		ready = poll(&pollfd, 1, ANSWER_TIMEOUT_MS);
	} while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return -errno;
	return ready ? 0 : -ETIMEDOUT;
}

static int flight_receive(struct nl_conn *conn, struct flight *flight)
{
	while (flight->unanswered) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)conn->buffer;
		ssize_t len = nl_socket_read(conn->fd, conn->buffer, sizeof(conn->buffer));
		int rest = len;

		if (len == -EAGAIN)
			len = wait_readable(conn->fd);
		if (len < 0)
			return len;
		for (; nlmsg_ok(nlh, rest); nlh = nlmsg_next(nlh, &rest))
			flight_answer(flight, nlh);
	}
	return 0;
}

int nl_conn_call(struct nl_conn *conn, struct nl_call *calls, size_t count, nl_answer_fn answer,
		 void *arg)
{
	int err = 0;

	for (size_t i = 0; i < count; i++)
		calls[i].error = UNANSWERED;

	for (size_t done = 0; !err && done < count; done += CALLS_AT_ONCE) {
		size_t part = count - done < CALLS_AT_ONCE ? count - done : CALLS_AT_ONCE;
		struct flight flight = {
			.calls = calls + done,
			.count = part,
			.unanswered = part,
			.first_seq = conn->seq,
			.answer = answer,
			.arg = arg,
		};

		err = flight_send(conn, &flight);
		if (!err)
			err = flight_receive(conn, &flight);
	}

	if (!err)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (calls[i].error == UNANSWERED)
			calls[i].error = err;
	/* The kernel begins no dump (-EBUSY) before the last one has been read to its end. */
	(void)nl_socket_discard(conn->fd, conn->buffer, sizeof(conn->buffer));
	return err;
}

int nl_conn_call_one(struct nl_conn *conn, struct nl_msg *msg, nl_answer_fn answer, void *arg)
{
	struct nl_call call = { .msg = msg };

	if (!msg)
		return -ENOMEM;
	nl_conn_call(conn, &call, 1, answer, arg);
	nlmsg_free(msg);
	return call.error;
}
