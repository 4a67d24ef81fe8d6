/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ballot of a router: what the other voters of its group have promised it (vrrp_promise.h), and
 * when it asks them next. Pure functions; time is monotonic.
 */
#ifndef VRRP_BALLOT_H
#define VRRP_BALLOT_H

#include "vrrp_promise.h"

/* Voters beside the router itself: other routers and witnesses. */
#define VRRP_VOTES_MAX 16

/* Questions to one voter that may be under way at once. */
#define VRRP_ASKED_MAX 8

/* What one other voter said. */
struct vrrp_vote {
	uint64_t serial; /* of the last question; begins with a number that nobody can guess */
	vrrp_usec_t asked[VRRP_ASKED_MAX]; /* when, by serial; 0: answered, or never */
	vrrp_usec_t until;		   /* its promise counts until then; 0: it has none */
	uint64_t token;
	vrrp_usec_t heard; /* the last answer; 0: none yet */
	struct vrrp_answer answer;
};

/* What the router wants of the others. */
enum vrrp_wish {
	VRRP_WISH_NONE,	  /* it is content, and keeps its tokens fresh */
	VRRP_WISH_ACTIVE, /* it would be Active */
	VRRP_WISH_STAY,	  /* it is Active */
};

struct vrrp_ballot {
	vrrp_usec_t lease;
	unsigned int n_votes;
	struct vrrp_vote votes[VRRP_VOTES_MAX];
	enum vrrp_wish wish;
	vrrp_usec_t due;   /* when the voters are asked next */
	vrrp_usec_t pause; /* before the question after that */
};

/* How much sooner than its voter a router takes a promise for over: clocks differ in speed. */
vrrp_usec_t vrrp_ballot_guard(vrrp_usec_t lease);

/* The number of voters that must have promised, the router itself included. */
unsigned int vrrp_ballot_majority(const struct vrrp_ballot *ballot);

/*
 * Until when it has a majority, if it is its own (vrrp_voter_is_its_own()); not after now: it has
 * none.
 */
vrrp_usec_t vrrp_ballot_until(const struct vrrp_ballot *ballot);

/* How many have promised, without the router itself. */
unsigned int vrrp_ballot_count(const struct vrrp_ballot *ballot, vrrp_usec_t now);

/* The wish has changed, or is the same: asks at once if it is another one. */
void vrrp_ballot_wish(struct vrrp_ballot *ballot, enum vrrp_wish wish, vrrp_usec_t now);

/* The voters are being asked: sets when that is due again. */
void vrrp_ballot_asking(struct vrrp_ballot *ballot, vrrp_usec_t now);

/* Notes a question to a voter and returns its serial. */
uint64_t vrrp_vote_ask(struct vrrp_vote *vote, vrrp_usec_t now);

/*
 * The answer of a voter. False: it answers no question of the last few. A refusal with an end in
 * sight makes the ballot ask again then.
 */
bool vrrp_ballot_take(struct vrrp_ballot *ballot, struct vrrp_vote *vote,
		      const struct vrrp_answer *answer, vrrp_usec_t now);

/* The router gives all promises back. */
void vrrp_ballot_drop(struct vrrp_ballot *ballot);

#endif /* VRRP_BALLOT_H */
