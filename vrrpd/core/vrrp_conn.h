/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection of IPVS: read from a line of /proc/net/ip_vs_conn, and written into a message of the
 * kernel's connection synchronisation, version 1.
 *
 * The line has neither the forwarding method nor the firewall mark nor, for a persistence template,
 * the whole timeout. The caller knows them from the service that the connection belongs to.
 */
#ifndef VRRP_CONN_H
#define VRRP_CONN_H

#include "vrrp_addr.h"

/* Longer than any line, with its newline. */
#define VRRP_CONN_LINE_SIZE 256

struct vrrp_conn {
	uint8_t protocol; /* IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP; IPPROTO_IP: of a mark's template */
	struct vrrp_addr client, virtual, server;	 /* of one family; virtual may be a mark */
	uint16_t client_port, virtual_port, server_port; /* host order; no client's: a template */
	uint16_t state;					 /* the kernel's number for it */
	bool is_established;
	uint32_t expires_sec;
};

/* Reads a line without its newline. False for the heading, and for what cannot be told of. */
bool vrrp_conn_read(struct vrrp_conn *conn, const char *line);

/* What the line does not say. */
struct vrrp_conn_service {
	uint8_t forwarding; /* the kernel's number */
	uint32_t fwmark;
	uint32_t persistent_sec; /* of a template; 0: not one */
};

/* Octets of a message at most: a UDP datagram in an Ethernet frame. */
#define VRRP_CONN_MESSAGE_MOST 1472

struct vrrp_conn_message {
	uint8_t octets[VRRP_CONN_MESSAGE_MOST];
	size_t len, room;
};

/* A message without connections, of so many octets at most. */
void vrrp_conn_message_begin(struct vrrp_conn_message *message, uint8_t sync_id, size_t room);
/* The number of its connections. */
unsigned int vrrp_conn_message_count(const struct vrrp_conn_message *message);
/* Adds one; false when there is no room left. */
bool vrrp_conn_message_add(struct vrrp_conn_message *message, const struct vrrp_conn *conn,
			   const struct vrrp_conn_service *service);

#endif /* VRRP_CONN_H */
