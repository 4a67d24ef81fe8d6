/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands that answer later. vtysh waits for an answer as long as it takes, while the daemon's
 * event loop goes on.
 */
#ifndef VRRP_ANSWER_H
#define VRRP_ANSWER_H

#include <zebra.h>

#include "vty.h"

/*
 * The command that runs returns without an answer, and its session reads nothing more; what it
 * prints waits for vrrp_answer(). False: this kind of session cannot wait (a terminal, a file).
 */
bool vrrp_answer_later(struct vty *vty);

/* Ends that with the command's status, such as CMD_SUCCESS. The session may end by it. */
void vrrp_answer(struct vty *vty, int status);

#endif /* VRRP_ANSWER_H */
