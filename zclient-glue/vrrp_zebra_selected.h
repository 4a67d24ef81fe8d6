/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The routes that zebra has selected in our tables, and those of them that a killed zebra left. */
#ifndef VRRP_ZEBRA_SELECTED_H
#define VRRP_ZEBRA_SELECTED_H

#include <zebra.h>

#include "zclient.h"

#include "vrrp_zebra_client.h"

/*
 * Called when zebra announces a route in a table of ours that we did not send. If a killed zebra
 * left it behind, remove it by nl_route_expel(), since ZAPI cannot, and return true; it is
 * called again, a few times, if that did not help. False: the route is somebody else's.
 */
typedef bool (*vrrp_zebra_leftover_fn)(const struct prefix *vip, ifindex_t ifindex, uint16_t table);

/* is_ours: zebra has this route from us, and prefers it to all others. leftover may be NULL. */
void vrrp_zebra_selected_init(bool (*is_ours)(const struct vrrp_zebra_key *key),
			      vrrp_zebra_leftover_fn leftover);

/* Asks zebra for those of all tables, once a connection. */
void vrrp_zebra_selected_ask(void);
/* Those of this table (0: the default one) are asked for as well, from now on. */
void vrrp_zebra_selected_watch(uint16_t table);
int vrrp_zebra_on_selected(ZAPI_CALLBACK_ARGS);

/* A route of ours was withdrawn; zebra will report its removal. */
void vrrp_zebra_selected_withdrawing(void);
/* It has, or never will. */
void vrrp_zebra_selected_withdrawn(void);

bool vrrp_zebra_is_selected(const struct vrrp_zebra_key *key);

/* The connection has ended; or the daemon does. */
void vrrp_zebra_selected_forget(void);
void vrrp_zebra_selected_stop(void);

#endif /* VRRP_ZEBRA_SELECTED_H */
