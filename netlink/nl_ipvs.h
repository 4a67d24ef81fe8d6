/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPVS, the kernel's load balancer: services with their real servers, and the settings of
 * a network namespace (timeouts, connection synchronisation).
 *
 * nl_ipvs_apply() and similar functions take the wanted state and send the kernel the
 * difference, or nothing when there is none. The kernel has no mark for the owner
 * of a service and no events, so
 *
 *   - which services are ours is remembered by a nl_ipvs_owned: in memory, and
 *     in a file that outlives the process but not the kernel's table. A service
 *     of the kernel that is not in it is someone else's and never touched;
 *   - changes by others to our services are seen only by polling: synchronise
 *     again now and then.
 *
 * Everything, reading included, needs CAP_NET_ADMIN effective during the call. Errors common to
 * all: -EOPNOTSUPP when the kernel has no IPVS (the first request loads its module, if there is
 * one), -EPERM, -ENOMEM, those of nl_sock.h.
 */
#ifndef NL_IPVS_H
#define NL_IPVS_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A connection, of the network namespace it is opened in. */
struct nl_ipvs;

/* Opens it; IPVS itself is asked for by the first request. 0 or negative errno. */
int nl_ipvs_new(struct nl_ipvs **ipvs);
void nl_ipvs_free(struct nl_ipvs **ipvs);

/* Requests sent so far that change something; for tests and statistics. */
uint64_t nl_ipvs_changes(const struct nl_ipvs *ipvs);

/* ------------------------------------------------------------- services */

struct nl_ipvs_address {
	int family; /* AF_INET or AF_INET6 */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/* The key of a service: a socket, or a firewall mark and a family. */
struct nl_ipvs_key {
	struct nl_ipvs_address address; /* of a mark: only its family counts */
	uint32_t fwmark;		/* 0: none */
	uint16_t port;			/* host order; 0 (any) only with persistence */
	uint8_t protocol;		/* IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP */
};

/* The kernel's numbers. */
enum nl_ipvs_forward {
	NL_IPVS_MASQUERADE = 0,
	NL_IPVS_TUNNEL = 2,
	NL_IPVS_DIRECT = 3,
};

/* The kernel's numbers; all but IPIP want Linux 5.3. */
enum nl_ipvs_encapsulation {
	NL_IPVS_IPIP = 0,
	NL_IPVS_GUE = 1,
	NL_IPVS_GRE = 2,
};

/* A real server; its address and port are its key within the service. */
struct nl_ipvs_server {
	struct nl_ipvs_address address;
	uint16_t port; /* of a service by mark: 0 = as in the packet */
	enum nl_ipvs_forward forward;
	uint32_t weight; /* 0: no new connections */

	/*
	 * No new connections from upper_threshold on, until there are fewer than lower_threshold;
	 * 0: no limit.
	 */
	uint32_t upper_threshold;
	uint32_t lower_threshold; /* 0 with an upper one: three quarters of that */

