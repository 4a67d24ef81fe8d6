/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VIP addresses with a lease, and the kernel's events about addresses and links.
 *
 * A VIP is a plain /32 or /128 with protocol 112; IPv4 has scope link, IPv6 a preferred lifetime of
 * 0 and no DAD, so the kernel does not choose either as a source address. The valid lifetime is a
 * lease: the daemon renews it while it runs, and the kernel removes the address when nobody does.
 * An address without protocol 112 is not ours: it is neither removed nor renewed.
 */
#ifndef NL_ADDR_H
#define NL_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "nl_sock.h"

struct nl_addr_key { /* named nl_addr_key: libnl owns "struct nl_addr" */
	int family;  /* AF_INET or AF_INET6 */
	int ifindex;
	uint8_t prefixlen;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

struct nl_addr_info {
	struct nl_addr_key key;
	uint8_t protocol;   /* IFA_PROTO; 0 when the kernel reports none */
	uint32_t valid_sec; /* UINT32_MAX = for ever */
	bool secondary;
	bool unusable; /* IPv6: being checked for duplicates, or found to be one */
};

/* Lease in seconds; 0 = permanent. */
#define NL_LEASE_NONE 0

/*
 * 1 if this kernel stores the protocol of an address, 0 if not, or a negative errno
 * (-EPERM without CAP_NET_ADMIN). Linux before 5.18 does not: every address reads as
 * protocol 0, so ours cannot be told from others. Adding works, renewing is -EEXIST,
 * deleting -EPERM. Call it at start, and warn.
 */
int nl_addr_protocol_supported(struct nl_conn *conn);

/*
 * All three queue a request (see nl_batch_commit()) and return 0, -ENOMEM, or -EINVAL
 * for a key that is not an address. object is returned with the result. The key's
 * prefixlen is 32 or 128 for a dummy.
 */

/*
 * Adds a VIP, or renews its lease: one request serves both. A VIP that exists
 * without protocol 112 fails with -EEXIST and is left alone. -ENODEV: no such link.
 */
int nl_batch_addr_add(struct nl_batch *batch, const struct nl_addr_key *key, uint32_t lease_sec,
		      void *object);

/*
 * Renews the lease of an address added above, and never makes one: -EADDRNOTAVAIL
 * when it is gone, -EEXIST when it is no longer ours, -ENODEV when its link is gone.
 */
int nl_batch_addr_renew(struct nl_batch *batch, const struct nl_addr_key *key, uint32_t lease_sec,
			void *object);

/*
 * Removes a VIP, and for IPv6 the kernel's route to it, which would otherwise remain until the
 * lease ends. An address that is gone already, alone or with its link, is reported as success;
 * -EPERM: the address is not ours.
 */
int nl_batch_addr_del(struct nl_batch *batch, const struct nl_addr_key *key, void *object);

/*
 * All addresses of the namespace, or those of one link (ifindex != 0; -ENODEV
 * when there is no such link), by dump. fn may use conn.
 */
typedef void (*nl_addr_fn)(const struct nl_addr_info *info, void *arg);
int nl_addr_dump(struct nl_conn *conn, int ifindex, nl_addr_fn fn, void *arg);

/*
 * Events. The owner of the loop watches nl_monitor_fd() for reading and calls nl_monitor_read(),
 * which calls back for each change, never blocks and returns after some hundred events; while
 * events remain, the descriptor stays readable. Callbacks may use a nl_conn, but not free the
 * monitor; each may be NULL.
 */
struct nl_monitor;
struct nl_link;

struct nl_monitor_ops {
	void (*addr)(const struct nl_addr_info *info, bool added, void *arg);
	void (*link)(const struct nl_link *link, bool exists, void *arg);
	/*
	 * A sysctl of a link has changed, or one of all links (ifindex 0). The kernel reports
	 * changes of forwarding, rp_filter and a few others: poll the rest.
	 */
	void (*conf)(int ifindex, void *arg);
	/* Events were lost, and those still queued were discarded: dump everything and compare. */
	void (*overrun)(void *arg);
};

int nl_monitor_new(struct nl_monitor **monitor, const struct nl_monitor_ops *ops, void *arg);
void nl_monitor_free(struct nl_monitor **monitor);
int nl_monitor_fd(const struct nl_monitor *monitor);
/* 0, or negative errno when the socket is broken for good. */
int nl_monitor_read(struct nl_monitor *monitor);

#endif /* NL_ADDR_H */
