/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups and virtual routers: the daemon's data model, which calls no room above it.
 *
 * "vrrp N" on an interface configures a group; it has one virtual router for each address
 * family, since the families elect independently (RFC 9568 section 1). Groups are in one
 * sorted container. libfrr has an interface even before the kernel does. vrrp_router.h has
 * the functions that change groups.
 */
#ifndef VRRP_GROUP_H
#define VRRP_GROUP_H

#include <zebra.h>

#include <net/ethernet.h>

#include "hook.h"
#include "if.h"
#include "prefix.h"
#include "typesafe.h"

#include "vrrp_alarm.h"
#include "vrrp_fsm.h"
#include "vrrp_handover.h"
#include "vrrp_holds.h"
#include "vrrp_packet.h"
#include "vrrp_placement.h"
#include "vrrp_promise_packet.h"

struct vrrp_group;

PREDECL_RBTREE_UNIQ(vrrp_by_source);

/* On the guardian's page: in the version of the group, and in version 2. */
#define VRRP_FAREWELLS 2

/* Advertisements that could not be sent. */
struct vrrp_send_failures {
	uint64_t count;
	int last_error;	  /* errno of the last one */
	vrrp_usec_t last; /* when that was; 0 = never */
};

/* Another router of a unicast virtual router. */
struct vrrp_peer {
	struct vrrp_addr address;
	uint64_t sent;	      /* advertisements sent to it */
	uint64_t received;    /* accepted from it */
	int ttl;	      /* of the last one accepted; 0 = none yet */
	uint8_t priority;     /* of the last one accepted */
	uint16_t interval_cs; /* of the last one accepted */
	vrrp_usec_t heard;    /* when it was accepted; 0 = never */
	int send_error;	      /* vrrp_send's: errno of the last one to it; 0 = it was sent */
	struct vrrp_send_failures failures; /* vrrp_send's: to it */
	uint32_t farewells[VRRP_FAREWELLS]; /* vrrp_farewell's, to it */
	bool is_kept; /* no longer configured, but in effect until the group settles */
	struct vrrp_liveness *liveness; /* vrrp_liveness's: its BFD session; NULL = none */
};

struct vrrp_stats {
	struct vrrp_verdict_counters received;
	enum vrrp_verdict last_discarded; /* of the last one; VRRP_ACCEPTED: none yet */
	uint64_t sent;
	uint64_t priority_zero_received;
	uint64_t priority_zero_sent;
	uint64_t checksum_received[2]; /* accepted ones, by enum vrrp_checksum */
	uint64_t interval_differs;     /* VRRPv3: counted, not discarded */
	uint64_t addresses_differ;
	uint64_t interval_disbelieved; /* accepted, but its interval is not believed in full */
	uint64_t split_heard;	       /* from one of two others that do not hear each other */
	uint64_t link_local_differs;   /* the first address is not link-local */
	uint64_t transitions;	       /* any change of state */
	uint64_t active_transitions;   /* to Active */
	uint64_t announcements;	       /* gratuitous ARP or unsolicited NA sent */
	uint64_t vips_put_back;	       /* deleted by someone else while Active */
	uint64_t send_errors;
	uint64_t sent_late; /* by an interval, or more */
};

/* A timer of the state machine. */
struct vrrp_router_timer {
	struct vrrp_alarm alarm;
	struct vrrp_router *router;
	enum vrrp_timer which;
	uint32_t generation;
	uint32_t lost; /* what the socket had lost when it was set */
};

/* Why VIPs are announced again. */
enum vrrp_repeat_reason {
	VRRP_REPEAT_REFRESH,
	VRRP_REPEAT_LEASE, /* of a router that fell silent */
	VRRP_REPEAT_RIVAL, /* was heard while Active, and is silent */
	VRRP_REPEATS,
};

/* When they are: vrrp_repeat's. */
struct vrrp_repetition {
	struct vrrp_alarm alarm;
	vrrp_usec_t due[VRRP_REPEATS]; /* 0 = not */
	vrrp_usec_t announced;	       /* last */
	vrrp_usec_t pause;	       /* to the refresh after the next */
	vrrp_usec_t lease_gap, lease_end;
};

