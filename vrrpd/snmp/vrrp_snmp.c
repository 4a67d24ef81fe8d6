// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VRRPV3-MIB (RFC 6527) for snmpd, by AgentX. "vrrpd -M snmp" loads it.
 *
 * All objects can be read, and none can be written: the configuration is vtysh's. The MIB's counters
 * of errors without a virtual router are what vrrpd calls strays.
 *
 * libnetsnmp waits for snmpd's answer in the daemon's own loop when it opens a session and when it
 * asks whether snmpd is still there. So it waits for a moment only, and once.
 */
#include <zebra.h>

#include "lib/darr.h"
#include "libfrr.h"
#include "lib/version.h"

#include "vrrp_daemon.h"
#include "vrrp_nb.h"
#include "vrrp_receive.h"
#include "vrrp_snmp_row.h"
#include "vrrp_snmp_trap.h"

/* A tenth of the shortest Active_Down_Interval is not longer than three milliseconds. */
#define WAIT_USEC 3000

#define ROW_ACTIVE 1

/* The types of SMIv2 under FRR's names. */
#define OCTETS	 ASN_OCTET_STR
#define INTEGER	 ASN_INTEGER
#define UNSIGNED ASN_GAUGE
#define TICKS	 ASN_TIMETICKS
#define COUNT32	 ASN_COUNTER
#define COUNT64	 ASN_COUNTER64
#define RONLY	 NETSNMP_OLDAPI_RONLY

/* The columns, and the scalars of vrrpv3Statistics. */
enum { MASTER_ADDRESS = 3, PRIMARY_ADDRESS, MAC, STATUS, PRIORITY, ADDRESSES, INTERVAL, PREEMPT, ACCEPT,
       UP_TIME, ROW_STATUS };
enum { ROUTER_CHECKSUM = 1, ROUTER_VERSION, ROUTER_VRID, ROUTER_DISCONTINUITY };
enum { TRANSITIONS = 1, NEW_MASTER_REASON, RECEIVED, INTERVAL_ERRORS, TTL_ERRORS, PROTO_ERROR_REASON,
       ZERO_RECEIVED, ZERO_SENT, TYPE_ERRORS, LIST_ERRORS, LENGTH_ERRORS, DISCONTINUITY, REFRESH };

/* --- values: libnetsnmp copies what these return before it asks for the next ------- */

static uint8_t *number(unsigned long value, size_t *length)
{
	static unsigned long last;

	last = value;
	*length = sizeof(last);
	return (uint8_t *)&last;
}

static uint8_t *count64(uint64_t value, size_t *length)
{
	static struct counter64 last;

	last.high = value >> 32;
	last.low = value & UINT32_MAX;
	*length = sizeof(last);
	return (uint8_t *)&last;
}

static uint8_t *octets(const void *value, size_t size, size_t *length)
{
	static uint8_t last[16];

	memcpy(last, value, size);
	*length = size;
	return last;
}

/* One that is not known is all zeros, so that its type stays that of the row. */
static uint8_t *address(const struct vrrp_router *router, const struct vrrp_addr *value,
			size_t *length)
{
	static const uint8_t unknown[16];

	return octets(vrrp_addr_is_set(value) ? value->octets : unknown,
		      vrrp_addr_size(router->family), length);
}

static uint8_t *virtual_mac(const struct vrrp_router *router, size_t *length)
{
	const uint8_t mac[] = { 0, 0, 0x5e, 0, router->family == VRRP_IPV4 ? 1 : 2,
				router->group->vrid };

	return octets(mac, sizeof(mac), length);
}

static unsigned long truth(bool value)
{
	return value ? SNMP_TRUE : SNMP_FALSE;
}

static unsigned long status_of(const struct vrrp_router *router)
{
	static const unsigned long states[] = {
		[VRRP_INITIALIZE] = 1, [VRRP_BACKUP] = 2, [VRRP_ACTIVE] = 3
	};

	return states[router->fsm.state];
}

/* In hundredths of a second, in this state: when it left Initialize is not recorded. */
static unsigned long up_time(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_INITIALIZE
		       ? 0
		       : (vrrp_now() - router->fsm.since) / VRRP_USEC_PER_CS;
}

