/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw sockets: one for each VRF and family, made when the first virtual router needs it
 * and closed with the last. vrrp_receive.c reads them, vrrp_send.c writes to them.
 */
#ifndef VRRP_SOCKET_H
#define VRRP_SOCKET_H

#include <zebra.h>

#include <netinet/ip.h>

#include "frrevent.h"
#include "if.h"
#include "typesafe.h"

#include "vrrp_membership.h"
#include "vrrp_packet.h"

PREDECL_DLIST(socks);

struct vrrp_sock {
	struct socks_item item;
	vrf_id_t vrf_id;
	enum vrrp_family family;
	unsigned int users;
	int fd;
	int fd_vmac;		 /* vrrp_socket_vmac_fd()'s; -1 = not opened yet */
	uint8_t slot, slot_vmac; /* both, as they were lent to the guardian */
	struct vrrp_memberships memberships;

	/* vrrp_receive's */
	struct event *t_read;
	uint32_t lost; /* the kernel's count of datagrams without room */
};

/*
 * The socket of a VRF and family, for one user more. 0, or negative errno with
 * *result set to NULL.
 */
int vrrp_socket_get(vrf_id_t vrf_id, enum vrrp_family family, struct vrrp_sock **result);
/* Removes one user; closes the socket with the last. */
void vrrp_socket_put(struct vrrp_sock *sock);

/*
 * Joins the group (224.0.0.18, ff02::12) on a link, or leaves it when leave was called as often
 * as join. 0 or negative errno.
 */
int vrrp_socket_join_link(struct vrrp_sock *sock, ifindex_t ifindex);
void vrrp_socket_leave_link(struct vrrp_sock *sock, ifindex_t ifindex);

/* The descriptor that sends from VMACs, IPv6; the socket's own if there can be none. */
int vrrp_socket_vmac_fd(struct vrrp_sock *sock);

/* The guardian's slot for one of the socket's two descriptors. */
uint8_t vrrp_socket_slot(const struct vrrp_sock *sock, int fd);

/* For descriptors that only send: no packet is queued on them. */
void vrrp_socket_make_deaf(int fd);

/* Iterates over all sockets: pass NULL for the first; NULL after the last. */
struct vrrp_sock *vrrp_socket_next(struct vrrp_sock *sock);

/* The sockets open right now, for "show vrrp statistics". */
unsigned int vrrp_socket_count(void);

/* Datagrams read or sent in one system call. */
#define VRRP_BATCH	  64
#define VRRP_DATAGRAM_MAX (MAX_IPOPTLEN + sizeof(struct iphdr) + VRRP_PACKET_MAX)

/* Room for them, made once for each direction. */
struct vrrp_batch {
	struct mmsghdr headers[VRRP_BATCH];
	struct iovec iov[VRRP_BATCH];
	struct sockaddr_storage address[VRRP_BATCH]; /* of the other end */
	uint8_t control[VRRP_BATCH][CMSG_SPACE(sizeof(struct in6_pktinfo)) +
				    2 * CMSG_SPACE(sizeof(int))]; /* hop limit, lost */
	uint8_t data[VRRP_BATCH][VRRP_DATAGRAM_MAX];
};

#endif /* VRRP_SOCKET_H */
