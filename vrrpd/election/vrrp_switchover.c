// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The state machine has the progress. Here is only when nobody took over (router->unheeded), which
 * is a warning until the router leaves Active or is told something else.
 */
#include "vrrp_switchover.h"

#include "vrrp_log.h"
#include "vrrp_warning.h"

const char *vrrp_switchover_refusal(const struct vrrp_router *router)
{
	if (router->fsm.state == VRRP_BACKUP)
		return "is Backup, and has nothing to hand over";
	if (router->fsm.state == VRRP_INITIALIZE)
		return "takes no part in the election, and has nothing to hand over";
	if (router->fsm_config.priority == VRRP_PRIORITY_OWNER)
		return "has priority 255, and would take the addresses back at once";
	if (vrrp_switchover_is_under_way(router))
		return "is handing over already";
	return NULL;
}

bool vrrp_switchover_is_under_way(const struct vrrp_router *router)
{
	return router->fsm.hands_over_until != 0;
}

void vrrp_switchover_begins(struct vrrp_router *router)
{
	router->unheeded = 0;
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: is told to hand over", router);
}

void vrrp_switchover_failed(struct vrrp_router *router)
{
	router->unheeded = vrrp_now();
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_warn("%pVR: nobody took over: stays Active", router);
}

void vrrp_switchover_forget(struct vrrp_router *router)
{
	router->unheeded = 0;
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (router->unheeded)
		vrrp_sentence_add(sentences,
				  "was told to hand over %" PRIu64
				  " s ago, and nobody took over: stays Active",
				  (uint64_t)((vrrp_now() - router->unheeded) / VRRP_USEC_PER_SEC));
	return 0;
}

void vrrp_switchover_init(void)
{
	hook_register(vrrp_warnings, warn);
}
