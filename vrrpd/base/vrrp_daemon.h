/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop and the privileges of the process. */
#ifndef VRRP_DAEMON_H
#define VRRP_DAEMON_H

#include <stdbool.h>

#include "frrevent.h"
#include "privs.h"

/* Set by main() before anything else starts. */
extern struct event_loop *master;

/* For frr_with_privs: raw sockets, links and addresses, namespaces. */
extern struct zebra_privs_t vrrp_privs;

/*
 * libfrr ends a daemon that does not get all the capabilities that it asks for. So
 * CAP_SYS_ADMIN is removed from the list before the start if the process may not have it.
 */
void vrrp_daemon_ask_for_what_there_is(void);

/* True when the daemon has CAP_SYS_ADMIN, for VRFs that are network namespaces. */
bool vrrp_daemon_enters_namespaces(void);

#endif /* VRRP_DAEMON_H */
