/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sysctls keep a VMAC and its parent out of each other's way, so that each
 * address is answered for by its own MAC and by no other.
 *
 * Both stand on one LAN and hear the same broadcasts. By default, Linux answers an
 * ARP request on any link for the addresses of all, and asks for a neighbour's
 * address in the name of whatever address a packet has as source.
 *
 * The order, with everything (nl_macvlan.h, nl_nft.h):
 *   to be there:  nl_vmac_hold_parent(), nl_macvlan_add(), nl_vmac_prepare(), nl_nft_add()
 *   Active:       nl_nft_allow(), nl_link_set_up(), for IPv6 nl_route_link_local(),
 *                 VIPs by nl_batch_addr_add()
 *   Backup:       VIPs by nl_batch_addr_del(), nl_link_set_down()
 *   to be gone:   as Backup, nl_link_del(), nl_nft_del(), nl_vmac_drop_parent()
 *   at start:     nl_sysctl_new(), nl_nft_new(); every macvlan of ours (nl_link_dump())
 *                 down, for this run is no Active router yet; the configuration;
 *                 those that no group wants nl_link_del(), the others as "to be
 *                 there", with one nl_nft_add() for all; nl_nft_settle(),
 *                 nl_sysctl_settle()
 * A Backup's VMAC is down: up, it forwards what is sent to the virtual MAC, which a
 * Backup must discard (RFC 9568, 6.4.2).
 *
 * Packets that the virtual router sends by itself go out of the VMAC and thus from
 * its MAC, with an address of the parent as source. An IPv6 socket bound to the VMAC
 * needs IPV6_FREEBIND for that, for the VMAC has no link-local address of its own,
 * and must have none.
 */
#ifndef NL_VMAC_H
#define NL_VMAC_H

#include "nl_sysctl.h"

/*
 * Sets up a VMAC of ours that is not up yet, for one address family:
 *   arp_ignore 1	no answers for the parent's addresses (an IPv6 VMAC gives some too)
 *   rp_filter 2	what comes in here goes out by the parent; 2 and not 0, for
 *			the kernel takes the larger of this and all.rp_filter
 *   disable_ipv6 1	on one for IPv4
 *   accept_ra 0, autoconf 0	on one for IPv6: no addresses or routes from routers
 * 0 or negative errno of nl_sysctl_set(); a kernel without IPv6 is no error for AF_INET.
 */
int nl_vmac_prepare(int ifindex, int family);

/*
 * The same for a VMAC made by hand: held, and put back as it was by nl_vmac_drop().
 * It may have addresses of the operator's, so without disable_ipv6, but with
 *   keep_addr_on_down 1	IPv6 addresses stay while it is down, but for
 *				link-local ones and those with a lifetime
 *   accept_dad 0	and answer at once when it is up again: the MAC that they
 *			would be found a duplicate of is their own
 * The errors of nl_sysctl_hold(): then nothing is held. Dropping: 0,
 * NL_SYSCTL_FOREIGN, or the error of nl_sysctl_drop().
 */
int nl_vmac_hold(struct nl_sysctl *sysctl, int ifindex, int family);
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

/* Undoes one of the above. 0; NL_SYSCTL_FOREIGN or the error of nl_sysctl_drop(). */
int nl_vmac_drop_parent(struct nl_sysctl *sysctl, int parent, int family);

#endif /* NL_VMAC_H */
