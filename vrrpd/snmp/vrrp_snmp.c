// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module of "vrrpd -M snmp": it has vrrp-snmp run (subagent/subagent_link.h says why there is such
 * a program), and tells it what snmpd wants to know. Rows and notifications leave in turns of the
 * event loop, and only as fast as the program takes them.
 */
#include <zebra.h>

#include "lib/version.h"
#include "libfrr.h"

#include "vrrp_daemon.h"
#include "vrrp_snmp_agent.h"
#include "vrrp_snmp_row.h"
#include "vrrp_snmp_trap.h"
#include "vrrp_vty_brief.h"

static struct event *t_turn;

static void take_turn(struct event *event);

static void serve(void)
{
	event_add_event(master, take_turn, NULL, 0, &t_turn);
}

static void take_turn(struct event *event)
{
	if (vrrp_snmp_trap_send() && vrrp_snmp_row_send())
		serve();
}

static void on_asked(void)
{
	vrrp_snmp_row_begin();
	serve();
}

static void on_told(void)
{
	vrrp_snmp_trap_told();
	serve();
}

static const struct vrrp_snmp_agent_user user = {
	.ready = serve,
	.asked = on_asked,
	.told = on_told,
	.lost = vrrp_snmp_trap_lost,
};

static int on_late_init(struct event_loop *loop)
{
	vrrp_snmp_trap_init(serve);
	vrrp_vty_brief_fault(vrrp_snmp_agent_fault);
	vrrp_snmp_agent_start(&user);
	return 0;
}

static int on_early_fini(void)
{
	event_cancel(&t_turn);
	vrrp_snmp_agent_stop();
	vrrp_snmp_trap_stop();
	return 0;
}

static int init(void)
{
	hook_register(frr_late_init, on_late_init);
	hook_register(frr_early_fini, on_early_fini);
	return 0;
}

FRR_MODULE_SETUP(.name = "vrrpd_snmp", .version = FRR_VERSION,
		 .description = "VRRPV3-MIB (RFC 6527) for snmpd, by AgentX", .init = init);
