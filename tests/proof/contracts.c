// SPDX-License-Identifier: GPL-2.0-or-later
/* See contracts.h: any functions that keep the promises. */
#include "contracts.h"

vrrp_usec_t belief_claimed, belief_given;

/* cbmc: the same of the same arguments, and nothing more is known. */
vrrp_usec_t __CPROVER_uninterpreted_skew(uint8_t version, uint8_t priority, vrrp_usec_t interval);
struct vrrp_belief nondet_belief(void);

/*
 * The memset() of core. The list of actions is empty and zero before a step, and each of its elements is
 * taken once: to clear one again, which is the most costly of all for a solver, changes nothing.
 */
void *proof_memset(void *octets, int value, size_t size);

void *proof_memset(void *octets, int value, size_t size)
{
	return size == sizeof(struct vrrp_action) ? octets : memset(octets, value, size);
}

vrrp_usec_t vrrp_skew_time(uint8_t version, uint8_t priority, vrrp_usec_t active_interval)
{
	vrrp_usec_t skew = __CPROVER_uninterpreted_skew(version, priority, active_interval);

	PROVE(priority >= 1, "contract: Skew_Time is asked for a priority");
	PROVE(active_interval >= INTERVAL_MIN && active_interval <= INTERVAL_MAX,
	      "contract: Skew_Time is asked for an interval");
	ASSUME(skew_is_bounded(version, active_interval, skew));
	return skew;
}

const struct vrrp_belief *vrrp_belief_follow(struct vrrp_beliefs *beliefs,
					     const struct vrrp_addr *router, vrrp_usec_t claimed,
					     vrrp_usec_t kept, vrrp_usec_t now)
{
	static struct vrrp_belief belief;

	(void)beliefs;
	(void)router;
	(void)now;
	PROVE(claimed >= INTERVAL_MIN && claimed <= INTERVAL_MAX,
	      "contract: an interval is believed that was claimed");
	PROVE(kept >= INTERVAL_MIN && kept <= INTERVAL_MAX,
	      "contract: an interval is kept before another one is believed");
	belief = nondet_belief();
	ASSUME(belief_is_bounded(&belief, claimed));
	belief_claimed = claimed;
	belief_given = belief.interval;
	return &belief;
}
