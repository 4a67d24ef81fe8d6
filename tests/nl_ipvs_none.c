// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns
 *
 * The errors for IPVS on a kernel without it, such as the lab's host; a kernel that has it must
 * answer. nl_ipvs.c tests the answers.
 */
#include "nl_test.h"

#include "nl_ipvs.h"

static void a_kernel_without_ipvs_is_told_from_one_with_it(void **state)
{
	struct nl_ipvs_daemon daemon = { .role = NL_IPVS_MASTER, .ifname = "lo" };
	struct nl_ipvs_timeouts timeouts = {};
	struct nl_ipvs_service wanted = { .scheduler = "rr" };
	struct nl_ipvs_owned *owned;
	struct nl_ipvs *ipvs;
	int error;

	assert_int_equal(nl_ipvs_new(&ipvs), 0);
	assert_int_equal(nl_ipvs_owned_load(&owned, NULL), 0);
	assert_true(nl_ipvs_key_parse("tcp 192.0.2.1 80", &wanted.key));
	error = nl_ipvs_read(ipvs, NULL, 0, NULL, NULL);
	if (access("/proc/net/ip_vs", F_OK) == 0) {
		rule_error(error, 0, "reading where IPVS is");
	} else {
		rule_error(error, -EOPNOTSUPP, "reading where no IPVS is");
		rule_error(nl_ipvs_apply(ipvs, &wanted, 1, owned, NULL, NULL), -EOPNOTSUPP,
			   "a service");
		rule(!nl_ipvs_owned_count(owned), "what cannot be is taken for ours");
		rule_error(nl_ipvs_timeouts_set(ipvs, &timeouts), -EOPNOTSUPP, "timeouts");
		rule_error(nl_ipvs_daemon_run(ipvs, &daemon), -EOPNOTSUPP, "a daemon");
	}
	nl_ipvs_owned_free(&owned);
	nl_ipvs_free(&ipvs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_kernel_without_ipvs_is_told_from_one_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
