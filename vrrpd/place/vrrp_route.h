/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes to VIPs, and markers, in our table, in zebra and in the kernel: whether ours is selected,
 * so that protocols announce it; and otherwise the owner of the other route.
 */
#ifndef VRRP_ROUTE_H
#define VRRP_ROUTE_H

#include "prefix.h"

#include "vrrp_addr.h"

/* vrrp_zebra_ops.leftover: true when it was a killed zebra's and has been removed. */
bool vrrp_route_expel(const struct prefix *prefix, ifindex_t ifindex, uint16_t table);

/* Registers the warning about routes that are not announced. */
void vrrp_route_init(void);

#endif /* VRRP_ROUTE_H */
