/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual addresses without accept mode: what is addressed to one is refused, from before its
 * address comes until after it has gone (RFC 9568 section 6.4.3).
 */
#ifndef VRRP_REFUSAL_H
#define VRRP_REFUSAL_H

#include "typesafe.h"

#include "vrrp_filter.h"

PREDECL_DLIST(vrrp_refusals);

/* Of one virtual address; all 0: it is accepted. */
struct vrrp_refusal {
	struct vrrp_refusals_item item;
	struct nl_nft_vip as; /* as the filter knows it */
	bool is_set;
};

/* Before the address comes. False: the filter failed, and may succeed later. */
bool vrrp_refusal_set(struct vrrp_refusal *refusal, const struct nl_nft_vip *as);

/* It is accepted again at the next vrrp_refusal_flush(). */
void vrrp_refusal_end(struct vrrp_refusal *refusal);

/* True when a flush has something to do. */
bool vrrp_refusal_is_due(void);

/* After addresses have gone: takes what has ended out of the filter. False: as above. */
bool vrrp_refusal_flush(void);

void vrrp_refusal_stop(void);

#endif /* VRRP_REFUSAL_H */
