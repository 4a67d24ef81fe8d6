// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * While "vrrp autoconfigure" is on, every macvlan with a virtual router MAC address has a struct
 * macvlan with its addresses, from the first event about it until it is gone. Macvlans of one
 * parent and VRID share a struct vrrp_auto, which ends with the last of them. It owns the group
 * that is made of them, and the group points back to it.
 *
 * An event updates one macvlan and touches its vrrp_auto. The touched ones are handled
 * together at the end of the tick, so that a macvlan and its addresses, which come one by
 * one, make a group once. The loss of a macvlan is handled at once, since vrrp_vmac, which
 * gets the event next, would make another.
 *
 * No group can be made before zebra has reported the parent, or while the configuration has
 * a group there. The end of either touches the vrrp_auto.
 */
#include "vrrp_auto.h"

#include "darr.h"
#include "jhash.h"
#include "lib_errors.h"
#include "log.h"
#include "memory.h"
#include "network.h"
#include "vrf.h"

#include "nl_macvlan.h"
#include "vrrp_apply.h"
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_debug.h"
#include "vrrp_group_life.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_netlink.h"
#include "vrrp_router.h"
#include "vrrp_tick.h"
#include "vrrp_vip.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_AUTO, "VRRP autoconfigured group");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_AUTO_MACVLAN, "VRRP autoconfigured macvlan");

#define CS_PER_SEC 100

/* Time after which other work goes on: the kernel takes milliseconds to set a link down. */
#define TURN_USEC 5000

/* IFA_CACHEINFO of an address without a lifetime. */
#define FOREVER UINT32_MAX

PREDECL_HASH(macvlans);
PREDECL_DLIST(members);
PREDECL_RBTREE_UNIQ(autos);
PREDECL_DLIST(touched_autos);

/* A link may have one address under several prefix lengths. */
struct own_address {
	struct vrrp_addr address;
	uint8_t prefixlen;
};

struct macvlan {
	struct macvlans_item item;
	struct members_item member;
	int ifindex;
	enum vrrp_family family;
	struct vrrp_auto *of;
	struct own_address *addresses; /* darr */
	bool seen;		       /* by the dump that is going on */
};

struct vrrp_auto {
	struct autos_item item;
	struct touched_autos_item touched_item;
	bool is_touched;
	int parent;
	uint8_t vrid;
	struct members_head members;
	struct vrrp_group *group; /* NULL: cannot be made now */
};

static int macvlan_cmp(const struct macvlan *a, const struct macvlan *b)
{
	return numcmp(a->ifindex, b->ifindex);
}

static uint32_t macvlan_hash(const struct macvlan *macvlan)
{
	return jhash_1word(macvlan->ifindex, 0);
}

static int auto_cmp(const struct vrrp_auto *a, const struct vrrp_auto *b)
{
	int order = numcmp(a->parent, b->parent);

	return order ? order : numcmp(a->vrid, b->vrid);
}

DECLARE_HASH(macvlans, struct macvlan, item, macvlan_cmp, macvlan_hash);
DECLARE_DLIST(members, struct macvlan, member);
DECLARE_RBTREE_UNIQ(autos, struct vrrp_auto, item, auto_cmp);
DECLARE_DLIST(touched_autos, struct vrrp_auto, touched_item);

static struct macvlans_head macvlans = INIT_HASH(macvlans);
static struct autos_head autos = INIT_RBTREE_UNIQ(autos);
static struct touched_autos_head touched = INIT_DLIST(touched);

static uint8_t version; /* 0: off */
static bool paused;
static struct event *t_match;

/* ------------------------------------------------------------------ making a group */

/* Makes a group. In version 2 an interval of whole seconds is needed, else the model's is used. */
static void make_group(struct vrrp_auto *of, struct interface *ifp)
{
	struct vrrp_group *group = vrrp_group_new(ifp, of->vrid);
	uint16_t interval_cs = group->conf.interval_cs;

	group->conf = vrrp_global.defaults;
	group->conf.version = version;
	if (version == 2 && group->conf.interval_cs % CS_PER_SEC)
		group->conf.interval_cs = interval_cs;
	group->autoconfigured = of;
	of->group = group;
	DEBUGF(autoconfigure, "vrrp %s %u: autoconfigured, version %u", ifp->name, of->vrid,
	       version);
}

