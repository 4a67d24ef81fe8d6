/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMP echo requests (RFC 792, RFC 4443 section 4.1), of both address families.
 *
 * An echo is one request and the wait for its answer. Its owner stores it, sends it, and is called
 * when the target's answer arrives, which proves that packets get there and back. The owner decides
 * how often to send and how long to wait.
 */
#ifndef VRRP_ECHO_H
#define VRRP_ECHO_H

#include <zebra.h>

#include "if.h"
#include "typesafe.h"

#include "vrrp_addr.h"

PREDECL_HASH(vrrp_echoes);

/* An echo that was not sent is all zero. */
struct vrrp_echo {
	/* Called once, when the answer arrives; the echo is no longer pending then. May free it. */
	void (*answered)(struct vrrp_echo *echo);
	struct vrrp_addr target;

	/* vrrp_echo.c's */
	struct vrrp_echoes_item item;
	uint32_t serial; /* identifier and sequence number on the wire; 0 = not pending */
	uint64_t cookie;
};

struct vrrp_echo_path {
	const struct vrrp_addr *source; /* NULL: the kernel's choice */
	ifindex_t ifindex;		/* a link, or the device of a VRF; 0: any */
};

/*
 * Sends a request to echo->target; if it was pending, the earlier request is forgotten. 0, and the
 * echo is pending; or negative errno: -EADDRNOTAVAIL when the host does not have the source.
 */
int vrrp_echo_send(struct vrrp_echo *echo, const struct vrrp_echo_path *path);

/* True when it was sent and not answered. */
bool vrrp_echo_is_pending(const struct vrrp_echo *echo);

/* True when this host has that address as a source, and also when that cannot be tested. */
bool vrrp_echo_is_here(const struct vrrp_addr *source);

/* Stops waiting for the answer. Does nothing when the echo is not pending. */
void vrrp_echo_cancel(struct vrrp_echo *echo);

/* Closes the sockets, which the first echoes opened; none may be pending. */
void vrrp_echo_stop(void);

#endif /* VRRP_ECHO_H */
