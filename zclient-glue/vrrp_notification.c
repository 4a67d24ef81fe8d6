// SPDX-License-Identifier: GPL-2.0-or-later
/* A notification is built, passed to libfrr and freed. libfrr knows the listeners. */
#include "vrrp_notification.h"

#include "debug.h"
#include "northbound.h"
#include "yang_wrappers.h"

#include "frr_release.h"

#define MODULE "frr-crossvip"

bool vrrp_notification_is_heard(void)
{
	return hook_have_hooks(nb_notification_send) ||
	       hook_have_hooks(nb_notification_tree_send) ||
	       DEBUG_MODE_CHECK(&nb_dbg_notif, DEBUG_MODE_ALL);
}

struct vrrp_notification vrrp_notification_new(const char *name)
{
	return (struct vrrp_notification){ .name = name, .arguments = yang_data_list_new() };
}

void vrrp_notification_add(struct vrrp_notification *notification, const char *leaf,
			   const char *value)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "/" MODULE ":%s/%s", notification->name, leaf);
	listnode_add(notification->arguments, yang_data_new_string(xpath, value));
}

void vrrp_notification_add_identity(struct vrrp_notification *notification, const char *leaf,
				    const char *identity)
{
	char value[64];

	snprintf(value, sizeof(value), MODULE ":%s", identity);
	vrrp_notification_add(notification, leaf, value);
}

void vrrp_notification_send(struct vrrp_notification *notification)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "/" MODULE ":%s", notification->name);
	nb_notification_send(xpath, notification->arguments);
}

bool vrrp_notification_has_identity(const char *identity)
{
	const struct lys_module *module = ly_ctx_get_module_implemented(ly_native_ctx, MODULE);
	LYA_COUNT_T i;

	LYA_FOR(module->identities, i)
	if (strmatch(module->identities[i].name, identity))
		return true;
	return false;
}
