// SPDX-License-Identifier: GPL-2.0-or-later
/* The promises of contracts.h about vrrp_belief_follow(), of the real one; and what vrrp_belief.h says. */
#include "contracts.h"

struct vrrp_beliefs nondet_beliefs(void);

/* The memmove() of core: of whole beliefs towards the end, not of octets. */
void *proof_memmove(void *to, const void *from, size_t size);

void *proof_memmove(void *to, const void *from, size_t size)
{
	const struct vrrp_belief *source = from;
	struct vrrp_belief *target = to;
	unsigned int i;

	for (i = VRRP_BELIEFS - 1; i > 0; i--)
		if (size >= i * sizeof(*source))
			target[i - 1] = source[i - 1];
	return to;
}

static bool fits(const struct vrrp_beliefs *beliefs, vrrp_usec_t now)
{
	unsigned int i;

	for (i = 0; i < VRRP_BELIEFS; i++)
		if (beliefs->list[i].interval > 4 * beliefs->list[i].kept ||
		    beliefs->list[i].interval > INTERVAL_MAX ||
		    beliefs->list[i].kept > INTERVAL_MAX || beliefs->list[i].since > now ||
		    beliefs->list[i].heard > now)
			return false;
	return true;
}

static vrrp_usec_t sooner_of(vrrp_usec_t a, vrrp_usec_t b)
{
	return a < b ? a : b;
}

static vrrp_usec_t any_interval(void)
{
	vrrp_usec_t interval = nondet_usec();

	ASSUME(interval >= INTERVAL_MIN && interval <= INTERVAL_MAX);
	return interval;
}

int main(void)
{
	struct vrrp_beliefs beliefs = nondet_beliefs();
	struct vrrp_addr router = any_addr(VRRP_IPV4);
	vrrp_usec_t now = any_now(), later = any_now();
	vrrp_usec_t claimed = any_interval(), kept = any_interval();
	const struct vrrp_belief *belief;
	struct vrrp_belief first;

	ASSUME(fits(&beliefs, now) && later >= now);
	belief = vrrp_belief_follow(&beliefs, &router, claimed, kept, now);
	first = *belief;
	PROVE(belief == beliefs.list && vrrp_addr_same(&first.router, &router) && first.heard == now,
	      "belief: who is followed is the first");
	PROVE(belief_is_bounded(&first, claimed), "contract: the real belief keeps its promise");
	PROVE(fits(&beliefs, now), "invariant: beliefs");
	PROVE(first.interval >= sooner_of(claimed, 4 * kept),
	      "belief: a shorter interval, or one of four times the kept one, is believed at once");

	belief = vrrp_belief_follow(&beliefs, &router, claimed, first.kept, later);
	PROVE(later >= first.since + first.interval || belief->interval == first.interval,
	      "belief: saying it again at once changes nothing");
	PROVE(later < first.since + first.interval ||
		      belief->interval >= sooner_of(claimed, 4 * first.interval),
	      "belief: it grows when it was kept for as long as it says");
	REACHED(first.interval < claimed, "an interval that is not believed");
	REACHED(belief->interval > first.interval, "one that is believed later");
	return 0;
}
