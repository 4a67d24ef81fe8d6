// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each configured virtual address is one struct vrrp_vip, from vrrp_vip_new()
 * until it is both deconfigured and out of the kernel. It says what is there
 * (installed, announced); what is wanted follows from its router at any time, so
 * there is no second copy of it to go stale. vrrp_vip_flush() walks the touched
 * ones and closes the gap.
 *
 * The tree is sorted by address, then router: during one transaction an
 * address may leave one group and enter another, in either order.
 */
#include "vrrp_vip.h"

#include "darr.h"
#include "network.h"

#include "nl_addr.h"
#include "nl_link.h"
#include "vrrp_debug.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_track.h"
#include "vrrp_zebra.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_VIP, "VRRP virtual address");

/* A request the kernel refused is tried again after this. */
#define RETRY_SEC 1
/* Leases are renewed this many times while they last. */
#define RENEWALS_PER_LEASE 3

PREDECL_RBTREE_UNIQ(vips);
PREDECL_DLIST(touched);

struct vrrp_vip {
	struct vips_item item;
	struct touched_item touched_item;
	struct vrrp_addr address;
	struct vrrp_router *router; /* NULL: deconfigured, to be removed */
	bool is_touched;
	int link;	     /* ifindex it is installed on; 0 = not installed */
	int announced;	     /* ifindex its route was given to zebra with; 0 = no route */
	uint32_t metric, tag; /* ... and these */
	int error;
	vrrp_usec_t renewed;
};

static int vip_cmp(const struct vrrp_vip *a, const struct vrrp_vip *b)
{
	int order = vrrp_addr_cmp(&a->address, &b->address);

	return order ? order : numcmp((uintptr_t)a->router, (uintptr_t)b->router);
}

DECLARE_RBTREE_UNIQ(vips, struct vrrp_vip, item, vip_cmp);
DECLARE_DLIST(touched, struct vrrp_vip, touched_item);

static struct vips_head vips = INIT_RBTREE_UNIQ(vips);
static struct touched_head touched_vips = INIT_DLIST(touched_vips);

static struct nl_conn *conn;
static struct nl_monitor *monitor;
static struct nl_batch *batch;
static struct event *t_monitor, *t_renew, *t_retry;

/* The dummy; index 0 while it is not there. */
static struct nl_link vip_link;
static int vip_link_error; /* last error in getting it, logged once */

/* A removal failed: what is on the links has to be read and compared. */
static bool reconcile_due;

/* ------------------------------------------------------------------ the link */

static void vip_link_log(int error)
{
	if (error == vip_link_error)
		return;
	vip_link_error = error;
	if (error == -EMEDIUMTYPE)
		zlog_err("VIP interface %s is a %s, neither dummy nor ifb: not used",
			 vrrp_global.vip_interface, vip_link.kind[0] ? vip_link.kind : "hardware");
	else if (error == -ENETDOWN)
		zlog_warn("VIP interface %s is down: its virtual routers leave the election",
			  vrrp_global.vip_interface);
	else if (error)
		zlog_err("VIP interface %s: cannot be made: %s", vrrp_global.vip_interface,
			 safe_strerror(-error));
	else
		zlog_info("VIP interface %s is ready", vrrp_global.vip_interface);
}

static bool kind_is_usable(const char *kind)
{
	return strmatch(kind, "dummy") || strmatch(kind, "ifb");
}

/* An interface found at start may be down because nobody set it up yet; ours is set up. */
static int vip_link_adopt(struct nl_link *link)
{
	if (!kind_is_usable(link->kind))
		return -EMEDIUMTYPE;
	if (link->up)
		return 0;
	if (!link->ours)
		return -ENETDOWN;
	return nl_link_set_up(conn, link->ifindex);
}

static int vip_link_make(void)
{
	int error = nl_link_get(conn, vrrp_global.vip_interface, &vip_link);

	frr_with_privs (&vrrp_privs) {
		if (error == -ENODEV)
			error = nl_link_add_dummy(conn, vrrp_global.vip_interface, &vip_link);
		else if (!error)
			error = vip_link_adopt(&vip_link);
	}
	if (error)
		vip_link.ifindex = 0;
	else
		vip_link.up = true;
	vip_link_log(error);
	return error;
}

