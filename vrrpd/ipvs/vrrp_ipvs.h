/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load balancing: services of IPVS that follow a VIP.
 *
 * "ipvs service NAME" configures a service. The northbound writes its configuration field
 * by field and calls vrrp_ipvs_apply() once a transaction. A service has one pool of servers, and
 * one portal or more: an address and port, or a mark, each of which is a service of the kernel with
 * those servers. A portal is in the kernel
 *
 *   - while the virtual router that has its address is Active here;
 *   - always, when asked (connection synchronisation wants it on Backups too), when
 *     no group has its address, or when it is a firewall mark.
 *
 * On the way to Active, services are in the kernel before the VIP's address and route are; on the
 * way out they go after them. Health comes from probes (vrrp_probe.h). A server that is down goes,
 * or with `inhibit` stays with weight 0; one that is checked and not known yet waits for its first
 * result, for a limited time. When the weights of the servers that are up do not reach the quorum,
 * the sorry server takes their place, if there is one.
 *
 * The kernel's services are compared with the wanted ones every few seconds, which reverts
 * changes that others made to ours; services of others are never touched.
 */
#ifndef VRRP_IPVS_H
#define VRRP_IPVS_H

#include <zebra.h>

#include "hook.h"
#include "typesafe.h"

#include "nl_ipvs.h"
#include "vrrp_probe.h"
#include "vrrp_group.h"
#include "vrrp_warning.h"

#define VRRP_IPVS_NAME_LEN 64 /* with the final 0 */

#define VRRP_IPVS_DEFAULT_SCHEDULER "wlc"
#define VRRP_IPVS_DEFAULT_WEIGHT    1
#define VRRP_IPVS_DEFAULT_QUORUM    1
#define VRRP_IPVS_DEFAULT_THRESHOLD 1
#define VRRP_IPVS_DEFAULT_HOLD	    10

/* Portals that a service has at most: all of them are told of a change of its servers at once. */
#define VRRP_IPVS_PORTALS_MOST 1024

enum vrrp_server_health {
	VRRP_SERVER_UNKNOWN, /* waits for its first result */
	VRRP_SERVER_UP,	     /* also one that is not checked */
	VRRP_SERVER_DOWN,
};

/* A real server; address and port are its key in the service. */
struct vrrp_server {
	struct vrrp_service *service;
	struct vrrp_addr address;
	uint16_t port; /* host order */

	/* configuration */
	uint32_t weight;
	bool is_backup; /* of the backup pool */
	enum nl_ipvs_forward forward;
	enum nl_ipvs_encapsulation encapsulation;
	uint16_t gue_port;
	uint32_t upper_threshold, lower_threshold;
	struct vrrp_probe_conf check; /* kind NONE: the service's */
	bool unchecked;		      /* none, whatever the service says */

	/* operation; vrrp_ipvs*.c's */
	struct vrrp_probe *probe;
	enum vrrp_server_health health; /* by its probe, or that of an earlier configuration */
	struct event *t_unknown;	/* then it counts as up without a result */
	vrrp_usec_t returned;		/* when it was up again; 0: it was never down */
	bool named;			/* in the configuration that is being taken over */
	int error;			/* negative errno of the kernel for this server; 0 = none */
	const struct vrrp_portal *error_by; /* the portal that has it */
	const char *error_what;		    /* "add server", ...; static */
	int logged_error;
};

struct vrrp_service_conf {
	/* what it is: a socket or a mark */
	struct vrrp_addr vip; /* not set: a mark */
	uint16_t port;	      /* host order */
	uint8_t protocol;     /* IPPROTO_TCP, ... */
	uint32_t fwmark;
	enum vrrp_family fwmark_family;

	char scheduler[NL_IPVS_SCHEDULER_BYTES];
	bool fallback, by_port, one_packet;
	uint32_t persistent_sec; /* 0: not */
	bool always;
	bool survive; /* what it implies is set as well: vrrp_service_conf_imply() */
	uint16_t quorum;
	bool inhibit;
	uint8_t pool_threshold; /* percent of the first pool's weight; with less up, the backup pool serves */
	uint16_t pool_hold_sec;	 /* for which it goes on when there are enough again */
	uint16_t slow_start_sec; /* 0: a server that is up again has its whole weight at once */
	struct vrrp_probe_conf check;
	struct vrrp_server *sorry; /* NULL: none; weight and check have no meaning */
};

