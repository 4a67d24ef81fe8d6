// SPDX-License-Identifier: GPL-2.0-or-later
/* A text in octets that come piece by piece: found exactly when memmem() finds it, however they are cut. */
#include "core_test.h"

#include "vrrp_match.h"

/* Texts of two letters, so that begins and ends overlap in all ways. */
#define SEEDS 20000

static uint32_t next(uint32_t *random)
{
	*random = *random * 1664525 + 1013904223;
	return *random >> 16;
}

static size_t letters(char *text, size_t len, uint32_t *random)
{
	for (size_t i = 0; i < len; i++)
		text[i] = next(random) % 4 ? 'a' : 'b';
	text[len] = '\0';
	return len;
}

/* The octets until which it is not found; len + 1: never. */
static size_t first_found(const char *octets, size_t len, const char *text)
{
	const char *found = memmem(octets, len, text, strlen(text));

	return found ? (size_t)(found - octets) + strlen(text) : len + 1;
}

static void test_found_where_memmem_finds_it(void **state)
{
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		uint32_t random = seed;
		char octets[80], text[12];
		size_t len = letters(octets, next(&random) % 64, &random), cut;
		struct vrrp_match match;

		letters(text, 1 + next(&random) % 10, &random);
		vrrp_match_begin(&match, text);
		for (size_t at = 0; at < len; at += cut) {
			bool found, expected;

			cut = 1 + next(&random) % (len - at);
			found = vrrp_match_feed(&match, octets + at, cut);
			expected = at + cut >= first_found(octets, len, text);
			if (found != expected)
				fail_msg("seed %u: \"%s\" in the first %zu octets of \"%s\" is %s",
					 seed, text, at + cut, octets, found ? "found" : "missed");
		}
	}
	(void)state;
}

static void test_octets_of_any_value_may_stand_around_it(void **state)
{
	static const char octets[] = "\0\377\0wel\0welcome\0";
	struct vrrp_match match;

	vrrp_match_begin(&match, "welcome");
	assert_false(vrrp_match_feed(&match, octets, 13));
	assert_true(vrrp_match_feed(&match, octets + 13, 2));
	assert_true(vrrp_match_feed(&match, "", 0));
	(void)state;
}

static void test_the_longest_text_is_found(void **state)
{
	char text[VRRP_MATCH_MOST + 1];
	struct vrrp_match match;

	memset(text, 'a', VRRP_MATCH_MOST);
	text[VRRP_MATCH_MOST] = '\0';
	vrrp_match_begin(&match, text);
	assert_false(vrrp_match_feed(&match, text, VRRP_MATCH_MOST - 1));
	assert_true(vrrp_match_feed(&match, "a", 1));
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_where_memmem_finds_it),
		cmocka_unit_test(test_octets_of_any_value_may_stand_around_it),
		cmocka_unit_test(test_the_longest_text_is_found),
	};

	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