static enum vrrp_snmp_reason reason_of(const struct vrrp_router *router)
{
	if (router->fsm.state != VRRP_ACTIVE)
		return VRRP_SNMP_NOT_MASTER;
	switch (router->fsm.reason) {
	case VRRP_REASON_OWNER:
		return VRRP_SNMP_PRIORITY;
	case VRRP_REASON_PREEMPTED:
		return VRRP_SNMP_PREEMPTED;
	default: /* nobody was Active, whatever the cause */
		return VRRP_SNMP_NO_RESPONSE;
	}
}

/* --- rows -------------------------------------------------------------------------- */

typedef bool (*find_fn)(const oid *index, size_t length, bool exact, struct vrrp_snmp_row *row);

/* The row that is asked for; sets the name to its instance. */
static const struct vrrp_router *row_of(struct variable *v, oid *name, size_t *length, int exact,
					size_t *var_len, WriteMethod **write, find_fn find)
{
	struct vrrp_snmp_row row;

	if (smux_header_table(v, name, length, exact, var_len, write) == MATCH_FAILED ||
	    oid_compare(name, v->namelen, v->name, v->namelen))
		return NULL;
	if (!find(name + v->namelen, *length - v->namelen, exact, &row))
		return NULL;
	oid_copy(name + v->namelen, row.index, row.length);
	*length = v->namelen + row.length;
	return row.router;
}

static uint8_t *operation(const struct vrrp_router *router, int column, size_t *length)
{
	const struct vrrp_group_conf *conf = &router->group->applied;

	switch (column) {
	case MASTER_ADDRESS:
		return address(router, &router->fsm.active_address, length);
	case PRIMARY_ADDRESS:
		return address(router, &router->source, length);
	case MAC:
		return virtual_mac(router, length);
	case STATUS:
		return number(status_of(router), length);
	case PRIORITY:
		return number(vrrp_nb_priority(router), length);
	case ADDRESSES:
		return number(darr_len(router->vips), length);
	case INTERVAL:
		return number(conf->interval_cs, length);
	case PREEMPT:
		return number(truth(conf->preempt), length);
	case ACCEPT:
		return number(truth(conf->accept_mode), length);
	case UP_TIME:
		return number(up_time(router), length);
	default:
		return number(ROW_ACTIVE, length);
	}
}

static uint8_t *operations(struct variable *v, oid *name, size_t *length, int exact,
			   size_t *var_len, WriteMethod **write)
{
	const struct vrrp_router *router = row_of(v, name, length, exact, var_len, write,
						  vrrp_snmp_find_router);

	return router ? operation(router, v->magic, var_len) : NULL;
}

static uint8_t *associated(struct variable *v, oid *name, size_t *length, int exact,
			   size_t *var_len, WriteMethod **write)
{
	return row_of(v, name, length, exact, var_len, write, vrrp_snmp_find_address)
		       ? number(ROW_ACTIVE, var_len)
		       : NULL;
}

static uint8_t *statistic(const struct vrrp_router *router, int column, size_t *length)
{
	const struct vrrp_stats *stats = &router->stats;
	const uint64_t *received = stats->received.count;

	switch (column) {
	case TRANSITIONS:
		return number((uint32_t)stats->active_transitions, length);
	case NEW_MASTER_REASON:
		return number(reason_of(router), length);
	case RECEIVED:
		return count64(received[VRRP_ACCEPTED], length);
	case INTERVAL_ERRORS:
		return count64(received[VRRP_BAD_INTERVAL] + stats->interval_differs, length);
	case TTL_ERRORS:
		return count64(received[VRRP_BAD_TTL], length);
	case PROTO_ERROR_REASON:
		return number(vrrp_snmp_last_error(), length);
	case ZERO_RECEIVED:
		return count64(stats->priority_zero_received, length);
	case ZERO_SENT:
		return count64(stats->priority_zero_sent, length);
	case TYPE_ERRORS:
		return count64(received[VRRP_BAD_TYPE], length);
	case LIST_ERRORS:
		return count64(received[VRRP_BAD_ADDRESS_LIST] + stats->addresses_differ, length);
	case LENGTH_ERRORS:
		return count64(received[VRRP_BAD_LENGTH], length);
	default: /* nothing was ever discontinuous, and nothing is sampled */
		return number(0, length);
	}
}

static uint8_t *statistics(struct variable *v, oid *name, size_t *length, int exact,
			   size_t *var_len, WriteMethod **write)
{
	const struct vrrp_router *router = row_of(v, name, length, exact, var_len, write,
						  vrrp_snmp_find_router);

	return router ? statistic(router, v->magic, var_len) : NULL;
}

/* --- scalars ----------------------------------------------------------------------- */

