// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns
 *
 * VIP addresses: the kernel's addresses after each request, as ip(8) prints them; the end of a
 * lease; that addresses of others are left alone; and which request of a batch failed. The link is
 * a veth, so that every kernel can run this.
 */
#include "nl_test.h"

static void an_ipv4_vip_is_a_host_address_of_protocol_112_and_scope_link(void **state)
{
	int vip0 = veth("vip0", "far");

	rule_error(add("192.0.2.1", vip0, 30), 0, "adding an IPv4 VIP");
	witness_says("vip0", "192.0.2.1", "\"prefixlen\":32");
	witness_says("vip0", "192.0.2.1", "\"scope\":\"link\"");
	witness_says("vip0", "192.0.2.1", "\"protocol\":\"0x70\"");
	witness_left("vip0", "192.0.2.1", "valid_life_time", 30);
	witness_left("vip0", "192.0.2.1", "preferred_life_time", 30);
	witness_silent("vip0", "192.0.2.1", "noprefixroute");
	witness_silent("vip0", "192.0.2.1", "secondary");
	rule_error(del("192.0.2.1", vip0), 0, "deleting it");
	rule(!witness("vip0", "192.0.2.1"), "a deleted IPv4 VIP is still there");
}

static void an_ipv6_vip_is_a_deprecated_host_address_without_dad(void **state)
{
	int vip0 = veth("vip0", "far");

	rule_error(add("2001:db8::1", vip0, 30), 0, "adding an IPv6 VIP");
	witness_says("vip0", "2001:db8::1", "\"prefixlen\":128");
	witness_says("vip0", "2001:db8::1", "\"protocol\":\"0x70\"");
	witness_left("vip0", "2001:db8::1", "valid_life_time", 30);
	witness_says("vip0", "2001:db8::1", "\"preferred_life_time\":0");
	witness_says("vip0", "2001:db8::1", "\"deprecated\":true");
	witness_says("vip0", "2001:db8::1", "\"nodad\":true");
	witness_silent("vip0", "2001:db8::1", "tentative");
	witness_silent("vip0", "2001:db8::1", "noprefixroute");
	rule_error(del("2001:db8::1", vip0), 0, "deleting it");
	rule(!witness("vip0", "2001:db8::1"), "a deleted IPv6 VIP is still there");
}

static void lease_0_is_permanent_and_ipv6_stays_deprecated(void **state)
{
	int vip0 = veth("vip0", "far");

	rule_error(add("192.0.2.1", vip0, NL_LEASE_NONE), 0, "adding a permanent IPv4 VIP");
	rule_error(add("2001:db8::1", vip0, NL_LEASE_NONE), 0, "adding a permanent IPv6 VIP");
	witness_says("vip0", "192.0.2.1", "\"valid_life_time\":4294967295");
	witness_says("vip0", "192.0.2.1", "\"protocol\":\"0x70\"");
	witness_says("vip0", "2001:db8::1", "\"valid_life_time\":4294967295");
	witness_says("vip0", "2001:db8::1", "\"preferred_life_time\":0");
}

/* The monitor's events about one address. */
struct history {
	struct nl_addr_key key;
	int added;
	int deleted;
};

static void remember(const struct nl_addr_info *info, bool added, void *arg)
{
	for (struct history *history = arg; history->key.family; history++) {
		if (!same_address(&info->key, &history->key))
			continue;
		if (added)
			history->added++;
		else
			history->deleted++;
	}
}

static const struct nl_monitor_ops remember_ops = { .addr = remember };

