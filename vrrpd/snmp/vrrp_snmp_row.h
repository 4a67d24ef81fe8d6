/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of VRRPV3-MIB (RFC 6527), told to vrrp-snmp. */
#ifndef VRRP_SNMP_ROW_H
#define VRRP_SNMP_ROW_H

#include <zebra.h>

#include "subagent_link.h"
#include "vrrp_group.h"

/* It wants all of them, from the first one on. */
void vrrp_snmp_row_begin(void);

/*
 * Sends some of those that it wants. True: there are more for another turn; false: it has all, or
 * takes nothing now. A virtual router that comes or goes meanwhile may be among them, or not.
 */
bool vrrp_snmp_row_send(void);

/* The index of a virtual router; why it is Active; an address, IPv4 being the first four octets. */
struct subagent_index vrrp_snmp_row_index(const struct vrrp_router *router);
enum subagent_reason vrrp_snmp_row_reason(const struct vrrp_router *router);
void vrrp_snmp_row_address(uint8_t octets[SUBAGENT_ADDRESS], const struct vrrp_addr *address);

/* The MIB's word for a verdict. */
enum subagent_error vrrp_snmp_row_error(enum vrrp_verdict verdict);

#endif /* VRRP_SNMP_ROW_H */
