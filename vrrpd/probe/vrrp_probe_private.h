/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface between vrrp_probe.c, which schedules tries and judges results, and the
 * methods: vrrp_probe_tcp.c, vrrp_probe_http.c with vrrp_probe_tls.c (by vrrp_probe_module.c),
 * vrrp_probe_icmp.c, vrrp_probe_udp.c, vrrp_probe_dns.c, vrrp_probe_smtp.c, vrrp_probe_command.c,
 * vrrp_probe_file.c.
 */
#ifndef VRRP_PROBE_PRIVATE_H
#define VRRP_PROBE_PRIVATE_H

#include <zebra.h>

#include "printfrr.h"
#include "typesafe.h"

#include "vrrp_alarm.h"
#include "vrrp_echo.h"
#include "vrrp_probe.h"
#include "vrrp_watch.h"

#define VRRP_PROBE_REASON_LEN 96

PREDECL_DLIST(vrrp_probe_queue);

/*
 * A method. begin() starts a try, which ends with one of the functions at the end of this
 * file, at once or later. end() closes what the try has open, and is called exactly once for
 * each begin(): after the result, at the timeout, or when the try is cancelled. free() drops
 * what is kept between tries, stop() what all probes share; both may be NULL.
 */
struct vrrp_probe_method {
	bool takes_descriptor; /* each try has one of its own */
	void (*begin)(struct vrrp_probe *probe);
	void (*end)(struct vrrp_probe *probe);
	void (*free)(struct vrrp_probe *probe);
	void (*stop)(void);
};

/* Before the first probe: the method of each kind, NULL for none; they stay the caller's. */
void vrrp_probe_begin(const struct vrrp_probe_method *const by_kind[VRRP_PROBE_KINDS]);

extern const struct vrrp_probe_method vrrp_probe_tcp;
extern const struct vrrp_probe_method vrrp_probe_http; /* and HTTPS */
extern const struct vrrp_probe_method vrrp_probe_icmp;
extern const struct vrrp_probe_method vrrp_probe_udp;
extern const struct vrrp_probe_method vrrp_probe_dns;
extern const struct vrrp_probe_method vrrp_probe_smtp;
extern const struct vrrp_probe_method vrrp_probe_command;
extern const struct vrrp_probe_method vrrp_probe_file;

/* The server's answer to a datagram; it ends the try. */
typedef void (*vrrp_probe_heard_fn)(struct vrrp_probe *probe, const uint8_t *answer, size_t len);

/* A session of SMTP. */
struct vrrp_probe_smtp {
	bool is_presented; /* EHLO is sent */
	char line[4];	   /* the begin of the one that comes */
	uint8_t length;
	size_t read; /* octets, in all */
};

struct vrrp_probe {
	struct vrrp_probe_conf conf; /* its strings are ours */
	struct vrrp_addr server;
	uint16_t port; /* host order */
	vrrp_probe_fn report;
	void *arg;

	/* health */
	struct vrrp_probe_state state;
	unsigned int streak; /* results in a row that speak against state.up */
	char reason[VRRP_PROBE_REASON_LEN];

	/* the try */
	const struct vrrp_probe_method *method;
	struct vrrp_alarm alarm; /* its timeout; between tries, the next one */
	vrrp_usec_t began;
	bool trying;
	int lack;	 /* positive errno: the daemon lacks something, so it is postponed */
	bool answered;	 /* the answer is right; the try only goes on to keep the connection */
	bool descriptor; /* the try has a descriptor */
	bool keeps;	 /* the probe keeps that descriptor between tries */
	struct vrrp_probe_queue_head *waits; /* in that queue; NULL: in none */
	struct vrrp_probe_queue_item queued;
	vrrp_usec_t due; /* when its turn should have been */

	/* the method's */
	struct vrrp_watch watch;   /* TCP, UDP, DNS, SMTP: the try's socket */
	vrrp_probe_heard_fn heard; /* UDP and DNS */
	uint16_t question;	   /* DNS: its ID */
	struct vrrp_probe_smtp smtp;
	struct vrrp_probe_http *http; /* HTTP(S) */
	struct vrrp_echo echo;	      /* ICMP */
	struct vrrp_command *command; /* NULL: none runs */
	bool command_is_killed;
};

DECLARE_DLIST(vrrp_probe_queue, struct vrrp_probe, queued);

/* The ends of a try. The probe may be freed when they return. */

/* The result of a try, with a sentence that is the same each time. */
void vrrp_probe_result(struct vrrp_probe *probe, bool good, const char *format, ...) PRINTFRR(3, 4);
/* A system call failed with this positive errno, because of the server or of this host. */
void vrrp_probe_error(struct vrrp_probe *probe, int error);
/* The daemon lacks something, but the try cannot be ended here: it is postponed soon. */
void vrrp_probe_lacks(struct vrrp_probe *probe, int error);

/* True when a line of this kind may be logged, one a minute; logged belongs to the kind. */
bool vrrp_probe_may_log(vrrp_usec_t *logged);

/* A random number from 0 to below bound, which is positive. */
vrrp_usec_t vrrp_probe_random(vrrp_usec_t bound);

/* The text of an errno as a reason: "connection refused". */
const char *vrrp_probe_strerror(int error, char text[VRRP_PROBE_REASON_LEN]);

/*
 * True when the descriptor of the try that begins may be kept until the next one: false when
 * other probes lack descriptors. A permission is to be given back, before the try's end()
 * returns or later, when there is nothing to keep.
 */
bool vrrp_probe_may_keep(struct vrrp_probe *probe);
void vrrp_probe_keeps_no_more(struct vrrp_probe *probe);

/* conf.source, or NULL when the kernel is to choose. */
const struct vrrp_addr *vrrp_probe_source(const struct vrrp_probe *probe);

/*
 * Prepares a socket, not connected yet, for a try: sets VRF and source, and that a close
 * resets the connection. 0 or negative errno.
 */
int vrrp_probe_prepare(const struct vrrp_probe *probe, int fd);

/*
 * The socket of a try, probe->watch: opens and prepares it, SOCK_STREAM or SOCK_DGRAM; connects it to the
 * server and watches it. 0 or negative errno. vrrp_probe_close() is the try's end(), whatever has failed.
 */
int vrrp_probe_open(struct vrrp_probe *probe, int type);
int vrrp_probe_connect(struct vrrp_probe *probe, uint32_t events);
void vrrp_probe_close(struct vrrp_probe *probe);

/* Sends the server a datagram by such a socket; the try ends by the answer, an error, or the timeout. */
void vrrp_probe_ask(struct vrrp_probe *probe, const uint8_t *octets, size_t len,
		    vrrp_probe_heard_fn heard);

/* ------------------------------------------------- vrrp_probe_tls.c, for HTTPS */

/* Offers only ciphers that are cheap for us; easy is a CURL. */
void vrrp_probe_tls_offer(void *easy);

/* The text of a TLS failure for operators, from libcurl's message; in text, or static. */
const char *vrrp_probe_tls_reason(const struct vrrp_probe *probe, const char *said,
				  char text[VRRP_PROBE_REASON_LEN]);

#endif /* VRRP_PROBE_PRIVATE_H */
