/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens to groups and virtual routers.
 *
 * The northbound writes a group's configuration, field by field, and calls
 * vrrp_group_apply() once a transaction; that compares what is wanted with what runs and
 * moves only what differs. Everything else comes in as an event: a packet, a timer, an
 * interface or address that came or went.
 *
 * Groups live from vrrp_group_new() to vrrp_group_free().
 */
#ifndef VRRP_ROUTER_H
#define VRRP_ROUTER_H

#include "vrrp_group.h"

/* A group with the YANG defaults, not running before vrrp_group_apply(). */
struct vrrp_group *vrrp_group_new(struct interface *ifp, uint8_t vrid);

/*
 * Leaves the election (priority 0 if Active), takes everything of it back and frees it,
 * at the end of the tick; no one finds it any more.
 */
void vrrp_group_free(struct vrrp_group **group);

/* It is on its way out; whoever knows it forgets it. */
DECLARE_HOOK(vrrp_group_freed, (struct vrrp_group * group), (group));

/*
 * Configuration setters for lists; the family is the address's. Scalars are
 * written into group->conf directly. Nothing moves before vrrp_group_apply().
 * Adding what is there, or removing what is not, does nothing. The last VIP, peers
 * and the source of a running router are kept until the group settles; new peers come then
 * if anything else of the group waits.
 */
void vrrp_group_vip_add(struct vrrp_group *group, const struct vrrp_addr *vip);
void vrrp_group_vip_del(struct vrrp_group *group, const struct vrrp_addr *vip);
void vrrp_group_peer_add(struct vrrp_group *group, const struct vrrp_addr *peer);
void vrrp_group_peer_del(struct vrrp_group *group, const struct vrrp_addr *peer);
void vrrp_group_source_set(struct vrrp_group *group, const struct vrrp_addr *source);
void vrrp_group_source_unset(struct vrrp_group *group, enum vrrp_family family);

/*
 * Makes what runs agree with what is configured, at once or when the group has settled;
 * cheap when nothing differs.
 */
void vrrp_group_apply(struct vrrp_group *group);

/* A vrrp_received_fn. */
void vrrp_router_receive(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 const struct vrrp_advert *advert, bool known_peer);

void vrrp_router_clear_stats(struct vrrp_router *router);

/* All leave the election (priority 0 if Active), for good: the daemon ends. */
void vrrp_router_leave_all(void);

/* Frees all groups. */
void vrrp_router_free_all(void);

void vrrp_router_init(void);
void vrrp_router_stop(void);

#endif /* VRRP_ROUTER_H */
