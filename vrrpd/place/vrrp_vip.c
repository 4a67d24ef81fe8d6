// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each configured virtual address is one struct vrrp_vip, from vrrp_vip_new() until it is both
 * deconfigured and out of the kernel. It stores its present state; the wanted one is always computed
 * from its router, so no copy becomes stale. vrrp_vip_flush() applies the difference.
 *
 * The tree is sorted by address, then router: during one transaction an
 * address may leave one group and enter another, in either order.
 *
 * The operator may have added the address himself: on a virtual MAC, as FRR's own vrrpd requires,
 * or on the interface of the group, as its owner. Such an address is borrowed: used as it is, never
 * renewed or removed. A virtual MAC is up only while its router is Active, so the address answers
 * only then.
 */
#include "vrrp_vip_private.h"

#include "darr.h"

#include "nl_addr.h"
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_drain.h"
#include "vrrp_drain_link.h"
#include "vrrp_dummy.h"
#include "vrrp_filter.h"
#include "vrrp_lease.h"
#include "vrrp_log.h"
#include "vrrp_marker.h"
#include "vrrp_memory.h"
#include "vrrp_netlink.h"
#include "vrrp_place.h"
#include "vrrp_refusal.h"
#include "vrrp_retry.h"
#include "vrrp_solicited.h"
#include "vrrp_tick.h"
#include "vrrp_host.h"
#include "vrrp_inheritance.h"
#include "vrrp_vip_link.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vmac.h"
#include "vrrp_vrf.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_route.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_VIP, "VRRP virtual address");

/* Interval of the lease renewal scan. */
#define RENEWAL_SEC 1

static int vip_cmp(const struct vrrp_vip *a, const struct vrrp_vip *b)
{
	int order = vrrp_addr_cmp(&a->address, &b->address);

	return order ? order : numcmp((uintptr_t)a->router, (uintptr_t)b->router);
}

DECLARE_RBTREE_UNIQ(vips, struct vrrp_vip, item, vip_cmp);
DECLARE_DLIST(touched, struct vrrp_vip, touched_item);

static struct vips_head vips = INIT_RBTREE_UNIQ(vips);
static struct touched_head touched_vips = INIT_DLIST(touched_vips);

static struct nl_batch *batch;
static struct event *t_renew;

/* A removal failed: the addresses of the links must be read and compared. */
static bool reconcile_due;
static void (*reconcile)(void);

/* ------------------------------------------------------------------- one VIP */

struct vrrp_vip *vrrp_vip_find(const struct vrrp_addr *address, struct vrrp_router *router)
{
	struct vrrp_vip ref = { .address = *address, .router = router };

	return vips_find(&vips, &ref);
}

const struct vrrp_vip *vrrp_vip_after(const struct vrrp_vip *vip)
{
	return vip ? vips_const_next(&vips, vip) : vips_const_first(&vips);
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

/* The group, other than that one, that has an address in the VRF of an interface. */
static struct vrrp_group *group_on(const struct vrrp_addr *address, const char *ifname,
				   const struct vrrp_group *except)
{
	bool is_on_link = vrrp_addr_is_linklocal(address);
	char vrf[VRRP_VRF_NAME_SIZE];
	struct vrrp_group *group;
	struct vrrp_vip *vip;

	strlcpy(vrf, vrrp_vip_vrf_of(ifname), sizeof(vrf));
	for (vip = vip_first(address); vip; vip = vip_next(vip)) {
		group = vip->router ? vip->router->group : NULL;
		if (group && group != except &&
		    (is_on_link ? strmatch(group->ifp->name, ifname)
				: strmatch(vrrp_vip_vrf_of(group->ifp->name), vrf)))
			return group;
	}
	return NULL;
}

struct vrrp_group *vrrp_vip_group_on(const struct vrrp_addr *address, const char *ifname)
{
	return group_on(address, ifname, NULL);
}

const struct vrrp_group *vrrp_vip_other_group(const struct vrrp_addr *address,
					      const struct vrrp_group *group)
{
	return group_on(address, group->ifp->name, group);
}

struct vrrp_group *vrrp_vip_group(const struct vrrp_addr *address)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip))
		if (vip->router)
			return vip->router->group;
	return NULL;
}

