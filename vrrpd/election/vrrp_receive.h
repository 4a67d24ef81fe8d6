/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receiving advertisements: listeners, and the way from a datagram to its virtual router.
 * Datagrams are read in batches (recvmmsg), decoded, and passed to vrrp_router_receive();
 * those without a virtual router are counted here.
 */
#ifndef VRRP_RECEIVE_H
#define VRRP_RECEIVE_H

#include "vrrp_group.h"

/*
 * Receives for this router from now on: registers (VRF, family, VRID, source, peers), and
 * gives it a socket to send by. 0 or negative errno. Repeating it takes over changed
 * peers or source.
 */
int vrrp_receive_join(struct vrrp_router *router);
/* Releases the socket: nothing more is received or sent for the router. */
void vrrp_receive_leave(struct vrrp_router *router);

/* Reads all that has arrived on every socket, before decisions that silence would make. */
void vrrp_receive_all(void);

/* Packets that belong to no known virtual router, by verdict. */
const struct vrrp_verdict_counters *vrrp_receive_strays(enum vrrp_family family);
/* Packets that found no room in the receive buffer. */
uint64_t vrrp_receive_lost(enum vrrp_family family);
/* Sets both to zero. */
void vrrp_receive_clear(void);

/*
 * The handler of datagrams that vrrp_packet_decode() accepted. known_peer is false when router
 * is the one that the datagram was most likely meant for, but the sender is not expected: a
 * stranger, or the wrong delivery mode. Then only vrrp_packet_identify() has run.
 */
typedef void (*vrrp_received_fn)(struct vrrp_router *router, const struct vrrp_datagram *dgram,
				 const struct vrrp_advert *advert, bool known_peer);

void vrrp_receive_init(vrrp_received_fn handler);
/* To be called when all virtual routers have left. */
void vrrp_receive_stop(void);

#endif /* VRRP_RECEIVE_H */
