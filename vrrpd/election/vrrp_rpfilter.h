/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advertisements that the kernel's reverse path filter discards: peers that are not heard
 * although they send. It is seen by the kernel's counter, and told by a warning.
 */
#ifndef VRRP_RPFILTER_H
#define VRRP_RPFILTER_H

/* From now on the counter is looked at while an Active router does not hear a peer. */
void vrrp_rpfilter_init(void);
void vrrp_rpfilter_stop(void);

#endif /* VRRP_RPFILTER_H */
