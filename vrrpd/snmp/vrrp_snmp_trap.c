// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The notifications of YANG, told to snmpd. Nobody reads so many a second, and snmpd may not read at
 * all: so after a burst there are only a few, and the others are left out. The history has them all.
 */
#include "vrrp_snmp_trap.h"

#include "linklist.h"
#include "northbound.h"

#include "vrrp_alarm.h"
#include "vrrp_snmp_row.h"

/* They fit into the buffer of snmpd's socket. */
#define BURST	   100
#define PAUSE_USEC (VRRP_USEC_PER_SEC / 10)

#define NEW_MASTER  1
#define PROTO_ERROR 2

static const oid mib[] = { VRRP_SNMP_MIB };
static const oid notifications[] = { VRRP_SNMP_MIB, 0 };

/* vrrpv3OperationsMasterIpAddr, vrrpv3StatisticsNewMasterReason, vrrpv3StatisticsProtoErrReason */
static const struct trap_object new_master[] = {
	{ 5, { 1, 1, 1, 1, 3 } },
	{ 5, { 1, 2, 5, 1, 2 } },
};
static const struct trap_object proto_error[] = { { 5, { 1, 2, 5, 1, 6 } } };

static struct variable *variables;
static size_t n_variables;
static enum vrrp_snmp_error last_error;

enum vrrp_snmp_error vrrp_snmp_last_error(void)
{
	return last_error;
}

/* One is allowed each PAUSE_USEC, and BURST of them at once after a while. */
static bool is_allowed(void)
{
	static vrrp_usec_t next;
	vrrp_usec_t now = vrrp_now();

	next = MAX(next, now - BURST * PAUSE_USEC);
	if (next > now)
		return false;
	next += PAUSE_USEC;
	return true;
}

static void send_trap(const struct vrrp_router *router, const struct trap_object *objects,
		      size_t count, uint8_t number)
{
	oid index[VRRP_SNMP_ROUTER];

	vrrp_snmp_index(router, index);
	smux_trap(variables, n_variables, notifications, array_size(notifications), mib,
		  array_size(mib), index, array_size(index), objects, count, number);
}

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

static enum vrrp_snmp_error error_of(const char *identity)
{
	static const struct {
		enum vrrp_verdict verdict;
		enum vrrp_snmp_error error;
	} errors[] = {
		{ VRRP_BAD_TTL, VRRP_SNMP_TTL_ERROR },
		{ VRRP_BAD_VERSION, VRRP_SNMP_VERSION_ERROR },
		{ VRRP_BAD_CHECKSUM, VRRP_SNMP_CHECKSUM_ERROR },
		{ VRRP_BAD_VRID, VRRP_SNMP_VRID_ERROR },
	};
	const char *colon = strchr(identity, ':');

	for (size_t i = 0; colon && i < array_size(errors); i++)
		if (strmatch(colon + 1, vrrp_verdicts[errors[i].verdict].identity))
			return errors[i].error;
	return VRRP_SNMP_NO_ERROR;
}

/* An error without a virtual router has no row, and so no notification: the counters have it. */
static void on_error(const struct list *arguments, const char *notification)
{
	const struct vrrp_router *router = router_of(arguments, notification);
	enum vrrp_snmp_error error = error_of(
		argument(arguments, notification, "virtual-router-error-reason"));

	if (error == VRRP_SNMP_NO_ERROR)
		return;
	last_error = error;
	if (router && is_allowed())
		send_trap(router, proto_error, array_size(proto_error), PROTO_ERROR);
}

static void on_active(const struct list *arguments, const char *notification)
{
	const struct vrrp_router *router = router_of(arguments, notification);

	if (router && is_allowed())
		send_trap(router, new_master, array_size(new_master), NEW_MASTER);
}

static int on_notification(const char *xpath, struct list *arguments)
{
	if (strmatch(xpath, "/frr-crossvip:vrrp-new-active-event"))
		on_active(arguments, "vrrp-new-active-event");
	else if (strmatch(xpath, "/frr-crossvip:vrrp-virtual-router-error-event"))
		on_error(arguments, "vrrp-virtual-router-error-event");
	return 0;
}

void vrrp_snmp_trap_init(struct variable *vars, size_t count)
{
	variables = vars;
	n_variables = count;
	hook_register(nb_notification_send, on_notification);
}
