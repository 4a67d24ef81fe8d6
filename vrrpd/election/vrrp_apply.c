// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists and the values of group->conf are changed at once; the running state follows in
 * vrrp_group_apply(). Configuration that was removed from a running router stays in effect until
 * nobody has configured anything for a while (vrrp_settle.c); router->kept records it.
 */
#include "vrrp_apply.h"

#include "darr.h"

#include "vrrp_garp.h"
#include "vrrp_claimant.h"
#include "vrrp_delivery.h"
#include "vrrp_farewell.h"
#include "vrrp_ipvs.h"
#include "vrrp_liveness.h"
#include "vrrp_misfit.h"
#include "vrrp_owner.h"
#include "vrrp_radv.h"
#include "vrrp_resume.h"
#include "vrrp_router_id.h"
#include "vrrp_router_private.h"
#include "vrrp_seal.h"
#include "vrrp_settle.h"
#include "vrrp_startup.h"
#include "vrrp_sync.h"
#include "vrrp_tick.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"
#include "vrrp_vmac.h"
#include "vrrp_witness.h"

/* ------------------------------------------------------------------------- lists */

static int vip_index(const struct vrrp_router *router, const struct vrrp_addr *vip)
{
	unsigned int i;

	darr_foreach_i (router->vips, i)
		if (vrrp_addr_same(&router->vips[i], vip))
			return i;
	return -1;
}

/* True when values taken back stay in effect until the group settles: it is running. */
static bool may_keep(const struct vrrp_router *router)
{
	return vrrp_router_is_running(router) && !router->group->autoconfigured;
}

static void vip_remove(struct vrrp_router *router, unsigned int i)
{
	struct vrrp_addr vip = router->vips[i];

	vrrp_vip_gone(router, &vip);
	vrrp_vmac_vip(router, &vip, false);
	vrrp_ipvs_touch_vip(&vip);
	vrrp_garp_cancel(router, &vip);
	router->last_vip = vip;
	darr_remove(router->vips, i);
}

static void peer_remove(struct vrrp_router *router, struct vrrp_peer *peer)
{
	vrrp_farewell_forget_peer(peer);
	vrrp_liveness_end(peer);
	darr_remove(router->peers, peer - router->peers);
	router->peers_changed = true;
}

/* Leaves the election at once: another group has been given the VIP that this one kept. */
static void give_up(struct vrrp_router *router)
{
	vrrp_router_leave(router, VRRP_HOLD_NO_ADDRESSES);
	router->kept.vip = false;
	vip_remove(router, 0);
}

static void take_from_keeper(const struct vrrp_addr *vip, const char *ifname)
{
	struct vrrp_group *group = vrrp_vip_group_on(vip, ifname);
	struct vrrp_router *keeper = group ? vrrp_group_router(group, vip->family) : NULL;

	if (keeper && keeper->kept.vip)
		give_up(keeper);
}

void vrrp_group_vip_add(struct vrrp_group *group, const struct vrrp_addr *vip)
{
	struct vrrp_router *router = vrrp_group_router(group, vip->family);
	struct vrrp_addr kept = router->kept.vip ? router->vips[0] : (struct vrrp_addr){};

	router->kept.vip = false;
	if (vip_index(router, vip) >= 0)
		return;
	take_from_keeper(vip, group->ifp->name);
	/* RFC 9568 section 5.2.9: the link-local one is the first of an advertisement */
	if (vip->family == VRRP_IPV6 && vrrp_addr_is_linklocal(vip))
		*darr_insert(router->vips, 0) = *vip;
	else
		*darr_append(router->vips) = *vip;
	vrrp_vip_new(router, vip);
	vrrp_vmac_vip(router, vip, true);
	vrrp_ipvs_touch_vip(vip);
	if (router->addresses_up)
		vrrp_garp_vip(router, vip);
	vrrp_claimant_vip(router);
	if (vrrp_addr_is_set(&kept))
		vip_remove(router, vip_index(router, &kept));
}

void vrrp_group_vip_del(struct vrrp_group *group, const struct vrrp_addr *vip)
{
	struct vrrp_router *router = vrrp_group_router(group, vip->family);
	int i = vip_index(router, vip);

	if (i < 0)
		return;
	if (may_keep(router) && darr_len(router->vips) == 1)
		router->kept.vip = true;
	else
		vip_remove(router, i);
}

static void peer_take(struct vrrp_router *router, const struct vrrp_addr *peer)
{
	*darr_append(router->peers) = (struct vrrp_peer){ .address = *peer };
	router->peers_changed = true;
	router->group->had_peer = true;
}

static void take_peers_to_come(struct vrrp_router *router)
{
	const struct vrrp_addr *peer;

	darr_foreach_p (router->peers_to_come, peer)
		peer_take(router, peer);
	darr_reset(router->peers_to_come);
}

void vrrp_group_peer_add(struct vrrp_group *group, const struct vrrp_addr *peer)
{
	struct vrrp_router *router = vrrp_group_router(group, peer->family);
	struct vrrp_peer *known = vrrp_router_peer(router, peer);

	if (known)
		known->is_kept = false;
	else if (may_keep(router))
		*darr_append(router->peers_to_come) = *peer;
	else
		peer_take(router, peer);
}

static void peer_to_come_remove(struct vrrp_router *router, const struct vrrp_addr *peer)
{
	unsigned int i;

	darr_foreach_i (router->peers_to_come, i)
		if (vrrp_addr_same(&router->peers_to_come[i], peer)) {
			darr_remove(router->peers_to_come, i);
			return;
		}
}

void vrrp_group_peer_del(struct vrrp_group *group, const struct vrrp_addr *peer)
{
	struct vrrp_router *router = vrrp_group_router(group, peer->family);
	struct vrrp_peer *known = vrrp_router_peer(router, peer);

	peer_to_come_remove(router, peer);
	if (!known)
		return;
	if (may_keep(router))
		known->is_kept = true;
	else
		peer_remove(router, known);
}