/* Other hosts that have its VIPs: vrrp_claimant's. */
struct vrrp_router_claimant {
	struct vrrp_alarm alarm;  /* pending while they are looked for */
	vrrp_usec_t others_until; /* another router of the group may answer for them as well */
	vrrp_usec_t since;	  /* the first claim in a row; 0 = none */
	vrrp_usec_t heard;	  /* the last one */
	vrrp_usec_t defended;	  /* when that was answered by an announcement; 0 = never */
	uint8_t asked;		  /* of the first questions */
};

/* It has its VIPs before it preempts: vrrp_ahead's. */
struct vrrp_router_ahead {
	struct vrrp_alarm alarm; /* pending while its routes settle */
	bool is_on;
	vrrp_usec_t accepted; /* when zebra had taken all routes; 0 = not yet */
	vrrp_usec_t pause;    /* before the next look */
};

/* Its router advertisements: vrrp_radv's. */
struct vrrp_router_radv {
	struct vrrp_alarm alarm; /* pending while there are some */
	vrrp_usec_t sent;	 /* the last one; 0 = none yet */
	int joined;		 /* the link of which solicitations are heard */
	uint8_t left;		 /* of those that come soon */
};

/* Other withdrawn configuration, which is in effect until the group settles. */
struct vrrp_kept {
	bool vip; /* the only one of vips */
	bool source;
};

/* vrrp_source's: the history of the source address. */
struct vrrp_source_state {
	struct vrrp_addr last;	 /* in use now, or when last in the election */
	struct vrrp_addr before; /* the source that peers knew, until one answers the new one */
	vrrp_usec_t moved;	 /* when the source changed; 0 = never, or changed back */
	struct vrrp_alarm grace; /* armed: the source has gone, and may come back until then */
	bool waited;		 /* it did not come back */
};

/* vrrp_marker's: the marker route that zebra was told of. */
struct vrrp_router_marker {
	struct prefix prefix; /* family 0: none */
	uint16_t table;	      /* vrrp_zebra_key's */
	bool is_touched;
};

/* vrrp_sync's: what the others of its sync group know of it. */
struct vrrp_sync_facts {
	enum vrrp_state state;
	enum vrrp_hold hold;
	uint8_t priority;
	uint8_t followed; /* priority of the Active router that it follows; 0 = none */
	bool is_ready, hands_over;
	bool counts; /* it has taken part, so its holds hold the others */
};

/* One family of a group. */
struct vrrp_router {
	struct vrrp_group *group;
	enum vrrp_family family;

	/* configuration: darr arrays (lib/darr.h), in the order configured */
	struct vrrp_addr *vips;
	struct vrrp_peer *peers;
	struct vrrp_addr last_vip;	    /* that was removed; not set: none was */
	struct vrrp_addr source_configured; /* vrrp_host's; not set: chosen from the interface */
	struct vrrp_by_source_item by_source;
	struct vrrp_kept kept;
	struct vrrp_addr *peers_to_come; /* darr: configured, in effect when the group settles */

