/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The link that the VIPs of a virtual router go on, by its placement, and who works it. */
#ifndef VRRP_VIP_LINK_H
#define VRRP_VIP_LINK_H

#include "vrrp_place_ops.h"

/* The placement in effect; router->place is the one in use, which follows it. */
const struct vrrp_place_ops *vrrp_place_of(const struct vrrp_router *router);

/* The ifindex of the link; 0: it does not exist. */
int vrrp_vip_link(const struct vrrp_router *router);

/* True when it is the group's own interface. */
bool vrrp_vip_link_is_own(const struct vrrp_router *router);

/* The name of the link, even if it does not exist yet. */
const char *vrrp_vip_link_name(const struct vrrp_router *router);

#endif /* VRRP_VIP_LINK_H */
