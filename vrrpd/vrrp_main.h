/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What start-up makes for all: the event loop and the privileges. */
#ifndef VRRP_MAIN_H
#define VRRP_MAIN_H

#include <stdbool.h>

#include "frrevent.h"
#include "privs.h"

extern struct event_loop *master;

/* For frr_with_privs: raw sockets, links and addresses, namespaces. */
extern struct zebra_privs_t vrrp_privs;

/* Has the daemon CAP_SYS_ADMIN, for VRFs that are network namespaces? */
bool vrrp_main_enters_namespaces(void);

#endif /* VRRP_MAIN_H */
