/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Promises: what keeps two routers that cannot talk from both being Active ("vrrp N witness").
 *
 * Each router of a group is a voter, and so is each witness. A voter promises itself to one router
 * at a time, for one lease. A router is Active only while a majority of all voters, itself
 * included, has promised itself to it (vrrp_ballot.h). Two majorities have a voter in common, so
 * there is one such router at most, whatever is lost and whoever is cut off, under these rules:
 *
 * - The voter counts the lease from when it answers, the router from when it asked, and a guard
 *   less, since clocks differ in speed. So the router stops before the voter is free.
 * - A router that is Active has promised itself to itself. It promises itself to another one only
 *   when it is not Active any more: YIELDS says that it is to leave Active for this one.
 * - A voter that starts has forgotten what it promised. It is silent for the longest lease that it
 *   can have granted; a router that starts does not promise itself to itself either.
 *
 * Others serve that somebody is Active:
 *
 * - A voter promises only to a router that has just proved that it hears the voter: it repeats the
 *   voter's token, which changes all the time. So a way that carries in one direction only blocks
 *   nobody, and neither a replayed nor a forged question is answered by a promise.
 * - Of two routers that want to be Active, the one with the lower priority (then, address) promises
 *   itself to the other one.
 * - A promise to a router that is not Active yet is not prolonged, so that another one has its turn
 *   if that router cannot use it.
 * - A router that does not want the promise any more gives it back.
 *
 * The functions are pure: they take no memory, open no socket and read no clock. Time is monotonic.
 */
#ifndef VRRP_PROMISE_H
#define VRRP_PROMISE_H

#include "vrrp_addr.h"
#include "vrrp_usec.h"

#define VRRP_LEASE_DEFAULT_SEC 3
#define VRRP_LEASE_MAX_SEC     60
#define VRRP_LEASE_MAX	       (VRRP_LEASE_MAX_SEC * VRRP_USEC_PER_SEC)

enum vrrp_ask_kind {
	VRRP_ASK_NOTHING, /* but the token; the promise, if it has one, is given back */
	VRRP_ASK_PROMISE, /* a promise, or a longer one */
	VRRP_ASK_KINDS,
};

/* What a router says to a voter. */
struct vrrp_ask {
	enum vrrp_ask_kind kind;
	struct vrrp_addr from;
	uint8_t priority;
	bool is_active; /* it is Active already */
	vrrp_usec_t lease;
	uint64_t serial; /* of this question, one more than of the one before */
	uint64_t token;	 /* the voter's, as heard last; 0: never */
};

/* What a voter says to that. */
enum vrrp_promise_word {
	VRRP_WORD_FREE,	    /* nobody has its promise, and none was asked for */
	VRRP_WORD_PROMISED, /* to who asks */
	VRRP_WORD_TAKEN,    /* another one has the promise */
	VRRP_WORD_ACTIVE,   /* the voter is Active itself */
	VRRP_WORD_RIVAL,    /* the voter wants to be Active itself, and has the better priority */
	VRRP_WORD_SILENT,   /* the voter has started a moment ago */
	VRRP_WORD_UNPROVEN, /* who asks has yet to repeat the token */
	VRRP_WORD_LEASE,    /* the lease is longer than any that the voter grants */
	VRRP_WORDS,
	VRRP_WORD_YIELDS, /* not for the wire: the voter is to leave Active, and to answer then */
};

struct vrrp_answer {
	enum vrrp_promise_word word;
	uint64_t serial; /* of the question */
	uint64_t token;
	vrrp_usec_t left;	 /* until the promise, or the silence, ends; 0: not known */
	struct vrrp_addr holder; /* who has the promise; unset: nobody */
};

/* What a voter knows of a router that asks. */
struct vrrp_asker {
	struct vrrp_addr address;
	vrrp_usec_t heard;  /* 0: this entry is free */
	vrrp_usec_t proven; /* when it last repeated a token; 0: never */
	struct {
		uint64_t value;
		vrrp_usec_t issued;
	} token[2]; /* the latest one, and the one before */
};

/* Routers of one group; as many as one of them may have beside itself (VRRP_VOTES_MAX). */
#define VRRP_ASKERS_MAX 16

struct vrrp_voter {
	vrrp_usec_t lease_max;	  /* a longer one is not granted */
	vrrp_usec_t silent_until; /* since its start */
	struct vrrp_addr holder;
	vrrp_usec_t until;  /* when the promise ends; 0: there is none */
	uint64_t serial;    /* of the last question that it was given for */
	vrrp_usec_t proven; /* when somebody last repeated a token; 0: never */
	struct vrrp_asker askers[VRRP_ASKERS_MAX];
};

/* A voter that is a router, as it is now; all zero for a witness. */
struct vrrp_voter_self {
	struct vrrp_addr address;
	uint8_t priority;
	bool is_active;
	bool hands_over; /* Active, and anybody may take over */
	bool wants;	 /* not Active, and would be so */
};

/* A voter that starts now, and has forgotten what it has promised for at most lease_max. */
void vrrp_voter_init(struct vrrp_voter *voter, vrrp_usec_t lease_max, vrrp_usec_t now);

/*
 * Judges a question and gives the answer. random is a number that nobody can guess, for the case
 * that a token is due. After YIELDS the caller leaves Active and asks again.
 */
void vrrp_voter_answer(struct vrrp_voter *voter, const struct vrrp_voter_self *self,
		       const struct vrrp_ask *ask, uint64_t random, vrrp_usec_t now,
		       struct vrrp_answer *answer);

/* True when a router may count itself as one that has promised itself to itself. */
bool vrrp_voter_is_its_own(const struct vrrp_voter *voter, vrrp_usec_t now);

/* True when this router outranks that one: by priority, then by address. */
bool vrrp_promise_outranks(uint8_t priority, const struct vrrp_addr *address,
			   uint8_t other_priority, const struct vrrp_addr *other);

/* "promised", "taken", ... */
const char *vrrp_promise_word_name(enum vrrp_promise_word word);

#endif /* VRRP_PROMISE_H */
