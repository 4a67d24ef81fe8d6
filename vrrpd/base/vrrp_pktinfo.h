/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With which source address, and by which link, a datagram leaves. */
#ifndef VRRP_PKTINFO_H
#define VRRP_PKTINFO_H

#include <zebra.h>

#include "if.h"

#include "vrrp_addr.h"

/* Of a message's control buffer, for either family. */
#define VRRP_PKTINFO_ROOM CMSG_SPACE(sizeof(struct in6_pktinfo))

/*
 * Adds it to a message whose control buffer has so much room, and nothing in it yet.
 * source: NULL lets the kernel choose; so does ifindex 0.
 */
void vrrp_pktinfo_set(struct msghdr *header, enum vrrp_family family,
		      const struct vrrp_addr *source, ifindex_t ifindex);

#endif /* VRRP_PKTINFO_H */
