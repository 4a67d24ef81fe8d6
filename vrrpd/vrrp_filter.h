/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter on VMACs (nl_nft.h) on the event loop: no MLD or IGMP report, router
 * solicitation or foreign neighbour advertisement leaves with a virtual MAC address.
 * Put back when someone else flushes it. On a kernel without nftables the VMAC works
 * all the same; that it is unfiltered is logged once and shown.
 */
#ifndef VRRP_FILTER_H
#define VRRP_FILTER_H

#include <stdbool.h>

#include "nl_nft.h"
#include "vrrp_router.h"

/* Before the VMAC goes up, and after it is gone. */
void vrrp_filter_add(const char *vmac);
void vrrp_filter_del(const char *vmac);

/* The VIPs of a router with a VMAC have changed. */
void vrrp_filter_allow(const char *vmac, const struct vrrp_addr *vip);
void vrrp_filter_forbid(const char *vmac, const struct vrrp_addr *vip);

/* False when this kernel has no nftables, or the table is someone else's. */
bool vrrp_filter_counters(struct nl_nft_count counters[NL_NFT_COUNTERS]);

/* The configuration has been read: what nobody claimed of an earlier run's goes. */
void vrrp_filter_settle(void);

void vrrp_filter_init(void);
void vrrp_filter_stop(void);

#endif /* VRRP_FILTER_H */
