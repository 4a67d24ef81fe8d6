// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct dummy for each VRF that ever had a group is in the tree to the end. It stores the link as
 * last read; its index is 0 while there is none. The reason why it cannot be used is logged when it
 * changes, and shown as long as it lasts.
 */
#include "vrrp_dummy.h"

#include <zebra.h>

#include "darr.h"
#include "lib_errors.h"
#include "log.h"
#include "memory.h"
#include "typesafe.h"

#include "nl_addr.h"
#include "nl_drain.h"
#include "nl_link.h"
#include "nl_sysctl.h"
#include "vrrp_daemon.h"
#include "vrrp_drain_link.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_netlink.h"
#include "vrrp_place.h"
#include "vrrp_place_ops.h"
#include "vrrp_tick.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vrf.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_DUMMY, "VRRP VIP interface");

#define SENTENCE_SIZE 256

PREDECL_RBTREE_UNIQ(dummies);

struct dummy {
	struct dummies_item item;
	char vrf[VRRP_VRF_NAME_SIZE];
	char name[IFNAMSIZ]; /* as configured */
	struct nl_link link;
	int vrf_index;	 /* that it is in, if there is a link; 0: the default one */
	int why_not;	 /* negative errno: why it cannot be used; 0: it can */
	bool lacks_ipv6; /* as of look_at_ipv6() */
};

static int dummy_cmp(const struct dummy *a, const struct dummy *b)
{
	return strcmp(a->vrf, b->vrf);
}

DECLARE_RBTREE_UNIQ(dummies, struct dummy, item, dummy_cmp);

static struct dummies_head dummies = INIT_RBTREE_UNIQ(dummies);
static struct nl_link *old; /* darr: not in use any more; released at the end of the tick */

static struct dummy *dummy_of(const char *vrf)
{
	struct dummy ref = {}, *dummy;

	strlcpy(ref.vrf, vrf, sizeof(ref.vrf));
	dummy = dummies_find(&dummies, &ref);
	if (dummy)
		return dummy;
	dummy = XCALLOC(MTYPE_VRRP_DUMMY, sizeof(*dummy));
	strlcpy(dummy->vrf, vrf, sizeof(dummy->vrf));
	vrrp_vrf_vip_interface(vrf, dummy->name);
	dummies_add(&dummies, dummy);
	return dummy;
}

static struct dummy *dummy_for(const struct vrrp_router *router)
{
	return dummy_of(vrrp_vip_vrf(router->group));
}

static struct dummy *dummy_at(int ifindex)
{
	struct dummy *dummy;

	if (ifindex)
		frr_each (dummies, &dummies, dummy)
			if (dummy->link.ifindex == ifindex)
				return dummy;
	return NULL;
}

/* The other VRF that has a link of this name; NULL when there is none. */
static const struct dummy *used_by_another(const struct dummy *dummy)
{
	struct dummy *other;

	frr_each (dummies, &dummies, other)
		if (other != dummy && other->link.ifindex && strmatch(other->name, dummy->name))
			return other;
	return NULL;
}

/* ----------------------------------------------------------------------- why not */

static const char *kind_name(const struct nl_link *link)
{
	return link->kind[0] ? link->kind : "hardware";
}

static void describe_lack(const struct dummy *dummy, char *buf, size_t size)
{
	const char *name = dummy->name;

	if (dummy->why_not == -EMEDIUMTYPE)
		snprintfrr(buf, size,
			   "VIP interface %s is a %s interface, neither dummy nor ifb: not used",
			   name, kind_name(&dummy->link));
	else if (dummy->why_not == -ENETDOWN)
		snprintfrr(buf, size, "VIP interface %s is down", name);
	else if (dummy->why_not == -EXDEV)
		snprintfrr(buf, size,
			   "VIP interface %s is in another VRF than its groups: not used", name);
	else if (dummy->why_not == -EADDRINUSE)
		snprintfrr(buf, size,
			   "VIP interface %s is in use for another VRF: choose another by \"vrrp vip-interface IFNAME%s%s\"",
			   name, *dummy->vrf ? " vrf " : "", dummy->vrf);
	else
		snprintfrr(buf, size, "VIP interface %s cannot be made: %s", name,
			   safe_strerror(-dummy->why_not));
}

static void log_change(struct dummy *dummy, int error)
{
	char text[SENTENCE_SIZE];

	if (error == dummy->why_not)
		return;
	dummy->why_not = error;
	if (!error) {
		zlog_info("VIP interface %s is ready again", dummy->name);
		return;
	}
	describe_lack(dummy, text, sizeof(text));
	if (error == -ENETDOWN)
		zlog_warn("%s: its virtual routers leave the election", text);
	else
		zlog_err("%s", text);
}

