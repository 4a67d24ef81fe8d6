// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The zebra connection.
 *
 * One zclient says HELLO as (ZEBRA_ROUTE_TABLE, table) and owns every route of
 * that pair: should this process die, zebra takes them all away at once.
 *
 * Routes. What the daemon wants is a tree of struct vip_route, alive from
 * vrrp_zebra_route_add() to vrrp_zebra_route_del(). Each remembers what zebra has
 * been told. One function, settle(), compares the two and sends what is missing;
 * whatever happens (asked for, link up or down, zebra back, zebra dropped a
 * route) ends in a call of it, so there is no second place that sends a route.
 * A route is told to zebra while its link is known to be up: zebra keeps
 * redistributing a route whose link went down. Messages gather in libfrr's buffer until
 * vrrp_zebra_push(), so that a thousand routes are a few writes, and wake zebra as often.
 *
 * Connection. libfrr reconnects, but tells nobody that the connection has gone,
 * and tries but once a second, later once in five. So the socket hangs in an
 * epoll set that asks for nothing but a hang-up, the event loop watches the set,
 * and a timer of ours asks libfrr to connect sooner. The set never holds the socket
 * open: libfrr's close() takes it out of the set.
 *
 * Leftovers. A zebra that is killed leaves its routes in the kernel; its successor
 * takes them for routes of the kernel, which nothing can beat, announces them and
 * never lets go of them, even when the kernel has them no longer. So
 * zebra is asked to tell what it has selected in our table, as it tells bgpd for
 * "redistribute table-direct". What is there and not ours, seen twice while zebra had
 * nothing more to tell, is handed to ops->leftover(): as long as it tells something, it
 * is at work on our own changes. On a busy machine it may be silent and still at work, so
 * each withdrawal is waited for, until zebra says that the route is removed. ops->leftover() looks
 * whether it is a leftover or somebody's.
 *
 * Interfaces and VRFs are libfrr's own; its hooks are passed on. Those that
 * went while zebra was away are looked up in the kernel when it is back, since
 * a new zebra speaks only of what there is.
 */
#include <zebra.h>

#include <net/if.h>
#include <poll.h>
#include <sys/epoll.h>

#include "buffer.h"
#include "lib_errors.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"
#include "nexthop.h"
#include "typesafe.h"
#include "vrf.h"
#include "zclient.h"

#include "vrrp_debug.h"
#include "vrrp_memory.h"
#include "vrrp_nht.h"
#include "vrrp_zebra.h"

#define RECONNECT_MSEC 250
#define RETRY_MSEC     1000
#define FLUSH_MSEC     100
#define LEFTOVER_MSEC  500
#define LEFTOVER_TRIES 3
/* Of a route that zebra never had it does not say that it is removed. */
#define WITHDRAWAL_SEC 30
/* A zebra that has so long not said what became of a route will not. */
#define ANSWER_USEC 5000000

DEFINE_MTYPE_STATIC(VRRPD, VRRP_ZEBRA_ROUTE, "VRRP route wanted in zebra");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_ZEBRA_SELECTED, "VRRP route selected by zebra");

PREDECL_RBTREE_UNIQ(vip_routes);

struct vip_route {
	struct vip_routes_item item;
	struct prefix vip;
	ifindex_t ifindex;
	uint32_t metric;
	uint32_t tag;
	bool sent;	      /* zebra has it */
	struct timeval asked; /* ... since then */
	bool changed;	      /* zebra has it with other values */
	/* zebra's last word, logged when it changes; -1 = none yet */
	int note;
};

static int vip_route_cmp(const struct vip_route *a, const struct vip_route *b)
{
	return prefix_cmp(&a->vip, &b->vip);
}

DECLARE_RBTREE_UNIQ(vip_routes, struct vip_route, item, vip_route_cmp);

/* What zebra has selected in our table, whoever it is from. */
PREDECL_RBTREE_UNIQ(selected_routes);

