/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracking: "vrrp N track …". What a group tracks lowers its priority, or keeps it out of the
 * election, as long as it is down.
 *
 * An object is in the daemon once, whatever the number of groups that track it. This room writes
 * group->tracking, and a handler, which the daemon sets, tells the engine.
 */
#ifndef VRRP_TRACK_H
#define VRRP_TRACK_H

#include "vrrp_group.h"
#include "vrrp_probe.h"

enum vrrp_track_kind {
	VRRP_TRACK_INTERFACE, /* name: the interface's; up while it is operative */
	VRRP_TRACK_ROUTE,     /* name: the prefix; up while zebra has selected a route to just it */
	VRRP_TRACK_FILE,      /* name: the path; its first number is subtracted */
	VRRP_TRACK_CHECK,     /* name: a "vrrp check"'s; up while that succeeds */
	VRRP_TRACK_SERVICE,   /* name: an IPVS service's; up while it has its quorum */
	VRRP_TRACK_KINDS,
};

/* Lengths of names, with their zeros. */
#define VRRP_TRACK_NAME_SIZE	 256
#define VRRP_TRACK_VRF_SIZE	 37
#define VRRP_TRACK_PROTOCOL_SIZE 16
#define VRRP_TRACK_CHECK_SIZE	 64

/* Which object. */
struct vrrp_track_key {
	enum vrrp_track_kind kind;
	char name[VRRP_TRACK_NAME_SIZE];
	char vrf[VRRP_TRACK_VRF_SIZE];		 /* of a route; "": the default one */
	char protocol[VRRP_TRACK_PROTOCOL_SIZE]; /* of a route, as zebra names it; "": any */
};

/* A line "vrrp N track …". */
struct vrrp_track_conf {
	struct vrrp_track_key key;
	uint8_t decrement; /* while it is down; 0: the group leaves the election */
	uint16_t up_sec, down_sec;
};

/* "interface", "route", … */
const char *vrrp_track_kind_name(enum vrrp_track_kind kind);

/*
 * All that a group tracks from now on: count lines. What is in none of them any more is tracked
 * until nobody has configured anything for a while, since frr-reload takes a line back before it
 * sends it anew.
 */
void vrrp_track_configure(struct vrrp_group *group, const struct vrrp_track_conf *confs,
			  unsigned int count);

/* What happens outside: an interface, or a VRF, has come, gone or changed. */
void vrrp_track_on_link(const char *ifname);

/* "vrrp check NAME …": a health check that groups may track; it is made only while one does. */
struct vrrp_track_check {
	char name[VRRP_TRACK_CHECK_SIZE];
	struct vrrp_addr target;
	uint16_t port;		      /* host order; 0: ICMP has none */
	struct vrrp_probe_conf probe; /* its texts are the caller's, and copied */
};

/*
 * All that are configured from now on: count of them. What is in none of them any more stays until
 * nobody has configured anything for a while.
 */
void vrrp_track_checks_configure(const struct vrrp_track_check *checks, unsigned int count);
/* As if nobody had; for tests. */
void vrrp_track_checks_settle_now(void);

/* ----------------------------------------------------------------------- for show */

struct vrrp_track_status {
	const struct vrrp_track_key *key;
	int badness;	    /* see vrrp_badness.h */
	const char *why;    /* "link down", …; "": nothing to say */
	int64_t since;	    /* of this badness, vrrp_now() */
	unsigned int users; /* groups */
	unsigned int leave; /* ... of them, whose line was taken back: until there is silence */
};
typedef void (*vrrp_track_fn)(const struct vrrp_track_status *status, void *arg);
void vrrp_track_walk(vrrp_track_fn fn, void *arg);

/* One line of a group, and what it costs. */
struct vrrp_track_part {
	const struct vrrp_track_conf *conf;
	int badness;	      /* in effect, after delays */
	unsigned int penalty; /* what it subtracts from the priority now */
	bool holds;	      /* it keeps the group out of the election */
	uint64_t due_msec;    /* until a change of the object's takes effect; 0: there is none */
};
typedef void (*vrrp_track_part_fn)(const struct vrrp_track_part *part, void *arg);
void vrrp_track_walk_group(const struct vrrp_group *group, vrrp_track_part_fn fn, void *arg);

/* "unknown", "up", "up, lowers by 20", "down" */
#define VRRP_TRACK_STATE_SIZE 24
const char *vrrp_track_state(int badness, char buf[VRRP_TRACK_STATE_SIZE]);
/* "route 10.0.0.0/8 vrf red protocol bgp" */
#define VRRP_TRACK_TEXT_SIZE (VRRP_TRACK_NAME_SIZE + 80)
const char *vrrp_track_text(const struct vrrp_track_key *key, char buf[VRRP_TRACK_TEXT_SIZE]);

/* changed: group->tracking of this group has changed; called from the event loop. */
void vrrp_track_init(void (*changed)(struct vrrp_group *group));
/* A group is freed: drops all that it tracks. */
void vrrp_track_forget(struct vrrp_group *group);
/* To be called when there is no group any more, and no service; ends what all probes share. */
void vrrp_track_stop(void);

#endif /* VRRP_TRACK_H */
