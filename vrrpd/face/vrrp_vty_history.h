/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "show vrrp history". */
#ifndef VRRP_VTY_HISTORY_H
#define VRRP_VTY_HISTORY_H

void vrrp_vty_history_init(void);

#endif /* VRRP_VTY_HISTORY_H */
