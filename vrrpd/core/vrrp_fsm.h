/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRRP state machine: RFC 9568 section 6, with errata.
 *
 * vrrp_fsm_step() is pure: it takes the configuration, the state, an event and the time, changes
 * the state and returns actions for the engine to carry out in order. It opens no socket, arms no
 * timer, takes no memory and reads no clock. An address family of a virtual router has one machine;
 * VRRPv2 and VRRPv3 differ only in skew time and interval, which are handled here.
 *
 * Timers: an action SET_TIMER names the deadline and a generation; the engine passes the generation
 * back with the expiry, and an expiry of an older generation is ignored, so cancelling cannot race
 * with firing.
 */
#ifndef VRRP_FSM_H
#define VRRP_FSM_H

#include "vrrp_addr.h"
#include "vrrp_belief.h"
#include "vrrp_usec.h"

enum vrrp_state {
	VRRP_INITIALIZE,
	VRRP_BACKUP,
	VRRP_ACTIVE,
};

/* One timer of each kind at most is pending. */
enum vrrp_timer {
	VRRP_TIMER_ACTIVE_DOWN, /* Backup: the Active router is silent */
	VRRP_TIMER_ADVERT,	/* Active: time for the next advertisement */
	VRRP_TIMER_PREEMPT,	/* Backup: end of the preemption delay */
	VRRP_TIMERS,
};

/* The reason for the state: RFC 8347's new-active-reason and more. */
enum vrrp_reason {
	VRRP_REASON_NONE,
	VRRP_REASON_STARTUP,	 /* left Initialize, or went back to wait there */
	VRRP_REASON_OWNER,	 /* priority 255 */
	VRRP_REASON_NO_RESPONSE, /* no Active router was heard, or it fell silent */
	VRRP_REASON_NOT_ACTIVE,	 /* the Active router released (priority 0) */
	VRRP_REASON_PREEMPTED,	 /* we took over from a lower priority */
	VRRP_REASON_PRIORITY,	 /* a higher priority, or equal and higher address, was heard */
	VRRP_REASON_HANDED_OVER, /* we were told to hand over, and another took over */
	VRRP_REASON_STALL,	 /* we slept longer than the others wait */
	VRRP_REASON_SHUTDOWN,	 /* administrator, or the daemon ends */
	VRRP_REASON_SOURCE,	 /* source address or interface gone */
	VRRP_REASON_HELD,	 /* something else keeps it out: it has another hold */
	VRRP_REASON_RESUMED,	 /* it was Active until its daemon ended, a moment ago */
	VRRP_REASON_SYNC,	 /* so that its sync group is Active on one router */
	VRRP_REASON_NO_MAJORITY, /* too few voters have promised themselves to it */
	VRRP_REASONS,
};

struct vrrp_fsm_config {
	uint8_t version;  /* 2 or 3 */
	uint8_t priority; /* 1-255 */
	bool preempt;
	uint32_t interval_cs;	    /* Advertisement_Interval, 1-4095 */
	uint32_t preempt_delay_sec; /* 0 = at once */
	bool settles;		    /* preempts when its own routes have settled (SETTLED) */
	bool syncs;		    /* becomes Active when told so (TAKE_OVER), and not by itself */
	vrrp_usec_t tie_wait;	    /* how long another one decides ties; 0: the address does */
	struct vrrp_addr source;    /* our address for the tie-break */
};

/* The progress of a Backup that preempts the Active router. */
enum vrrp_preemption {
	VRRP_PREEMPTION_NONE,
	VRRP_PREEMPTION_DELAYED,  /* the preemption delay runs */
	VRRP_PREEMPTION_SETTLING, /* it has the VIPs and announces them, and waits for SETTLED */
	VRRP_PREEMPTION_READY,	  /* that has ended */
};

/* The span that ACTIVE_DOWN was armed with. */
enum vrrp_down_span {
	VRRP_DOWN_WHOLE, /* Active_Down_Interval */
	VRRP_DOWN_SKEW,	 /* Skew_Time */
	VRRP_DOWN_HINT,	 /* Skew_Time after an advertisement that BFD says will not come */
};

