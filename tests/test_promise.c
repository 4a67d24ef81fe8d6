// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Promises, the ballot, and their packets. A row is what a voter knows, what it is asked, and its
 * answer. Then two or three routers and witnesses are simulated, with packets lost, late and
 * doubled, links cut in one direction, clocks that drift, and restarts: two are never Active. The
 * simulation must find what is wrong in each of some ways to do it wrong.
 */
#include "core_test.h"

#include "vrrp_ballot.h"
#include "vrrp_promise_packet.h"

#define SEC  VRRP_USEC_PER_SEC
#define MSEC VRRP_USEC_PER_MSEC
#define T0   (1000 * SEC) /* times of a row count from here */

#define A "192.0.2.1"
#define B "192.0.2.2"
#define C "192.0.2.3"

/* ---------------------------------------------------------------------------- rows */

struct row {
	const char *rule;
	const char *holder; /* who has its promise; NULL: nobody */
	vrrp_usec_t until;
	vrrp_usec_t silent;	     /* until then */
	struct vrrp_voter_self self; /* of address B, if it is a router */
	enum vrrp_ask_kind kind;     /* of A, with priority 100 and a lease of 3 s, at T0 */
	bool is_active;
	vrrp_usec_t token_age; /* of the token it repeats; NEVER: it repeats none */
	enum vrrp_promise_word word;
	vrrp_usec_t promised; /* to A until then; 0: not */
};

#define NEVER (100 * SEC)
#define ASKS  VRRP_ASK_PROMISE

