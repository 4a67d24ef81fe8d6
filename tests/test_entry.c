// SPDX-License-Identifier: GPL-2.0-or-later
/* When a unicast virtual router may enter the election: a row is what it knows, and what follows. */
#include "core_test.h"

#include "vrrp_entry.h"

#define SEC   VRRP_USEC_PER_SEC
#define SINCE (1000 * SEC) /* when it began to wait; times of a row count from here */

struct row {
	const char *rule;
	bool heard, answered;
	vrrp_usec_t route; /* after so much it came; 0 = none */
	vrrp_usec_t now;
	enum vrrp_entry entry;
	enum vrrp_entry_reason reason;
	vrrp_usec_t until; /* 0 = never */
};

/* The hold is 60 s. */
static const struct row rows[] = {
	{ "with nothing known it waits to the end of the hold", false, false, 0, 0, VRRP_ENTRY_WAIT,
	  VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "an instant before the end it waits still", false, false, 0, 60 * SEC - 1,
	  VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "at the end of the hold it goes on alone", false, false, 0, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_TIMEOUT, 0 },
	{ "an answer lets it enter at once", false, true, 0, 1, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_ANSWERED, 0 },
	{ "an answer is the reason whatever else is there", true, true, 1 * SEC, 61 * SEC,
	  VRRP_ENTRY_FREE, VRRP_ENTRY_ANSWERED, 0 },
	{ "a route alone is no proof", false, false, 2 * SEC, 3 * SEC, VRRP_ENTRY_WAIT,
	  VRRP_ENTRY_NO_PROOF, 12 * SEC },
	{ "a route that has been there for just less than ten seconds is none", false, false,
	  2 * SEC, 12 * SEC - 1, VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 12 * SEC },
	{ "a route that has been there for ten seconds counts", false, false, 2 * SEC, 12 * SEC,
	  VRRP_ENTRY_FREE, VRRP_ENTRY_ROUTE, 0 },
	{ "a late route does not make the hold longer", false, false, 55 * SEC, 56 * SEC,
	  VRRP_ENTRY_WAIT, VRRP_ENTRY_NO_PROOF, 60 * SEC },
	{ "a late route and the end of the hold", false, false, 55 * SEC, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_TIMEOUT, 0 },
	{ "who hears an Active peer enters, and heeds it", true, false, 0, 1, VRRP_ENTRY_HEED,
	  VRRP_ENTRY_HEARD, 60 * SEC },
	{ "it heeds while the route is young", true, false, 2 * SEC, 3 * SEC, VRRP_ENTRY_HEED,
	  VRRP_ENTRY_HEARD, 12 * SEC },
	{ "it is free when the route is old", true, false, 2 * SEC, 12 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_ROUTE, 0 },
	{ "it is free at the end of the hold", true, false, 0, 60 * SEC, VRRP_ENTRY_FREE,
	  VRRP_ENTRY_TIMEOUT, 0 },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct vrrp_entry_facts facts = {
		.heard = row->heard,
		.answered = row->answered,
		.route_since = row->route ? SINCE + row->route : 0,
		.since = SINCE,
		.hold_sec = 60,
	};
	struct vrrp_entry_decision decision = vrrp_entry_decide(&facts, SINCE + row->now);

	assert_int_equal(decision.entry, row->entry);
	assert_int_equal(decision.reason, row->reason);
	assert_int_equal(decision.until, row->until ? SINCE + row->until : 0);
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
		assert_int_equal(at.until, 0);
	}
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		add_test(rows[i].rule, test_row, &rows[i]);
	add_test("time only frees", test_time_only_frees, NULL);
	return run_added_tests("entry");
}
