/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts and stops all rooms, in order, and connects their events. */
#ifndef VRRP_RUN_H
#define VRRP_RUN_H

/* Before the configuration is read; there is no event loop running yet. */
void vrrp_run_init(void);

/* Hands over Active routers, and removes all that the kernel and zebra have from us. */
void vrrp_run_stop(void);

#endif /* VRRP_RUN_H */