/* --------------------------------------------------------------------- the link */

static bool kind_is_usable(const struct nl_link *link)
{
	return strmatch(link->kind, "dummy") || strmatch(link->kind, "ifb");
}

/* The VRF that a link is in; it may be a port of a bridge as well, which is no matter. */
static int vrf_of_link(const struct nl_link *link)
{
	struct nl_link master;

	if (!link->master || nl_link_get_index(vrrp_netlink, link->master, &master) ||
	    !strmatch(master.kind, "vrf"))
		return 0;
	return link->master;
}

/* Takes an existing link. One that is down was set down by its owner, so only ours is set up. */
static int adopt(struct nl_link *link, int vrf)
{
	int error = 0;

	if (!kind_is_usable(link))
		return -EMEDIUMTYPE;
	if (vrf_of_link(link) != vrf && !link->ours)
		return -EXDEV;
	if (vrf_of_link(link) != vrf)
		error = nl_link_set_master(vrrp_netlink, link->ifindex, vrf);
	if (error || link->up)
		return error;
	if (!link->ours)
		return -ENETDOWN;
	return nl_link_set_up(vrrp_netlink, link->ifindex);
}

/*
 * A link gets IPv6 or not when it is made (net.ipv6.conf.default.disable_ipv6), and anybody may
 * change that later. The kernel reports such a change only by removing the addresses.
 */
static void look_at_ipv6(struct dummy *dummy)
{
	const struct nl_link *link = &dummy->link;
	bool lacked = dummy->lacks_ipv6;
	int disabled = 0;
	int error = nl_sysctl_get(link->ifindex, NL_SYSCTL_DISABLE_IPV6, &disabled);

	if (!error && disabled && link->ours) {
		frr_with_privs (&vrrp_privs) {
			error = nl_sysctl_set(link->ifindex, NL_SYSCTL_DISABLE_IPV6, 0);
		}
		disabled = error != 0;
	}
	dummy->lacks_ipv6 = disabled || error == -ENOENT;
	if (dummy->lacks_ipv6 && !lacked)
		zlog_warn("VIP interface %s has no IPv6 (net.ipv6.conf.%s.disable_ipv6): IPv6 virtual routers wait for it",
			  link->name, link->name);
}

/* If not, that is logged once. */
static bool has_ipv6(struct dummy *dummy)
{
	if (!dummy->lacks_ipv6)
		return true;
	look_at_ipv6(dummy);
	if (dummy->lacks_ipv6)
		vrrp_place_look_later();
	return !dummy->lacks_ipv6;
}

static int look(void)
{
	struct dummy *dummy;

	frr_each (dummies, &dummies, dummy)
		if (dummy->link.ifindex)
			look_at_ipv6(dummy);
	return 0;
}

static int find_or_make(struct dummy *dummy, int vrf)
{
	int error = nl_link_get(vrrp_netlink, dummy->name, &dummy->link);

	if (nl_drain_is(dummy->name) || used_by_another(dummy))
		return -EADDRINUSE;
	frr_with_privs (&vrrp_privs) {
		if (error == -ENODEV)
			error = nl_link_add_dummy(vrrp_netlink, dummy->name, vrf, &dummy->link);
		else if (!error)
			error = adopt(&dummy->link, vrf);
	}
	return error;
}

static int have_link(struct dummy *dummy)
{
	int vrf = vrrp_vip_vrf_index(dummy->vrf);
	int error = vrf < 0 ? vrf : find_or_make(dummy, vrf);

	if (error)
		dummy->link.ifindex = 0;
	else
		look_at_ipv6(dummy);
	dummy->link.up = !error;
	dummy->vrf_index = vrf;
	log_change(dummy, error);
	return error;
}

/* The link itself; one that someone has set down is told of when it comes up. */
static bool is_there(struct dummy *dummy)
{
	if (dummy->link.ifindex)
		return dummy->link.up;
	if (!have_link(dummy))
		return true;
	vrrp_place_look_later();
	return false;
}

bool vrrp_dummy_is(int ifindex)
{
	return dummy_at(ifindex) != NULL;
}

bool vrrp_dummy_is_down(int ifindex)
{
	const struct dummy *dummy = dummy_at(ifindex);

	return dummy && !dummy->link.up;
}

const char *vrrp_dummy_name(int ifindex)
{
	const struct dummy *dummy = dummy_at(ifindex);

	return dummy ? dummy->name : NULL;
}

int vrrp_dummy_vrf(int ifindex)
{
	const struct dummy *dummy = dummy_at(ifindex);

	return dummy ? dummy->vrf_index : 0;
}

