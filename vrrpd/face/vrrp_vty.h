/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "show vrrp ..." and "clear vrrp ...".
 */
#ifndef VRRP_VTY_H
#define VRRP_VTY_H

void vrrp_vty_init(void);

/* Installs the commands of vrrp_ipvs_vty.c; called by vrrp_vty_init(). */
void vrrp_ipvs_vty_init(void);

#endif /* VRRP_VTY_H */
