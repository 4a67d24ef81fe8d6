/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vrrpd, at the other end of the socket. The program ends when it has gone. */
#ifndef SUBAGENT_DAEMON_H
#define SUBAGENT_DAEMON_H

#include <stdbool.h>
#include <stddef.h>

#include "subagent_link.h"

/* Gets each packet of vrrpd's. */
typedef void (*subagent_daemon_fn)(const union subagent_packet *packet, size_t size);

/* To be called first. */
void subagent_daemon_init(subagent_daemon_fn handler);

/* Tells it something; text may be "". */
void subagent_daemon_tell(enum subagent_type type, const char *text);

/* Waits for a packet for that long, and has it handled. False: there is none. */
bool subagent_daemon_wait(int msec);

#endif /* SUBAGENT_DAEMON_H */
