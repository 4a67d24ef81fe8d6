/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened to virtual routers, for "show vrrp history": transitions, holds, alerts, and
 * advertisements that left late. The last VRRP_HISTORY_SIZE events are kept; an event outlives its
 * group.
 */
#ifndef VRRP_HISTORY_H
#define VRRP_HISTORY_H

#include "vrrp_group.h"

#define VRRP_HISTORY_SIZE      2048
#define VRRP_HISTORY_TEXT_SIZE 160
#define VRRP_HISTORY_WHEN_SIZE sizeof("2026-11-30T03:12:45.678Z")

enum vrrp_history_kind {
	VRRP_HISTORY_TRANSITION,
	VRRP_HISTORY_HOLD,  /* another hold is the first, or none holds it any more */
	VRRP_HISTORY_ALERT, /* a trouble, as rarely as the log has it */
	VRRP_HISTORY_LATE,  /* an advertisement, as rarely as the log has it */
	VRRP_HISTORY_DRAIN, /* of its VIPs: begun, gone on, over */
	VRRP_HISTORY_IPVS,  /* of no virtual router: health of a server, quorum of a service */
};

/* The other router of a transition. */
struct vrrp_history_other {
	struct vrrp_addr address; /* not set: unknown */
	uint8_t priority;
	vrrp_usec_t heard; /* 0 = never */
	vrrp_usec_t since; /* when our own state began */
};

struct vrrp_history_event {
	struct timespec when;  /* UTC */
	char ifname[IFNAMSIZ]; /* "": of no virtual router */
	uint8_t vrid;
	enum vrrp_family family;
	enum vrrp_history_kind kind;
	enum vrrp_state from, to;	   /* of a transition */
	enum vrrp_reason reason;	   /* of a transition */
	enum vrrp_hold hold;		   /* of a hold */
	struct vrrp_addr other;		   /* of a transition; not set: unknown */
	uint8_t other_priority;		   /* of a transition */
	vrrp_usec_t other_silent;	   /* when a silent router was replaced; else 0 */
	char text[VRRP_HISTORY_TEXT_SIZE]; /* a sentence; "": none */
};

/* The Active router that is known now. */
struct vrrp_history_other vrrp_history_other(const struct vrrp_router *router);

/*
 * Records a transition. before is the other router as it was known before this step. Returns the
 * sentence about it, "" if the reason says all; good until the next event.
 */
const char *vrrp_history_transition(const struct vrrp_router *router, enum vrrp_state from,
				    enum vrrp_state to, const struct vrrp_history_other *before);

/* Records the first hold, if it is another one than was recorded last. */
void vrrp_history_hold(struct vrrp_router *router);

/* Records an alert, a late advertisement or a drain; does nothing without a virtual router. */
void vrrp_history_sentence(const struct vrrp_router *router, enum vrrp_history_kind kind,
			   const char *text);

/* Records what happened to a service of IPVS. */
void vrrp_history_ipvs(const char *text);

/* The number of events that are kept, and one of them; 0 is the oldest. */
unsigned int vrrp_history_count(void);
const struct vrrp_history_event *vrrp_history_event(unsigned int i);

/* The number of events since the daemon's start, of which the last ones are kept. */
uint64_t vrrp_history_total(void);
/* An event was recorded. The callee must not do much: it is called among a step's actions. */
DECLARE_HOOK(vrrp_history_grew, (uint64_t total), (total));

/* "transition", "hold", "alert", "late", "drain", "ipvs". */
const char *vrrp_history_kind_name(enum vrrp_history_kind kind);
/* The time of an event: UTC with milliseconds (RFC 3339). Returns buf. */
const char *vrrp_history_when(const struct vrrp_history_event *event,
			      char buf[VRRP_HISTORY_WHEN_SIZE]);

#endif /* VRRP_HISTORY_H */
