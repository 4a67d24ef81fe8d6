/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reason why a VMAC cannot be made or used, in words, for "show vrrp" (vrrp_warning.h). */
#ifndef VRRP_VMAC_HOLD_H
#define VRRP_VMAC_HOLD_H

void vrrp_vmac_hold_init(void);

#endif /* VRRP_VMAC_HOLD_H */
