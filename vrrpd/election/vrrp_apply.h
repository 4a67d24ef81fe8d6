/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Applies the configuration of a group to its virtual routers.
 *
 * The northbound writes a group's configuration, field by field, and calls
 * vrrp_group_apply() once a transaction; that compares the configuration with what runs and
 * changes only the difference.
 */
#ifndef VRRP_APPLY_H
#define VRRP_APPLY_H

#include "vrrp_group.h"

/*
 * Configuration setters for lists; the family is the address's. Scalars are written into
 * group->conf directly. Nothing takes effect before vrrp_group_apply(). Adding an entry that
 * exists, or removing one that does not, does nothing. The last VIP, peers and the source of a
 * running router stay in effect until the group settles; new peers take effect then, too, if
 * anything else of the group waits.
 */
void vrrp_group_vip_add(struct vrrp_group *group, const struct vrrp_addr *vip);
void vrrp_group_vip_del(struct vrrp_group *group, const struct vrrp_addr *vip);
void vrrp_group_peer_add(struct vrrp_group *group, const struct vrrp_addr *peer);
void vrrp_group_peer_del(struct vrrp_group *group, const struct vrrp_addr *peer);
void vrrp_group_source_set(struct vrrp_group *group, const struct vrrp_addr *source);
void vrrp_group_source_unset(struct vrrp_group *group, enum vrrp_family family);

/*
 * Puts the configuration into effect, at once or when the group has settled; cheap when
 * nothing differs.
 */
void vrrp_group_apply(struct vrrp_group *group);

/* After vrrp_router_init(). */
void vrrp_apply_init(void);

/* group->tracking has changed: its virtual routers follow in priority, or leave or enter. */
void vrrp_group_follow_tracking(struct vrrp_group *group);

#endif /* VRRP_APPLY_H */
