/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual router that is Active only while a majority has promised itself to it: "vrrp N witness".
 *
 * Voters are the routers of the group, this one and its peers, and the witnesses of its family; the
 * rule is vrrp_promise.h's. Each of them has a small exchange over UDP beside VRRP, which goes on as
 * without: whom the state machine would have take over is ready (config.syncs), asks all voters, and
 * takes over when it has a majority. One that loses it gives up at once, by priority 0, without a
 * drain. One that is asked by a higher router, or hands over, gives up and promises.
 *
 * A router is a voter as long as it is configured, in Initialize as well.
 */
#ifndef VRRP_WITNESS_H
#define VRRP_WITNESS_H

#include "vrrp_group.h"

/* To be called before the configuration and the peers in effect are used, when they have changed. */
void vrrp_witness_follow(struct vrrp_router *router);
/* The group goes, or the daemon ends. */
void vrrp_witness_forget(struct vrrp_router *router);

/* True when it needs a majority. */
bool vrrp_witness_is_needed(const struct vrrp_router *router);

/* What follows for the configuration of its state machine. */
void vrrp_witness_configure(const struct vrrp_router *router, struct vrrp_fsm_config *config);

/* After each step: asks for promises, or gives them back. */
void vrrp_witness_look(struct vrrp_router *router);

/* Before a timer counts: an Active router whose majority is over gives up first. */
void vrrp_witness_check(struct vrrp_router *router);

/* For show: another voter. */
struct vrrp_witness_voter {
	struct vrrp_addr address;
	bool is_router;
	vrrp_usec_t heard;	       /* when it answered last; 0: never */
	vrrp_usec_t promised;	       /* for so long from now */
	enum vrrp_promise_word answer; /* the last one */
	struct vrrp_addr holder;       /* who had its promise then; unset: nobody */
};

/* The other voters one after another, from 0 on; false after the last. */
bool vrrp_witness_voter(const struct vrrp_router *router, unsigned int i,
			struct vrrp_witness_voter *voter);
/* Why it cannot talk to any of them: negative errno; 0: it can. */
int vrrp_witness_error(const struct vrrp_router *router);
/* How many there are, this router included; how many have promised; and how many have to. */
unsigned int vrrp_witness_voters(const struct vrrp_router *router);
unsigned int vrrp_witness_promises(const struct vrrp_router *router);
unsigned int vrrp_witness_majority(const struct vrrp_router *router);

/* tell: TAKE_OVER, or GIVE_UP for a reason; called from the event loop. */
void vrrp_witness_init(void (*tell)(struct vrrp_router *router, enum vrrp_event_type what,
				    enum vrrp_reason reason));
void vrrp_witness_stop(void);

#endif /* VRRP_WITNESS_H */
