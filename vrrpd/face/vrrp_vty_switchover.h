/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands by which a host hands over: "vrrp switchover", "vrrp drain". */
#ifndef VRRP_VTY_SWITCHOVER_H
#define VRRP_VTY_SWITCHOVER_H

/* Called by vrrp_vty_init(). */
void vrrp_vty_switchover_init(void);

/* Answers who waits still, while there are virtual routers. */
void vrrp_vty_switchover_stop(void);

#endif /* VRRP_VTY_SWITCHOVER_H */