	/* operation */
	bool peers_changed;		    /* since the last vrrp_group_apply() */
	const struct vrrp_place_ops *place; /* since it listens, or the last vrrp_group_apply() */
	struct vrrp_addr source;	    /* in use; not set while there is none */
	struct vrrp_source_state source_state;
	struct vrrp_holds holds;      /* why it takes no part; the engine goes by the first */
	enum vrrp_hold hold_recorded; /* vrrp_history's: the first hold as it recorded it last */
	int listen_error; /* negative errno of the last attempt to receive; 0 = it worked */
	struct vrrp_fsm fsm;
	struct vrrp_fsm_config fsm_config;
	struct vrrp_sync_facts sync_facts;
	struct vrrp_router_timer timer[VRRP_TIMERS];
	bool lack_is_told; /* vrrp_delivery's: it has no peers, and the log says so */
	struct vrrp_repetition repeat;
	struct vrrp_router_ahead ahead;
	struct vrrp_router_radv radv;
	struct vrrp_router_claimant claimant;
	ifindex_t owner_heard_on;    /* vrrp_owner's: accept_local is held there; 0: nowhere */
	bool addresses_up;	     /* the VIPs are wanted on their link */
	bool routes_up;		     /* the VIP routes are wanted in zebra */
	bool serves;		     /* vrrp_healthy's: so are both, though it is Backup */
	enum vrrp_handover handover; /* vrrp_vip's: what it still has since it left Active */
	struct vrrp_router_marker marker;
	struct vrrp_startup *startup;	  /* vrrp_startup's; NULL = it does not wait */
	uint8_t rival_count;		  /* vrrp_rivals's: heard in a row while Active ... */
	vrrp_usec_t rival_since;	  /* ... when the first one was heard, ... */
	vrrp_usec_t rival_heard;	  /* ... and the last one */
	struct vrrp_rivals *rivals;	  /* vrrp_rivals's; NULL = none yet */
	struct vrrp_trouble *troubles;	  /* vrrp_trouble's list */
	unsigned int misfits;		  /* vrrp_misfit's: sentences that were logged */
	struct vrrp_vmac *vmac;		  /* vrrp_vmac's; NULL = none */
	struct vrrp_sock *sock;		  /* vrrp_receive's: where it has joined; NULL = nowhere */
	struct vrrp_listener **listeners; /* vrrp_receive's: darr */
	struct vrrp_blame *blames;	  /* vrrp_receive's: darr */
	int send_error;			  /* errno of the last send, logged once; 0 = it worked */
	vrrp_usec_t unheeded;		  /* vrrp_switchover's: nobody took over then; 0 = no */
	bool cut_off;			  /* vrrp_send's: Active, and no peer can be reached */
	vrrp_usec_t cut_off_until;	  /* ... when that began, or ended, last; 0 = never */
	bool is_parting;		  /* vrrp_parting's: gives up its socket soon */
	uint32_t farewells[VRRP_FAREWELLS]; /* vrrp_farewell's, to the multicast group */
	struct vrrp_seal *seal;		    /* vrrp_seal's; NULL = none yet */
	struct vrrp_witness *witness;	    /* vrrp_witness's; NULL = it needs no majority */
	struct vrrp_stats stats;
};

/* Length of the name of a BFD profile, with its zero: bfdd's. */
#define VRRP_BFD_PROFILE_SIZE 64

/* "vrrp N bfd". */
struct vrrp_bfd_conf {
	bool is_on;
	bool is_strict;			     /* down is a verdict, not a hint */
	char profile[VRRP_BFD_PROFILE_SIZE]; /* "": bfdd's defaults */
};

/* Length of the name of a key chain, with its zero. */
#define VRRP_CHAIN_NAME_SIZE 64

enum vrrp_auth_mode {
	VRRP_AUTH_ENFORCE,
	VRRP_AUTH_PERMISSIVE,	/* accepts unsigned ones too */
	VRRP_AUTH_RECEIVE_ONLY, /* ... and signs none */
};

/* "vrrp N authentication". */
struct vrrp_auth_conf {
	bool is_on;
	char chain[VRRP_CHAIN_NAME_SIZE];
	enum vrrp_auth_mode mode;
	bool is_monotonic;   /* anti-replay by order alone; else by time */
	uint16_t window_sec; /* of time; 0: by the interval */
};

/* Of both families together. */
#define VRRP_WITNESSES_MAX 4

/* "vrrp N witness". */
struct vrrp_witness_conf {
	unsigned int count;				    /* 0: there is none */
	struct vrrp_addr addresses[2 * VRRP_WITNESSES_MAX]; /* while new ones replace others */
	uint16_t port;
	uint8_t lease_sec;
	char name[VRRP_PROMISE_NAME_SIZE]; /* of the group, for its witnesses; "": none */
};

/* Length of the name of a sync group, with its zero. */
#define VRRP_SYNC_NAME_SIZE 33