	/* Of a tunnel; a field that has no meaning for the encapsulation is ignored. */
	enum nl_ipvs_encapsulation encapsulation;
	uint16_t gue_port;
	bool checksum;	      /* GUE, GRE */
	bool remote_checksum; /* GUE */
};

#define NL_IPVS_SCHEDULER_BYTES 16

struct nl_ipvs_service {
	struct nl_ipvs_key key;
	char scheduler[NL_IPVS_SCHEDULER_BYTES]; /* "wlc", ... */
	bool fallback;		       /* sh, mh: another server if the chosen one is unavailable */
	bool by_port;		       /* sh, mh: the client's port counts too */
	bool one_packet;	       /* UDP, marks: each datagram is scheduled alone */
	bool ordered;		       /* mh: the kernel's list of servers is in this order */
	uint32_t persistence_sec;      /* 0: none */
	uint8_t persistence_prefixlen; /* clients of one network count as one; 0: each alone */
	const struct nl_ipvs_server *servers;
	size_t servers_count;
};

/* "tcp 192.0.2.1 80", "udp 2001:db8::1 53", "fwmark 7 ipv4". */
#define NL_IPVS_KEY_TEXT_BYTES 64
const char *nl_ipvs_key_text(const struct nl_ipvs_key *key, char *text, size_t size);
bool nl_ipvs_key_parse(const char *text, struct nl_ipvs_key *key);

/* A total order; 0 for keys of the same service. */
int nl_ipvs_key_cmp(const struct nl_ipvs_key *a, const struct nl_ipvs_key *b);

/* -------------------------------------------------------------- looking */

struct nl_ipvs_stats {
	uint64_t connections, packets_in, packets_out, bytes_in, bytes_out;
	/* Per second; the kernel estimates them every two seconds. */
	uint64_t connection_rate, packet_rate_in, packet_rate_out, byte_rate_in, byte_rate_out;
};

struct nl_ipvs_server_state {
	struct nl_ipvs_server server;
	size_t place; /* in the kernel's list of the service's servers; 0: the first */
	uint32_t active, inactive, persistent; /* connections */
	struct nl_ipvs_stats stats;
};

struct nl_ipvs_service_state {
	struct nl_ipvs_service service; /* without its servers */
	struct nl_ipvs_stats stats;
	const struct nl_ipvs_server_state *servers;
	size_t servers_count;
};

/*
 * Calls fn for the services of the given keys that exist; with keys NULL, for all of the
 * namespace. Costs a request and a dump of servers for each. Use keys NULL for display
 * only: it may miss some while others change them, and right after many were made; with
 * keys none is missed. fn is called in order of keys and may use ipvs.
 */
typedef void (*nl_ipvs_fn)(const struct nl_ipvs_service_state *state, void *arg);
int nl_ipvs_read(struct nl_ipvs *ipvs, const struct nl_ipvs_key *keys, size_t count, nl_ipvs_fn fn,
		 void *arg);

/* ------------------------------------------------------------ ownership */

/*
 * The keys of the services that are ours, and the threads of synchronisation. With a path they are
 * kept in that file (replaced by rename): before services are made, so that a daemon killed at any
 * point finds its own by loading it again. While the file cannot be written, on a full disk, links
 * beside it hold the same lines. A file of an earlier boot or of another network namespace is
 * ignored, and there need not be a file. path NULL: nothing is stored, so a restarted daemon does
 * not know its services.
 *
 * Returns 0, or negative errno when a file is there and cannot be read (-EBADMSG: it has a line
 * that is not understood). *owned is usable even then, with the lines that could be read; it is
 * NULL only with -ENOMEM.
 */
struct nl_ipvs_owned;
int nl_ipvs_owned_load(struct nl_ipvs_owned **owned, const char *path);
void nl_ipvs_owned_free(struct nl_ipvs_owned **owned);

/* True when the service is ours. */
bool nl_ipvs_owned_has(const struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key);
size_t nl_ipvs_owned_count(const struct nl_ipvs_owned *owned);
/* 0 when the file is up to date, or the negative errno of the last attempt to write it. */
int nl_ipvs_owned_error(const struct nl_ipvs_owned *owned);

/* -------------------------------------------------------- synchronising */

/* The result of one change. */
struct nl_ipvs_result {
	int error;			     /* 0 or negative errno */
	const char *what;		     /* "add service", "delete server", ...; static */
	bool is_new_service;		     /* the service did not exist and was to be added */
	const struct nl_ipvs_key *key;	     /* the service; NULL for "keep keys" */
	const struct nl_ipvs_server *server; /* NULL: the service itself */
};
typedef void (*nl_ipvs_result_fn)(const struct nl_ipvs_result *result, void *arg);

/*
 * Makes our services the wanted ones, with the wanted servers and no others: missing ones
 * are made, different ones changed, and unwanted ones removed. Services first, then
 * servers, each by as few system calls as possible. Changes disturb no connection.
 * Connections of a removed service or server stall, and go on if it is soon made again; a
 * weight of 0 lets them end.
 *
 * The table of mh follows from the order in which the kernel has the servers, and a new one is the
 * first of its list. With `ordered`, servers that stand before a new or misplaced one are
 * removed and made again at once, so that two hosts with the same servers have the same table.
 *
 * result (may be NULL) is called for each difference, applied or not; its pointers are valid only
 * during the call. One failure stops none of the others, but the servers of a service that could
 * not be made are not tried, nor reported:
 *
 *   -EEXIST          the service is someone else's; or service, server named twice
 *   -ENOENT          the kernel has no such scheduler
 *   -EPROTONOSUPPORT neither TCP, UDP nor SCTP
 *   -EAFNOSUPPORT    a server of the other family that is not tunnelled to; or
 *                    this kernel's IPVS has no IPv6
 *   -EINVAL          no service or server can be so: no scheduler; sh, mh flags for
 *                    others; one_packet with TCP, SCTP; port 0 without persistence;
 *                    a prefix length too long; a port other than the service's
 *                    where packets keep theirs (direct, tunnel); GUE without port;
 *                    and by the kernel: multicast, link-local or such an address
 *                    (any, with the loopback down); servers of both families while
 *                    connections are synchronised
 *   -ERANGE          lower_threshold above upper_threshold; a weight beyond INT_MAX
 *   "keep keys"      the file could not be written; the rest is done all the same
 *
 * Returns the number of failures, or a negative errno when the kernel does not answer (then none or
 * some of the changes have been made).
 */
int nl_ipvs_apply(struct nl_ipvs *ipvs, const struct nl_ipvs_service *wanted, size_t count,
		  struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg);

/*
 * The same for some services only: they are made as wanted, or removed if they are ours. Our other
 * services stay as they are and cost nothing.
 */
int nl_ipvs_put(struct nl_ipvs *ipvs, const struct nl_ipvs_service *wanted, size_t count,
		struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg);
int nl_ipvs_remove(struct nl_ipvs *ipvs, const struct nl_ipvs_key *keys, size_t count,
		   struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg);

/* ------------------------------------------- settings of a namespace */

/* Of connections, in seconds. Setting: 0 leaves one as it is. */
struct nl_ipvs_timeouts {
	uint32_t tcp_sec, tcp_fin_sec, udp_sec;
};

int nl_ipvs_timeouts_get(struct nl_ipvs *ipvs, struct nl_ipvs_timeouts *timeouts);
/* Sends nothing when they are set already. -EINVAL: more than the kernel can count. */
int nl_ipvs_timeouts_set(struct nl_ipvs *ipvs, const struct nl_ipvs_timeouts *timeouts);

/*
 * Connection synchronisation: a kernel thread that sends connections (master) and one that
 * receives them (backup); there may be one of each. The kernel does not store who started
 * one. A nl_ipvs_owned can remember, for the next process, which were started here.
 */
enum nl_ipvs_role { NL_IPVS_MASTER = 1, NL_IPVS_BACKUP = 2 };

struct nl_ipvs_daemon {
	enum nl_ipvs_role role;
	char ifname[IFNAMSIZ];
	uint8_t sync_id; /* a backup with 0 listens to all */

