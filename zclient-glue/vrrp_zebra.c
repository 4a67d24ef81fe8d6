// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One zclient says HELLO as (ZEBRA_ROUTE_TABLE, instance) and owns every route of
 * that pair: when its connection ends, zebra takes them all away at once.
 *
 * libfrr reconnects, but does not report that the connection has gone, and tries only once a
 * second, later once in five. So the socket is in an epoll set that asks only for a hang-up,
 * the event loop watches the set, and a timer of ours makes libfrr connect sooner. The set
 * never holds the socket open: libfrr's close() removes it from the set.
 */
#include "vrrp_zebra.h"

#include <sys/epoll.h>

#include "lib_errors.h"
#include "log.h"

#include "vrrp_guardian.h"
#include "vrrp_nht.h"
#include "vrrp_succession.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_link.h"
#include "vrrp_zebra_route.h"
#include "vrrp_zebra_router_id.h"
#include "vrrp_zebra_selected.h"

#define RECONNECT_MSEC 250

static void (*on_link_changed)(struct interface *ifp);
static int hangup_fd = -1;
static struct event *t_hangup;
static struct event *t_reconnect;

static void reconnect_later(void);

static void hangup_close(void)
{
	event_cancel(&t_hangup);
	if (hangup_fd >= 0)
		close(hangup_fd);
	hangup_fd = -1;
}

/* The guardian has a copy, so that only this ends the connection for zebra. */
static void hang_up(struct zclient *zclient)
{
	vrrp_guardian_take_back(GUARDIAN_SLOT_ZEBRA);
	if (zclient->sock >= 0)
		shutdown(zclient->sock, SHUT_RDWR);
	zclient_stop(zclient);
}

/* The connection is lost, and with it all our routes in zebra. */
static void connection_lost(void)
{
	if (!vrrp_zebra_client.connected)
		return;
	vrrp_zebra_client.connected = false;
	vrrp_guardian_take_back(GUARDIAN_SLOT_ZEBRA);
	hangup_close();
	vrrp_zebra_client_forget();
	vrrp_zebra_selected_forget();
	zlog_warn("zebra: connection lost; routes of %zu VIPs wait until it is back",
		  vrrp_zebra_route_lost());
	reconnect_later();
}

/* zebra hung up, or a write failed. libfrr notices in this round of the event loop as well. */
static void on_lost(struct event *event)
{
	connection_lost();
}

static void on_reconnect(struct event *event)
{
	/* stop: zclient_start() does nothing while libfrr's own timer is armed */
	zclient_stop(vrrp_zebra_client.zclient);
	zclient_start(vrrp_zebra_client.zclient);
	if (vrrp_zebra_client.connected)
		return;
	reconnect_later();
}

static void reconnect_later(void)
{
	event_add_timer_msec(vrrp_zebra_client.loop, on_reconnect, NULL, RECONNECT_MSEC,
			     &t_reconnect);
}

static void watch_hangup(void)
{
	struct epoll_event wanted = { .events = EPOLLRDHUP };

	hangup_fd = epoll_create1(EPOLL_CLOEXEC);
	if (hangup_fd < 0 ||
	    epoll_ctl(hangup_fd, EPOLL_CTL_ADD, vrrp_zebra_client.zclient->sock, &wanted) < 0) {
		zlog_warn("zebra: cannot watch the connection, its loss will be seen late: %s",
			  safe_strerror(errno));
		hangup_close();
		return;
	}
	event_add_read(vrrp_zebra_client.loop, on_lost, NULL, hangup_fd, &t_hangup);
}