struct vrrp_fsm {
	enum vrrp_state state;
	enum vrrp_reason reason;     /* of the last transition */
	vrrp_usec_t since;	     /* of the last transition */
	vrrp_usec_t active_interval; /* Active_Adver_Interval, as far as it is believed */
	vrrp_usec_t skew_time;
	vrrp_usec_t active_down_interval;
	struct vrrp_addr active_address; /* the Active router, even this one; unset if unknown */
	uint8_t active_priority;
	uint8_t active_version;	      /* of its last advertisement */
	vrrp_usec_t claimed_interval; /* ... and its interval, believed or not */
	vrrp_usec_t kept_interval;    /* our own, or what the Active router has kept of its */
	struct vrrp_beliefs beliefs;
	vrrp_usec_t advert_sent;  /* when our last advertisement left */
	vrrp_usec_t active_heard; /* time of its last advertisement; 0 = never, or we are Active */
	vrrp_usec_t other_heard;  /* the same of one that is lower than it and than we; 0 = none */
	uint8_t other_priority;
	enum vrrp_preemption preemption;
	bool is_ahead; /* Backup: has VIPs and routes already, to preempt */
	enum vrrp_down_span down_span;
	uint8_t down_put_off; /* how often, because advertisements may not have been heard */
	vrrp_usec_t hands_over_until; /* Active: advertises priority 0 until then; 0 = no */
	bool yields;		      /* it has handed over, and does not preempt */
	bool released;		      /* the Active router said priority 0 */
	bool lower_heard;	      /* the pending timer ignores a lower priority */
	bool is_ready;		      /* config.syncs: it would be Active by now */
	vrrp_usec_t tied,
		tie_heard; /* Active: since when it has a tie, and heard it last; 0 = none */
	struct {
		vrrp_usec_t deadline; /* 0 = not pending */
		uint32_t generation;
	} timer[VRRP_TIMERS];
};

enum vrrp_event_type {
	VRRP_EVENT_STARTUP,  /* interface, source and addresses are there, not shut down */
	VRRP_EVENT_RESUME,   /* the same; and an earlier daemon had it Active */
	VRRP_EVENT_SHUTDOWN, /* reason has the cause; sends priority 0 if Active */
	VRRP_EVENT_TIMER,
	VRRP_EVENT_ADVERT,
	VRRP_EVENT_CONFIG,     /* *config has changed; previous is the old one */
	VRRP_EVENT_SWITCHOVER, /* an Active router is to hand over; no effect on an owner */
	VRRP_EVENT_RECLAIM,    /* ... is not to any more, or may preempt again */
	VRRP_EVENT_PEER_DOWN,  /* BFD no longer reaches the peer with this address */
	VRRP_EVENT_SETTLED,    /* the routes of one that is ahead have been known for long enough */
	VRRP_EVENT_TAKE_OVER,  /* a Backup becomes Active: its sync group, or a majority, lets it */
	VRRP_EVENT_GIVE_UP,    /* an Active router becomes Backup: reason has the cause */
};

struct vrrp_event {
	enum vrrp_event_type type;
	union {
		struct {
			vrrp_usec_t sent;     /* its last advertisement, at the earliest */
			vrrp_usec_t interval; /* ... and what that said */
		} resume;
		struct {
			enum vrrp_reason reason;
		} shutdown, give_up;
		struct {
			enum vrrp_timer which;
			uint32_t generation;
			bool lost; /* packets for us, unread, since ACTIVE_DOWN was set */
		} timer;
		struct {
			struct vrrp_addr source;
			uint8_t priority;
			uint8_t version;
			uint32_t interval_cs;
		} advert;
		struct {
			const struct vrrp_fsm_config *previous;
		} config;
		struct {
			struct vrrp_addr address;
			bool is_verdict; /* advertisements are not waited for */
		} peer_down;
	};
};

enum vrrp_action_type {
	VRRP_ACTION_ADD_ADDRESSES,
	VRRP_ACTION_ADD_ROUTES,
	VRRP_ACTION_SEND_ADVERT, /* with the priority given */
	VRRP_ACTION_GARP,	 /* gratuitous ARP, unsolicited NA */
	VRRP_ACTION_DEL_ROUTES,
	VRRP_ACTION_DEL_ADDRESSES,
	VRRP_ACTION_SET_TIMER,
	VRRP_ACTION_CANCEL_TIMER,
	VRRP_ACTION_STAY,	/* it was to hand over, and nobody took over */
	VRRP_ACTION_TRANSITION, /* for log, counters, notification; always the last one
				   of its step */
};