struct selected_route {
	struct selected_routes_item item;
	struct prefix vip;
	ifindex_t ifindex;
	bool suspect; /* not ours when last looked at */
	int tries;    /* how often ops->leftover() has tried to take it away */
};

static int selected_route_cmp(const struct selected_route *a, const struct selected_route *b)
{
	return prefix_cmp(&a->vip, &b->vip);
}

DECLARE_RBTREE_UNIQ(selected_routes, struct selected_route, item, selected_route_cmp);

static struct selected_routes_head selected[1] = { INIT_RBTREE_UNIQ(selected[0]) };

static struct vip_routes_head routes[1] = { INIT_RBTREE_UNIQ(routes[0]) };

static struct event_loop *loop;
static const struct vrrp_zebra_ops *ops;
static struct zclient *zclient;
static uint16_t route_table;

static bool connected; /* HELLO said on this very connection */
static int hangup_fd = -1;
static struct event *t_hangup;
static struct event *t_leftover;
static bool zebra_told;		 /* of selected routes, since they were last looked at */
static unsigned int withdrawing; /* routes of which zebra has not said that they are removed */
static time_t withdrawn;	 /* when the last of them was, monotonic */
static struct event *t_lost;
static struct event *t_push;
static struct event *t_reconnect;
static struct event *t_retry;

static void on_lost(struct event *event);
static void reconnect_later(void);

/* ---------------------------------------------------------------- routes */

static struct vip_route *route_find(const struct prefix *vip)
{
	struct vip_route ref = {};

	prefix_copy(&ref.vip, vip);
	return vip_routes_find(routes, &ref);
}

/* Those of other namespaces come last. */
struct interface *vrrp_zebra_interface(ifindex_t ifindex)
{
	struct vrf *vrf;
	struct interface *ifp = if_lookup_by_index(ifindex, VRF_DEFAULT);

	if (ifp)
		return ifp;
	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		ifp = if_lookup_by_index(ifindex, vrf->vrf_id);
		if (ifp)
			return ifp;
	}
	return NULL;
}

static void on_push(struct event *event)
{
	if (zclient->sock < 0)
		return;
	/* an empty message has libfrr write the rest when there is room, or find the end */
	stream_reset(zclient->obuf);
	zclient_send_message(zclient);
	buffer_flush_available(zclient->wb, zclient->sock);
}

void vrrp_zebra_push(void)
{
	if (!t_push)
		return;
	event_cancel(&t_push);
	on_push(NULL);
}

/* What stands in libfrr's stream is sent with the next vrrp_zebra_push(). */
static int queue_message(void)
{
	if (zclient->sock < 0) {
		/* libfrr closed it; not from here, our caller is in the midst of something */
		event_add_event(loop, on_lost, NULL, 0, &t_lost);
		return -ENOTCONN;
	}
	buffer_put(zclient->wb, STREAM_DATA(zclient->obuf), stream_get_endp(zclient->obuf));
	event_add_event(loop, on_push, NULL, 0, &t_push);
	return 0;
}

static int route_send(const struct vip_route *route, const struct interface *ifp, uint8_t command)
{
	/* static: it is large (MULTIPATH_NUM nexthops, twice), and the same few fields change */
	static struct zapi_route api;
	struct zapi_nexthop *nexthop = &api.nexthops[0];

	api.type = ZEBRA_ROUTE_TABLE;
	api.instance = route_table;
	api.safi = SAFI_UNICAST;
	prefix_copy(&api.prefix, &route->vip);
	api.message = 0;
	SET_FLAG(api.message, ZAPI_MESSAGE_TABLEID);
	api.tableid = route_table;
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
	if (zapi_route_encode(command, zclient->obuf, &api) < 0)
		return -EMSGSIZE;
	return queue_message();
}

static void note_withdrawal(void)
{
	withdrawing++;
	withdrawn = monotime(NULL);
}

static void note_removal(enum zapi_route_notify_owner note)
{
	if (withdrawing && (note == ZAPI_ROUTE_REMOVED || note == ZAPI_ROUTE_REMOVE_FAIL))
		withdrawing--;
}

