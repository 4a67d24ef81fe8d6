/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a virtual router has in its configuration that does not fit the addresses of its
 * host: a VIP or a peer that the host has of its own, the owner's VIP that it has not, and
 * VIPs on a link of whose hosts none can be answered.
 *
 * Typed by hand, a VIP or a peer that the host has of its own is refused
 * (vrrp_nb_check.c). In a file they are not,
 * since the host may be otherwise a moment later: the addresses that a killed keepalived
 * has left, or those that networking sets up after FRR. They are warned of for as long
 * as they last, and logged when they come.
 */
#ifndef VRRP_MISFIT_H
#define VRRP_MISFIT_H

#include "vrrp_group.h"

/* Configuration of it has taken effect, or it has become Active: what is new is logged. */
void vrrp_misfit_look(struct vrrp_router *router);

/*
 * With priority 255 it calls itself the owner of its VIPs (RFC 9568 section 1.2), and the host
 * lacks one of them. True, and a sentence of less than VRRP_MISFIT_SIZE, when it is so.
 */
#define VRRP_MISFIT_SIZE 192
bool vrrp_misfit_owner(const struct vrrp_router *router, char *sentence, size_t size);

/* The host has got this address, other than as a VIP of ours. */
void vrrp_misfit_on_address(const struct vrrp_addr *address);

void vrrp_misfit_init(void);

#endif /* VRRP_MISFIT_H */
