/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual MAC of a router as a link: its queries for other files. */
#ifndef VRRP_VMAC_LINK_H
#define VRRP_VMAC_LINK_H

#include "vrrp_group.h"

/* True when vrrpd has set it up. */
bool vrrp_vmac_is_up(const struct vrrp_router *router);

/* The virtual router MAC address of this router, whether or not a VMAC exists. */
void vrrp_vmac_address(const struct vrrp_router *router, uint8_t mac[ETH_ALEN]);

/* Its index and name; 0 and "" while there is none. */
int vrrp_vmac_ifindex(const struct vrrp_router *router);
const char *vrrp_vmac_name(const struct vrrp_router *router);

#endif /* VRRP_VMAC_LINK_H */
