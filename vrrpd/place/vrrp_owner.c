// SPDX-License-Identifier: GPL-2.0-or-later
/* Each virtual router stores the link on which it holds the sysctl; holds are counted there. */
#include "vrrp_owner.h"

#include "darr.h"
#include "lib_errors.h"

#include "vrrp_log.h"
#include "vrrp_sysctl.h"
#include "vrrp_vip_link.h"

static struct vrrp_router **due; /* darr */

static ifindex_t wanted_on(const struct vrrp_router *router)
{
	bool is_stand_in = router->family == VRRP_IPV4 && router->addresses_up &&
			   router->group->applied.priority != VRRP_PRIORITY_OWNER &&
			   vrrp_vip_link_is_own(router);

	return is_stand_in ? router->group->ifp->ifindex : 0;
}

static void hold_or_drop(struct vrrp_router *router)
{
	ifindex_t wanted = wanted_on(router);
	int error = 0;

	if (router->owner_heard_on == wanted)
		return;
	if (router->owner_heard_on)
		vrrp_sysctl_drop(router->owner_heard_on, NL_SYSCTL_ACCEPT_LOCAL);
	if (wanted)
		error = vrrp_sysctl_hold(wanted, NL_SYSCTL_ACCEPT_LOCAL, 1);
	router->owner_heard_on = error ? 0 : wanted;
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("%pVR: net.ipv4.conf.%s.accept_local cannot be set to 1 (%s): an owner that sends from a virtual address is not heard",
			  router, router->group->ifp->name, safe_strerror(-error));
}

void vrrp_owner_look(struct vrrp_router *router)
{
	if (router->owner_heard_on != wanted_on(router))
		*darr_append(due) = router;
}

void vrrp_owner_flush(void)
{
	while (darr_len(due))
		hold_or_drop(darr_pop(due));
}

void vrrp_owner_stop(void)
{
	darr_free(due);
}
