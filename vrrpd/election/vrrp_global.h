/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of all groups: struct vrrp_global of vrrp_group.h. */
#ifndef VRRP_GLOBAL_H
#define VRRP_GLOBAL_H

/* Applies the values that the northbound wrote into vrrp_global. */
void vrrp_global_apply(void);

/* Before the configuration is read. */
void vrrp_global_init(void);

#endif /* VRRP_GLOBAL_H */
