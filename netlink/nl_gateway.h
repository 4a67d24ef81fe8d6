/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Next hops: the routers that routes of this host lead through, as far as they can be found
 * without reading every route. These are zebra's, of which the kernel stores each next hop
 * once, and those of routes made by hand, by DHCP or by router advertisements.
 */
#ifndef NL_GATEWAY_H
#define NL_GATEWAY_H

#include "nl_sock.h"

/* address: 4 or 16 octets, by family. */
typedef void (*nl_gateway_fn)(const void *address, void *arg);

/*
 * Calls fn for each next hop of a family, once or more. It costs one walk of the kernel over
 * its routes for each protocol that is asked for. 0 or negative errno.
 */
int nl_gateway_dump(struct nl_conn *conn, int family, nl_gateway_fn fn, void *arg);

#endif /* NL_GATEWAY_H */
