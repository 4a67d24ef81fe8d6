// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_vmac hangs on its router from the first vrrp_vmac_ready() until
 * vrrp_vmac_release(). Everything that is done to the host for it is done by
 * prepare(), in the order that leaks nothing: filter and sysctls stand before the
 * link goes up. It stays up while its router is Backup: without addresses it
 * answers nothing.
 */
#include "vrrp_vmac.h"

#include "darr.h"
#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"

#include "nl_macvlan.h"
#include "nl_sysctl.h"
#include "vrrp_filter.h"
#include "vrrp_kernel.h"
#include "vrrp_memory.h"
#include "vrrp_track.h"
#include "vrrp_vip.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_VMAC, "VRRP virtual MAC link");

struct vrrp_vmac {
	struct nl_link link; /* ifindex 0: not there */
	int parent;	     /* whose sysctls are held; 0 = none */
	int logged_error;
};

struct setting {
	enum nl_sysctl_key key;
	int value;
};

/* Answer for one's own address only, and take what comes to the VIP from any source. */
static const struct setting vmac_ipv4[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },   { NL_SYSCTL_RP_FILTER, 0 },
	{ NL_SYSCTL_ACCEPT_LOCAL, 1 }, { NL_SYSCTL_PROMOTE_SECONDARIES, 1 },
	{ NL_SYSCTL_DISABLE_IPV6, 1 },
};

static const struct setting vmac_ipv6[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },
	{ NL_SYSCTL_ACCEPT_DAD, 0 },
	{ NL_SYSCTL_ACCEPT_RA, 0 },
	{ NL_SYSCTL_AUTOCONF, 0 },
};

/* The parent neither answers for the VIP nor names it when it asks, with its own MAC address. */
static const struct setting parent_ipv4[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },
	{ NL_SYSCTL_ARP_FILTER, 1 },
	{ NL_SYSCTL_ARP_ANNOUNCE, 2 },
};

static struct nl_sysctl *sysctls;

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

static int apply_settings(int ifindex, const struct setting *settings, size_t count)
{
	int error;

	for (size_t i = 0; i < count; i++) {
		error = nl_sysctl_set(ifindex, settings[i].key, settings[i].value);
		if (error)
			return error;
	}
	return 0;
}

static int find_or_make(struct vrrp_router *router, struct nl_link *link)
{
	int parent = router->group->ifp->ifindex, error;
	uint8_t mac[ETH_ALEN];
	char name[IFNAMSIZ];

	vrrp_vmac_address(router, mac);
	error = nl_macvlan_find(vrrp_kernel, parent, mac, link);
	if (error != -ENODEV)
		return error;
	nl_macvlan_name(name, family_of(router), parent, router->group->vrid);
	return nl_macvlan_add(vrrp_kernel, name, parent, mac, link);
}

static void drop_parent(struct vrrp_vmac *vmac)
{
	for (size_t i = 0; i < array_size(parent_ipv4) && vmac->parent; i++) {
		int error = nl_sysctl_drop(sysctls, vmac->parent, parent_ipv4[i].key);

		if (error < 0 && error != -ENOENT)
			zlog_warn("sysctl %s of the parent of %s is not put back: %s",
				  nl_sysctl_name(parent_ipv4[i].key), vmac->link.name,
				  safe_strerror(-error));
	}
	vmac->parent = 0;
}

static int hold_parent(struct vrrp_vmac *vmac, int parent)
{
	int error;

	if (vmac->parent == parent)
		return 0;
	drop_parent(vmac);
	vmac->parent = parent;
	for (size_t i = 0; i < array_size(parent_ipv4); i++) {
		error = nl_sysctl_hold(sysctls, parent, parent_ipv4[i].key, parent_ipv4[i].value);
		if (error)
			return error;
	}
	return 0;
}

/* Before it goes up: the first report leaves with that. */
static void filter(struct vrrp_router *router, const char *name)
{
	const struct vrrp_addr *vip;

	vrrp_filter_add(name);
	darr_foreach_p (router->vips, vip)
		vrrp_filter_allow(name, vip);
}

