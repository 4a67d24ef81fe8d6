// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_vmac belongs to its router from the first make_ready() until
 * vrrp_vmac_release(). nl_vmac.h describes the changes to the host, and their order. Routers with a
 * VMAC that goes down are in one array until the end of the tick; it borrows them.
 */
#include "vrrp_vmac.h"

#include <linux/rtnetlink.h>

#include "darr.h"
#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"
#include "vrf.h"

#include "nl_macvlan.h"
#include "nl_vmac.h"
#include "vrrp_daemon.h"
#include "vrrp_filter.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_netlink.h"
#include "vrrp_place.h"
#include "vrrp_place_ops.h"
#include "vrrp_sysctl.h"
#include "vrrp_vmac_bridge.h"
#include "vrrp_vmac_hold.h"
#include "vrrp_vmac_keep.h"
#include "vrrp_vmac_leftover.h"
#include "vrrp_vmac_link_private.h"

/* RFC 8200, section 5 */
#define IPV6_MIN_MTU 1280

DEFINE_MTYPE_STATIC(VRRPD, VRRP_VMAC, "VRRP virtual MAC link");
static vrrp_vmac_given_fn given;

DEFINE_HOOK(vrrp_vmac_replaced, (struct vrrp_router * router), (router));

static struct vrrp_router **going_down; /* darr */
static struct vrrp_router **refused;	/* darr: these could not be set up */
static struct event *t_refused;

static void log_change(struct vrrp_router *router, int error)
{
	const char *parent = router->group->ifp->name;

	if (error == router->vmac->error)
		return;
	router->vmac->error = error;
	if (error)
		zlog_err("%pVR: no virtual MAC on %s: %s", router, parent, safe_strerror(-error));
	else
		zlog_info("%pVR: virtual MAC on %s is ready again", router, parent);
}

/* -------------------------------------------------------------- making it ready */

static int find_or_make(struct vrrp_router *router, struct nl_link *link)
{
	int parent = router->group->ifp->ifindex, error;
	uint8_t mac[ETH_ALEN];
	char name[IFNAMSIZ];

	if (router->group->autoconfigured)
		return nl_link_get_index(vrrp_netlink, given(router), link);
	vrrp_vmac_address(router, mac);
	error = nl_macvlan_find(vrrp_netlink, parent, mac, link);
	if (error != -ENODEV)
		return error;
	nl_macvlan_name(name, vrrp_vmac_af(router), parent, router->group->vrid);
	return nl_macvlan_add(vrrp_netlink, name, parent, mac, link);
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
				 nl_vmac_drop_parent(vrrp_sysctls, vmac->parent,
						     vrrp_vmac_af(router)));
	vmac->parent = 0;
}

static int hold_parent(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int parent = router->group->ifp->ifindex, error;

	if (vmac->parent == parent)
		return 0;
	drop_parent(router);
	error = nl_vmac_hold_parent(vrrp_sysctls, parent, vrrp_vmac_af(router));
	if (!error)
		vmac->parent = parent;
	return error;
}

/* Called before the VMAC goes up, which sends the first report. */
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

/* Copies the parent's attributes that the kernel does not give to an existing macvlan. */
static int follow_parent(const struct vrrp_router *router, struct nl_link *link)
{
	struct nl_link parent;
	int error = nl_link_get_index(vrrp_netlink, link->parent, &parent);

	if (!error && link->mtu != parent.mtu)
		error = nl_link_set_mtu(vrrp_netlink, link->ifindex, parent.mtu);
	if (!error && link->master != vrf_of(router))
		error = nl_link_set_master(vrrp_netlink, link->ifindex, vrf_of(router));
	if (!error) {
		link->mtu = parent.mtu;
		link->master = vrf_of(router);
	}
	return error;
}

/* Restores the macvlan's carrier, which FRR's own vrrpd removes; only while it is down. */
static int silence(const struct nl_link *link)
{
	int error = link->up ? nl_link_set_down(vrrp_netlink, link->ifindex) : 0;

	if (!error && link->protodown)
		error = nl_link_end_protodown(vrrp_netlink, link->ifindex);
	return error;
}

/* Sets sysctls before it goes down, since one of them keeps its addresses. */
static int furnish(struct vrrp_router *router, struct nl_link *link)
{
	int error = hold_parent(router);

	if (!error)
		error = vrrp_vmac_keep(router, link->ifindex, link->ours);
	if (error)
		return error;
	filter(router, link->name);
	error = silence(link);
	if (!error && link->ours)
		error = follow_parent(router, link);
	return error;
}

