// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses: order, kinds, text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vrrp_addr.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct vrrp_addr address(const char *text)
{
	struct vrrp_addr a = { 0 };

	if (*text && !vrrp_addr_parse(text, &a))
		fail_msg("%s must be read as an address", text);
	return a;
}

/* Each address is lower than all that follow. */
static void test_order(void **state)
{
	static const char *const rising[] = {
		"",	      "0.0.0.1",    "9.255.255.255",   "10.0.0.127", "10.0.0.128",
		"127.0.0.1",  "128.0.0.1",  "255.255.255.255", "::1",	     "2001:db8::1",
		"fe80::7fff", "fe80::8000", "ff02::12",
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rising); i++) {
		for (j = 0; j < ARRAY_SIZE(rising); j++) {
			struct vrrp_addr a = address(rising[i]), b = address(rising[j]);
			int order = vrrp_addr_cmp(&a, &b);

			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("\"%s\" and \"%s\" compare the wrong way", rising[i],
					 rising[j]);
			assert_int_equal(vrrp_addr_same(&a, &b), i == j);
		}
	}
}

static void test_kinds(void **state)
{
	static const struct {
		const char *text;
		bool set, multicast, linklocal;
	} rows[] = {
		{ "", false, false, false },	       { "223.255.255.255", true, false, false },
		{ "224.0.0.18", true, true, false },   { "239.255.255.255", true, true, false },
		{ "240.0.0.1", true, false, false },   { "169.254.1.1", true, false, true },
		{ "169.253.1.1", true, false, false }, { "fe7f::1", true, false, false },
		{ "fe80::1", true, false, true },      { "febf::1", true, false, true },
		{ "fec0::1", true, false, false },     { "ff02::12", true, true, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vrrp_addr a = address(rows[i].text);

		if (vrrp_addr_is_set(&a) != rows[i].set ||
		    vrrp_addr_is_multicast(&a) != rows[i].multicast ||
		    vrrp_addr_is_linklocal(&a) != rows[i].linklocal)
			fail_msg("\"%s\" is taken for another kind of address", rows[i].text);
	}
}

static void test_loopback(void **state)
{
	static const char *const loopback[] = { "127.0.0.1", "127.255.255.255", "::1" };
	static const char *const other[] = { "", "126.0.0.1", "128.0.0.1", "::", "::2", "7f00::1" };
	struct vrrp_addr a;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(loopback); i++) {
		a = address(loopback[i]);
		if (!vrrp_addr_is_loopback(&a))
			fail_msg("%s is a loopback address", loopback[i]);
	}
	for (i = 0; i < ARRAY_SIZE(other); i++) {
		a = address(other[i]);
		if (vrrp_addr_is_loopback(&a))
			fail_msg("\"%s\" is no loopback address", other[i]);
	}
}

static void test_text(void **state)
{
	static const char *const texts[] = { "", "192.0.2.1", "2001:db8::1", "::", "0.0.0.0" };
	static const char *const strange[] = { "", "192.0.2", "192.0.2.1/32", "fe80::1%eth0",
					       "vip0" };
	char buf[VRRP_ADDR_STRLEN];
	struct vrrp_addr a;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		a = address(texts[i]);
		assert_string_equal(vrrp_addr_str(&a, buf), texts[i]);
	}
	a = address("192.0.2.1");
	for (i = 0; i < ARRAY_SIZE(strange); i++) {
		if (vrrp_addr_parse(strange[i], &a))
			fail_msg("\"%s\" must not be read as an address", strange[i]);
		assert_string_equal(vrrp_addr_str(&a, buf), "192.0.2.1");
	}
}

static void test_groups(void **state)
{
	struct vrrp_addr four = vrrp_addr_group(VRRP_IPV4), six = vrrp_addr_group(VRRP_IPV6);
	char buf[VRRP_ADDR_STRLEN];

	(void)state;
	assert_string_equal(vrrp_addr_str(&four, buf), "224.0.0.18");
	assert_string_equal(vrrp_addr_str(&six, buf), "ff02::12");
	assert_int_equal(vrrp_addr_size(VRRP_IPV4), 4);
	assert_int_equal(vrrp_addr_size(VRRP_IPV6), 16);
}

static void test_sockaddr(void **state)
{
	static const char *const texts[] = { "192.0.2.1", "2001:db8::1" };
	static const socklen_t lengths[] = { sizeof(struct sockaddr_in),
					     sizeof(struct sockaddr_in6) };
	struct sockaddr_storage ss;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct vrrp_addr a = address(texts[i]), b;

		assert_int_equal(vrrp_addr_sockaddr(&a, 8080, &ss), lengths[i]);
		/* the port is in the same place for both families */
		assert_int_equal(((struct sockaddr_in *)&ss)->sin_port, htons(8080));
		b = vrrp_addr_of_sockaddr(&ss);
		assert_true(vrrp_addr_same(&a, &b));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),	 cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_loopback), cmocka_unit_test(test_text),
		cmocka_unit_test(test_groups),	 cmocka_unit_test(test_sockaddr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
