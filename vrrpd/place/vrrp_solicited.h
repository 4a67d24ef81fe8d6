/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The solicited-node groups of IPv6 VIPs on virtual MACs, joined on their interface.
 *
 * A virtual MAC reports no groups (nl_nft.h), since a report from a Backup would teach
 * switches a wrong port. But a switch that snoops MLD forwards a solicitation for a VIP only to
 * ports where its group was reported: hosts would not find it. So the interface, which
 * reports with its own MAC address, is a member while the VIP is here.
 *
 * IPv4 needs none: ARP is a broadcast. VRRP's own groups are joined by vrrp_socket.h, and a VIP
 * on any other link is reported by that link.
 */
#ifndef VRRP_SOLICITED_H
#define VRRP_SOLICITED_H

#include <zebra.h>

#include "if.h"

#include "vrrp_addr.h"

/*
 * Joins or leaves the group of a VIP. *joined is the caller's: the link on which it was joined, 0
 * for none; it is set to wanted. A failure is logged.
 */
void vrrp_solicited_move(const struct vrrp_addr *vip, ifindex_t *joined, ifindex_t wanted);

void vrrp_solicited_stop(void);

#endif /* VRRP_SOLICITED_H */
