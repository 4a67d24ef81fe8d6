/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VIP interfaces: in each VRF with groups a dummy for all VIPs there, named by "vrrp vip-interface".
 * It is made when first needed and removed at exit, or when its VRF is gone, if it is ours and
 * nobody else has added an address to it. One that exists already, dummy or ifb, is used and left
 * alone; any other kind is refused.
 */
#ifndef VRRP_DUMMY_H
#define VRRP_DUMMY_H

#include <stdbool.h>
#include <stddef.h>

struct vrrp_place_ops;

/* The placement "vip-interface". It is made when prepared; why it cannot be used is logged once. */
extern const struct vrrp_place_ops vrrp_dummy_place;

/* True for a VIP interface that is in use; and for one of them that is down. */
bool vrrp_dummy_is(int ifindex);
bool vrrp_dummy_is_down(int ifindex);

/* Its name; NULL when it is none. */
const char *vrrp_dummy_name(int ifindex);

/* The ifindex of the VRF that a VIP interface is in; 0: the default one, or it is none. */
int vrrp_dummy_vrf(int ifindex);

/*
 * Checks whether this name can be the VIP interface of a VRF ("": the default one). 0, or negative
 * errno with a sentence in reason: it exists and is neither dummy nor ifb, or is somebody's in another
 * VRF, ...
 */
int vrrp_vip_interface_check(const char *vrf, const char *ifname, char *reason, size_t size);

/* An event about a link. If it is a VIP interface, or a VRF with one, its users are called. */
void vrrp_dummy_on_link(int ifindex, const char *name);

/* Events were lost: reads all VIP interfaces. */
void vrrp_dummy_reconcile(void);

/*
 * Other names have been configured: VIPs move to the links with the configured names, which are
 * made if need be. Then the old links are removed, if they are ours.
 */
void vrrp_dummy_rename(void);

/* The configuration has been read: removes other dummies that an earlier run left. */
void vrrp_dummy_settle(void);

void vrrp_dummy_init(void);
void vrrp_dummy_stop(void);

#endif /* VRRP_DUMMY_H */
