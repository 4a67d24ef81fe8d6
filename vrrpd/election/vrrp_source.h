/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes of a virtual router's source address: one that goes and comes back at once, and one
 * that is replaced by another, which peers may not have configured.
 *
 * vrrp_host_source() chooses the address.
 */
#ifndef VRRP_SOURCE_H
#define VRRP_SOURCE_H

#include "vrrp_group.h"

/* Sets the address that the router sends from. A change is logged. */
void vrrp_source_use(struct vrrp_router *router, const struct vrrp_addr *source);

/*
 * Sets VRRP_HOLD_SOURCE, or takes it back. False while an Active router waits for its source:
 * it sends nothing then, nothing else of it is to change, and it is rechecked in time.
 */
bool vrrp_source_look(struct vrrp_router *router);
bool vrrp_source_is_awaited(const struct vrrp_router *router);

/* The source is back, or no longer waited for. True when it was awaited. */
bool vrrp_source_await_no_more(struct vrrp_router *router);

/* Warns while no peer answers a new source. */
void vrrp_source_init(void);

#endif /* VRRP_SOURCE_H */
