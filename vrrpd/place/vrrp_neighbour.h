/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ARP and neighbour discovery for addresses on LANs: hears answers that name the MAC address of an
 * address, by ARP or neighbour advertisements (RFC 4861 section 4.4), whoever has asked; and asks
 * for an address, as a host does before it uses one.
 */
#ifndef VRRP_NEIGHBOUR_H
#define VRRP_NEIGHBOUR_H

#include <zebra.h>

#include <net/ethernet.h>

#include "vrrp_addr.h"

/* Called when a packet on that link says that this address has this MAC address. */
typedef void (*vrrp_neighbour_fn)(int ifindex, const struct vrrp_addr *address,
				  const uint8_t mac[ETH_ALEN]);

/*
 * Listens for these addresses from now on, on every link of this namespace; more than some
 * 300 packets a second of each family are lost. Packets about a few other addresses may be
 * reported as well. count 0: stops listening. 0 or negative errno.
 */
int vrrp_neighbour_listen(const struct vrrp_addr *addresses, unsigned int count,
			  vrrp_neighbour_fn heard);

/*
 * Asks for an address on an Ethernet, while addresses are listened for, by an ARP probe
 * (RFC 5227 section 1.1) or a solicitation from :: (RFC 4862 section 5.4.2). Neither changes
 * the caches of hosts. mac is the link's own. 0 or negative errno.
 */
int vrrp_neighbour_probe(int ifindex, const uint8_t mac[ETH_ALEN], const struct vrrp_addr *address);

#endif /* VRRP_NEIGHBOUR_H */
