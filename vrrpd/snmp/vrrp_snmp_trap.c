// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_snmp_trap.h"

#include <zebra.h>

#include "linklist.h"
#include "memory.h"
#include "northbound.h"
#include "typesafe.h"

#include "subagent_link.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_snmp_agent.h"
#include "vrrp_snmp_row.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SNMP_TRAP, "VRRP notification for snmpd");

/* More than all groups of a large router bring about by one move. */
#define WAITING_MAX 10000

PREDECL_LIST(traps);

struct trap {
	struct traps_item item;
	struct subagent_trap packet;
};

DECLARE_LIST(traps, struct trap, item);

static struct traps_head waiting;
static struct trap *next;      /* of those, the first that is not under way; NULL: none */
static unsigned int under_way; /* before that one */
static void (*tell_user)(void);
static bool is_losing; /* and the log says so */

static void add(const struct vrrp_router *router, uint32_t notification, uint32_t reason)
{
	struct trap *trap;

	if (traps_count(&waiting) >= WAITING_MAX) {
		if (!is_losing)
			zlog_warn("snmp: %u notifications wait for snmpd; more of them are lost, and "
				  "the history has them",
				  WAITING_MAX);
		is_losing = true;
		return;
	}
	trap = XCALLOC(MTYPE_VRRP_SNMP_TRAP, sizeof(*trap));
	trap->packet = (struct subagent_trap){
		.type = SUBAGENT_TRAP,
		.index = vrrp_snmp_row_index(router),
		.notification = notification,
		.reason = reason,
	};
	vrrp_snmp_row_address(trap->packet.master, &router->source);
	traps_add_tail(&waiting, trap);
	if (!next)
		next = trap;
	tell_user();
}

bool vrrp_snmp_trap_send(void)
{
	while (vrrp_snmp_agent_has_snmpd() && next && under_way < SUBAGENT_UNTOLD) {
		if (!vrrp_snmp_agent_send(&next->packet, sizeof(next->packet)))
			return false;
		next = traps_next(&waiting, next);
		under_way++;
	}
	return true;
}

void vrrp_snmp_trap_told(void)
{
	struct trap *trap;

	if (!under_way)
		return;
	under_way--;
	trap = traps_pop(&waiting);
	XFREE(MTYPE_VRRP_SNMP_TRAP, trap);
	is_losing = false;
}

void vrrp_snmp_trap_lost(void)
{
	next = traps_first(&waiting);
	under_way = 0;
}

/* --- the notifications of YANG ------------------------------------------------------ */

static const char *argument(const struct list *arguments, const char *notification, const char *leaf)
{
	const struct yang_data *data;

	data = yang_data_list_find(arguments, "/frr-crossvip:%s/%s", notification, leaf);
	return data ? data->value : "";
}

static const struct vrrp_router *router_of(const struct list *arguments, const char *notification)
{
	const char *family = argument(arguments, notification, "address-family");
	struct vrrp_group *group;

	group = vrrp_group_find(argument(arguments, notification, "interface"),
				strtoul(argument(arguments, notification, "virtual-router-id"),
					NULL, 10));
	return group ? vrrp_group_router(group, strmatch(family, "ipv4") ? VRRP_IPV4 : VRRP_IPV6)
		     : NULL;
}

static enum subagent_error error_of(const char *identity)
{
	const char *colon = strchr(identity, ':');

	for (unsigned int i = VRRP_ACCEPTED + 1; colon && i < VRRP_VERDICTS; i++)
		if (strmatch(colon + 1, vrrp_verdicts[i].identity))
			return vrrp_snmp_row_error(i);
	return SUBAGENT_NO_ERROR;
}

static void on_active(const struct list *arguments, const char *notification)
{
	const struct vrrp_router *router = router_of(arguments, notification);

	if (router)
		add(router, SUBAGENT_NEW_MASTER, vrrp_snmp_row_reason(router));
}

/* An error without a virtual router has no row, and so no notification: the counters have it. */
static void on_error(const struct list *arguments, const char *notification)
{
	const struct vrrp_router *router = router_of(arguments, notification);
	enum subagent_error error =
		error_of(argument(arguments, notification, "virtual-router-error-reason"));

	if (router && error != SUBAGENT_NO_ERROR)
		add(router, SUBAGENT_PROTO_ERROR, error);
}

static int on_notification(const char *xpath, struct list *arguments)
{
	if (strmatch(xpath, "/frr-crossvip:vrrp-new-active-event"))
		on_active(arguments, "vrrp-new-active-event");
	else if (strmatch(xpath, "/frr-crossvip:vrrp-virtual-router-error-event"))
		on_error(arguments, "vrrp-virtual-router-error-event");
	return 0;
}

void vrrp_snmp_trap_init(void (*came)(void))
{
	traps_init(&waiting); /* FRR 10.3's INIT_LIST() makes none */
	tell_user = came;
	hook_register(nb_notification_send, on_notification);
}

void vrrp_snmp_trap_stop(void)
{
	struct trap *trap;

	hook_unregister(nb_notification_send, on_notification);
	while ((trap = traps_pop(&waiting)))
		XFREE(MTYPE_VRRP_SNMP_TRAP, trap);
}
