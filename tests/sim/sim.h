/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulator's world: routers that run the product's engine (tests/fake),
 * a network between them, and one clock that jumps from event to event.
 *
 * A run is a scenario and a seed, and nothing else: the same two give the same
 * run on any machine, which is what makes a failure replay. Time is virtual, in
 * microseconds. Each router has a monotonic clock of its own that shows another
 * value than its neighbours', so nothing can depend on clocks that agree, and a
 * wall clock that is stepped about and that no part of the machine can see.
 *
 * Everything lives in one struct world of fixed size. What is going to happen is
 * a slot in its queue: each timer of each router has its own, each incident of
 * the scenario too, and packets take theirs from a free list. Nothing is
 * allocated while a run lasts.
 *
 *	scenario.c   reads the text file
 *	queue.c      what is next
 *	world.c      packets and time: the run itself
 *	engine.c     routers: the product's engine, on a host that is not there
 *	place.c      their VIP interfaces, and what they still answer on
 *	incident.c   what the scenario does to them
 *	check.c      what must hold, and why (the bounds are derived there)
 *	trace.c      what happened, for those who have to find out why
 *	main.c       options, runs, totals
 */
#ifndef SIM_H
#define SIM_H

#include "vrrp_group.h"

#include "queue.h"

#define SIM_ROUTERS_MAX	  8
#define SIM_INCIDENTS_MAX 24
#define SIM_INBOX_MAX	  64
#define SIM_PACKET_MAX	  48

#define SIM_MS 1000ULL
#define SIM_S  1000000ULL

#define BIT(n) (1U << (n))

struct range {
	uint64_t low, high;
};

enum incident_kind {
	INCIDENT_CRASH,	    /* the process is gone, without a word */
	INCIDENT_RESTART,   /* ... and the next one is told what it was */
	INCIDENT_STOP,	    /* it leaves with priority 0 */
	INCIDENT_SOURCE,    /* its source address goes; it may or may not say so */
	INCIDENT_STALL,	    /* it does not run: timers late, packets wait in its socket */
	INCIDENT_PRIORITY,  /* another priority */
	INCIDENT_TRACK,	    /* something it tracks is down, and lowers its priority by this */
	INCIDENT_INTERVAL,  /* another advertisement interval */
	INCIDENT_PREEMPT,   /* preemption on or off, whichever it is not */
	INCIDENT_ADDRESS,   /* its other source address */
	INCIDENT_PARTITION, /* two random sides hear nothing of each other */
	INCIDENT_CUT,	    /* two routers do not hear each other */
	INCIDENT_ONEWAY,    /* the second does not hear the first */
	INCIDENT_LOSS,	    /* packets are lost, this share of them */
	INCIDENT_DUP,	    /* ... arrive twice */
	INCIDENT_REORDER,   /* ... are late by up to scenario->reorder */
	INCIDENT_CORRUPT,   /* ... have a bit flipped */
	INCIDENT_CLOCK,	    /* its wall clock is stepped */
	INCIDENT_FORGE,	    /* a stranger sends it an advertisement of priority 255 */
	INCIDENT_FAREWELL, /* the second hears priority 0 in the first one's name, not sent by it */
	INCIDENT_SWITCHOVER, /* it is told to hand over */
	INCIDENT_PEER_DOWN,  /* BFD of the first no longer reaches the second: the path alone */
	INCIDENTS,
};

#define WEATHERS (INCIDENT_CORRUPT + 1)

/* The router of an incident: a number from 0 on, or one of these. */
enum {
	WHO_ANY = -1,
	WHO_ACTIVE = -2,
	WHO_BACKUP = -3,
};

struct incident {
	enum incident_kind kind;
	bool repeats;
	int who, whom;
	struct range when; /* since the start, or since the last time */
	struct range value;
	struct range lasts; /* 0-0: it stays */
};

struct scenario {
	char name[64];
	unsigned int n_routers;
	unsigned int members; /* of a sync group: so many routers are on one host; else 1 */
	uint8_t version, family;
	bool lan;
	bool timers_first; /* after a stall: the product reads its sockets first */
	struct range priority[SIM_ROUTERS_MAX];
	struct range interval_cs[SIM_ROUTERS_MAX];
	struct range preempt[SIM_ROUTERS_MAX]; /* 0-0 no, 1-1 yes, 0-1 either */
	struct range preempt_delay_sec[SIM_ROUTERS_MAX];
	struct range delay;	  /* of a packet, sender's step to receiver's */
	struct range latency;	  /* of a timer, its deadline to its step */
	vrrp_usec_t reorder;	  /* the longest delay that INCIDENT_REORDER adds */
	uint32_t stale_ppm;	  /* share of cancelled timers that fire nevertheless */
	vrrp_usec_t drain;	  /* 0: VIPs are on the LAN */
	bool standby;		  /* a Backup announces as well */
	bool healthy;		  /* ... and has the VIP, if nothing that it tracks is down */
	vrrp_usec_t settle;	  /* before they preempt, their routes are known for so long */
	vrrp_usec_t length;	  /* of a run */
	vrrp_usec_t interval_max; /* any router's, at any time of any run */
	vrrp_usec_t interval_min;
	vrrp_usec_t preempt_delay; /* the longest */
	bool farewells;		   /* false ones: nothing is ever settled */
	bool moves;		   /* routers use their other address, too, which peers know */
	unsigned int n_incidents;
	struct incident incident[SIM_INCIDENTS_MAX];
};

