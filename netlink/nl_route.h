/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes that zebra takes for the kernel's, and routes of the kernel that a VMAC needs.
 *
 * The daemon's routes are zebra's to install. But a route that a killed zebra left behind cannot be
 * removed from its successor by ZAPI: zebra follows only the kernel, and restores a route of
 * protocol "zebra" that somebody deletes. And the kernel adds its own route to the neighbours of a
 * link only with an address that a VMAC does not have.
 */
#ifndef NL_ROUTE_H
#define NL_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "nl_addr.h"

/*
 * Makes zebra forget a route of the kernel to key (over key->ifindex) in a table. Adds a
 * route of protocol 112 that zebra takes for the same one, and deletes it again; no other route of
 * the table is touched. Use it only for a route that zebra is known to have: any other would be
 * announced for an instant. 0 or negative errno.
 */
int nl_route_expel(struct nl_conn *conn, const struct nl_addr_key *key, uint32_t table);

struct nl_route_info {
	char protocol[16]; /* who made it: "static", as ip(8) says, or a number */
	int ifindex;	   /* its outgoing link; 0: several, or none */
	bool zebras;	   /* made by zebra, the present one or an earlier one */
};

/*
 * Finds the kernel's route to exactly key (key->ifindex is ignored) in a table; of several, one
 * that zebra did not make. 0 and *info filled; -ESRCH when there is none; or another negative
 * errno. It costs a dump of the table.
 */
int nl_route_find(struct nl_conn *conn, const struct nl_addr_key *key, uint32_t table,
		  struct nl_route_info *info);

/*
 * Adds fe80::/64 on a link, which the kernel makes with a link-local address. A VMAC that is
 * up needs it: its link-local VIPs are /128, so without this route it could not answer
 * hosts that ask for them. table is that of the link's VRF, or RT_TABLE_MAIN. The route goes
 * when the link goes down. 0, also when it exists; or negative errno.
 */
int nl_route_link_local(struct nl_conn *conn, int ifindex, uint32_t table);

/*
 * The link by which the kernel reaches an address without a router; 0 when it needs a
 * router, has no route, or has the address itself; or negative errno. family is AF_INET or
 * AF_INET6.
 */
int nl_route_on_link(struct nl_conn *conn, int family, const void *address);

#endif /* NL_ROUTE_H */
