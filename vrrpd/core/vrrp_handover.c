// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Far routers must have forgotten the way here before the address goes: the time for that is
 * what is left of the drain when the route is withdrawn. So a short drain waits for an
 * answer no longer than half of it.
 */
#include "vrrp_handover.h"

static vrrp_usec_t earlier_of(vrrp_usec_t a, vrrp_usec_t b)
{
	return a < b ? a : b;
}

/* One that is heard when the route has gone does not bring it back. */
static vrrp_usec_t route_end(const struct vrrp_handover_facts *facts)
{
	vrrp_usec_t alone = facts->begun + earlier_of(VRRP_HANDOVER_ALONE_USEC, facts->drain / 2);

	if (facts->is_cut_off)
		return facts->begun;
	if (facts->undecided)
		return facts->begun + facts->drain;
	if (facts->heard && facts->heard < alone)
		return facts->heard + VRRP_HANDOVER_LINGER_USEC;
	return alone;
}

enum vrrp_handover vrrp_handover_decide(const struct vrrp_handover_facts *facts, vrrp_usec_t now,
					vrrp_usec_t *until)
{
	vrrp_usec_t end = facts->begun + facts->drain;

	*until = 0;
	if (!facts->drain || now >= end)
		return VRRP_HANDOVER_NONE;
	*until = earlier_of(route_end(facts), end);
	if (now < *until)
		return VRRP_HANDOVER_ANNOUNCES;
	*until = end;
	return VRRP_HANDOVER_ANSWERS;
}

const char *vrrp_handover_name(enum vrrp_handover handover)
{
	switch (handover) {
	case VRRP_HANDOVER_NONE:
		break;
	case VRRP_HANDOVER_ANNOUNCES:
		return "announcing";
	case VRRP_HANDOVER_ANSWERS:
		return "answering";
	}
	return "none";
}
