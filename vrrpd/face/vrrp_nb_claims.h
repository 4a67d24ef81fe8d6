/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one group may say and no other: a virtual address, and the VRID, source and
 * peer by which a packet finds its virtual router. And what excludes each other in any
 * two groups: a virtual address, which moves, and a source, which stays.
 *
 * Checks return as those of vrrp_nb.h do, and look at the candidate alone.
 */
#ifndef VRRP_NB_CLAIMS_H
#define VRRP_NB_CLAIMS_H

#include "vrrp_nb.h"

/* Nobody else's VIP; it is this group's from now on. */
bool vrrp_claims_check_vip(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
			   char *reason, size_t size);

/* This VIP, whose group is not its owner, is no group's source. */
bool vrrp_claims_check_no_source(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
				 char *reason, size_t size);

/* No group's VIP (but the owner's), or peer; with each peer of this group it is unique. */
bool vrrp_claims_check_source(const struct vrrp_scope *scope, const struct vrrp_addr *source,
			      char *reason, size_t size);

/* No group's source; with the source of this group, if it has one, it is unique. */
bool vrrp_claims_check_peer(const struct vrrp_scope *scope, const struct vrrp_addr *peer,
			    char *reason, size_t size);

/* Forgets what a group that is gone has said, or all. */
void vrrp_claims_forget(const char *ifname, uint8_t vrid);
void vrrp_claims_forget_all(void);

/* Logs vrrp_vip_warning() once, until it is so no more. */
void vrrp_claims_log_warning(const struct vrrp_router *router, const struct vrrp_addr *vip);

#endif /* VRRP_NB_CLAIMS_H */
