/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of VRRPV3-MIB (RFC 6527): a virtual router by ifIndex, VRID and address type, and a
 * virtual address by these and the address.
 */
#ifndef VRRP_SNMP_ROW_H
#define VRRP_SNMP_ROW_H

#include <zebra.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "smux.h"

#include "vrrp_group.h"

/* Sub-identifiers: of a virtual router; at most, of a virtual address, which has its length too. */
#define VRRP_SNMP_ROUTER     3
#define VRRP_SNMP_INDEX_SIZE (VRRP_SNMP_ROUTER + 1 + 16)

struct vrrp_snmp_row {
	oid index[VRRP_SNMP_INDEX_SIZE];
	size_t length;
	const struct vrrp_router *router;
};

/*
 * The row with this index, or, if not exact, the first one behind it, which may be only the
 * beginning of an index. False when there is none. Rows that come are found within a second.
 */
bool vrrp_snmp_find_router(const oid *index, size_t length, bool exact, struct vrrp_snmp_row *row);
bool vrrp_snmp_find_address(const oid *index, size_t length, bool exact, struct vrrp_snmp_row *row);

/* The index of a virtual router. */
void vrrp_snmp_index(const struct vrrp_router *router, oid index[VRRP_SNMP_ROUTER]);

void vrrp_snmp_row_stop(void);

#endif /* VRRP_SNMP_ROW_H */
