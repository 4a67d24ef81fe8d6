/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an earlier vrrpd left of VMACs. */
#ifndef VRRP_VMAC_LEFTOVER_H
#define VRRP_VMAC_LEFTOVER_H

/* At start: macvlans of an earlier vrrpd are set down, since this one is not Active yet. */
void vrrp_vmac_calm(void);

/* The configuration has been read: what nobody claimed of an earlier run's goes. */
void vrrp_vmac_settle(void);

#endif /* VRRP_VMAC_LEFTOVER_H */