struct vrrp_action {
	enum vrrp_action_type type;
	union {
		uint8_t priority; /* SEND_ADVERT */
		struct {
			enum vrrp_timer which;
			vrrp_usec_t deadline;
			uint32_t generation;
		} timer; /* SET_TIMER, CANCEL_TIMER */
		struct {
			enum vrrp_state from, to;
			enum vrrp_reason reason;
		} transition;
	};
};

/* Maximum number of actions of a step. */
#define VRRP_ACTIONS_MAX 16

struct vrrp_actions {
	unsigned int count;
	struct vrrp_action list[VRRP_ACTIONS_MAX];
};

/*
 * The machine in Initialize, at time now. Only for a new one: generations start
 * again from 0, so timers set for an earlier machine must not fire into this one.
 */
void vrrp_fsm_init(struct vrrp_fsm *fsm, vrrp_usec_t now);

/*
 * Decisions where the RFCs leave room, or a router can be late:
 *
 * - An advertisement from our own source address is an echo or a duplicate
 *   address, which no election can settle: it is ignored.
 * - An advertisement of a lower router, or priority 0, is answered at once, unless one
 *   of ours left less than a millisecond ago: that is the answer. So a socket that filled
 *   while we did not run is answered by one and not by a burst.
 * - An Active router's interval is believed step by step (vrrp_belief.h), so that one
 *   mistyped or forged advertisement makes nobody wait for minutes. Between 100 ms and 1 s
 *   an operator changes one router after the other without a transition. A Backup with an interval
 *   of less than a twelfth of the Active router's takes over a few times for an instant; each time
 *   it then waits four times as long.
 * - An upgrade (RFC 9568 section 8.4.2): a version 3 machine is handed VRRPv2 as well.
 *   It is ignored from an Active router that was heard in VRRPv3 less than two intervals ago; so a
 *   router that goes on in VRRPv2 only does not count as lost.
 * - Preemption delay: the first advertisement of a lower priority starts it, and
 *   until it ends that router is respected as if preemption were off. Then
 *   ACTIVE_DOWN is armed with Skew_Time, so that of several waiting routers the
 *   best is first. An advertisement of our priority or a higher one ends the
 *   wait; the next lower one starts it anew. The owner never waits.
 * - Settling (config.settles; only where two may have a VIP at once): a Backup that would
 *   preempt, after its delay, first adds addresses and routes while it remains Backup and
 *   respects the Active router. SETTLED ends that, like the end of a preemption delay.
 *   What ends the preemption, or leads to Initialize, removes routes and addresses again. The
 *   owner does not wait for that either.
 * - Priority 0 makes a takeover sooner, never later: ACTIVE_DOWN is set to Skew_Time
 *   only if it would fire after that. So endless priority 0, true or forged, does not
 *   keep a Backup from replacing a dead router. The end of a preemption delay follows the
 *   same rule.
 * - Our own stall, Active: when the advertisement timer is overdue by more than
 *   the longest Active_Down_Interval a backup can have with our interval, some
 *   backup has taken over. Whatever event shows it, we become Backup first and
 *   listen for a whole Active_Down_Interval; so does the owner.
 * - Our own stall, Backup: when ACTIVE_DOWN fires late by more than one
 *   Active_Adver_Interval, the advertisements that would have rearmed it may
 *   still lie in the socket. It is put off by Skew_Time (1 ms at least), once:
 *   its next expiry, late or not, makes us Active, unless an advertisement has set
 *   it anew. Priority 0 in between does not set it anew.
 * - Packets lost, Backup: when they came faster than they could be read, the Active
 *   router's may be among them, and its silence proves little. ACTIVE_DOWN is put off by
 *   a whole Active_Down_Interval, three times at most until an advertisement sets it anew.
 *   Skew_Time after priority 0, a preemption delay or a verdict of BFD is not put off: its cause was
 *   heard.
 * - PEER_DOWN is heeded only by a Backup that follows this peer as its Active router. It is a
 *   hint: the next advertisement is waited for until it is late by half an interval, and Skew_Time
 *   more; so a dead BFD path alone moves nothing, even at priority 254, where Skew_Time is less
 *   than an advertisement may be late. As a verdict, it has the effect of priority 0. It never makes
 *   a takeover later, and the next advertisement sets ACTIVE_DOWN anew.
 * - RESUME: a daemon that is restarted need not wait as the RFC's Initialize does, for what is
 *   waited for is known: this router is the Active one. No Backup can have taken over before three
 *   of the intervals that it advertised have passed since its last advertisement, so until then it
 *   is Active at once, and to the others nothing has happened. If one has taken over nonetheless (a
 *   better router that came meanwhile), two are Active until the first advertisement of either, and
 *   the rules for that decide. Later it is STARTUP. A Backup that has heard anybody since
 *   it started ignores it.
 * - CONFIG while Active: a new priority, source or interval is advertised at
 *   once, so that no backup goes by the old one; a new interval starts now.
 *   CONFIG while Backup: a pending ACTIVE_DOWN moves by what Skew_Time or
 *   Active_Down_Interval changed, but never into the past. An own interval
 *   counts until an Active router's is learnt.
 * - SWITCHOVER: the router stays Active, with addresses and routes, and advertises priority 0
 *   at its interval, since one of them may be lost. The first advertisement of another router,
 *   whatever its priority, makes it Backup. When that has not come within the longest
 *   Active_Down_Interval a Backup can have, it advertises its own priority again (STAY). One
 *   that has handed over does not preempt until the Active router has fallen silent or says
 *   priority 0, or until RECLAIM; an owner always preempts. RECLAIM also ends a hand-over.
 * - Sync (config.syncs): a Backup that would become Active is ready instead, and asks again after an
 *   Active_Down_Interval, until TAKE_OVER. Whom it respects ends that, as it sets ACTIVE_DOWN anew.
 *   TAKE_OVER also makes one Active that is not ready, whatever Preempt_Mode says. RESUME needs no
 *   TAKE_OVER. GIVE_UP says priority 0; for HANDED_OVER the router then does not preempt, as after
 *   SWITCHOVER. CONFIG without syncs makes one that is ready Active at once, unless it respects now
 *   whom it was to preempt.
 * - A tie, Active (config.tie_wait): the rival of the same priority and a higher address is neither
 *   yielded to nor answered, since another member of the sync group decides; when that has not
 *   happened for so long, the address decides.
 * - CONFIG while Backup that makes it respect the router which it was about to preempt
 *   (preemption off, a lower priority, a longer delay): ACTIVE_DOWN counts from the last
 *   advertisement of that router, as if it had been respected when it came.
 */

