/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's events on the event loop: the receiver of each, and reconciliation when events
 * were lost.
 */
#ifndef VRRP_KERNEL_H
#define VRRP_KERNEL_H

/*
 * Reads all addresses and compares them with the wanted ones, in both directions: removes
 * leftovers of an earlier vrrpd, and puts missing addresses back.
 */
void vrrp_kernel_reconcile(void);

/* Starts to listen; ends the process if netlink fails. */
void vrrp_kernel_init(void);
void vrrp_kernel_stop(void);

#endif /* VRRP_KERNEL_H */
