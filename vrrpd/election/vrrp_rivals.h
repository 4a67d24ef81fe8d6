/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rivals: other Active routers that stay Active beside us or beside each other.
 *
 * Of two Active routers that hear each other, one gives way within an interval. So a router that
 * goes on advertising while we are Active does not hear us. If the advertisements of two others
 * alternate again and again, the lower one does not hear the higher one; only a third router, which
 * hears both, can notice that.
 */
#ifndef VRRP_RIVALS_H
#define VRRP_RIVALS_H

#include "vrrp_group.h"

/* Call after the state machine has handled an accepted advertisement. */
void vrrp_rivals_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert);

/* Frees the state of a virtual router that is about to be freed. */
void vrrp_rivals_forget(struct vrrp_router *router);

#endif /* VRRP_RIVALS_H */
