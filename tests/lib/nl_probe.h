/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code shared by the tests of health checks: at the far end of the cable the real servers, nginx,
 * and small ones that misbehave; here the event loop and the probes, with the reports of each; and
 * their frames on the cable.
 */
#ifndef NL_PROBE_H
#define NL_PROBE_H

#include <zebra.h>

#include "checksum.h"
#include "frrevent.h"
#include "memory.h"
#include "privs.h"

#include "vrrp_alarm.h"
#include "vrrp_daemon.h"
#include "vrrp_memory.h"
#include "vrrp_probe.h"
#include "vrrp_watch.h"

#include "core_test.h"
#include "nl_peer.h"

#include <linux/icmp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define ROUTER4	 "192.0.2.1"
#define ROUTER6	 "2001:db8::1"
#define SOURCE4	 "192.0.2.11"
#define SOURCE6	 "2001:db8::11"
#define SERVER4	 "192.0.2.2"
#define SERVER6	 "2001:db8::2"
#define NOBODY4	 "192.0.2.99" /* nobody answers */
#define NOBODY6	 "2001:db8::99"
#define BLOCKED4 "198.51.100.1" /* an unreachable route */

#define PORT_CLOSED 1
#define PORT_SILENT 7
#define PORT_HTTP   80
#define PORT_HTTPS  443
#define PORT_HANGUP 1001
#define PORT_RESET  1002
#define PORT_CHAT   1003
#define PORT_SHORT  1004
#define PORT_STREAM 1005
#define PORT_ONCE   1006
/* These servers require the host www.example.net, or a client certificate, with TLS 1.3 and 1.2. */
#define PORT_NAMED    444
#define PORT_CLIENT   445
#define PORT_CLIENT12 446
/* These have certificates of their own: for SERVER4 and www.example.net, and one that has expired. */
#define PORT_ADDRESS 447
#define PORT_EXPIRED 448

/* They are their own authorities; that of port 443 is for the host other. */
#define CERTIFICATE	       "/tmp/nl_probe.crt"
#define CERTIFICATE_OF_ADDRESS "/tmp/nl_probe.address.crt"
#define CERTIFICATE_EXPIRED    "/tmp/nl_probe.expired.crt"

/* Liars (nl_probe_liars.c): of UDP and DNS, and of SMTP, which begin with the good one of their kind. */
enum {
	PORT_ECHO = 2001,
	PORT_MUTE,
	PORT_DNS,
	PORT_DNS_RCODE,
	PORT_DNS_ID,
	PORT_DNS_NAME,
	PORT_DNS_EMPTY,
	PORT_DNS_CUT,
	PORT_DNS_BROKEN,
	PORT_DNS_ALIAS,
	PORT_DNS_TYPE,
	PORT_DNS_LAST = PORT_DNS_TYPE,
	PORT_SMTP = 3001,
	PORT_SMTP_554,
	PORT_SMTP_550,
	PORT_SMTP_CHAT,
	PORT_SMTP_LINE,
	PORT_SMTP_LINES,
	PORT_SMTP_RUDE,
	PORT_SMTP_GONE,
	PORT_SMTP_LAST = PORT_SMTP_GONE,
};

/* -------------------------------------------------------------------- the servers */

/* The servers of the peer. Those without a stop function end with the test. */
void start_nginx(void);
void stop_nginx(void);
void start_certified_servers(void);

void write_file(const char *name, const char *text, size_t len);

/* Kills and forgets a process, if there is one. */
void end_child(pid_t *child);

/* A socket that listens there. */
int listen_on_peer(uint16_t port);

/* Starts a server that is killed with the test. */
pid_t serve(uint16_t port);

void start_strange_servers(void);

/* Liars end with the test as well. */
void start_liars(void);
void stop_liars(void);

/* ------------------------------------------------------------------ the event loop */

/* Runs the event loop for one event, or for a moment. */
void turn(void);

/* Runs the event loop for this time, in seconds. */
void run_for(double limit);

/* ----------------------------------------------------------------------- the probes */

#define TCP	VRRP_PROBE_TCP
#define HTTP	VRRP_PROBE_HTTP
#define HTTPS	VRRP_PROBE_HTTPS
#define ICMP	VRRP_PROBE_ICMP
#define UDP	VRRP_PROBE_UDP
#define DNS	VRRP_PROBE_DNS
#define SMTP	VRRP_PROBE_SMTP
#define COMMAND VRRP_PROBE_COMMAND
#define FILED	VRRP_PROBE_FILE

/* A probe, and its reports. */
struct told {
	struct vrrp_probe *probe;
	unsigned int reports;
	bool up;
	char reason[64];
	double when;
	bool free_it;
};

/* Maximum number of probes of a test; the remaining ones are freed after it. */
#define MOST_PROBES 1000

/* The probes of the running test, and how many of them are in use. */
extern struct told pool[MOST_PROBES];
extern unsigned int begun;

/* A configuration with one try a second, where the first result decides. */
struct vrrp_probe_conf conf_of(enum vrrp_probe_kind kind);

/* One of the pool. */
struct told *begin_probe(const struct vrrp_probe_conf *conf, const char *server, uint16_t port);

/* Frees all of the pool. */
void free_probes(void);

struct vrrp_probe_state state_of(const struct told *told);

/* Waits for this number of reports or tries, for at most limit seconds. */
void wait_for_reports(const struct told *told, unsigned int count, double limit);
void wait_for_tries(const struct told *told, unsigned int count, double limit);

/* Before and after each test. */
int probe_begin(void **state);
int probe_end(void **state);

/* ------------------------------------------------------------------------ the cable */

/* Frames from the router: echo requests and SYNs to a server, by source. */
struct seen {
	struct vrrp_addr source; /* of the last */
	unsigned int count;
	uint8_t echo[128]; /* the last echo request, from its IPv4 header on */
	size_t echo_len;
};

/* A frame_fn; arg is a struct seen. */
void see_frame(const uint8_t *frame, size_t len, void *arg);

/* ROUTER_MAC in octets. */
extern const uint8_t router_mac[ETH_ALEN];

/* ------------------------------------------------------------------------ the tests */

#define test_probe(function) cmocka_unit_test_setup_teardown(function, probe_begin, probe_end)

/* The ends of main(). */
#define run_probe_tests(tests)                                                                     \
	(zprivs_preinit(&vrrp_privs), zprivs_init(&vrrp_privs),                                    \
	 cmocka_run_group_tests(tests, NULL, NULL))

#endif /* NL_PROBE_H */
