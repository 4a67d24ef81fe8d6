/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps VMACs and their parents as they have to be (nl_vmac.h), whoever changes them: the
 * operator, udev's sysctl.d for a new link, the kernel that makes IPv6 anew. What cannot
 * be set is warned of, with what it costs; the virtual router goes on without.
 */
#ifndef VRRP_VMAC_KEEP_H
#define VRRP_VMAC_KEEP_H

#include "vrrp_group.h"

/*
 * Looks now, before it goes up first; with vrrp_privs raised. The link and its parent are
 * given, for it is not the router's yet. 0, or negative errno: a link is gone.
 */
int vrrp_vmac_keep(struct vrrp_router *router, int ifindex, bool ours);

/*
 * Something has changed with that link, a VMAC or a parent, or with all (0): those
 * concerned are looked at within a tenth of a second, a hundred at a time. All are looked
 * at every few seconds anyway, for the kernel does not tell of everything.
 */
void vrrp_vmac_keep_soon(int ifindex);

void vrrp_vmac_keep_init(void);
void vrrp_vmac_keep_stop(void);

#endif /* VRRP_VMAC_KEEP_H */
