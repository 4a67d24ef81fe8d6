/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The routes that zebra has selected in our table, and those of them that a killed zebra left. */
#ifndef VRRP_ZEBRA_SELECTED_H
#define VRRP_ZEBRA_SELECTED_H

#include <zebra.h>

#include "prefix.h"
#include "zclient.h"

/*
 * zebra announces a route in our table that we did not send. If a zebra that was
 * killed left it behind, nl_route_expel() takes it away, ZAPI cannot; true, and
 * called again when that did not help, a few times. False: it is somebody else's.
 */
typedef bool (*vrrp_zebra_leftover_fn)(const struct prefix *vip, ifindex_t ifindex, uint16_t table);

/* is_ours: zebra has this route from us, and prefers it to all others. leftover may be NULL. */
void vrrp_zebra_selected_init(bool (*is_ours)(const struct prefix *vip),
			      vrrp_zebra_leftover_fn leftover);

/* Asks zebra for them, once a connection. */
void vrrp_zebra_selected_ask(void);
int vrrp_zebra_on_selected(ZAPI_CALLBACK_ARGS);

/* A route of ours was withdrawn; zebra says what became of it. */
void vrrp_zebra_selected_withdrawing(void);
void vrrp_zebra_selected_withdrawn(void);

bool vrrp_zebra_is_selected(const struct prefix *vip);

/* The connection is no more. */
void vrrp_zebra_selected_forget(void);

#endif /* VRRP_ZEBRA_SELECTED_H */