/* The struct vrrp_auto learns of the removal by forget(). */
static void remove_group(struct vrrp_auto *of)
{
	struct vrrp_group *group = of->group;

	if (!group)
		return;
	DEBUGF(autoconfigure, "vrrp %s %u: no longer autoconfigured", group->ifp->name, of->vrid);
	vrrp_group_free(&group);
}

/* True when the parent has gone, perhaps come back, or got another name. */
static bool has_moved(const struct vrrp_auto *of, const struct interface *ifp)
{
	return of->group && of->group->ifp != ifp;
}

/* The group of the macvlans, which is made if possible; NULL when it cannot be made. */
static struct vrrp_group *group_of(struct vrrp_auto *of)
{
	struct interface *ifp = if_lookup_by_index(of->parent, VRF_DEFAULT);

	if (has_moved(of, ifp))
		remove_group(of);
	if (!of->group && ifp && !vrrp_group_find(ifp->name, of->vrid))
		make_group(of, ifp);
	return of->group;
}

/* --------------------------------------------------------------------- its addresses */

static bool is_on_any(struct vrrp_auto *of, const struct vrrp_addr *vip)
{
	const struct own_address *own;
	struct macvlan *macvlan;

	frr_each (members, &of->members, macvlan)
		darr_foreach_p (macvlan->addresses, own)
			if (vrrp_addr_same(&own->address, vip))
				return true;
	return false;
}

static void remove_vips(struct vrrp_group *group, struct vrrp_router *router)
{
	for (unsigned int i = darr_len(router->vips); i-- > 0;) {
		struct vrrp_addr vip = router->vips[i];

		if (!is_on_any(group->autoconfigured, &vip))
			vrrp_group_vip_del(group, &vip);
	}
}

static void add_vips(struct vrrp_group *group, const struct macvlan *macvlan)
{
	struct vrrp_router *router = vrrp_group_router(group, macvlan->family);
	char text[VRRP_ADDR_STRLEN];
	const struct own_address *own;

	if (group->conf.version == 2 && macvlan->family == VRRP_IPV6)
		return;
	darr_foreach_p (macvlan->addresses, own) {
		if (darr_len(router->vips) < VRRP_ADDRESSES_MAX)
			vrrp_group_vip_add(group, &own->address);
		else if (vrrp_vip_group(&own->address) != group &&
			 vrrp_log_allowed(VRRP_LOG_NETLINK))
			zlog_warn("%pVR: address %s of its macvlan is one too many: an advertisement has room for %u",
				  router, vrrp_addr_str(&own->address, text), VRRP_ADDRESSES_MAX);
	}
}

static void match(struct vrrp_auto *of)
{
	struct vrrp_group *group = group_of(of);
	struct macvlan *macvlan;

	if (!group)
		return;
	remove_vips(group, &group->v4);
	remove_vips(group, &group->v6);
	frr_each (members, &of->members, macvlan)
		add_vips(group, macvlan);
	vrrp_group_apply(group);
}

/* -------------------------------------------------------------- the end of the tick */

static void match_touched(void);

static void on_match(struct event *event)
{
	match_touched();
}

static void match_soon(void)
{
	if (!t_match && !paused && touched_autos_count(&touched))
		event_add_event(master, on_match, NULL, 0, &t_match);
}

/* Handles the touched ones; the tick ends first, so that removed groups release macvlans. */
static void match_touched(void)
{
	vrrp_usec_t end = vrrp_now() + TURN_USEC;
	struct vrrp_auto *of;

	vrrp_tick_end();
	while (vrrp_now() < end && (of = touched_autos_pop(&touched))) {
		of->is_touched = false;
		match(of);
	}
	match_soon();
}

static void touch(struct vrrp_auto *of)
{
	if (!of->is_touched)
		touched_autos_add_tail(&touched, of);
	of->is_touched = true;
	match_soon();
}

void vrrp_auto_pause(void)
{
	paused = true;
	event_cancel(&t_match);
}

void vrrp_auto_resume(void)
{
	paused = false;
	match_soon();
}

/* -------------------------------------------------------------------- macvlans */

static struct macvlan *macvlan_find(int ifindex)
{
	struct macvlan ref = { .ifindex = ifindex };

	return macvlans_find(&macvlans, &ref);
}

