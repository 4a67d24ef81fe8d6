/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes to VIPs, and markers, stored as wanted. They are sent again after zebra comes
 * back and after their link has come up again, and withdrawn while their link is
 * down, because zebra does neither by itself.
 */
#ifndef VRRP_ZEBRA_ROUTE_H
#define VRRP_ZEBRA_ROUTE_H

#include <zebra.h>

#include "if.h"
#include "prefix.h"
#include "zclient.h"

#include "vrrp_zebra_client.h"

/*
 * One more wants a route over ifindex, with metric and tag (0 = none): two do for a moment, such as a
 * VIP whose address was a marker until now. The last one's values count. 0, or negative errno when
 * it could not be sent to zebra now; it stays wanted and is sent later.
 */
int vrrp_zebra_route_add(const struct vrrp_zebra_key *key, ifindex_t ifindex, uint32_t metric,
			 uint32_t tag);
/* One that wants it already wants it so. */
int vrrp_zebra_route_change(const struct vrrp_zebra_key *key, ifindex_t ifindex, uint32_t metric,
			    uint32_t tag);
/* One wants it no more. It is withdrawn when nobody does; -ENOENT: nobody did. */
int vrrp_zebra_route_del(const struct vrrp_zebra_key *key);
/* Sends it again as it is, for zebra to judge it anew. */
void vrrp_zebra_route_offer_again(const struct vrrp_zebra_key *key);

/* zebra's last report about the route to a VIP. Only a selected one is announced. */
enum vrrp_zebra_word {
	VRRP_ZEBRA_UNASKED, /* it is not wanted, its link is down, or zebra is away */
	VRRP_ZEBRA_SILENT,  /* no answer yet */
	VRRP_ZEBRA_SELECTED,
	VRRP_ZEBRA_OTHER_SELECTED, /* another route to it, in our table, is preferred */
	VRRP_ZEBRA_REFUSED, /* by the kernel or a route-map of "ip protocol"; no answer for 5 s */
};
enum vrrp_zebra_word vrrp_zebra_word(const struct vrrp_zebra_key *key);

/* True when zebra has it from us, and has not reported that it prefers another. */
bool vrrp_zebra_route_is_preferred(const struct vrrp_zebra_key *key);

/* At the end of the tick: adds or withdraws routes after their link has gone up or down. */
void vrrp_zebra_route_settle(void);

/* For vrrp_zebra.c, when the connection or a link changes. */
void vrrp_zebra_route_send_all(void);
void vrrp_zebra_route_withdraw_all(void);
/* Notes the change, and asks for the end of the tick. */
void vrrp_zebra_route_link_changed(const struct interface *ifp);
int vrrp_zebra_on_route_note(ZAPI_CALLBACK_ARGS);

/*
 * The connection is lost, so zebra has none of our routes. Returns the number of routes that wait.
 */
size_t vrrp_zebra_route_lost(void);
void vrrp_zebra_route_stop(void);

#endif /* VRRP_ZEBRA_ROUTE_H */
