/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages to zebra: gathered, sent, and awaited at the end. */
#ifndef VRRP_ZEBRA_CLIENT_H
#define VRRP_ZEBRA_CLIENT_H

#include <zebra.h>

#include "frrevent.h"
#include "prefix.h"
#include "zclient.h"

/* The connection. vrrp_zebra.c makes and ends it; the other files of this folder only use it. */
struct vrrp_zebra_client {
	struct event_loop *loop;
	struct zclient *zclient; /* NULL: before the start and after the end */
	uint16_t table;		 /* of our routes, but for those of some VRFs */
	uint16_t instance;	 /* of HELLO and of our routes; mostly the table's number */
	bool connected;		 /* HELLO was sent on this connection */
	void (*lost)(struct event *event);
};
extern struct vrrp_zebra_client vrrp_zebra_client;

/*
 * A route of ours. All are routes of zebra's default VRF, whatever the VRF of their link, since
 * zebra lets "redistribute table-direct" have no others; so each VRF has a table of its own.
 */
struct vrrp_zebra_key {
	struct prefix vip; /* or the prefix of a marker */
	uint16_t table;	   /* 0: that of vrrp_zebra_client, which may become another */
};

/* The number of its table; and what stands for a table of that number. */
static inline uint16_t vrrp_zebra_table(const struct vrrp_zebra_key *key)
{
	return key->table ? key->table : vrrp_zebra_client.table;
}

static inline uint16_t vrrp_zebra_table_key(uint32_t table)
{
	return table == vrrp_zebra_client.table ? 0 : table;
}

/*
 * Queues the message in libfrr's stream for the next vrrp_zebra_push(). 0, or -ENOTCONN: the
 * connection is lost, which is reported to its owner from the event loop.
 */
int vrrp_zebra_queue(void);

/* Sends gathered messages; the event loop does so as well in its next round. */
void vrrp_zebra_push(void);

/* The same, and waits, for 100 ms at most, until zebra has taken all: before the process ends. */
void vrrp_zebra_flush(void);

/* The connection has ended: cancels the push and the report of its loss. */
void vrrp_zebra_client_forget(void);

#endif /* VRRP_ZEBRA_CLIENT_H */
