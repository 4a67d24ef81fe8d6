// SPDX-License-Identifier: GPL-2.0-or-later
/* See vrrp_belief.h. */
#include "vrrp_belief.h"

#include <string.h>
#include <sys/param.h>

/* Factor by which a believed interval may exceed the one that has been kept. */
#define STEP 4

/* The belief in this router, new or known, moved to the front of the list. */
static struct vrrp_belief *belief_of(struct vrrp_beliefs *beliefs, const struct vrrp_addr *router,
				     vrrp_usec_t now)
{
	struct vrrp_belief *list = beliefs->list;
	struct vrrp_belief belief = { .router = *router, .since = now };
	unsigned int i;

	if (vrrp_addr_same(&list->router, router))
		return list;
	for (i = 1; i < VRRP_BELIEFS - 1; i++)
		if (vrrp_addr_same(&list[i].router, router))
			break;
	if (vrrp_addr_same(&list[i].router, router))
		belief = list[i];
	belief.since = MAX(belief.since, list->heard);
	memmove(list + 1, list, i * sizeof(*list));
	*list = belief;
	return list;
}

const struct vrrp_belief *vrrp_belief_follow(struct vrrp_beliefs *beliefs,
					     const struct vrrp_addr *router, vrrp_usec_t claimed,
					     vrrp_usec_t kept, vrrp_usec_t now)
{
	struct vrrp_belief *belief = belief_of(beliefs, router, now);
	vrrp_usec_t interval;

	if (now >= belief->since + belief->interval)
		belief->kept = MAX(belief->kept, belief->interval);
	belief->kept = MAX(belief->kept, kept);
	interval = MIN(claimed, STEP * belief->kept);
	if (interval > belief->interval)
		belief->since = now;
	belief->interval = interval;
	belief->kept = MIN(belief->kept, interval);
	belief->heard = now;
	return belief;
}
