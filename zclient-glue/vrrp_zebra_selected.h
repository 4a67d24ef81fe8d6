/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The routes that zebra has selected in our table, and those of them that a killed zebra left. */
#ifndef VRRP_ZEBRA_SELECTED_H
#define VRRP_ZEBRA_SELECTED_H

#include <zebra.h>

#include "prefix.h"
#include "zclient.h"

/*
 * Called when zebra announces a route in our table that we did not send. If a killed zebra
 * left it behind, remove it by nl_route_expel(), since ZAPI cannot, and return true; it is
 * called again, a few times, if that did not help. False: the route is somebody else's.
 */
typedef bool (*vrrp_zebra_leftover_fn)(const struct prefix *vip, ifindex_t ifindex, uint16_t table);

/* is_ours: zebra has this route from us, and prefers it to all others. leftover may be NULL. */
void vrrp_zebra_selected_init(bool (*is_ours)(const struct prefix *vip),
			      vrrp_zebra_leftover_fn leftover);

/* Asks zebra for them, once a connection. */
void vrrp_zebra_selected_ask(void);
int vrrp_zebra_on_selected(ZAPI_CALLBACK_ARGS);

/* A route of ours was withdrawn; zebra will report its removal. */
void vrrp_zebra_selected_withdrawing(void);
void vrrp_zebra_selected_withdrawn(void);

bool vrrp_zebra_is_selected(const struct prefix *vip);

/* The connection has ended. */
void vrrp_zebra_selected_forget(void);

#endif /* VRRP_ZEBRA_SELECTED_H */
