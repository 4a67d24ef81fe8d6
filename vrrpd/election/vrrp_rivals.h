/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rivals: other Active routers that go on being Active beside us or beside each other.
 *
 * Of two Active routers that hear each other, one gives way within an interval. So a router
 * whose advertisements go on while we are Active does not hear us. If two others are heard in
 * turns, again and again, the lower one does not hear the higher one; only a third router, which
 * hears both, can see that.
 */
#ifndef VRRP_RIVALS_H
#define VRRP_RIVALS_H

#include "vrrp_group.h"

/* Call after the state machine has handled an accepted advertisement. */
void vrrp_rivals_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert);

/* Frees what is kept of a virtual router that is about to be freed. */
void vrrp_rivals_forget(struct vrrp_router *router);

#endif /* VRRP_RIVALS_H */
