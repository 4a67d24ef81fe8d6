/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VRRP datagrams in and out: one raw socket for each VRF and family, made when
 * the first virtual router needs it and closed with the last. Received datagrams are read in batches (recvmmsg), decoded and
 * handed to the virtual router they are for; those for nobody are counted here.
 * Sent ones are queued and leave together (sendmmsg) in vrrp_socket_flush().
 */
#ifndef VRRP_SOCKET_H
#define VRRP_SOCKET_H

#include "vrrp_router.h"

/* Receives for this router from now on: registers (VRF, family, VRID, source, peers).
 * 0 or negative errno. Repeating it takes over changed peers or source. */
int vrrp_socket_join(struct vrrp_router *router);
void vrrp_socket_leave(struct vrrp_router *router);

/* Queues one advertisement of this priority: a copy to each peer. */
void vrrp_socket_advertise(struct vrrp_router *router, uint8_t priority);

/*
 * Sends what is queued, now: releases (priority 0), which come before addresses
 * go, or the rest, which comes after addresses and routes are there.
 */
void vrrp_socket_flush_releases(void);
void vrrp_socket_flush(void);

/* Reads all that has arrived on every socket, before decisions that silence would make. */
void vrrp_socket_read_all(void);

/* Packets that no virtual router could be blamed for, by verdict and family. */
const struct vrrp_verdict_counters *vrrp_socket_strays(enum vrrp_family family);
/* ... and the lost ones. */
void vrrp_socket_clear_strays(void);

/* Packets of a family that found no room in the receive buffer. */
uint64_t vrrp_socket_lost(enum vrrp_family family);

/* The sockets open right now, for "show vrrp statistics". */
unsigned int vrrp_socket_count(void);

/* For sockets that only send: nothing is queued on them. */
void vrrp_socket_make_deaf(int fd);

void vrrp_socket_init(void);
void vrrp_socket_stop(void);

#endif /* VRRP_SOCKET_H */