/* Undoes a partial set-up. */
static int prepare(struct vrrp_router *router, struct nl_link *link)
{
	int error = vrrp_sysctls ? find_or_make(router, link) : -ENOENT;

	if (error)
		return error;
	error = furnish(router, link);
	if (!error)
		return 0;
	if (link->ours)
		nl_link_del(vrrp_netlink, link->ifindex);
	else
		nl_vmac_drop(vrrp_sysctls, link->ifindex, vrrp_vmac_af(router));
	vrrp_filter_del(link->name);
	drop_parent(router);
	return error;
}

/* True when the interface is another one of the same name, or has moved into another VRF. */
static bool is_misplaced(const struct vrrp_router *router)
{
	const struct nl_link *link = &router->vmac->link;

	return link->ifindex && (link->parent != (int)router->group->ifp->ifindex ||
				 (link->ours && link->master != vrf_of(router)));
}

/* Tries again to set up a VMAC that could not be set up before; true when it succeeded. */
static bool goes_up_now(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int error = 0;

	if (!vmac->error)
		return false; /* it can be set up, but somebody else has set it down */
	frr_with_privs (&vrrp_privs) {
		error = nl_link_set_up(vrrp_netlink, vmac->link.ifindex);
		if (!error && !router->addresses_up)
			error = nl_link_set_down(vrrp_netlink, vmac->link.ifindex);
	}
	if (error)
		vrrp_place_look_later();
	else
		vmac->set_down = false;
	log_change(router, error);
	return !error;
}

static bool make_ready(struct vrrp_router *router)
{
	struct nl_link link = {};
	int error = 0;

	if (router->vmac && is_misplaced(router))
		vrrp_vmac_release(router);
	if (!router->vmac)
		router->vmac = XCALLOC(MTYPE_VRRP_VMAC, sizeof(*router->vmac));
	if (router->vmac->link.ifindex)
		return !router->vmac->set_down || goes_up_now(router);
	frr_with_privs (&vrrp_privs) {
		error = prepare(router, &link);
	}
	if (!error)
		router->vmac->link = link;
	else
		vrrp_place_look_later();
	log_change(router, error);
	return !error;
}

/* --------------------------------------------------------------------- up and down */

static void recheck_refused(struct event *event)
{
	struct vrrp_router *router;

	while (darr_len(refused)) {
		router = darr_pop(refused);
		if (router)
			vrrp_recheck(router);
	}
}

/* An Active router would not be heard, so it leaves the election after this tick. */
static void refuse(struct vrrp_router *router, int error)
{
	router->vmac->set_down = true;
	log_change(router, error);
	*darr_append(refused) = router;
	event_add_event(master, recheck_refused, NULL, 0, &t_refused);
}

static void set_link(struct vrrp_router *router, bool up)
{
	struct vrrp_vmac *vmac = router->vmac;
	int error = 0;

	if (!vmac || !vmac->link.ifindex)
		return;
	vmac->wanted_up = up;
	frr_with_privs (&vrrp_privs) {
		error = up ? nl_link_set_up(vrrp_netlink, vmac->link.ifindex)
			   : nl_link_set_down(vrrp_netlink, vmac->link.ifindex);
	}
	if (!error || error == -ENODEV) /* gone: its event will follow */
		return;
	if (up)
		refuse(router, error);
	else if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("%pVR: %s cannot be set down: %s", router, vmac->link.name,
			 safe_strerror(-error));
}

static void go_up(struct vrrp_router *router)
{
	set_link(router, true);
	if (vrrp_vmac_is_up(router))
		vrrp_vmac_bridge_enter(router);
	vrrp_vmac_route_link_local(router);
}

static void go_down_later(struct vrrp_router *router)
{
	if (router->vmac)
		*darr_append(going_down) = router;
}

void vrrp_vmac_flush(void)
{
	struct vrrp_router **router;

	darr_foreach_p (going_down, router)
		if (*router && !(*router)->addresses_up) {
			vrrp_vmac_bridge_leave(*router);
			set_link(*router, false);
		}
	darr_reset(going_down);
}

/* ------------------------------------------------------------------ giving it back */

