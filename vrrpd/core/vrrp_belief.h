/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much of the interval that another router advertises is believed.
 *
 * RFC 9568 (6.4.2) has it believed at once: then one mistyped or forged advertisement makes
 * everybody wait for minutes. Here it is believed up to four times what has been kept: the
 * interval that was gone by before. What is believed has been kept when that router is heard
 * again after this time, or later, and nobody else was followed meanwhile. A shorter one
 * is believed at once.
 *
 * So a step takes no longer than the interval that is believed, or, for a router that is
 * silent for so long that we become Active, until it contradicts us; and from 10 ms to
 * 40.95 s, the longest there is, there are six steps. Of the last few routers each has a
 * belief of its own: what one has kept is not forgotten because another, which waits too
 * short a time itself, takes over for an instant. And one that is forged while the Active
 * router goes on is never believed more than at first.
 */
#ifndef VRRP_BELIEF_H
#define VRRP_BELIEF_H

#include "vrrp_addr.h"
#include "vrrp_usec.h"

/* How many routers are remembered: those that were followed last. */
#define VRRP_BELIEFS 4

struct vrrp_belief {
	struct vrrp_addr router; /* unset: nobody */
	vrrp_usec_t interval;	 /* as far as it is believed */
	vrrp_usec_t kept;	 /* what has been kept of it */
	vrrp_usec_t since; /* when interval was believed first, or another router followed last */
	vrrp_usec_t heard; /* when it was followed last */
};

/* All 0: nobody was heard. The router that was followed last is the first. */
struct vrrp_beliefs {
	struct vrrp_belief list[VRRP_BELIEFS];
};

/*
 * A router is followed that advertises this interval; until now another interval, kept, was
 * gone by, its own or that of somebody else. Returns what is believed of it.
 */
const struct vrrp_belief *vrrp_belief_follow(struct vrrp_beliefs *beliefs,
					     const struct vrrp_addr *router, vrrp_usec_t claimed,
					     vrrp_usec_t kept, vrrp_usec_t now);

#endif /* VRRP_BELIEF_H */
