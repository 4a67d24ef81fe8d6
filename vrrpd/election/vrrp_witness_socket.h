/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP sockets by which routers and witnesses exchange promises: one for each VRF, family and port,
 * opened for its first user and closed with the last.
 */
#ifndef VRRP_WITNESS_SOCKET_H
#define VRRP_WITNESS_SOCKET_H

#include <zebra.h>

#include "typesafe.h"

#include "vrrp_promise_packet.h"
#include "vrrp_vrf_socket.h"
#include "vrrp_watch.h"

PREDECL_DLIST(vrrp_witness_socks);

struct vrrp_witness_sock {
	struct vrrp_witness_socks_item item;
	struct vrrp_watch watch;
	vrf_id_t vrf_id;
	enum vrrp_family family;
	uint16_t port;
	unsigned int users;
};

/* A datagram has come; size may be more than VRRP_PROMISE_SIZE, and then it is cut. */
typedef void (*vrrp_witness_heard_fn)(struct vrrp_witness_sock *sock, const struct vrrp_addr *from,
				      const uint8_t *octets, size_t size);

/* The socket, for one user more. 0, or negative errno with *result set to NULL. */
int vrrp_witness_socket_get(vrf_id_t vrf_id, enum vrrp_family family, uint16_t port,
			    struct vrrp_witness_sock **result);
/* One user less; *sock becomes NULL, as it may be before. */
void vrrp_witness_socket_put(struct vrrp_witness_sock **sock);

/* Reads all that has come. */
void vrrp_witness_socket_read(struct vrrp_witness_sock *sock);

/*
 * Sends to the same port of another host; to a link-local address on the link ifindex. 0 or negative
 * errno.
 */
int vrrp_witness_socket_send(const struct vrrp_witness_sock *sock, const struct vrrp_addr *source,
			     ifindex_t ifindex, const struct vrrp_addr *to,
			     const uint8_t octets[VRRP_PROMISE_SIZE]);

void vrrp_witness_socket_init(vrrp_witness_heard_fn heard);

#endif /* VRRP_WITNESS_SOCKET_H */
