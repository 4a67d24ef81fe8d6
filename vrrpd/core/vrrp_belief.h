/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The belief in the interval that another router advertises.
 *
 * RFC 9568 (6.4.2) uses it at once, so one mistyped or forged advertisement makes all Backups wait
 * for minutes. Here an interval is believed up to four times the kept one, which is the interval
 * used before. A believed interval becomes the kept one when the router is heard again after this
 * time, or later, and no other router was followed meanwhile. A shorter interval is believed at
 * once.
 *
 * So a step takes no longer than the believed interval. If the router is silent until we become
 * Active, the step takes until its next advertisement. From 10 ms to 40.95 s, the longest interval,
 * there are six steps. Each of the last few routers has a separate belief, so its kept interval is
 * not lost when another router, which waits too short a time itself, takes over for an instant. A
 * forged interval beside a live Active router is never believed beyond the first step.
 */
#ifndef VRRP_BELIEF_H
#define VRRP_BELIEF_H

#include "vrrp_addr.h"
#include "vrrp_usec.h"

/* The number of remembered routers: those that were followed last. */
#define VRRP_BELIEFS 4

struct vrrp_belief {
	struct vrrp_addr router; /* unset: nobody */
	vrrp_usec_t interval;	 /* the believed interval */
	vrrp_usec_t kept;	 /* the kept interval */
	vrrp_usec_t since; /* when interval was believed first, or another router followed last */
	vrrp_usec_t heard; /* when it was followed last */
};

/* All 0: nobody was heard. The router that was followed last is the first. */
struct vrrp_beliefs {
	struct vrrp_belief list[VRRP_BELIEFS];
};

/*
 * Follows a router that advertises the interval claimed. kept is the interval used until now, of
 * this router or of another. Returns the belief in this router.
 */
const struct vrrp_belief *vrrp_belief_follow(struct vrrp_beliefs *beliefs,
					     const struct vrrp_addr *router, vrrp_usec_t claimed,
					     vrrp_usec_t kept, vrrp_usec_t now);

#endif /* VRRP_BELIEF_H */
