/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sysctls of a VMAC and its parent that make each address answered by its own MAC only.
 *
 * Both are on one LAN and receive the same broadcasts. By default, Linux answers an ARP request on
 * any link for the addresses of all links, and sends ARP requests with the source address of the
 * packet that it has to send.
 *
 * The order of all calls (nl_macvlan.h, nl_nft.h):
 *   to be there:  nl_vmac_hold_parent(), nl_macvlan_add(), nl_vmac_keep(), nl_nft_add()
 *   Active:       nl_nft_allow(), nl_link_set_up(), for IPv6 nl_route_link_local(),
 *                 VIPs by nl_batch_addr_add()
 *   Backup:       VIPs by nl_batch_addr_del(), nl_link_set_down()
 *   to be gone:   as Backup, nl_link_del(), nl_nft_del(), nl_vmac_drop_parent()
 *   all along:    nl_vmac_keep() after whatever may have changed something
 *   at start:     nl_sysctl_new(), nl_nft_new(); every macvlan of ours (nl_link_dump())
 *                 down, for this run is no Active router yet; the configuration;
 *                 those that no group wants nl_link_del(), the others as "to be
 *                 there", with one nl_nft_add() for all; nl_nft_settle(),
 *                 nl_sysctl_settle()
 * A Backup's VMAC is down: if it were up, it would forward packets sent to the virtual MAC, which a
 * Backup must discard (RFC 9568, 6.4.2).
 *
 * Packets that the virtual router sends by itself go out of the VMAC and thus from
 * its MAC, with an address of the parent as source. An IPv6 socket bound to the VMAC
 * needs IPV6_FREEBIND for that, for the VMAC has no link-local address of its own,
 * and must have none.
 */
#ifndef NL_VMAC_H
#define NL_VMAC_H

#include <stdbool.h>

#include "nl_sysctl.h"

struct nl_conn;

/* A VMAC of one address family on its parent; ours, or made by hand. */
struct nl_vmac {
	int ifindex;
	int parent;
	int family;
	bool ours;
};

/* A sysctl that had a wrong value. */
struct nl_vmac_report {
	int ifindex; /* of the VMAC or its parent */
	enum nl_sysctl_key key;
	int was;
	int wanted;
	int error; /* 0: it has it now; negative errno: it could not be set */
};
typedef void (*nl_vmac_fn)(const struct nl_vmac_report *report, void *arg);

/*
 * Compares the sysctls of a VMAC and its parent with those they must have, and sets those that
 * differ:
 *   arp_ignore 1	no answers for the parent's addresses (an IPv6 VMAC gives some too);
 *			on one made by hand, 2 or 8 is left
 *   rp_filter	0 where the parent accepts from anywhere (its own and all.rp_filter
 *			are 0), else 2, for what comes in here goes out by the parent
 *   forwarding, accept_local, accept_source_route, log_martians, route_localnet,
 *   src_valid_mark; force_forwarding, seg6_enabled
 *			as the parent: what that takes and forwards, so does its VMAC
 *   disable_ipv6	1 on one for IPv4 that is ours; on one for IPv6 as the parent
 *   accept_ra 0, autoconf 0	on one for IPv6: no addresses or routes from routers
 * One of ours makes no IPv6 address of its own. When the kernel has given it IPv6 anew
 * (by an MTU that was below 1280), what was made of its MAC then is removed.
 * On one made by hand sysctls are held, and put back by nl_vmac_drop(). It may have
 * addresses of the operator's, so IPv6 is left on, but with
 *   keep_addr_on_down 1	IPv6 addresses stay while it is down, but for
 *				link-local ones and those with a lifetime
 *   accept_dad 0	and answer at once when it is up again: the MAC that they
 *			would be found a duplicate of is their own
 * Values that nl_vmac_hold_parent() holds are set again if somebody else has changed them.
 *
 * fn (may be NULL) is called for each that was wrong. Returns how many still are, or negative
 * errno when they cannot be read: -ENODEV, the VMAC or its parent is gone.
 */
int nl_vmac_keep(struct nl_conn *conn, struct nl_sysctl *sysctl, const struct nl_vmac *vmac,
		 nl_vmac_fn fn, void *arg);

/*
 * Puts back the values held on a VMAC made by hand. 0, NL_SYSCTL_FOREIGN, or the error of
 * nl_sysctl_drop().
 */
int nl_vmac_drop(struct nl_sysctl *sysctl, int ifindex, int family);

/*
 * Holds on the parent, while it has a VMAC for IPv4:
 *   arp_ignore 1	no answers for the VIPs; 2 or 8, if already there, is left
 *   arp_announce 2	no requests in the name of a VIP, by which the neighbours
 *			would learn the parent's MAC for it
 * Nothing for AF_INET6: IPv6 answers for the addresses of one link only. The errors
 * of nl_sysctl_hold(): then nothing is held.
 */
int nl_vmac_hold_parent(struct nl_sysctl *sysctl, int parent, int family);

/* Undoes one nl_vmac_hold_parent(). 0; NL_SYSCTL_FOREIGN or the error of nl_sysctl_drop(). */
int nl_vmac_drop_parent(struct nl_sysctl *sysctl, int parent, int family);

#endif /* NL_VMAC_H */