/* Why a router does not take part. */
enum hold {
	HOLD_CRASHED,
	HOLD_STOPPED,
	HOLD_SOURCE,
	HOLDS,
};

struct packet {
	uint8_t from; /* SIM_ROUTERS_MAX: none of them */
	uint8_t to;
	uint8_t depth; /* advertisements that each caused the next, up to this one */
	bool corrupt, forged;
	uint32_t id;	  /* of the advertisement; its copies share it */
	uint8_t priority; /* as sent */
	uint32_t interval_cs;
	uint8_t size;
	struct vrrp_addr src, dst;
	uint8_t data[SIM_PACKET_MAX];
};

/* An incident that has to be undone later. */
struct undo {
	enum incident_kind kind;
	uint8_t who, whom;
	uint32_t value;
	uint8_t side; /* partition */
};

enum slot_kind {
	SLOT_FREE,
	SLOT_TIMER, /* of the state machine */
	SLOT_ALARM, /* another one of the engine */
	SLOT_STALE, /* a timer that was set anew or cancelled, and fires anyway */
	SLOT_PACKET,
	SLOT_INCIDENT,
	SLOT_UNDO,
	SLOT_RESUME, /* end of a stall */
	SLOT_DRAIN,  /* the socket is read after the timers */
	SLOT_WATCH,  /* a bound ends */
};

struct slot {
	enum slot_kind kind;
	uint8_t router;
	enum vrrp_timer which;
	uint32_t generation;
	uint32_t incarnation;
	union {
		struct packet packet;
		struct undo undo;
		unsigned int incident;
		uint16_t next_free;
	};
};

/* Slots: timers first, then the single ones, then the free list. */
#define SLOT_OF_TIMER(r, which) ((r) * VRRP_TIMERS + (which))
#define SLOT_OF_GRACE(r)	(SIM_ROUTERS_MAX * VRRP_TIMERS + (r))
#define SLOT_OF_REPEAT(r)	(SLOT_OF_GRACE(SIM_ROUTERS_MAX) + (r))
#define SLOT_OF_HANDOVER(r)	(SLOT_OF_REPEAT(SIM_ROUTERS_MAX) + (r))
#define SLOT_OF_AHEAD(r)	(SLOT_OF_HANDOVER(SIM_ROUTERS_MAX) + (r))
#define SLOT_OF_INCIDENT(i)	(SLOT_OF_AHEAD(SIM_ROUTERS_MAX) + (i))
#define SLOT_OF_RESUME(r)	(SLOT_OF_INCIDENT(SIM_INCIDENTS_MAX) + (r))
#define SLOT_OF_DRAIN(r)	(SLOT_OF_RESUME(SIM_ROUTERS_MAX) + (r))
#define SLOT_OF_WATCH		SLOT_OF_DRAIN(SIM_ROUTERS_MAX)
#define SLOTS_FIXED		(SLOT_OF_WATCH + 1)

