// SPDX-License-Identifier: GPL-2.0-or-later
/* vrrp_handover_decide(): a drain goes one way, and the time it gives is when that changes. */
#include "any.h"
#include "vrrp_handover.h"

#define DRAIN_MAX (3600 * VRRP_USEC_PER_SEC)

static struct vrrp_handover_facts any_facts(void)
{
	struct vrrp_handover_facts facts = {
		.undecided = any_bool(),
		.drain = nondet_usec(),
		.begun = any_now(),
		.heard = nondet_usec(),
		.is_cut_off = any_bool(),
	};

	ASSUME(facts.drain <= DRAIN_MAX);
	ASSUME(!facts.heard || facts.heard >= facts.begun);
	return facts;
}

static void prove_one(const struct vrrp_handover_facts *facts, vrrp_usec_t now,
		      enum vrrp_handover is, vrrp_usec_t until)
{
	vrrp_usec_t alone = facts->drain / 2 < VRRP_HANDOVER_ALONE_USEC ? facts->drain / 2
									: VRRP_HANDOVER_ALONE_USEC;

	PROVE((is == VRRP_HANDOVER_NONE) == (!facts->drain || now >= facts->begun + facts->drain),
	      "drain: it lasts as long as it was configured");
	PROVE(is == VRRP_HANDOVER_NONE ? until == 0
				       : until > now && until <= facts->begun + facts->drain,
	      "drain: it ends without an event");
	PROVE(!facts->is_cut_off || is != VRRP_HANDOVER_ANNOUNCES,
	      "drain: one that was cut off announces nothing");
	PROVE(is != VRRP_HANDOVER_ANSWERS || facts->is_cut_off || now >= facts->begun + alone ||
		      (facts->heard && now >= facts->heard + VRRP_HANDOVER_LINGER_USEC),
	      "drain: the route stays until another is heard and a while longer, or for a second");
	REACHED(is == VRRP_HANDOVER_ANNOUNCES && facts->heard, "one that is heard");
	REACHED(is == VRRP_HANDOVER_ANSWERS, "a withdrawn route");
}

int main(void)
{
	struct vrrp_handover_facts facts = any_facts(), grown = facts;
	vrrp_usec_t now = any_now(), later = any_now(), until, next;
	enum vrrp_handover is, becomes;

	ASSUME(now >= facts.begun && facts.heard <= now && later >= now);
	is = vrrp_handover_decide(&facts, now, &until);
	prove_one(&facts, now, is, until);

	becomes = vrrp_handover_decide(&facts, later, &next);
	PROVE(is == VRRP_HANDOVER_NONE || (becomes == is) == (later < until),
	      "drain: it changes at the time that was told");
	if (!facts.heard && any_bool())
		grown.heard = later;
	grown.undecided = facts.undecided && any_bool();
	becomes = vrrp_handover_decide(&grown, later, &next);
	PROVE(is != VRRP_HANDOVER_ANSWERS || becomes != VRRP_HANDOVER_ANNOUNCES,
	      "drain: a withdrawn route does not come back");
	PROVE(is != VRRP_HANDOVER_NONE || becomes == VRRP_HANDOVER_NONE,
	      "drain: one that has ended does not begin again");
	return 0;
}
