// SPDX-License-Identifier: GPL-2.0-or-later
#include "subagent_trap.h"

#include <stdbool.h>

#include "subagent_daemon.h"
#include "subagent_mib.h"
#include "subagent_rows.h"

/* vrrpv3OperationsMasterIpAddr, vrrpv3StatisticsNewMasterReason, vrrpv3StatisticsProtoErrReason */
#define MASTER_IP_ADDR	  { SUBAGENT_MIB, 1, 1, 1, 1, SUBAGENT_MASTER }
#define NEW_MASTER_REASON { SUBAGENT_MIB, 1, 2, 5, 1, SUBAGENT_NEW_MASTER_REASON }
#define PROTO_ERR_REASON  { SUBAGENT_MIB, 1, 2, 5, 1, SUBAGENT_PROTO_ERROR_REASON }

/* RFC 2741: the type of an AgentX-Notify-PDU, and the flag for numbers in network byte order. */
#define NOTIFY		   12
#define NETWORK_BYTE_ORDER 0x10

/* After which libnetsnmp would send one again. By then it has seen that snmpd does not answer. */
#define PATIENCE_SEC 600

static netsnmp_session *snmpd; /* NULL: there is none */

void subagent_trap_snmpd(struct snmp_session *session)
{
	snmpd = session;
}

/* Adds the instance of a column that a notification is about. */
static void add(netsnmp_variable_list **variables, const struct subagent_trap *trap,
		const oid column[12], u_char type, const void *value, size_t size)
{
	oid name[12 + SUBAGENT_ROUTER_OIDS];

	memcpy(name, column, 12 * sizeof(oid));
	subagent_rows_oids(&trap->index, name + 12);
	snmp_varlist_add_variable(variables, name, OID_LENGTH(name), type, value, size);
}

static void add_variables(netsnmp_variable_list **variables, const struct subagent_trap *trap)
{
	static const oid master[] = MASTER_IP_ADDR, why[] = NEW_MASTER_REASON,
			 error[] = PROTO_ERR_REASON;
	static const oid trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 };
	const oid notification[] = { SUBAGENT_MIB, 0, trap->notification };
	bool is_new_master = trap->notification == SUBAGENT_NEW_MASTER;
	long reason = trap->reason;

	snmp_varlist_add_variable(variables, trap_oid, OID_LENGTH(trap_oid), ASN_OBJECT_ID,
				  notification, sizeof(notification));
	if (is_new_master)
		add(variables, trap, master, ASN_OCTET_STR, trap->master,
		    trap->index.address_type == SUBAGENT_IPV4 ? 4 : SUBAGENT_ADDRESS);
	add(variables, trap, is_new_master ? why : error, ASN_INTEGER, &reason, sizeof(reason));
}

static int on_answer(int operation, netsnmp_session *session, int id, netsnmp_pdu *pdu, void *arg)
{
	if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		subagent_daemon_tell(SUBAGENT_TOLD, "");
	return 1;
}

/*
 * Not by send_v2trap(), which tells nobody when snmpd has taken it, and asks the kernel for all
 * addresses each time.
 */
void subagent_trap_send(const struct subagent_trap *trap)
{
	netsnmp_pdu *pdu;

	if (!snmpd)
		return; /* vrrpd hears of it, and sends this one again */
	pdu = snmp_pdu_create(NOTIFY);
	if (!pdu)
		exit(1);
	pdu->version = snmpd->version;
	pdu->sessid = snmpd->sessid;
	pdu->time = PATIENCE_SEC;
	pdu->flags |= UCD_MSG_FLAG_EXPECT_RESPONSE | UCD_MSG_FLAG_PDU_TIMEOUT |
		      (snmpd->flags & NETWORK_BYTE_ORDER);
	add_variables(&pdu->variables, trap);
	if (!snmp_async_send(snmpd, pdu, on_answer, NULL))
		snmp_free_pdu(pdu);
}
