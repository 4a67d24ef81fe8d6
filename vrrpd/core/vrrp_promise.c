// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_promise.h"

/* A token is good for one lease; it is replaced in time for one that comes at every third of it. */
#define TOKENS_IN_A_LEASE 4

void vrrp_voter_init(struct vrrp_voter *voter, vrrp_usec_t lease_max, vrrp_usec_t now)
{
	*voter = (struct vrrp_voter){ .lease_max = lease_max, .silent_until = now + lease_max };
}

static bool is_silent(const struct vrrp_voter *voter, vrrp_usec_t now)
{
	return now < voter->silent_until;
}

static bool is_promised(const struct vrrp_voter *voter, vrrp_usec_t now)
{
	return now < voter->until;
}

bool vrrp_voter_is_its_own(const struct vrrp_voter *voter, vrrp_usec_t now)
{
	return !is_silent(voter, now) && !is_promised(voter, now);
}

bool vrrp_promise_outranks(uint8_t priority, const struct vrrp_addr *address,
			   uint8_t other_priority, const struct vrrp_addr *other)
{
	return priority != other_priority ? priority > other_priority
					  : vrrp_addr_cmp(address, other) > 0;
}

/* ------------------------------------------------------------------------ tokens */

/* Who has proved nothing goes before who has; then, who has been silent for a longer time. */
static bool goes_before(const struct vrrp_asker *a, const struct vrrp_asker *b)
{
	return a->proven != b->proven ? a->proven < b->proven : a->heard < b->heard;
}

/* The entry of who asks. So questions with forged sources take no place of a router that hears. */
static struct vrrp_asker *asker_of(struct vrrp_voter *voter, const struct vrrp_addr *address)
{
	struct vrrp_asker *asker, *first = &voter->askers[0];

	for (unsigned int i = 0; i < VRRP_ASKERS_MAX; i++) {
		asker = &voter->askers[i];
		if (vrrp_addr_same(&asker->address, address))
			return asker;
		if (goes_before(asker, first))
			first = asker;
	}
	*first = (struct vrrp_asker){ .address = *address };
	return first;
}

static bool is_proven(const struct vrrp_asker *asker, const struct vrrp_ask *ask, vrrp_usec_t now)
{
	for (unsigned int i = 0; i < 2; i++)
		if (ask->token && asker->token[i].value == ask->token &&
		    now < asker->token[i].issued + ask->lease)
			return true;
	return false;
}

static uint64_t token_for(struct vrrp_asker *asker, const struct vrrp_ask *ask, uint64_t random,
			  vrrp_usec_t now)
{
	if (asker->token[0].value && now < asker->token[0].issued + ask->lease / TOKENS_IN_A_LEASE)
		return asker->token[0].value;
	asker->token[1] = asker->token[0];
	asker->token[0].value = random ? random : 1;
	asker->token[0].issued = now;
	return asker->token[0].value;
}

/* ------------------------------------------------------------------------- words */

static bool is_holder(const struct vrrp_voter *voter, const struct vrrp_ask *ask, vrrp_usec_t now)
{
	return is_promised(voter, now) && vrrp_addr_same(&voter->holder, &ask->from);
}

static enum vrrp_promise_word word_of_active(const struct vrrp_voter_self *self,
					     const struct vrrp_ask *ask)
{
	return self->hands_over || ask->priority > self->priority ? VRRP_WORD_YIELDS
								  : VRRP_WORD_ACTIVE;
}

static bool is_rival(const struct vrrp_voter_self *self, const struct vrrp_ask *ask)
{
	return self->wants &&
	       vrrp_promise_outranks(self->priority, &self->address, ask->priority, &ask->from);
}

