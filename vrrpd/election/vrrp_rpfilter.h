/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Warns of advertisements that the kernel's reverse path filter discards, so that peers are
 * not heard although they send. The kernel's counter shows it.
 */
#ifndef VRRP_RPFILTER_H
#define VRRP_RPFILTER_H

/* Starts to read the counter while an Active router does not hear a peer. */
void vrrp_rpfilter_init(void);
void vrrp_rpfilter_stop(void);

#endif /* VRRP_RPFILTER_H */
