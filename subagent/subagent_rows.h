/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows, as vrrpd had them within the last second, or, if it does not answer in time, within
 * the last ten; after that there are none.
 */
#ifndef SUBAGENT_ROWS_H
#define SUBAGENT_ROWS_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "subagent_link.h"

/* Milliseconds: vrrpv3StatisticsRefreshRate. */
#define SUBAGENT_ROWS_AGE 1000

/* Sub-identifiers of an index: of a virtual router; at most, of a VIP, with its length. */
#define SUBAGENT_ROUTER_OIDS 3
#define SUBAGENT_VIP_OIDS    (SUBAGENT_ROUTER_OIDS + 1 + SUBAGENT_ADDRESS)

/* A virtual router. */
struct subagent_router {
	netsnmp_index index; /* first, for the container */
	oid oids[SUBAGENT_ROUTER_OIDS];
	struct subagent_row row;
};

void subagent_rows_init(void);

/* Sorted by index: of struct subagent_router; and the indexes of VIPs. Good until they are renewed. */
netsnmp_container *subagent_rows_routers(void);
netsnmp_container *subagent_rows_vips(void);
uint64_t subagent_rows_scalar(enum subagent_scalar scalar);

/* Renews them if they are old. */
void subagent_rows_renew(void);

/* A row, or the end of them, has come. */
void subagent_rows_add(const struct subagent_row_packet *packet);
void subagent_rows_end(const struct subagent_end *end);

/* The sub-identifiers of a virtual router. */
void subagent_rows_oids(const struct subagent_index *index, oid oids[SUBAGENT_ROUTER_OIDS]);

#endif /* SUBAGENT_ROWS_H */
