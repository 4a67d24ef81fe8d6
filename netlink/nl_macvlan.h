/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VMAC: a macvlan that carries a virtual router's MAC address and its VIPs, on a parent of any
 * Ethernet kind (hardware, VLAN, bond, veth, bridge). On a parent that is a macvlan itself, as in a
 * container, the kernel puts it on that one's own parent, which may be in another namespace;
 * link->parent is nevertheless the parent that was asked for.
 *
 * A VMAC made by hand is used as it is. One made here is private, so that packets of the host never
 * reach it inside the kernel; it generates no IPv6 address; and it is down, since its owner has to
 * prepare it first (see nl_nft.h and nl_sysctl.h).
 *
 * The kernel by itself removes the VMAC with its parent. When the parent's MTU is reduced, it
 * reduces the VMAC's, but never raises it. It keeps the VMAC's MAC when the parent's changes. When
 * the parent is set down, the VMAC is no longer running but stays up, so addresses stay. When the
 * parent moves into a VRF, the VMAC does not: move it, too (nl_link_set_master()) and add its IPv6
 * addresses again.
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

/* True when this link, looked up or reported, is a macvlan on that parent with that MAC. */
bool nl_macvlan_fits(struct nl_conn *conn, const struct nl_link *link, int parent,
		     const uint8_t mac[NL_MAC_BYTES]);

/*
 * Makes the VMAC: private, marked as ours, address generation off, not up. One of that name that is
 * right already (parent, MAC, private) is adopted, up or not; one of ours that is not right is made
 * anew. *link is filled on success, and nothing is left behind on failure. -EEXIST: the name is
 * someone else's. -ENODEV: no such parent. -EINVAL: a name no link can have, or a parent that
 * cannot carry one (loopback, not Ethernet). -EBUSY: the parent is a bridge's port or a bond's
 * member. -EOPNOTSUPP: the kernel has no macvlan. Another macvlan with that MAC on the parent is no
 * error here, but setting the new one up is then -EADDRINUSE. Call nl_macvlan_find() first.
 */
int nl_macvlan_add(struct nl_conn *conn, const char *name, int parent,
		   const uint8_t mac[NL_MAC_BYTES], struct nl_link *link);

/* Removal is nl_link_del(): -EPERM for one made by hand. */

#endif /* NL_MACVLAN_H */