static bool is_withdrawing(void)
{
	if (withdrawing && monotime(NULL) - withdrawn > WITHDRAWAL_SEC)
		withdrawing = 0;
	return withdrawing > 0;
}

/* Tells zebra what it does not know yet of this route. */
static int settle(struct vip_route *route)
{
	const struct interface *ifp = vrrp_zebra_interface(route->ifindex);
	bool up = ifp && if_is_operative(ifp);
	int ret;

	if (!connected)
		return -ENOTCONN;
	if (up ? route->sent && !route->changed : !route->sent)
		return up ? 0 : -ENETDOWN;

	ret = route_send(route, ifp, up ? ZEBRA_ROUTE_ADD : ZEBRA_ROUTE_DELETE);
	DEBUGF(zebra, "zebra: %s %pFX ifindex %d metric %u tag %u table %u: %s",
	       up ? "add" : "withdraw", &route->vip, route->ifindex, route->metric, route->tag,
	       route_table, ret ? safe_strerror(-ret) : "sent");
	if (ret) {
		zlog_warn("zebra: cannot %s %pFX: %s", up ? "add" : "withdraw", &route->vip,
			  safe_strerror(-ret));
		return ret;
	}
	if (!up)
		note_withdrawal();
	if (up && !route->sent)
		monotime(&route->asked);
	route->sent = up;
	route->changed = false;
	return up ? 0 : -ENETDOWN;
}

static void settle_link(ifindex_t ifindex)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route)
		if (route->ifindex == ifindex)
			settle(route);
}

static void settle_all(void)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route)
		settle(route);
}

static void on_retry(struct event *event)
{
	settle_all();
}

static void retry_later(void)
{
	event_add_timer_msec(loop, on_retry, NULL, RETRY_MSEC, &t_retry);
}

/* Failing is no matter: whoever calls this closes the connection next. */
static void withdraw_all(void)
{
	struct vip_route *route;

	frr_each (vip_routes, routes, route) {
		if (route->sent && connected)
			route_send(route, NULL, ZEBRA_ROUTE_DELETE);
		route->sent = false;
		route->note = -1;
	}
}

int vrrp_zebra_route_add(const struct prefix *vip, ifindex_t ifindex, uint32_t metric, uint32_t tag)
{
	struct vip_route *route = route_find(vip);

	if (!route) {
		route = XCALLOC(MTYPE_VRRP_ZEBRA_ROUTE, sizeof(*route));
		prefix_copy(&route->vip, vip);
		route->note = -1;
		vip_routes_add(routes, route);
	} else if (route->ifindex != ifindex || route->metric != metric || route->tag != tag) {
		route->changed = true;
	}
	route->ifindex = ifindex;
	route->metric = metric;
	route->tag = tag;
	return settle(route);
}

int vrrp_zebra_route_del(const struct prefix *vip)
{
	struct vip_route *route = route_find(vip);
	int ret = 0;

	if (!route)
		return -ENOENT;
	if (route->sent && connected) {
		ret = route_send(route, NULL, ZEBRA_ROUTE_DELETE);
		note_withdrawal();
	}
	DEBUGF(zebra, "zebra: drop %pFX table %u: %s", vip, route_table,
	       ret ? safe_strerror(-ret) : "done");
	vip_routes_del(routes, route);
	XFREE(MTYPE_VRRP_ZEBRA_ROUTE, route);
	return ret;
}

static struct selected_route *selected_find(const struct prefix *vip)
{
	struct selected_route ref = {};

	prefix_copy(&ref.vip, vip);
	return selected_routes_find(selected, &ref);
}

/*
 * zebra 10.3 says nothing at all of a route of this type that a route-map denies, and takes
 * one away that is denied later; only those who listen to redistribution are told.
 */
enum vrrp_zebra_word vrrp_zebra_word(const struct prefix *vip)
{
	const struct vip_route *route = route_find(vip);