	/* 0 or no family: the kernel's choice (one datagram, 224.0.0.81, 8848, 1). */
	uint16_t sync_maxlen; /* bytes of a message; a backup's at least 1024 */
	struct nl_ipvs_address group;
	uint16_t port;
	uint8_t ttl;
};

/*
 * Makes the thread run as given: nothing is sent when it does already, and one that runs
 * otherwise is stopped first. -ENODEV: no such interface; -EINVAL: sync_maxlen is out of
 * range, a service has servers of both families, or the kernel refuses it.
 */
int nl_ipvs_daemon_run(struct nl_ipvs *ipvs, const struct nl_ipvs_daemon *daemon);

/* Stops the thread; 0 also when it does not run. */
int nl_ipvs_daemon_stop(struct nl_ipvs *ipvs, enum nl_ipvs_role role);

/* How the thread runs, with the kernel's choices filled in; -ESRCH when it does not run. */
int nl_ipvs_daemon_get(struct nl_ipvs *ipvs, enum nl_ipvs_role role, struct nl_ipvs_daemon *daemon);

/*
 * Records that the thread of a role is ours, by its interface and sync_id; or that none is.
 * Call it before the thread is started, and after it was stopped. It is stored as keys are;
 * a failure to write is reported by the next nl_ipvs_apply().
 */
void nl_ipvs_own_daemon(struct nl_ipvs_owned *owned, const struct nl_ipvs_daemon *daemon);
void nl_ipvs_disown_daemon(struct nl_ipvs_owned *owned, enum nl_ipvs_role role);
bool nl_ipvs_owns_daemon(const struct nl_ipvs_owned *owned, enum nl_ipvs_role role);

/*
 * Stops the thread that an earlier process left, if it still runs as it was started; then
 * none is ours. Sends nothing when none is ours. 0 or negative errno.
 */
int nl_ipvs_daemon_reclaim(struct nl_ipvs *ipvs, enum nl_ipvs_role role,
			   struct nl_ipvs_owned *owned);

#endif /* NL_IPVS_H */
