/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interface of a group as the link of its VIPs, for "placement interface". */
#ifndef VRRP_GROUP_LINK_H
#define VRRP_GROUP_LINK_H

struct vrrp_place_ops;

extern const struct vrrp_place_ops vrrp_group_link;

#endif /* VRRP_GROUP_LINK_H */