	if (!route || !route->sent)
		return VRRP_ZEBRA_UNASKED;
	switch (route->note) {
	case ZAPI_ROUTE_INSTALLED:
		return selected_find(vip) ? VRRP_ZEBRA_SELECTED : VRRP_ZEBRA_REFUSED;
	case ZAPI_ROUTE_BETTER_ADMIN_WON:
		return VRRP_ZEBRA_OTHER_SELECTED;
	case ZAPI_ROUTE_FAIL_INSTALL:
		return VRRP_ZEBRA_REFUSED;
	}
	return monotime_since(&route->asked, NULL) < ANSWER_USEC ? VRRP_ZEBRA_SILENT
								 : VRRP_ZEBRA_REFUSED;
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

/* Somebody took away what is still wanted (or it is late word of an older withdrawal). */
static bool note_is_loss(const struct vip_route *route, enum zapi_route_notify_owner note)
{
	return note == ZAPI_ROUTE_REMOVED && route->sent;
}

static int on_route_note(ZAPI_CALLBACK_ARGS)
{
	struct prefix vip = {};
	struct vip_route *route;
	enum zapi_route_notify_owner note;
	uint32_t table;

	if (!zapi_route_notify_decode(zclient->ibuf, &vip, &table, &note, NULL, NULL)) {
		zlog_warn("zebra: a route notification could not be read");
		return -1;
	}
	if (table != route_table)
		return 0;
	note_removal(note);
	route = route_find(&vip);
	if (!route)
		return 0;

	if (note_is_loss(route, note)) {
		route->sent = false;
		retry_later();
	}
	if (route->note == (int)note)
		return 0;
	route->note = note;
	if (note == ZAPI_ROUTE_FAIL_INSTALL || note == ZAPI_ROUTE_REMOVE_FAIL)
		zlog_warn("zebra: route %pFX in table %u: %s", &vip, table, note_text(note));
	DEBUGF(zebra, "zebra: route %pFX in table %u: %s", &vip, table, note_text(note));
	return 0;
}

/* ------------------------------------------------------------- leftovers */

static bool is_leftover(const struct selected_route *held)
{
	const struct vip_route *route = route_find(&held->vip);

	return !route || !route->sent || route->note == ZAPI_ROUTE_BETTER_ADMIN_WON;
}

/* Whether it is to go now. Once may be our own withdrawal, whose echo is under way. */
static bool judge(struct selected_route *held)
{
	bool suspected_before = held->suspect;

	held->suspect = is_leftover(held);
	return held->suspect && suspected_before && held->tries < LEFTOVER_TRIES;
}

/* Was it a leftover, and is it taken away? What is somebody else's is not tried again. */
static bool expel(struct selected_route *held)
{
	bool is_ours = ops->leftover && ops->leftover(&held->vip, held->ifindex, route_table);

	DEBUGF(zebra, "zebra: %s %pFX ifindex %d table %u, try %d",
	       is_ours ? "leftover" : "somebody else's", &held->vip, held->ifindex, route_table,
	       held->tries + 1);
	if (!is_ours)
		held->tries = LEFTOVER_TRIES;
	else if (++held->tries == LEFTOVER_TRIES)
		zlog_warn("zebra: table %u: the route to %pFX that a killed zebra left cannot be taken away",
			  route_table, &held->vip);
	return is_ours;
}

static void look_for_leftovers(void);

static void on_leftover(struct event *event)
{
	struct selected_route *held;
	const struct selected_route *first = NULL;
	bool again = false, is_first_try;
	size_t fresh = 0;

	if (zebra_told || is_withdrawing()) {
		zebra_told = false;
		look_for_leftovers();
		return;
	}
	frr_each (selected_routes, selected, held) {
		is_first_try = !held->tries;
		if (judge(held) && expel(held) && is_first_try && !fresh++)
			first = held;
		again |= held->suspect && held->tries < LEFTOVER_TRIES;
	}
	if (fresh)
		zlog_warn("zebra: took %zu routes out of table %u that a killed zebra had left there, %pFX first",
			  fresh, route_table, &first->vip);
	if (again)
		look_for_leftovers();
}

static void look_for_leftovers(void)
{
	event_add_timer_msec(loop, on_leftover, NULL, LEFTOVER_MSEC, &t_leftover);
}

static void selected_forget(struct selected_route *held)
{
	selected_routes_del(selected, held);
	XFREE(MTYPE_VRRP_ZEBRA_SELECTED, held);
}

static void selected_forget_all(void)
{
	struct selected_route *held;

	event_cancel(&t_leftover);
	withdrawing = 0;
	frr_each_safe (selected_routes, selected, held)
		selected_forget(held);
}

static int on_selected(ZAPI_CALLBACK_ARGS)
{
	static struct zapi_route api;
	struct selected_route *held;

	if (zapi_route_decode(zclient->ibuf, &api) < 0) {
		zlog_warn("zebra: a route of table %u could not be read", route_table);
		return -1;
	}
	if (!is_host_route(&api.prefix))
		return 0;
	held = selected_find(&api.prefix);
	zebra_told = true;
	if (cmd == ZEBRA_REDISTRIBUTE_ROUTE_DEL) {
		if (held)
			selected_forget(held);
		return 0;
	}
	if (!held) {
		held = XCALLOC(MTYPE_VRRP_ZEBRA_SELECTED, sizeof(*held));
		prefix_copy(&held->vip, &api.prefix);
		selected_routes_add(selected, held);
	}
	held->ifindex = api.nexthop_num ? api.nexthops[0].ifindex : IFINDEX_INTERNAL;
	look_for_leftovers();
	return 0;
}

static void ask_for_selected(void)
{
	afi_t afi;

	for (afi = AFI_IP; afi <= AFI_IP6; afi++)
		if (zebra_redistribute_send(ZEBRA_REDISTRIBUTE_ADD, zclient, afi,
					    ZEBRA_ROUTE_TABLE_DIRECT, route_table,
					    VRF_DEFAULT) == ZCLIENT_SEND_FAILURE)
			zlog_warn("zebra: cannot ask for the %s routes of table %u", afi2str(afi),
				  route_table);
}

/* ------------------------------------------------------------ interfaces */

static int link_changed(struct interface *ifp, const char *what)
{
	DEBUGF(zebra, "zebra: interface %s index %d vrf %s: %s, %s", ifp->name, ifp->ifindex,
	       ifp->vrf->name, what, if_is_operative(ifp) ? "operative" : "not operative");
	settle_link(ifp->ifindex);
	if (ops->link_changed)
		ops->link_changed(ifp);
	return 0;
}

static int on_link_real(struct interface *ifp)
{
	return link_changed(ifp, "known");
}

static int on_link_up(struct interface *ifp)
{
	return link_changed(ifp, "up");
}

static int on_link_down(struct interface *ifp)
{
	return link_changed(ifp, "down");
}

/* libfrr keeps the last flags of an interface that is gone; nobody must trust them. */
static int on_link_unreal(struct interface *ifp)
{
	UNSET_FLAG(ifp->flags, IFF_UP | IFF_RUNNING);
	return link_changed(ifp, "gone");
}

/*
 * libfrr keeps the addresses of an interface in a list, and walks it for each that comes.
 * Those of the VIP interface, thousands and each anew with its lease, nobody asks for.
 */
static bool is_of_interest(struct stream *message)
{
	ifindex_t ifindex = stream_getl_from(message, stream_get_getp(message));

	return !ops->is_vip_interface || !ops->is_vip_interface(ifindex);
}

static int on_address(ZAPI_CALLBACK_ARGS)
{
	bool added = cmd == ZEBRA_INTERFACE_ADDRESS_ADD;
	struct connected *ifc;

	if (added && !is_of_interest(zclient->ibuf))
		return 0;
	ifc = zebra_interface_address_read(cmd, zclient->ibuf, vrf_id);
	if (!ifc)
		return 0;
	DEBUGF(zebra, "zebra: interface %s address %pFX %s", ifc->ifp->name, ifc->address,
	       added ? "added" : "removed");
	if (!added)
		connected_free(&ifc);
	return 0;
}

static bool link_is_gone(const struct interface *ifp)
{
	char name[IFNAMSIZ];

	if (ifp->ifindex == IFINDEX_INTERNAL)
		return false;
	return !if_indextoname(ifp->ifindex, name) || strcmp(name, ifp->name) != 0;
}

/* The interfaces that went while zebra was away; other namespaces are out of our sight. */
static void forget_gone_links(void)
{
	struct vrf *vrf;
	struct interface *ifp, *next;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id) {
		if (vrf_is_backend_netns() && vrf->vrf_id != VRF_DEFAULT)
			continue;
		RB_FOREACH_SAFE (ifp, if_name_head, &vrf->ifaces_by_name, next)
			if (link_is_gone(ifp))
				if_destroy_via_zapi(ifp);
	}
}

