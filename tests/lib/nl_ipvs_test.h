/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code shared by the tests of IPVS: a connection in a namespace for the test, short ways to
 * describe wanted services, and the kernel's state as reported to us and by ipvsadm(8).
 */
#ifndef NL_IPVS_TEST_H
#define NL_IPVS_TEST_H

#include "nl_test.h"

#include <fcntl.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "nl_ipvs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The connection of the running test. */
extern struct nl_ipvs *ipvs;
extern struct nl_ipvs_owned *owned;

/* A file for keys, which does not exist at the beginning of a test. */
extern char keys_path[64];

/* Before and after each test. */
int ipvs_begin(void **state);
int ipvs_end(void **state);

/* --------------------------------------------------- what is wanted */

/* "TCP 192.0.2.1 80": see nl_ipvs_key_parse(). */
struct nl_ipvs_key key(const char *text);

/* Without servers. */
struct nl_ipvs_service service(const char *text, const char *scheduler);

/* Servers of weight 1; the second one by a tunnel to port 80. */
struct nl_ipvs_server server(const char *address, uint16_t port, enum nl_ipvs_forward forward);
struct nl_ipvs_server tunnel(const char *address, enum nl_ipvs_encapsulation encapsulation);

/* ------------------------------------------------ what became of it */

/* The report of the last synchronise(). */
struct ipvs_told {
	int changes, failures;
	int error; /* the last one */
	char text[4096];
};
extern struct ipvs_told told;

/* Calls nl_ipvs_apply(), and returns its result. */
int synchronise(const struct nl_ipvs_service *wanted, size_t count);

/* Synchronises; it must send this number of requests, and all must succeed. */
void sync_sends(const struct nl_ipvs_service *wanted, size_t count, int requests, const char *why);

/* The error of a sync of one service; the table must be as before. */
int refusal(const struct nl_ipvs_service *wanted);

/* Checks that ipvsadm -Sn prints these lines, in any order, and no others. */
void table_is(const char *wanted, const char *when);

/* -------------------------------------------------- what the kernel has */

/* Services, as nl_ipvs_read() hands them to see_service(). */
struct sight {
	struct nl_ipvs_service_state state; /* the last */
	struct nl_ipvs_server_state servers[4];
	int services;
};
void see_service(const struct nl_ipvs_service_state *state, void *arg);

/* ----------------------------------------------------------- the daemon */

/*
 * Restarts the daemon: a new one reads from the file which services are its own. NULL: from no
 * file.
 */
void restart(const char *path);

#undef test
#define test(function) cmocka_unit_test_setup_teardown(function, ipvs_begin, ipvs_end)

#endif /* NL_IPVS_TEST_H */
