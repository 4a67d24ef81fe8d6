// SPDX-License-Identifier: GPL-2.0-or-later
/* The questions to the peers of one router belong to who asked, and use the ways of vrrp_way.c. */
#include "vrrp_heir.h"

#include "darr.h"
#include "memory.h"

#include "vrrp_host.h"
#include "vrrp_memory.h"
#include "vrrp_way.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_HEIRS, "VRRP routers that could take over");

struct vrrp_heirs {
	bool is_heard;
	unsigned int n_ways;
	struct vrrp_way_user ways[];
};

static bool is_heard(const struct vrrp_router *router)
{
	const struct vrrp_peer *peer;

	if (!vrrp_router_is_unicast(router))
		return true;
	darr_foreach_p (router->peers, peer)
		if (peer->heard)
			return true;
	return false;
}

/* Whoever asks looks at the answers by and by. */
static void on_way(struct vrrp_way_user *user)
{
}

static void ask(struct vrrp_heirs *heirs, const struct vrrp_router *router)
{
	struct vrrp_way_ends ends;
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer) {
		if (vrrp_host_own_link(&peer->address, router->group->ifp->ifindex, 0))
			continue; /* this host itself */
		ends = vrrp_way_ends_of(router, &peer->address);
		heirs->ways[heirs->n_ways].changed = on_way;
		vrrp_way_begin(&heirs->ways[heirs->n_ways++], &ends);
	}
}

struct vrrp_heirs *vrrp_heirs_ask(const struct vrrp_router *router)
{
	struct vrrp_heirs *heirs =
		XCALLOC(MTYPE_VRRP_HEIRS,
			sizeof(*heirs) + darr_len(router->peers) * sizeof(heirs->ways[0]));

	heirs->is_heard = is_heard(router);
	if (!heirs->is_heard)
		ask(heirs, router);
	return heirs;
}

bool vrrp_heirs_is_any(const struct vrrp_heirs *heirs)
{
	for (unsigned int i = 0; i < heirs->n_ways; i++)
		if (vrrp_way_answered(&heirs->ways[i]))
			return true;
	return heirs->is_heard;
}

void vrrp_heirs_free(struct vrrp_heirs **heirs)
{
	for (unsigned int i = 0; *heirs && i < (*heirs)->n_ways; i++)
		vrrp_way_end(&(*heirs)->ways[i]);
	XFREE(MTYPE_VRRP_HEIRS, *heirs);
}
