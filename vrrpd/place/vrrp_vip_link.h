/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The link that the VIPs of a virtual router go on, by its placement. */
#ifndef VRRP_VIP_LINK_H
#define VRRP_VIP_LINK_H

#include "vrrp_group.h"

/* The ifindex of the link; 0: it does not exist. */
int vrrp_vip_link(const struct vrrp_router *router);

/* True when it is the group's own interface. */
bool vrrp_vip_link_is_own(const struct vrrp_router *router);

/* The name of the link, even if it does not exist yet. */
const char *vrrp_vip_link_name(const struct vrrp_router *router);

#endif /* VRRP_VIP_LINK_H */