static void renewals_keep_what_the_vip_is(const char *address, bool v6)
{
	const uint32_t leases[] = { 600, NL_LEASE_NONE, 900, 30 };
	int vip0 = (int)if_nametoindex("vip0");
	struct history history[] = { { .key = key_of(address, vip0) }, {} };
	struct nl_monitor *monitor;

	assert_int_equal(nl_monitor_new(&monitor, &remember_ops, history), 0);
	rule_error(add(address, vip0, 30), 0, "adding a VIP");
	for (size_t i = 0; i < sizeof(leases) / sizeof(leases[0]); i++) {
		/* Renews by each of the two requests in turn. */
		rule_error(i % 2 ? add(address, vip0, leases[i]) : renew(address, vip0, leases[i]),
			   0, "renewing a VIP");
		if (leases[i])
			witness_left("vip0", address, "valid_life_time", leases[i]);
		else
			witness_says("vip0", address, "\"valid_life_time\":4294967295");
		witness_says("vip0", address, "\"protocol\":\"0x70\"");
		witness_says("vip0", address, v6 ? "\"nodad\":true" : "\"scope\":\"link\"");
		if (v6)
			witness_says("vip0", address, "\"deprecated\":true");
		else
			witness_silent("vip0", address, "deprecated");
	}
	assert_int_equal(nl_monitor_read(monitor), 0);
	rule(history[0].added == 5, "one add and four renewals of %s: %d events, not 5", address,
	     history[0].added);
	rule(history[0].deleted == 0, "renewing %s deleted it %d times in between", address,
	     history[0].deleted);
	nl_monitor_free(&monitor);
}

static void a_renewal_changes_the_lease_alone_and_never_bounces_the_address(void **state)
{
	veth("vip0", "far");
	renewals_keep_what_the_vip_is("192.0.2.1", false);
	renewals_keep_what_the_vip_is("2001:db8::1", true);
}

static void a_vip_outlives_its_lease_only_while_it_is_renewed(void **state)
{
	static const char *const left[] = { "192.0.2.1", "2001:db8::1" };
	static const char *const kept[] = { "192.0.2.2", "2001:db8::2" };
	int vip0 = veth("vip0", "far");
	struct history all[] = {
		{ .key = key_of(left[0], vip0) },
		{ .key = key_of(left[1], vip0) },
		{ .key = key_of(kept[0], vip0) },
		{ .key = key_of(kept[1], vip0) },
		{},
	};
	const uint32_t lease_sec = 6; /* this machine may stall */
	double give_up = seconds() + 60;
	struct nl_monitor *monitor;

	assert_int_equal(nl_monitor_new(&monitor, &remember_ops, all), 0);
	for (int i = 0; i < 2; i++) {
		rule_error(add(left[i], vip0, 2), 0, "adding a VIP with a lease of 2 s");
		rule_error(add(kept[i], vip0, lease_sec), 0, "adding a VIP with a lease");
	}

	/* Renew two of them until the kernel has removed the other two. */
	while (!all[0].deleted || !all[1].deleted) {
		struct pollfd pollfd = { .fd = nl_monitor_fd(monitor), .events = POLLIN };

		rule(seconds() < give_up, "a lease of 2 s has not ended after 60 s");
		for (int i = 0; i < 2; i++)
			rule_error(renew(kept[i], vip0, lease_sec), 0, "renewing a VIP");
		usleep(200 * 1000);
		poll(&pollfd, 1, 300);
		assert_int_equal(nl_monitor_read(monitor), 0);
	}
	rule(!all[2].deleted && !all[3].deleted, "a VIP went although it was renewed");

	/* Now nobody renews the others. */
	while (!all[2].deleted || !all[3].deleted) {
		struct pollfd pollfd = { .fd = nl_monitor_fd(monitor), .events = POLLIN };

		rule(seconds() < give_up, "a VIP stays although nobody renews it");
		poll(&pollfd, 1, 1000);
		assert_int_equal(nl_monitor_read(monitor), 0);
	}
	rule_error(renew(left[0], vip0, 2), -EADDRNOTAVAIL, "renewing a VIP whose lease ended");
	rule_error(renew(left[1], vip0, 2), -EADDRNOTAVAIL, "renewing a VIP whose lease ended");
	nl_monitor_free(&monitor);
}

static void foreign_address_is_left_alone(const char *address)
{
	int vip0 = (int)if_nametoindex("vip0");

	rule_error(add(address, vip0, 30), -EEXIST, "adding a VIP that someone else has added");
	rule_error(renew(address, vip0, 30), -EEXIST, "renewing what someone else has added");
	rule_error(del(address, vip0), -EPERM, "deleting what someone else has added");
	witness_says("vip0", address, "\"valid_life_time\":4294967295");
	witness_silent("vip0", address, "protocol");
	witness_silent("vip0", address, "\"scope\":\"link\"");
	witness_silent("vip0", address, "deprecated");
}

