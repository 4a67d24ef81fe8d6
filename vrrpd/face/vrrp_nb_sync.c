// SPDX-License-Identifier: GPL-2.0-or-later
/* A group is in one sync group at most, since it has one leaf for it. */
#include <zebra.h>

#include "yang.h"

#include "vrrp_nb_sync.h"
#include "vrrp_nb_witness.h"

bool vrrp_check_sync_name(const struct vrrp_scope *scope, const char *name, char *reason,
			  size_t size)
{
	return vrrp_check_name(scope, "sync-group", name, VRRP_SYNC_NAME_SIZE, reason, size);
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
	return vrrp_check_no_witness(scope, "sync-group or sync-families", reason, size);
}

bool vrrp_check_sync_owner(const struct vrrp_scope *scope, uint8_t priority, char *reason,
			   size_t size)
{
	if (priority == VRRP_PRIORITY_OWNER && is_synced(scope->group))
		return refuse_owner(scope, reason, size);
	return priority != VRRP_PRIORITY_OWNER ||
	       vrrp_check_no_witness(scope, "the owner's priority 255", reason, size);
}

static struct vrrp_group *group_of(const struct lyd_node *dnode)
{
	const struct lyd_node *group = vrrp_nb_group(dnode);

	return vrrp_group_find(vrrp_nb_ifname(group), vrrp_nb_vrid(group));
}

static struct vrrp_scope scope_of(const struct lyd_node *dnode)
{
	const struct lyd_node *group = vrrp_nb_group(dnode);

	return (struct vrrp_scope){ .config = dnode,
				    .group = group,
				    .ifname = vrrp_nb_ifname(group),
				    .vrid = vrrp_nb_vrid(group) };
}

static int validated(bool good)
{
	return good ? NB_OK : NB_ERR_VALIDATION;
}

int vrrp_nb_sync_group_modify(struct nb_cb_modify_args *args)
{
	const char *name = lyd_get_value(args->dnode);
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->dnode);
		return validated(vrrp_check_sync_name(&scope, name, args->errmsg, args->errmsg_len) &&
				 vrrp_check_sync(&scope, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		strlcpy(group_of(args->dnode)->conf.sync_group, name, VRRP_SYNC_NAME_SIZE);
	return NB_OK;
}

int vrrp_nb_sync_group_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.sync_group[0] = '\0';
	return NB_OK;
}

int vrrp_nb_sync_families_modify(struct nb_cb_modify_args *args)
{
	bool wanted = yang_dnode_get_bool(args->dnode, NULL);
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE && wanted) {
		scope = scope_of(args->dnode);
		return validated(vrrp_check_sync(&scope, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.sync_families = wanted;
	return NB_OK;
}
