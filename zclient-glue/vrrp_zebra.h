/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The zebra connection: interfaces and addresses in, VIP routes out.
 *
 * Everything that depends on FRR's release lives in this folder. The HELLO is
 * (ZEBRA_ROUTE_TABLE, N), equal to the routes' (type, instance), so that zebra
 * removes our routes the moment this process is gone.
 */
#ifndef VRRP_ZEBRA_H
#define VRRP_ZEBRA_H

#include <zebra.h>

#include "frrevent.h"
#include "if.h"
#include "prefix.h"

#include "vrrp_zebra_selected.h"

/* Handlers of zebra's events; every pointer is libfrr's own object. Any handler may be NULL. */
struct vrrp_zebra_ops {
	void (*link_changed)(struct interface *ifp); /* new, gone, up, down, VRF */
	/* Addresses on this link are not kept. */
	bool (*is_vip_interface)(ifindex_t ifindex);
	vrrp_zebra_leftover_fn leftover;
	/* the IPv4 router ID of a VRF, after each connection and when it changes */
	void (*router_id)(const struct prefix *id, vrf_id_t vrf_id);
};

/* table: route table of the routes, "vrrp route-table"; for the instance, see vrrp_succession.h. */
void vrrp_zebra_init(struct event_loop *loop, uint16_t table, const struct vrrp_zebra_ops *ops);

/* Another table: withdraws all, says HELLO anew as the new pair, sends all again. */
void vrrp_zebra_set_table(uint16_t table);

void vrrp_zebra_stop(void);

#endif /* VRRP_ZEBRA_H */
