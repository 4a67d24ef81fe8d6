/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole of the daemon: who starts and stops in which order, and who is told what. */
#ifndef VRRP_RUN_H
#define VRRP_RUN_H

/* Before the configuration is read; there is no event loop running yet. */
void vrrp_run_init(void);

/* Hands over what is Active, and takes back all that the kernel and zebra have of us. */
void vrrp_run_stop(void);

#endif /* VRRP_RUN_H */
