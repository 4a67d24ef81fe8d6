/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code shared by the tests of netlink/: a new network namespace for each test, ip(8) as the
 * independent witness of the kernel's state, and checks that print the broken rule as a sentence.
 */
#ifndef NL_TEST_H
#define NL_TEST_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "nl_addr.h"
#include "nl_link.h"
#include "nl_sock.h"

#define rule(holds, ...)                                                                           \
	do {                                                                                       \
		if (!(holds))                                                                      \
			fail_msg(__VA_ARGS__);                                                     \
	} while (0)

#define rule_error(got, wanted, sentence)                                                          \
	do {                                                                                       \
		int got_once = (got);                                                              \
		rule(got_once == (wanted), "%s: got %d (%s), not %d", sentence, got_once,          \
		     strerror(abs(got_once)), (wanted));                                           \
	} while (0)

/* The connection to the kernel, in the namespace of the test. */
extern struct nl_conn *conn;

/* Formats a command; the text is static, valid until the next call. */
#define format_command(format)                                                                     \
	({                                                                                         \
		static char command_[512];                                                         \
		va_list ap_;                                                                       \
		va_start(ap_, format);                                                             \
		vsnprintf(command_, sizeof(command_), format, ap_);                                \
		va_end(ap_);                                                                       \
		command_;                                                                          \
	})

/* Runs a command that must succeed. */
void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The output of a command; static, valid until the next call. */
const char *output(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ip(8)'s JSON object for one address of a link, or NULL. */
const char *witness(const char *ifname, const char *address);

/* Checks that the address is on the link and that ip(8) prints this text for it; or does not. */
void witness_says(const char *ifname, const char *address, const char *wanted);
void witness_silent(const char *ifname, const char *address, const char *unwanted);

/* Checks a lifetime that was set to this number of seconds a few seconds ago. */
void witness_left(const char *ifname, const char *address, const char *what, int set_sec);

/* A VIP as a key: a whole address, of either family. */
struct nl_addr_key key_of(const char *address, int ifindex);

/* True when both are the same address on the same link. */
bool same_address(const struct nl_addr_key *a, const struct nl_addr_key *b);

/* A nl_result_fn that leaves the error in the int that arg points to. */
void keep_error(const struct nl_result *result, void *arg);

/* Commits a batch of one request and returns that request's error. */
int commit_one(struct nl_batch *batch);

/* One request on conn, and its error. */
int add(const char *address, int ifindex, uint32_t lease_sec);
int renew(const char *address, int ifindex, uint32_t lease_sec);
int del(const char *address, int ifindex);

/* The monotonic clock in seconds. */
double seconds(void);

/* Drops the effective CAP_NET_ADMIN of this process, or raises it again. */
void net_admin(bool allowed);

/* Before each test: a new namespace, loopback up, and a connection into it. */
int fresh_namespace(void **state);

/* After each test. */
int leave_namespace(void **state);

/* Whether a command prints that text, within three seconds. */
bool comes_to_print(const char *text, const char *command);

/* Waits until the link is running, which is some time after it was set up. False: it is not. */
bool link_carries(const char *ifname);

/*
 * Waits until an IPv6 address is usable, which is some time after it was added, even without DAD.
 */
bool uses(const char *ifname, const char *v6);

/* A link that carries VIPs where the kernel has no dummy: one end of a veth. */
int veth(const char *name, const char *far);

#define test(function) cmocka_unit_test_setup_teardown(function, fresh_namespace, leave_namespace)

#endif /* NL_TEST_H */