/*
 * One step. *actions is overwritten; its list is in the order to be carried out:
 *   becoming Active: ADD_ADDRESSES, ADD_ROUTES, SEND_ADVERT, ANNOUNCE, timers, TRANSITION
 *   ahead of that:   ADD_ADDRESSES, ADD_ROUTES; taken back by DEL_ROUTES, DEL_ADDRESSES
 *   leaving Active:  [SEND_ADVERT 0,] DEL_ROUTES, DEL_ADDRESSES, timers, TRANSITION
 * (RFC 9568 sections 6.4.1 to 6.4.3, RFC 3768 section 6.4).
 */
void vrrp_fsm_step(const struct vrrp_fsm_config *config, struct vrrp_fsm *fsm,
		   const struct vrrp_event *event, vrrp_usec_t now, struct vrrp_actions *actions);

/* Skew_Time for an Active router's interval (RFC 9568 section 6.1; RFC 3768 section 6.1 for version 2). */
vrrp_usec_t vrrp_skew_time(uint8_t version, uint8_t priority, vrrp_usec_t active_interval);

/* Active_Down_Interval (RFC 9568 section 6.1). */
vrrp_usec_t vrrp_active_down_interval(uint8_t version, uint8_t priority,
				      vrrp_usec_t active_interval);

/*
 * True while it is the Backup of the router that it heard last; then that router's interval counts.
 */
bool vrrp_fsm_follows(const struct vrrp_fsm *fsm);

/* "Initialize", "Backup", "Active". */
const char *vrrp_state_name(enum vrrp_state state);

/* "Active_Down_Timer", "Adver_Timer" (RFC 9568 section 6.2), "preemption delay". */
const char *vrrp_timer_name(enum vrrp_timer timer);

/* RFC 8347's word, such as "no-response". */
const char *vrrp_reason_name(enum vrrp_reason reason);

#endif /* VRRP_FSM_H */
