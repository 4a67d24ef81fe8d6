/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advertisements out: they are queued, and leave together (sendmmsg) at the end of the tick.
 */
#ifndef VRRP_SEND_H
#define VRRP_SEND_H

#include "vrrp_group.h"

/*
 * Queues one advertisement of this priority: a copy to each peer. The router lives at
 * least until the next flush.
 */
void vrrp_send_advertise(struct vrrp_router *router, uint8_t priority);

/*
 * Sends queued advertisements now: releases (priority 0), before addresses are removed; or the
 * rest, after addresses and routes have been added.
 */
void vrrp_send_flush_releases(void);
void vrrp_send_flush(void);

/*
 * True for an Active router that had no way to any peer until a moment ago. Another one that it
 * hears now was Active meanwhile: one that came back itself would wait for Active_Down first.
 */
bool vrrp_send_was_cut_off(const struct vrrp_router *router);

void vrrp_send_init(void);
void vrrp_send_stop(void);

#endif /* VRRP_SEND_H */