static bool vip_link_is_empty(void);

/* The dummy goes when it is ours and nobody put an address of his on it. */
static void vip_link_release(void)
{
	int error = 0;

	if (!vip_link.ifindex || !vip_link.ours || !vip_link_is_empty())
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_del(conn, vip_link.ifindex);
	}
	if (error && error != -ENODEV)
		zlog_warn("VIP interface %s: cannot be removed: %s", vip_link.name,
			  safe_strerror(-error));
	memset(&vip_link, 0, sizeof(vip_link));
}

static void retry_later(void);

bool vrrp_vip_link_ready(struct vrrp_router *router)
{
	switch (vrrp_router_placement(router)) {
	case VRRP_PLACEMENT_INTERFACE:
		return true;
	case VRRP_PLACEMENT_VIP_INTERFACE:
		if (vip_link.ifindex)
			return vip_link.up;
		if (!vip_link_make())
			return true;
		retry_later();
		return false;
	case VRRP_PLACEMENT_VMAC:
	case VRRP_PLACEMENT_AUTO:
		break;
	}
	return false;
}

static int link_of(const struct vrrp_router *router)
{
	if (vrrp_router_placement(router) == VRRP_PLACEMENT_INTERFACE)
		return router->group->ifp->ifindex;
	return vip_link.ifindex;
}

const char *vrrp_vip_link_name(const struct vrrp_router *router)
{
	if (vrrp_router_placement(router) == VRRP_PLACEMENT_INTERFACE)
		return router->group->ifp->name;
	return vrrp_global.vip_interface;
}

int vrrp_vip_interface_check(const char *ifname, char *reason, size_t size)
{
	struct nl_link link;
	int error = conn ? nl_link_get(conn, ifname, &link) : -ENODEV;

	if (error == -ENODEV)
		return 0;
	if (error) {
		snprintfrr(reason, size, "VIP interface %s: %s", ifname, safe_strerror(-error));
		return error;
	}
	if (kind_is_usable(link.kind))
		return 0;
	snprintfrr(reason, size,
		   "VIP interface %s exists and is a %s interface; only a dummy or ifb can carry VIPs",
		   ifname, link.kind[0] ? link.kind : "hardware");
	return -EMEDIUMTYPE;
}

/* ------------------------------------------------------------------- one VIP */

static struct vrrp_vip *vip_find(const struct vrrp_addr *address, struct vrrp_router *router)
{
	struct vrrp_vip ref = { .address = *address, .router = router };

	return vips_find(&vips, &ref);
}

/* The VIP entries of one address, from the first on. */
static struct vrrp_vip *vip_first(const struct vrrp_addr *address)
{
	struct vrrp_vip ref = { .address = *address };
	struct vrrp_vip *vip = vips_find_gteq(&vips, &ref);

	return vip && vrrp_addr_same(&vip->address, address) ? vip : NULL;
}

static struct vrrp_vip *vip_next(const struct vrrp_vip *vip)
{
	struct vrrp_vip *next = vips_next(&vips, (struct vrrp_vip *)vip);

	return next && vrrp_addr_same(&next->address, &vip->address) ? next : NULL;
}

struct vrrp_group *vrrp_vip_group(const struct vrrp_addr *address)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip))
		if (vip->router)
			return vip->router->group;
	return NULL;
}

static void vip_touch(struct vrrp_vip *vip)
{
	if (!vip->is_touched)
		touched_add_tail(&touched_vips, vip);
	vip->is_touched = true;
}

static void vip_free(struct vrrp_vip *vip)
{
	if (vip->is_touched)
		touched_del(&touched_vips, vip);
	vips_del(&vips, vip);
	XFREE(MTYPE_VRRP_VIP, vip);
}