void vrrp_vip_mark(struct vrrp_vip *vip)
{
	if (!vip->is_touched)
		touched_add_tail(&touched_vips, vip);
	vip->is_touched = true;
}

/* One that the group before has given up, and that is still drained, goes on with this one. */
static bool vip_adopt(struct vrrp_router *router, const struct vrrp_addr *address)
{
	struct vrrp_vip *vip = vrrp_vip_find(address, NULL);

	if (!vip || vip->drain.handover == VRRP_HANDOVER_NONE)
		return false;
	vips_del(&vips, vip);
	vip->router = router;
	vips_add(&vips, vip);
	router->handover = vip->drain.handover;
	vrrp_vip_mark(vip);
	return true;
}

static void vip_free(struct vrrp_vip *vip)
{
	if (vip->is_touched)
		touched_del(&touched_vips, vip);
	vips_del(&vips, vip);
	vrrp_refusal_end(&vip->refusal);
	vrrp_guardian_erase(&vip->guarded);
	XFREE(MTYPE_VRRP_VIP, vip);
}

void vrrp_vip_new(struct vrrp_router *router, const struct vrrp_addr *address)
{
	struct vrrp_vip *vip;

	if (vip_adopt(router, address))
		return;
	vip = XCALLOC(MTYPE_VRRP_VIP, sizeof(*vip));
	vip->address = *address;
	vip->router = router;
	vips_add(&vips, vip);
	vrrp_vip_mark(vip);
}

void vrrp_vip_gone(struct vrrp_router *router, const struct vrrp_addr *address)
{
	struct vrrp_vip *vip = vrrp_vip_find(address, router);

	if (!vip)
		return;
	vrrp_vip_give_up(vip, false);
	vips_del(&vips, vip);
	vip->router = NULL;
	strlcpy(vip->ifname, router->group->ifp->name, sizeof(vip->ifname));
	vip->vrid = router->group->vrid;
	if (vip->drain.handover != VRRP_HANDOVER_NONE)
		router->handover = VRRP_HANDOVER_NONE; /* nobody is listened for any more */
	if (vips_add(&vips, vip)) {		       /* the same VIP is still being removed */
		if (vip->is_touched)
			touched_del(&touched_vips, vip);
		vrrp_solicited_move(&vip->address, &vip->solicited, IFINDEX_INTERNAL);
		vrrp_refusal_end(&vip->refusal);
		vrrp_drain_end(&vip->drain);
		vrrp_guardian_erase(&vip->guarded);
		XFREE(MTYPE_VRRP_VIP, vip);
		return;
	}
	vrrp_vip_mark(vip);
}

void vrrp_vip_touch(struct vrrp_router *router)
{
	struct vrrp_addr *address;
	struct vrrp_vip *vip;

	vrrp_marker_touch(router);
	darr_foreach_p (router->vips, address) {
		vip = vrrp_vip_find(address, router);
		if (vip)
			vrrp_vip_mark(vip);
	}
}

/* True when the operator has already added the address to the wanted link. */
static bool is_there_by_hand(const struct vrrp_vip *vip)
{
	return vrrp_host_is_on(&vip->address, vrrp_vip_link(vip->router));
}

/* -------------------------------------------------------------------- the link */

/* True when another group has the same address installed on the same link. */
static bool held_by_another(const struct vrrp_vip *vip)
{
	const struct vrrp_vip *other;

	for (other = vip_first(&vip->address); other; other = vip_next(other))
		if (other != vip && vrrp_vip_is_wanted(other) &&
		    vrrp_vip_link(other->router) == vip->link)
			return true;
	return false;
}

/* -------------------------------------------------------------- accept mode */

/*
 * RFC 9568 section 6.4.3. VIPs on the VIP interface are always accepted. An address that is
 * not installed receives nothing, so refusal depends on configuration only, and a
 * transition does not wait for nftables.
 */
