/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's rtnetlink connection: a socket for requests, in the network namespace of the process
 * at the time of opening. Events have a separate socket (nl_monitor, in nl_addr.h).
 *
 * Requests go in batches: nl_batch_*() of nl_addr.h queue, nl_batch_commit() sends all of them by
 * as few system calls as possible and collects every acknowledgement. No answer of the kernel for 5
 * seconds is -ETIMEDOUT. Changes need CAP_NET_ADMIN effective during the commit (with libfrr:
 * frr_with_privs around the call), else -EPERM. Reading and listening need no capability, but a
 * socket gets the large receive buffer only if it is opened with CAP_NET_ADMIN.
 *
 * Nothing here logs, sleeps or knows libfrr; errors come back as negative
 * errno, each with the object it belongs to.
 */
#ifndef NL_SOCK_H
#define NL_SOCK_H

#include <stddef.h>
#include <stdint.h>

struct nl_conn;
struct nl_batch;

/* Our addresses and routes carry this protocol number (IFA_PROTO, rtm_protocol). */
#define NL_PROTO_VRRP 112

enum nl_op { NL_ADD, NL_RENEW, NL_DEL };

/* The result of one queued request. */
struct nl_result {
	int error;    /* 0, or a negative errno */
	void *object; /* as given when the request was queued */
	enum nl_op op;
	const char *what; /* op for a log: "add address", ...; static */
};

/* Called once a request, in the order queued. */
typedef void (*nl_result_fn)(const struct nl_result *result, void *arg);

/* Opens the connection. 0 or negative errno; *conn is freed by nl_conn_free(). */
int nl_conn_new(struct nl_conn **conn);
void nl_conn_free(struct nl_conn **conn);

/* An empty batch; freed by nl_batch_free(). NULL only when memory is out. */
struct nl_batch *nl_batch_new(struct nl_conn *conn);
void nl_batch_free(struct nl_batch **batch);

/* Requests queued and not yet committed. */
size_t nl_batch_count(const struct nl_batch *batch);

/*
 * Sends what is queued, waits for all acknowledgements and empties the batch. The failure of one
 * request does not stop the others. A batch with a renewal or a removal costs one dump for each
 * link in it: queue many requests, commit once. Returns the number of requests that failed, or a
 * negative errno when the socket itself failed (then each request not acknowledged is reported with
 * that errno). result may be NULL, and may queue anew (for the next commit).
 */
int nl_batch_commit(struct nl_batch *batch, nl_result_fn result, void *arg);

#endif /* NL_SOCK_H */
