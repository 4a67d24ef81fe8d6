// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "vrrp switchover", "clear vrrp switchover", "[no] vrrp drain".
 *
 * vtysh waits for the outcome, so one order at a time is under way. It names virtual routers by
 * interface and VRID, since a group may go meanwhile; and looks at them each LOOK_MSEC, which is
 * soon enough for an operator. A session that cannot wait finds the outcome in the log.
 */
#include <zebra.h>

#include "command.h"
#include "lib/darr.h"
#include "vty.h"

#include "vrrp_answer.h"
#include "vrrp_daemon.h"
#include "vrrp_heir.h"
#include "vrrp_log.h"
#include "vrrp_retreat.h"
#include "vrrp_router.h"
#include "vrrp_switchover.h"
#include "vrrp_tick.h"
#include "vrrp_vty_switchover.h"
#include "vrrpd/face/vrrp_vty_switchover_clippy.c"

#define VRRP_STR	  "Virtual Router Redundancy Protocol\n"
#define ONE_INTERFACE_STR "Only virtual routers of this interface\n"
#define VRID_STR	  "Virtual router ID\n"
#define FAMILY_STR                                                                                 \
	"Only those of IPv4\n"                                                                     \
	"Only those of IPv6\n"

#define LOOK_MSEC 20

/* vtysh -c exits with 0 after CMD_WARNING. */
#define FAILED CMD_WARNING_CONFIG_FAILED

struct target {
	char ifname[IFNAMSIZ];
	uint8_t vrid;
	enum vrrp_family family;
	struct vrrp_heirs *heirs; /* NULL: it has been told to hand over */
};

static struct order {
	struct vty *vty;	 /* the one that waits; NULL: none does */
	struct target *targets;	 /* darr; of a switchover */
	vrrp_usec_t asked_until; /* peers are asked until then; 0 = they are not any more */
	void (*look)(void);	 /* NULL: no order is under way */
	int status;		 /* so far */
} order;

static struct event *t_look;

/* ---------------------------------------------------------------------- the order */

static void say(const char *format, ...) PRINTFRR(1, 2);

static void say(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintfrr(text, sizeof(text), format, args);
	va_end(args);
	if (order.vty)
		vty_out(order.vty, "%s\n", text);
	else
		zlog_info("%s", text);
}

/* The same for what has not worked. */
#define complain(format, ...)                                                                      \
	do {                                                                                       \
		say("%% " format, __VA_ARGS__);                                                    \
		order.status = FAILED;                                                             \
	} while (0)

static void forget_targets(void)
{
	struct target *target;

	darr_foreach_p (order.targets, target)
		vrrp_heirs_free(&target->heirs);
	darr_free(order.targets);
}

static void end_order(void)
{
	struct order ended = order;

	forget_targets();
	order = (struct order){};
	if (ended.vty)
		vrrp_answer(ended.vty, ended.status);
}

static void on_look(struct event *event);

static void look(void)
{
	if (order.look)
		order.look();
	if (order.look)
		event_add_timer_msec(master, on_look, NULL, LOOK_MSEC, &t_look);
}

/* What it sees has been carried out. */
static struct vrrp_tick_work looking = { .run = look };

static void on_look(struct event *event)
{
	vrrp_tick_then(&looking);
}

/* Goes on from the event loop. Returns the status of the command, which counts if none waits. */
static int begin_order(struct vty *vty, void (*look)(void))
{
	order.look = look;
	order.status = CMD_SUCCESS;
	if (vrrp_answer_later(vty))
		order.vty = vty;
	else
		vty_out(vty, "It is under way; the log has the outcome\n");
	event_add_event(master, on_look, NULL, 0, &t_look);
	return CMD_SUCCESS;
}

static bool is_busy(struct vty *vty)
{
	if (order.look)
		vty_out(vty, "%% vrrp: another switchover or drain is under way\n");
	return order.look;
}

/* ------------------------------------------------------------------------ filters */

struct filter {
	const char *ifname; /* NULL: any */
	long vrid;	    /* 0: any */
	const char *family; /* "ipv4", "ipv6"; NULL: both */
};

