// SPDX-License-Identifier: GPL-2.0-or-later
/* When a unicast virtual router may enter the election: a row is what it knows, and what follows. */
#include "core_test.h"

#include "vrrp_entry.h"

#define SEC   VRRP_USEC_PER_SEC
#define SINCE (1000 * SEC) /* when it began to wait; times of a row count from here */

struct row {
	const char *rule;
	bool heard, answered;
	vrrp_usec_t route; /* time after which it came; 0 = none */
	vrrp_usec_t now;
	enum vrrp_entry entry;
	enum vrrp_entry_reason reason;
	vrrp_usec_t until; /* 0 = never */
	bool is_final;
};

/* The hold is 60 s. */
static const struct row rows[] = {
	{ "with nothing known it waits to the end of the hold", false, false, 0, 0, VRRP_ENTRY_WAIT,
	  VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "an instant before the end it waits still", false, false, 0, 60 * SEC - 1,
	  VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "at the end of the hold it goes on alone", false, false, 0, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_TIMEOUT, 0, true },
	{ "an answer lets it enter at once, and may be lost to the end of the hold", false, true, 0,
	  1, VRRP_ENTRY_FREE, VRRP_ENTRY_ANSWERED, 60 * SEC },
	{ "an answer is final when an Active router is heard", true, true, 0, 1, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_ANSWERED, 0, true },
	{ "an answer is final at the end of the hold", false, true, 0, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_ANSWERED, 0, true },
	{ "an answer that was lost with its route is none", false, false, 0, 30 * SEC,
	  VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "one that was lost after an Active router was heard makes it heed", true, false, 0,
	  30 * SEC, VRRP_ENTRY_HEED, VRRP_ENTRY_HEARD, 60 * SEC },
	{ "an answer is the reason whatever else is there", true, true, 1 * SEC, 61 * SEC,
	  VRRP_ENTRY_FREE, VRRP_ENTRY_ANSWERED, 0, true },
	{ "a route alone is no proof", false, false, 2 * SEC, 3 * SEC, VRRP_ENTRY_WAIT,
	  VRRP_ENTRY_NO_PROOF, 12 * SEC },
	{ "a route that has been there for just less than ten seconds is none", false, false,
	  2 * SEC, 12 * SEC - 1, VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 12 * SEC },
	{ "a route that has been there for ten seconds counts, and may be lost", false, false,
	  2 * SEC, 12 * SEC, VRRP_ENTRY_FREE, VRRP_ENTRY_ROUTE, 60 * SEC },
	{ "a late route does not make the hold longer", false, false, 55 * SEC, 56 * SEC,
	  VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "a late route and the end of the hold", false, false, 55 * SEC, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_TIMEOUT, 0, true },
	{ "who hears an Active peer enters, and heeds it", true, false, 0, 1, VRRP_ENTRY_HEED,
	  VRRP_ENTRY_HEARD, 60 * SEC },
	{ "whose Active peer fell silent before there was a proof waits again", false, false, 0,
	  30 * SEC, VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "it heeds while the route is young", true, false, 2 * SEC, 3 * SEC, VRRP_ENTRY_HEED,
	  VRRP_ENTRY_HEARD, 12 * SEC },
	{ "it is free when the route is old", true, false, 2 * SEC, 12 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_ROUTE, 0, true },
	{ "it is free at the end of the hold", true, false, 0, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_TIMEOUT, 0, true },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct vrrp_entry_facts facts = {
		.heard = row->heard,
		.answered = row->answered ? SINCE : 0,
		.route_since = row->route ? SINCE + row->route : 0,
		.since = SINCE,
		.hold_sec = 60,
	};
	struct vrrp_entry_decision decision = vrrp_entry_decide(&facts, SINCE + row->now);

	assert_int_equal(decision.entry, row->entry);
	assert_int_equal(decision.reason, row->reason);
	assert_int_equal(decision.until, row->until ? SINCE + row->until : 0);
	assert_int_equal(decision.is_final, row->is_final);
}

struct meek_row {
	const char *rule;
	vrrp_usec_t answered, route; /* time after which they came; 0 = none */
	vrrp_usec_t end;	     /* 0 = never */
};

/* The preempt delay is 100 s, the interval 1 s. */
static const struct meek_row meek_rows[] = {
	{ "who can reach nobody stays meek", 0, 0, 0 },
	{ "it is meek until one of its advertisements could have been answered", 70 * SEC, 0,
	  71 * SEC + SEC / 2 },
	{ "where echoes are filtered the delay counts from when the route counts", 0, 5 * SEC,
	  115 * SEC },
	{ "a late answer ends it before the delay does", 70 * SEC, 5 * SEC, 71 * SEC + SEC / 2 },
	{ "the delay ends it before a later answer does", 200 * SEC, 5 * SEC, 115 * SEC },
};

static void test_meek_row(void **state)
{
	const struct meek_row *row = *state;
	struct vrrp_entry_facts facts = {
		.answered = row->answered ? SINCE + row->answered : 0,
		.route_since = row->route ? SINCE + row->route : 0,
		.since = SINCE,
		.hold_sec = 60,
		.interval = SEC,
		.delay_sec = 100,
	};

	assert_int_equal(vrrp_entry_meek_end(&facts),
			 row->end ? SINCE + row->end : VRRP_ENTRY_NEVER);
}

/* Nothing becomes stricter as time goes by, and what is said of the next change is true. */
static void test_time_only_frees(void **state)
{
	struct vrrp_entry_facts facts = { .since = SINCE, .hold_sec = 60 };
	struct vrrp_entry_decision before, at;

	(void)state;
	for (vrrp_usec_t route = 0; route <= 70 * SEC; route += SEC) {
		facts.route_since = route ? SINCE + route : 0;
		before = vrrp_entry_decide(&facts, SINCE + route);
		if (!before.until)
			continue;
		assert_int_equal(vrrp_entry_decide(&facts, before.until - 1).entry, before.entry);
		at = vrrp_entry_decide(&facts, before.until);
		assert_int_equal(at.entry, VRRP_ENTRY_FREE);
		assert_int_equal(at.until, at.is_final ? 0 : SINCE + 60 * SEC);
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add_test(rows[i].rule, test_row, &rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(meek_rows); i++)
		add_test(meek_rows[i].rule, test_meek_row, &meek_rows[i]);
	add_test("time only frees", test_time_only_frees, NULL);
	return run_added_tests("entry");
}
