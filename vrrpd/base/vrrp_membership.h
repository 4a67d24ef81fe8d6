/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memberships of links in multicast groups.
 *
 * They are held by descriptors that do nothing else, as many as it takes: one may join no
 * more than 20 groups of IPv4, unless igmp_max_memberships says otherwise, and as many
 * of IPv6 as net.core.optmem_max has room for.
 */
#ifndef VRRP_MEMBERSHIP_H
#define VRRP_MEMBERSHIP_H

#include <zebra.h>

#include "vrf.h"

#include "vrrp_addr.h"

/* Those of one user; all of it belongs to him. Begin with what is not the arrays, set. */
struct vrrp_memberships {
	vrf_id_t vrf_id;
	enum vrrp_family family;
	int *fds;			 /* darr */
	struct vrrp_membership *entries; /* darr */
};

/*
 * Joins a group on a link, and leaves it when it has been left as often as it was joined.
 * 0 or negative errno. A link that is gone took its memberships along; leave them all the
 * same.
 */
int vrrp_membership_join(struct vrrp_memberships *all, ifindex_t ifindex,
			 const struct vrrp_addr *group);
void vrrp_membership_leave(struct vrrp_memberships *all, ifindex_t ifindex,
			   const struct vrrp_addr *group);

/* Leaves all. */
void vrrp_memberships_end(struct vrrp_memberships *all);

#endif /* VRRP_MEMBERSHIP_H */
