/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a group tracks, as the YANG model has it: read as a whole, and checked. */
#ifndef VRRP_NB_TRACK_H
#define VRRP_NB_TRACK_H

#include "vrrp_nb.h"
#include "vrrp_track.h"

/* Has the group track what its node says. */
void vrrp_nb_track_apply(struct vrrp_group *group, const struct lyd_node *dnode);

/* Reads an entry of one of the lists. */
struct vrrp_track_conf vrrp_nb_track_read(const struct lyd_node *entry);

/* Checks an object that a group is to track; returns as the checks of vrrp_nb.h. */
bool vrrp_check_track(const struct vrrp_scope *scope, const struct vrrp_track_conf *conf,
		      char *reason, size_t size);

/* Checks that a group that is to have the owner's priority tracks nothing that lowers it. */
bool vrrp_check_track_owner(const struct vrrp_scope *scope, uint8_t priority, char *reason,
			    size_t size);

/* As vrrp_check_vip(), and checks that no group tracks the route of the VIP. */
bool vrrp_check_vip_and_track(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
			      char *reason, size_t size);

/* Puts all checks of the configuration into effect. */
void vrrp_nb_checks_apply(const struct lyd_node *config);
/* Reads an entry of their list; texts are the node's. */
struct vrrp_track_check vrrp_nb_check_read(const struct lyd_node *entry);
/* Checks one; the sentence names it. */
bool vrrp_check_check(const struct vrrp_track_check *check, char *reason, size_t size);
int vrrp_nb_check_create(struct nb_cb_create_args *args);

int vrrp_nb_track_create(struct nb_cb_create_args *args);
int vrrp_nb_track_decrement_modify(struct nb_cb_modify_args *args);

#endif /* VRRP_NB_TRACK_H */
