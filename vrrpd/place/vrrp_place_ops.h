/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each placement does with the link of its VIPs. vrrp_dummy.c, vrrp_vmac.c and
 * vrrp_group_link.c implement it; vrrp_vip_link.c says which is for which router.
 */
#ifndef VRRP_PLACE_OPS_H
#define VRRP_PLACE_OPS_H

#include "vrrp_warning.h"

/* No function is NULL. */
struct vrrp_place_ops {
	/* The index of the link; 0: it is not there. And the name that it has or is to have. */
	int (*ifindex)(const struct vrrp_router *router);
	const char *(*name)(const struct vrrp_router *router);

	/*
	 * Makes the link, or what it lacks. True when it can take VIPs of the router's family. If
	 * no event will tell when it can, another look has been arranged (vrrp_place_look_later()).
	 */
	bool (*prepare)(struct vrrp_router *router);

	/* Adds sentences: why it cannot. */
	void (*explain)(const struct vrrp_router *router, struct vrrp_sentences *sentences);

	/* The VIPs are about to be put on it; or they are wanted there no more. */
	void (*up)(struct vrrp_router *router);
	void (*down)(struct vrrp_router *router);

	/* The MAC address that neighbours on the link learn for VIPs; false when it has none now. */
	bool (*neighbour_mac)(const struct vrrp_router *router, uint8_t mac[ETH_ALEN]);
};

#endif /* VRRP_PLACE_OPS_H */
