/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source address and the link of a datagram that is sent. */
#ifndef VRRP_PKTINFO_H
#define VRRP_PKTINFO_H

#include <zebra.h>

#include "if.h"

#include "vrrp_addr.h"

/* Size of a message's control buffer, for either family. */
#define VRRP_PKTINFO_ROOM CMSG_SPACE(sizeof(struct in6_pktinfo))

/*
 * Adds source address and link to a message. Its control buffer must be empty and have the size
 * VRRP_PKTINFO_ROOM. The kernel chooses for source NULL and for ifindex 0.
 */
void vrrp_pktinfo_set(struct msghdr *header, enum vrrp_family family,
		      const struct vrrp_addr *source, ifindex_t ifindex);

#endif /* VRRP_PKTINFO_H */
