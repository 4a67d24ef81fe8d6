/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rivals: other Active routers that go on being Active beside us or beside each other.
 *
 * Two Active routers that hear each other settle it within an interval. So one whose
 * advertisements go on while we are Active does not hear us; and of two others that are
 * heard in turns, again and again, the lower one does not hear the higher one. Who hears both
 * is the only one that can tell.
 */
#ifndef VRRP_RIVALS_H
#define VRRP_RIVALS_H

#include "vrrp_group.h"

/* An advertisement has been accepted and the state machine asked. */
void vrrp_rivals_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert);

/* The virtual router is about to go. */
void vrrp_rivals_forget(struct vrrp_router *router);

#endif /* VRRP_RIVALS_H */