/* Appends the virtual routers of those families that have VIPs; the caller frees the darr. */
static struct vrrp_router **matching(const struct filter *filter)
{
	struct vrrp_router **found = NULL, *both[2];
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if ((filter->ifname && !strmatch(filter->ifname, group->ifp->name)) ||
		    (filter->vrid && filter->vrid != group->vrid))
			continue;
		both[0] = &group->v4;
		both[1] = &group->v6;
		for (unsigned int i = 0; i < 2; i++)
			if (darr_len(both[i]->vips) &&
			    (!filter->family || strmatch(filter->family, i ? "ipv6" : "ipv4")))
				*darr_append(found) = both[i];
	}
	return found;
}

/* "vrrp eth0 10: no such group", or that none of it has such addresses. */
static void say_none(struct vty *vty, const struct filter *filter)
{
	char vrid[8] = "";

	if (filter->vrid)
		snprintf(vrid, sizeof(vrid), " %ld", filter->vrid);
	vty_out(vty, "%% vrrp%s%s%s: no such group%s%s%s\n", filter->ifname ? " " : "",
		filter->ifname ? filter->ifname : "", vrid, filter->family ? " with " : "",
		filter->family ? filter->family : "", filter->family ? " addresses" : "");
}

static struct vrrp_router *router_of(const struct target *target)
{
	struct vrrp_group *group = vrrp_group_find(target->ifname, target->vrid);

	return group ? vrrp_group_router(group, target->family) : NULL;
}

/* --------------------------------------------------------------------- switchover */

/* A router whose group was removed meanwhile is an heir's matter no more. */
static bool has_heir(const struct target *target)
{
	return !router_of(target) || vrrp_heirs_is_any(target->heirs);
}

static void say_outcome(const struct target *target)
{
	const struct vrrp_router *router = router_of(target);
	char text[VRRP_ADDR_STRLEN];

	if (!router)
		complain("vrrp %s %u: was removed meanwhile", target->ifname, target->vrid);
	else if (router->fsm.state == VRRP_ACTIVE && router->unheeded)
		complain("%pVR: nobody took over: stays Active", router);
	else if (router->fsm.state == VRRP_ACTIVE)
		complain("%pVR: was told otherwise meanwhile: stays Active", router);
	else if (router->fsm.state == VRRP_BACKUP)
		say("%pVR: %s is Active now", router,
		    vrrp_addr_str(&router->fsm.active_address, text));
	else
		complain("%pVR: left the election meanwhile", router);
}

static void look_for_outcome(void)
{
	const struct vrrp_router *router;
	struct target *target;

	darr_foreach_p (order.targets, target) {
		router = router_of(target);
		if (router && vrrp_switchover_is_under_way(router))
			return;
	}
	darr_foreach_p (order.targets, target)
		say_outcome(target);
	end_order();
}

static void hand_over_all(void)
{
	struct vrrp_router *router;
	struct target *target;

	darr_foreach_p (order.targets, target) {
		router = router_of(target);
		if (router && !vrrp_switchover_refusal(router))
			vrrp_router_hand_over(router);
		vrrp_heirs_free(&target->heirs);
	}
	order.look = look_for_outcome;
}

static void refuse_those_without(void)
{
	struct target *target;

	darr_foreach_p (order.targets, target)
		if (!has_heir(target))
			complain("%pVR: nobody to hand over to: no peer was heard, and none answers an ICMP echo",
				 router_of(target));
	end_order();
}

static void look_for_heirs(void)
{
	const struct target *target;
	bool is_over = vrrp_now() >= order.asked_until;

	darr_foreach_p (order.targets, target) {
		if (has_heir(target))
			continue;
		if (is_over)
			refuse_those_without();
		return;
	}
	hand_over_all();
}

static bool is_active(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_ACTIVE;
}

/* True, with the sentences printed, if it must not begin: nothing has changed then. */
static bool is_refused(struct vty *vty, struct vrrp_router *const *routers)
{
	struct vrrp_router *const *router;
	bool any_active = false, refused = false;
	const char *reason;

	darr_foreach_p (routers, router)
		any_active |= is_active(*router);
	darr_foreach_p (routers, router) {
		reason = vrrp_switchover_refusal(*router);
		if (!reason || (any_active && !is_active(*router)))
			continue;
		vty_out(vty, "%% %pVR: %s\n", *router, reason);
		refused = true;
	}
	return refused;
}