/* ------------------------------------------------------------ router IDs */

static int on_router_id(ZAPI_CALLBACK_ARGS)
{
	struct prefix id = {};

	if (zebra_router_id_update_read(zclient->ibuf, &id) < 0) {
		zlog_warn("zebra: a router ID could not be read");
		return -1;
	}
	if (id.family == AF_INET && ops->router_id)
		ops->router_id(&id, vrf_id);
	return 0;
}

int vrrp_zebra_vrf_enabled(struct vrf *vrf)
{
	if (connected && zclient_send_router_id_update(zclient, ZEBRA_ROUTER_ID_ADD, AFI_IP,
						       vrf->vrf_id) == ZCLIENT_SEND_FAILURE)
		zlog_warn("zebra: cannot ask for the router ID of VRF %s", vrf->name);
	return 0;
}

static void ask_for_router_ids(void)
{
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id)
		vrrp_zebra_vrf_enabled(vrf);
}

/* ------------------------------------------------------------ connection */

static void hangup_close(void)
{
	event_cancel(&t_hangup);
	if (hangup_fd >= 0)
		close(hangup_fd);
	hangup_fd = -1;
}

/* The connection is no more, and with it all that zebra knew of us. */
static void connection_lost(void)
{
	struct vip_route *route;

	if (!connected)
		return;
	connected = false;
	hangup_close();
	event_cancel(&t_lost);
	selected_forget_all();
	frr_each (vip_routes, routes, route) {
		route->sent = false;
		route->note = -1;
	}
	zlog_warn("zebra: connection lost; routes of %zu VIPs wait until it is back",
		  vip_routes_count(routes));
	reconnect_later();
}