static void an_address_without_protocol_112_is_left_alone(void **state)
{
	veth("vip0", "far");
	run("ip addr add 192.0.2.1/32 dev vip0");
	run("ip addr add 2001:db8::1/128 dev vip0");
	run("ip addr add 2001:db8:1::1/64 dev vip0");
	foreign_address_is_left_alone("192.0.2.1");
	foreign_address_is_left_alone("2001:db8::1");
	foreign_address_is_left_alone("2001:db8:1::1");
}

static void a_vip_that_is_gone_is_deleted_with_success(void **state)
{
	int vip0 = veth("vip0", "far");

	rule_error(del("192.0.2.1", vip0), 0, "deleting an IPv4 VIP that was never there");
	rule_error(del("2001:db8::1", vip0), 0, "deleting an IPv6 VIP that was never there");
	run("ip link del dev vip0");
	rule_error(del("192.0.2.1", vip0), 0, "deleting a VIP whose link is gone");
	rule_error(add("192.0.2.1", vip0, 30), -ENODEV, "adding a VIP to a link that is gone");
	rule_error(add("2001:db8::1", vip0, 30), -ENODEV, "adding a VIP to a link that is gone");
	rule_error(renew("192.0.2.1", vip0, 30), -ENODEV, "renewing a VIP whose link is gone");
}

/* zebra would prefer it, and the router that gave the VIP up could not reach the VIP. */
static void no_route_outlives_an_ipv6_vip_with_a_lease(void **state)
{
	int vip0 = veth("vip0", "far");
	const char *routes;

	run("ip addr add 2001:db8::2/128 dev vip0 nodad valid_lft 30 preferred_lft 0 proto 112");
	run("ip addr del 2001:db8::2/128 dev vip0");
	routes = output("ip -6 route show dev vip0");
	rule(strstr(routes, "2001:db8::2 "),
	     "this kernel keeps no route of a leased address, the rule is not needed: %s", routes);

	rule_error(add("2001:db8::1", vip0, 30), 0, "adding a VIP");
	routes = output("ip -6 route show dev vip0");
	rule(strstr(routes, "2001:db8::1 "), "the kernel made no route of the VIP: %s", routes);
	rule_error(del("2001:db8::1", vip0), 0, "deleting the VIP");
	routes = output("ip -6 route show dev vip0");
	rule(!strstr(routes, "2001:db8::1 "), "the route is still there: %s", routes);

	rule_error(del("2001:db8::2", vip0), 0, "deleting a VIP that went before");
	routes = output("ip -6 route show dev vip0");
	rule(!strstr(routes, "2001:db8::2 "), "the route of an earlier VIP is still there: %s",
	     routes);
}

static void a_renewal_never_makes_an_address(void **state)
{
	int vip0 = veth("vip0", "far");

	rule_error(renew("192.0.2.1", vip0, 30), -EADDRNOTAVAIL, "renewing what is not there");
	rule_error(renew("2001:db8::1", vip0, 30), -EADDRNOTAVAIL, "renewing what is not there");
	rule(!witness("vip0", "192.0.2.1"), "a renewal made 192.0.2.1");
	rule(!witness("vip0", "2001:db8::1"), "a renewal made 2001:db8::1");
}

static void a_key_that_can_be_no_address_is_not_queued(void **state)
{
	struct nl_batch *batch = nl_batch_new(conn);
	struct nl_addr_key key = key_of("192.0.2.1", 0);

	rule_error(nl_batch_addr_add(batch, &key, 30, NULL), -EINVAL, "a key without a link");
	key = key_of("192.0.2.1", 1);
	key.prefixlen = 33;
	rule_error(nl_batch_addr_add(batch, &key, 30, NULL), -EINVAL, "an IPv4 /33");
	key = key_of("2001:db8::1", 1);
	key.prefixlen = 129;
	rule_error(nl_batch_addr_renew(batch, &key, 30, NULL), -EINVAL, "an IPv6 /129");
	key.family = AF_UNSPEC;
	rule_error(nl_batch_addr_del(batch, &key, NULL), -EINVAL, "a key without a family");
	assert_int_equal(nl_batch_count(batch), 0);
	rule_error(nl_batch_commit(batch, NULL, NULL), 0, "committing an empty batch");
	nl_batch_free(&batch);
}

