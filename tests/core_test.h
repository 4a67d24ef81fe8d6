/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the core share. A test is a row of a table, called like the rule it
 * shows, or a function of its own.
 */
#ifndef CORE_TEST_H
#define CORE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vrrp_addr.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct CMUnitTest core_tests[512] __attribute__((unused));
static size_t n_core_tests __attribute__((unused));

/* Adds a test; the function finds the row in *state. */
__attribute__((unused)) static void add_test(const char *name, CMUnitTestFunction function,
					     const void *row)
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

/* Runs what was added; main() returns what this does. */
#define run_added_tests(group) _cmocka_run_group_tests(group, core_tests, n_core_tests, NULL, NULL)

/* The address a text says, which must be one. */
__attribute__((unused)) static struct vrrp_addr address(const char *text)
{
	struct vrrp_addr a;

	if (!vrrp_addr_parse(text, &a))
		fail_msg("the test names a strange address: %s", text);
	return a;
}

#endif /* CORE_TEST_H */
