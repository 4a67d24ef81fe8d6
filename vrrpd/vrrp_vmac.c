// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_vmac hangs on its router from the first vrrp_vmac_ready() until
 * vrrp_vmac_release(). What is done to the host for it, and in what order, is
 * said in nl_vmac.h. Routers whose VMAC is to go down stand in one array until
 * the end of the tick; it borrows them.
 */
#include "vrrp_vmac.h"

#include <linux/rtnetlink.h>

#include "darr.h"
#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"
#include "vrf.h"

#include "nl_macvlan.h"
#include "nl_route.h"
#include "nl_vmac.h"
#include "vrrp_auto.h"
#include "vrrp_filter.h"
#include "vrrp_kernel.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_sysctl.h"
#include "vrrp_vip.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_VMAC, "VRRP virtual MAC link");

struct vrrp_vmac {
	struct nl_link link; /* ifindex 0: not there */
	int parent;	     /* whose sysctls are held; 0 = none */
	bool wanted_up;
	bool set_down; /* by someone else, while it was wanted up */
	int logged_error;
};

static struct vrrp_router **going_down; /* darr */

static int family_of(const struct vrrp_router *router)
{
	return router->family == VRRP_IPV4 ? AF_INET : AF_INET6;
}

void vrrp_vmac_address(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	nl_macvlan_mac(mac, family_of(router), router->group->vrid);
}

int vrrp_vmac_ifindex(const struct vrrp_router *router)
{
	return router->vmac ? router->vmac->link.ifindex : 0;
}

bool vrrp_vmac_is_up(const struct vrrp_router *router)
{
	return router->vmac && router->vmac->wanted_up && !router->vmac->set_down;
}

const char *vrrp_vmac_name(const struct vrrp_router *router)
{
	return router->vmac ? router->vmac->link.name : "";
}

static void log_change(struct vrrp_router *router, int error)
{
	const char *parent = router->group->ifp->name;
	char name[VRRP_NAME_STRLEN];

	if (error == router->vmac->logged_error)
		return;
	router->vmac->logged_error = error;
	if (error)
		zlog_err("%s: no virtual MAC on %s: %s", vrrp_router_name(router, name), parent,
			 safe_strerror(-error));
	else
		zlog_info("%s: virtual MAC on %s is ready again", vrrp_router_name(router, name),
			  parent);
}

/* -------------------------------------------------------------- making it ready */

static int find_or_make(struct vrrp_router *router, struct nl_link *link)
{
	int parent = router->group->ifp->ifindex, error;
	uint8_t mac[ETH_ALEN];
	char name[IFNAMSIZ];

	if (router->group->autoconfigured)
		return nl_link_get_index(vrrp_kernel, vrrp_auto_ifindex(router), link);
	vrrp_vmac_address(router, mac);
	error = nl_macvlan_find(vrrp_kernel, parent, mac, link);
	if (error != -ENODEV)
		return error;
	nl_macvlan_name(name, family_of(router), parent, router->group->vrid);
	return nl_macvlan_add(vrrp_kernel, name, parent, mac, link);
}

static void say_not_put_back(const struct vrrp_vmac *vmac, const char *whose, int error)
{
	if (error < 0)
		zlog_warn("sysctls of %s%s are not put back: %s", whose, vmac->link.name,
			  safe_strerror(-error));
}

static void drop_parent(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;

	if (vmac->parent)
		say_not_put_back(vmac, "the parent of ",
				 nl_vmac_drop_parent(vrrp_sysctls, vmac->parent, family_of(router)));
	vmac->parent = 0;
}

static int hold_parent(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int parent = router->group->ifp->ifindex, error;

	if (vmac->parent == parent)
		return 0;
	drop_parent(router);
	error = nl_vmac_hold_parent(vrrp_sysctls, parent, family_of(router));
	if (!error)
		vmac->parent = parent;
	return error;
}

