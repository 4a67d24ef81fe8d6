// SPDX-License-Identifier: GPL-2.0-or-later
/* The holds of a virtual router: which of several is the one that counts. */
#include "core_test.h"

#include "vrrp_holds.h"

static void test_empty(void **state)
{
	struct vrrp_holds holds = {};

	assert_int_equal(vrrp_hold_first(&holds), VRRP_HOLD_NONE);
	(void)state;
}

static void test_precedence(void **state)
{
	struct vrrp_holds holds = {};

	for (enum vrrp_hold hold = VRRP_HOLDS - 1; hold > VRRP_HOLD_NONE; hold--) {
		vrrp_hold_set(&holds, hold, true);
		assert_int_equal(vrrp_hold_first(&holds), hold);
		assert_int_equal(vrrp_hold_before(&holds, hold), VRRP_HOLD_NONE);
		assert_int_equal(vrrp_hold_before(&holds, hold + 1), hold);
	}
	(void)state;
}

static void test_next(void **state)
{
	struct vrrp_holds holds = {};

	vrrp_hold_set(&holds, VRRP_HOLD_SHUTDOWN, true);
	vrrp_hold_set(&holds, VRRP_HOLD_NO_PEERS, true);
	vrrp_hold_set(&holds, VRRP_HOLD_NO_PEERS, true);
	vrrp_hold_set(&holds, VRRP_HOLD_SHUTDOWN, false);
	assert_int_equal(vrrp_hold_first(&holds), VRRP_HOLD_NO_PEERS);
	vrrp_hold_set(&holds, VRRP_HOLD_NO_PEERS, false);
	assert_int_equal(vrrp_hold_first(&holds), VRRP_HOLD_NONE);
	(void)state;
}

static void test_names(void **state)
{
	for (enum vrrp_hold hold = VRRP_HOLD_NONE; hold < VRRP_HOLDS; hold++)
		assert_non_null(vrrp_hold_name(hold));
	(void)state;
}

int main(void)
{
	add_test("without a hold it takes part", test_empty, NULL);
	add_test("the first of the enum has precedence, whatever was set first", test_precedence,
		 NULL);
	add_test("when the first goes, the next one counts", test_next, NULL);
	add_test("each hold has a name", test_names, NULL);
	return run_added_tests("holds");
}