struct vrrp_group_conf {
	uint8_t version;    /* 2 or 3 */
	bool version_2_too; /* IPv4: sends and accepts VRRPv2 beside VRRPv3, for an upgrade */
	uint8_t priority;
	uint16_t interval_cs;
	bool preempt;
	uint16_t preempt_delay_sec;
	uint16_t preempt_settle_msec; /* off the LAN: its routes are there so long before; 0 = no */
	uint16_t drain_msec;	      /* how long VIPs off the LAN outlast Active; 0 = not at all */
	uint16_t startup_hold_sec; /* how long a unicast router waits to be heard; 0 = not at all */
	bool accept_mode;
	bool checksum_pseudo;
	bool shutdown;
	uint8_t ttl_hops; /* 0 = no TTL check in unicast */
	enum vrrp_placement placement;
	uint32_t announce_metric; /* metric and tag of the ZAPI routes */
	uint32_t announce_tag;	  /* 0 = none */
	uint32_t standby_metric;  /* of a Backup's routes; 0 = it announces none */
	uint32_t standby_tag;	  /* 0 = none */
	bool announce_healthy;	  /* a Backup has its VIPs too, while nothing tracked is down */
	struct prefix marker_v4;  /* announced while Active alone; family 0 = none */
	struct prefix marker_v6;
	struct vrrp_bfd_conf bfd;
	struct vrrp_auth_conf auth;
	struct vrrp_witness_conf witness;
	char sync_group[VRRP_SYNC_NAME_SIZE]; /* "": none */
	bool sync_families;		      /* its families are Active together */
};

/* True when its advertisements have a trailer. */
static inline bool vrrp_auth_signs(const struct vrrp_auth_conf *auth)
{
	return auth->is_on && auth->mode != VRRP_AUTH_RECEIVE_ONLY;
}

/* The defaults of the YANG model. */
extern const struct vrrp_group_conf vrrp_group_defaults;

/* vrrp_track's: what follows from all that a group tracks, and its own list of that. */
struct vrrp_tracking {
	unsigned int penalty;	      /* subtracted from the priority */
	bool holds;		      /* something that is down keeps it out of the election */
	bool is_unknown;	      /* of something nothing is known yet: it does not enter */
	bool is_marked;		      /* the engine is told soon */
	struct vrrp_track_use **uses; /* darr */
};

/* Length of a description, with its zero. */
#define VRRP_DESCRIPTION_SIZE 81

PREDECL_RBTREE_UNIQ(vrrp_groups);
PREDECL_DLIST(vrrp_unsettled);

struct vrrp_group {
	struct vrrp_groups_item item;
	struct interface *ifp; /* exists always; the kernel may have none (ifindex 0) */
	uint8_t vrid;
	uint8_t mac[ETH_ALEN];		  /* vrrp_repeat's: of ifp, as last announced or told ... */
	ifindex_t mac_of;		  /* ... while it is this link: see vrrp_group_mac() */
	struct vrrp_auto *autoconfigured; /* vrrp_auto's; NULL = configured */
	struct vrrp_group_conf conf;	  /* what is configured ... */
	struct vrrp_group_conf applied;	  /* ... and what is in effect: see vrrp_settle.h */
	struct vrrp_unsettled_item unsettled_item;
	bool is_unsettled;
	struct vrrp_tracking tracking;
	struct vrrp_sync *sync;	  /* vrrp_sync's; NULL = in none */
	struct vrrp_chain *chain; /* vrrp_seal's: of authentication; NULL = none */
	bool had_peer;		  /* in either family, since its placement is not on a LAN */
	char description[VRRP_DESCRIPTION_SIZE]; /* "": none */
	bool line_is_gone;			 /* vrrp_cli's: its own line was taken back */
	struct vrrp_router v4, v6;
};

/* Sorted by interface name, then VRID. */
extern struct vrrp_groups_head vrrp_groups;

