/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VMAC of a virtual router: a macvlan on the group's interface with the
 * virtual router MAC address (RFC 9568 section 7.3), for "placement vmac". One
 * made by hand is used; one that is missing is made, and removed when its virtual
 * router no longer wants it. It is up while its router is Active and down else:
 * up, it would forward what a Backup must discard (section 6.4.2).
 */
#ifndef VRRP_VMAC_H
#define VRRP_VMAC_H

#include <net/ethernet.h>

#include "vrrp_vmac_link.h"

struct vrrp_vmac;
struct nl_link;

/* Makes sure that it exists. True when it does; else the reason has been logged once. */
bool vrrp_vmac_ready(struct vrrp_router *router);

/* Sets it up, before its VIPs are put on it. */
void vrrp_vmac_up(struct vrrp_router *router);

/* Notes that it is to go down; done in vrrp_vmac_flush(), after its VIPs have left it. */
void vrrp_vmac_down(struct vrrp_router *router);
void vrrp_vmac_flush(void);

/* Releases it, and puts back all that was changed for it. Does nothing when there is none. */
void vrrp_vmac_release(struct vrrp_router *router);

/* A VIP has been configured or removed. */
void vrrp_vmac_vip(const struct vrrp_router *router, const struct vrrp_addr *vip, bool added);

/* An event about a link. */
void vrrp_vmac_on_link(const struct nl_link *link, bool exists);

/* Events were lost: all are checked. */
void vrrp_vmac_reconcile(void);

/* The macvlan that an autoconfigured router is made of: its ifindex; 0 = it has gone. */
typedef int (*vrrp_vmac_given_fn)(const struct vrrp_router *router);

void vrrp_vmac_init(vrrp_vmac_given_fn macvlan_of);
void vrrp_vmac_stop(void);

/* Called when a router's macvlan has become another link. */
DECLARE_HOOK(vrrp_vmac_replaced, (struct vrrp_router * router), (router));

#endif /* VRRP_VMAC_H */
