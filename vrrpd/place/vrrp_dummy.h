/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VIP interface: the dummy for all VIPs of this router, named by "vrrp vip-interface". It is
 * made when first needed and removed at exit, if it is ours and nobody else has added an address to
 * it. One that exists already, dummy or ifb, is used and left alone; any other kind is refused.
 */
#ifndef VRRP_DUMMY_H
#define VRRP_DUMMY_H

#include <stdbool.h>
#include <stddef.h>

struct vrrp_place_ops;

/* The placement "vip-interface". It is made when prepared; why it cannot be used is logged once. */
extern const struct vrrp_place_ops vrrp_dummy_place;

/* 0 while it is not there. */
int vrrp_dummy_ifindex(void);
bool vrrp_dummy_is_up(void);

/*
 * Checks whether this name can be the VIP interface. 0, or negative errno with a sentence
 * in reason: it exists and is neither dummy nor ifb, ...
 */
int vrrp_vip_interface_check(const char *ifname, char *reason, size_t size);

/* An event about a link. If it is the VIP interface, its users are called. */
void vrrp_dummy_on_link(int ifindex, const char *name);

/* Events were lost: reads the VIP interface. */
void vrrp_dummy_reconcile(void);

/*
 * Another name has been configured, or the link was renamed: VIPs move to the link with the
 * configured name, which is made if need be. Then the old link is removed, if it is ours.
 */
void vrrp_dummy_rename(void);

/* The configuration has been read: removes other dummies that an earlier run left. */
void vrrp_dummy_settle(void);

void vrrp_dummy_init(void);
void vrrp_dummy_stop(void);

#endif /* VRRP_DUMMY_H */
