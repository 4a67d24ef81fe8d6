// SPDX-License-Identifier: GPL-2.0-or-later
/* Octets as hexadecimal text: which texts are good, what they stand for, and what begins as they say. */
#include "core_test.h"

#include "vrrp_hex.h"

#define rule(good, ...)                                                                            \
	do {                                                                                       \
		if (!(good))                                                                       \
			fail_msg(__VA_ARGS__);                                                     \
	} while (0)

static void test_texts_that_are_good(void **state)
{
	char longest[2 * VRRP_HEX_MOST + 3];

	memset(longest, '0', sizeof(longest));
	longest[2 * VRRP_HEX_MOST] = '\0';
	rule(!vrrp_hex_fault("00", false), "two digits are refused");
	rule(!vrrp_hex_fault("09afAF", false), "digits are refused");
	rule(!vrrp_hex_fault(longest, false), "the longest text is refused");
	rule(!vrrp_hex_fault("00..ff", true), "any octet is refused in a pattern");
	(void)state;
}

static void test_texts_that_are_not(void **state)
{
	static const char *const bad[] = { "",	   "0",	 "000", "0g", "g0",    "0x00",
					   "00 0", "-1", ".0",	"0.", "00.",   "\xc3\xa9",
					   ":0",   "/0", "@a",	"`a", "00..g0" };
	char too_long[2 * VRRP_HEX_MOST + 3];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		rule(vrrp_hex_fault(bad[i], false) != NULL, "\"%s\" is octets", bad[i]);
		rule(vrrp_hex_fault(bad[i], true) != NULL, "\"%s\" is a pattern", bad[i]);
	}
	rule(vrrp_hex_fault("..", false) != NULL, "any octet is one that can be sent");
	memset(too_long, '0', sizeof(too_long));
	too_long[2 * VRRP_HEX_MOST + 2] = '\0';
	rule(vrrp_hex_fault(too_long, false) != NULL, "513 octets are accepted");
	(void)state;
}

static void test_all_octets(void **state)
{
	uint8_t octets[VRRP_HEX_MOST];
	char text[2 * 256 + 1];

	for (unsigned int i = 0; i < 256; i++)
		snprintf(text + 2 * i, 3, i % 2 ? "%02x" : "%02X", i);
	rule(vrrp_hex_octets(text, octets) == 256, "256 octets are not as many");
	for (unsigned int i = 0; i < 256; i++)
		rule(octets[i] == i, "octet %u is %u", i, octets[i]);
	rule(vrrp_hex_begins(text, octets, 256), "it does not begin as it is");
	(void)state;
}

static void test_what_begins_as_a_pattern_says(void **state)
{
	static const uint8_t answer[] = { 0x12, 0xff, 0x00 };
	static const struct {
		const char *pattern;
		bool begins;
	} rows[] = {
		{ "12", true },	   { "12ff", true },   { "12FF00", true },    { "..", true },
		{ "..ff", true },  { "12..00", true }, { "......", true },    { "13", false },
		{ "12fe", false }, { "..fe", false },  { "12ff0000", false }, { "........", false },
		{ "00", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		rule(vrrp_hex_begins(rows[i].pattern, answer, sizeof(answer)) == rows[i].begins,
		     "12ff00 begins with %s: it should be %d", rows[i].pattern, rows[i].begins);
	rule(!vrrp_hex_begins("..", answer, 0), "nothing begins with an octet");
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_that_are_good),
		cmocka_unit_test(test_texts_that_are_not),
		cmocka_unit_test(test_all_octets),
		cmocka_unit_test(test_what_begins_as_a_pattern_says),
	};

	return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
