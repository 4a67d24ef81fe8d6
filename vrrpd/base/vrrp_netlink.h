/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's connection to the kernel, for requests. */
#ifndef VRRP_NETLINK_H
#define VRRP_NETLINK_H

#include "nl_sock.h"

/* Raise vrrp_privs around requests that change something. NULL before it is opened. */
extern struct nl_conn *vrrp_netlink;

/* Opens it; ends the process if that fails. */
void vrrp_netlink_open(void);
void vrrp_netlink_close(void);

#endif /* VRRP_NETLINK_H */
