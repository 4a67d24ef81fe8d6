// SPDX-License-Identifier: GPL-2.0-or-later
#include "nl_test.h"

struct nl_conn *conn;

void run(const char *format, ...)
{
	const char *command = format_command(format);
	int rc = system(command);

	rule(rc == 0, "the test could not run \"%s\"", command);
}

const char *output(const char *format, ...)
{
	static char text[256 * 1024];
	const char *command = format_command(format);
	FILE *pipe = popen(command, "r");
	size_t len;

	rule(pipe != NULL, "the test could not run \"%s\"", command);
	len = fread(text, 1, sizeof(text) - 1, pipe);
	text[len] = '\0';
	pclose(pipe);
	return text;
}

const char *witness(const char *ifname, const char *address)
{
	const char *all = output("ip -j -d addr show dev %s", ifname);
	static char object[1024];
	char wanted[128];
	const char *from, *to;

	snprintf(wanted, sizeof(wanted), "\"local\":\"%s\"", address);
	from = strstr(all, wanted);
	to = from ? strchr(from, '}') : NULL;
	if (!to)
		return NULL;
	snprintf(object, sizeof(object), "%.*s", (int)(to - from), from);
	return object;
}

void witness_says(const char *ifname, const char *address, const char *wanted)
{
	const char *object = witness(ifname, address);

	rule(object != NULL, "%s is not on %s", address, ifname);
	rule(strstr(object, wanted), "%s on %s should have %s, but ip says: %s", address, ifname,
	     wanted, object);
}

void witness_left(const char *ifname, const char *address, const char *what, int set_sec)
{
	const char *object = witness(ifname, address);
	const char *left = object ? strstr(object, what) : NULL;
	int sec = left ? atoi(strchr(left, ':') + 1) : -1;

	rule(sec <= set_sec && sec > set_sec - 10, "%s on %s: %s is %d, not %d", address, ifname,
	     what, sec, set_sec);
}

void witness_silent(const char *ifname, const char *address, const char *unwanted)
{
	const char *object = witness(ifname, address);

	rule(object != NULL, "%s is not on %s", address, ifname);
	rule(!strstr(object, unwanted), "%s on %s should not have %s, but ip says: %s", address,
	     ifname, unwanted, object);
}

struct nl_addr_key key_of(const char *address, int ifindex)
{
	struct nl_addr_key key = { .ifindex = ifindex };

	key.family = strchr(address, ':') ? AF_INET6 : AF_INET;
	key.prefixlen = key.family == AF_INET ? 32 : 128;
	assert_int_equal(inet_pton(key.family, address, &key.v4), 1);
	return key;
}

bool same_address(const struct nl_addr_key *a, const struct nl_addr_key *b)
{
	return a->family == b->family && a->ifindex == b->ifindex &&
	       !memcmp(&a->v4, &b->v4, a->family == AF_INET ? 4 : 16);
}

void keep_error(const struct nl_result *result, void *arg)
{
	*(int *)arg = result->error;
}

int commit_one(struct nl_batch *batch)
{
	int error = 1, failed;

	assert_int_equal(nl_batch_count(batch), 1);
	failed = nl_batch_commit(batch, keep_error, &error);
	rule(failed == (error != 0), "one request, error %d, but commit returned %d", error, failed);
	nl_batch_free(&batch);
	return error;
}

int add(const char *address, int ifindex, uint32_t lease_sec)
{
	struct nl_addr_key key = key_of(address, ifindex);
	struct nl_batch *batch = nl_batch_new(conn);

	assert_int_equal(nl_batch_addr_add(batch, &key, lease_sec, NULL), 0);
	return commit_one(batch);
}

int renew(const char *address, int ifindex, uint32_t lease_sec)
{
	struct nl_addr_key key = key_of(address, ifindex);
	struct nl_batch *batch = nl_batch_new(conn);

	assert_int_equal(nl_batch_addr_renew(batch, &key, lease_sec, NULL), 0);
	return commit_one(batch);
}

int del(const char *address, int ifindex)
{
	struct nl_addr_key key = key_of(address, ifindex);
	struct nl_batch *batch = nl_batch_new(conn);

	assert_int_equal(nl_batch_addr_del(batch, &key, NULL), 0);
	return commit_one(batch);
}

double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void net_admin(bool allowed)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	if (allowed)
		data[0].effective |= 1u << CAP_NET_ADMIN;
	else
		data[0].effective &= ~(1u << CAP_NET_ADMIN);
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

int fresh_namespace(void **state)
{
	if (unshare(CLONE_NEWNET) < 0) {
		print_error("no network namespace of our own (%s): run as root\n", strerror(errno));
		return -1;
	}
	(void)state;
	net_admin(true);
	if (system("ip link set dev lo up") != 0)
		return -1;
	return nl_conn_new(&conn);
}

int leave_namespace(void **state)
{
	(void)state;
	nl_conn_free(&conn);
	return 0;
}

bool comes_to_print(const char *text, const char *command)
{
	for (int i = 0; i < 300; i++) {
		if (strstr(output("%s", command), text))
			return true;
		usleep(10 * 1000);
	}
	return false;
}

bool link_carries(const char *ifname)
{
	char command[64];

	snprintf(command, sizeof(command), "ip link show dev %s", ifname);
	return comes_to_print("state UP", command);
}

bool uses(const char *ifname, const char *v6)
{
	char text[128];

	snprintf(text, sizeof(text), "local %s dev %s ", v6, ifname);
	return comes_to_print(text, "ip -6 route show table local");
}

int veth(const char *name, const char *far)
{
	run("ip link add name %s type veth peer name %s", name, far);
	run("ip link set dev %s up && ip link set dev %s up", name, far);
	rule(link_carries(name) && link_carries(far), "%s and %s stay down", name, far);
	return (int)if_nametoindex(name);
}
