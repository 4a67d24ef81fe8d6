// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mark on each VMAC says that it must be checked, and one timer checks the marked ones: soon
 * after an event, and all of them once a round. A program that sets a value back each time
 * would keep both sides busy, so such a VMAC is left alone for a while, and longer each time.
 */
#include "vrrp_vmac_keep.h"

#include "darr.h"
#include "hook.h"
#include "log.h"

#include "nl_vmac.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_sysctl.h"
#include "vrrp_vmac_bridge.h"
#include "vrrp_vmac_link_private.h"
#include "vrrp_warning.h"

#define SOON_MSEC     50
#define ROUND_SEC     5
#define LOOKS_AT_ONCE 100

/* A VMAC that had to be corrected twice within this time is left alone for longer. */
#define CALM_USEC	    (60 * VRRP_USEC_PER_SEC)
#define SHORTEST_PAUSE_USEC (VRRP_USEC_PER_SEC / 4)

static struct event *t_look, *t_round;

/* The consequence when a sysctl cannot be set, for a warning. */
static const char *const costs[NL_SYSCTL_KEYS] = {
	[NL_SYSCTL_ARP_IGNORE] =
		"hosts may learn the virtual MAC for addresses of the interface, or its MAC for the virtual address",
	[NL_SYSCTL_ARP_ANNOUNCE] = "hosts may learn the interface's MAC for the virtual address",
	[NL_SYSCTL_RP_FILTER] = "packets to the virtual MAC may be dropped",
	[NL_SYSCTL_FORWARDING] = "IPv4 to the virtual MAC is not forwarded as the interface does it",
	[NL_SYSCTL_ACCEPT_LOCAL] = "packets from this host's own addresses are dropped",
	[NL_SYSCTL_DISABLE_IPV6] = "its IPv6 is not set up correctly",
	[NL_SYSCTL_ACCEPT_RA] = "it may take addresses and routes from routers",
	[NL_SYSCTL_AUTOCONF] = "it may take addresses from routers",
	[NL_SYSCTL_KEEP_ADDR_ON_DOWN] = "its IPv6 addresses are lost at each move",
	[NL_SYSCTL_ACCEPT_DAD] = "its IPv6 addresses answer a second late",
	[NL_SYSCTL_FORWARDING_6] = "hosts do not use it as a router",
};

/* --------------------------------------------------------------------------- looking */

struct told {
	struct vrrp_router *router;
	bool mended;
	struct vrrp_vmac_lack *lacks; /* darr */
};

static void note_lack(struct told *told, const struct nl_vmac_report *report, bool of_parent)
{
	*darr_append(told->lacks) = (struct vrrp_vmac_lack){
		.of_parent = of_parent,
		.key = report->key,
		.wanted = report->wanted,
		.error = report->error,
	};
}

/* True when we had set this value before, so that somebody has set it back. */
static bool was_set_before(struct vrrp_vmac *vmac, const struct nl_vmac_report *report)
{
	bool before = vmac->is_set[report->key] && vmac->set_to[report->key] == report->wanted;

	vmac->is_set[report->key] = true;
	vmac->set_to[report->key] = report->wanted;
	return before;
}

static void on_report(const struct nl_vmac_report *report, void *arg)
{
	struct told *told = arg;
	bool of_parent = report->ifindex == (int)told->router->group->ifp->ifindex;
	char ifname[IFNAMSIZ];

	if (report->error) {
		note_lack(told, report, of_parent);
		return;
	}
	/* the parent's value is set and stored by its hold */
	if (!of_parent && !was_set_before(told->router->vmac, report))
		return;
	told->mended = true;
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_info("%pVR: net.%s.conf.%s.%s was %d: set to %d", told->router,
			  nl_sysctl_family(report->key),
			  if_indextoname(report->ifindex, ifname) ?: "?",
			  nl_sysctl_name(report->key), report->was, report->wanted);
}

static void describe(const struct vrrp_router *router, const char *ifname,
		     const struct vrrp_vmac_lack *lack, char *text, size_t size)
{
	snprintfrr(text, size, "net.%s.conf.%s.%s cannot be set to %d (%s)%s%s",
		   nl_sysctl_family(lack->key), lack->of_parent ? router->group->ifp->name : ifname,
		   nl_sysctl_name(lack->key), lack->wanted, safe_strerror(-lack->error),
		   costs[lack->key] ? ": " : "", costs[lack->key] ?: "");
}