/* The results of a batch with the objects 0, 1, 2, … */
struct tally {
	long next;
	int failed;
	long failed_object;
	int failed_error;
	enum nl_op failed_op;
	const char *failed_what;
};

static void count(const struct nl_result *result, void *arg)
{
	struct tally *tally = arg;

	rule((long)result->object == tally->next, "result %ld came in place of %ld",
	     (long)result->object, tally->next);
	tally->next++;
	if (!result->error)
		return;
	tally->failed++;
	tally->failed_object = (long)result->object;
	tally->failed_error = result->error;
	tally->failed_op = result->op;
	tally->failed_what = result->what;
}

static struct nl_addr_key numbered(long i, int ifindex)
{
	struct nl_addr_key key = key_of(i % 2 ? "2001:db8::" : "10.0.0.0", ifindex);

	if (key.family == AF_INET)
		key.v4.s_addr |= htonl((uint32_t)i);
	else
		key.v6.s6_addr32[3] = htonl((uint32_t)i);
	return key;
}

enum kind { ADD, RENEW, DEL };

static struct tally commit_numbered(enum kind kind, long first, long end, int ifindex)
{
	struct nl_batch *batch = nl_batch_new(conn);
	struct tally tally = {};
	int failed;

	for (long i = first; i < end; i++) {
		struct nl_addr_key key = numbered(i, ifindex);
		void *object = (void *)(i - first);

		if (kind == DEL)
			nl_batch_addr_del(batch, &key, object);
		else if (kind == RENEW)
			nl_batch_addr_renew(batch, &key, 3600, object);
		else
			nl_batch_addr_add(batch, &key, 3600, object);
	}
	assert_int_equal(nl_batch_count(batch), end - first);
	failed = nl_batch_commit(batch, count, &tally);
	rule(failed == tally.failed, "%d requests failed, but commit returned %d", tally.failed,
	     failed);
	assert_int_equal(nl_batch_count(batch), 0);
	rule(tally.next == end - first, "%ld requests, but %ld results", end - first, tally.next);
	nl_batch_free(&batch);
	return tally;
}

static void count_ours(const struct nl_addr_info *info, void *arg)
{
	*(int *)arg += info->protocol == NL_PROTO_VRRP;
}

static int ours_on(int ifindex)
{
	int ours = 0;

	assert_int_equal(nl_addr_dump(conn, ifindex, count_ours, &ours), 0);
	return ours;
}

static void one_bad_request_in_a_thousand_is_named_and_stops_no_other(void **state)
{
	int vip0 = veth("vip0", "far");
	struct tally tally;

	run("ip addr add 10.0.1.244/32 dev vip0"); /* number 500 */
	tally = commit_numbered(ADD, 0, 1000, vip0);
	rule(tally.failed == 1, "1 of 1000 is someone else's, but %d failed", tally.failed);
	rule(tally.failed_object == 500, "request 500 failed, but %ld is named",
	     tally.failed_object);
	rule_error(tally.failed_error, -EEXIST, "adding the one that is someone else's");
	assert_int_equal(tally.failed_op, NL_ADD);
	assert_string_equal(tally.failed_what, "add address");
	rule(ours_on(vip0) == 999, "999 were added, but %d are there", ours_on(vip0));

	tally = commit_numbered(DEL, 0, 1000, vip0);
	rule(tally.failed == 1 && tally.failed_object == 500,
	     "deleting 1000: only 500 is not ours to delete, but %d failed, the last one %ld",
	     tally.failed, tally.failed_object);
	assert_int_equal(tally.failed_op, NL_DEL);
	assert_string_equal(tally.failed_what, "delete address");
	rule(ours_on(vip0) == 0, "all of ours were deleted, but %d are there", ours_on(vip0));
	witness_says("vip0", "10.0.1.244", "\"prefixlen\":32");
}