static void take_targets(struct vrrp_router *const *routers)
{
	struct vrrp_router *const *router;
	struct target *target;

	darr_foreach_p (routers, router) {
		if (!is_active(*router))
			continue;
		target = darr_append(order.targets);
		*target = (struct target){ .vrid = (*router)->group->vrid,
					   .family = (*router)->family };
		strlcpy(target->ifname, (*router)->group->ifp->name, sizeof(target->ifname));
		target->heirs = vrrp_heirs_ask(*router);
	}
	order.asked_until = vrrp_now() + VRRP_HEIR_ASK_USEC;
}

DEFPY_YANG(vrrp_switchover, vrrp_switchover_cmd,
	   "vrrp switchover [interface INTERFACE$ifn] [(1-255)$vrid] [<ipv4|ipv6>$family]",
	   VRRP_STR "Hand over to a Backup now\n" INTERFACE_STR ONE_INTERFACE_STR VRID_STR FAMILY_STR)
{
	struct filter filter = { .ifname = ifn, .vrid = vrid, .family = family };
	struct vrrp_router **routers;
	int status = FAILED;

	if (is_busy(vty))
		return FAILED;
	routers = matching(&filter);
	if (!darr_len(routers)) {
		say_none(vty, &filter);
	} else if (!is_refused(vty, routers)) {
		take_targets(routers);
		status = begin_order(vty, look_for_heirs);
	}
	darr_free(routers);
	return status;
}

DEFPY_YANG(clear_vrrp_switchover, clear_vrrp_switchover_cmd,
	   "clear vrrp switchover [interface INTERFACE$ifn] [(1-255)$vrid] [<ipv4|ipv6>$family]",
	   CLEAR_STR VRRP_STR
	   "Preempt again after a switchover; stop one that is under way\n" INTERFACE_STR ONE_INTERFACE_STR
		   VRID_STR FAMILY_STR)
{
	struct filter filter = { .ifname = ifn, .vrid = vrid, .family = family };
	struct vrrp_router **routers = matching(&filter), **router;
	int status = CMD_SUCCESS;

	if (!darr_len(routers)) {
		say_none(vty, &filter);
		status = FAILED;
	}
	darr_foreach_p (routers, router)
		vrrp_router_reclaim(*router);
	darr_free(routers);
	return status;
}

/* -------------------------------------------------------------------------- drain */

static bool has_something(const struct vrrp_router *router)
{
	return vrrp_switchover_is_under_way(router) || router->handover != VRRP_HANDOVER_NONE;
}

static void say_if_it_stays(const struct vrrp_router *router)
{
	if (is_active(router))
		complain("%pVR: nobody took over: stays Active", router);
}

static void look_for_the_last(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (has_something(&group->v4) || has_something(&group->v6))
			return;
	if (!vrrp_retreat_is_on())
		complain("%s", "'no vrrp drain' was typed meanwhile");
	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (!vrrp_retreat_is_on())
			break;
		say_if_it_stays(&group->v4);
		say_if_it_stays(&group->v6);
	}
	if (order.status == CMD_SUCCESS)
		say("The last virtual address is gone");
	end_order();
}

DEFPY_YANG(vrrp_host_drain, vrrp_host_drain_cmd, "[no$no] vrrp drain",
	   NO_STR VRRP_STR "Give everything away, and take nothing until told otherwise\n")
{
	if (no) {
		if (vrrp_retreat_is_on())
			vrrp_router_retreat(false);
		return CMD_SUCCESS;
	}
	if (is_busy(vty))
		return FAILED;
	vrrp_router_retreat(true);
	return begin_order(vty, look_for_the_last);
}

void vrrp_vty_switchover_init(void)
{
	install_element(ENABLE_NODE, &vrrp_switchover_cmd);
	install_element(ENABLE_NODE, &clear_vrrp_switchover_cmd);
	install_element(ENABLE_NODE, &vrrp_host_drain_cmd);
}

void vrrp_vty_switchover_stop(void)
{
	if (!order.look)
		return;
	event_cancel(&t_look);
	complain("%s", "vrrp: the daemon ends");
	end_order();
}
