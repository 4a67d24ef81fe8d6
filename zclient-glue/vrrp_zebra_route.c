// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The wanted routes are a tree of struct vip_route, alive from vrrp_zebra_route_add() to
 * vrrp_zebra_route_del(). Each stores what was sent to zebra. One function, settle(), compares the
 * two and sends the difference; every event (route wanted or not, link up or down, zebra back,
 * route dropped by zebra) ends in a call of it, so no other place sends a route. A route is sent
 * only while its link is known to be up, since zebra keeps redistributing a route after its link
 * went down. A change of the link is only noted until vrrp_zebra_route_settle(), so that priority 0
 * is sent before a route is withdrawn.
 */
#include "vrrp_zebra_route.h"

#include "log.h"
#include "memory.h"
#include "monotime.h"
#include "nexthop.h"
#include "typesafe.h"

#include "vrrp_debug.h"
#include "vrrp_memory.h"
#include "vrrp_tick.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_link.h"
#include "vrrp_zebra_selected.h"

#define RETRY_MSEC 1000
/* Time after which zebra no longer answers about a route. */
#define ANSWER_MSEC 5000
/* So often it is told again then: of a route that it has dropped in silence it says nothing. */
#define REPETITIONS 3

DEFINE_MTYPE_STATIC(VRRPD, VRRP_ZEBRA_ROUTE, "VRRP route wanted in zebra");

PREDECL_RBTREE_UNIQ(vip_routes);

struct vip_route {
	struct vip_routes_item item;
	struct vrrp_zebra_key key;
	ifindex_t ifindex;
	uint32_t metric;
	uint32_t tag;
	unsigned int users;    /* that want it */
	bool sent;	       /* it was sent to zebra, which has an entry for it */
	struct timeval asked;  /* ... since then */
	unsigned int repeated; /* ... and so often again, because it did not take it */
	bool changed;	       /* that entry is outdated */
	/* zebra's last report, logged when it changes; -1 = none yet */
	int note;
};

static int vip_route_cmp(const struct vip_route *a, const struct vip_route *b)
{
	int order = numcmp(a->key.table, b->key.table);

	return order ? order : prefix_cmp(&a->key.vip, &b->key.vip);
}

DECLARE_RBTREE_UNIQ(vip_routes, struct vip_route, item, vip_route_cmp);

static struct vip_routes_head routes[1] = { INIT_RBTREE_UNIQ(routes[0]) };
static bool links_changed;
static struct event *t_retry, *t_repeat;

static void repeat_later(void);

static struct vip_route *route_find(const struct vrrp_zebra_key *key)
{
	struct vip_route ref = { .key = *key };

	return vip_routes_find(routes, &ref);
}

static int route_send(const struct vip_route *route, const struct interface *ifp, uint8_t command)
{
	/* static: it is large (MULTIPATH_NUM nexthops, twice), and the same few fields change */
	static struct zapi_route api;
	struct zapi_nexthop *nexthop = &api.nexthops[0];

	api.type = ZEBRA_ROUTE_TABLE;
	api.instance = vrrp_zebra_client.instance;
	api.safi = SAFI_UNICAST;
	prefix_copy(&api.prefix, &route->key.vip);
	api.message = 0;
	SET_FLAG(api.message, ZAPI_MESSAGE_TABLEID);
	api.tableid = vrrp_zebra_table(&route->key);
	if (command == ZEBRA_ROUTE_ADD) {
		SET_FLAG(api.message, ZAPI_MESSAGE_NEXTHOP);
		nexthop->type = NEXTHOP_TYPE_IFINDEX;
		nexthop->ifindex = route->ifindex;
		nexthop->vrf_id = ifp->vrf->vrf_id;
		api.nexthop_num = 1;
		SET_FLAG(api.message, ZAPI_MESSAGE_METRIC);
		api.metric = route->metric;
		api.tag = route->tag;
		if (route->tag)
			SET_FLAG(api.message, ZAPI_MESSAGE_TAG);
	}
	if (zapi_route_encode(command, vrrp_zebra_client.zclient->obuf, &api) < 0)
		return -EMSGSIZE;
	return vrrp_zebra_queue();
}

/*
 * True when zebra has removed the route from the kernel but keeps its own entry, which it would
 * announce again as soon as the link is up. So such a route is withdrawn like any other.
 */
static bool is_lost(const struct vip_route *route)
{
	return route->sent && route->note == ZAPI_ROUTE_REMOVED;
}

/* zebra reports the removal of a route only once, and of none that another was preferred to. */
static bool is_confirmed(const struct vip_route *route)
{
	return !is_lost(route) && route->note != ZAPI_ROUTE_BETTER_ADMIN_WON;
}

static int withdraw(const struct vip_route *route)
{
	int ret = route_send(route, NULL, ZEBRA_ROUTE_DELETE);

	if (!ret && is_confirmed(route))
		vrrp_zebra_selected_withdrawing();
	return ret;
}

