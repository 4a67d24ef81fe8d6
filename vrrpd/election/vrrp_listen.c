// SPDX-License-Identifier: GPL-2.0-or-later
/* No event says when listening may succeed, so those that could not are rechecked after pauses. */
#include "vrrp_listen.h"

#include "lib_errors.h"

#include "vrrp_liveness.h"
#include "vrrp_log.h"
#include "vrrp_receive.h"
#include "vrrp_retry.h"

static void try_again(struct vrrp_router *router)
{
	if (vrrp_hold_is_set(&router->holds, VRRP_HOLD_SOCKET) ||
	    vrrp_hold_is_set(&router->holds, VRRP_HOLD_DUPLICATE))
		vrrp_recheck(router);
}

static void try_all_again(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		try_again(&group->v4);
		try_again(&group->v6);
	}
}

static struct vrrp_retry retry = { .again = try_all_again };

static void set_holds(struct vrrp_router *router, enum vrrp_hold hold)
{
	vrrp_hold_set(&router->holds, VRRP_HOLD_SOCKET, hold == VRRP_HOLD_SOCKET);
	vrrp_hold_set(&router->holds, VRRP_HOLD_DUPLICATE, hold == VRRP_HOLD_DUPLICATE);
}

bool vrrp_listen(struct vrrp_router *router)
{
	int error = vrrp_receive_join(router);
	enum vrrp_hold hold = error == -EADDRINUSE ? VRRP_HOLD_DUPLICATE : VRRP_HOLD_SOCKET;
	bool is_news = !vrrp_hold_is_set(&router->holds, hold);

	router->listen_error = error;
	set_holds(router, error ? hold : VRRP_HOLD_NONE);
	if (!error) {
		vrrp_liveness_follow(router);
		return true;
	}
	vrrp_liveness_forget(router);
	if (is_news && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_err("%pVR: cannot receive: %s", router,
			 hold == VRRP_HOLD_DUPLICATE
				 ? "another group has the same VRID, source and peer"
				 : safe_strerror(-error));
	vrrp_retry_later(&retry);
	return false;
}

void vrrp_listen_forget(struct vrrp_router *router)
{
	set_holds(router, VRRP_HOLD_NONE);
}

void vrrp_listen_stop(void)
{
	vrrp_retry_cancel(&retry);
}
