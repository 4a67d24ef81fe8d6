/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bridge below a VMAC, where the group's interface is one or a VLAN of one (an SVI): while
 * the router is Active the bridge knows the virtual MAC for its own (nl_fdb.h).
 */
#ifndef VRRP_VMAC_BRIDGE_H
#define VRRP_VMAC_BRIDGE_H

#include "nl_link.h"
#include "vrrp_group.h"

/* The VMAC went up; again at any time, should someone have removed the entry. */
void vrrp_vmac_bridge_enter(struct vrrp_router *router);
/* It goes down, or is no more. */
void vrrp_vmac_bridge_leave(struct vrrp_router *router);

/* A VMAC that an earlier vrrpd left up: the entry of it, with vrrp_privs raised. */
void vrrp_vmac_bridge_sweep(const struct nl_link *vmac);

#endif /* VRRP_VMAC_BRIDGE_H */