struct router {
	struct vrrp_fsm_config config; /* as configured, but the priority is the one in effect */
	uint8_t priority;	       /* that is configured ... */
	uint8_t penalty;	       /* ... less this, for what it tracks */
	struct vrrp_group *group;      /* the engine's; another one after a crash */
	struct vrrp_router *vr;	       /* of it, the family of the scenario */
	struct vrrp_addr address[2];
	vrrp_usec_t clock; /* its monotonic clock shows now + this */
	int64_t wall;	   /* its wall clock is wrong by this */
	uint32_t incarnation;
	uint8_t hold[HOLDS];
	bool stalled;
	vrrp_usec_t resumes;
	bool must_yield;	   /* it slept, and its next step must leave Active */
	bool yields;		   /* it has handed over, and is not to preempt */
	vrrp_usec_t down_deadline; /* of ACTIVE_DOWN, as last set */
	bool put_off;		   /* ... because it was late */
	bool addresses, routes;
	bool answers;	 /* ... for them without being Active, or announcing them */
	bool serves;	 /* sim_serves() of it, when last looked at */
	bool owes_route; /* it has left the election, and nobody has become Active since */
	vrrp_usec_t active_since, active_until;
	bool is_ahead;	/* has and announces the VIP, to preempt */
	bool drew_back; /* ... and did not, at drained_since */
	vrrp_usec_t ahead_since, drained_since;
	vrrp_usec_t last_sent;
	vrrp_usec_t disturbed;	    /* last time something happened to it that bounds start from */
	uint32_t rearmed_by;	    /* id of the advertisement that set ACTIVE_DOWN, or 0 */
	vrrp_usec_t rearm_interval; /* of the last advertisement it followed */
	struct heard {		    /* last of each, in this state; at 0 = none, or goodbye since */
		vrrp_usec_t at;
		uint8_t priority;
	} heard[SIM_ROUTERS_MAX + 1];
	vrrp_usec_t hinted[SIM_ROUTERS_MAX]; /* when BFD last said that it is down */
	struct was_active {		     /* when its process ended to be started again */
		vrrp_usec_t sent; /* its last advertisement; 0: it was not, or that is over */
		vrrp_usec_t interval;
		vrrp_usec_t ended; /* 0: not in a settled component */
	} was_active;
	vrrp_usec_t unnoticed; /* back since then, before anybody could have taken over; or 0 */
	unsigned int n_inbox;
	uint16_t inbox[SIM_INBOX_MAX]; /* slots of packets not yet read */
};

struct totals {
	uint64_t events, sent, received, dropped, transitions, takeovers;
	vrrp_usec_t virtual_time; /* all routers of all runs */
	uint64_t settled; /* times that a component was quiet long enough to be checked as such */
	unsigned int depth_max, per_second_max;
	/* The most of a bound that was ever used, in thousandths. */
	unsigned int two_active_permille, no_active_permille;
};

enum tracing {
	TRACE_NOT,
	TRACE_ALL,
	TRACE_TAIL, /* kept, and printed when the run fails */
};

struct world {
	const struct scenario *scenario;
	unsigned int n; /* routers: r / members is the host of r, r % members its election */
	struct vrrp_addr vip[SIM_ROUTERS_MAX]; /* of each router of a host */
	uint64_t seed, random;
	vrrp_usec_t now;
	uint32_t last_id;
	bool ignore_clock_steps;
	uint64_t digest; /* of all transitions: runs that are alike have the same */
	struct router router[SIM_ROUTERS_MAX];
	uint8_t cuts[SIM_ROUTERS_MAX][SIM_ROUTERS_MAX]; /* reasons why [from] is not heard by [to] */
	uint32_t weather[WEATHERS];			/* parts in a million */
	uint32_t weather_turn[WEATHERS];
	/* check.c's */
	bool served;		  /* somebody is Active, or left it to somebody */
	bool look;		  /* something moved: compare with the bounds after this event */
	vrrp_usec_t released;	  /* when a settled component's Active router left politely */
	unsigned int released_to; /* ... and who was left */
	vrrp_usec_t split;   /* since when members of a sync group are Active on two hosts; or 0 */
	vrrp_usec_t doubled; /* since when two hosts are Active for all of one; or 0 */
	vrrp_usec_t second;
	unsigned int sent_this_second;
	/* trace.c's */
	enum tracing tracing;
	bool failed;
	char failure[400];
	struct totals *totals;
	struct queue queue;
	uint16_t free_slots;   /* a list; 0 ends it */
	uint16_t unused_slots; /* from here on none was ever used */
	struct slot slot[QUEUE_SLOTS];
};

/* A Backup that has the VIP and announces it, since nothing that it tracks is down. */
static inline bool sim_serves(const struct world *world, const struct router *router)
{
	return world->scenario->healthy && router->vr->fsm.state == VRRP_BACKUP && !router->penalty;
}

static inline unsigned int sim_host(const struct world *world, unsigned int r)
{
	return r / world->scenario->members;
}

static inline unsigned int sim_election(const struct world *world, unsigned int r)
{
	return r % world->scenario->members;
}

/* The world's own generator (xorshift64*): the C library's differ. */
static inline uint64_t sim_random(struct world *world)
{
	world->random ^= world->random >> 12;
	world->random ^= world->random << 25;
	world->random ^= world->random >> 27;
	return (world->random * 0x2545f4914f6cdd1dULL) >> 32;
}

static inline uint64_t sim_below(struct world *world, uint64_t below)
{
	return below >> 32 ? sim_random(world) * (below >> 32) : (sim_random(world) * below) >> 32;
}

static inline uint64_t sim_within(struct world *world, const struct range *range)
{
	return range->low == range->high
		       ? range->low
		       : range->low + sim_below(world, range->high - range->low + 1);
}

static inline bool sim_chance(struct world *world, uint32_t ppm)
{
	return ppm != 0 && sim_below(world, 1000000) < ppm;
}