static void forget(const struct vrrp_router *router)
{
	struct vrrp_router **entry;

	darr_foreach_p (going_down, entry)
		if (*entry == router)
			*entry = NULL;
	darr_foreach_p (refused, entry)
		if (*entry == router)
			*entry = NULL;
}

static int give_back(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int error = 0;

	if (vmac->link.ifindex && vmac->link.ours)
		error = nl_link_del(vrrp_netlink, vmac->link.ifindex);
	else if (vmac->link.ifindex)
		say_not_put_back(vmac, "",
				 nl_vmac_drop(vrrp_sysctls, vmac->link.ifindex,
					      vrrp_vmac_af(router)));
	drop_parent(router);
	return error;
}

void vrrp_vmac_release(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	int error = 0;

	if (!vmac)
		return;
	forget(router);
	vrrp_vmac_bridge_leave(router);
	frr_with_privs (&vrrp_privs) {
		error = give_back(router);
	}
	if (vmac->link.ifindex)
		vrrp_filter_del(vmac->link.name);
	if (error && error != -ENODEV)
		zlog_warn("%pVR: %s cannot be removed: %s", router, vmac->link.name,
			  safe_strerror(-error));
	darr_free(vmac->lacks);
	XFREE(MTYPE_VRRP_VMAC, router->vmac);
}

/* -------------------------------------------------------------------- what happens */

/* The macvlan is gone: the router uses another one if it can be found or made. */
static void replace(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;

	vrrp_vmac_bridge_leave(router);
	vrrp_place_tell_lost(vmac->link.ifindex);
	vrrp_filter_del(vmac->link.name);
	memset(&vmac->link, 0, sizeof(vmac->link));
	memset(vmac->is_set, 0, sizeof(vmac->is_set));
	vmac->wanted_up = vmac->set_down = false;
	vrrp_recheck(router);
	hook_call(vrrp_vmac_replaced, router);
	if (router->addresses_up)
		go_up(router);
}

static void remove_own(struct vrrp_router *router)
{
	frr_with_privs (&vrrp_privs) {
		nl_link_del(vrrp_netlink, router->vmac->link.ifindex);
	}
	replace(router);
}

static void vanished(struct vrrp_router *router)
{
	zlog_warn("%pVR: %s was deleted by someone else, or went with %s", router,
		  router->vmac->link.name, router->group->ifp->name);
	replace(router);
}

/* True when someone else has made a macvlan in place of ours; the event may be older. */
static bool stands_in(const struct vrrp_router *router, const struct nl_link *link)
{
	const struct nl_link *own = &router->vmac->link;
	uint8_t mac[ETH_ALEN];
	struct nl_link now;

	vrrp_vmac_address(router, mac);
	return own->ours && link->ifindex != own->ifindex && !strcmp(link->kind, "macvlan") &&
	       !memcmp(link->mac, mac, sizeof(mac)) &&
	       !nl_link_get_index(vrrp_netlink, link->ifindex, &now) && !now.ours &&
	       nl_macvlan_fits(vrrp_netlink, &now, router->group->ifp->ifindex, mac);
}

/* Gives way to the operator's macvlan: only one with that MAC address can be up. */
static void use_instead(struct vrrp_router *router, const struct nl_link *link)
{
	zlog_info("%pVR: %s was made by someone else, and is used in place of %s", router,
		  link->name, router->vmac->link.name);
	remove_own(router);
}

