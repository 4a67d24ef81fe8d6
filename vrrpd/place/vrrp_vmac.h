/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VMAC of a virtual router: a macvlan on the group's interface with the virtual router MAC
 * address (RFC 9568 section 7.3), for "placement vmac". A macvlan made by hand is used; a missing
 * one is made, and removed when its virtual router no longer needs it. It is up only while its
 * router is Active: otherwise it would forward packets that a Backup must discard (section 6.4.2).
 */
#ifndef VRRP_VMAC_H
#define VRRP_VMAC_H

#include <net/ethernet.h>

#include "vrrp_vmac_link.h"

struct vrrp_vmac;
struct vrrp_place_ops;
struct nl_link;

/*
 * The placement "vmac". It is made when prepared, and the reason why it cannot be is logged once.
 * down() notes that it must go down; vrrp_vmac_flush() sets it down, after its VIPs have been removed.
 */
extern const struct vrrp_place_ops vrrp_vmac_place;
void vrrp_vmac_flush(void);

/* Releases it, and reverts all changes that were made for it. Does nothing when there is none. */
void vrrp_vmac_release(struct vrrp_router *router);

/* A VIP has been configured or removed. */
void vrrp_vmac_vip(const struct vrrp_router *router, const struct vrrp_addr *vip, bool added);

/* An event about a link. */
void vrrp_vmac_on_link(const struct nl_link *link, bool exists);

/* Events were lost: all are checked. */
void vrrp_vmac_reconcile(void);

/* The ifindex of the macvlan of an autoconfigured router; 0 = it has gone. */
typedef int (*vrrp_vmac_given_fn)(const struct vrrp_router *router);

void vrrp_vmac_init(vrrp_vmac_given_fn macvlan_of);
void vrrp_vmac_stop(void);

/* Called when a router's macvlan has become another link. */
DECLARE_HOOK(vrrp_vmac_replaced, (struct vrrp_router * router), (router));

#endif /* VRRP_VMAC_H */