static bool refusal_wanted(const struct vrrp_vip *vip, struct nl_nft_vip *wanted)
{
	const struct vrrp_group_conf *conf = vip->router ? &vip->router->group->applied : NULL;

	if (!conf || conf->accept_mode || conf->priority == VRRP_PRIORITY_OWNER ||
	    !vrrp_router_is_on_lan(vip->router) || !vrrp_vip_link(vip->router))
		return false;
	*wanted = vrrp_filter_vip(vrrp_vip_link_name(vip->router), &vip->address);
	return true;
}

static void refuse(struct vrrp_vip *vip)
{
	struct nl_nft_vip wanted;

	if (!refusal_wanted(vip, &wanted))
		vrrp_refusal_end(&vip->refusal);
	else if (!vrrp_refusal_set(&vip->refusal, &wanted))
		vrrp_vip_retry_later();
}

/* -------------------------------------------------------------------- flush */

/*
 * If an earlier daemon was killed and its lease has ended, the address is gone, but zebra may
 * still have the kernel's route to it. Removing the missing address removes that route.
 */
static void queue_clean_up(struct vrrp_vip *vip)
{
	struct nl_addr_key key;

	if (vip->is_clean || !vip->router || vrrp_vip_is_wanted(vip) || !vrrp_vip_link(vip->router))
		return;
	vip->is_clean = true;
	key = vrrp_addr_key(&vip->address, vrrp_vip_link(vip->router));
	nl_batch_addr_del(batch, &key, NULL);
}

static void queue_removal(struct vrrp_vip *vip)
{
	struct nl_addr_key key;

	if (!vip->link) {
		queue_clean_up(vip);
		return;
	}
	if (vrrp_vip_keeps_address(vip) ||
	    (vrrp_vip_is_wanted(vip) && vrrp_vip_link(vip->router) == vip->link))
		return;
	if (!held_by_another(vip) && !vip->is_borrowed) {
		key = vrrp_addr_key(&vip->address, vip->link);
		nl_batch_addr_del(batch, &key, vip);
	}
	vip->link = 0;
}

/* On a LAN an address that nobody renews is a second owner's: it stays no longer than configured. */
uint32_t vrrp_vip_lease_sec(const struct vrrp_vip *vip)
{
	bool is_on_lan = vip->router && vrrp_router_is_on_lan(vip->router);

	return vrrp_lease_sec(is_on_lan ? 0 : vips_count(&vips));
}

static void queue_addition(struct vrrp_vip *vip)
{
	struct nl_addr_key key;

	if (!vrrp_vip_is_wanted(vip) || vip->link || !vrrp_vip_link(vip->router))
		return;
	vip->link = vrrp_vip_link(vip->router);
	vip->vrf = vrrp_dummy_vrf(vip->link);
	vip->error = 0;
	vip->is_usable = false;
	vip->is_borrowed = is_there_by_hand(vip);
	if (vip->is_borrowed)
		return;
	key = vrrp_addr_key(&vip->address, vip->link);
	vrrp_lease_begin(&vip->lease, vrrp_vip_lease_sec(vip));
	nl_batch_addr_add(batch, &key, vip->lease.sec, vip);
}

/* Called before the VIP is announced to hosts. */
static void join_solicited(struct vrrp_vip *vip)
{
	bool is_wanted = vrrp_vip_is_wanted(vip) && vip->link &&
			 vrrp_router_has_virtual_mac(vip->router);

	vrrp_solicited_move(&vip->address, &vip->solicited,
			    is_wanted ? vip->router->group->ifp->ifindex : IFINDEX_INTERNAL);
}

static void announce(struct vrrp_vip *vip)
{
	bool is_inherited = vrrp_vip_inherits_route(vip);

	if (is_inherited || !vrrp_vip_keeps_route(vip))
		vrrp_vip_announce(vip, is_inherited);
}

/* The kernel's refusal may come before its event is read. */
static bool was_there_by_hand(const struct vrrp_vip *vip, int error)
{
	return error == -EEXIST && vip->router;
}