/* Sets it down again: boot scripts set up the macvlans that they make, even on a Backup. */
static void set_down_again(struct vrrp_router *router)
{
	if (!router->vmac->set_down && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_info("%pVR: %s was set up by someone else, but this router is not Active: set down",
			  router, router->vmac->link.name);
	set_link(router, false);
}

/* Updates the filter, which knows the VMAC by its name. */
static void follow_name(struct vrrp_router *router, const struct nl_link *now)
{
	struct nl_link *link = &router->vmac->link;

	if (strmatch(link->name, now->name))
		return;
	zlog_info("%pVR: %s is called %s now", router, link->name, now->name);
	vrrp_filter_del(link->name);
	strlcpy(link->name, now->name, sizeof(link->name));
	filter(router, link->name);
	vrrp_place_tell_moved(router);
}

/* Reads the present state of the link; an event is only a hint to do so. */
static void look(struct vrrp_router *router)
{
	struct vrrp_vmac *vmac = router->vmac;
	struct nl_link now;
	bool set_down;

	if (nl_link_get_index(vrrp_netlink, vmac->link.ifindex, &now)) {
		vanished(router);
		return;
	}
	vmac->link.mtu = now.mtu;
	follow_name(router, &now);
	if (now.up && !vmac->wanted_up)
		set_down_again(router);
	set_down = !now.up && (vmac->wanted_up || vmac->set_down);
	if (set_down == vmac->set_down)
		return;
	vmac->set_down = set_down;
	zlog_warn("%s was set %s by someone else", vmac->link.name, set_down ? "down" : "up");
	vrrp_recheck(router);
}

/*
 * The kernel removes IPv6 from a link with an MTU below 1280, and adds it again above that with all
 * defaults, such as an address from the MAC, unless the link is down.
 */
static int set_mtu(struct vrrp_router *router, unsigned int mtu)
{
	const struct nl_link *link = &router->vmac->link;
	bool anew = link->mtu < IPV6_MIN_MTU && mtu >= IPV6_MIN_MTU;
	bool up = anew && vrrp_vmac_is_up(router);
	int error = up ? nl_link_set_down(vrrp_netlink, link->ifindex) : 0;

	if (!error)
		error = nl_link_set_mtu(vrrp_netlink, link->ifindex, mtu);
	if (!error && anew)
		error = vrrp_vmac_keep(router, link->ifindex, link->ours);
	if (up)
		nl_link_set_up(vrrp_netlink, link->ifindex);
	return error;
}

/* Follows the parent's MTU: the kernel copies a smaller one to macvlans, but not a larger. */
static void follow_mtu(struct vrrp_router *router, const struct nl_link *parent)
{
	struct nl_link *link = &router->vmac->link;
	int error = 0;

	if (!link->ours || link->mtu == parent->mtu)
		return;
	frr_with_privs (&vrrp_privs) {
		error = set_mtu(router, parent->mtu);
	}
	link->mtu = parent->mtu;
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%pVR: %s cannot have the MTU of %s, %u: %s", router, link->name,
			  parent->name, parent->mtu, safe_strerror(-error));
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
	else if (vmac->link.parent == link->ifindex && vmac->link.ours)
		remove_own(router); /* a macvlan on a macvlan does not vanish with its parent */
	else if (exists && stands_in(router, link))
		use_instead(router, link);
}

void vrrp_vmac_on_link(const struct nl_link *link, bool exists)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		router_on_link(&group->v4, link, exists);
		router_on_link(&group->v6, link, exists);
	}
	vrrp_vmac_keep_soon(link->ifindex);
}

static void router_reconcile(struct vrrp_router *router)
{
	struct nl_link parent;

	if (vrrp_vmac_ifindex(router))
		look(router);
	if (vrrp_vmac_ifindex(router) &&
	    !nl_link_get_index(vrrp_netlink, router->vmac->link.parent, &parent))
		follow_mtu(router, &parent);
}

static void reconcile_one(const struct nl_link *link, void *arg)
{
	vrrp_vmac_on_link(link, true);
}

void vrrp_vmac_reconcile(void)
{
	struct vrrp_group *group;

	nl_link_dump(vrrp_netlink, "macvlan", reconcile_one, NULL);

	frr_each (vrrp_groups, &vrrp_groups, group) {
		router_reconcile(&group->v4);
		router_reconcile(&group->v6);
	}
	vrrp_vmac_keep_soon(0);
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

/* -------------------------------------------------------------------- as a place */

static bool neighbour_mac(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	vrrp_vmac_address(router, mac);
	return vrrp_vmac_ifindex(router) != 0;
}

const struct vrrp_place_ops vrrp_vmac_place = {
	.ifindex = vrrp_vmac_ifindex,
	.name = vrrp_vmac_name,
	.prepare = make_ready,
	.explain = vrrp_vmac_explain,
	.up = go_up,
	.down = go_down_later,
	.neighbour_mac = neighbour_mac,
};

/* ------------------------------------------------------------------- start and stop */

void vrrp_vmac_init(vrrp_vmac_given_fn macvlan_of)
{
	given = macvlan_of;
	vrrp_filter_init(filter_again);
	vrrp_vmac_keep_init();
	vrrp_vmac_calm();
}

void vrrp_vmac_stop(void)
{
	darr_free(going_down);
	event_cancel(&t_refused);
	darr_free(refused);
	vrrp_vmac_keep_stop();
	vrrp_filter_stop();
}
