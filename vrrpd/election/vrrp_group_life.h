/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups as they come and go: they live from vrrp_group_new() to vrrp_group_free(). */
#ifndef VRRP_GROUP_LIFE_H
#define VRRP_GROUP_LIFE_H

#include "vrrp_group.h"

/* Makes a group with the YANG defaults; it does not run before vrrp_group_apply(). */
struct vrrp_group *vrrp_group_new(struct interface *ifp, uint8_t vrid);

/*
 * Leaves the election (priority 0 if Active) and removes the group from the lookups at once;
 * removes what it has in the kernel and zebra, and frees it, at the end of the tick.
 */
void vrrp_group_free(struct vrrp_group **group);

/* Called when a group is discarded: drop every reference to it. */
DECLARE_HOOK(vrrp_group_freed, (struct vrrp_group * group), (group));

/* All groups. */
void vrrp_group_free_all(void);

#endif /* VRRP_GROUP_LIFE_H */