/* Before it goes up: the first report leaves with that. */
static void filter(struct vrrp_router *router, const char *name)
{
	const struct vrrp_addr *vip;

	vrrp_filter_add(name);
	darr_foreach_p (router->vips, vip)
		vrrp_filter_allow(name, vip);
}

static void filter_again(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (vrrp_vmac_ifindex(&group->v4))
			filter(&group->v4, vrrp_vmac_name(&group->v4));
		if (vrrp_vmac_ifindex(&group->v6))
			filter(&group->v6, vrrp_vmac_name(&group->v6));
	}
}

/* VRFs are links of the kernel, and FRR knows them by ifindex. */
static int vrf_of(const struct vrrp_router *router)
{
	return router->group->ifp->vrf->vrf_id;
}

/* What of its parent the kernel does not give to one that was there before. */
static int follow_parent(const struct vrrp_router *router, struct nl_link *link)
{
	struct nl_link parent;
	int error = nl_link_get_index(vrrp_kernel, link->parent, &parent);

	if (!error && link->mtu != parent.mtu)
		error = nl_link_set_mtu(vrrp_kernel, link->ifindex, parent.mtu);
	if (!error && link->master != vrf_of(router))
		error = nl_link_set_master(vrrp_kernel, link->ifindex, vrf_of(router));
	if (!error) {
		link->mtu = parent.mtu;
		link->master = vrf_of(router);
	}
	return error;
}

/* FRR's own vrrpd leaves it without carrier. Down, it may have carrier again. */
static int silence(const struct nl_link *link)
{
	int error = link->up ? nl_link_set_down(vrrp_kernel, link->ifindex) : 0;

	if (!error && link->protodown)
		error = nl_link_end_protodown(vrrp_kernel, link->ifindex);
	return error;
}

/* The sysctls before it goes down, for one keeps the addresses that it has. */
static int prepare(struct vrrp_router *router, struct nl_link *link)
{
	int error = find_or_make(router, link);

	if (!error)
		error = hold_parent(router);
	if (error)
		return error;
	if (link->ours)
		error = nl_vmac_prepare(link->ifindex, family_of(router));
	else
		error = nl_vmac_hold(vrrp_sysctls, link->ifindex, family_of(router));
	if (error)
		return error;
	filter(router, link->name);
	error = silence(link);
	if (!error && link->ours)
		error = follow_parent(router, link);
	if (error && !link->ours)
		nl_vmac_drop(vrrp_sysctls, link->ifindex, family_of(router));
	return error;
}

/* Its interface is another one of the same name, or is in another VRF now. */
static bool is_misplaced(const struct vrrp_router *router)
{
	const struct nl_link *link = &router->vmac->link;

	return link->ifindex && (link->parent != (int)router->group->ifp->ifindex ||
				 (link->ours && link->master != vrf_of(router)));
}

bool vrrp_vmac_ready(struct vrrp_router *router)
{
	struct nl_link link = {};
	int error = 0;

	if (router->vmac && is_misplaced(router))
		vrrp_vmac_release(router);
	if (!router->vmac)
		router->vmac = XCALLOC(MTYPE_VRRP_VMAC, sizeof(*router->vmac));
	if (router->vmac->link.ifindex)
		return !router->vmac->set_down;
	frr_with_privs (&vrrp_privs) {
		error = prepare(router, &link);
	}
	if (!error)
		router->vmac->link = link;
	else
		vrrp_vip_retry_later();
	log_change(router, error);
	return !error;
}

/* --------------------------------------------------------------------- up and down */

static void set_link(struct vrrp_router *router, bool up)
{
	struct vrrp_vmac *vmac = router->vmac;
	char name[VRRP_NAME_STRLEN];
	int error = 0;

	if (!vmac || !vmac->link.ifindex)
		return;
	vmac->wanted_up = up;
	frr_with_privs (&vrrp_privs) {
		error = up ? nl_link_set_up(vrrp_kernel, vmac->link.ifindex)
			   : nl_link_set_down(vrrp_kernel, vmac->link.ifindex);
	}
	if (error == -ENODEV) /* gone: its event is under way */
		return;
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("%s: %s cannot be set %s: %s", vrrp_router_name(router, name),
			 vmac->link.name, up ? "up" : "down", safe_strerror(-error));
}

