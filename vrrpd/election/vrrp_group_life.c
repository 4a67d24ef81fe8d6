// SPDX-License-Identifier: GPL-2.0-or-later
/* A group that is freed is only discarded, since its last advertisements leave at the end of the tick. */
#include "vrrp_group_life.h"

#include "darr.h"
#include "memory.h"

#include "vrrp_garp.h"
#include "vrrp_host.h"
#include "vrrp_ipvs.h"
#include "vrrp_marker.h"
#include "vrrp_memory.h"
#include "vrrp_parting.h"
#include "vrrp_repeat.h"
#include "vrrp_rivals.h"
#include "vrrp_router_private.h"
#include "vrrp_seal.h"
#include "vrrp_settle.h"
#include "vrrp_sync.h"
#include "vrrp_trouble.h"
#include "vrrp_vip.h"
#include "vrrp_vmac.h"
#include "vrrp_witness.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_GROUP, "VRRP group");
DEFINE_HOOK(vrrp_group_freed, (struct vrrp_group * group), (group));

static void router_init(struct vrrp_router *router, struct vrrp_group *group,
			enum vrrp_family family)
{
	router->group = group;
	router->family = family;
	vrrp_hold_set(&router->holds, VRRP_HOLD_NO_ADDRESSES, true);
	vrrp_fsm_init(&router->fsm, vrrp_now());
}

struct vrrp_group *vrrp_group_new(struct interface *ifp, uint8_t vrid)
{
	struct vrrp_group *group = XCALLOC(MTYPE_VRRP_GROUP, sizeof(*group));

	group->ifp = ifp;
	group->vrid = vrid;
	group->conf = group->applied = vrrp_group_defaults;
	router_init(&group->v4, group, VRRP_IPV4);
	router_init(&group->v6, group, VRRP_IPV6);
	vrrp_groups_add(&vrrp_groups, group);
	return group;
}

/* Removes the router of a group that is deleted; its VIPs are free for another at once. */
static void discard_router(struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	vrrp_router_leave(router, VRRP_HOLD_SHUTDOWN);
	vrrp_host_follow(router, NULL);
	vrrp_garp_cancel(router, NULL);
	darr_foreach_p (router->vips, vip) {
		vrrp_vip_gone(router, vip);
		vrrp_ipvs_touch_vip(vip);
	}
	router->handover = VRRP_HANDOVER_NONE; /* its VIPs are drained without it */
	vrrp_marker_touch(router);
}

static void free_router(struct vrrp_router *router)
{
	vrrp_repeat_stop(router);
	vrrp_vmac_release(router);
	vrrp_trouble_forget(router);
	vrrp_rivals_forget(router);
	darr_free(router->vips);
	darr_free(router->peers);
	darr_free(router->peers_to_come);
}

static void free_group(struct vrrp_group *group)
{
	free_router(&group->v4);
	free_router(&group->v6);
	vrrp_seal_forget(group);
	XFREE(MTYPE_VRRP_GROUP, group);
}

void vrrp_group_free(struct vrrp_group **group)
{
	vrrp_sync_forget(*group);
	vrrp_witness_forget(&(*group)->v4);
	vrrp_witness_forget(&(*group)->v6);
	discard_router(&(*group)->v4);
	discard_router(&(*group)->v6);
	vrrp_groups_del(&vrrp_groups, *group);
	vrrp_settle_forget(*group);
	hook_call(vrrp_group_freed, *group);
	vrrp_parting_discard(*group, free_group);
	*group = NULL;
}

void vrrp_group_free_all(void)
{
	struct vrrp_group *group;

	while ((group = vrrp_groups_first(&vrrp_groups)))
		vrrp_group_free(&group);
}
