/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Warnings about configuration that does not fit the addresses of the host: a VIP or a peer that
 * the host has as its own, a VIP of the owner that the host lacks, a VIP that an interface has
 * brought along into the VRF of another group with it, and VIPs on a link where this host has no way
 * to answer hosts.
 *
 * A VIP or a peer that the host has as its own is refused when it is typed (vrrp_nb_check.c). In a
 * file it is accepted, since the host may change a moment later: a killed keepalived may have left
 * the address, or networking sets it up after FRR. Such cases are logged when they appear, and are
 * warnings as long as they last.
 */
#ifndef VRRP_MISFIT_H
#define VRRP_MISFIT_H

#include "vrrp_group.h"

/* The configuration has taken effect, or the router is Active now: logs new warnings. */
void vrrp_misfit_look(struct vrrp_router *router);

/*
 * True, with a sentence of less than VRRP_MISFIT_SIZE, when a router with priority 255, the
 * owner of its VIPs (RFC 9568 section 1.2), has a VIP that the host lacks.
 */
#define VRRP_MISFIT_SIZE 192
bool vrrp_misfit_owner(const struct vrrp_router *router, char *sentence, size_t size);

/* The host has got this address, other than as a VIP of ours. */
void vrrp_misfit_on_address(const struct vrrp_addr *address);

void vrrp_misfit_init(void);

#endif /* VRRP_MISFIT_H */
