/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests and their answers; private to the netlink modules. */
#ifndef NL_SOCK_PRIVATE_H
#define NL_SOCK_PRIVATE_H

#include <stdbool.h>

#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "nl_sock.h"

/* One request and its result. */
struct nl_call {
	struct nl_msg *msg; /* the caller's */
	int error;	    /* 0 or negative errno; valid once nl_conn_call() returned */
};

/* Called for each message that answers a request and is no acknowledgement. */
typedef void (*nl_answer_fn)(struct nlmsghdr *nlh, void *arg);

/*
 * Sends the requests, in order and by as few system calls as the receive buffer allows, and waits
 * until each is answered. Fills every calls[].error. Returns 0, or the negative errno of the socket
 * itself (then the unanswered calls carry it). A dump the kernel marks as inconsistent ends with
 * -EAGAIN: ask again. A dump is sent alone. The kernel leaves a request without an answer if its
 * work ends with -EINTR. The answer to the next request then gives it -EINTR, so where this may
 * happen, send a request that changes nothing after it.
 */
int nl_conn_call(struct nl_conn *conn, struct nl_call *calls, size_t count, nl_answer_fn answer,
		 void *arg);

/* One request: its error. Takes msg, which may be NULL (-ENOMEM). */
int nl_conn_call_one(struct nl_conn *conn, struct nl_msg *msg, nl_answer_fn answer, void *arg);

/* A bound socket of a netlink protocol: its fd or negative errno. receive_bytes: to ask for. */
int nl_socket_open(int protocol, int type_flags, int receive_bytes);

/* nl_conn_new() for any protocol. */
int nl_conn_open(struct nl_conn **conn, int protocol);

/*
 * One datagram from the kernel, without waiting: its length, or negative errno (-EAGAIN: none;
 * -EMSGSIZE: truncated). Datagrams of other processes are ignored.
 */
ssize_t nl_socket_read(int fd, void *buffer, size_t size);

/*
 * Discards all queued datagrams; an overrun or a truncated datagram is not an error. 0, or the
 * negative errno of a broken socket. buffer is scratch space.
 */
int nl_socket_discard(int fd, void *buffer, size_t size);

/* Room for any datagram the kernel builds for a dump or an event. */
#define NL_DATAGRAM_BYTES (64 * 1024)

#endif /* NL_SOCK_PRIVATE_H */
