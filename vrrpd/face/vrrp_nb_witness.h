/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Witnesses as the YANG model has them: checked. Each returns as the checks of vrrp_nb.h. */
#ifndef VRRP_NB_WITNESS_H
#define VRRP_NB_WITNESS_H

#include "vrrp_nb.h"

/* Checks one address of a witness: it is a host's, and of no router of this group. */
bool vrrp_check_witness_address(const struct vrrp_scope *scope, const struct vrrp_addr *address,
				char *reason, size_t size);

/* Checks that there are not too many voters of a family with so many witnesses. */
bool vrrp_check_witness_count(const struct vrrp_scope *scope, enum vrrp_family family,
			      unsigned int witnesses, char *reason, size_t size);

/* As vrrp_check_peer(), and checks that there are not too many voters with this peer. */
bool vrrp_check_peer_and_votes(const struct vrrp_scope *scope, const struct vrrp_addr *peer,
			       char *reason, size_t size);

/* Checks the name that a group has for its witnesses. */
bool vrrp_check_witness_name(const struct vrrp_scope *scope, const char *name, char *reason,
			     size_t size);

/* Checks that nothing in the candidate lets two routers have the VIPs, as a witness must not. */
bool vrrp_check_witness(const struct vrrp_scope *scope, char *reason, size_t size);

/*
 * Checks a command that a witness excludes, if the candidate has one: what is its name.
 */
bool vrrp_check_no_witness(const struct vrrp_scope *scope, const char *what, char *reason,
			   size_t size);

#endif /* VRRP_NB_WITNESS_H */
