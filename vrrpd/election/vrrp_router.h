/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: events of virtual routers. An event is a packet, a timer, an interface or
 * address that came or went, or a change of the configuration (vrrp_apply.h).
 */
#ifndef VRRP_ROUTER_H
#define VRRP_ROUTER_H

#include "vrrp_group.h"

/* A vrrp_received_fn. */
void vrrp_router_receive(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, bool known_peer);

/*
 * An Active router says priority 0, and is Backup when another has taken over (vrrp_fsm.h). Ask
 * vrrp_switchover_refusal() first.
 */
void vrrp_router_hand_over(struct vrrp_router *router);
/* It does not hand over any more, and preempts as it is configured. */
void vrrp_router_reclaim(struct vrrp_router *router);

/* The host gives everything away, again if it is asked again; or takes part again. */
void vrrp_router_retreat(bool on);

/* A vrrp_peer_down_fn. */
void vrrp_router_peer_down(struct vrrp_router *router, const struct vrrp_addr *peer,
			   bool is_verdict);

/* The daemon ends: all groups leave the election (priority 0 if Active) for good. */
void vrrp_router_leave_all(void);

/* The daemon ends to be started again, and will have forgotten promises: those that need any leave. */
void vrrp_router_leave_promised(void);

void vrrp_router_init(void);
void vrrp_router_stop(void);

#endif /* VRRP_ROUTER_H */
