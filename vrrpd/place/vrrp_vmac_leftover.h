/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Macvlans that an earlier vrrpd left. */
#ifndef VRRP_VMAC_LEFTOVER_H
#define VRRP_VMAC_LEFTOVER_H

/* At start: macvlans of an earlier vrrpd are set down, since this one is not Active yet. */
void vrrp_vmac_calm(void);

/* The configuration has been read: removes leftovers of an earlier run that it does not use. */
void vrrp_vmac_settle(void);

#endif /* VRRP_VMAC_LEFTOVER_H */
