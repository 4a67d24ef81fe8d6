// SPDX-License-Identifier: GPL-2.0-or-later
#include "subagent_mib.h"

#include <stdbool.h>

#include "subagent_rows.h"

#define ROW_ACTIVE	  1
#define ROW_STATUS_COLUMN 2 /* of vrrpv3AssociatedIpAddrTable */

static const u_char operation_types[SUBAGENT_OPERATIONS] = {
	[SUBAGENT_MASTER] = ASN_OCTET_STR,   [SUBAGENT_PRIMARY] = ASN_OCTET_STR,
	[SUBAGENT_MAC] = ASN_OCTET_STR,	     [SUBAGENT_STATUS] = ASN_INTEGER,
	[SUBAGENT_PRIORITY] = ASN_GAUGE,     [SUBAGENT_ADDR_COUNT] = ASN_INTEGER,
	[SUBAGENT_INTERVAL] = ASN_INTEGER,   [SUBAGENT_PREEMPT] = ASN_INTEGER,
	[SUBAGENT_ACCEPT] = ASN_INTEGER,     [SUBAGENT_UP_TIME] = ASN_TIMETICKS,
	[SUBAGENT_ROW_STATUS] = ASN_INTEGER,
};

static const u_char statistic_types[SUBAGENT_STATISTICS] = {
	[SUBAGENT_TRANSITIONS] = ASN_COUNTER,	  [SUBAGENT_NEW_MASTER_REASON] = ASN_INTEGER,
	[SUBAGENT_RECEIVED] = ASN_COUNTER64,	  [SUBAGENT_INTERVAL_ERRORS] = ASN_COUNTER64,
	[SUBAGENT_TTL_ERRORS] = ASN_COUNTER64,	  [SUBAGENT_PROTO_ERROR_REASON] = ASN_INTEGER,
	[SUBAGENT_ZERO_RECEIVED] = ASN_COUNTER64, [SUBAGENT_ZERO_SENT] = ASN_COUNTER64,
	[SUBAGENT_TYPE_ERRORS] = ASN_COUNTER64,	  [SUBAGENT_LIST_ERRORS] = ASN_COUNTER64,
	[SUBAGENT_LENGTH_ERRORS] = ASN_COUNTER64, [SUBAGENT_DISCONTINUITY] = ASN_TIMETICKS,
	[SUBAGENT_REFRESH] = ASN_GAUGE,
};

/* --- values ------------------------------------------------------------------------ */

static void set_number(netsnmp_variable_list *variable, u_char type, uint64_t value)
{
	struct counter64 wide = { .high = value >> 32, .low = value & UINT32_MAX };
	long number = (uint32_t)value;

	if (type == ASN_COUNTER64)
		snmp_set_var_typed_value(variable, type, &wide, sizeof(wide));
	else
		snmp_set_var_typed_value(variable, type, &number, sizeof(number));
}

static void set_operation(netsnmp_variable_list *variable, const struct subagent_row *row,
			  unsigned int column)
{
	size_t size = row->index.address_type == SUBAGENT_IPV4 ? 4 : SUBAGENT_ADDRESS;
	u_char type = operation_types[column];

	if (column == SUBAGENT_MASTER)
		snmp_set_var_typed_value(variable, type, row->master, size);
	else if (column == SUBAGENT_PRIMARY)
		snmp_set_var_typed_value(variable, type, row->primary, size);
	else if (column == SUBAGENT_MAC)
		snmp_set_var_typed_value(variable, type, row->mac, sizeof(row->mac));
	else
		set_number(variable, type, row->operations[column]);
}

static void set_statistic(netsnmp_variable_list *variable, const struct subagent_row *row,
			  unsigned int column)
{
	set_number(variable, statistic_types[column],
		   column == SUBAGENT_REFRESH ? SUBAGENT_ROWS_AGE : row->statistics[column]);
}

/* --- requests ----------------------------------------------------------------------- */