static void route_link_local(struct vrrp_router *router)
{
	const struct vrf *vrf = router->group->ifp->vrf;
	uint32_t table = vrf->vrf_id == VRF_DEFAULT ? RT_TABLE_MAIN : vrf->data.l.table_id;
	int error = 0;
	char name[VRRP_NAME_STRLEN];

	if (router->family != VRRP_IPV6 || !vrrp_vmac_ifindex(router))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_route_link_local(vrrp_kernel, vrrp_vmac_ifindex(router), table);
	}
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("%s: fe80::/64 cannot be routed by %s: %s", vrrp_router_name(router, name),
			 vrrp_vmac_name(router), safe_strerror(-error));
}

void vrrp_vmac_up(struct vrrp_router *router)
{
	set_link(router, true);
	route_link_local(router);
}

void vrrp_vmac_down(struct vrrp_router *router)
{
	if (router->vmac)
		*darr_append(going_down) = router;
}

void vrrp_vmac_flush(void)
{
	struct vrrp_router **router;

	darr_foreach_p (going_down, router)
		if (*router && !(*router)->addresses_up)
			set_link(*router, false);
	darr_reset(going_down);
}

/* ------------------------------------------------------------------ giving it back */

static void forget(const struct vrrp_router *router)
{
	struct vrrp_router **entry;

	darr_foreach_p (going_down, entry)
		if (*entry == router)
			*entry = NULL;
}

static int give_back(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int error = 0;

	if (vmac->link.ifindex && vmac->link.ours)
		error = nl_link_del(vrrp_kernel, vmac->link.ifindex);
	else if (vmac->link.ifindex)
		say_not_put_back(vmac, "",
				 nl_vmac_drop(vrrp_sysctls, vmac->link.ifindex, family_of(router)));
	drop_parent(router);
	return error;
}

void vrrp_vmac_release(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	char name[VRRP_NAME_STRLEN];
	int error = 0;

	if (!vmac)
		return;
	forget(router);
	frr_with_privs (&vrrp_privs) {
		error = give_back(router);
	}
	if (vmac->link.ifindex)
		vrrp_filter_del(vmac->link.name);
	if (error && error != -ENODEV)
		zlog_warn("%s: %s cannot be removed: %s", vrrp_router_name(router, name),
			  vmac->link.name, safe_strerror(-error));
	XFREE(MTYPE_VRRP_VMAC, router->vmac);
}

/* -------------------------------------------------------------------- what happens */

static void vanished(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	char name[VRRP_NAME_STRLEN];

	zlog_warn("%s: %s was deleted by someone else, or went with %s",
		  vrrp_router_name(router, name), vmac->link.name, router->group->ifp->name);
	vrrp_vip_link_gone(vmac->link.ifindex);
	vrrp_filter_del(vmac->link.name);
	memset(&vmac->link, 0, sizeof(vmac->link));
	vmac->wanted_up = vmac->set_down = false;
	vrrp_router_recheck(router);
	vrrp_router_listen_anew(router);
	if (router->addresses_up)
		vrrp_vmac_up(router);
}

