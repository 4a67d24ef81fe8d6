// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only an answered echo proves both directions. A route proves less: the peer's route back may come
 * later, so the route must have existed for a while. An advertisement proves that the peer is
 * Active and reaches us; that is enough to be its Backup, but not to take over from it.
 */
#include "vrrp_entry.h"

static vrrp_usec_t earlier_of(vrrp_usec_t a, vrrp_usec_t b)
{
	return a < b ? a : b;
}

struct vrrp_entry_decision vrrp_entry_decide(const struct vrrp_entry_facts *facts, vrrp_usec_t now)
{
	vrrp_usec_t hold_end = facts->since + facts->hold_sec * VRRP_USEC_PER_SEC;
	vrrp_usec_t route_end = facts->route_since ? facts->route_since + VRRP_ENTRY_ROUTE_USEC
						   : hold_end;
	struct vrrp_entry_decision decision = { .entry = VRRP_ENTRY_FREE };

	if (facts->answered) {
		decision.reason = VRRP_ENTRY_ANSWERED;
	} else if (now >= hold_end) {
		decision.reason = VRRP_ENTRY_TIMEOUT;
	} else if (facts->route_since && now >= route_end) {
		decision.reason = VRRP_ENTRY_ROUTE;
	} else {
		decision.entry = facts->heard ? VRRP_ENTRY_HEED : VRRP_ENTRY_WAIT;
		decision.reason = facts->heard ? VRRP_ENTRY_HEARD : VRRP_ENTRY_NO_PROOF;
		decision.until = earlier_of(hold_end, route_end);
		return decision;
	}
	decision.is_final = facts->heard || now >= hold_end;
	decision.until = decision.is_final ? 0 : hold_end;
	return decision;
}

vrrp_usec_t vrrp_entry_meek_end(const struct vrrp_entry_facts *facts)
{
	vrrp_usec_t end = VRRP_ENTRY_NEVER;

	if (facts->answered)
		end = facts->answered + facts->interval * 3 / 2;
	if (facts->route_since)
		end = earlier_of(end, facts->route_since + VRRP_ENTRY_ROUTE_USEC +
					      facts->delay_sec * VRRP_USEC_PER_SEC);
	return end;
}
