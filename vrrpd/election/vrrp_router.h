/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: events and configuration of groups and virtual routers.
 *
 * The northbound writes a group's configuration, field by field, and calls
 * vrrp_group_apply() once a transaction; that compares the configuration with what runs and
 * changes only the difference. All else is an event: a packet, a timer, an interface or
 * address that came or went.
 *
 * Groups live from vrrp_group_new() to vrrp_group_free().
 */
#ifndef VRRP_ROUTER_H
#define VRRP_ROUTER_H

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

/*
 * Configuration setters for lists; the family is the address's. Scalars are
 * written into group->conf directly. Nothing moves before vrrp_group_apply().
 * Adding an entry that exists, or removing one that does not, does nothing. The last VIP,
 * peers and the source of a running router stay in effect until the group settles; new peers
 * take effect then, too, if anything else of the group waits.
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

/* A vrrp_received_fn. */
void vrrp_router_receive(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, bool known_peer);

void vrrp_router_clear_stats(struct vrrp_router *router);

/* The daemon ends: all groups leave the election (priority 0 if Active) for good. */
void vrrp_router_leave_all(void);

/* Frees all groups. */
void vrrp_router_free_all(void);

void vrrp_router_init(void);
void vrrp_router_stop(void);

#endif /* VRRP_ROUTER_H */
