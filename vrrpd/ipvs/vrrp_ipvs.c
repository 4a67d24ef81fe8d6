// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every event that may change the wanted state of a service touches it. A flush looks at
 * the portals of touched ones: those that are wanted are made, all at once, before VIPs come; the
 * others are removed after VIPs have gone.
 */
#include "vrrp_ipvs_private.h"

#include "darr.h"

#include "vrrp_tick.h"
#include "vrrp_vip.h"

/* True while a virtual router is Active here, and while one is not; marks are for all VIPs. */
static bool some_here, some_elsewhere;
static bool routers_moved;    /* virtual routers have changed since the last flush */
static bool services_changed; /* the flush under way found touched services, or some that are gone */

/* ---------------------------------------------------------- touched services */

void vrrp_ipvs_touch_vip(const struct vrrp_addr *vip)
{
	struct vrrp_portal *portal;

	routers_moved = true;
	for (portal = vrrp_portal_next_on_vip(NULL, vip); portal;
	     portal = vrrp_portal_next_on_vip(portal, vip))
		vrrp_service_touch(portal->service);
}

void vrrp_ipvs_touch(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	routers_moved = true;
	if (!vrrp_services_count(&vrrp_services))
		return;
	darr_foreach_p (router->vips, vip)
		vrrp_ipvs_touch_vip(vip);
}

static void move(struct vrrp_portal *portal, enum vrrp_service_place place)
{
	if (portal->place == VRRP_SERVICE_HERE && place != VRRP_SERVICE_HERE)
		vrrp_portal_loses_vip(portal);
	vrrp_portal_set_place(portal, place);
}

/* True when there were keys that no service has any more. */
static bool flush_gone(void)
{
	struct nl_ipvs_key *gone = vrrp_portals_take_gone();
	bool had_some = darr_len(gone);

	if (had_some)
		vrrp_ipvs_remove(gone);
	darr_free(gone);
	return had_some;
}

static void note_router(const struct vrrp_router *router)
{
	if (!darr_len(router->vips))
		return;
	if (vrrp_router_has_vips(router))
		some_here = true;
	else
		some_elsewhere = true;
}

static void look_at_routers(void)
{
	const struct vrrp_group *group;

	if (!vrrp_portals_in(VRRP_SERVICE_MARKED) || !routers_moved)
		return;
	routers_moved = some_here = some_elsewhere = false;
	frr_each (vrrp_groups_const, &vrrp_groups, group) {
		note_router(&group->v4);
		note_router(&group->v6);
	}
}

static void want_synchronisation(void)
{
	bool marked = vrrp_portals_in(VRRP_SERVICE_MARKED);

	look_at_routers();
	vrrp_ipvs_sync_want(vrrp_portals_in(VRRP_SERVICE_HERE) || (marked && some_here),
			    vrrp_portals_in(VRRP_SERVICE_ELSEWHERE) || (marked && some_elsewhere));
}

static void move_portals(struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->portals, i)
		move(service->portals[i], vrrp_portal_place_of(service->portals[i]));
}

static void append_kept(struct vrrp_portal ***wanted, struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->portals, i)
		if (vrrp_portal_is_kept(service->portals[i]))
			*darr_append(*wanted) = service->portals[i];
}

void vrrp_ipvs_flush_up(void)
{
	struct vrrp_portal **wanted = NULL;
	struct vrrp_service *service;

	services_changed = flush_gone() || vrrp_services_touched_count(&vrrp_touched_services);
	frr_each (vrrp_services_touched, &vrrp_touched_services, service) {
		move_portals(service);
		vrrp_service_judge_quorum(service);
		append_kept(&wanted, service);
	}
	want_synchronisation();
	vrrp_ipvs_sync_up();
	vrrp_ipvs_put(wanted);
	darr_free(wanted);
}

static void append_unwanted(struct nl_ipvs_key **unwanted, struct vrrp_service *service)
{
	struct vrrp_portal *portal;
	unsigned int i;

	darr_foreach_i (service->portals, i) {
		portal = service->portals[i];
		if (vrrp_portal_is_kept(portal) || !vrrp_ipvs_owns(&portal->key))
			continue;
		*darr_append(*unwanted) = portal->key;
		portal->programmed = false;
	}
}