static struct vrrp_auto *auto_get(int parent, uint8_t vrid)
{
	struct vrrp_auto ref = { .parent = parent, .vrid = vrid };
	struct vrrp_auto *of = autos_find(&autos, &ref);

	if (of)
		return of;
	of = XCALLOC(MTYPE_VRRP_AUTO, sizeof(*of));
	of->parent = parent;
	of->vrid = vrid;
	members_init(&of->members);
	autos_add(&autos, of);
	return of;
}

static void auto_free(struct vrrp_auto *of)
{
	remove_group(of);
	if (of->is_touched)
		touched_autos_del(&touched, of);
	autos_del(&autos, of);
	members_fini(&of->members);
	XFREE(MTYPE_VRRP_AUTO, of);
}

static void macvlan_free(struct macvlan *macvlan)
{
	macvlans_del(&macvlans, macvlan);
	members_del(&macvlan->of->members, macvlan);
	darr_free(macvlan->addresses);
	XFREE(MTYPE_VRRP_AUTO_MACVLAN, macvlan);
}

static void macvlan_drop(struct macvlan *macvlan)
{
	struct vrrp_auto *of = macvlan->of;

	macvlan_free(macvlan);
	if (!members_count(&of->members))
		auto_free(of);
	else if (of->group)
		match(of);
}

static struct macvlan *macvlan_new(const struct nl_link *link, enum vrrp_family family, uint8_t vrid)
{
	struct macvlan *macvlan = XCALLOC(MTYPE_VRRP_AUTO_MACVLAN, sizeof(*macvlan));

	macvlan->ifindex = link->ifindex;
	macvlan->family = family;
	macvlan->of = auto_get(link->parent, vrid);
	macvlans_add(&macvlans, macvlan);
	members_add_tail(&macvlan->of->members, macvlan);
	touch(macvlan->of);
	return macvlan;
}

/*
 * True for a macvlan made by hand with a virtual router MAC address; returns family and VRID of the
 * router.
 */
static bool is_candidate(const struct nl_link *link, enum vrrp_family *family, uint8_t *vrid)
{
	uint8_t mac[NL_MAC_BYTES];

	if (!strmatch(link->kind, "macvlan") || !link->ethernet || !link->parent || link->ours)
		return false;
	*vrid = link->mac[NL_MAC_BYTES - 1];
	*family = VRRP_IPV4;
	nl_macvlan_mac(mac, AF_INET, *vrid);
	if (!memcmp(mac, link->mac, sizeof(mac)))
		return *vrid != 0;
	*family = VRRP_IPV6;
	nl_macvlan_mac(mac, AF_INET6, *vrid);
	return !memcmp(mac, link->mac, sizeof(mac)) && *vrid != 0;
}

static void read_address(const struct nl_addr_info *info, void *arg)
{
	vrrp_auto_on_address(info, true);
}

