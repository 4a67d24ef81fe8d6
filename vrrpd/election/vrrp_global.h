/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is configured for all groups at once: struct vrrp_global of vrrp_group.h. */
#ifndef VRRP_GLOBAL_H
#define VRRP_GLOBAL_H

/* Acts on what the northbound wrote into vrrp_global. */
void vrrp_global_apply(void);

/* Before the configuration is read. */
void vrrp_global_init(void);

#endif /* VRRP_GLOBAL_H */