/* The peer hung up, or a write failed. libfrr knows, or will in this round of the event loop. */
static void on_lost(struct event *event)
{
	connection_lost();
}

static void on_reconnect(struct event *event)
{
	/* stop: zclient_start() does nothing while libfrr's own timer is armed */
	zclient_stop(zclient);
	zclient_start(zclient);
	if (connected)
		return;
	reconnect_later();
}

static void reconnect_later(void)
{
	event_add_timer_msec(loop, on_reconnect, NULL, RECONNECT_MSEC, &t_reconnect);
}

static void watch_hangup(void)
{
	struct epoll_event wanted = { .events = EPOLLRDHUP };

	hangup_fd = epoll_create1(EPOLL_CLOEXEC);
	if (hangup_fd < 0 || epoll_ctl(hangup_fd, EPOLL_CTL_ADD, zclient->sock, &wanted) < 0) {
		zlog_warn("zebra: cannot watch the connection, its loss will be seen late: %s",
			  safe_strerror(errno));
		hangup_close();
		return;
	}
	event_add_read(loop, on_lost, NULL, hangup_fd, &t_hangup);
}

static void on_connected(struct zclient *client)
{
	static bool before;

	/* a loss that no one noticed, repaired by libfrr's own timer */
	if (connected)
		connection_lost();
	event_cancel(&t_reconnect);
	hangup_close();
	connected = true;
	watch_hangup();
	zlog_info("zebra: connected, routes go to table %u", route_table);
	if (zebra_route_notify_send(ZEBRA_ROUTE_NOTIFY_REQUEST, zclient, true) ==
	    ZCLIENT_SEND_FAILURE)
		zlog_warn("zebra: cannot ask for word on routes");
	ask_for_selected();
	ask_for_router_ids();
	vrrp_nht_connected();
	if (before)
		forget_gone_links();
	before = true;
	settle_all();
}

