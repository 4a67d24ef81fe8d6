/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "show vrrp brief", "show vrrp neighbors" and "show vrrp health". */
#ifndef VRRP_VTY_BRIEF_H
#define VRRP_VTY_BRIEF_H

void vrrp_vty_brief_init(void);

/* Has "show vrrp health" show what fault returns, a sentence, or NULL. */
void vrrp_vty_brief_fault(const char *(*fault)(void));

#endif /* VRRP_VTY_BRIEF_H */