/* A further address of a service, with a port or more. */
struct vrrp_ipvs_range {
	struct vrrp_addr address;
	uint16_t port, last_port; /* host order */
};

PREDECL_RBTREE_UNIQ(vrrp_services);
PREDECL_RBTREE_UNIQ(vrrp_portals);
PREDECL_DLIST(vrrp_services_touched);

/* The place where the virtual router that has a portal's address is Active. */
enum vrrp_service_place {
	VRRP_SERVICE_UNBOUND, /* no group has it */
	VRRP_SERVICE_MARKED,  /* it has no address */
	VRRP_SERVICE_HERE,
	VRRP_SERVICE_ELSEWHERE,
	VRRP_SERVICE_PLACES,
};

/* An address and port of a service, or its mark: a service of the kernel. */
struct vrrp_portal {
	struct vrrp_portals_item item;
	struct vrrp_service *service;
	struct nl_ipvs_key key;
	bool is_named;		       /* in the configuration that is being taken over */
	enum vrrp_service_place place; /* as of the last flush */
	bool programmed;	       /* the kernel has it, as far as we know */
	int error;		       /* negative errno of the last try; 0 = none */
	const char *error_what;	       /* "add service", ...; static */
	int logged_error;
	vrrp_usec_t drain_until; /* until then it outlasts its VIP; 0: it does not */
};

struct vrrp_service {
	struct vrrp_services_item item;
	char name[VRRP_IPVS_NAME_LEN];
	struct vrrp_service_conf conf;
	struct vrrp_ipvs_range *ranges; /* darr, in the order configured */
	struct vrrp_server **servers;	/* darr, in the order configured */

	/* operation; vrrp_ipvs*.c's */
	struct vrrp_portal **portals; /* darr, as of the last vrrp_ipvs_apply(); empty before */
	struct vrrp_services_touched_item touched_item;
	bool is_touched;
	uint32_t leaving;   /* no longer configured, but its key may come back; 0: configured */
	bool unsettled;	    /* withdrawn configuration is still in effect */
	bool backup_serves; /* its backup pool gets connections */
	vrrp_usec_t enough_since;	/* of the others are up, while it does; 0: they are not */
	struct event *t_pool;		/* then it serves no more */
	struct event *t_slow;		/* the next step of servers that start slowly */
	bool is_masqueraded;		/* vrrp_masquerade.c has logged that */
	bool quorum_judged, has_quorum; /* has_quorum: when that was judged last */
	uint64_t server_transitions;
	uint64_t quorum_losses;
	vrrp_usec_t differs_since; /* a director has other servers; 0: none, as far as is known */
	struct vrrp_addr differs_from; /* that director */
	bool differs_logged;
};

/*
 * Sets what `survive` implies, so that any director sends a connection to the same server without
 * having seen its beginning: Maglev's hash of client and port, and servers that are down stay. A
 * scheduler other than the default one is left as it is.
 */
void vrrp_service_conf_imply(struct vrrp_service_conf *conf);

/* The key in the kernel of the service's first portal. */
struct nl_ipvs_key vrrp_service_key(const struct vrrp_service_conf *conf);

/* Sorted by name; those that are leaving come after the one that is configured. */
extern struct vrrp_services_head vrrp_services;

int vrrp_service_cmp(const struct vrrp_service *a, const struct vrrp_service *b);
DECLARE_RBTREE_UNIQ(vrrp_services, struct vrrp_service, item, vrrp_service_cmp);

/* Makes a service with the YANG defaults; it takes effect with vrrp_ipvs_apply(). */
struct vrrp_service *vrrp_service_new(const char *name);
void vrrp_service_free(struct vrrp_service **service);
/* The configured service of that name; NULL when there is none. */
struct vrrp_service *vrrp_service_find(const char *name);

/*
 * Marks a service that is no longer configured as leaving. It stays as it is until someone
 * frees it, since the same key may come back under another name, without any interruption.
 * True: it is kept; false: there was nothing to keep, and it is freed.
 */
