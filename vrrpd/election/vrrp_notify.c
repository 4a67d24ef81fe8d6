// SPDX-License-Identifier: GPL-2.0-or-later
/* A notification is built, handed to libfrr and gone. Who listens is libfrr's matter. */
#include "vrrp_notify.h"

#include "debug.h"
#include "northbound.h"
#include "yang_wrappers.h"

#define MODULE "frr-crossvip"

struct notification {
	const char *name;
	struct list *arguments;
};

/* A thousand transitions at one instant do not wait for what nobody hears. */
static bool somebody_listens(void)
{
	return hook_have_hooks(nb_notification_send) ||
	       hook_have_hooks(nb_notification_tree_send) ||
	       DEBUG_MODE_CHECK(&nb_dbg_notif, DEBUG_MODE_ALL);
}

static struct notification notification_new(const char *name)
{
	return (struct notification){ .name = name, .arguments = yang_data_list_new() };
}

static void add(struct notification *notification, const char *leaf, const char *value)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "/" MODULE ":%s/%s", notification->name, leaf);
	listnode_add(notification->arguments, yang_data_new_string(xpath, value));
}

static void add_router(struct notification *notification, const struct vrrp_router *router)
{
	char vrid[4];

	snprintf(vrid, sizeof(vrid), "%u", router->group->vrid);
	add(notification, "interface", router->group->ifp->name);
	add(notification, "virtual-router-id", vrid);
	add(notification, "address-family", router->family == VRRP_IPV4 ? "ipv4" : "ipv6");
}

static void notification_send(struct notification *notification)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "/" MODULE ":%s", notification->name);
	nb_notification_send(xpath, notification->arguments);
}

void vrrp_notify_error(const struct vrrp_router *router, const char *src, enum vrrp_verdict verdict)
{
	struct notification notification;
	char identity[64];

	if (!somebody_listens())
		return;
	notification = notification_new(router ? "vrrp-virtual-router-error-event"
					       : "vrrp-protocol-error-event");
	if (router)
		add_router(&notification, router);
	add(&notification, "source-address", src);
	snprintf(identity, sizeof(identity), MODULE ":%s", vrrp_verdicts[verdict].identity);
	add(&notification, router ? "virtual-router-error-reason" : "protocol-error-reason",
	    identity);
	notification_send(&notification);
}

void vrrp_notify_split(const struct vrrp_router *router, const char *one, const char *other)
{
	struct notification notification;

	if (!somebody_listens())
		return;
	notification = notification_new("vrrp-split-event");
	add_router(&notification, router);
	add(&notification, "active-ip-address", one);
	add(&notification, "other-active-ip-address", other);
	notification_send(&notification);
}

void vrrp_notify_active(const struct vrrp_router *router)
{
	struct notification notification;
	char text[VRRP_ADDR_STRLEN];

	if (!somebody_listens())
		return;
	notification = notification_new("vrrp-new-active-event");
	add_router(&notification, router);
	add(&notification, "active-ip-address", vrrp_addr_str(&router->source, text));
	add(&notification, "new-active-reason", vrrp_reason_name(router->fsm.reason));
	notification_send(&notification);
}

static bool has_identity(const struct lys_module *module, const char *name)
{
	LY_ARRAY_COUNT_TYPE i;

	LY_ARRAY_FOR(module->identities, i)
	if (strmatch(module->identities[i].name, name))
		return true;
	return false;
}

void vrrp_notify_init(void)
{
	const struct lys_module *module = ly_ctx_get_module_implemented(ly_native_ctx, MODULE);

	for (unsigned int i = 0; i < VRRP_VERDICTS; i++) {
		if (i == VRRP_ACCEPTED || has_identity(module, vrrp_verdicts[i].identity))
			continue;
		zlog_err(MODULE " has no identity %s", vrrp_verdicts[i].identity);
		exit(1);
	}
}
