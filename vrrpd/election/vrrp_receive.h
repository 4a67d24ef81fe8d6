/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advertisements in: who listens for what, and the way from a datagram to its virtual
 * router. Datagrams are read in batches (recvmmsg), decoded, and handed to
 * vrrp_router_receive(); those for nobody are counted here.
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
/* Gives the socket back: nothing is received for it, nor sent. */
void vrrp_receive_leave(struct vrrp_router *router);

/* Reads all that has arrived on every socket, before decisions that silence would make. */
void vrrp_receive_all(void);

/* Packets that no virtual router could be blamed for, by verdict. */
const struct vrrp_verdict_counters *vrrp_receive_strays(enum vrrp_family family);
/* Packets that found no room in the receive buffer. */
uint64_t vrrp_receive_lost(enum vrrp_family family);
/* Sets both to zero. */
void vrrp_receive_clear(void);

/*
 * Who is given a datagram that vrrp_packet_decode() accepted. known_peer is false when it is
 * for the router it was most likely meant for, but not from one that it expects: a
 * stranger's packet, or the wrong delivery mode. Then vrrp_packet_identify() is enough.
 */
typedef void (*vrrp_received_fn)(struct vrrp_router *router, const struct vrrp_datagram *dgram,
				 const struct vrrp_advert *advert, bool known_peer);

void vrrp_receive_init(vrrp_received_fn handler);
/* Every virtual router has left before. */
void vrrp_receive_stop(void);

#endif /* VRRP_RECEIVE_H */
