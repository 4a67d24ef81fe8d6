/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link of VIPs that a router still answers for, without being Active: a dummy that no routing protocol
 * knows. The daemon has them there, and the guardian of a dead one.
 */
#ifndef NL_DRAIN_H
#define NL_DRAIN_H

#include "nl_link.h"

#define NL_DRAIN_LINK "vip-drain"

/* Finds or makes it, up and ready for both families. -EEXIST: the name is somebody else's. */
int nl_drain_link(struct nl_conn *conn, struct nl_link *link);

#endif /* NL_DRAIN_H */
