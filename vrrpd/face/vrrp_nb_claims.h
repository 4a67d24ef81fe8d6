/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conflicts between groups in one VRF. A virtual address belongs to one group, and so does each
 * (VRID, source, peer), by which a packet finds its virtual router. A virtual address, which
 * moves, cannot be the source of any group, which stays, nor its peer, which is elsewhere.
 *
 * Checks return as those of vrrp_nb.h do, and look at the candidate only.
 */
#ifndef VRRP_NB_CLAIMS_H
#define VRRP_NB_CLAIMS_H

#include "vrrp_nb.h"

/* Checks that no other group has this VIP, or this peer, and claims it for this group. */
bool vrrp_claims_check_vip(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
			   char *reason, size_t size);

/* Checks that this VIP, if its group is not the address owner, is not the source of any group. */
bool vrrp_claims_check_no_source(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
				 char *reason, size_t size);

/* Checks that a source is no group's VIP (but the owner's) or peer, and unique with each peer. */
bool vrrp_claims_check_source(const struct vrrp_scope *scope, const struct vrrp_addr *source,
			      char *reason, size_t size);

/* Checks that a peer is no group's source or VIP, and unique with this group's source, if any. */
bool vrrp_claims_check_peer(const struct vrrp_scope *scope, const struct vrrp_addr *peer,
			    char *reason, size_t size);

/* Drops the claims of a group that is gone, or all claims. */
void vrrp_claims_forget(const char *ifname, uint8_t vrid);
void vrrp_claims_forget_all(void);

/* Logs vrrp_vip_warning() once; again only after the warning has cleared. */
void vrrp_claims_log_warning(const struct vrrp_router *router, const struct vrrp_addr *vip);

#endif /* VRRP_NB_CLAIMS_H */
