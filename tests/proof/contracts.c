// SPDX-License-Identifier: GPL-2.0-or-later
/* See contracts.h: any functions that keep the promises. */
#include "contracts.h"

vrrp_usec_t belief_claimed, belief_given;

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

/*
 * Skew_Time and Active_Down_Interval: any in bounds, but the same ones for the same arguments: of the
 * first two that were asked for, which a harness asks before the step, and of the last ones. The real
 * functions never change an answer, so whatever they do is one of the possibilities here.
 */
struct spans {
	uint8_t version, priority;
	vrrp_usec_t interval;
	vrrp_usec_t skew, down; /* 0: not asked for yet */
};

struct spans nondet_spans(void);

static bool is_known(const struct spans *known, const struct spans *asked)
{
	return (known->skew != 0) & (known->version == asked->version) &
	       (known->priority == asked->priority) & (known->interval == asked->interval);
}

static struct spans spans_of(uint8_t version, uint8_t priority, vrrp_usec_t interval)
{
	static struct spans first, second, last;
	struct spans asked = nondet_spans();

	PROVE(priority >= 1, "contract: Skew_Time is asked for a priority");
	PROVE(interval >= INTERVAL_MIN && interval <= INTERVAL_MAX,
	      "contract: Skew_Time is asked for an interval");
	asked.version = version;
	asked.priority = priority;
	asked.interval = interval;
	ASSUME(spans_are_bounded(version, interval, asked.skew, asked.down));
	if (is_known(&first, &asked))
		return first;
	if (is_known(&second, &asked))
		return second;
	if (is_known(&last, &asked))
		return last;
	if (!first.skew)
		first = asked;
	else if (!second.skew)
		second = asked;
	else
		last = asked;
	return asked;
}

vrrp_usec_t vrrp_skew_time(uint8_t version, uint8_t priority, vrrp_usec_t active_interval)
{
	return spans_of(version, priority, active_interval).skew;
}

vrrp_usec_t vrrp_active_down_interval(uint8_t version, uint8_t priority, vrrp_usec_t active_interval)
{
	return spans_of(version, priority, active_interval).down;
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