static uint64_t strays(enum vrrp_verdict verdict)
{
	return vrrp_receive_strays(VRRP_IPV4)->count[verdict] +
	       vrrp_receive_strays(VRRP_IPV6)->count[verdict];
}

/* Those that belong to a virtual router count as well: RFC 6527 has no column for them. */
static uint64_t in_all(enum vrrp_verdict verdict)
{
	const struct vrrp_group *group;
	uint64_t sum = strays(verdict);

	frr_each (vrrp_groups_const, &vrrp_groups, group)
		sum += group->v4.stats.received.count[verdict] +
		       group->v6.stats.received.count[verdict];
	return sum;
}

static uint8_t *scalars(struct variable *v, oid *name, size_t *length, int exact, size_t *var_len,
			WriteMethod **write)
{
	if (smux_header_generic(v, name, length, exact, var_len, write) == MATCH_FAILED)
		return NULL;
	switch (v->magic) {
	case ROUTER_CHECKSUM:
		return count64(in_all(VRRP_BAD_CHECKSUM), var_len);
	case ROUTER_VERSION:
		return count64(in_all(VRRP_BAD_VERSION), var_len);
	case ROUTER_VRID:
		return count64(in_all(VRRP_BAD_VRID), var_len);
	default:
		return number(0, var_len);
	}
}

/* --- the MIB ----------------------------------------------------------------------- */

#define OPERATION(column, type) { column, type, RONLY, operations, 5, { 1, 1, 1, 1, column } }
#define STATISTIC(column, type) { column, type, RONLY, statistics, 5, { 1, 2, 5, 1, column } }
#define SCALAR(number, type)	{ number, type, RONLY, scalars, 3, { 1, 2, number } }

static struct variable variables[] = {
	OPERATION(MASTER_ADDRESS, OCTETS),
	OPERATION(PRIMARY_ADDRESS, OCTETS),
	OPERATION(MAC, OCTETS),
	OPERATION(STATUS, INTEGER),
	OPERATION(PRIORITY, UNSIGNED),
	OPERATION(ADDRESSES, INTEGER),
	OPERATION(INTERVAL, INTEGER),
	OPERATION(PREEMPT, INTEGER),
	OPERATION(ACCEPT, INTEGER),
	OPERATION(UP_TIME, TICKS),
	OPERATION(ROW_STATUS, INTEGER),
	{ 2, INTEGER, RONLY, associated, 5, { 1, 1, 2, 1, 2 } },
	SCALAR(ROUTER_CHECKSUM, COUNT64),
	SCALAR(ROUTER_VERSION, COUNT64),
	SCALAR(ROUTER_VRID, COUNT64),
	SCALAR(ROUTER_DISCONTINUITY, TICKS),
	STATISTIC(TRANSITIONS, COUNT32),
	STATISTIC(NEW_MASTER_REASON, INTEGER),
	STATISTIC(RECEIVED, COUNT64),
	STATISTIC(INTERVAL_ERRORS, COUNT64),
	STATISTIC(TTL_ERRORS, COUNT64),
	STATISTIC(PROTO_ERROR_REASON, INTEGER),
	STATISTIC(ZERO_RECEIVED, COUNT64),
	STATISTIC(ZERO_SENT, COUNT64),
	STATISTIC(TYPE_ERRORS, COUNT64),
	STATISTIC(LIST_ERRORS, COUNT64),
	STATISTIC(LENGTH_ERRORS, COUNT64),
	STATISTIC(DISCONTINUITY, TICKS),
	STATISTIC(REFRESH, UNSIGNED),
};

static oid mib[] = { VRRP_SNMP_MIB };

static int on_late_init(struct event_loop *loop)
{
	smux_init(loop);
	netsnmp_ds_set_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_TIMEOUT, WAIT_USEC);
	netsnmp_ds_set_int(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_RETRIES, 0);
	REGISTER_MIB("mibII/vrrpv3", variables, variable, mib);
	vrrp_snmp_trap_init(variables, array_size(variables));
	smux_agentx_enable();
	return 0;
}

static int on_fini(void)
{
	vrrp_snmp_row_stop();
	return 0;
}

static int init(void)
{
	hook_register(frr_late_init, on_late_init);
	hook_register(frr_fini, on_fini);
	return 0;
}

FRR_MODULE_SETUP(.name = "vrrpd_snmp", .version = FRR_VERSION,
		 .description = "VRRPV3-MIB (RFC 6527) for snmpd, by AgentX", .init = init);