static void a_link_that_goes_takes_only_its_own_requests_along(void **state)
{
	int vip0 = veth("vip0", "far");
	struct nl_batch *batch = nl_batch_new(conn);
	struct tally tally = {};

	for (long i = 0; i < 100; i++) {
		struct nl_addr_key key = numbered(i, i == 37 ? 9999 : vip0);

		nl_batch_addr_add(batch, &key, 30, (void *)i);
	}
	rule_error(nl_batch_commit(batch, count, &tally), 1, "one of 100 names no link");
	rule(tally.failed_object == 37, "request 37 failed, but %ld is named", tally.failed_object);
	rule_error(tally.failed_error, -ENODEV, "adding to a link that is not there");
	nl_batch_free(&batch);
}

static void requests_of_one_batch_follow_each_other(void **state)
{
	int vip0 = veth("vip0", "far");
	struct nl_addr_key again = key_of("192.0.2.1", vip0);
	struct nl_addr_key twice = key_of("192.0.2.2", vip0);
	struct nl_addr_key brief = key_of("2001:db8::3", vip0);
	struct nl_batch *batch = nl_batch_new(conn);
	struct tally tally = {};

	rule_error(add("192.0.2.1", vip0, 30), 0, "adding a VIP");
	nl_batch_addr_del(batch, &again, (void *)0L);
	nl_batch_addr_add(batch, &again, 60, (void *)1L);
	nl_batch_addr_add(batch, &twice, 60, (void *)2L);
	nl_batch_addr_add(batch, &twice, 90, (void *)3L);
	nl_batch_addr_add(batch, &brief, 60, (void *)4L);
	nl_batch_addr_del(batch, &brief, (void *)5L);
	rule_error(nl_batch_commit(batch, count, &tally), 0, "a batch of six that all succeed");
	witness_left("vip0", "192.0.2.1", "valid_life_time", 60);
	witness_left("vip0", "192.0.2.2", "valid_life_time", 90);
	rule(!witness("vip0", "2001:db8::3"), "added, then deleted, but there");

	/* The same without a removal: nothing is known of the address beforehand. */
	twice = key_of("192.0.2.9", vip0);
	tally = (struct tally){};
	nl_batch_addr_add(batch, &twice, 60, (void *)0L);
	nl_batch_addr_add(batch, &twice, 90, (void *)1L);
	rule_error(nl_batch_commit(batch, count, &tally), 0, "the same VIP twice in a batch");
	witness_left("vip0", "192.0.2.9", "valid_life_time", 90);
	nl_batch_free(&batch);
}

static void queue_anew(const struct nl_result *result, void *arg)
{
	struct nl_addr_key key = key_of("192.0.2.77", *(int *)result->object);

	assert_int_equal(nl_batch_addr_add(arg, &key, 30, NULL), 0);
}

static void a_result_may_queue_for_the_next_commit(void **state)
{
	int vip0 = veth("vip0", "far");
	struct nl_addr_key key = key_of("192.0.2.1", vip0);
	struct nl_batch *batch = nl_batch_new(conn);

	nl_batch_addr_add(batch, &key, 30, &vip0);
	assert_int_equal(nl_batch_commit(batch, queue_anew, batch), 0);
	rule(nl_batch_count(batch) == 1, "queued in a result, but not there for the next commit");
	assert_int_equal(nl_batch_commit(batch, NULL, NULL), 0);
	rule(witness("vip0", "192.0.2.77"), "queued in a result, committed, but not added");
	nl_batch_free(&batch);
}

struct found {
	int all, ours, wrong_link, only_link;
	uint32_t valid_sec;
};

static void find(const struct nl_addr_info *info, void *arg)
{
	struct found *found = arg;

	found->all++;
	found->wrong_link += found->only_link && info->key.ifindex != found->only_link;
	if (info->protocol == NL_PROTO_VRRP) {
		found->ours++;
		found->valid_sec = info->valid_sec;
	}
}

