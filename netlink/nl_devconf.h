/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All sysctls of a link by one request: the kernel reports them with each link
 * (IFLA_AF_SPEC). Those of IPv4 can be set by the same attribute, even where /proc/sys is
 * read-only.
 */
#ifndef NL_DEVCONF_H
#define NL_DEVCONF_H

#include <limits.h>
#include <stdbool.h>

#include "nl_sock.h"
#include "nl_sysctl_key.h"

/* The link has no such sysctl: no IPv6, or an older kernel. */
#define NL_DEVCONF_NONE INT_MIN

struct nl_devconf {
	int value[NL_SYSCTL_KEYS]; /* or NL_DEVCONF_NONE */
	bool addrgen_none;	   /* makes no IPv6 addresses by itself, or has no IPv6 */
};

/* 0 and *conf filled, or negative errno: -ENODEV when there is no such link. */
int nl_devconf_get(struct nl_conn *conn, int ifindex, struct nl_devconf *conf);

/*
 * Sets one of IPv4 by a connection of its own. 0 or negative errno: -EPERM without
 * CAP_NET_ADMIN, -EOPNOTSUPP for one of IPv6.
 */
int nl_devconf_set(int ifindex, enum nl_sysctl_key key, int value);

#endif /* NL_DEVCONF_H */
