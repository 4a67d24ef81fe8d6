/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of nftables that stand in the way of load balancing (nl_nat.h), on the event
 * loop: direct routing and tunnels want the addresses of packets left alone. Such a
 * rule is shown, logged once when it comes and once when it is gone, and never changed.
 */
#ifndef VRRP_MASQUERADE_H
#define VRRP_MASQUERADE_H

#include "vrrp_ipvs.h"

/*
 * The first rule that may rewrite packets between a client and the service's address or
 * those of its servers that are not masqueraded, in either direction. NULL: there is
 * none, or nobody knows. Good until the event loop goes on.
 */
const char *vrrp_masquerade_rule(const struct vrrp_service *service);

/* Whenever a service comes, goes or changes, all are looked at a moment later. */
void vrrp_masquerade_init(void);
void vrrp_masquerade_stop(void);

#endif /* VRRP_MASQUERADE_H */
