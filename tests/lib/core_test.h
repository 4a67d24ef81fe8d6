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

#define CORE_TESTS_MAX 512

/* What add_test() has added. */
extern struct CMUnitTest core_tests[CORE_TESTS_MAX];
extern size_t n_core_tests;

/* Adds a test; the function finds the row in *state. */
void add_test(const char *name, CMUnitTestFunction function, const void *row);

/* Runs what was added; main() returns what this does. */
#define run_added_tests(group) _cmocka_run_group_tests(group, core_tests, n_core_tests, NULL, NULL)

/* The address a text says, which must be one. */
struct vrrp_addr address(const char *text);

#endif /* CORE_TEST_H */