int vrrp_group_cmp(const struct vrrp_group *a, const struct vrrp_group *b);
DECLARE_RBTREE_UNIQ(vrrp_groups, struct vrrp_group, item, vrrp_group_cmp);

/* NULL when there is none. */
struct vrrp_group *vrrp_group_find(const char *ifname, uint8_t vrid);

/* The groups on an interface, by VRID; NULL after the last. */
struct vrrp_group *vrrp_group_first_on(const struct interface *ifp);
struct vrrp_group *vrrp_group_next_on(const struct interface *ifp, struct vrrp_group *group);

/* The MAC address of its interface; the kernel reports a change sooner than zebra. */
const uint8_t *vrrp_group_mac(const struct vrrp_group *group);

/* The priority that is configured, less what is subtracted for what it tracks. */
uint8_t vrrp_group_priority(const struct vrrp_group *group);

/* The virtual router of one family of a group. */
struct vrrp_router *vrrp_group_router(struct vrrp_group *group, enum vrrp_family family);

/*
 * A group that has, or has had, a peer in either family is unicast in both, so that nothing becomes
 * multicast by a missing line. Without a peer, a placement on a LAN selects multicast.
 */
bool vrrp_router_is_unicast(const struct vrrp_router *router);
/* True when it has a VIP, a peer or a source. */
bool vrrp_router_is_configured(const struct vrrp_router *router);
/* Its peer with this address; NULL: it has none. Good until a peer comes or goes. */
struct vrrp_peer *vrrp_router_peer(const struct vrrp_router *router,
				   const struct vrrp_addr *address);
/* The placement in effect, AUTO resolved; and what vrrp_placement.h says of it. */
enum vrrp_placement vrrp_router_placement(const struct vrrp_router *router);
bool vrrp_router_is_on_lan(const struct vrrp_router *router);
bool vrrp_router_has_virtual_mac(const struct vrrp_router *router);
/* Its VIPs are wanted on their link: it is Active, about to preempt, or a Backup that serves. */
bool vrrp_router_has_vips(const struct vrrp_router *router);
/* The marker route that is in effect for it; family 0: none. */
const struct prefix *vrrp_router_marker(const struct vrrp_router *router);
/* All its counters are 0 again, and errors of sending to its peers are forgotten. */
void vrrp_router_clear_stats(struct vrrp_router *router);

/*
 * A condition of the router's part in the election may have changed: a link, an address, the
 * place of its VIPs. Code that notices it calls this hook, and the engine checks the router at
 * once.
 */
void vrrp_recheck(struct vrrp_router *router);
void vrrp_recheck_on(const struct interface *ifp);
void vrrp_recheck_all(void);
DECLARE_HOOK(vrrp_rechecked, (struct vrrp_router * router), (router));

/* The name of a virtual router for logs is written by "%pVR": "vrrp eth0 10 IPv4"; of NULL, "vrrp". */


/* Length of a path, with its zero; that of a UNIX socket is the kernel's. */
#define VRRP_PATH_SIZE	      256
#define VRRP_SOCKET_PATH_SIZE 108

/* Global configuration; written by the northbound, acted on by vrrp_global_apply(). */
struct vrrp_global {
	uint8_t autoconfigure;		 /* version of the groups; 0 = off */
	struct vrrp_group_conf defaults; /* "vrrp default", and the model's for the rest */
	char vip_interface[IFNAMSIZ];
	uint16_t route_table;
	uint16_t address_lease_sec; /* 0 = permanent */
	uint16_t startup_delay_sec; /* from the daemon's start to the first election */
	bool guardian;
	char metrics_file[VRRP_PATH_SIZE];	   /* vrrp_metrics's; "": none */
	char events_socket[VRRP_SOCKET_PATH_SIZE]; /* vrrp_events's; "": none */
};

#define VRRP_DEFAULT_VIP_INTERFACE "vip0"
#define VRRP_DEFAULT_ROUTE_TABLE   112
#define VRRP_DEFAULT_ADDRESS_LEASE 30

extern struct vrrp_global vrrp_global;

#endif /* VRRP_GROUP_H */
