// SPDX-License-Identifier: GPL-2.0-or-later
/* A group is in one sync group at most, since it has one leaf for it. */
#include <zebra.h>

#include "yang.h"

#include "vrrp_nb_sync.h"

bool vrrp_check_sync_name(const struct vrrp_scope *scope, const char *name, char *reason,
			  size_t size)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		if (!isascii(name[i]) || !isgraph(name[i]))
			return vrrp_nb_refuse(scope, reason, size,
					      "sync-group: a name is printable ASCII without blanks");
	if (length >= VRRP_SYNC_NAME_SIZE)
		return vrrp_nb_refuse(scope, reason, size,
				      "sync-group: a name has %d characters at most",
				      VRRP_SYNC_NAME_SIZE - 1);
	return true;
}

static bool is_synced(const struct lyd_node *group)
{
	return vrrp_nb_child(group, "sync-group") ||
	       strmatch(vrrp_nb_value(group, "sync-families"), "true");
}

static bool refuse_owner(const struct vrrp_scope *scope, char *reason, size_t size)
{
	return vrrp_nb_refuse(
		scope, reason, size,
		"a group with the owner's priority 255 is Active whatever others are, so it cannot be in a sync group nor have sync-families: lower the priority, or remove them");
}

bool vrrp_check_sync(const struct vrrp_scope *scope, char *reason, size_t size)
{
	if (strtoul(vrrp_nb_value(scope->group, "priority"), NULL, 10) == VRRP_PRIORITY_OWNER)
		return refuse_owner(scope, reason, size);
	return true;
}

bool vrrp_check_sync_owner(const struct vrrp_scope *scope, uint8_t priority, char *reason,
			   size_t size)
{
	if (priority == VRRP_PRIORITY_OWNER && is_synced(scope->group))
		return refuse_owner(scope, reason, size);
	return true;
}
