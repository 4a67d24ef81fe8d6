/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the netlink modules and by nobody else: requests and their answers.
 */
#ifndef NL_PRIVATE_H
#define NL_PRIVATE_H

#include <stdbool.h>

#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "nl_addr.h"
#include "nl_link.h"
#include "nl_sock.h"

/* One request and what became of it. */
struct nl_call {
	struct nl_msg *msg; /* the caller's */
	int error;	    /* 0 or negative errno; valid once nl_conn_call() returned */
};

/* Called for each message that answers a request and is no acknowledgement. */
typedef void (*nl_answer_fn)(struct nlmsghdr *nlh, void *arg);

/*
 * Sends the requests, in order and by as few system calls as the receive buffer
 * allows, and waits until each is answered. Fills every calls[].error. Returns 0,
 * or the negative errno of the socket itself (then the unanswered calls carry it).
 * A dump the kernel marks as inconsistent ends with -EAGAIN: ask again. A dump
 * is sent alone. A request the kernel leaves without an answer (it does where its
 * work ends with -EINTR) gets -EINTR from the answer to the next one; where that may
 * happen, send one that changes nothing behind it.
 */
int nl_conn_call(struct nl_conn *conn, struct nl_call *calls, size_t count, nl_answer_fn answer,
		 void *arg);

/* One request: its error. Takes msg, which may be NULL (-ENOMEM). */
int nl_conn_call_one(struct nl_conn *conn, struct nl_msg *msg, nl_answer_fn answer, void *arg);

/* A bound socket of a netlink protocol: its fd or negative errno. receive_bytes is what to ask for. */
int nl_socket_open(int protocol, int type_flags, int receive_bytes);

/* nl_conn_new() for any protocol. */
int nl_conn_open(struct nl_conn **conn, int protocol);

/*
 * One datagram from the kernel, without waiting: its length, or negative errno
 * (-EAGAIN: nothing there; -EMSGSIZE: cut off). Those of other processes are passed over.
 */
ssize_t nl_socket_read(int fd, void *buffer, size_t size);

/*
 * Throws away all that is queued, lost events and datagrams cut off included: 0, or the
 * negative errno of a broken socket. buffer is for scratch.
 */
int nl_socket_discard(int fd, void *buffer, size_t size);

/* Room for any datagram the kernel builds for a dump or an event. */
#define NL_DATAGRAM_BYTES (64 * 1024)

/* The message that adds, replaces (by flags) or deletes an address; NULL: no memory. */
struct nl_msg *nl_addr_msg_new(const struct nl_addr_key *key, uint32_t lease_sec, int flags);
struct nl_msg *nl_addr_msg_del(const struct nl_addr_key *key);

/* The message that deletes the route the kernel made of an IPv6 address; NULL: no memory. */
struct nl_msg *nl_route_msg_del_prefix(const struct nl_addr_key *key);

/* Whether nlh is a complete message about an IPv4 or IPv6 address; fills *info. */
bool nl_addr_info_parse(struct nlmsghdr *nlh, struct nl_addr_info *info);

/* The addresses of one family and link (0: all), by dump. fn may use conn. */
int nl_addr_dump_family(struct nl_conn *conn, int family, int ifindex, nl_addr_fn fn, void *arg);

/* Length of the key's address, and whether two keys name the same one for the kernel. */
size_t nl_addr_bytes(int family);
int nl_addr_key_cmp(const struct nl_addr_key *a, const struct nl_addr_key *b);

/* A message about a link, by index or name (NULL: by index alone); NULL: no memory. */
struct nl_msg *nl_link_msg(int type, int flags, const struct ifinfomsg *ifi, const char *name);

/* Whether nlh is a complete message about a link, not one about a bridge's port; fills *link. */
bool nl_link_parse(struct nlmsghdr *nlh, struct nl_link *link);

/* Whether a link may be made under this name. */
bool nl_link_name_valid(const char *name);

/* Steps in the making of a link of ours, and the end of it. 0 or negative errno. */
int nl_link_mark(struct nl_conn *conn, int ifindex);
int nl_link_addrgen_none(struct nl_conn *conn, int ifindex);
int nl_link_remove(struct nl_conn *conn, int ifindex);

#endif /* NL_PRIVATE_H */
