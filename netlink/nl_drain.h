/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The links of VIPs that a router still answers for, without being Active: in each VRF a dummy that
 * no routing protocol knows. The daemon has them there, and the guardian of a dead one.
 */
#ifndef NL_DRAIN_H
#define NL_DRAIN_H

#include "nl_link.h"

/* The name of that of the default VRF; others have the ifindex of their VRF after it. */
#define NL_DRAIN_LINK "vip-drain"

/* The name of that of a VRF (its ifindex; 0: the default one). */
void nl_drain_name(int vrf, char name[IFNAMSIZ]);

/* True when it is the name of one of them. */
bool nl_drain_is(const char *name);

/* Finds or makes it, up and ready for both families. -EEXIST: the name is somebody else's. */
int nl_drain_link(struct nl_conn *conn, int vrf, struct nl_link *link);

#endif /* NL_DRAIN_H */