static void request_done(const struct nl_result *result, void *arg)
{
	struct vrrp_vip *vip = result->object;
	char address[VRRP_ADDR_STRLEN];

	if (!result->error || !vip) /* queue_clean_up(): foreign is not a failure */
		return;
	if (was_there_by_hand(vip, result->error)) {
		vip->is_borrowed = true;
		return;
	}
	if (result->op == NL_DEL)
		reconcile_due = true;
	else
		vip->link = 0;
	if (result->error != vip->error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("%pVR: cannot %s %s on %s: %s", vip->router, result->what,
			 vrrp_addr_str(&vip->address, address),
			 vip->router ? vrrp_vip_link_name(vip->router) : "its link",
			 safe_strerror(-result->error));
	vip->error = result->error;
	if (result->error == -EACCES) /* IPv6 has been disabled there */
		vrrp_place_look_later();
	vrrp_vip_retry_later();
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

	frr_each (touched, &touched_vips, vip) {
		vrrp_vip_inherit(vip);
		vrrp_vip_end_drain(vip);
		if (!vrrp_vip_keeps_route(vip))
			vrrp_vip_withdraw(vip);
	}
	vrrp_marker_withdraw();
	vrrp_zebra_route_settle();
	vrrp_zebra_push();
	if (!touched_count(&touched_vips) && !vrrp_refusal_is_due() && !vrrp_marker_is_due())
		return;
	frr_each (touched, &touched_vips, vip) {
		refuse(vip);
		vrrp_vip_begin_to_answer(vip);
	}
	vrrp_drain_link_commit();
	frr_each (touched, &touched_vips, vip)
		queue_removal(vip);
	frr_each (touched, &touched_vips, vip)
		queue_addition(vip);
	commit();
	if (!vrrp_refusal_flush())
		vrrp_vip_retry_later();
	frr_each (touched, &touched_vips, vip) {
		vrrp_vip_cease_to_answer(vip);
		join_solicited(vip);
	}
	vrrp_drain_link_commit();
	frr_each (touched, &touched_vips, vip)
		announce(vip);
	vrrp_marker_announce();
	vrrp_zebra_push();
	while ((vip = touched_pop(&touched_vips))) {
		vip->is_touched = false;
		vrrp_vip_guard(vip);
		if (!vip->router && vip->drain.handover == VRRP_HANDOVER_NONE)
			vip_free(vip);
	}
}

/* ---------------------------------------------------------- renewal and retry */

static bool is_leased(const struct vrrp_vip *vip)
{
	return vip->link && !vip->is_borrowed &&
	       (vrrp_vip_is_wanted(vip) || vrrp_vip_keeps_address(vip));
}

void vrrp_vip_renew(struct vrrp_vip *vip)
{
	struct nl_addr_key key = vrrp_addr_key(&vip->address, vip->link);

	nl_batch_addr_renew(batch, &key, vip->lease.sec, vip);
	vrrp_vip_guard(vip);
}

static void renew_due(struct event *event)
{
	vrrp_usec_t next_look = vrrp_now() + RENEWAL_SEC * VRRP_USEC_PER_SEC;
	struct vrrp_vip *vip;

	event_add_timer(master, renew_due, NULL, RENEWAL_SEC, &t_renew);
	frr_each (vips, &vips, vip) {
		if (!is_leased(vip) || !vrrp_lease_is_due(&vip->lease, next_look))
			continue;
		vrrp_lease_renew(&vip->lease, vrrp_vip_lease_sec(vip));
		vrrp_vip_renew(vip);
	}
	commit();
}

static void schedule_renewal(void)
{
	event_cancel(&t_renew);
	if (vrrp_global.address_lease_sec)
		event_add_timer(master, renew_due, NULL, RENEWAL_SEC, &t_renew);
}

static void touch_all(void)
{
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip)
		vrrp_vip_mark(vip);
}

static void try_again(void)
{
	if (reconcile_due) {
		reconcile_due = false; /* set again if that fails */
		reconcile();
	}
	touch_all();
	vrrp_tick_end();
}

static struct vrrp_retry retry = { .again = try_again };

void vrrp_vip_retry_later(void)
{
	vrrp_retry_later(&retry);
}

