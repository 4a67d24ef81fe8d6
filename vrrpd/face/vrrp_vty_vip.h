/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "show vrrp vip". */
#ifndef VRRP_VTY_VIP_H
#define VRRP_VTY_VIP_H

/* Called by vrrp_vty_init(). */
void vrrp_vty_vip_init(void);

#endif /* VRRP_VTY_VIP_H */