bool vrrp_service_leave(struct vrrp_service **service);
/*
 * Lets a service that was never applied, and will have this key, take over from a leaving
 * one with the same key, if there is one: portals, servers, health, counters, and the kernel's state.
 */
void vrrp_service_inherit(struct vrrp_service *service, const struct nl_ipvs_key *key);

/* Adds a server, or returns the existing one; marks it as named in either case. */
struct vrrp_server *vrrp_server_add(struct vrrp_service *service, const struct vrrp_addr *address,
				    uint16_t port);
/* Sets the further addresses; a darr, which is the service's from now on. */
void vrrp_service_set_ranges(struct vrrp_service *service, struct vrrp_ipvs_range *ranges);

/* Frees the servers that were not named since the last call. */
void vrrp_service_drop_unnamed(struct vrrp_service *service);
struct vrrp_server *vrrp_server_find(const struct vrrp_service *service,
				     const struct vrrp_addr *address, uint16_t port);
/* Sets the sorry server; address NULL: none. */
void vrrp_service_sorry(struct vrrp_service *service, const struct vrrp_addr *address,
			uint16_t port, enum nl_ipvs_forward forward);

/* Puts the configuration of the service into effect. */
void vrrp_ipvs_apply(struct vrrp_service *service);

/* Global configuration: connection synchronisation and the kernel's timeouts. */
struct vrrp_ipvs_global {
	char sync_ifname[IFNAMSIZ]; /* "": no synchronisation */
	uint8_t sync_id;
	uint16_t sync_settle_sec; /* the backup thread listens that long before anybody preempts */
	struct nl_ipvs_timeouts timeouts; /* 0: the kernel's */
};
extern struct vrrp_ipvs_global vrrp_ipvs_global;
void vrrp_ipvs_global_apply(void);

/* ------------------------------------------------------- the virtual routers */

/* Whether the virtual router has its VIPs has changed; noted for the next flush. */
void vrrp_ipvs_touch(const struct vrrp_router *router);
/* A group has got this VIP, or lost it. */
void vrrp_ipvs_touch_vip(const struct vrrp_addr *vip);
/* Flushes of the tick's end: before addresses and routes come, and after they are gone. */
void vrrp_ipvs_flush_up(void);
void vrrp_ipvs_flush_down(void);

/*
 * True while a virtual router that has services must not preempt: this director has listened for
 * connections for less than "ipvs sync-daemon ... settle". The engine is told of the end by
 * vrrp_recheck_all().
 */
bool vrrp_ipvs_is_learning(const struct vrrp_router *router);

/* ----------------------------------------------------------------- for show */

enum vrrp_service_state {
	VRRP_SERVICE_STANDBY,	/* its VIPs are Active elsewhere */
	VRRP_SERVICE_ACTIVE,	/* in the kernel, servers are up */
	VRRP_SERVICE_SORRY,	/* in the kernel, without quorum: its sorry server serves */
	VRRP_SERVICE_NO_QUORUM, /* in the kernel, without quorum or sorry server */
	VRRP_SERVICE_FAILED,	/* the kernel did not take it, or one of its portals */
};
enum vrrp_service_state vrrp_service_state(const struct vrrp_service *service);
/* "standby", "active", "sorry", "no-quorum", "failed" */
const char *vrrp_service_state_name(enum vrrp_service_state state);

/* True when its VIP has left, and the kernel keeps it, or a portal of it, for some seconds more. */
bool vrrp_service_is_draining(const struct vrrp_service *service);

/* A portal that should be in the kernel and is not; NULL: there is none. */
const struct vrrp_portal *vrrp_service_failed_portal(const struct vrrp_service *service);
/* True when the kernel has the service, or a portal of it. */
bool vrrp_service_is_programmed(const struct vrrp_service *service);

/* The group that has the service's first address as a VIP; NULL = none. */
struct vrrp_group *vrrp_service_group(const struct vrrp_service *service);
/* The same of a portal. */
struct vrrp_group *vrrp_portal_group(const struct vrrp_portal *portal);
/* The portal with this key; NULL: none has. */
struct vrrp_portal *vrrp_portal_by_key(const struct nl_ipvs_key *key);