/* libnetsnmp has looked up the rows. */
static int operations(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
		      netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	for (; request; request = request->next) {
		const struct subagent_router *router = netsnmp_container_table_row_extract(request);

		if (router)
			set_operation(request->requestvb, &router->row,
				      netsnmp_extract_table_info(request)->colnum);
	}
	return SNMP_ERR_NOERROR;
}

static int statistics(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
		      netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	for (; request; request = request->next) {
		const struct subagent_router *router = netsnmp_container_table_row_extract(request);

		if (router)
			set_statistic(request->requestvb, &router->row,
				      netsnmp_extract_table_info(request)->colnum);
	}
	return SNMP_ERR_NOERROR;
}

static int associated(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
		      netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	for (; request; request = request->next)
		if (netsnmp_container_table_row_extract(request))
			set_number(request->requestvb, ASN_INTEGER, ROW_ACTIVE);
	return SNMP_ERR_NOERROR;
}

static int scalar(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
		  netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	enum subagent_scalar which = registration->rootoid[registration->rootoid_len - 2];
	u_char type = which == SUBAGENT_ROUTER_DISCONTINUITY ? ASN_TIMETICKS : ASN_COUNTER64;

	subagent_rows_renew();
	for (; request; request = request->next)
		set_number(request->requestvb, type, subagent_rows_scalar(which));
	return SNMP_ERR_NOERROR;
}

/* Before rows are looked up. */
static int renew(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
		 netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	subagent_rows_renew();
	return SNMP_ERR_NOERROR;
}

/* --- the MIB ------------------------------------------------------------------------ */

struct table {
	const char *name;
	Netsnmp_Node_Handler *handler;
	oid root[10];
	size_t length;
	unsigned int first, last; /* columns */
	bool is_of_vips;
};

static const struct table tables[] = {
	{ "vrrpv3OperationsTable",
	  operations,
	  { SUBAGENT_MIB, 1, 1, 1 },
	  10,
	  SUBAGENT_MASTER,
	  SUBAGENT_ROW_STATUS,
	  false },
	{ "vrrpv3AssociatedIpAddrTable",
	  associated,
	  { SUBAGENT_MIB, 1, 1, 2 },
	  10,
	  ROW_STATUS_COLUMN,
	  ROW_STATUS_COLUMN,
	  true },
	{ "vrrpv3StatisticsTable",
	  statistics,
	  { SUBAGENT_MIB, 1, 2, 5 },
	  10,
	  SUBAGENT_TRANSITIONS,
	  SUBAGENT_REFRESH,
	  false },
};

static void register_table(const struct table *table)
{
	netsnmp_handler_registration *registration =
		netsnmp_create_handler_registration(table->name, table->handler, table->root,
						    table->length, HANDLER_CAN_RONLY);
	netsnmp_table_registration_info *info = SNMP_MALLOC_TYPEDEF(netsnmp_table_registration_info);
	netsnmp_mib_handler *before = netsnmp_create_handler("vrrp_renew", renew);
	netsnmp_container *rows = table->is_of_vips ? subagent_rows_vips() : subagent_rows_routers();

	netsnmp_table_helper_add_indexes(info, ASN_INTEGER, ASN_INTEGER, ASN_INTEGER, 0);
	if (table->is_of_vips)
		netsnmp_table_helper_add_index(info, ASN_OCTET_STR);
	info->min_column = table->first;
	info->max_column = table->last;
	netsnmp_inject_handler(registration,
			       netsnmp_container_table_handler_get(info, rows,
								   TABLE_CONTAINER_KEY_NETSNMP_INDEX));
	before->flags |= MIB_HANDLER_AUTO_NEXT;
	netsnmp_inject_handler(registration, before);
	netsnmp_register_table(registration, info);
}

void subagent_mib_init(void)
{
	oid root[] = { SUBAGENT_MIB, 1, 2, 0 };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		register_table(&tables[i]);
	for (unsigned int which = 1; which < SUBAGENT_SCALARS; which++) {
		root[OID_LENGTH(root) - 1] = which;
		netsnmp_register_read_only_scalar(
			netsnmp_create_handler_registration("vrrpv3Router", scalar, root,
							    OID_LENGTH(root), HANDLER_CAN_RONLY));
	}
}