static bool is_known(const struct vrrp_vmac *vmac, const struct vrrp_vmac_lack *lack)
{
	const struct vrrp_vmac_lack *known;

	darr_foreach_p (vmac->lacks, known)
		if (known->key == lack->key && known->of_parent == lack->of_parent)
			return true;
	return false;
}

static void log_lacks(const struct vrrp_router *router, int ifindex,
		      const struct vrrp_vmac_lack *lacks)
{
	char ifname[IFNAMSIZ] = "?", text[256];
	const struct vrrp_vmac_lack *lack;

	if_indextoname(ifindex, ifname);
	darr_foreach_p (lacks, lack) {
		if (is_known(router->vmac, lack) || !vrrp_log_allowed(VRRP_LOG_NETLINK))
			continue;
		describe(router, ifname, lack, text, sizeof(text));
		zlog_warn("%pVR: %s", router, text);
	}
}

static void note_mending(struct vrrp_vmac *vmac)
{
	vrrp_usec_t now = vrrp_now();
	bool again = vmac->mended && now - vmac->mended < CALM_USEC;

	vmac->pause = again ? MIN(2 * vmac->pause, CALM_USEC) : SHORTEST_PAUSE_USEC;
	vmac->mended = now;
}

int vrrp_vmac_keep(struct vrrp_router *router, int ifindex, bool ours)
{
	struct nl_vmac what = {
		.ifindex = ifindex,
		.parent = router->group->ifp->ifindex,
		.family = vrrp_vmac_af(router),
		.ours = ours,
	};
	struct told told = { .router = router };
	int wrong = nl_vmac_keep(vrrp_netlink, vrrp_sysctls, &what, on_report, &told);

	if (wrong < 0) {
		darr_free(told.lacks);
		return wrong;
	}
	log_lacks(router, ifindex, told.lacks);
	darr_free(router->vmac->lacks);
	router->vmac->lacks = told.lacks;
	if (told.mended)
		note_mending(router->vmac);
	return 0;
}

/* -------------------------------------------------------------------------- the marks */

static bool is_there(const struct vrrp_router *router)
{
	return router->vmac && router->vmac->link.ifindex;
}

static void mark(struct vrrp_router *router, int ifindex)
{
	struct vrrp_vmac *vmac = router->vmac;

	if (is_there(router) && (!ifindex || ifindex == vmac->link.ifindex ||
				 ifindex == (int)router->group->ifp->ifindex))
		vmac->look_due = true;
}

static bool may_look(const struct vrrp_router *router, vrrp_usec_t now)
{
	const struct vrrp_vmac *vmac = router->vmac;

	return is_there(router) && vmac->look_due &&
	       (!vmac->mended || now - vmac->mended >= vmac->pause);
}

static int look(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;

	if (!may_look(router, vrrp_now()))
		return 0;
	vmac->look_due = false;
	frr_with_privs (&vrrp_privs) { /* an event reports that it is gone */
		vrrp_vmac_keep(router, vmac->link.ifindex, vmac->link.ours);
	}
	if (router->addresses_up && vrrp_vmac_is_up(router)) {
		vrrp_vmac_bridge_enter(router);
		vrrp_vmac_route_link_local(router);
	}
	return 1;
}

static void look_at_marked(struct event *event)
{
	struct vrrp_group *group;
	int looks = 0;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		looks += look(&group->v4) + look(&group->v6);
		if (looks >= LOOKS_AT_ONCE) {
			event_add_timer_msec(master, look_at_marked, NULL, SOON_MSEC, &t_look);
			return;
		}
	}
}

void vrrp_vmac_keep_soon(int ifindex)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		mark(&group->v4, ifindex);
		mark(&group->v6, ifindex);
	}
	event_add_timer_msec(master, look_at_marked, NULL, SOON_MSEC, &t_look);
}

static void next_round(struct event *event)
{
	event_add_timer(master, next_round, NULL, ROUND_SEC, &t_round);
	vrrp_vmac_keep_soon(0);
}

/* ----------------------------------------------------------------------- start and stop */

static int warn(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	const struct vrrp_vmac_lack *lack;
	char text[256];

	if (!is_there(router))
		return 0;
	darr_foreach_p (router->vmac->lacks, lack) {
		describe(router, router->vmac->link.name, lack, text, sizeof(text));
		vrrp_sentence_add(warnings, "%s", text);
	}
	return 0;
}

void vrrp_vmac_keep_init(void)
{
	hook_register(vrrp_warnings, warn);
	event_add_timer(master, next_round, NULL, ROUND_SEC, &t_round);
}

void vrrp_vmac_keep_stop(void)
{
	event_cancel(&t_look);
	event_cancel(&t_round);
}