void vrrp_group_source_set(struct vrrp_group *group, const struct vrrp_addr *source)
{
	struct vrrp_router *router = vrrp_group_router(group, source->family);

	router->kept.source = false;
	vrrp_host_follow(router, source);
}

void vrrp_group_source_unset(struct vrrp_group *group, enum vrrp_family family)
{
	struct vrrp_router *router = vrrp_group_router(group, family);

	if (may_keep(router) && vrrp_addr_is_set(&router->source_configured))
		router->kept.source = true;
	else
		vrrp_host_follow(router, NULL);
}

/* ---------------------------------------------------------------------- applying */

/* Moves the VIPs to the link of another placement, without a change of state. */
static void move(struct vrrp_router *router)
{
	const struct vrrp_place_ops *place = vrrp_place_of(router);

	if (place == router->place)
		return;
	router->place = place;
	if (!vrrp_router_is_running(router))
		return;
	vrrp_router_listen_anew(router);
	if (!router->addresses_up)
		return;
	place->up(router);
	vrrp_garp_all(router);
}

static bool wants_vmac(const struct vrrp_router *router)
{
	return darr_len(router->vips) && !router->group->applied.shutdown &&
	       vrrp_router_has_virtual_mac(router);
}

static void release_vmac(struct vrrp_router *router)
{
	if (router->vmac && !wants_vmac(router))
		vrrp_vmac_release(router);
}

static void release_vmacs(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		release_vmac(&group->v4);
		release_vmac(&group->v6);
	}
}

/* After the end of the tick, when no VIP is on them any more. */
static struct vrrp_tick_work vmac_release = { .run = release_vmacs };

static void router_apply(struct vrrp_router *router, const struct vrrp_group_conf *previous)
{
	bool version_changed = router->group->applied.version != previous->version;

	if (version_changed && vrrp_router_is_running(router)) {
		vrrp_router_leave(router, VRRP_HOLD_SHUTDOWN);
		vrrp_startup_trust(router);
	}
	if (vrrp_router_is_running(router)) {
		vrrp_startup_entered(router);
		vrrp_router_reconfigure(router);
	}
	vrrp_router_recheck(router);
	if (router->sock)
		vrrp_liveness_follow(router);
	router->peers_changed = false;
	vrrp_vip_touch(router);
	move(router);
	vrrp_radv_look(router);
	vrrp_claimant_look(router);
	vrrp_owner_look(router);
	if (router->fsm.state == VRRP_ACTIVE)
		vrrp_resume_changed();
	if (router->vmac && !wants_vmac(router))
		vrrp_tick_then(&vmac_release);
}

static void take_effect(struct vrrp_group *group, const struct vrrp_group_conf *previous)
{
	vrrp_delivery_note_lan(group);
	vrrp_seal_follow(group);
	vrrp_sync_follow(group);
	vrrp_witness_follow(&group->v4);
	vrrp_witness_follow(&group->v6);
	router_apply(&group->v4, previous);
	router_apply(&group->v6, previous);
	vrrp_misfit_look(&group->v4);
	vrrp_misfit_look(&group->v6);
	vrrp_router_id_recheck();
	vrrp_tick_soon();
}

void vrrp_group_apply(struct vrrp_group *group)
{
	struct vrrp_group_conf previous = group->applied;

	if (!vrrp_settle(group, vrrp_router_is_running(&group->v4) ||
					vrrp_router_is_running(&group->v6))) {
		take_peers_to_come(&group->v4);
		take_peers_to_come(&group->v6);
	}
	take_effect(group, &previous);
}

void vrrp_group_follow_tracking(struct vrrp_group *group)
{
	vrrp_router_recheck(&group->v4);
	vrrp_router_recheck(&group->v6);
}

static bool has_lasting_peer(const struct vrrp_router *router)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (!peer->is_kept)
			return true;
	return false;
}

/* Leaves the election when a value that it needs, and that was only kept, is dropped. */
static void leave_for_good(struct vrrp_router *router)
{
	if (router->kept.vip)
		vrrp_router_leave(router, VRRP_HOLD_NO_ADDRESSES);
	else if (darr_len(router->peers) && !darr_len(router->peers_to_come) &&
		 !has_lasting_peer(router) && vrrp_delivery_needs_peer(router))
		vrrp_router_leave(router, VRRP_HOLD_NO_PEERS);
}

static void let_go(struct vrrp_router *router)
{
	struct vrrp_kept kept = router->kept;

	router->kept = (struct vrrp_kept){};
	if (kept.vip)
		vip_remove(router, 0);
	for (unsigned int i = darr_len(router->peers); i-- > 0;)
		if (router->peers[i].is_kept)
			peer_remove(router, &router->peers[i]);
	if (kept.source)
		vrrp_host_follow(router, NULL);
	take_peers_to_come(router);
}

static void settle_group(struct vrrp_group *group)
{
	struct vrrp_group_conf previous = group->applied;

	vrrp_settle_forget(group);
	group->applied = group->conf;
	let_go(&group->v4);
	let_go(&group->v6);
	take_effect(group, &previous);
}

/*
 * Applies the changes that waited. Routers leave first, while they have peers and VIPs for priority
 * 0.
 */
static void on_settled(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_unsettled, &vrrp_unsettled, group) {
		leave_for_good(&group->v4);
		leave_for_good(&group->v6);
	}
	vrrp_tick_end();
	while ((group = vrrp_unsettled_first(&vrrp_unsettled)))
		settle_group(group);
}

void vrrp_apply_init(void)
{
	vrrp_settle_init(on_settled);
}
