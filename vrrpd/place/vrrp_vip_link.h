/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The link that the VIPs of a virtual router go on, by its placement. */
#ifndef VRRP_VIP_LINK_H
#define VRRP_VIP_LINK_H

#include "vrrp_group.h"

/* Its index; 0: it is not there. */
int vrrp_vip_link(const struct vrrp_router *router);

/* True when it is the group's own interface. */
bool vrrp_vip_link_is_own(const struct vrrp_router *router);

/* Its name, which it has or is to have. */
const char *vrrp_vip_link_name(const struct vrrp_router *router);

#endif /* VRRP_VIP_LINK_H */
