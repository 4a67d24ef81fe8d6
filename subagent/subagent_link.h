/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrrp-snmp, the AgentX subagent with VRRPV3-MIB (RFC 6527), and what it and vrrpd tell each other.
 *
 * libnetsnmp writes to snmpd and waits for its answers without asking anyone: where snmpd stands
 * still, whoever uses that library stands still as well, for more than twenty seconds. A vrrpd that
 * does so loses its VIPs. A thread would keep it from that, but not from a crash of the library, from
 * its files in /etc/snmp, its alarms and its environment. So libnetsnmp has a process of its own,
 * which the module of "vrrpd -M snmp" starts, and starts again when it dies. It knows no libfrr, ends
 * with the daemon, and has neither capabilities nor the daemon's priority.
 *
 * Between them is a socket of packets (SOCK_SEQPACKET), of which each is one of these structs. The
 * daemon never waits for it. The program asks for all rows when snmpd asks for any, but once a second
 * at most; it gets them in turns of the daemon's event loop. Notifications come by themselves, while
 * there is an snmpd, but no more than SUBAGENT_UNTOLD that it has not taken: where many wait in their
 * sockets, snmpd and libnetsnmp wait for each other, and for good.
 */
#ifndef SUBAGENT_LINK_H
#define SUBAGENT_LINK_H

#include <stdint.h>

#define SUBAGENT_PROGRAM "vrrp-snmp"
/* The program's end of the socket. */
#define SUBAGENT_FD 3

/* Notifications under way. */
#define SUBAGENT_UNTOLD 16

/* Octets of an address; IPv4 has the first four. */
#define SUBAGENT_ADDRESS 16
#define SUBAGENT_VIPS	 255
#define SUBAGENT_TEXT	 256

/* What a packet is: the first word of each. */
enum subagent_type {
	/* vrrpd's */
	SUBAGENT_ROW,
	SUBAGENT_END,  /* that was the last row */
	SUBAGENT_TRAP, /* a notification */
	/* the program's */
	SUBAGENT_ASK,
	SUBAGENT_UP,   /* snmpd is there */
	SUBAGENT_DOWN, /* it is not */
	SUBAGENT_TOLD, /* it has taken a notification */
	SUBAGENT_SAY,  /* for the log */
};

/* Columns of vrrpv3OperationsTable. */
enum subagent_operation {
	SUBAGENT_MASTER = 3,
	SUBAGENT_PRIMARY,
	SUBAGENT_MAC,
	SUBAGENT_STATUS,
	SUBAGENT_PRIORITY,
	SUBAGENT_ADDR_COUNT,
	SUBAGENT_INTERVAL,
	SUBAGENT_PREEMPT,
	SUBAGENT_ACCEPT,
	SUBAGENT_UP_TIME,
	SUBAGENT_ROW_STATUS,
	SUBAGENT_OPERATIONS,
};

/* Columns of vrrpv3StatisticsTable. */
enum subagent_statistic {
	SUBAGENT_TRANSITIONS = 1,
	SUBAGENT_NEW_MASTER_REASON,
	SUBAGENT_RECEIVED,
	SUBAGENT_INTERVAL_ERRORS,
	SUBAGENT_TTL_ERRORS,
	SUBAGENT_PROTO_ERROR_REASON,
	SUBAGENT_ZERO_RECEIVED,
	SUBAGENT_ZERO_SENT,
	SUBAGENT_TYPE_ERRORS,
	SUBAGENT_LIST_ERRORS,
	SUBAGENT_LENGTH_ERRORS,
	SUBAGENT_DISCONTINUITY,
	SUBAGENT_REFRESH,
	SUBAGENT_STATISTICS,
};

/* Scalars of vrrpv3Statistics. */
enum subagent_scalar {
	SUBAGENT_CHECKSUM_ERRORS = 1,
	SUBAGENT_VERSION_ERRORS,
	SUBAGENT_VRID_ERRORS,
	SUBAGENT_ROUTER_DISCONTINUITY,
	SUBAGENT_SCALARS,
};

/* Values of the MIB. */
enum { SUBAGENT_INITIALIZE = 1, SUBAGENT_BACKUP, SUBAGENT_ACTIVE };
enum { SUBAGENT_TRUE = 1, SUBAGENT_FALSE };
enum { SUBAGENT_IPV4 = 1, SUBAGENT_IPV6 };
enum subagent_reason {
	SUBAGENT_NOT_MASTER,
	SUBAGENT_BY_PRIORITY,
	SUBAGENT_PREEMPTED,
	SUBAGENT_NO_RESPONSE,
};
enum subagent_error {
	SUBAGENT_NO_ERROR,
	SUBAGENT_TTL_ERROR,
	SUBAGENT_VERSION_ERROR,
	SUBAGENT_CHECKSUM_ERROR,
	SUBAGENT_VRID_ERROR,
};
enum { SUBAGENT_NEW_MASTER = 1, SUBAGENT_PROTO_ERROR };

/* Whose row it is. */
struct subagent_index {
	uint32_t ifindex, vrid, address_type;
};

struct subagent_row {
	uint32_t type;
	struct subagent_index index;
	uint8_t master[SUBAGENT_ADDRESS], primary[SUBAGENT_ADDRESS], mac[6];
	uint64_t operations[SUBAGENT_OPERATIONS]; /* by column, those that are numbers */
	uint64_t statistics[SUBAGENT_STATISTICS];
};

/* The packet has no more than its VIPs: operations[SUBAGENT_ADDR_COUNT] of them. */
struct subagent_row_packet {
	struct subagent_row row;
	uint8_t vips[SUBAGENT_VIPS][SUBAGENT_ADDRESS];
};

struct subagent_end {
	uint32_t type;
	uint64_t scalars[SUBAGENT_SCALARS];
};

struct subagent_trap {
	uint32_t type;
	struct subagent_index index;
	uint32_t notification;
	uint32_t reason; /* of its kind */
	uint8_t master[SUBAGENT_ADDRESS];
};

struct subagent_say {
	uint32_t type;
	char text[SUBAGENT_TEXT]; /* with its zero; "" but for SUBAGENT_SAY */
};

/* Room for any. */
union subagent_packet {
	uint32_t type;
	struct subagent_row_packet row;
	struct subagent_end end;
	struct subagent_trap trap;
	struct subagent_say say;
};

#endif /* SUBAGENT_LINK_H */
