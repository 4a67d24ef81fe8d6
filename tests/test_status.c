// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of HTTP statuses: which are good, and what is in them. */
#include "core_test.h"

#include "vrrp_status.h"

static void test_lists_that_are_good(void **state)
{
	static const char *const good[] = {
		"100", "599", "200,204", "301-302", "200,301-302", "200-200", "200-299,200,100-599"
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (vrrp_status_fault(good[i]))
			fail_msg("\"%s\" %s", good[i], vrrp_status_fault(good[i]));
	(void)state;
}

static void test_lists_that_are_not(void **state)
{
	static const char *const bad[] = { "",	      "0",	     "99",	"099",	"600",
					   "1000",    "20",	     "200,",	",200", "200,,204",
					   "200-",    "-200",	     "300-200", "x",	"200 204",
					   "200;204", "200-299-300", "2 00",	"+20",	"200,600",
					   "200-600" };
	char too_long[4 * 65 + 1] = "";

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!vrrp_status_fault(bad[i]))
			fail_msg("\"%s\" is accepted", bad[i]);
	for (unsigned int i = 0; i < 64; i++)
		strcat(too_long, "200,");
	strcat(too_long, "200");
	assert_non_null(vrrp_status_fault(too_long));
	too_long[4 * 63 + 3] = '\0';
	assert_null(vrrp_status_fault(too_long));
	(void)state;
}

static void test_what_is_in_a_list(void **state)
{
	static const struct {
		const char *list;
		unsigned int status;
		bool has;
	} rows[] = {
		{ "200", 200, true },	      { "200", 201, false },
		{ "200,204", 204, true },     { "200,204", 203, false },
		{ "301-303", 301, true },     { "301-303", 302, true },
		{ "301-303", 303, true },     { "301-303", 300, false },
		{ "301-303", 304, false },    { "200,301-303", 302, true },
		{ "301-303,200", 200, true }, { "200", 0, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (vrrp_status_has(rows[i].list, rows[i].status) != rows[i].has)
			fail_msg("%u in %s: it should be %d", rows[i].status, rows[i].list,
				 rows[i].has);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_that_are_good),
		cmocka_unit_test(test_lists_that_are_not),
		cmocka_unit_test(test_what_is_in_a_list),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
