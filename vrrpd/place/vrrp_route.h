/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes to VIPs in our table as zebra and the kernel see them: whether one of ours is
 * selected, so that protocols announce it; whose the other one is, if not.
 */
#ifndef VRRP_ROUTE_H
#define VRRP_ROUTE_H

#include "prefix.h"

#include "vrrp_addr.h"

/* vrrp_zebra_ops.leftover: true when it was a killed zebra's, which has been taken away. */
bool vrrp_route_expel(const struct prefix *vip, ifindex_t ifindex, uint16_t table);

/* Warns of VIPs whose routes are not announced. */
void vrrp_route_init(void);

#endif /* VRRP_ROUTE_H */
