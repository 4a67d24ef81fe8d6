/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Health checks of real servers: a TCP connection, an HTTP(S) request, an ICMP echo, a datagram, a
 * question of DNS, a session of SMTP; or a command or a file, which may be of no server.
 *
 * A probe tries one server again and again, on the event loop and never blocking, and reports when
 * the server's health has changed: after `fall` failures in a row it is down, after `rise`
 * successes in a row it is up. For a server that was never checked, the first result decides, since
 * the server gets no connections before it. When a check is changed, the health stays until the new
 * check has failed or succeeded that often.
 *
 * So the first try comes soon, and the second one after a random part of the interval, so
 * that a thousand probes that begin together do not stay together. libcurl does HTTP(S).
 */
#ifndef VRRP_PROBE_H
#define VRRP_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "vrrp_addr.h"

enum vrrp_probe_kind {
	VRRP_PROBE_NONE,
	VRRP_PROBE_TCP,
	VRRP_PROBE_HTTP,
	VRRP_PROBE_HTTPS,
	VRRP_PROBE_ICMP,
	VRRP_PROBE_UDP,
	VRRP_PROBE_DNS,
	VRRP_PROBE_SMTP,
	VRRP_PROBE_COMMAND, /* a program of the operator's */
	VRRP_PROBE_FILE,    /* good while it begins with 0 */
	VRRP_PROBE_KINDS,
};

#define VRRP_PROBE_DEFAULT_INTERVAL  5
#define VRRP_PROBE_DEFAULT_TIMEOUT   3
#define VRRP_PROBE_DEFAULT_FALL	     3
#define VRRP_PROBE_DEFAULT_RISE	     1
#define VRRP_PROBE_DEFAULT_KEEPALIVE 10 /* of HTTPS; others: 0 */
/* Characters of a text. */
#define VRRP_PROBE_HELO_MOST 255
/* Octets of a file of certificate authorities: it is read for each connection. */
#define VRRP_PROBE_CA_MOST (64 * 1024)

/* Strings are the caller's and copied by vrrp_probe_new(). */

struct vrrp_probe_conf {
	enum vrrp_probe_kind kind;
	uint32_t interval_msec;	 /* 50 to an hour */
	uint32_t timeout_msec;	 /* 50 to an hour */
	uint8_t fall, rise;	 /* 1-20 */
	uint16_t port;		 /* host order; 0: the server's */
	const char *vrf;	 /* its device's name; NULL: the default VRF */
	struct vrrp_addr source; /* not set, or of the other family: the kernel's choice */

	/* a command and a file: path is the file */
	const char *arguments; /* of a command, separated by blanks; NULL: none. {address} and {port} are the server's */

	/* DNS */
	const char *query;    /* the name asked for */
	uint16_t record_type; /* its number on the wire */

	/* UDP, hexadecimal: see vrrp_hex.h */
	const char *payload; /* NULL: an empty datagram */
	const char *reply;   /* the pattern that the answer begins with; NULL: any, or none */

	const char *helo; /* SMTP: our name; NULL: our address */

	/* HTTP(S) */
	const char *path; /* "/", ... */
	const char *host; /* Host, and SNI if there is no sni; NULL: the server's address */
	const char *sni;
	/* certificates must be of one of the authorities in this file; NULL: any certificate is accepted */
	const char *ca_file;
	const char *status; /* those wanted, as in vrrp_status.h; NULL: any of 200-399 */
	const char *match;  /* must be in the body; NULL: anything */
	/* how long a connection serves tries, to 3600; 0: each try has its own */
	uint16_t keepalive_sec;
};

struct vrrp_probe;

/*
 * The server's health has changed, or is known for the first time. reason is a short
 * sentence ("connection refused", "status 503", "no answer in 3 s", "ok"), good until
 * the next report. The function may free the probe.
 */
typedef void (*vrrp_probe_fn)(struct vrrp_probe *probe, bool up, const char *reason, void *arg);

/* Makes a probe, which begins at once. Never NULL. */
struct vrrp_probe *vrrp_probe_new(const struct vrrp_probe_conf *conf, const struct vrrp_addr *server,
				  uint16_t port, vrrp_probe_fn report, void *arg);
/*
 * Changes the check of a server: the probe keeps the health, and tries by the new
 * configuration. Tries begin anew, and are counted anew.
 */
void vrrp_probe_change(struct vrrp_probe **probe, const struct vrrp_probe_conf *conf, uint16_t port);
void vrrp_probe_free(struct vrrp_probe **probe);

/* A copy with strings of its own, and its end. What the copy had before is not looked at. */
void vrrp_probe_conf_copy(struct vrrp_probe_conf *copy, const struct vrrp_probe_conf *conf);
void vrrp_probe_conf_fini(struct vrrp_probe_conf *copy);

/* True when the probe has this configuration. (Texts are compared, not pointers.) */
bool vrrp_probe_conf_same(const struct vrrp_probe_conf *a, const struct vrrp_probe_conf *b);
bool vrrp_probe_is(const struct vrrp_probe *probe, const struct vrrp_probe_conf *conf);

struct vrrp_probe_state {
	bool known; /* there was a result */
	bool up;
	uint64_t successes, failures;
	int64_t since;	    /* of this health, vrrp_now(); 0 = not known */
	const char *reason; /* of the last try */
};
void vrrp_probe_state(const struct vrrp_probe *probe, struct vrrp_probe_state *state);

/* Frees what all probes share: libcurl's handles and the ICMP sockets. */
void vrrp_probe_init(void);
void vrrp_probe_stop(void);

#endif /* VRRP_PROBE_H */
