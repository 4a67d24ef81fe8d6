/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Autoconfigured groups: "vrrp autoconfigure", as FRR's own vrrpd has it.
 *
 * For each macvlan that someone made by hand with a virtual router MAC address (RFC 9568
 * section 7.3), a group of that VRID is made on its parent. The macvlan's addresses are the
 * VIPs, except link-local ones, those of the other family, those with a lifetime and, in
 * version 2, all of IPv6. The group begins with the values of "vrrp default", and goes with
 * its last macvlan.
 *
 * Such a group is not part of the configuration. If the configuration has a group with the same
 * interface and VRID, none is made.
 */
#ifndef VRRP_AUTO_H
#define VRRP_AUTO_H

#include "nl_addr.h"
#include "nl_link.h"
#include "vrrp_group.h"

/* Makes groups of this version from now on, 2 or 3; 0: none, and removes those made. */
void vrrp_auto_set(uint8_t version);

/* Events about links and addresses; for links, to be called before all other handlers. */
void vrrp_auto_on_link(const struct nl_link *link, bool exists);
void vrrp_auto_on_address(const struct nl_addr_info *info, bool added);

/* The kernel lost events: reads all links and addresses anew. */
void vrrp_auto_reconcile(void);

/* A group may now be made on this interface: zebra reported it, or a configured group went. */
void vrrp_auto_look(const struct interface *ifp);

/* The configuration makes a group here: removes an autoconfigured one. */
void vrrp_auto_make_way(struct interface *ifp, uint8_t vrid);

/* The macvlan that makes this router of an autoconfigured group; 0 while there is none. */
int vrrp_auto_ifindex(const struct vrrp_router *router);

/*
 * The configuration is being read, and may have groups of the same VRIDs further on: no
 * group is made until it has been read.
 */
void vrrp_auto_pause(void);
void vrrp_auto_resume(void);

void vrrp_auto_init(void);
void vrrp_auto_stop(void);

#endif /* VRRP_AUTO_H */