/* Whether a link may be used in a VRF; one that is not there yet may be made with the link in it. */
static bool may_be_in(const struct nl_link *link, const char *vrf)
{
	int index = vrrp_vip_vrf_index(vrf);

	return link->ours || index < 0 || vrf_of_link(link) == index;
}

int vrrp_vip_interface_check(const char *vrf, const char *ifname, char *reason, size_t size)
{
	struct nl_link link;
	int error = vrrp_netlink ? nl_link_get(vrrp_netlink, ifname, &link) : -ENODEV;

	if (error == -ENODEV)
		return 0;
	if (error) {
		snprintfrr(reason, size, "VIP interface %s: %s", ifname, safe_strerror(-error));
		return error;
	}
	if (!kind_is_usable(&link)) {
		snprintfrr(reason, size,
			   "VIP interface %s exists and is a %s interface; only a dummy or ifb can carry VIPs",
			   ifname, kind_name(&link));
		return -EMEDIUMTYPE;
	}
	if (!may_be_in(&link, vrf)) {
		snprintfrr(reason, size,
			   "VIP interface %s exists and is not in VRF %s: move it there first, or use another",
			   ifname, *vrf ? vrf : VRF_DEFAULT_NAME);
		return -EXDEV;
	}
	return 0;
}

/* -------------------------------------------------------------------- what happens */

static void count_foreign(const struct nl_addr_info *info, void *arg)
{
	unsigned int *foreign = arg;

	*foreign += info->protocol != NL_PROTO_VRRP;
}

static bool is_empty(const struct nl_link *link)
{
	unsigned int foreign = 0;

	return !nl_addr_dump(vrrp_netlink, link->ifindex, count_foreign, &foreign) && !foreign;
}

/* Removes the dummy if it is ours and nobody else has added an address to it. */
static void release(const struct nl_link *link)
{
	int error = 0;

	if (!link->ifindex || !link->ours || !is_empty(link))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_del(vrrp_netlink, link->ifindex);
	}
	if (error && error != -ENODEV)
		zlog_warn("VIP interface %s cannot be removed: %s", link->name,
			  safe_strerror(-error));
}

static void release_old(void)
{
	const struct nl_link *link;

	darr_foreach_p (old, link)
		if (!dummy_at(link->ifindex))
			release(link);
	darr_reset(old);
}

/* After the end of the tick, when no VIP is on them any more. */
static struct vrrp_tick_work release_work = { .run = release_old };

static void give_up(struct dummy *dummy)
{
	if (dummy->link.ifindex)
		*darr_append(old) = dummy->link;
	memset(&dummy->link, 0, sizeof(dummy->link));
	dummy->why_not = 0;
	vrrp_vrf_vip_interface(dummy->vrf, dummy->name);
	vrrp_tick_then(&release_work);
}

void vrrp_dummy_rename(void)
{
	char name[IFNAMSIZ];
	struct dummy *dummy;

	frr_each (dummies, &dummies, dummy)
		if (!strmatch(dummy->name, vrrp_vrf_vip_interface(dummy->vrf, name)))
			give_up(dummy);
	vrrp_recheck_all(); /* makes the new ones if a virtual router needs them */
	vrrp_place_tell_moved(NULL);
}

static void vanished(struct dummy *dummy)
{
	int ifindex = dummy->link.ifindex;

	zlog_warn("VIP interface %s was deleted by someone else", dummy->name);
	memset(&dummy->link, 0, sizeof(dummy->link));
	vrrp_place_tell_lost(ifindex);
	vrrp_recheck_all();
}

/* The kernel leaves its links to the default VRF, where they would answer. */
static void vrf_vanished(struct dummy *dummy)
{
	zlog_warn("VRF %s is gone, and VIP interface %s is not used any more", dummy->vrf,
		  dummy->name);
	give_up(dummy);
	vrrp_recheck_all();
	vrrp_place_tell_moved(NULL);
}

/* Back into its VRF; the kernel has removed its IPv6 addresses. */
static void went_astray(struct dummy *dummy)
{
	int ifindex = dummy->link.ifindex;

	zlog_warn("VIP interface %s was moved into another VRF by someone else", dummy->name);
	memset(&dummy->link, 0, sizeof(dummy->link));
	vrrp_place_tell_lost(ifindex);
	vrrp_recheck_all();
}

static void went_up_or_down(struct dummy *dummy, bool up)
{
	dummy->link.up = up;
	log_change(dummy, up ? 0 : -ENETDOWN);
	if (up) /* the kernel removed its IPv6 addresses when it went down */
		vrrp_place_tell_lost(dummy->link.ifindex);
	vrrp_recheck_all();
}

/*
 * True when the link has another name now. Route-maps and the configuration use the name, so the
 * name decides, and not the index.
 */