static void on_connected(struct zclient *client)
{
	static bool before;

	/* an unnoticed loss, after which libfrr's own timer has reconnected */
	if (vrrp_zebra_client.connected)
		connection_lost();
	event_cancel(&t_reconnect);
	hangup_close();
	vrrp_zebra_client.connected = true;
	watch_hangup();
	vrrp_guardian_lend_zebra(client->sock);
	zlog_info("zebra: connected, routes go to table %u", vrrp_zebra_client.table);
	if (zebra_route_notify_send(ZEBRA_ROUTE_NOTIFY_REQUEST, client, true) ==
	    ZCLIENT_SEND_FAILURE)
		zlog_warn("zebra: cannot request route notifications");
	vrrp_zebra_selected_ask();
	vrrp_zebra_router_id_ask();
	vrrp_nht_connected();
	if (before)
		vrrp_zebra_link_forget_gone();
	before = true;
	vrrp_zebra_route_send_all();
}

static void use_table(uint16_t table)
{
	vrrp_zebra_client.table = table;
	vrrp_zebra_client.instance = vrrp_succession_instance(table);
	vrrp_guardian_tell_instance(vrrp_zebra_client.instance);
}

void vrrp_zebra_set_table(uint16_t table)
{
	if (table == vrrp_zebra_client.table)
		return;
	zlog_info("zebra: routes move from table %u to table %u", vrrp_zebra_client.table, table);
	vrrp_zebra_route_withdraw_all();
	vrrp_zebra_flush();
	hangup_close();
	vrrp_zebra_selected_forget();
	vrrp_zebra_client.connected = false;
	hang_up(vrrp_zebra_client.zclient);
	use_table(table);
	/* connects from the event loop; the timer is for when that fails */
	zclient_init(vrrp_zebra_client.zclient, ZEBRA_ROUTE_TABLE, vrrp_zebra_client.instance, NULL);
	reconnect_later();
}

static zclient_handler *const handlers[] = {
	[ZEBRA_INTERFACE_ADDRESS_ADD] = vrrp_zebra_on_address,
	[ZEBRA_INTERFACE_ADDRESS_DELETE] = vrrp_zebra_on_address,
	[ZEBRA_ROUTE_NOTIFY_OWNER] = vrrp_zebra_on_route_note,
	[ZEBRA_REDISTRIBUTE_ROUTE_ADD] = vrrp_zebra_on_selected,
	[ZEBRA_REDISTRIBUTE_ROUTE_DEL] = vrrp_zebra_on_selected,
	[ZEBRA_ROUTER_ID_UPDATE] = vrrp_zebra_on_router_id,
};

static void link_changed(struct interface *ifp)
{
	vrrp_zebra_route_link_changed(ifp);
	if (on_link_changed)
		on_link_changed(ifp);
}

void vrrp_zebra_init(struct event_loop *loop, uint16_t table, const struct vrrp_zebra_ops *ops)
{
	struct zclient *zclient = zclient_new(loop, &zclient_options_default, handlers,
					      array_size(handlers));

	vrrp_zebra_client = (struct vrrp_zebra_client){
		.loop = loop,
		.zclient = zclient,
		.lost = on_lost,
	};
	use_table(table);
	on_link_changed = ops->link_changed;
	vrrp_zebra_link_init(link_changed, ops->is_vip_interface);
	vrrp_zebra_selected_init(vrrp_zebra_route_is_preferred, ops->leftover);
	vrrp_zebra_router_id_init(ops->router_id);

	zclient->zebra_connected = on_connected;
	vrrp_nht_init(zclient);
	zclient_init(zclient, ZEBRA_ROUTE_TABLE, vrrp_zebra_client.instance, NULL);
	reconnect_later();
}

void vrrp_zebra_stop(void)
{
	struct zclient *zclient = vrrp_zebra_client.zclient;

	if (!zclient)
		return;
	vrrp_zebra_route_withdraw_all();
	vrrp_zebra_flush();
	vrrp_zebra_route_stop();
	vrrp_zebra_link_stop();

	hangup_close();
	vrrp_zebra_selected_stop();
	vrrp_zebra_client_forget();
	event_cancel(&t_reconnect);
	vrrp_nht_stop();
	hang_up(zclient);
	zclient_free(zclient);
	vrrp_zebra_client = (struct vrrp_zebra_client){};
}