void vrrp_vip_reconcile_later(void)
{
	reconcile_due = true;
	vrrp_vip_retry_later();
}

/* ------------------------------------------------------- what the kernel tells */

/* The VIP that should be on this link with this address. */
static struct vrrp_vip *vip_on_link(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip))
		if (vip->link == ifindex && vrrp_vip_is_wanted(vip))
			return vip;
	return NULL;
}

bool vrrp_vip_is_on(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip))
		if (vip->link == ifindex ? vrrp_vip_is_wanted(vip) || vrrp_vip_keeps_address(vip)
					 : vip->drained_on == ifindex)
			return true;
	return false;
}

void vrrp_vip_arrived(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip)) {
		if (vip->link == ifindex)
			vip->is_usable = true;
		else if (vip->drained_on == ifindex)
			vip->is_usable_drained = true;
		if (vip->drained_on)
			vrrp_vip_mark(vip);
	}
}

void vrrp_vip_taken_back(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip = vip_on_link(address, ifindex);

	if (!vip || !vip->is_borrowed || vrrp_host_is_on(address, ifindex))
		return;
	vip->link = 0;
	vrrp_vip_mark(vip);
}

/* One that is only kept is not put back. */
static void kept_one_removed(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip;

	for (vip = vip_first(address); vip; vip = vip_next(vip))
		if (vip->link == ifindex && vrrp_vip_keeps_address(vip) && !vrrp_vip_is_wanted(vip))
			vip->link = 0;
	vrrp_inheritance_lost(address, ifindex);
}

void vrrp_vip_removed(const struct vrrp_addr *address, int ifindex)
{
	struct vrrp_vip *vip = vip_on_link(address, ifindex);
	char text[VRRP_ADDR_STRLEN];

	kept_one_removed(address, ifindex);

	/* the kernel drops IPv6 addresses when a dummy goes down; nobody deleted them */
	if (!vip || vrrp_dummy_is_down(ifindex))
		return;
	vip->link = 0;
	vip->router->stats.vips_put_back++;
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%pVR: %s was removed from %s by someone else, put back", vip->router,
			  vrrp_addr_str(address, text), vrrp_vip_link_name(vip->router));
	vrrp_vip_mark(vip);
}

static int on_place_lost(int ifindex)
{
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip) {
		if (vip->drained_on == ifindex)
			vip->drained_on = 0;
		else if (vip->link == ifindex)
			vip->link = 0;
		else
			continue;
		vrrp_vip_mark(vip);
	}
	return 0;
}

void vrrp_vip_put_back_all(void)
{
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip) { /* adding an existing address renews it */
		if (vrrp_vip_is_wanted(vip))
			vip->link = 0;
		vrrp_vip_mark(vip);
	}
	vrrp_tick_soon();
}

/* ----------------------------------------------------------- start and stop */

void vrrp_vip_lease_changed(void)
{
	struct vrrp_vip *vip;

	frr_each (vips, &vips, vip) {
		if (!is_leased(vip))
			continue;
		vrrp_lease_begin(&vip->lease, vrrp_vip_lease_sec(vip));
		vrrp_vip_renew(vip);
	}
	commit();
	schedule_renewal();
}

static int on_place_moved(struct vrrp_router *router)
{
	if (router)
		vrrp_vip_touch(router);
	else
		touch_all();
	return 0;
}

void vrrp_vip_init(void (*read_kernel_again)(void))
{
	reconcile = read_kernel_again;
	hook_register(vrrp_place_lost, on_place_lost);
	hook_register(vrrp_place_moved, on_place_moved);
	batch = nl_batch_new(vrrp_netlink);
	vrrp_vip_drain_init();
	vrrp_marker_init();
	schedule_renewal();
}

void vrrp_vip_stop(void)
{
	event_cancel(&t_renew);
	vrrp_retry_cancel(&retry);
	nl_batch_free(&batch);
	vrrp_solicited_stop();
	vrrp_refusal_stop();
	vrrp_drain_link_stop();
	vrrp_marker_stop();
}
