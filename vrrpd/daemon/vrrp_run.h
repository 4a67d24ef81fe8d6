/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts and stops all rooms, in order, and connects their events. */
#ifndef VRRP_RUN_H
#define VRRP_RUN_H

#include <stdbool.h>

/* Before the configuration is read; there is no event loop running yet. */
void vrrp_run_init(void);

/*
 * All virtual routers leave the election; over is called when none of their VIPs is drained any
 * more. False: none is now.
 */
bool vrrp_run_leave(void (*over)(void));

/* Hands over Active routers, and removes all that the kernel and zebra have from us. */
void vrrp_run_stop(void);

#endif /* VRRP_RUN_H */
