// SPDX-License-Identifier: GPL-2.0-or-later
#include "core_test.h"

struct CMUnitTest core_tests[CORE_TESTS_MAX];
size_t n_core_tests;

void add_test(const char *name, CMUnitTestFunction function, const void *row)
{
	if (n_core_tests == ARRAY_SIZE(core_tests)) {
		fprintf(stderr, "there is no room for the test \"%s\"\n", name);
		exit(1);
	}
	core_tests[n_core_tests++] = (struct CMUnitTest){
		.name = name,
		.test_func = function,
		.initial_state = (void *)row,
	};
}

struct vrrp_addr address(const char *text)
{
	struct vrrp_addr a;

	if (!vrrp_addr_parse(text, &a))
		fail_msg("the test names a strange address: %s", text);
	return a;
}
