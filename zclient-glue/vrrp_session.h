/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions of the command line, of any kind: a terminal, vtysh, a file.
 */
#ifndef VRRP_SESSION_H
#define VRRP_SESSION_H

#include <zebra.h>

#include "printfrr.h"
#include "vty.h"

/*
 * configuring is called after each command of a session in configuration mode, and after the
 * one that entered it, whatever it concerns: frr-reload enters that mode in all daemons for
 * each line that it takes back. A file that the daemon reads itself does not count.
 */
void vrrp_session_init(void (*configuring)(void));

/*
 * nb_cli_apply_changes(), except that a file which the daemon reads itself (vrrpd -f,
 * vrrpd.conf, SIGHUP) is one transaction, like a file from vtysh.
 */
int vrrp_session_apply(struct vty *vty, const char *xpath, ...) PRINTFRR(2, 3);

/* Makes the following commands wait for the end of the file, if a file is read. */
void vrrp_session_gather(struct vty *vty);

#endif /* VRRP_SESSION_H */