/* To a question for a promise. */
static enum vrrp_promise_word judge(const struct vrrp_voter *voter,
				    const struct vrrp_voter_self *self, const struct vrrp_ask *ask,
				    bool proven, vrrp_usec_t now)
{
	if (ask->lease > voter->lease_max)
		return VRRP_WORD_LEASE;
	if (is_silent(voter, now))
		return VRRP_WORD_SILENT;
	if (!proven)
		return VRRP_WORD_UNPROVEN;
	if (self->is_active)
		return word_of_active(self, ask);
	if (is_promised(voter, now) && !is_holder(voter, ask, now))
		return VRRP_WORD_TAKEN;
	if (is_rival(self, ask) && !is_holder(voter, ask, now))
		return VRRP_WORD_RIVAL;
	return VRRP_WORD_PROMISED;
}

static void promise(struct vrrp_voter *voter, const struct vrrp_ask *ask, vrrp_usec_t now)
{
	if (ask->is_active || !is_promised(voter, now))
		voter->until = now + ask->lease;
	voter->holder = ask->from;
	voter->serial = ask->serial;
}

/* What was sent before the last question for it does not count. */
static void take_back(struct vrrp_voter *voter, const struct vrrp_ask *ask, bool proven,
		      vrrp_usec_t now)
{
	if (proven && is_holder(voter, ask, now) && (int64_t)(ask->serial - voter->serial) > 0)
		voter->until = 0;
}

/* Nothing was asked for: how the voter stands. */
static enum vrrp_promise_word standing(const struct vrrp_voter *voter,
				       const struct vrrp_voter_self *self,
				       const struct vrrp_ask *ask, vrrp_usec_t now)
{
	if (ask->lease > voter->lease_max)
		return VRRP_WORD_LEASE;
	if (is_silent(voter, now))
		return VRRP_WORD_SILENT;
	if (self->is_active)
		return VRRP_WORD_ACTIVE;
	return is_promised(voter, now) ? VRRP_WORD_TAKEN : VRRP_WORD_FREE;
}

static vrrp_usec_t time_left(const struct vrrp_voter *voter, enum vrrp_promise_word word,
			     vrrp_usec_t now)
{
	if (word == VRRP_WORD_SILENT)
		return voter->silent_until - now;
	return is_promised(voter, now) ? voter->until - now : 0;
}

void vrrp_voter_answer(struct vrrp_voter *voter, const struct vrrp_voter_self *self,
		       const struct vrrp_ask *ask, uint64_t random, vrrp_usec_t now,
		       struct vrrp_answer *answer)
{
	struct vrrp_asker *asker = asker_of(voter, &ask->from);
	bool proven = is_proven(asker, ask, now);
	enum vrrp_promise_word word;

	asker->heard = now;
	if (proven)
		asker->proven = voter->proven = now;
	if (ask->kind == VRRP_ASK_NOTHING)
		take_back(voter, ask, proven, now);
	if (ask->kind == VRRP_ASK_NOTHING)
		word = standing(voter, self, ask, now);
	else
		word = judge(voter, self, ask, proven, now);
	if (word == VRRP_WORD_PROMISED)
		promise(voter, ask, now);
	*answer = (struct vrrp_answer){
		.word = word,
		.serial = ask->serial,
		.token = token_for(asker, ask, random, now),
		.left = time_left(voter, word, now),
	};
	if (is_promised(voter, now))
		answer->holder = voter->holder;
}

const char *vrrp_promise_word_name(enum vrrp_promise_word word)
{
	static const char *const names[VRRP_WORDS] = {
		[VRRP_WORD_FREE] = "free",	   [VRRP_WORD_PROMISED] = "promised",
		[VRRP_WORD_TAKEN] = "taken",	   [VRRP_WORD_ACTIVE] = "active",
		[VRRP_WORD_RIVAL] = "rival",	   [VRRP_WORD_SILENT] = "silent",
		[VRRP_WORD_UNPROVEN] = "unproven", [VRRP_WORD_LEASE] = "lease-too-long",
	};

	return (unsigned int)word < VRRP_WORDS ? names[word] : "unknown";
}