void vrrp_zebra_set_table(uint16_t table)
{
	if (table == route_table)
		return;
	zlog_info("zebra: routes move from table %u to table %u", route_table, table);
	withdraw_all();
	vrrp_zebra_flush();
	hangup_close();
	selected_forget_all();
	connected = false;
	zclient_stop(zclient);
	route_table = table;
	/* connects from the event loop; the timer is for when that fails */
	zclient_init(zclient, ZEBRA_ROUTE_TABLE, route_table, NULL);
	reconnect_later();
}

/* True when there is room in the socket again, FLUSH_MSEC after start at the latest. */
static bool wait_writable(const struct timeval *start)
{
	struct pollfd fd = { .fd = zclient->sock, .events = POLLOUT };
	int64_t left_msec = FLUSH_MSEC - monotime_since(start, NULL) / 1000;

	return left_msec > 0 && poll(&fd, 1, left_msec) > 0;
}

void vrrp_zebra_flush(void)
{
	struct timeval start;
	buffer_status_t status;

	if (!zclient || zclient->sock < 0)
		return;
	monotime(&start);
	do
		status = buffer_flush_available(zclient->wb, zclient->sock);
	while (status == BUFFER_PENDING && wait_writable(&start));

	if (status == BUFFER_PENDING)
		zlog_warn("zebra: does not read, messages are still waiting after %d ms",
			  FLUSH_MSEC);
	else if (status == BUFFER_ERROR)
		zlog_warn("zebra: cannot flush messages: %s", safe_strerror(errno));
}

static zclient_handler *const handlers[] = {
	[ZEBRA_INTERFACE_ADDRESS_ADD] = on_address,   [ZEBRA_INTERFACE_ADDRESS_DELETE] = on_address,
	[ZEBRA_ROUTE_NOTIFY_OWNER] = on_route_note,   [ZEBRA_REDISTRIBUTE_ROUTE_ADD] = on_selected,
	[ZEBRA_REDISTRIBUTE_ROUTE_DEL] = on_selected, [ZEBRA_ROUTER_ID_UPDATE] = on_router_id,
};

void vrrp_zebra_init(struct event_loop *master, uint16_t table,
		     const struct vrrp_zebra_ops *vrrp_ops)
{
	loop = master;
	ops = vrrp_ops;
	route_table = table;

	hook_register_prio(if_real, 0, on_link_real);
	hook_register_prio(if_unreal, 0, on_link_unreal);
	hook_register_prio(if_up, 0, on_link_up);
	hook_register_prio(if_down, 0, on_link_down);

	zclient = zclient_new(loop, &zclient_options_default, handlers, array_size(handlers));
	zclient->zebra_connected = on_connected;
	vrrp_nht_init(zclient);
	zclient_init(zclient, ZEBRA_ROUTE_TABLE, route_table, NULL);
	reconnect_later();
}

void vrrp_zebra_stop(void)
{
	struct vip_route *route;

	if (!zclient)
		return;
	withdraw_all();
	vrrp_zebra_flush();
	while ((route = vip_routes_pop(routes)))
		XFREE(MTYPE_VRRP_ZEBRA_ROUTE, route);

	hook_unregister(if_real, on_link_real);
	hook_unregister(if_unreal, on_link_unreal);
	hook_unregister(if_up, on_link_up);
	hook_unregister(if_down, on_link_down);

	hangup_close();
	selected_forget_all();
	event_cancel(&t_lost);
	event_cancel(&t_push);
	event_cancel(&t_reconnect);
	event_cancel(&t_retry);
	connected = false;
	vrrp_nht_stop();
	zclient_stop(zclient);
	zclient_free(zclient);
	zclient = NULL;
}
