// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns
 *
 * The monitor: it reports changes that others make to addresses and links, and reports lost events.
 * The links are veths, so that every kernel can run this.
 */
#include "nl_test.h"

/* The monitor's events about one address and one link. */
struct heard {
	struct nl_addr_key key;
	int ifindex;
	int added, deleted, ours;
	int ups, downs, gone;
	char name[IFNAMSIZ];
	int addresses; /* of that family: links get IPv6 ones of their own, any time */
	int overruns;
};

static void on_addr(const struct nl_addr_info *info, bool added, void *arg)
{
	struct heard *heard = arg;

	heard->addresses += info->key.family == heard->key.family;
	if (!same_address(&info->key, &heard->key))
		return;
	heard->added += added;
	heard->deleted += !added;
	heard->ours += info->protocol == NL_PROTO_VRRP;
}

static void on_link(const struct nl_link *link, bool exists, void *arg)
{
	struct heard *heard = arg;

	if (link->ifindex != heard->ifindex)
		return;
	snprintf(heard->name, sizeof(heard->name), "%s", link->name);
	if (!exists)
		heard->gone++;
	else if (link->up)
		heard->ups++;
	else
		heard->downs++;
}

static void on_overrun(void *arg)
{
	((struct heard *)arg)->overruns++;
}

static const struct nl_monitor_ops ops = {
	.addr = on_addr,
	.link = on_link,
	.overrun = on_overrun,
};

static struct nl_monitor *listen_to(struct heard *heard, const char *address, int ifindex)
{
	struct nl_monitor *monitor;

	heard->key = key_of(address, ifindex);
	heard->ifindex = ifindex;
	assert_int_equal(nl_monitor_new(&monitor, &ops, heard), 0);
	return monitor;
}

/* Reads until nothing is left, or fails. */
static int read_all(struct nl_monitor *monitor)
{
	struct pollfd pollfd = { .fd = nl_monitor_fd(monitor), .events = POLLIN };
	int reads = 0;

	while (poll(&pollfd, 1, 0) > 0) {
		assert_int_equal(nl_monitor_read(monitor), 0);
		reads++;
	}
	return reads;
}

static void a_vip_deleted_by_someone_else(const char *address)
{
	int vip0 = (int)if_nametoindex("vip0");
	struct heard heard = {};
	struct nl_monitor *monitor = listen_to(&heard, address, vip0);

	rule_error(add(address, vip0, 30), 0, "adding a VIP");
	rule(heard.key.family == AF_INET || uses("vip0", address), "%s is not used", address);
	run("ip addr del %s/%d dev vip0", address, heard.key.prefixlen);
	read_all(monitor);
	rule(heard.added == 1, "a VIP was added once, but heard %d times", heard.added);
	rule(heard.deleted == 1, "someone deleted %s, but that was heard %d times", address,
	     heard.deleted);
	rule(heard.ours == 2, "both events of %s must tell protocol 112, but %d do", address,
	     heard.ours);
	nl_monitor_free(&monitor);
}

static void a_vip_deleted_by_someone_else_is_heard_as_ours(void **state)
{
	veth("vip0", "far");
	a_vip_deleted_by_someone_else("192.0.2.1");
	a_vip_deleted_by_someone_else("2001:db8::1");
}

static void a_link_is_heard_going_down_up_and_away(void **state)
{
	int vip0 = veth("vip0", "far");
	struct heard heard = {};
	struct nl_monitor *monitor = listen_to(&heard, "192.0.2.1", vip0);

	run("ip link set dev vip0 down");
	read_all(monitor);
	rule(heard.downs && !heard.gone, "vip0 went down and that was not heard");
	assert_string_equal(heard.name, "vip0");
	heard.ups = 0;
	run("ip link set dev vip0 up");
	read_all(monitor);
	rule(heard.ups, "vip0 came up and that was not heard");
	run("ip link del dev vip0");
	read_all(monitor);
	rule(heard.gone == 1, "vip0 was removed once, but heard %d times", heard.gone);
	nl_monitor_free(&monitor);
}

static void a_port_that_leaves_its_bridge_is_not_gone(void **state)
{
	int vip0 = veth("vip0", "far");
	struct heard heard = {};
	struct nl_monitor *monitor = listen_to(&heard, "192.0.2.1", vip0);

	run("ip link add name br0 type bridge");
	run("ip link set dev vip0 master br0");
	run("ip link set dev vip0 nomaster");
	read_all(monitor);
	rule(heard.gone == 0, "vip0 left a bridge and was taken for removed");
	nl_monitor_free(&monitor);
}

static void add_many(int ifindex, uint32_t from, uint32_t to)
{
	struct nl_batch *batch = nl_batch_new(conn);

	for (uint32_t i = from; i < to; i++) {
		struct nl_addr_key key = key_of("10.0.0.0", ifindex);

		key.v4.s_addr |= htonl(i);
		nl_batch_addr_add(batch, &key, 3600, NULL);
	}
	assert_int_equal(nl_batch_commit(batch, NULL, NULL), 0);
	nl_batch_free(&batch);
}

static void a_burst_is_heard_whole_and_in_parts(void **state)
{
	int vip0 = veth("vip0", "far");
	struct heard heard = {};
	struct nl_monitor *monitor = listen_to(&heard, "10.0.0.1", vip0);
	int reads;

	add_many(vip0, 0, 4000);
	reads = read_all(monitor);
	rule(heard.overruns == 0, "4000 addresses at once were too much for the monitor");
	rule(heard.addresses == 4000, "4000 addresses came, but %d were heard", heard.addresses);
	rule(reads > 1, "4000 events were handed on in one go: the daemon stood still meanwhile");
	nl_monitor_free(&monitor);
}

static void lost_events_are_admitted_and_later_ones_are_heard(void **state)
{
	int vip0 = veth("vip0", "far"), tiny = 1;
	struct heard heard = {};
	struct nl_monitor *monitor = listen_to(&heard, "192.0.2.1", vip0);

	assert_int_equal(setsockopt(nl_monitor_fd(monitor), SOL_SOCKET, SO_RCVBUF, &tiny,
				    sizeof(tiny)),
			 0);
	add_many(vip0, 0, 100);
	read_all(monitor);
	rule(heard.overruns == 1, "events were lost once, but admitted %d times", heard.overruns);
	rule(heard.addresses == 0, "%d old events were handed on beside the overrun",
	     heard.addresses);

	rule_error(add("192.0.2.1", vip0, 30), 0, "adding a VIP after the overrun");
	read_all(monitor);
	rule(heard.added == 1, "after an overrun nothing more is heard");
	rule(heard.overruns == 1, "one overrun is admitted twice");
	nl_monitor_free(&monitor);
}

static void reading_when_nothing_happened_returns_at_once(void **state)
{
	struct heard heard = {};
	struct nl_monitor *monitor = listen_to(&heard, "192.0.2.1", 1);
	double start = seconds();

	assert_int_equal(nl_monitor_read(monitor), 0);
	rule(seconds() - start < 1, "reading without events waited");
	nl_monitor_free(&monitor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_vip_deleted_by_someone_else_is_heard_as_ours),
		test(a_link_is_heard_going_down_up_and_away),
		test(a_port_that_leaves_its_bridge_is_not_gone),
		test(a_burst_is_heard_whole_and_in_parts),
		test(lost_events_are_admitted_and_later_ones_are_heard),
		test(reading_when_nothing_happened_returns_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