static int prepare(struct vrrp_router *router, struct nl_link *link)
{
	int error = find_or_make(router, link);

	if (!error)
		error = hold_parent(router->vmac, router->group->ifp->ifindex);
	if (!error && router->family == VRRP_IPV4)
		error = apply_settings(link->ifindex, vmac_ipv4, array_size(vmac_ipv4));
	if (!error && router->family == VRRP_IPV6)
		error = apply_settings(link->ifindex, vmac_ipv6, array_size(vmac_ipv6));
	if (error)
		return error;
	filter(router, link->name);
	if (!link->up)
		error = nl_link_set_up(vrrp_kernel, link->ifindex);
	link->up = !error;
	return error;
}

bool vrrp_vmac_ready(struct vrrp_router *router)
{
	struct nl_link link = {};
	int error = 0;

	if (!router->vmac)
		router->vmac = XCALLOC(MTYPE_VRRP_VMAC, sizeof(*router->vmac));
	if (router->vmac->link.ifindex)
		return router->vmac->link.up;
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

/* ------------------------------------------------------------------ giving it back */

void vrrp_vmac_release(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	char name[VRRP_NAME_STRLEN];
	int error = 0;

	if (!vmac)
		return;
	frr_with_privs (&vrrp_privs) {
		if (vmac->link.ifindex && vmac->link.ours)
			error = nl_link_del(vrrp_kernel, vmac->link.ifindex);
		drop_parent(vmac);
	}
	if (vmac->link.ifindex)
		vrrp_filter_del(vmac->link.name);
	if (error && error != -ENODEV)
		zlog_warn("%s: %s cannot be removed: %s", vrrp_router_name(router, name),
			  vmac->link.name, safe_strerror(-error));
	XFREE(MTYPE_VRRP_VMAC, router->vmac);
}

/* -------------------------------------------------------------------- what happens */

/* An event is a hint to look how the link is now. */
static void look(struct vrrp_router *router)
{
	struct nl_link *link = &router->vmac->link, now;
	int error = nl_link_get_index(vrrp_kernel, link->ifindex, &now);
	char name[VRRP_NAME_STRLEN];

	if (!error && now.up == link->up)
		return;
	if (error) {
		zlog_warn("%s: %s was deleted by someone else", vrrp_router_name(router, name),
			  link->name);
		vrrp_vip_link_gone(link->ifindex);
		memset(link, 0, sizeof(*link));
	} else {
		link->up = now.up;
		if (link->up) /* IPv6 addresses went when it was set down */
			vrrp_vip_link_gone(link->ifindex);
	}
	vrrp_router_recheck(router);
}

void vrrp_vmac_on_link(int ifindex)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (vrrp_vmac_ifindex(&group->v4) == ifindex)
			look(&group->v4);
		if (vrrp_vmac_ifindex(&group->v6) == ifindex)
			look(&group->v6);
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

static void sysctl_settled(const struct nl_sysctl_report *report, void *arg)
{
	const char *outcome = "put back";

	if (report->error == NL_SYSCTL_FOREIGN)
		outcome = "left, someone else has changed it since";
	else if (report->error)
		outcome = safe_strerror(-report->error);
	zlog_info("sysctl %s of %s, changed by an earlier vrrpd: %s", nl_sysctl_name(report->key),
		  report->name, outcome);
}

void vrrp_vmac_settle(void)
{
	int error = nl_link_dump(vrrp_kernel, "macvlan", sweep_one, NULL);

	if (error)
		zlog_warn("netlink: macvlans cannot be read: %s", safe_strerror(-error));
	frr_with_privs (&vrrp_privs) {
		if (sysctls)
			nl_sysctl_settle(sysctls, sysctl_settled, NULL);
	}
	vrrp_filter_settle();
}

/* ------------------------------------------------------------------- start and stop */

void vrrp_vmac_init(void)
{
	int error = nl_sysctl_new(&sysctls, frr_runstatedir);

	if (error < 0)
		zlog_err("sysctls: what an earlier vrrpd changed cannot be read in %s: %s",
			 frr_runstatedir, safe_strerror(-error));
	vrrp_filter_init();
}

void vrrp_vmac_stop(void)
{
	vrrp_filter_stop();
	nl_sysctl_free(&sysctls);
}