bool vrrp_server_is_up(const struct vrrp_server *server);
/* False for one of a backup pool that is not needed now. */
bool vrrp_server_serves(const struct vrrp_server *server);
bool vrrp_service_has_backup(const struct vrrp_service *service);
/* Warnings that concern all of IPVS; to be freed by vrrp_sentences_free(). */
struct vrrp_sentences vrrp_ipvs_warnings(void);
/* The check that applies to a server; NULL: none. */
const struct vrrp_probe_conf *vrrp_server_probe_conf(const struct vrrp_server *server);
/* Sum of the weights of the servers that are up and serve, against conf.quorum. */
uint64_t vrrp_service_weight_up(const struct vrrp_service *service);
/* True unless the quorum is out of reach, whatever the servers are that are not yet known. */
bool vrrp_service_has_quorum(const struct vrrp_service *service);

/*
 * A hash of what the choice of a server follows from: addresses, ports and weights as the kernel
 * should have them now, and further addresses of the service. Directors with the same hash choose
 * the same servers.
 */
uint32_t vrrp_service_servers_hash(const struct vrrp_service *service);

/*
 * How long the director differs_from has had other servers, weights or health for a service that is to
 * survive; 0: not yet for half a minute, or all that are heard have the same.
 */
unsigned int vrrp_service_differs_sec(const struct vrrp_service *service);

/* Reads the portals that the kernel has. 0, or negative errno (-ESRCH: it has none of them). */
int vrrp_service_read(const struct vrrp_service *service, nl_ipvs_fn fn, void *arg);
/* The service's server, or sorry server, which the kernel has by that key; NULL: it is no such one. */
struct vrrp_server *vrrp_service_server_of(const struct vrrp_service *service,
					   const struct nl_ipvs_key *key,
					   const struct nl_ipvs_server *kernel);

/* The text for the error of a service or a server: "the kernel has no IPVS", ... */
const char *vrrp_ipvs_error_text(int error);

/* "standby", "master", "backup", "master and backup", "failed", "off" */
const char *vrrp_ipvs_sync_role(void);
/* The negative errno with which the kernel refused it; 0 = none. */
int vrrp_ipvs_sync_error(void);
/* The seconds left of the settle time while the backup thread runs; 0: none. */
unsigned int vrrp_ipvs_learning_sec(void);

/* Another director, heard on the interface of connection synchronisation. */
struct vrrp_director {
	struct vrrp_addr address;
	uint32_t run;	   /* another number with each start of its backup thread */
	bool listens;	   /* that thread runs, and it has its servers */
	bool is_served;	   /* it has been sent, or is being sent, the whole table from here */
	vrrp_usec_t heard; /* last */
};
#define VRRP_DIRECTORS_MOST 16
const struct vrrp_director *vrrp_ipvs_directors(unsigned int *count);

/* The whole table of connections, sent to a director that has begun to listen: the last time. */
struct vrrp_ipvs_transfer {
	struct vrrp_addr to; /* not set: never */
	bool is_running;
	uint64_t connections; /* sent so far, each counted once */
	vrrp_usec_t began, ended;
	int error; /* negative errno that ended it; 0: none */
};
const struct vrrp_ipvs_transfer *vrrp_ipvs_transfer(void);
/* "running", "done" or "failed"; NULL: there was none. */
const char *vrrp_ipvs_transfer_state(void);

/*
 * A configuration file is being read: services that are on no group's VIP wait for its end,
 * since the group may still come. Then leftovers of an earlier vrrpd are removed.
 */
void vrrp_ipvs_wait(void);
void vrrp_ipvs_settle(void);

/* vrrp_run.c calls these. */
void vrrp_ipvs_init(void);
void vrrp_ipvs_stop(void);

/* Called when a service has come, gone or changed. */
DECLARE_HOOK(vrrp_services_changed, (), ());
/* Called when the health of a service's servers, or its quorum, may have changed. */
DECLARE_HOOK(vrrp_service_judged, (const struct vrrp_service *service), (service));

#endif /* VRRP_IPVS_H */
