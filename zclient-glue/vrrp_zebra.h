/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The zebra connection: interfaces and addresses in, VIP routes out.
 *
 * Everything that depends on FRR's release lives in this folder. The HELLO is
 * (ZEBRA_ROUTE_TABLE, N), equal to the routes' (type, instance), so that zebra
 * removes our routes the moment this process is gone.
 *
 * Routes are remembered here as wanted. They are sent again after zebra comes
 * back and after their link has come up again, and withdrawn while their link is
 * down, because zebra does neither by itself.
 */
#ifndef VRRP_ZEBRA_H
#define VRRP_ZEBRA_H

#include <zebra.h>

#include "frrevent.h"
#include "if.h"
#include "prefix.h"

/* Called as zebra tells; every pointer is libfrr's own object. Any may be NULL. */
struct vrrp_zebra_ops {
	void (*link_changed)(struct interface *ifp); /* new, gone, up, down, VRF */
	/* Addresses on this link are not kept. */
	bool (*is_vip_interface)(ifindex_t ifindex);
	/*
	 * zebra announces a route in our table that we did not send. If a zebra that was
	 * killed left it behind, nl_route_expel() takes it away, ZAPI cannot; true, and
	 * called again when that did not help, a few times. False: it is somebody else's.
	 */
	bool (*leftover)(const struct prefix *vip, ifindex_t ifindex, uint16_t table);
	/* the IPv4 router ID of a VRF, after each connection and when it changes */
	void (*router_id)(const struct prefix *id, vrf_id_t vrf_id);
};

/* table: route table and instance of the routes, "vrrp route-table". */
void vrrp_zebra_init(struct event_loop *loop, uint16_t table, const struct vrrp_zebra_ops *ops);

/* Another table: withdraws all, says HELLO anew as the new pair, sends all again. */
void vrrp_zebra_set_table(uint16_t table);

/*
 * Wants a host route to vip over ifindex, with metric and tag (0 = none).
 * Adding it again with other values changes it. 0, or negative errno when it
 * could not be handed to zebra now; it stays wanted and is sent when it can be.
 */
int vrrp_zebra_route_add(const struct prefix *vip, ifindex_t ifindex, uint32_t metric, uint32_t tag);
int vrrp_zebra_route_del(const struct prefix *vip);

/* What zebra last said of the route to a VIP. Only one that is selected is announced. */
enum vrrp_zebra_word {
	VRRP_ZEBRA_UNASKED, /* it is not wanted, its link is down, or zebra is away */
	VRRP_ZEBRA_SILENT,  /* no answer yet */
	VRRP_ZEBRA_SELECTED,
	VRRP_ZEBRA_OTHER_SELECTED, /* another route to it, in our table, is preferred */
	VRRP_ZEBRA_REFUSED, /* by the kernel, or a route-map of "ip protocol"; no answer for 5 s */
};
enum vrrp_zebra_word vrrp_zebra_word(const struct prefix *vip);

/* Asks for the router ID of a VRF that has come; vrf_init()'s. */
int vrrp_zebra_vrf_enabled(struct vrf *vrf);

/* An index means one interface in all VRFs; NULL when zebra has not told of it. */
struct interface *vrrp_zebra_interface(ifindex_t ifindex);

/* Routes added and deleted are gathered until now, or until the event loop comes back. */
void vrrp_zebra_push(void);

/* The same, and waits until zebra has taken it all: before the process ends. */
void vrrp_zebra_flush(void);
void vrrp_zebra_stop(void);

#endif /* VRRP_ZEBRA_H */