void vrrp_vip_new(struct vrrp_router *router, const struct vrrp_addr *address)
{
	struct vrrp_vip *vip = XCALLOC(MTYPE_VRRP_VIP, sizeof(*vip));

	vip->address = *address;
	vip->router = router;
	vips_add(&vips, vip);
	vip_touch(vip);
}

void vrrp_vip_gone(struct vrrp_router *router, const struct vrrp_addr *address)
{
	struct vrrp_vip *vip = vip_find(address, router);

	if (!vip)
		return;
	vips_del(&vips, vip);
	vip->router = NULL;
	if (vips_add(&vips, vip)) { /* one is already on its way out */
		if (vip->is_touched)
			touched_del(&touched_vips, vip);
		XFREE(MTYPE_VRRP_VIP, vip);
		return;
	}
	vip_touch(vip);
}

void vrrp_vip_touch(struct vrrp_router *router)
{
	struct vrrp_addr *address;
	struct vrrp_vip *vip;

	darr_foreach_p (router->vips, address) {
		vip = vip_find(address, router);
		if (vip)
			vip_touch(vip);
	}
}

static void vip_key(const struct vrrp_vip *vip, int ifindex, struct nl_addr_key *key)
{
	memset(key, 0, sizeof(*key));
	key->ifindex = ifindex;
	if (vip->address.family == VRRP_IPV4) {
		key->family = AF_INET;
		key->prefixlen = IPV4_MAX_BITLEN;
		key->v4 = vip->address.v4;
	} else {
		key->family = AF_INET6;
		key->prefixlen = IPV6_MAX_BITLEN;
		key->v6 = vip->address.v6;
	}
}

static void vip_prefix(const struct vrrp_vip *vip, struct prefix *p)
{
	memset(p, 0, sizeof(*p));
	if (vip->address.family == VRRP_IPV4) {
		p->family = AF_INET;
		p->prefixlen = IPV4_MAX_BITLEN;
		p->u.prefix4 = vip->address.v4;
	} else {
		p->family = AF_INET6;
		p->prefixlen = IPV6_MAX_BITLEN;
		p->u.prefix6 = vip->address.v6;
	}
}

static bool address_wanted(const struct vrrp_vip *vip)
{
	return vip->router && vip->router->addresses_up;
}

static bool route_wanted(const struct vrrp_vip *vip)
{
	return vip->router && vip->router->routes_up;
}

/* Another group's entry for the same address that has it up on the same link. */
static bool held_by_another(const struct vrrp_vip *vip)
{
	const struct vrrp_vip *other;

	for (other = vip_first(&vip->address); other; other = vip_next(other))
		if (other != vip && address_wanted(other) && link_of(other->router) == vip->link)
			return true;
	return false;
}

/* -------------------------------------------------------------------- flush */

static void withdraw_route(struct vrrp_vip *vip)
{
	struct prefix p;

	if (!vip->announced || route_wanted(vip))
		return;
	vip_prefix(vip, &p);
	vrrp_zebra_route_del(&p);
	vip->announced = 0;
}

static void queue_removal(struct vrrp_vip *vip)
{
	struct nl_addr_key key;

	if (!vip->link)
		return;
	if (address_wanted(vip) && link_of(vip->router) == vip->link)
		return;
	if (!held_by_another(vip)) {
		vip_key(vip, vip->link, &key);
		nl_batch_addr_del(batch, &key, vip);
	}
	vip->link = 0;
}

static void queue_addition(struct vrrp_vip *vip)
{
	struct nl_addr_key key;

	if (!address_wanted(vip) || vip->link || !link_of(vip->router))
		return;
	vip_key(vip, link_of(vip->router), &key);
	vip->link = key.ifindex;
	vip->error = 0;
	vip->renewed = vrrp_now();
	nl_batch_addr_add(batch, &key, vrrp_global.address_lease_sec, vip);
}