/* Sends zebra the difference of this route. */
static int settle(struct vip_route *route)
{
	const struct interface *ifp;
	bool up;
	int ret;

	if (!vrrp_zebra_client.connected)
		return -ENOTCONN;
	ifp = vrrp_zebra_interface(route->ifindex);
	up = ifp && if_is_operative(ifp);
	if (up ? route->sent && !route->changed : !route->sent)
		return up ? 0 : -ENETDOWN;

	ret = up ? route_send(route, ifp, ZEBRA_ROUTE_ADD) : withdraw(route);
	DEBUGF(zebra, "zebra: %s %pFX ifindex %d metric %u tag %u table %u: %s",
	       up ? "add" : "withdraw", &route->key.vip, route->ifindex, route->metric, route->tag,
	       vrrp_zebra_table(&route->key), ret ? safe_strerror(-ret) : "sent");
	if (ret) {
		zlog_warn("zebra: cannot %s %pFX: %s", up ? "add" : "withdraw", &route->key.vip,
			  safe_strerror(-ret));
		return ret;
	}
	if (up && (!route->sent || is_lost(route))) {
		monotime(&route->asked);
		route->note = -1;
		route->repeated = 0;
		repeat_later();
	}
	route->sent = up;
	route->changed = false;
	return up ? 0 : -ENETDOWN;
}

void vrrp_zebra_route_link_changed(const struct interface *ifp)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route) {
		if (route->ifindex != ifp->ifindex)
			continue;
		if (!if_is_operative(ifp))
			route->changed = true; /* sent again if the link is up by then */
		links_changed = true;
	}
	if (links_changed)
		vrrp_tick_soon();
}

void vrrp_zebra_route_send_all(void)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route)
		settle(route);
}

void vrrp_zebra_route_settle(void)
{
	if (links_changed)
		vrrp_zebra_route_send_all();
	links_changed = false;
}

static void on_retry(struct event *event)
{
	vrrp_zebra_route_send_all();
}

static void retry_later(void)
{
	event_add_timer_msec(vrrp_zebra_client.loop, on_retry, NULL, RETRY_MSEC, &t_retry);
}

/* Withdraws all routes; an error is ignored, since the caller closes the connection next. */
void vrrp_zebra_route_withdraw_all(void)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route) {
		if (route->sent && vrrp_zebra_client.connected)
			route_send(route, NULL, ZEBRA_ROUTE_DELETE);
		route->sent = false;
		route->note = -1;
	}
}

static struct vip_route *route_new(const struct vrrp_zebra_key *key)
{
	struct vip_route *route = XCALLOC(MTYPE_VRRP_ZEBRA_ROUTE, sizeof(*route));

	route->key = *key;
	route->note = -1;
	vip_routes_add(routes, route);
	vrrp_zebra_selected_watch(key->table);
	return route;
}

int vrrp_zebra_route_add(const struct vrrp_zebra_key *key, ifindex_t ifindex, uint32_t metric,
			 uint32_t tag)
{
	struct vip_route *route = route_find(key);

	if (!route)
		route = route_new(key);
	route->users++;
	return vrrp_zebra_route_change(key, ifindex, metric, tag);
}

int vrrp_zebra_route_change(const struct vrrp_zebra_key *key, ifindex_t ifindex, uint32_t metric,
			    uint32_t tag)
{
	struct vip_route *route = route_find(key);

	if (!route)
		return -ENOENT;
	if (route->ifindex != ifindex || route->metric != metric || route->tag != tag)
		route->changed = true;
	route->ifindex = ifindex;
	route->metric = metric;
	route->tag = tag;
	return settle(route);
}

int vrrp_zebra_route_del(const struct vrrp_zebra_key *key)
{
	struct vip_route *route = route_find(key);
	int ret = 0;

	if (!route)
		return -ENOENT;
	if (--route->users)
		return 0;
	if (route->sent && vrrp_zebra_client.connected)
		ret = withdraw(route);
	DEBUGF(zebra, "zebra: drop %pFX table %u: %s", &key->vip, vrrp_zebra_table(key),
	       ret ? safe_strerror(-ret) : "done");
	vip_routes_del(routes, route);
	XFREE(MTYPE_VRRP_ZEBRA_ROUTE, route);
	return ret;
}

void vrrp_zebra_route_offer_again(const struct vrrp_zebra_key *key)
{
	struct vip_route *route = route_find(key);

	if (!route || !route->sent)
		return;
	route->changed = true;
	settle(route);
}

/*
 * zebra 10.3 does not report a route of this type that a route-map denies, and removes one
 * that is denied later; only listeners to redistribution see that.
 */
enum vrrp_zebra_word vrrp_zebra_word(const struct vrrp_zebra_key *key)
{
	const struct vip_route *route = route_find(key);

