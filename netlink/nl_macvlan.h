/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VMAC: a macvlan that carries a virtual router's MAC address and its VIPs,
 * on a parent of any Ethernet kind (hardware, VLAN, bond, veth, bridge). On a parent
 * that is a macvlan itself, as in a container, the kernel puts it on what that one stands
 * on, which may be in another namespace; here, link->parent is what was asked for.
 *
 * One made by hand is used as it is. One made here is private, so that what the
 * host sends never reaches it by the short way inside the kernel; it has no IPv6
 * address of its own making; and it is down, for its owner has things to do
 * before (see nl_nft.h and nl_sysctl.h).
 *
 * What the kernel does by itself: the VMAC goes with its parent. Its MTU follows
 * the parent's down, and not up again. Its MAC stays when the parent's changes.
 * A parent that is set down takes its running state along, not its being up, so
 * addresses stay. A parent moved into a VRF goes alone: move the VMAC after it
 * (nl_link_set_master()) and add its IPv6 addresses again.
 */
#ifndef NL_MACVLAN_H
#define NL_MACVLAN_H

#include "nl_link.h"

/* The virtual router's MAC: 00-00-5E-00-01-VRID for AF_INET, -02- for AF_INET6. */
void nl_macvlan_mac(uint8_t mac[NL_MAC_BYTES], int family, uint8_t vrid);

/*
 * The name to make a VMAC under: vrrp4-IFINDEX-VRID or vrrp6-..., in decimal, as
 * FRR's manual names those made by hand, with the ifindex of the parent: a name
 * made from the parent's would not fit next to a long one. Where an ifindex is
 * too long for that too (above 99999), vrrp4 and ten hexadecimal digits, eight
 * for the ifindex and two for the VRID.
 */
void nl_macvlan_name(char name[IFNAMSIZ], int family, int parent, uint8_t vrid);

/*
 * The macvlan on that parent with that MAC, whatever its name: ours if there is
 * one, else one made by hand, in whatever mode (link->private tells). Costs a
 * dump of all macvlans. -ENODEV when there is none.
 */
int nl_macvlan_find(struct nl_conn *conn, int parent, const uint8_t mac[NL_MAC_BYTES],
		    struct nl_link *link);

/* Is this link, looked up or told of, a macvlan on that parent with that MAC? */
bool nl_macvlan_fits(struct nl_conn *conn, const struct nl_link *link, int parent,
		     const uint8_t mac[NL_MAC_BYTES]);

/*
 * Makes the VMAC: private, marked as ours, address generation off, not up. One of
 * that name that is right already (parent, MAC, private) is adopted, up or not;
 * one of ours that is not right is made anew. *link is filled on success, and
 * nothing is left behind on failure.
 * -EEXIST: the name is someone else's. -ENODEV: no such parent. -EINVAL: a name no
 * link can have, or a parent that cannot carry one (loopback, not Ethernet). -EBUSY: the
 * parent is a bridge's port or a bond's member.
 * -EOPNOTSUPP: the kernel has no macvlan.
 * Another macvlan of that MAC on the parent is no obstacle until the new one is to
 * go up: that is -EADDRINUSE. Look with nl_macvlan_find() first.
 */
int nl_macvlan_add(struct nl_conn *conn, const char *name, int parent,
		   const uint8_t mac[NL_MAC_BYTES], struct nl_link *link);

/* Removal is nl_link_del(): -EPERM for one made by hand. */

#endif /* NL_MACVLAN_H */
