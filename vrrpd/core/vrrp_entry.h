/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The decision when a unicast virtual router may enter the election.
 *
 * Routing comes up after the daemon does, and not in both directions at once. A router that
 * enters before its peers can hear it becomes Active beside a healthy Active router. So a
 * virtual router that leaves Initialize (RFC 9568 section 6.4.1) first waits for a proof, for
 * a limited time. The decision is a pure function of the known facts.
 *
 * Routing that comes up may lose a way again that it had a moment ago. So an answer counts
 * only while echoes are answered, and a route only while it exists, until an Active router
 * has been heard or the hold is over. A router that entered by a lost proof waits again. This
 * does not apply to an Active router.
 */
#ifndef VRRP_ENTRY_H
#define VRRP_ENTRY_H

#include "vrrp_fsm.h"

enum vrrp_entry {
	VRRP_ENTRY_WAIT, /* stays in Initialize, or goes back to it, and listens */
	VRRP_ENTRY_HEED, /* enters, but preempts no router that it hears, which may be deaf */
	VRRP_ENTRY_FREE, /* enters, and follows the RFC without restriction */
};

/* The proof that decided it. */
enum vrrp_entry_reason {
	VRRP_ENTRY_NO_PROOF,
	VRRP_ENTRY_HEARD,    /* an Active peer was heard: there is a way from it to us */
	VRRP_ENTRY_ANSWERED, /* a peer answered an echo: there is a way there and back */
	VRRP_ENTRY_ROUTE,    /* a route has been there long enough; echoes may be filtered */
	VRRP_ENTRY_TIMEOUT,  /* the hold has ended */
};

/* Age from which a route to a peer counts as an answer. */
#define VRRP_ENTRY_ROUTE_USEC (10 * VRRP_USEC_PER_SEC)

struct vrrp_entry_facts {
	bool heard;		 /* an Active peer, which has not fallen silent */
	vrrp_usec_t answered;	 /* the time since when a peer answers; 0 = none */
	vrrp_usec_t route_since; /* the oldest route to a peer, other than the default; 0 = none */
	vrrp_usec_t since;	 /* when it began to wait */
	uint32_t hold_sec;	 /* how long it waits at most */
	vrrp_usec_t interval;	 /* between two of its advertisements */
	uint32_t delay_sec;	 /* preempt delay */
};

struct vrrp_entry_decision {
	enum vrrp_entry entry;
	enum vrrp_entry_reason reason;
	bool is_final;	   /* for a router that has entered: no loss of the way changes it */
	vrrp_usec_t until; /* when it changes without an event; 0 = never */
};

struct vrrp_entry_decision vrrp_entry_decide(const struct vrrp_entry_facts *facts, vrrp_usec_t now);

#define VRRP_ENTRY_NEVER UINT64_MAX

/*
 * A router that went on alone does not know whether a peer is Active. If one is, that peer
 * would give way when it hears a higher priority, which "no preempt" and a preempt delay
 * forbid. So the lowest priority is advertised, and an Active peer with a higher one answers at
 * once. This function returns the time when that ends if nobody is heard: an interval and a
 * half after a peer began to answer echoes, or, where only a route shows that the peer can be
 * reached, the preempt delay after that route counts; whichever is first. VRRP_ENTRY_NEVER:
 * neither applies.
 */
vrrp_usec_t vrrp_entry_meek_end(const struct vrrp_entry_facts *facts);

#endif /* VRRP_ENTRY_H */
