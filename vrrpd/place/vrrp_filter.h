/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter on VMACs and VIPs (nl_nft.h) on the event loop: no MLD or IGMP report,
 * router solicitation or foreign neighbour advertisement leaves with a virtual MAC
 * address, and no packet to a refused VIP is accepted. The filter is put back when someone
 * else flushes it. On a kernel without nftables VMACs and VIPs work without it, which is
 * logged once and shown.
 */
#ifndef VRRP_FILTER_H
#define VRRP_FILTER_H

#include <stdbool.h>

#include "nl_nft.h"
#include "vrrp_group.h"

/* Before the VMAC goes up, and after it is gone. */
void vrrp_filter_add(const char *vmac);
void vrrp_filter_del(const char *vmac);

/* The VIPs of a router with a VMAC have changed. */
void vrrp_filter_allow(const char *vmac, const struct vrrp_addr *vip);
void vrrp_filter_forbid(const char *vmac, const struct vrrp_addr *vip);

/*
 * Adds or removes a refused VIP on its link. Packets to it are refused from before its
 * address exists until after it has gone. 0 or negative errno, which has been logged;
 * -EOPNOTSUPP: this kernel has no nftables.
 */
struct nl_nft_vip vrrp_filter_vip(const char *link, const struct vrrp_addr *vip);
int vrrp_filter_refuse(const struct nl_nft_vip *vip);
int vrrp_filter_accept(const struct nl_nft_vip *vip);

/* For show. Not available: this kernel has no nftables, or "inet vrrp" is someone else's. */
struct vrrp_filter_status {
	bool available;	   /* every VMAC is filtered */
	bool refuses;	   /* every VIP without accept mode is refused */
	uint64_t restored; /* how often somebody else has removed it */
	struct nl_nft_count dropped[NL_NFT_COUNTERS];
};
void vrrp_filter_read(struct vrrp_filter_status *status);

/* The configuration has been read: removes leftovers of an earlier run that it does not use. */
void vrrp_filter_settle(void);

/* again: called to add VMACs once more, when some that failed may now succeed. */
void vrrp_filter_init(void (*again)(void));
void vrrp_filter_stop(void);

#endif /* VRRP_FILTER_H */
