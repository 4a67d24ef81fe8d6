/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two functions of core of which the proof of a step knows only what they promise, so that no solver
 * has to multiply or to search lists. skew.c and belief.c prove the promises.
 */
#ifndef PROOF_CONTRACTS_H
#define PROOF_CONTRACTS_H

#include "any.h"

/* What the belief was asked for last in this step, and its answer; 0: it was not asked. */
extern vrrp_usec_t belief_claimed, belief_given;

/* Skew_Time, and Active_Down_Interval: what the real ones are. */
static inline bool spans_are_bounded(uint8_t version, vrrp_usec_t interval, vrrp_usec_t skew,
				     vrrp_usec_t down)
{
	if (down != 3 * interval + skew)
		return false;
	if (version == 2)
		return skew >= 3906 && skew <= 996093;
	return skew >= interval / 256 && skew < interval;
}

/* The interval that is believed, and the one that is kept. */
static inline bool belief_is_bounded(const struct vrrp_belief *belief, vrrp_usec_t claimed)
{
	return belief->interval >= INTERVAL_MIN && belief->interval <= claimed &&
	       belief->kept >= INTERVAL_MIN && belief->kept <= belief->interval;
}

#endif /* PROOF_CONTRACTS_H */