static void announce_route(struct vrrp_vip *vip)
{
	const struct vrrp_group_conf *conf;
	struct prefix p;

	if (!route_wanted(vip) || !vip->link)
		return;
	conf = &vip->router->group->conf;
	if (vip->announced == vip->link && vip->metric == conf->announce_metric &&
	    vip->tag == conf->announce_tag)
		return;
	vip_prefix(vip, &p);
	vip->metric = conf->announce_metric;
	vip->tag = conf->announce_tag;
	vip->announced = vip->link;
	/* what zebra cannot take now, the glue remembers and sends when it can */
	vrrp_zebra_route_add(&p, vip->link, vip->metric, vip->tag);
}

static void request_done(const struct nl_result *result, void *arg)
{
	struct vrrp_vip *vip = result->object;
	char name[VRRP_NAME_STRLEN] = "vrrp", address[VRRP_ADDR_STRLEN];
	bool adding = !strmatch(result->what, "delete address");

	if (!result->error)
		return;
	if (adding)
		vip->link = 0;
	else
		reconcile_due = true;
	if (result->error != vip->error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("%s: cannot %s %s on %s: %s",
			 vip->router ? vrrp_router_name(vip->router, name) : name, result->what,
			 vrrp_addr_str(&vip->address, address),
			 vip->router ? vrrp_vip_link_name(vip->router) : vip_link.name,
			 safe_strerror(-result->error));
	vip->error = result->error;
	retry_later();
}

static void commit(void)
{
	int failed = 0;

	if (!nl_batch_count(batch))
		return;
	frr_with_privs (&vrrp_privs) {
		failed = nl_batch_commit(batch, request_done, NULL);
	}
	if (failed < 0 && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("netlink: addresses cannot be changed: %s", safe_strerror(-failed));
}

void vrrp_vip_flush(void)
{
	struct vrrp_vip *vip;

	if (!touched_count(&touched_vips))
		return;
	frr_each (touched, &touched_vips, vip)
		withdraw_route(vip);
	frr_each (touched, &touched_vips, vip)
		queue_removal(vip);
	frr_each (touched, &touched_vips, vip)
		queue_addition(vip);
	commit();
	frr_each (touched, &touched_vips, vip)
		announce_route(vip);
	while ((vip = touched_pop(&touched_vips))) {
		vip->is_touched = false;
		if (!vip->router)
			vip_free(vip);
	}
}

/* ------------------------------------------------------------ lease and retry */

static void renew_leases(struct event *event);

static void schedule_renewal(void)
{
	long msec = vrrp_global.address_lease_sec * 1000L / RENEWALS_PER_LEASE;

	event_cancel(&t_renew);
	if (msec)
		event_add_timer_msec(master, renew_leases, NULL, msec, &t_renew);
}

static void renew_all(void)
{
	struct nl_addr_key key;
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip) {
		if (!vip->link || !address_wanted(vip))
			continue;
		vip_key(vip, vip->link, &key);
		vip->renewed = vrrp_now();
		nl_batch_addr_renew(batch, &key, vrrp_global.address_lease_sec, vip);
	}
	commit();
}

static void renew_leases(struct event *event)
{
	renew_all();
	schedule_renewal();
}

static void reconcile(void);

static void retry(struct event *event)
{
	struct vrrp_vip *vip;

	if (reconcile_due)
		reconcile();
	frr_each (vips, &vips, vip)
		if (vip->error)
			vip_touch(vip);
	vrrp_vip_flush();
	if (!vip_link.ifindex)
		vrrp_track_recheck(NULL);
}

static void retry_later(void)
{
	if (!t_retry)
		event_add_timer(master, retry, NULL, RETRY_SEC, &t_retry);
}

/* ------------------------------------------------------- what the kernel tells */

static struct vrrp_addr info_address(const struct nl_addr_info *info)
{
	if (info->key.family == AF_INET)
		return vrrp_addr_make(VRRP_IPV4, &info->key.v4);
	return vrrp_addr_make(VRRP_IPV6, &info->key.v6);
}

/* The VIP that ought to be on this link with this address. */
static struct vrrp_vip *vip_on_link(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip))
		if (vip->link == ifindex && address_wanted(vip))
			return vip;
	return NULL;
}

