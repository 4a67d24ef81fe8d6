/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said to zebra: gathered, sent, and waited for at the end. */
#ifndef VRRP_ZEBRA_CLIENT_H
#define VRRP_ZEBRA_CLIENT_H

#include <zebra.h>

#include "frrevent.h"
#include "zclient.h"

/* The one connection. vrrp_zebra.c makes and ends it; the other files of this folder look. */
struct vrrp_zebra_client {
	struct event_loop *loop;
	struct zclient *zclient; /* NULL: before the start and after the end */
	uint16_t table;		 /* of our routes, and the instance of HELLO */
	bool connected;		 /* HELLO was said on this very connection */
	void (*lost)(struct event *event);
};
extern struct vrrp_zebra_client vrrp_zebra_client;

/*
 * The message that stands in libfrr's stream is sent with the next vrrp_zebra_push().
 * 0, or -ENOTCONN: the connection is lost, which its owner is told from the event loop.
 */
int vrrp_zebra_queue(void);

/* Messages are gathered until now, or until the event loop comes back. */
void vrrp_zebra_push(void);

/* The same, and waits, for 100 ms at most, until zebra has taken all: before the process ends. */
void vrrp_zebra_flush(void);

/* The connection is no more: nothing is pushed, and nobody is told that it is lost. */
void vrrp_zebra_client_forget(void);

#endif /* VRRP_ZEBRA_CLIENT_H */