	if (!route || !route->sent || is_lost(route))
		return VRRP_ZEBRA_UNASKED;
	switch (route->note) {
	case ZAPI_ROUTE_INSTALLED:
		return vrrp_zebra_is_selected(key) ? VRRP_ZEBRA_SELECTED : VRRP_ZEBRA_REFUSED;
	case ZAPI_ROUTE_BETTER_ADMIN_WON:
		return VRRP_ZEBRA_OTHER_SELECTED;
	case ZAPI_ROUTE_FAIL_INSTALL:
		return VRRP_ZEBRA_REFUSED;
	}
	return monotime_since(&route->asked, NULL) < ANSWER_MSEC * 1000 ? VRRP_ZEBRA_SILENT
									: VRRP_ZEBRA_REFUSED;
}

/* True when it may have to be told again later. */
static bool repeat(struct vip_route *route)
{
	int64_t waited = monotime_since(&route->asked, NULL) / 1000;

	if (!route->sent || route->repeated >= REPETITIONS)
		return false;
	if (waited < ANSWER_MSEC * (route->repeated + 1))
		return true;
	if (vrrp_zebra_word(&route->key) != VRRP_ZEBRA_REFUSED) {
		route->repeated = REPETITIONS;
		return false;
	}
	DEBUGF(zebra, "zebra: route %pFX in table %u is told again", &route->key.vip,
	       vrrp_zebra_table(&route->key));
	route->changed = true;
	settle(route);
	return ++route->repeated < REPETITIONS;
}

static void on_repeat(struct event *event)
{
	struct vip_route *route;
	bool again = false;

	frr_each (vip_routes, routes, route)
		again |= repeat(route);
	if (again)
		repeat_later();
}

static void repeat_later(void)
{
	event_add_timer_msec(vrrp_zebra_client.loop, on_repeat, NULL, ANSWER_MSEC, &t_repeat);
}

static const char *note_text(enum zapi_route_notify_owner note)
{
	switch (note) {
	case ZAPI_ROUTE_INSTALLED:
		return "installed";
	case ZAPI_ROUTE_FAIL_INSTALL:
		return "the kernel refused it";
	case ZAPI_ROUTE_BETTER_ADMIN_WON:
		return "shadowed by a route of lower distance";
	case ZAPI_ROUTE_REMOVED:
		return "removed";
	case ZAPI_ROUTE_REMOVE_FAIL:
		return "the kernel did not remove it";
	}
	return "unknown notification";
}

static void route_noted(struct vip_route *route, enum zapi_route_notify_owner note)
{
	route->note = note;
	if (note == ZAPI_ROUTE_FAIL_INSTALL || note == ZAPI_ROUTE_REMOVE_FAIL)
		zlog_warn("zebra: route %pFX in table %u: %s", &route->key.vip,
			  vrrp_zebra_table(&route->key), note_text(note));
	DEBUGF(zebra, "zebra: route %pFX in table %u: %s", &route->key.vip,
	       vrrp_zebra_table(&route->key), note_text(note));
	/* or it is a late report of an earlier withdrawal */
	if (is_lost(route)) {
		route->changed = true;
		retry_later();
	}
}

int vrrp_zebra_on_route_note(ZAPI_CALLBACK_ARGS)
{
	struct vrrp_zebra_key key = {};
	struct vip_route *route;
	enum zapi_route_notify_owner note;
	uint32_t table;

	if (!zapi_route_notify_decode(zclient->ibuf, &key.vip, &table, &note, NULL, NULL)) {
		zlog_warn("zebra: a route notification could not be read");
		return -1;
	}
	key.table = vrrp_zebra_table_key(table);
	if (note == ZAPI_ROUTE_REMOVED || note == ZAPI_ROUTE_REMOVE_FAIL)
		vrrp_zebra_selected_withdrawn();
	route = route_find(&key);
	/* it was withdrawn before this was known: zebra says no more of it */
	if (note == ZAPI_ROUTE_BETTER_ADMIN_WON && (!route || !route->sent))
		vrrp_zebra_selected_withdrawn();
	if (!route)
		return 0;

	if (route->note != (int)note)
		route_noted(route, note);
	return 0;
}

bool vrrp_zebra_route_is_preferred(const struct vrrp_zebra_key *key)
{
	const struct vip_route *route = route_find(key);

	return route && route->sent && route->note != ZAPI_ROUTE_BETTER_ADMIN_WON;
}

size_t vrrp_zebra_route_lost(void)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route) {
		route->sent = false;
		route->note = -1;
	}
	return vip_routes_count(routes);
}

void vrrp_zebra_route_stop(void)
{
	struct vip_route *route;

	event_cancel(&t_retry);
	event_cancel(&t_repeat);
	while ((route = vip_routes_pop(routes)))
		XFREE(MTYPE_VRRP_ZEBRA_ROUTE, route);
}