static void vip_lost(struct vrrp_vip *vip)
{
	char name[VRRP_NAME_STRLEN], address[VRRP_ADDR_STRLEN];

	vip->link = 0;
	vip->router->stats.vips_put_back++;
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%s: %s was removed from %s by someone else, put back",
			  vrrp_router_name(vip->router, name),
			  vrrp_addr_str(&vip->address, address), vrrp_vip_link_name(vip->router));
	vip_touch(vip);
}

static void on_address(const struct nl_addr_info *info, bool added, void *arg)
{
	struct vrrp_addr address = info_address(info);
	struct vrrp_vip *vip;

	vrrp_track_address(info, added);
	if (added || info->protocol != NL_PROTO_VRRP)
		return;
	vip = vip_on_link(&address, info->key.ifindex);
	if (vip && (info->key.ifindex != vip_link.ifindex || vip_link.up))
		vip_lost(vip);
}

/* Everything on a link that vanished or lost its addresses has to be put on anew. */
static void link_forget(int ifindex)
{
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip) {
		if (vip->link != ifindex)
			continue;
		vip->link = 0;
		vip_touch(vip);
	}
}

static void vip_link_vanished(void)
{
	link_forget(vip_link.ifindex);
	memset(&vip_link, 0, sizeof(vip_link));
	zlog_warn("VIP interface %s was deleted by someone else", vrrp_global.vip_interface);
	vrrp_track_recheck(NULL);
}

static void on_link(int ifindex, const char *name, bool exists, bool up, void *arg)
{
	if (!vip_link.ifindex && exists && strmatch(name, vrrp_global.vip_interface)) {
		vrrp_track_recheck(NULL);
		return;
	}
	if (ifindex != vip_link.ifindex)
		return;
	if (!exists || !strmatch(name, vip_link.name)) {
		vip_link_vanished();
	} else if (up != vip_link.up) {
		vip_link.up = up;
		vip_link_log(up ? 0 : -ENETDOWN);
		vrrp_track_recheck(NULL);
	}
}

static bool is_leftover(const struct nl_addr_info *info, const struct vrrp_addr *address)
{
	return info->protocol == NL_PROTO_VRRP && !vip_on_link(address, info->key.ifindex);
}

/* Leftovers have no struct vrrp_vip; they are removed in a batch of their own. */
static void dump_one(const struct nl_addr_info *info, void *arg)
{
	struct nl_batch *leftovers = arg;
	struct vrrp_addr address = info_address(info);
	char text[VRRP_ADDR_STRLEN];

	vrrp_track_address(info, true);
	if (!is_leftover(info, &address))
		return;
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_info("%s is a leftover of an earlier vrrpd: removed",
			  vrrp_addr_str(&address, text));
	nl_batch_addr_del(leftovers, &info->key, NULL);
}

static void leftover_done(const struct nl_result *result, void *arg)
{
	if (result->error)
		zlog_err("netlink: cannot %s of an earlier vrrpd: %s", result->what,
			 safe_strerror(-result->error));
}

/* Compares the kernel with what we think, in both directions. */
static void reconcile(void)
{
	struct nl_batch *leftovers = nl_batch_new(conn);
	struct vrrp_vip *vip;
	int error;

	reconcile_due = false;
	vrrp_track_forget();
	error = nl_addr_dump(conn, 0, dump_one, leftovers);
	if (error)
		zlog_err("netlink: addresses cannot be read: %s", safe_strerror(-error));
	frr_with_privs (&vrrp_privs) {
		nl_batch_commit(leftovers, leftover_done, NULL);
	}
	nl_batch_free(&leftovers);
	frr_each (vips, &vips, vip) { /* adding what is there renews it */
		vip->link = 0;
		vip_touch(vip);
	}
	vrrp_vip_flush();
	vrrp_track_resynced();
}

static void on_overrun(void *arg)
{
	zlog_warn("netlink: events were lost, reading all addresses again");
	reconcile();
}

