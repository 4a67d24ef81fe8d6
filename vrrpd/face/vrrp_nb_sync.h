/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sync groups as the YANG model has them: checked. Each returns as the checks of vrrp_nb.h. */
#ifndef VRRP_NB_SYNC_H
#define VRRP_NB_SYNC_H

#include "vrrp_nb.h"

/* Checks the name of a sync group. */
bool vrrp_check_sync_name(const struct vrrp_scope *scope, const char *name, char *reason,
			  size_t size);

/* Checks that a group may be Active together with others: it is no owner. */
bool vrrp_check_sync(const struct vrrp_scope *scope, char *reason, size_t size);

/* Checks that a group that is to have this priority is in no sync group, if that is the owner's. */
bool vrrp_check_sync_owner(const struct vrrp_scope *scope, uint8_t priority, char *reason,
			   size_t size);

#endif /* VRRP_NB_SYNC_H */
