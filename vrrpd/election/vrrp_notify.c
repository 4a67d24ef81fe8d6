// SPDX-License-Identifier: GPL-2.0-or-later
/* The contents of each notification of the YANG module. */
#include "vrrp_notify.h"

#include "vrrp_log.h"
#include "vrrp_notification.h"

static void add_router(struct vrrp_notification *notification, const struct vrrp_router *router)
{
	char vrid[4];

	snprintf(vrid, sizeof(vrid), "%u", router->group->vrid);
	vrrp_notification_add(notification, "interface", router->group->ifp->name);
	vrrp_notification_add(notification, "virtual-router-id", vrid);
	vrrp_notification_add(notification, "address-family",
			      router->family == VRRP_IPV4 ? "ipv4" : "ipv6");
}

void vrrp_notify_transition(const struct vrrp_router *router, const struct vrrp_actions *actions,
			    const struct vrrp_history_other *before)
{
	const struct vrrp_action *last;
	const char *why;

	if (!actions->count)
		return;
	last = &actions->list[actions->count - 1];
	if (last->type != VRRP_ACTION_TRANSITION)
		return;
	why = vrrp_history_transition(router, last->transition.from, last->transition.to, before);
	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: %s -> %s%s%s (%s)", router, vrrp_state_name(last->transition.from),
			  vrrp_state_name(last->transition.to), *why ? ": " : "", why,
			  vrrp_reason_name(last->transition.reason));
}

void vrrp_notify_error(const struct vrrp_router *router, const char *src, enum vrrp_verdict verdict)
{
	struct vrrp_notification notification;

	if (!vrrp_notification_is_heard())
		return;
	notification = vrrp_notification_new(router ? "vrrp-virtual-router-error-event"
						    : "vrrp-protocol-error-event");
	if (router)
		add_router(&notification, router);
	vrrp_notification_add(&notification, "source-address", src);
	vrrp_notification_add_identity(&notification,
				       router ? "virtual-router-error-reason"
					      : "protocol-error-reason",
				       vrrp_verdicts[verdict].identity);
	vrrp_notification_send(&notification);
}

void vrrp_notify_split(const struct vrrp_router *router, const char *one, const char *other)
{
	struct vrrp_notification notification;

	if (!vrrp_notification_is_heard())
		return;
	notification = vrrp_notification_new("vrrp-split-event");
	add_router(&notification, router);
	vrrp_notification_add(&notification, "active-ip-address", one);
	vrrp_notification_add(&notification, "other-active-ip-address", other);
	vrrp_notification_send(&notification);
}

void vrrp_notify_active(const struct vrrp_router *router)
{
	struct vrrp_notification notification;
	char text[VRRP_ADDR_STRLEN];

	if (!vrrp_notification_is_heard())
		return;
	notification = vrrp_notification_new("vrrp-new-active-event");
	add_router(&notification, router);
	vrrp_notification_add(&notification, "active-ip-address",
			      vrrp_addr_str(&router->source, text));
	vrrp_notification_add(&notification, "new-active-reason",
			      vrrp_reason_name(router->fsm.reason));
	vrrp_notification_send(&notification);
}

void vrrp_notify_init(void)
{
	for (unsigned int i = 0; i < VRRP_VERDICTS; i++) {
		if (i == VRRP_ACCEPTED || vrrp_notification_has_identity(vrrp_verdicts[i].identity))
			continue;
		zlog_err("frr-crossvip has no identity %s", vrrp_verdicts[i].identity);
		exit(1);
	}
}
