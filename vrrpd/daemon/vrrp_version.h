/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which vrrpd this is. */
#ifndef VRRP_VERSION_H
#define VRRP_VERSION_H

/* Installs "show vrrp version". */
void vrrp_version_init(void);

/* Logs it: libfrr's line at the start names only FRR. */
void vrrp_version_log(void);

#endif /* VRRP_VERSION_H */