static const struct nl_monitor_ops monitor_ops = {
	.addr = on_address,
	.link = on_link,
	.overrun = on_overrun,
};

static void monitor_read(struct event *event)
{
	int error = nl_monitor_read(monitor);

	if (error) {
		zlog_err("netlink: event socket failed: %s", safe_strerror(-error));
		nl_monitor_free(&monitor);
		error = nl_monitor_new(&monitor, &monitor_ops, NULL);
		if (error) {
			zlog_err("netlink: event socket cannot be opened: %s", safe_strerror(-error));
			return;
		}
		reconcile();
	}
	event_add_read(master, monitor_read, NULL, nl_monitor_fd(monitor), &t_monitor);
	vrrp_vip_flush();
}

/* --------------------------------------------------------- show, start and stop */

static uint32_t lease_left(const struct vrrp_vip *vip)
{
	vrrp_usec_t age = vrrp_now() - vip->renewed;
	uint32_t sec = age / VRRP_USEC_PER_SEC;

	if (!vip->link)
		return 0;
	if (!vrrp_global.address_lease_sec)
		return UINT32_MAX;
	return sec < vrrp_global.address_lease_sec ? vrrp_global.address_lease_sec - sec : 0;
}

static void walk_router(const struct vrrp_router *router,
			void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg)
{
	const struct vrrp_addr *address;
	const struct vrrp_vip *vip;

	darr_foreach_p (router->vips, address) {
		vip = vip_find(address, (struct vrrp_router *)router);
		if (!vip)
			continue;
		fn(&(struct vrrp_vip_status){ .address = *address,
					      .router = router,
					      .link = vrrp_vip_link_name(router),
					      .installed = vip->link != 0,
					      .announced = vip->announced != 0,
					      .error = vip->error,
					      .lease_left_sec = lease_left(vip) },
		   arg);
	}
}

void vrrp_vip_walk(void (*fn)(const struct vrrp_vip_status *status, void *arg), void *arg)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		walk_router(&group->v4, fn, arg);
		walk_router(&group->v6, fn, arg);
	}
}

static void touch_all(void)
{
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip)
		vip_touch(vip);
}

static void count_address(const struct nl_addr_info *info, void *arg)
{
	unsigned int *foreign = arg;

	*foreign += info->protocol != NL_PROTO_VRRP;
}

static bool vip_link_is_empty(void)
{
	unsigned int foreign = 0;

	return !nl_addr_dump(conn, vip_link.ifindex, count_address, &foreign) && !foreign;
}

/* The VIPs move to the new dummy before the old one goes. */
static void vip_link_replace(void)
{
	struct nl_link old = vip_link, new;

	memset(&vip_link, 0, sizeof(vip_link));
	vrrp_track_recheck(NULL); /* makes it if a virtual router needs it */
	touch_all();
	vrrp_vip_flush();
	new = vip_link;
	vip_link = old;
	vip_link_release();
	vip_link = new;
}

void vrrp_vip_global_changed(const struct vrrp_global *previous)
{
	if (!strmatch(previous->vip_interface, vrrp_global.vip_interface))
		vip_link_replace();
	if (previous->address_lease_sec != vrrp_global.address_lease_sec) {
		renew_all();
		schedule_renewal();
	}
}

void vrrp_vip_init(void)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = nl_conn_new(&conn);
		if (!error)
			error = nl_monitor_new(&monitor, &monitor_ops, NULL);
	}
	if (error) {
		zlog_err("netlink: cannot be opened: %s", safe_strerror(-error));
		exit(1);
	}
	batch = nl_batch_new(conn);
	event_add_read(master, monitor_read, NULL, nl_monitor_fd(monitor), &t_monitor);
	reconcile();
	schedule_renewal();
}

void vrrp_vip_stop(void)
{
	event_cancel(&t_monitor);
	event_cancel(&t_renew);
	event_cancel(&t_retry);
	vip_link_release();
	nl_monitor_free(&monitor);
	nl_batch_free(&batch);
	nl_conn_free(&conn);
}