/* scenario.c: false, after a message on stderr, when the file cannot be used. */
bool scenario_read(const char *path, struct scenario *scenario);

/* world.c */

/* One run: true when nothing that must hold was broken, else world->failure says what. */
bool world_run(struct world *world, const struct scenario *scenario, uint64_t seed);
/* The router runs, and its group is in the election. */
bool world_takes_part(const struct router *router);
/* A new slot of this kind that happens at this time, or NULL after a failure. */
struct slot *world_schedule(struct world *world, enum slot_kind kind, unsigned int r,
			    vrrp_usec_t at);
/* Everything a process forgets when it dies. */
void world_forget(struct world *world, unsigned int r);
void world_stall(struct world *world, unsigned int r, vrrp_usec_t until);
void world_deliver(struct world *world, struct slot *slot);
/* A datagram leaves: to all, or to the one that has that address. */
void world_send(struct world *world, const struct packet *message);
/* A timer of the state machine, as the engine has it now. */
void world_timer(struct world *world, unsigned int r, enum vrrp_timer which);
/* Another alarm, which has this slot; deadline by its own clock, 0: none. */
void world_alarm(struct world *world, unsigned int r, unsigned int slot, vrrp_usec_t deadline);

/* engine.c: what the product is told, and the end of the tick but where it says otherwise. */
void engine_begin(struct world *world);
/* Nothing of the run is left in it. */
void engine_end(struct world *world);
/* A group as it was configured at the start, which takes no part yet. */
void engine_new_process(struct world *world, unsigned int r);
/* router->config, and whether it is to take part. */
void engine_hand_over(struct world *world, unsigned int r);
void engine_configure(struct world *world, unsigned int r);
/* Its penalty has changed. */
void engine_track(struct world *world, unsigned int r);
/* Its host has its addresses, or not. */
void engine_source(struct world *world, unsigned int r, bool has);
/* It reads one packet; the tick goes on. True: it is accepted. */
bool engine_hears(struct world *world, unsigned int r, const struct packet *packet);
void engine_ends_tick(struct world *world, unsigned int r);
void engine_timer(struct world *world, unsigned int r, enum vrrp_timer which);
/* BFD no longer reaches that router; the process runs, and takes part. */
void engine_peer_down(struct world *world, unsigned int r, unsigned int peer);
void engine_stale_timer(struct world *world, unsigned int r, enum vrrp_timer which,
			uint32_t generation);
/* The alarm of that slot. */
void engine_alarm(struct world *world, unsigned int r, unsigned int slot);
/* The router that acts puts its VIP on the link of drains, or takes it off. */
void engine_answers(bool does);
/* Its process is gone; router->group as well. */
/* With all of its host. */
void engine_dies(struct world *world, unsigned int r);

/* incident.c */
void incident_first(struct world *world);
/* The priority in effect of all routers of the host of r. */
void incident_priorities(struct world *world, unsigned int r);
void incident_happens(struct world *world, unsigned int i);
void incident_undone(struct world *world, const struct undo *undo);

/* check.c */
void check_step(struct world *world, unsigned int r, const struct vrrp_event *event,
		enum vrrp_state before, const struct vrrp_actions *actions);
/* The tick has ended: what there is is what ought to be. */
void check_state(struct world *world, unsigned int r);
/* The tick of a host has ended: nobody of it is Active while one is held. */
void check_held(struct world *world, unsigned int r);
/* It has just become Active, or left it. */
void check_moves(struct world *world, unsigned int r);
/* After an event: somebody has the VIP. */
void check_served(struct world *world);
void check_packet(struct world *world, unsigned int r, const struct packet *packet, bool accepted);
void check_sent(struct world *world, unsigned int r, const struct vrrp_event *cause,
		unsigned int depth);
/* Something happened to this router from which bounds start anew. */
void check_disturbed(struct world *world, unsigned int r);
/* Its process ends to be started again, or is back: call it before. */
void check_restarts(struct world *world, unsigned int r);
void check_is_back(struct world *world, unsigned int r);
/* The last Active router of its component says goodbye: call it before. */
void check_releases(struct world *world, unsigned int r);
void check_bounds(struct world *world);

/* trace.c */
#define TRACE(world, ...)                                                                          \
	do {                                                                                       \
		if ((world)->tracing != TRACE_NOT)                                                 \
			trace_line(world, __VA_ARGS__);                                            \
	} while (0)
void trace_line(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
void trace_step(struct world *world, unsigned int r, const struct vrrp_event *event,
		enum vrrp_state before, const struct vrrp_actions *actions);
void trace_tail(void);
/* The run is over: this must hold and does not. Only the first counts. */
void sim_fail(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif /* SIM_H */
