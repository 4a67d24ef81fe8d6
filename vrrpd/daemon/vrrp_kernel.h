/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells, on the event loop: who gets which event, and what is done when
 * events were lost.
 */
#ifndef VRRP_KERNEL_H
#define VRRP_KERNEL_H

/*
 * Reads all addresses and compares them with what we hold, in both directions:
 * leftovers of an earlier vrrpd go, what is missing is put back.
 */
void vrrp_kernel_reconcile(void);

/* Listens from now on; ends the process when netlink cannot be had. */
void vrrp_kernel_init(void);
void vrrp_kernel_stop(void);

#endif /* VRRP_KERNEL_H */
