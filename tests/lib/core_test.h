/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code shared by the tests of the core. A test is a row of a table, named after its rule, or a
 * function.
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

#define CORE_TESTS_MAX 512

/* The tests that add_test() has added. */
extern struct CMUnitTest core_tests[CORE_TESTS_MAX];
extern size_t n_core_tests;

/* Adds a test; the function finds the row in *state. */
void add_test(const char *name, CMUnitTestFunction function, const void *row);

/* Runs what was added; main() returns what this does. */
#define run_added_tests(group) _cmocka_run_group_tests(group, core_tests, n_core_tests, NULL, NULL)

/* Parses an address; the text must be one. */
struct vrrp_addr address(const char *text);

#endif /* CORE_TEST_H */
