/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memberships of links in multicast groups.
 *
 * Separate descriptors hold them, as many as needed: one may join 20 groups of IPv4
 * (igmp_max_memberships), and as many of IPv6 as fit in net.core.optmem_max.
 */
#ifndef VRRP_MEMBERSHIP_H
#define VRRP_MEMBERSHIP_H

#include <zebra.h>

#include "vrf.h"

#include "vrrp_addr.h"

/* The memberships of one user. To begin, set all members but the arrays. */
struct vrrp_memberships {
	vrf_id_t vrf_id;
	enum vrrp_family family;
	int *fds;			 /* darr */
	struct vrrp_membership *entries; /* darr */
};

/*
 * Joins a group on a link; and leaves it when leave was called as often as join. 0 or
 * negative errno. A link that is gone has lost its memberships; call leave all the same.
 */
int vrrp_membership_join(struct vrrp_memberships *all, ifindex_t ifindex,
			 const struct vrrp_addr *group);
void vrrp_membership_leave(struct vrrp_memberships *all, ifindex_t ifindex,
			   const struct vrrp_addr *group);

/* Leaves all. */
void vrrp_memberships_end(struct vrrp_memberships *all);

#endif /* VRRP_MEMBERSHIP_H */