static void a_dump_tells_of_all_links_or_of_one(void **state)
{
	int vip0 = veth("vip0", "far"), other = veth("other", "beyond");
	struct found found = {};

	rule_error(add("192.0.2.1", vip0, NL_LEASE_NONE), 0, "adding a VIP");
	run("ip addr add 10.9.9.1/24 dev other");
	assert_int_equal(nl_addr_dump(conn, 0, find, &found), 0);
	/* At least 127.0.0.1, ::1 and the two above. */
	rule(found.all >= 4, "a dump of everything has only %d addresses", found.all);
	rule(found.ours == 1, "one VIP, but a dump tells of %d", found.ours);
	rule(found.valid_sec == UINT32_MAX, "a permanent VIP is valid for %u s", found.valid_sec);

	found = (struct found){ .only_link = other };
	assert_int_equal(nl_addr_dump(conn, other, find, &found), 0);
	rule(found.all && !found.ours && !found.wrong_link, "a dump of one link tells of others");
	rule_error(nl_addr_dump(conn, 9999, find, &found), -ENODEV, "a dump of no link");
}

static void without_net_admin_each_request_is_refused(void **state)
{
	int vip0 = veth("vip0", "far");
	struct tally tally;
	int supported;

	net_admin(false);
	tally = commit_numbered(ADD, 0, 10, vip0);
	supported = nl_addr_protocol_supported(conn);
	net_admin(true);
	rule(tally.failed == 10, "10 requests without CAP_NET_ADMIN, but %d failed", tally.failed);
	rule_error(tally.failed_error, -EPERM, "adding without CAP_NET_ADMIN");
	rule_error(supported, -EPERM, "asking for protocol support without CAP_NET_ADMIN");
}

static void this_kernel_remembers_the_protocol_of_an_address(void **state)
{
	rule_error(nl_addr_protocol_supported(conn), 1, "Linux 5.18 or later was expected");
}

static void timed(const char *what, enum kind kind, long from, long to, int ifindex)
{
	double start = seconds();
	struct tally tally = commit_numbered(kind, from, to, ifindex);

	print_message("%s %ld addresses: %.1f ms\n", what, to - from, (seconds() - start) * 1e3);
	rule(tally.failed == 0, "%s of %ld: %d failed, the last with %s", what, to - from,
	     tally.failed, strerror(-tally.failed_error));
}

static void four_thousand_addresses_are_one_commit(void **state)
{
	int vip0 = veth("vip0", "far");

	timed("add", ADD, 0, 4000, vip0);
	rule(ours_on(vip0) == 4000, "4000 added, but %d there", ours_on(vip0));
	timed("renew", RENEW, 0, 4000, vip0);
	timed("add again", ADD, 0, 4000, vip0);
	timed("add beside them", ADD, 4000, 4001, vip0);
	timed("renew beside them", RENEW, 4000, 4001, vip0);
	timed("delete", DEL, 0, 4001, vip0);
	rule(ours_on(vip0) == 0, "all deleted, but %d there", ours_on(vip0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(an_ipv4_vip_is_a_host_address_of_protocol_112_and_scope_link),
		test(an_ipv6_vip_is_a_deprecated_host_address_without_dad),
		test(lease_0_is_permanent_and_ipv6_stays_deprecated),
		test(a_renewal_changes_the_lease_alone_and_never_bounces_the_address),
		test(a_vip_outlives_its_lease_only_while_it_is_renewed),
		test(an_address_without_protocol_112_is_left_alone),
		test(a_vip_that_is_gone_is_deleted_with_success),
		test(no_route_outlives_an_ipv6_vip_with_a_lease),
		test(a_renewal_never_makes_an_address),
		test(a_key_that_can_be_no_address_is_not_queued),
		test(one_bad_request_in_a_thousand_is_named_and_stops_no_other),
		test(a_link_that_goes_takes_only_its_own_requests_along),
		test(requests_of_one_batch_follow_each_other),
		test(a_result_may_queue_for_the_next_commit),
		test(a_dump_tells_of_all_links_or_of_one),
		test(without_net_admin_each_request_is_refused),
		test(this_kernel_remembers_the_protocol_of_an_address),
		test(four_thousand_addresses_are_one_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
