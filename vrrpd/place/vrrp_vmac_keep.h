/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps the sysctls of VMACs and their parents (nl_vmac.h), whoever changes them: the
 * operator, udev's sysctl.d for a new link, the kernel that makes IPv6 anew. If one cannot be
 * set, a warning names it and the consequence; the virtual router goes on.
 */
#ifndef VRRP_VMAC_KEEP_H
#define VRRP_VMAC_KEEP_H

#include "vrrp_group.h"

/*
 * Checks a VMAC now, before it first goes up; with vrrp_privs raised. The link and its parent
 * are arguments, since it is not the router's yet. 0, or negative errno: a link is gone.
 */
int vrrp_vmac_keep(struct vrrp_router *router, int ifindex, bool ours);

/*
 * Something has changed on that link, a VMAC or a parent, or on all (0): the VMACs concerned
 * are checked within a tenth of a second, a hundred at a time. All are checked every few
 * seconds anyway, since the kernel does not report every change.
 */
void vrrp_vmac_keep_soon(int ifindex);

void vrrp_vmac_keep_init(void);
void vrrp_vmac_keep_stop(void);

#endif /* VRRP_VMAC_KEEP_H */
