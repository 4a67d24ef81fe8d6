// SPDX-License-Identifier: GPL-2.0-or-later
/* What a router that left Active still has: a row is what it knows, and what follows. */
#include "core_test.h"

#include "vrrp_handover.h"

#define MSEC   (VRRP_USEC_PER_SEC / 1000)
#define BEGUN  (1000 * VRRP_USEC_PER_SEC) /* when it left; times of a row count from here */
#define NEVER  (-1)
#define SERVES (-2)

struct row {
	const char *rule;
	int drain, heard; /* milliseconds; SERVES: it was Active while this one was cut off */
	int now;
	enum vrrp_handover handover;
	int until; /* NEVER: it has ended */
	bool undecided;
};

#define NONE	  VRRP_HANDOVER_NONE
#define ANNOUNCES VRRP_HANDOVER_ANNOUNCES
#define ANSWERS	  VRRP_HANDOVER_ANSWERS

static const struct row rows[] = {
	{ "without a drain there is nothing left", 0, NEVER, 0, NONE, NEVER },
	{ "nor if another is Active already", 0, 0, 0, NONE, NEVER },
	{ "it announces while nobody is heard", 2000, NEVER, 0, ANNOUNCES, 1000 },
	{ "to the end of the first second", 2000, NEVER, 999, ANNOUNCES, 1000 },
	{ "it answers then", 2000, NEVER, 1000, ANSWERS, 2000 },
	{ "to the end of the drain", 2000, NEVER, 1999, ANSWERS, 2000 },
	{ "and has nothing then", 2000, NEVER, 2000, NONE, NEVER },
	{ "nor ever after", 2000, NEVER, 500000, NONE, NEVER },
	{ "it announces a while longer than the other one is heard", 2000, 61, 61, ANNOUNCES, 261 },
	{ "to the end of that while", 2000, 61, 260, ANNOUNCES, 261 },
	{ "it answers then, to the end of the whole drain", 2000, 61, 261, ANSWERS, 2000 },
	{ "one that gives way to a better router heard it at once", 2000, 0, 0, ANNOUNCES, 200 },
	{ "and answers after that while", 2000, 0, 200, ANSWERS, 2000 },
	{ "one heard at the end of the first second counts", 2000, 999, 1000, ANNOUNCES, 1199 },
	{ "one heard after it does not bring the route back", 2000, 1000, 1000, ANSWERS, 2000 },
	{ "nor much later", 2000, 1500, 1500, ANSWERS, 2000 },
	{ "a long drain waits for a second, too", 60000, NEVER, 999, ANNOUNCES, 1000 },
	{ "and answers for the rest", 60000, NEVER, 1000, ANSWERS, 60000 },
	{ "a short one waits for half of it", 600, NEVER, 299, ANNOUNCES, 300 },
	{ "and answers for the other half", 600, NEVER, 300, ANSWERS, 600 },
	{ "one that is shorter than the while announces to its end", 100, 0, 99, ANNOUNCES, 100 },
	{ "and has nothing then, however late it heard", 100, 40, 100, NONE, NEVER },
	{ "one that was cut off only answers, from the first moment", 2000, SERVES, 0, ANSWERS,
	  2000 },
	{ "and has nothing at the end, as the others", 2000, SERVES, 2000, NONE, NEVER },
	{ "without a drain it has nothing either", 0, SERVES, 0, NONE, NEVER },
	{ "the shortest of all ends", 1, NEVER, 1, NONE, NEVER },
	{ "what a daemon inherits announces while it is undecided", 4600, NEVER, 4599, ANNOUNCES,
	  4600, true },
	{ "and is nothing when that has not been decided in time", 4600, NEVER, 4600, NONE, NEVER,
	  true },
};

static void note_successor(struct vrrp_handover_facts *facts, int heard)
{
	facts->is_cut_off = heard == SERVES;
	facts->heard = heard == NEVER ? 0 : BEGUN + (heard == SERVES ? 0 : heard) * MSEC;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct vrrp_handover_facts facts = {
		.undecided = row->undecided,
		.drain = row->drain * MSEC,
		.begun = BEGUN,
	};
	vrrp_usec_t until = 1;

	note_successor(&facts, row->heard);
	assert_int_equal(vrrp_handover_decide(&facts, BEGUN + row->now * MSEC, &until),
			 row->handover);
	assert_int_equal(until, row->until == NEVER ? 0 : BEGUN + row->until * MSEC);
}

static void test_names(void **state)
{
	assert_string_equal(vrrp_handover_name(NONE), "none");
	assert_string_equal(vrrp_handover_name(ANNOUNCES), "announcing");
	assert_string_equal(vrrp_handover_name(ANSWERS), "answering");
}

/* Nothing comes back as time goes by, and what is said of the next change is true. */
static void test_time_only_takes(void **state)
{
	struct vrrp_handover_facts facts = { .begun = BEGUN };
	enum vrrp_handover before, at;
	vrrp_usec_t until, next;

	for (int drain = 1; drain <= 3000; drain += 7)
		for (int heard = SERVES; heard <= drain; heard += heard < 0 ? 1 : 11) {
			facts.drain = drain * MSEC;
			note_successor(&facts, heard);
			before = vrrp_handover_decide(&facts, BEGUN, &until);
			while (until) {
				assert_int_equal(vrrp_handover_decide(&facts, until - 1, &next),
						 before);
				at = vrrp_handover_decide(&facts, until, &until);
				assert_true(at == NONE || (before == ANNOUNCES && at == ANSWERS));
				before = at;
			}
			assert_int_equal(before, NONE);
		}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add_test(rows[i].rule, test_row, &rows[i]);
	add_test("names", test_names, NULL);
	add_test("time only takes", test_time_only_takes, NULL);
	return run_added_tests("handover");
}
