// SPDX-License-Identifier: GPL-2.0-or-later
/* Tracked objects: what they cost in priority, and when a change of their state counts. */
#include "core_test.h"

#include "vrrp_badness.h"

#define UNKNOWN VRRP_BADNESS_UNKNOWN
#define DOWN	VRRP_BADNESS_DOWN

struct sum {
	const char *rule;
	uint8_t configured;
	unsigned int penalty;
	uint8_t effective;
};

static const struct sum sums[] = {
	{ "nothing is subtracted", 100, 0, 100 },
	{ "the sum is subtracted", 100, 40, 60 },
	{ "1 is the least", 100, 99, 1 },
	{ "never 0, which would be a release", 100, 100, 1 },
	{ "nor less", 100, 254 * 254, 1 },
	{ "1 stays 1", 1, 1, 1 },
	{ "254 may be lowered", 254, 254, 1 },
	{ "the owner's 255 is never lowered", 255, 254, 255 },
};

static void test_sum(void **state)
{
	const struct sum *sum = *state;

	assert_int_equal(vrrp_priority_lowered(sum->configured, sum->penalty), sum->effective);
}

/* At a time in seconds the object is as bad as this, and then that much counts. */
struct moment {
	int at, badness, counts;
};

struct course {
	const char *rule;
	uint16_t up_sec, down_sec;
	struct moment moments[8]; /* to the first with at 0, which is no moment */
};

static const struct course courses[] = {
	{ "the first state known counts at once, whatever the delays", 30, 30, { { 1, DOWN, DOWN } } },
	{ "what is not known yet changes nothing", 0, 0, { { 1, UNKNOWN, UNKNOWN }, { 2, 0, 0 } } },
	{ "without delays each change counts at once",
	  0,
	  0,
	  { { 1, 0, 0 }, { 2, DOWN, DOWN }, { 3, 0, 0 } } },
	{ "down counts after its delay, up at once",
	  0,
	  5,
	  { { 1, 0, 0 }, { 2, DOWN, 0 }, { 6, DOWN, 0 }, { 7, DOWN, DOWN }, { 8, 0, 0 } } },
	{ "up counts after its delay, down at once",
	  5,
	  0,
	  { { 1, 0, 0 }, { 2, DOWN, DOWN }, { 3, 0, DOWN }, { 7, 0, DOWN }, { 8, 0, 0 } } },
	{ "a change that was taken back never counts, and the next one waits anew",
	  0,
	  3,
	  { { 1, 0, 0 },
	    { 2, DOWN, 0 },
	    { 4, 0, 0 },
	    { 5, DOWN, 0 },
	    { 7, DOWN, 0 },
	    { 8, DOWN, DOWN } } },
	{ "what gets worse while it waits counts as it is then",
	  0,
	  3,
	  { { 1, 0, 0 }, { 2, 10, 0 }, { 4, 30, 0 }, { 5, 30, 30 } } },
	{ "what comes to the other side of what counts waits anew",
	  3,
	  3,
	  { { 1, 20, 20 }, { 2, 40, 20 }, { 4, 10, 20 }, { 6, 10, 20 }, { 7, 10, 10 } } },
	{ "what was known is not unknown again", 0, 0, { { 1, 7, 7 }, { 2, UNKNOWN, 7 } } },
};

static void test_course(void **state)
{
	const struct course *course = *state;
	struct vrrp_damped damped = { .counts = UNKNOWN };

	for (const struct moment *moment = course->moments; moment->at; moment++) {
		vrrp_usec_t now = moment->at * VRRP_USEC_PER_SEC;

		vrrp_damped_expire(&damped, now);
		vrrp_damped_follow(&damped, moment->badness, now, course->up_sec, course->down_sec);
		assert_int_equal(damped.counts, moment->counts);
	}
}

/* A shorter one may be over already, and then the change counts at the next expiry. */
static void test_changed_delay(void **state)
{
	struct vrrp_damped damped = { .counts = VRRP_BADNESS_NONE };

	vrrp_damped_follow(&damped, DOWN, 10 * VRRP_USEC_PER_SEC, 0, 60);
	assert_int_equal(damped.due, 70 * VRRP_USEC_PER_SEC);
	vrrp_damped_follow(&damped, DOWN, 20 * VRRP_USEC_PER_SEC, 0, 30);
	assert_int_equal(damped.due, 40 * VRRP_USEC_PER_SEC);
	vrrp_damped_follow(&damped, DOWN, 25 * VRRP_USEC_PER_SEC, 0, 5);
	assert_int_equal(damped.counts, VRRP_BADNESS_NONE);
	assert_true(vrrp_damped_expire(&damped, 25 * VRRP_USEC_PER_SEC));
	assert_int_equal(damped.counts, DOWN);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++)
		add_test(sums[i].rule, test_sum, (void *)&sums[i]);
	for (size_t i = 0; i < sizeof(courses) / sizeof(*courses); i++)
		add_test(courses[i].rule, test_course, (void *)&courses[i]);
	add_test("a delay that is changed meanwhile counts from the beginning of the change",
		 test_changed_delay, NULL);
	return run_added_tests("badness");
}