static bool was_renamed(const struct dummy *dummy)
{
	struct nl_link now;

	if (nl_link_get_index(vrrp_netlink, dummy->link.ifindex, &now))
		return false;
	zlog_warn("VIP interface %s was renamed to %s by someone else: virtual addresses go to a %s again",
		  dummy->link.name, now.name, dummy->link.name);
	return true;
}

static void lost_its_name(struct dummy *dummy)
{
	if (!was_renamed(dummy)) {
		vanished(dummy);
		return;
	}
	give_up(dummy);
	vrrp_recheck_all();
	vrrp_place_tell_moved(NULL);
}

static bool has_its_vrf(const struct dummy *dummy)
{
	struct nl_link vrf;

	return !dummy->vrf_index || (!nl_link_get_index(vrrp_netlink, dummy->vrf_index, &vrf) &&
				     strmatch(vrf.kind, "vrf"));
}

static void reconcile(struct dummy *dummy)
{
	struct nl_link now;
	int error = nl_link_get(vrrp_netlink, dummy->name, &now);

	if (!dummy->link.ifindex && !error)
		vrrp_recheck_all();
	else if (!dummy->link.ifindex)
		return;
	else if (!has_its_vrf(dummy))
		vrf_vanished(dummy);
	else if (error || now.ifindex != dummy->link.ifindex)
		lost_its_name(dummy);
	else if (vrf_of_link(&now) != dummy->vrf_index)
		went_astray(dummy);
	else if (now.up != dummy->link.up)
		went_up_or_down(dummy, now.up);
}

void vrrp_dummy_reconcile(void)
{
	struct dummy *dummy;

	frr_each (dummies, &dummies, dummy)
		reconcile(dummy);
}

/*
 * An event has an earlier state of the link, perhaps from before it was set up here. So it is only
 * a hint to read the present state.
 */
void vrrp_dummy_on_link(int ifindex, const char *name)
{
	struct dummy *dummy;

	frr_each (dummies, &dummies, dummy)
		if (dummy->link.ifindex
			    ? ifindex == dummy->link.ifindex || ifindex == dummy->vrf_index
			    : strmatch(name, dummy->name))
			reconcile(dummy);
}

/* A VIP interface of a group, which may have VIPs that an earlier daemon left. */
static bool is_wanted(const struct nl_link *link)
{
	struct vrrp_group *group;
	char name[IFNAMSIZ];

	frr_each (vrrp_groups, &vrrp_groups, group) {
		vrrp_vrf_vip_interface(vrrp_vip_vrf_of(group->ifp->name), name);
		if (!vrrp_router_is_on_lan(&group->v4) && strmatch(link->name, name))
			return true;
	}
	return false;
}

static void sweep_one(const struct nl_link *link, void *arg)
{
	if (dummy_at(link->ifindex) || vrrp_drain_link_name(link->ifindex) || !link->ours ||
	    is_wanted(link))
		return;
	zlog_info("VIP interface %s is a leftover of an earlier vrrpd", link->name);
	release(link);
}

void vrrp_dummy_settle(void)
{
	int error = nl_link_dump(vrrp_netlink, "dummy", sweep_one, NULL);

	if (error)
		zlog_warn("netlink: dummies cannot be read: %s", safe_strerror(-error));
}

void vrrp_dummy_init(void)
{
	dummy_of(""); /* what is told of its name may be the first that is known of it */
	hook_register(vrrp_place_look, look);
}

void vrrp_dummy_stop(void)
{
	struct dummy *dummy;

	while ((dummy = dummies_pop(&dummies))) {
		release(&dummy->link);
		XFREE(MTYPE_VRRP_DUMMY, dummy);
	}
	darr_free(old);
}

/* -------------------------------------------------------------------- as a place */

static int ifindex(const struct vrrp_router *router)
{
	return dummy_for(router)->link.ifindex;
}

static const char *name(const struct vrrp_router *router)
{
	return dummy_for(router)->name;
}

static bool prepare(struct vrrp_router *router)
{
	struct dummy *dummy = dummy_for(router);

	return is_there(dummy) && (router->family == VRRP_IPV4 || has_ipv6(dummy));
}

static void explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct dummy *dummy = dummy_for(router);
	char text[SENTENCE_SIZE];

	if (!dummy->why_not)
		return;
	describe_lack(dummy, text, sizeof(text));
	vrrp_sentence_add(sentences, "%s", text);
}

/* It is for all of them, and stays up. */
static void do_nothing(struct vrrp_router *router)
{
}

static bool neighbour_mac(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	return false;
}

const struct vrrp_place_ops vrrp_dummy_place = {
	.ifindex = ifindex,
	.name = name,
	.prepare = prepare,
	.explain = explain,
	.up = do_nothing,
	.down = do_nothing,
	.neighbour_mac = neighbour_mac,
};
