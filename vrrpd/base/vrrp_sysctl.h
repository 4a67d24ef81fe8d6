/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sysctls that this daemon has set and must put back: one struct nl_sysctl for all
 * parts of it, used with the privileges that it needs.
 */
#ifndef VRRP_SYSCTL_H
#define VRRP_SYSCTL_H

#include "nl_sysctl.h"

/* For functions of netlink/ that take one; NULL: it could not be read. Raise vrrp_privs. */
extern struct nl_sysctl *vrrp_sysctls;

/* nl_sysctl_hold() and nl_sysctl_drop(). */
int vrrp_sysctl_hold(int ifindex, enum nl_sysctl_key key, int value);
int vrrp_sysctl_drop(int ifindex, enum nl_sysctl_key key);

/* Puts back, and logs, values that an earlier vrrpd has set and that are not held now. */
void vrrp_sysctl_settle(void);

void vrrp_sysctl_init(void);
void vrrp_sysctl_stop(void);

#endif /* VRRP_SYSCTL_H */