/* Reads the addresses of a new macvlan, which may have got them before its MAC address. */
static void read_addresses(int ifindex)
{
	int error = nl_addr_dump(vrrp_netlink, ifindex, read_address, NULL);

	if (error && error != -ENODEV && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("vrrp autoconfigure: addresses of link %d cannot be read: %s", ifindex,
			 safe_strerror(-error));
}

/* Updates the struct macvlan of a link; true when the macvlan is new. */
static bool note_link(const struct nl_link *link)
{
	struct macvlan *macvlan = macvlan_find(link->ifindex);
	enum vrrp_family family;
	uint8_t vrid;
	bool is_one = is_candidate(link, &family, &vrid);

	if (macvlan && (!is_one || macvlan->family != family || macvlan->of->vrid != vrid ||
			macvlan->of->parent != link->parent)) {
		macvlan_drop(macvlan);
		macvlan = NULL;
	}
	if (macvlan)
		macvlan->seen = true;
	if (macvlan || !is_one)
		return false;
	macvlan_new(link, family, vrid)->seen = true;
	return true;
}

void vrrp_auto_on_link(const struct nl_link *link, bool exists)
{
	struct macvlan *macvlan = macvlan_find(link->ifindex);
	enum vrrp_family family;
	struct nl_link now;
	uint8_t vrid;

	if (!version || (!macvlan && !(exists && is_candidate(link, &family, &vrid))))
		return;
	/* our own macvlan is marked after it was made, and a bridge reports its port as gone */
	if (nl_link_get_index(vrrp_netlink, link->ifindex, &now)) {
		if (macvlan)
			macvlan_drop(macvlan);
	} else if (note_link(&now)) {
		read_addresses(now.ifindex);
	}
}

/* ------------------------------------------------------------------- addresses */

static bool may_be_vip(const struct macvlan *macvlan, const struct nl_addr_info *info,
		       const struct vrrp_addr *address)
{
	return address->family == macvlan->family && !vrrp_addr_is_linklocal(address) &&
	       info->protocol != NL_PROTO_VRRP && info->valid_sec == FOREVER;
}

static int own_index(const struct macvlan *macvlan, const struct own_address *own)
{
	unsigned int i;

	darr_foreach_i (macvlan->addresses, i)
		if (macvlan->addresses[i].prefixlen == own->prefixlen &&
		    vrrp_addr_same(&macvlan->addresses[i].address, &own->address))
			return i;
	return -1;
}

void vrrp_auto_on_address(const struct nl_addr_info *info, bool added)
{
	struct macvlan *macvlan = macvlan_find(info->key.ifindex);
	struct own_address own = { vrrp_addr_of_key(&info->key), info->key.prefixlen };
	int i = macvlan ? own_index(macvlan, &own) : -1;

	if (!macvlan)
		return;
	added = added && may_be_vip(macvlan, info, &own.address);
	if (added == (i >= 0))
		return;
	if (added)
		*darr_append(macvlan->addresses) = own;
	else
		darr_remove(macvlan->addresses, i);
	touch(macvlan->of);
}

/* ------------------------------------------------------------------- reading all */

static void read_link(const struct nl_link *link, void *arg)
{
	note_link(link);
}

static void drop_unseen(void)
{
	struct macvlan *macvlan;

	frr_each_safe (macvlans, &macvlans, macvlan)
		if (!macvlan->seen)
			macvlan_drop(macvlan);
}

void vrrp_auto_reconcile(void)
{
	struct macvlan *macvlan;
	int error;

	if (!version)
		return;
	frr_each (macvlans, &macvlans, macvlan) {
		macvlan->seen = false;
		darr_reset(macvlan->addresses);
		touch(macvlan->of);
	}
	error = nl_link_dump(vrrp_netlink, "macvlan", read_link, NULL);
	if (!error)
		drop_unseen();
	if (!error)
		error = nl_addr_dump(vrrp_netlink, 0, read_address, NULL);
	if (error)
		zlog_err("vrrp autoconfigure: macvlans cannot be read: %s", safe_strerror(-error));
}

/* ----------------------------------------------------------- where it may be made now */

void vrrp_auto_look(const struct interface *ifp)
{
	struct vrrp_auto ref = { .parent = ifp->ifindex }, *of;

	for (of = autos_find_gteq(&autos, &ref); of && of->parent == ref.parent;
	     of = autos_next(&autos, of))
		if (!of->group || has_moved(of, ifp))
			touch(of);
}

void vrrp_auto_make_way(struct interface *ifp, uint8_t vrid)
{
	struct vrrp_group *group = vrrp_group_find(ifp->name, vrid);

	if (!group || !group->autoconfigured)
		return;
	vrrp_group_free(&group);
	vrrp_tick_end();
}

int vrrp_auto_ifindex(const struct vrrp_router *router)
{
	struct vrrp_auto *of = router->group->autoconfigured;
	struct macvlan *macvlan;

	frr_each (members, &of->members, macvlan)
		if (macvlan->family == router->family)
			return macvlan->ifindex;
	return 0;
}

static int forget(struct vrrp_group *group)
{
	if (group->autoconfigured)
		group->autoconfigured->group = NULL;
	return 0;
}

void vrrp_auto_init(void)
{
	hook_register(vrrp_group_freed, forget);
}

/* -------------------------------------------------------------------- on and off */

static void drop_all(void)
{
	struct vrrp_auto *of;

	while ((of = autos_first(&autos))) {
		while (members_count(&of->members))
			macvlan_free(members_first(&of->members));
		auto_free(of);
	}
}

void vrrp_auto_set(uint8_t wanted)
{
	bool was_on = version != 0;

	version = wanted;
	if (!version)
		drop_all();
	else if (!was_on)
		vrrp_auto_reconcile();
}

void vrrp_auto_stop(void)
{
	drop_all();
	event_cancel(&t_match);
	macvlans_fini(&macvlans);
}
