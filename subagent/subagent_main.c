// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrrp-snmp: see subagent_link.h.
 *
 * Its configuration is that of FRR's modules for snmpd, /etc/snmp/frr.conf, where agentXSocket says
 * where snmpd is.
 */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/agent/agent_callbacks.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "subagent_daemon.h"
#include "subagent_mib.h"
#include "subagent_rows.h"
#include "subagent_trap.h"

#define NAME "frr"
/* After which libnetsnmp asks whether snmpd is there, or looks for one. */
#define PING_SEC 5

static bool is_up;

static void on_packet(const union subagent_packet *packet, size_t size)
{
	switch (packet->type) {
	case SUBAGENT_ROW:
		subagent_rows_add(&packet->row);
		break;
	case SUBAGENT_END:
		subagent_rows_end(&packet->end);
		break;
	case SUBAGENT_TRAP:
		subagent_trap_send(&packet->trap);
		break;
	default:
		break;
	}
}

static void on_readable(int fd, void *arg)
{
	subagent_daemon_wait(0);
}

/* A sentence of libnetsnmp's; it says the same each time it looks for snmpd in vain. */
static int on_log(int major, int minor, void *message, void *arg)
{
	const struct snmp_log_message *log = message;
	static char last[SUBAGENT_TEXT];
	char text[SUBAGENT_TEXT];

	snprintf(text, sizeof(text), "%s", log->msg);
	text[strcspn(text, "\n")] = '\0';
	if (log->priority > LOG_WARNING || strcmp(text, last) == 0)
		return SNMPERR_SUCCESS;
	memcpy(last, text, sizeof(last));
	subagent_daemon_tell(SUBAGENT_SAY, text);
	return SNMPERR_SUCCESS;
}

static int on_session(int major, int minor, void *session, void *arg)
{
	is_up = minor == SNMPD_CALLBACK_INDEX_START;
	subagent_trap_snmpd(is_up ? session : NULL);
	subagent_daemon_tell(is_up ? SUBAGENT_UP : SUBAGENT_DOWN, "");
	return SNMPERR_SUCCESS;
}

static void init_library(void)
{
	netsnmp_enable_subagent();
	snmp_disable_log();
	snmp_enable_calllog();
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_LOGGING, on_log, NULL);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_START, on_session,
			       NULL);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, on_session,
			       NULL);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	init_agent(NAME);
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL,
			   PING_SEC);
}

int main(void)
{
	/* where snmpd stands still, the end of the socket would be seen too late */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpriority(PRIO_PROCESS, 0, 0);
	/* a snmpd that ends while libnetsnmp writes to it */
	signal(SIGPIPE, SIG_IGN);
	/* whose texts this program does not need, and which name others that Debian does not have */
	setenv("MIBS", "", 1);
	subagent_daemon_init(on_packet);
	init_library();
	subagent_rows_init();
	subagent_mib_init();
	init_snmp(NAME);
	if (!is_up)
		subagent_daemon_tell(SUBAGENT_DOWN, "");
	register_readfd(SUBAGENT_FD, on_readable, NULL);
	for (;;)
		agent_check_and_process(1);
}
