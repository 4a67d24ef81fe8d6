/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bridge below a VMAC, where the group's interface is a bridge or a VLAN of one (an SVI):
 * while the router is Active the bridge has the virtual MAC as its own (nl_fdb.h).
 */
#ifndef VRRP_VMAC_BRIDGE_H
#define VRRP_VMAC_BRIDGE_H

#include "nl_link.h"
#include "vrrp_group.h"

/* Adds the entry when the VMAC goes up; and again later, if someone has removed it. */
void vrrp_vmac_bridge_enter(struct vrrp_router *router);
/* Removes the entry when the VMAC goes down or is gone. */
void vrrp_vmac_bridge_leave(struct vrrp_router *router);

/* Removes the entry of a VMAC that an earlier vrrpd left up; with vrrp_privs raised. */
void vrrp_vmac_bridge_sweep(const struct nl_link *vmac);

#endif /* VRRP_VMAC_BRIDGE_H */