static const struct row rows[] = {
	{ "a free voter promises for one lease",
	  NULL,
	  0,
	  0,
	  {},
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_PROMISED,
	  3 * SEC },
	{ "a promise binds: another one is refused",
	  C,
	  1,
	  0,
	  {},
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_TAKEN,
	  0 },
	{ "a promise that has ended binds no more",
	  C,
	  0,
	  0,
	  {},
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_PROMISED,
	  3 * SEC },
	{ "to an Active router it is prolonged",
	  A,
	  1 * SEC,
	  0,
	  {},
	  ASKS,
	  true,
	  1 * SEC,
	  VRRP_WORD_PROMISED,
	  3 * SEC },
	{ "to one that is not Active yet it is not",
	  A,
	  1 * SEC,
	  0,
	  {},
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_PROMISED,
	  1 * SEC },
	{ "who starts is silent", NULL, 0, 1, {}, ASKS, false, 1 * SEC, VRRP_WORD_SILENT, 0 },
	{ "without its token nobody gets a promise",
	  NULL,
	  0,
	  0,
	  {},
	  ASKS,
	  false,
	  NEVER,
	  VRRP_WORD_UNPROVEN,
	  0 },
	{ "a token is good for one lease",
	  NULL,
	  0,
	  0,
	  {},
	  ASKS,
	  false,
	  3 * SEC - 1,
	  VRRP_WORD_PROMISED,
	  3 * SEC },
	{ "and not for longer", NULL, 0, 0, {}, ASKS, false, 3 * SEC, VRRP_WORD_UNPROVEN, 0 },
	{ "an Active router without its token is not prolonged",
	  A,
	  1 * SEC,
	  0,
	  {},
	  ASKS,
	  true,
	  3 * SEC,
	  VRRP_WORD_UNPROVEN,
	  1 * SEC },
	{ "who is Active itself promises to no lower one",
	  NULL,
	  0,
	  0,
	  { .priority = 150, .is_active = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_ACTIVE,
	  0 },
	{ "nor to an equal one, whatever its address",
	  NULL,
	  0,
	  0,
	  { .priority = 100, .is_active = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_ACTIVE,
	  0 },
	{ "it yields to a higher one, and has promised nothing before it has",
	  NULL,
	  0,
	  0,
	  { .priority = 99, .is_active = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_YIELDS,
	  0 },
	{ "but not to a higher one that may not hear it",
	  NULL,
	  0,
	  0,
	  { .priority = 99, .is_active = true },
	  ASKS,
	  false,
	  3 * SEC,
	  VRRP_WORD_UNPROVEN,
	  0 },
	{ "who hands over yields to anybody",
	  NULL,
	  0,
	  0,
	  { .priority = 150, .is_active = true, .hands_over = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_YIELDS,
	  0 },
	{ "who wants it itself promises to no lower one",
	  NULL,
	  0,
	  0,
	  { .priority = 101, .wants = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_RIVAL,
	  0 },
	{ "nor to an equal one with a lower address",
	  NULL,
	  0,
	  0,
	  { .priority = 100, .wants = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_RIVAL,
	  0 },
	{ "but to a higher one",
	  NULL,
	  0,
	  0,
	  { .priority = 99, .wants = true },
	  ASKS,
	  false,
	  1 * SEC,
	  VRRP_WORD_PROMISED,
	  3 * SEC },
	{ "a promise that is given is kept, though it wants it itself",
	  A,
	  2 * SEC,
	  0,
	  { .priority = 101, .wants = true },
	  ASKS,
	  true,
	  1 * SEC,
	  VRRP_WORD_PROMISED,
	  3 * SEC },
	{ "a promise is given back",
	  A,
	  2 * SEC,
	  0,
	  {},
	  VRRP_ASK_NOTHING,
	  false,
	  1 * SEC,
	  VRRP_WORD_FREE,
	  0 },
	{ "but not by another one",
	  C,
	  2 * SEC,
	  0,
	  {},
	  VRRP_ASK_NOTHING,
	  false,
	  1 * SEC,
	  VRRP_WORD_TAKEN,
	  0 },
	{ "nor without the token",
	  A,
	  2 * SEC,
	  0,
	  {},
	  VRRP_ASK_NOTHING,
	  false,
	  NEVER,
	  VRRP_WORD_TAKEN,
	  2 * SEC },
	{ "who wants nothing and has nothing changes nothing",
	  NULL,
	  0,
	  0,
	  {},
	  VRRP_ASK_NOTHING,
	  false,
	  NEVER,
	  VRRP_WORD_FREE,
	  0 },
};

static struct vrrp_voter voter_of(const struct row *row)
{
	struct vrrp_voter voter = {
		.lease_max = 3 * SEC,
		.silent_until = row->silent ? T0 + row->silent : 0,
		.until = row->until    ? T0 + row->until
			 : row->holder ? T0
				       : 0,
		.serial = 10,
	};

	if (row->holder)
		voter.holder = address(row->holder);
	voter.askers[0].address = address(A);
	voter.askers[0].heard = T0 - 1;
	voter.askers[0].token[0].value = 7;
	voter.askers[0].token[0].issued = T0 - row->token_age;
	return voter;
}

static struct vrrp_ask ask_of(const struct row *row)
{
	return (struct vrrp_ask){
		.kind = row->kind,
		.from = address(A),
		.priority = 100,
		.is_active = row->is_active,
		.lease = 3 * SEC,
		.serial = 11,
		.token = row->token_age == NEVER ? 8 : 7,
	};
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct vrrp_voter voter = voter_of(row);
	struct vrrp_voter_self self = row->self;
	struct vrrp_ask ask = ask_of(row);
	struct vrrp_answer answer;
	struct vrrp_addr from = ask.from;
	bool is_to_a;

	self.address = address(B);
	vrrp_voter_answer(&voter, &self, &ask, 99, T0, &answer);
	is_to_a = voter.until > T0 && vrrp_addr_same(&voter.holder, &from);
	assert_int_equal(answer.word, row->word);
	assert_int_equal(is_to_a ? voter.until - T0 : 0, row->promised);
	if (answer.word == VRRP_WORD_PROMISED)
		assert_int_equal(answer.left, row->promised);
	assert_int_equal(answer.serial, 11);
	assert_true(answer.token != 0);
}

static void test_late_release(void **state)
{
	static const struct row taken = { "", A, 2 * SEC, 0, {}, VRRP_ASK_NOTHING, false, SEC };
	struct vrrp_voter voter = voter_of(&taken);
	struct vrrp_voter_self self = {};
	struct vrrp_ask ask = ask_of(&taken);
	struct vrrp_answer answer;

	ask.serial = voter.serial - 1;
	vrrp_voter_answer(&voter, &self, &ask, 99, T0, &answer);
	assert_int_equal(voter.until, T0 + 2 * SEC);
}

/* The n-th of many. */
static struct vrrp_addr router_address(unsigned int n)
{
	const uint8_t octets[] = { 10, 0, n >> 8, n & 0xff };

	return vrrp_addr_make(VRRP_IPV4, octets);
}

/* What a witness says to it, and the token for its next question. */
static enum vrrp_promise_word greet(struct vrrp_voter *voter, struct vrrp_ask *ask, vrrp_usec_t now)
{
	static const struct vrrp_voter_self witness;
	struct vrrp_answer answer;

	ask->serial++;
	vrrp_voter_answer(voter, &witness, ask, now, now, &answer);
	ask->token = answer.token;
	return answer.word;
}

static void test_largest_group(void **state)
{
	struct vrrp_ask asks[VRRP_VOTES_MAX];
	struct vrrp_voter voter = { .lease_max = 3 * SEC };

	for (unsigned int i = 0; i < VRRP_VOTES_MAX; i++)
		asks[i] = (struct vrrp_ask){ .from = router_address(i), .lease = 3 * SEC };
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int i = 0; i < VRRP_VOTES_MAX; i++)
			greet(&voter, &asks[i], T0 + round * SEC / 2 + i);
	asks[0].kind = VRRP_ASK_PROMISE;
	assert_int_equal(greet(&voter, &asks[0], T0 + 2 * SEC), VRRP_WORD_PROMISED);
}

static void test_forged_sources(void **state)
{
	struct vrrp_ask ask = { .from = address(A), .lease = 3 * SEC };
	struct vrrp_voter voter = { .lease_max = 3 * SEC };

	greet(&voter, &ask, T0);
	greet(&voter, &ask, T0 + 1);
	for (unsigned int i = 0; i < 1000; i++) {
		struct vrrp_ask forged = { .from = router_address(i), .lease = 3 * SEC };

		greet(&voter, &forged, T0 + 2 + i);
	}
	ask.kind = VRRP_ASK_PROMISE;
	assert_int_equal(greet(&voter, &ask, T0 + SEC / 2), VRRP_WORD_PROMISED);
}

static void test_restart(void **state)
{
	struct vrrp_voter voter;

	vrrp_voter_init(&voter, 3 * SEC, T0);
	assert_false(vrrp_voter_is_its_own(&voter, T0 + 3 * SEC - 1));
	assert_true(vrrp_voter_is_its_own(&voter, T0 + 3 * SEC));
}

static void test_long_lease(void **state)
{
	static const struct row free_voter = { "", NULL, 0, 0, {}, ASKS, false, SEC };
	struct vrrp_voter voter = voter_of(&free_voter);
	struct vrrp_voter_self self = {};
	struct vrrp_ask ask = ask_of(&free_voter);
	struct vrrp_answer answer;

	ask.lease = 3 * SEC + 1;
	vrrp_voter_answer(&voter, &self, &ask, 99, T0, &answer);
	assert_int_equal(answer.word, VRRP_WORD_LEASE);
	assert_int_equal(voter.until, 0);
}

/* ------------------------------------------------------------------------- ballots */

static void promised(struct vrrp_ballot *ballot, unsigned int i, uint64_t serial, vrrp_usec_t now)
{
	struct vrrp_answer answer = { .word = VRRP_WORD_PROMISED, .serial = serial, .left = 3 * SEC };

	assert_true(vrrp_ballot_take(ballot, &ballot->votes[i], &answer, now));
}

static void test_counts_from_question(void **state)
{
	struct vrrp_ballot ballot = { .lease = 3 * SEC, .n_votes = 2, .wish = VRRP_WISH_ACTIVE };
	vrrp_usec_t guard = vrrp_ballot_guard(3 * SEC);
	uint64_t first = vrrp_vote_ask(&ballot.votes[0], T0);
	uint64_t second = vrrp_vote_ask(&ballot.votes[0], T0 + SEC);

	assert_int_equal(vrrp_ballot_until(&ballot), 0);
	promised(&ballot, 0, first, T0 + 2 * SEC);
	assert_int_equal(vrrp_ballot_until(&ballot), T0 + 3 * SEC - guard);
	promised(&ballot, 0, second, T0 + 2 * SEC);
	assert_int_equal(vrrp_ballot_until(&ballot), T0 + 4 * SEC - guard);
}

static void test_answers_to_nothing(void **state)
{
	struct vrrp_ballot ballot = { .lease = 3 * SEC, .n_votes = 1, .wish = VRRP_WISH_ACTIVE };
	struct vrrp_vote *vote = &ballot.votes[0];
	struct vrrp_answer answer = { .word = VRRP_WORD_PROMISED, .left = 3 * SEC };

	answer.serial = vrrp_vote_ask(vote, T0);
	assert_true(vrrp_ballot_take(&ballot, vote, &answer, T0 + 1));
	assert_false(vrrp_ballot_take(&ballot, vote, &answer, T0 + 2)); /* a second time */
	answer.serial = vote->serial + 1;
	assert_false(vrrp_ballot_take(&ballot, vote, &answer, T0 + 2)); /* not asked yet */
	answer.serial = vrrp_vote_ask(vote, T0);
	for (unsigned int i = 0; i < VRRP_ASKED_MAX; i++)
		vrrp_vote_ask(vote, T0);
	assert_false(vrrp_ballot_take(&ballot, vote, &answer, T0 + 2)); /* asked too long ago */
	answer.serial = vrrp_vote_ask(vote, T0);
	vrrp_ballot_drop(&ballot);
	assert_false(vrrp_ballot_take(&ballot, vote, &answer, T0 + 2)); /* given back meanwhile */
}

struct majority {
	unsigned int others, promised; /* voters beside itself, and how many of them promise */
	bool is_one;
};

static void test_majority(void **state)
{
	static const struct majority rows_of_it[] = { { 1, 0, false }, { 1, 1, true },
						      { 2, 0, false }, { 2, 1, true },
						      { 3, 1, false }, { 3, 2, true },
						      { 4, 1, false }, { 4, 2, true } };

	for (unsigned int i = 0; i < ARRAY_SIZE(rows_of_it); i++) {
		struct vrrp_ballot ballot = { .lease = 3 * SEC, .wish = VRRP_WISH_ACTIVE };

		ballot.n_votes = rows_of_it[i].others;
		for (unsigned int j = 0; j < rows_of_it[i].promised; j++)
			promised(&ballot, j, vrrp_vote_ask(&ballot.votes[j], T0), T0);
		assert_int_equal(vrrp_ballot_until(&ballot) != 0, rows_of_it[i].is_one);
	}
}

/* ------------------------------------------------------------------------- packets */

static const uint8_t secret = 42;

static void fake_hmac(const void *material, const struct vrrp_auth_part *parts, size_t n_parts,
		      uint8_t hmac[VRRP_AUTH_HMAC_SIZE])
{
	memset(hmac, *(const uint8_t *)material, VRRP_AUTH_HMAC_SIZE);
	for (size_t i = 0; i < parts->size; i++)
		hmac[i % 16] = hmac[i % 16] * 31 + ((const uint8_t *)parts->data)[i];
}

static struct vrrp_promise_packet a_packet(bool is_answer)
{
	struct vrrp_promise_packet packet = {
		.group = { .vrid = 10, .family = VRRP_IPV4, .name = "site" },
		.is_answer = is_answer,
	};

	if (is_answer)
		packet.answer = (struct vrrp_answer){ .word = VRRP_WORD_TAKEN,
						      .serial = 0x0102030405060708,
						      .token = 0x1112131415161718,
						      .left = 1234 * MSEC,
						      .holder = address(B) };
	else
		packet.ask = (struct vrrp_ask){ .kind = VRRP_ASK_PROMISE,
						.from = address(A),
						.priority = 200,
						.is_active = true,
						.lease = 3 * SEC,
						.serial = 0x0102030405060708,
						.token = 0x1112131415161718 };
	return packet;
}

static void test_packets(void **state)
{
	const struct vrrp_auth_key key = { .id = 5, .material = &secret };
	uint8_t octets[VRRP_PROMISE_SIZE], again[VRRP_PROMISE_SIZE];
	struct vrrp_promise_packet packet, read;

	for (int is_answer = 0; is_answer < 2; is_answer++) {
		packet = a_packet(is_answer);
		vrrp_promise_encode(&packet, &key, fake_hmac, octets);
		assert_true(vrrp_promise_decode(octets, sizeof(octets), &read));
		assert_true(vrrp_promise_group_same(&packet.group, &read.group));
		assert_int_equal(read.is_answer, is_answer);
		vrrp_promise_encode(&read, &key, fake_hmac, again);
		assert_memory_equal(octets, again, sizeof(octets));
		assert_true(vrrp_promise_is_signed(octets, &key, fake_hmac));
		for (unsigned int i = 0; i < 8 * VRRP_PROMISE_SIZE; i++) {
			octets[i / 8] ^= 1 << i % 8;
			if (vrrp_promise_is_signed(octets, &key, fake_hmac))
				fail_msg("bit %u may be flipped", i);
			octets[i / 8] ^= 1 << i % 8;
		}
	}
}

static void test_strange_packets(void **state)
{
	static const struct {
		unsigned int at;
		uint8_t value;
	} faults[] = { { 0, 0 },    { 2, 2 },	 { 3, 3 },     { 4, 0 },    { 5, 5 },
		       { 8, 0xff }, { 32, ' ' }, { 33, '\n' }, { 33, 0xe4 } };
	struct vrrp_promise_packet packet = a_packet(false), read;
	uint8_t octets[VRRP_PROMISE_SIZE];

	for (unsigned int i = 0; i < ARRAY_SIZE(faults); i++) {
		vrrp_promise_encode(&packet, NULL, fake_hmac, octets);
		assert_true(vrrp_promise_decode(octets, sizeof(octets), &read));
		octets[faults[i].at] = faults[i].value;
		if (vrrp_promise_decode(octets, sizeof(octets), &read))
			fail_msg("octet %u may be %u", faults[i].at, faults[i].value);
	}
	assert_false(vrrp_promise_decode(octets, sizeof(octets) - 1, &read));
}

/* --------------------------------------------------------------------- simulation */

#define NODES_MAX 5
#define QUEUE	  512
#define STEP	  (2 * MSEC)
#define LEASE	  (1 * SEC)
#define DOWN	  (1200 * MSEC) /* a router wants to be Active after this silence */
#define HELLO	  (200 * MSEC)	/* an Active router advertises */

/* Ways to do it wrong. */
enum wrong {
	RIGHT,
	COUNTS_FROM_ANSWER,
	HAS_NO_GUARD,
	RESTARTS_AT_ONCE,
	PROMISES_WHILE_ACTIVE,
	FORGETS_ITS_PROMISE,
	RELEASES_TOO_EARLY,
	WRONGS,
};

static const char *const wrongs[WRONGS] = {
	[RIGHT] = "two routers are never Active",
	[COUNTS_FROM_ANSWER] = "found: a router counts a lease from the answer",
	[HAS_NO_GUARD] = "found: there is no guard for clocks that drift",
	[RESTARTS_AT_ONCE] = "found: who restarts promises at once",
	[PROMISES_WHILE_ACTIVE] = "found: an Active router promises to another one",
	[FORGETS_ITS_PROMISE] = "found: a router becomes Active in spite of its promise",
	[RELEASES_TOO_EARLY] = "found: a promise is given back by one that stays Active",
};

struct node {
	struct vrrp_addr address;
	uint8_t priority; /* 0: a witness */
	double speed;
	vrrp_usec_t offset;
	struct vrrp_voter voter;
	struct vrrp_ballot ballot;
	bool is_up;
	vrrp_usec_t heard, advertised;
};

struct flight {
	vrrp_usec_t arrives; /* 0: this entry is free */
	unsigned int from, to;
	bool is_advert;
	struct vrrp_promise_packet packet;
};

struct world {
	unsigned int n_nodes, n_routers;
	enum wrong wrong;
	vrrp_usec_t now;
	uint32_t seed;
	unsigned int loss, late_msec; /* percent, at most */
	bool cut[NODES_MAX][NODES_MAX];
	struct node nodes[NODES_MAX];
	struct flight queue[QUEUE];
	unsigned int takeovers;
};

static uint32_t rnd(struct world *w, uint32_t below)
{
	w->seed = w->seed * 1664525 + 1013904223;
	return (w->seed >> 8) % below;
}

static vrrp_usec_t clock_of(const struct world *w, const struct node *node)
{
	return node->offset + (vrrp_usec_t)(w->now * node->speed);
}

static void send_it(struct world *w, struct flight flight)
{
	if (w->cut[flight.from][flight.to] || rnd(w, 100) < w->loss)
		return;
	flight.arrives = w->now + MSEC + rnd(w, w->late_msec + 1) * MSEC;
	for (unsigned int i = 0; i < QUEUE; i++)
		if (!w->queue[i].arrives) {
			w->queue[i] = flight;
			return;
		}
}

static unsigned int vote_index(unsigned int me, unsigned int other)
{
	return other < me ? other : other - 1;
}

static void ask_all(struct world *w, unsigned int me, enum vrrp_ask_kind kind)
{
	struct node *node = &w->nodes[me];
	vrrp_usec_t now = clock_of(w, node);

	for (unsigned int i = 0; i < w->n_nodes; i++) {
		struct flight flight = { .from = me, .to = i };
		struct vrrp_vote *vote;

		if (i == me)
			continue;
		vote = &node->ballot.votes[vote_index(me, i)];
		flight.packet.ask = (struct vrrp_ask){
			.kind = kind,
			.from = node->address,
			.priority = node->priority,
			.is_active = node->is_up,
			.lease = LEASE,
			.serial = vrrp_vote_ask(vote, now),
			.token = vote->token,
		};
		send_it(w, flight);
		if (rnd(w, 10) == 0)
			send_it(w, flight);
	}
}

static void wish(struct world *w, unsigned int me, enum vrrp_wish wanted)
{
	struct node *node = &w->nodes[me];
	bool is_over = node->ballot.wish != VRRP_WISH_NONE && wanted == VRRP_WISH_NONE;

	vrrp_ballot_wish(&node->ballot, wanted, clock_of(w, node));
	if (!is_over)
		return;
	vrrp_ballot_drop(&node->ballot);
	ask_all(w, me, VRRP_ASK_NOTHING);
}

static void go_down(struct world *w, unsigned int me)
{
	struct node *node = &w->nodes[me];

	node->is_up = false;
	node->heard = clock_of(w, node);
	wish(w, me, VRRP_WISH_NONE);
}

static void hear_ask(struct world *w, const struct flight *flight)
{
	struct node *node = &w->nodes[flight->to];
	struct vrrp_voter_self self = {
		.address = node->address,
		.priority = node->priority,
		.is_active = node->is_up && w->wrong != PROMISES_WHILE_ACTIVE,
		.wants = node->ballot.wish == VRRP_WISH_ACTIVE,
	};
	struct flight reply = { .from = flight->to, .to = flight->from };
	uint64_t random = (uint64_t)rnd(w, UINT32_MAX) + 1;

	vrrp_voter_answer(&node->voter, &self, &flight->packet.ask, random, clock_of(w, node),
			  &reply.packet.answer);
	if (reply.packet.answer.word == VRRP_WORD_YIELDS) {
		go_down(w, flight->to);
		self.is_active = false;
		vrrp_voter_answer(&node->voter, &self, &flight->packet.ask, random,
				  clock_of(w, node), &reply.packet.answer);
	}
	reply.packet.is_answer = true;
	send_it(w, reply);
}

static void hear_answer(struct world *w, const struct flight *flight)
{
	struct node *node = &w->nodes[flight->to];
	struct vrrp_vote *vote = &node->ballot.votes[vote_index(flight->to, flight->from)];
	const struct vrrp_answer *answer = &flight->packet.answer;
	vrrp_usec_t *asked = &vote->asked[answer->serial % VRRP_ASKED_MAX];
	vrrp_usec_t before = vote->until, now = clock_of(w, node);

	if (w->wrong == COUNTS_FROM_ANSWER && *asked)
		*asked = now;
	if (vrrp_ballot_take(&node->ballot, vote, answer, now) && w->wrong == HAS_NO_GUARD &&
	    vote->until > before)
		vote->until += vrrp_ballot_guard(LEASE);
}

static void hear(struct world *w, const struct flight *flight)
{
	struct node *node = &w->nodes[flight->to];

	if (flight->is_advert && node->priority)
		node->heard = clock_of(w, node);
	else if (flight->packet.is_answer)
		hear_answer(w, flight);
	else if (!flight->is_advert)
		hear_ask(w, flight);
}

static void deliver(struct world *w)
{
	struct flight flight;

	for (unsigned int i = 0; i < QUEUE; i++) {
		if (!w->queue[i].arrives || w->queue[i].arrives > w->now)
			continue;
		flight = w->queue[i];
		w->queue[i].arrives = 0;
		hear(w, &flight);
	}
}

static void advertise(struct world *w, unsigned int me)
{
	struct node *node = &w->nodes[me];

	if (clock_of(w, node) < node->advertised + HELLO)
		return;
	node->advertised = clock_of(w, node);
	for (unsigned int i = 0; i < w->n_routers; i++)
		if (i != me)
			send_it(w, (struct flight){ .from = me, .to = i, .is_advert = true });
}

static void live(struct world *w, unsigned int me)
{
	struct node *node = &w->nodes[me];
	vrrp_usec_t now = clock_of(w, node);
	bool may = vrrp_ballot_until(&node->ballot) > now;

	if (w->wrong != FORGETS_ITS_PROMISE)
		may = may && (node->is_up || vrrp_voter_is_its_own(&node->voter, now));
	if (node->is_up && !may) {
		go_down(w, me);
	} else if (!node->is_up && now > node->heard + DOWN) {
		wish(w, me, VRRP_WISH_ACTIVE);
		if (may) {
			node->is_up = true;
			w->takeovers++;
			wish(w, me, VRRP_WISH_STAY);
		}
	} else if (!node->is_up) {
		wish(w, me, VRRP_WISH_NONE);
	}
	if (node->is_up)
		advertise(w, me);
	if (now < node->ballot.due)
		return;
	vrrp_ballot_asking(&node->ballot, now);
	if (node->ballot.wish == VRRP_WISH_NONE)
		ask_all(w, me, VRRP_ASK_NOTHING);
	else if (w->wrong == RELEASES_TOO_EARLY && rnd(w, 20) == 0)
		ask_all(w, me, VRRP_ASK_NOTHING);
	else
		ask_all(w, me, VRRP_ASK_PROMISE);
}

static void restart(struct world *w, unsigned int me)
{
	struct node *node = &w->nodes[me];
	vrrp_usec_t now = clock_of(w, node);

	vrrp_voter_init(&node->voter, LEASE, now);
	if (w->wrong == RESTARTS_AT_ONCE)
		node->voter.silent_until = now;
	node->is_up = false;
	node->heard = now;
	node->ballot = (struct vrrp_ballot){ .lease = LEASE, .n_votes = w->n_nodes - 1 };
	for (unsigned int i = 0; i < w->n_nodes - 1; i++)
		node->ballot.votes[i].serial = rnd(w, UINT32_MAX);
}

static void make_world(struct world *w, unsigned int routers, unsigned int witnesses, uint32_t seed)
{
	enum wrong wrong = w->wrong;

	*w = (struct world){ .wrong = wrong, .seed = seed, .now = T0 };
	w->n_routers = routers;
	w->n_nodes = routers + witnesses;
	for (unsigned int i = 0; i < w->n_nodes; i++) {
		struct node *node = &w->nodes[i];

		node->address = address(A);
		node->address.octets[3] = i + 1;
		node->priority = i < routers ? 100 + 50 * rnd(w, 3) : 0;
		node->speed = 1 + ((int)rnd(w, 3) - 1) * 0.01;
		node->offset = rnd(w, 1000) * SEC;
		restart(w, i);
	}
}

static unsigned int count_up(const struct world *w)
{
	unsigned int up = 0;

	for (unsigned int i = 0; i < w->n_routers; i++)
		up += w->nodes[i].is_up;
	return up;
}

/* True unless two are Active. */
static bool step(struct world *w)
{
	w->now += STEP;
	deliver(w);
	for (unsigned int i = 0; i < w->n_routers; i++)
		live(w, i);
	return count_up(w) < 2;
}

static void shake(struct world *w)
{
	unsigned int i, j;

	if (rnd(w, 400) == 0) {
		w->loss = rnd(w, 2) * rnd(w, 40);
		w->late_msec = rnd(w, 3) * 150;
		for (i = 0; i < w->n_nodes; i++)
			for (j = 0; j < w->n_nodes; j++)
				w->cut[i][j] = rnd(w, 4) == 0;
	}
	if (rnd(w, 1500) == 0)
		restart(w, rnd(w, w->n_nodes));
	i = rnd(w, w->n_routers);
	if (rnd(w, 2000) == 0 && w->nodes[i].is_up)
		go_down(w, i);
}

/* Minutes of a life; false: two were Active. */
static bool runs(struct world *w, unsigned int routers, unsigned int witnesses, uint32_t seed)
{
	make_world(w, routers, witnesses, seed);
	for (unsigned int i = 0; i < 60 * SEC / STEP; i++) {
		shake(w);
		if (!step(w))
			return false;
	}
	return true;
}

#define LIVES 40

static void test_simulation(void **state)
{
	static struct world w;
	unsigned int takeovers = 0, seed;
	bool is_found = false;

	w.wrong = (enum wrong)(uintptr_t)*state;
	for (seed = 1; seed <= LIVES && !is_found; seed++) {
		is_found = !runs(&w, 2 + seed % 2, seed % 3 == 0 ? 2 : 1, seed);
		takeovers += w.takeovers;
	}
	if (w.wrong == RIGHT && is_found)
		fail_msg("two were Active, seed %u", seed - 1);
	if (w.wrong != RIGHT && !is_found)
		fail_msg("the simulation does not find it");
	if (w.wrong == RIGHT && takeovers < 4 * LIVES)
		fail_msg("only %u takeovers: nothing was tried", takeovers);
}

static bool can_talk(const struct world *w, unsigned int a, unsigned int b)
{
	return !w->cut[a][b] && !w->cut[b][a];
}

static bool runs_for(struct world *w, vrrp_usec_t span)
{
	for (vrrp_usec_t end = w->now + span; w->now < end;)
		if (!step(w))
			return false;
	return true;
}

/* Each of the six ways between A, B and the witness is cut, or not. */
static void partition(struct world *w, unsigned int cuts)
{
	static const unsigned int ways[][2] = { { 0, 1 }, { 1, 0 }, { 0, 2 },
						{ 2, 0 }, { 1, 2 }, { 2, 1 } };

	for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++)
		w->cut[ways[i][0]][ways[i][1]] = cuts >> i & 1;
}

static void test_partitions(void **state)
{
	static struct world w;
	bool is_one;

	w.wrong = RIGHT;
	for (unsigned int cuts = 0; cuts < 128; cuts++) {
		make_world(&w, 2, 1, cuts + 1);
		w.nodes[0].priority = cuts & 64 ? 100
						: 200; /* A, which is Active first, or the other */
		w.nodes[1].priority = 150;
		w.nodes[1].heard += DOWN;
		assert_true(runs_for(&w, 4 * SEC));
		assert_int_equal(count_up(&w), 1);
		partition(&w, cuts);
		if (!runs_for(&w, DOWN + LEASE + SEC / 2))
			fail_msg("cuts %02x: two are Active", cuts);
		is_one = can_talk(&w, 0, 1) || can_talk(&w, 0, 2) || can_talk(&w, 1, 2);
		if (count_up(&w) != is_one)
			fail_msg("cuts %02x: %u are Active", cuts, count_up(&w));
		partition(&w, 0);
		if (!runs_for(&w, DOWN + LEASE + SEC / 2) || count_up(&w) != 1)
			fail_msg("cuts %02x, healed: %u are Active", cuts, count_up(&w));
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add_test(rows[i].rule, test_row, &rows[i]);
	add_test("a release that comes late frees nothing", test_late_release, NULL);
	add_test("as many routers as a group may have keep their tokens", test_largest_group, NULL);
	add_test("questions that forge their sources cost no router its token", test_forged_sources,
		 NULL);
	add_test("who starts is not its own for one lease", test_restart, NULL);
	add_test("a lease longer than any is refused", test_long_lease, NULL);
	add_test("a router counts from when it asked", test_counts_from_question, NULL);
	add_test("an answer to no question is none", test_answers_to_nothing, NULL);
	add_test("a majority is more than half of all", test_majority, NULL);
	add_test("a packet is read as it was written, and each bit is signed", test_packets, NULL);
	add_test("a strange packet is none", test_strange_packets, NULL);
	for (uintptr_t i = 0; i < WRONGS; i++)
		add_test(wrongs[i], test_simulation, (void *)i);
	add_test("whoever can talk to one of the other two: one is Active", test_partitions, NULL);
	return run_added_tests("promise");
}
