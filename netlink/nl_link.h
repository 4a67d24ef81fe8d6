/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links: the VIP dummy. Looked up, made and removed by request; what is found
 * is described, never changed, unless it is ours (marked by its alias).
 */
#ifndef NL_LINK_H
#define NL_LINK_H

#include <net/if.h>
#include <stdbool.h>

#include "nl_sock.h"

/* IFLA_IFALIAS of links made here: how a later start knows its own. */
#define NL_LINK_ALIAS "frr-crossvip vrrpd"

struct nl_link {
	int ifindex;
	char name[IFNAMSIZ];
	char kind[16]; /* "dummy", "ifb", ...; "" for hardware */
	bool up;       /* IFF_UP */
	bool ours;     /* carries NL_LINK_ALIAS */
};

/* 0 and *link filled, or negative errno: -ENODEV when there is none of that name. */
int nl_link_get(struct nl_conn *conn, const char *name, struct nl_link *link);

/*
 * Makes a dummy of that name, marked as ours, with IPv6 address generation off
 * (no link-local address of its own, so nothing is chosen from it by accident)
 * and sets it up. -EEXIST when the name is taken; -EOPNOTSUPP when the kernel
 * has no dummy; -EINVAL for a name no link can have. *link is filled on success,
 * and nothing is left behind on failure.
 */
int nl_link_add_dummy(struct nl_conn *conn, const char *name, struct nl_link *link);

/* Sets a link up. */
int nl_link_set_up(struct nl_conn *conn, int ifindex);

/* Removes the link with that index if it is ours; -EPERM when it is not, -ENODEV when it is gone. */
int nl_link_del(struct nl_conn *conn, int ifindex);

#endif /* NL_LINK_H */
