/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMP echo requests (RFC 792, RFC 4443 section 4.1), of both address families.
 *
 * An echo is one request that is not answered yet. Its owner keeps it, sends it, and is
 * told when the target's answer has come. That shows that packets find their way there
 * and back; how often to ask, and how long to wait, is the owner's business.
 */
#ifndef VRRP_ECHO_H
#define VRRP_ECHO_H

#include <zebra.h>

#include "if.h"
#include "typesafe.h"

#include "vrrp_addr.h"

PREDECL_HASH(vrrp_echoes);

/* All zero is an echo that is not sent. */
struct vrrp_echo {
	/* Called once, when the answer has come; the echo is forgotten then. May free it. */
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
 * Sends a request to echo->target; one that was pending is forgotten. 0, and then the echo is
 * pending, or negative errno: -EADDRNOTAVAIL when the host does not have the source.
 */
int vrrp_echo_send(struct vrrp_echo *echo, const struct vrrp_echo_path *path);

/* Has it been sent, and not answered? */
bool vrrp_echo_is_pending(const struct vrrp_echo *echo);

/* Has this host that address, as a source? True also when that cannot be asked. */
bool vrrp_echo_is_here(const struct vrrp_addr *source);

/* Nobody waits for the answer any more. Does nothing when none is pending. */
void vrrp_echo_cancel(struct vrrp_echo *echo);

/* Closes the sockets, which the first echoes opened; none may be pending. */
void vrrp_echo_stop(void);

#endif /* VRRP_ECHO_H */
