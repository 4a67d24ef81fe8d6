/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said on LANs of addresses: at which MAC address one is, by ARP or by neighbour
 * advertisements (RFC 4861 section 4.4), whoever asked; and asking for one as a host does
 * before it takes it.
 */
#ifndef VRRP_NEIGHBOUR_H
#define VRRP_NEIGHBOUR_H

#include <zebra.h>

#include <net/ethernet.h>

#include "vrrp_addr.h"

/* On that link it is said that this address is at this MAC address. */
typedef void (*vrrp_neighbour_fn)(int ifindex, const struct vrrp_addr *address,
				  const uint8_t mac[ETH_ALEN]);

/*
 * Hears what is said of these addresses from now on, on every link of this namespace: some
 * 300 times a second of each family at most, more is lost. A few that were not asked for
 * may be told as well. None (count 0): hears no more. 0 or negative errno.
 */
int vrrp_neighbour_listen(const struct vrrp_addr *addresses, unsigned int count,
			  vrrp_neighbour_fn heard);

/*
 * Asks on an Ethernet, while there is something that is listened to, by an ARP probe (RFC 5227
 * section 1.1) or a solicitation from :: (RFC 4862 section 5.4.2). Neither changes what hosts
 * believe. mac is the link's own. 0 or negative errno.
 */
int vrrp_neighbour_probe(int ifindex, const uint8_t mac[ETH_ALEN], const struct vrrp_addr *address);

#endif /* VRRP_NEIGHBOUR_H */
