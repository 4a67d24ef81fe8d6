/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May a unicast virtual router enter the election yet?
 *
 * Routing comes up after the daemon does, and not in both directions at once. Who enters
 * before its peers can hear it becomes Active beside a healthy Active router. So a virtual
 * router that leaves Initialize (RFC 9568 section 6.4.1) waits for a proof first, and for
 * a limited time. This is the decision, as a pure function of what is known.
 */
#ifndef VRRP_ENTRY_H
#define VRRP_ENTRY_H

#include "vrrp_fsm.h"

enum vrrp_entry {
	VRRP_ENTRY_WAIT, /* stays in Initialize, and listens */
	VRRP_ENTRY_HEED, /* enters, but takes over from nobody it hears, who may not hear it */
	VRRP_ENTRY_FREE, /* enters, and does what the RFC says */
};

/* What decided it. */
enum vrrp_entry_reason {
	VRRP_ENTRY_NO_PROOF,
	VRRP_ENTRY_HEARD,    /* an Active peer was heard: there is a way from it to us */
	VRRP_ENTRY_ANSWERED, /* a peer answered an echo: there is a way there and back */
	VRRP_ENTRY_ROUTE,    /* a route has been there long enough; echoes may be filtered */
	VRRP_ENTRY_TIMEOUT,  /* the hold has ended */
};

/* How long a route to a peer has to be there to count for an answer. */
#define VRRP_ENTRY_ROUTE_USEC (10 * VRRP_USEC_PER_SEC)

struct vrrp_entry_facts {
	bool heard;		 /* an Active peer */
	bool answered;		 /* by a peer */
	vrrp_usec_t route_since; /* the oldest route to a peer, other than the default; 0 = none */
	vrrp_usec_t since;	 /* when it began to wait */
	uint32_t hold_sec;	 /* how long it waits at most */
};

struct vrrp_entry_decision {
	enum vrrp_entry entry;
	enum vrrp_entry_reason reason;
	vrrp_usec_t until; /* when it changes though nothing happens; 0 = never */
};

struct vrrp_entry_decision vrrp_entry_decide(const struct vrrp_entry_facts *facts, vrrp_usec_t now);

#endif /* VRRP_ENTRY_H */
