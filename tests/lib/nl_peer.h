/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAN of two for the tests of netlink/: the namespace of the test is the router, on it eth0
 * (02:00:00:00:00:01); at the other end of the cable, in a namespace of its own, is the peer with
 * far (02:00:00:00:00:02). A packet socket of the peer records every frame on the cable.
 */
#ifndef NL_PEER_H
#define NL_PEER_H

#include "nl_test.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>

#define ROUTER_MAC   "02:00:00:00:00:01"
#define PEER_MAC     "02:00:00:00:00:02"
#define ROUTER_LOCAL "fe80::ff:fe00:1"

/* The two namespaces, and the packet socket on the cable. */
extern int router_ns, peer_ns, cable;

/* Changes to a namespace: router_ns or peer_ns. */
void enter_ns(int ns);

/* Runs a command in the peer's namespace: whether it succeeded. */
bool on_peer(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Gives a link addresses, and waits until they are used. */
void number(const char *ifname, const char *v4, const char *v6);

/* The peer's far. */
void number_peer(const char *v4, const char *v6);

/* Before each test: the router's namespace is the one the test is in. */
int fresh_lan(void **state);

/* After each test. */
int leave_lan(void **state);

/* Passes on every frame from a MAC, until none has come for this time. */
typedef void (*frame_fn)(const uint8_t *frame, size_t len, void *arg);
void listen_on_cable(const uint8_t *from, int quiet_ms, frame_fn fn, void *arg);

#define test_lan(function) cmocka_unit_test_setup_teardown(function, fresh_lan, leave_lan)

#endif /* NL_PEER_H */