/* The operator's boot scripts set up what they have made, Backup or not. */
static void set_down_again(struct vrrp_router *router)
{
	char name[VRRP_NAME_STRLEN];

	if (!router->vmac->set_down && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_info("%s: %s was set up by someone else, but this router is not Active: set down",
			  vrrp_router_name(router, name), router->vmac->link.name);
	set_link(router, false);
}

/* An event is a hint to look how the link is now. */
static void look(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	struct nl_link now;
	bool set_down;

	if (nl_link_get_index(vrrp_kernel, vmac->link.ifindex, &now)) {
		vanished(router);
		return;
	}
	vmac->link.mtu = now.mtu;
	if (now.up && !vmac->wanted_up)
		set_down_again(router);
	set_down = !now.up && (vmac->wanted_up || vmac->set_down);
	if (set_down == vmac->set_down)
		return;
	vmac->set_down = set_down;
	zlog_warn("%s was set %s by someone else", vmac->link.name, set_down ? "down" : "up");
	vrrp_router_recheck(router);
}

/* The kernel gives a parent's smaller MTU to its macvlans, and not the larger. */
static void follow_mtu(struct vrrp_router *router, const struct nl_link *parent)
{
	struct nl_link *link = &router->vmac->link;
	char name[VRRP_NAME_STRLEN];
	int error = 0;

	if (!link->ours || link->mtu == parent->mtu)
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_set_mtu(vrrp_kernel, link->ifindex, parent->mtu);
	}
	link->mtu = parent->mtu;
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%s: %s cannot have the MTU of %s, %u: %s", vrrp_router_name(router, name),
			  link->name, parent->name, parent->mtu, safe_strerror(-error));
}

static void router_on_link(struct vrrp_router *router, const struct nl_link *link, bool exists)
{
	const struct vrrp_vmac *vmac = router->vmac;

	if (!vmac || !vmac->link.ifindex)
		return;
	if (vmac->link.ifindex == link->ifindex)
		look(router);
	else if (vmac->link.parent == link->ifindex && exists)
		follow_mtu(router, link);
}

void vrrp_vmac_on_link(const struct nl_link *link, bool exists)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		router_on_link(&group->v4, link, exists);
		router_on_link(&group->v6, link, exists);
	}
}

static void router_reconcile(struct vrrp_router *router)
{
	struct nl_link parent;

	if (vrrp_vmac_ifindex(router))
		look(router);
	if (vrrp_vmac_ifindex(router) &&
	    !nl_link_get_index(vrrp_kernel, router->vmac->link.parent, &parent))
		follow_mtu(router, &parent);
}

void vrrp_vmac_reconcile(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		router_reconcile(&group->v4);
		router_reconcile(&group->v6);
	}
}

void vrrp_vmac_vip(const struct vrrp_router *router, const struct vrrp_addr *vip, bool added)
{
	if (!vrrp_vmac_ifindex(router))
		return;
	if (added)
		vrrp_filter_allow(vrrp_vmac_name(router), vip);
	else
		vrrp_filter_forbid(vrrp_vmac_name(router), vip);
}

/* ----------------------------------------------------------- what an earlier run left */

static bool is_in_use(int ifindex)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (vrrp_vmac_ifindex(&group->v4) == ifindex ||
		    vrrp_vmac_ifindex(&group->v6) == ifindex)
			return true;
	return false;
}

static void sweep_one(const struct nl_link *link, void *arg)
{
	int error = 0;

	if (!link->ours || is_in_use(link->ifindex))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_del(vrrp_kernel, link->ifindex);
	}
	zlog_info("%s is a leftover of an earlier vrrpd: %s", link->name,
		  error ? safe_strerror(-error) : "removed");
}

void vrrp_vmac_settle(void)
{
	int error = nl_link_dump(vrrp_kernel, "macvlan", sweep_one, NULL);

	if (error)
		zlog_warn("netlink: macvlans cannot be read: %s", safe_strerror(-error));
	vrrp_filter_settle();
}

/* ------------------------------------------------------------------- start and stop */

/* This run is no Active router yet. */
static void calm_one(const struct nl_link *link, void *arg)
{
	int error = 0;

	if (!link->ours || !link->up)
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_set_down(vrrp_kernel, link->ifindex);
	}
	if (error)
		zlog_warn("%s of an earlier vrrpd cannot be set down: %s", link->name,
			  safe_strerror(-error));
}

void vrrp_vmac_init(void)
{
	vrrp_filter_init(filter_again);
	nl_link_dump(vrrp_kernel, "macvlan", calm_one, NULL);
}

void vrrp_vmac_stop(void)
{
	darr_free(going_down);
	vrrp_filter_stop();
}
