// SPDX-License-Identifier: GPL-2.0-or-later
/* router->serves is written here alone; that it is drained begins with its end. */
#include "vrrp_healthy.h"

#include "vrrp_ipvs.h"
#include "vrrp_log.h"
#include "vrrp_parting.h"
#include "vrrp_tick.h"
#include "vrrp_vip.h"

static bool is_to_serve(const struct vrrp_router *router)
{
	const struct vrrp_group *group = router->group;

	return group->applied.announce_healthy && router->fsm.state == VRRP_BACKUP &&
	       !group->tracking.penalty && !vrrp_router_is_on_lan(router);
}

void vrrp_healthy_look(struct vrrp_router *router)
{
	bool serves = is_to_serve(router);

	if (router->serves == serves)
		return;
	router->serves = serves;
	vrrp_vip_touch(router);
	vrrp_ipvs_touch(router);
	vrrp_tick_soon();
	if (router->fsm.state == VRRP_ACTIVE)
		return;
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: %s", router,
			  serves ? "announces its virtual addresses while Backup"
				 : "announces its virtual addresses no more");
	if (!serves)
		vrrp_parting_give_up(router);
}
