/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of IPVS share: one connection to it in a namespace of their own, what is
 * wanted in few words, and what the kernel made of it, as told to us and by ipvsadm(8).
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

/* Of the test that runs. */
extern struct nl_ipvs *ipvs;
extern struct nl_ipvs_owned *owned;

/* A file for keys, which no earlier test has left. */
extern char keys_path[64];

/* Before and after each test. */
int ipvs_begin(void **state);
int ipvs_end(void **state);

/* --------------------------------------------------- what is wanted */

/* "TCP 192.0.2.1 80": see nl_ipvs_key_parse(). */
struct nl_ipvs_key key(const char *text);

/* Without servers. */
struct nl_ipvs_service service(const char *text, const char *scheduler);

/* Of weight 1; the second by a tunnel to port 80. */
struct nl_ipvs_server server(const char *address, uint16_t port, enum nl_ipvs_forward forward);
struct nl_ipvs_server tunnel(const char *address, enum nl_ipvs_encapsulation encapsulation);

/* ------------------------------------------------ what became of it */

/* What the last synchronise() reported. */
struct ipvs_told {
	int changes, failures;
	int error; /* the last one */
	char text[4096];
};
extern struct ipvs_told told;

/* nl_ipvs_apply(), and what it returned. */
int synchronise(const struct nl_ipvs_service *wanted, size_t count);

/* Synchronises, which must make so many requests and all of them well. */
void sync_sends(const struct nl_ipvs_service *wanted, size_t count, int requests, const char *why);

/* The error of a sync of one service; the table must be as before. */
int refusal(const struct nl_ipvs_service *wanted);

/* ipvsadm -Sn has these lines, in any order, and no others. */
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

/* Another one in its place, which reads which services are its own. NULL: from no file. */
void restart(const char *path);

#undef test
#define test(function) cmocka_unit_test_setup_teardown(function, ipvs_begin, ipvs_end)

#endif /* NL_IPVS_TEST_H */
