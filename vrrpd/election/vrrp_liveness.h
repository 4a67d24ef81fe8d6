/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the peers of a unicast virtual router are alive, by BFD: "vrrp N bfd".
 *
 * A router that listens has a session with each peer, but with none that has a link-local address:
 * a session over several hops cannot have one. When a session that was up goes down, the handler
 * is called. All else that BFD reports is for show alone.
 */
#ifndef VRRP_LIVENESS_H
#define VRRP_LIVENESS_H

#include "vrrp_group.h"

/* The peer can no longer be reached. is_verdict: "strict" is configured. */
typedef void (*vrrp_peer_down_fn)(struct vrrp_router *router, const struct vrrp_addr *peer,
				  bool is_verdict);

/*
 * Gives a router that listens the sessions that it is to have now: by configuration, source and
 * peers.
 */
void vrrp_liveness_follow(struct vrrp_router *router);
/* It does not listen any more: ends its sessions. */
void vrrp_liveness_forget(struct vrrp_router *router);
/* Ends the session with a peer that is about to be removed. */
void vrrp_liveness_end(struct vrrp_peer *peer);

/* The state of the session with a peer: "up", "down", "admin-down", "unknown"; NULL: none. */
const char *vrrp_liveness_state(const struct vrrp_peer *peer);

void vrrp_liveness_init(vrrp_peer_down_fn handler);

#endif /* VRRP_LIVENESS_H */
