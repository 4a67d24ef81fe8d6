// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_ballot.h"

/* A clock is off by less than a hundredth; and leaving Active takes a moment. */
#define GUARD_DIVISOR 50
#define GUARD_USEC    (20 * VRRP_USEC_PER_MSEC)

/* So often each voter is asked in a lease; a question may be lost. */
#define ASKED_IN_A_LEASE 4

/* The first pause of one that would be Active; each is twice as long as the one before. */
#define FIRST_PAUSE (20 * VRRP_USEC_PER_MSEC)

vrrp_usec_t vrrp_ballot_guard(vrrp_usec_t lease)
{
	return lease / GUARD_DIVISOR + GUARD_USEC;
}

unsigned int vrrp_ballot_majority(const struct vrrp_ballot *ballot)
{
	return (ballot->n_votes + 1) / 2 + 1;
}

unsigned int vrrp_ballot_count(const struct vrrp_ballot *ballot, vrrp_usec_t now)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < ballot->n_votes; i++)
		count += now < ballot->votes[i].until;
	return count;
}

/* The end of the majority is that of the last vote which it cannot do without. */
vrrp_usec_t vrrp_ballot_until(const struct vrrp_ballot *ballot)
{
	vrrp_usec_t best = 0;

	for (unsigned int i = 0; i < ballot->n_votes; i++) {
		vrrp_usec_t until = ballot->votes[i].until;

		if (until > best &&
		    vrrp_ballot_count(ballot, until - 1) + 1 >= vrrp_ballot_majority(ballot))
			best = until;
	}
	return best;
}

static vrrp_usec_t usual_pause(const struct vrrp_ballot *ballot)
{
	return ballot->lease / ASKED_IN_A_LEASE;
}

static vrrp_usec_t sooner(vrrp_usec_t a, vrrp_usec_t b)
{
	return a < b ? a : b;
}

void vrrp_ballot_wish(struct vrrp_ballot *ballot, enum vrrp_wish wish, vrrp_usec_t now)
{
	if (wish == ballot->wish)
		return;
	ballot->wish = wish;
	ballot->pause = wish == VRRP_WISH_ACTIVE ? FIRST_PAUSE : usual_pause(ballot);
	if (wish != VRRP_WISH_NONE)
		ballot->due = now;
}

void vrrp_ballot_asking(struct vrrp_ballot *ballot, vrrp_usec_t now)
{
	if (!ballot->pause || ballot->wish != VRRP_WISH_ACTIVE)
		ballot->pause = usual_pause(ballot);
	ballot->due = now + sooner(ballot->pause, usual_pause(ballot));
	ballot->pause = sooner(2 * ballot->pause, usual_pause(ballot));
}

uint64_t vrrp_vote_ask(struct vrrp_vote *vote, vrrp_usec_t now)
{
	vote->serial++;
	vote->asked[vote->serial % VRRP_ASKED_MAX] = now;
	return vote->serial;
}

static void count_promise(const struct vrrp_ballot *ballot, struct vrrp_vote *vote,
			  vrrp_usec_t asked, vrrp_usec_t left)
{
	vrrp_usec_t guard = vrrp_ballot_guard(ballot->lease);
	vrrp_usec_t until = left > guard ? asked + left - guard : 0;

	if (until > vote->until)
		vote->until = until;
}

/* Asks again as soon as an answer may be another one. */
static void ask_sooner(struct vrrp_ballot *ballot, const struct vrrp_answer *answer, vrrp_usec_t now)
{
	if (ballot->wish != VRRP_WISH_ACTIVE)
		return;
	if (answer->word == VRRP_WORD_UNPROVEN)
		ballot->due = now;
	else if (answer->word != VRRP_WORD_PROMISED && answer->left)
		ballot->due = sooner(ballot->due, now + answer->left + VRRP_USEC_PER_MSEC);
}

bool vrrp_ballot_take(struct vrrp_ballot *ballot, struct vrrp_vote *vote,
		      const struct vrrp_answer *answer, vrrp_usec_t now)
{
	vrrp_usec_t *asked = &vote->asked[answer->serial % VRRP_ASKED_MAX];
	bool was_proven = vote->answer.word != VRRP_WORD_UNPROVEN;

	if (vote->serial - answer->serial >= VRRP_ASKED_MAX || !*asked)
		return false;
	if (answer->word == VRRP_WORD_PROMISED && ballot->wish != VRRP_WISH_NONE)
		count_promise(ballot, vote, *asked, answer->left);
	*asked = 0;
	vote->token = answer->token;
	vote->heard = now;
	vote->answer = *answer;
	if (was_proven || answer->word != VRRP_WORD_UNPROVEN)
		ask_sooner(ballot, answer, now);
	return true;
}

void vrrp_ballot_drop(struct vrrp_ballot *ballot)
{
	for (unsigned int i = 0; i < ballot->n_votes; i++) {
		ballot->votes[i].until = 0;
		memset(ballot->votes[i].asked, 0, sizeof(ballot->votes[i].asked));
	}
}