void vrrp_ipvs_flush_down(void)
{
	struct nl_ipvs_key *unwanted = NULL;
	struct vrrp_service *service;

	while ((service = vrrp_services_touched_pop(&vrrp_touched_services))) {
		service->is_touched = false;
		append_unwanted(&unwanted, service);
	}
	if (darr_len(unwanted))
		vrrp_ipvs_remove(unwanted);
	darr_free(unwanted);
	vrrp_ipvs_sync_down();
	if (services_changed)
		vrrp_ipvs_sysctl_apply();
}

void vrrp_ipvs_apply(struct vrrp_service *service)
{
	bool is_new = vrrp_service_take_keys(service);

	vrrp_service_probe(service);
	if (is_new)
		vrrp_service_presume(service);
	vrrp_service_touch(service);
	vrrp_ipvs_watch();
	vrrp_services_tell_changed();
}

/* ---------------------------------------------------------------- for show */

static bool is_wanted(const struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->portals, i)
		if (vrrp_portal_is_wanted(service->portals[i]))
			return true;
	return false;
}

const struct vrrp_portal *vrrp_service_failed_portal(const struct vrrp_service *service)
{
	const struct vrrp_portal *portal;
	unsigned int i;

	darr_foreach_i (service->portals, i) {
		portal = service->portals[i];
		if (vrrp_portal_is_wanted(portal) && (!portal->programmed || portal->error))
			return portal;
	}
	return NULL;
}

enum vrrp_service_state vrrp_service_state(const struct vrrp_service *service)
{
	if (!is_wanted(service))
		return VRRP_SERVICE_STANDBY;
	if (vrrp_service_failed_portal(service))
		return VRRP_SERVICE_FAILED;
	if (vrrp_service_has_quorum(service))
		return VRRP_SERVICE_ACTIVE;
	return service->conf.sorry ? VRRP_SERVICE_SORRY : VRRP_SERVICE_NO_QUORUM;
}

const char *vrrp_service_state_name(enum vrrp_service_state state)
{
	static const char *const names[] = {
		[VRRP_SERVICE_STANDBY] = "standby", [VRRP_SERVICE_ACTIVE] = "active",
		[VRRP_SERVICE_SORRY] = "sorry",	    [VRRP_SERVICE_NO_QUORUM] = "no-quorum",
		[VRRP_SERVICE_FAILED] = "failed",
	};

	return names[state];
}

struct vrrp_sentences vrrp_ipvs_warnings(void)
{
	struct vrrp_sentences sentences = {};

	vrrp_ipvs_kernel_warnings(&sentences);
	vrrp_ipvs_sysctl_warnings(&sentences);
	vrrp_ipvs_directors_warnings(&sentences);
	return sentences;
}

/* ---------------------------------------------------------- start and stop */

void vrrp_ipvs_wait(void)
{
	vrrp_ipvs_is_holding = true;
}

void vrrp_ipvs_settle(void)
{
	struct vrrp_service *service;

	vrrp_ipvs_is_holding = false;
	frr_each (vrrp_services, &vrrp_services, service)
		vrrp_service_touch(service);
	vrrp_ipvs_kernel_settle();
	vrrp_ipvs_sysctl_apply();
}

static int on_vip_drained(struct vrrp_router *router)
{
	vrrp_ipvs_touch(router);
	return 0;
}

void vrrp_ipvs_init(void)
{
	hook_register(vrrp_vip_drained, on_vip_drained);
	vrrp_probe_init();
	vrrp_ipvs_kernel_init();
	vrrp_ipvs_learn_init();
	vrrp_ipvs_directors_init();
}

void vrrp_ipvs_stop(void)
{
	struct vrrp_service *service;
	struct nl_ipvs_key *gone;

	vrrp_ipvs_drain_stop();
	vrrp_ipvs_is_stopping = true;
	vrrp_ipvs_sync_stop();
	vrrp_ipvs_learn_stop();
	vrrp_ipvs_directors_stop();
	vrrp_ipvs_transfer_stop();
	vrrp_ipvs_sysctl_stop();
	vrrp_ipvs_kernel_stop();
	while ((service = vrrp_services_first(&vrrp_services)))
		vrrp_service_free(&service);
	gone = vrrp_portals_take_gone();
	darr_free(gone);
}
