/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions of the command line, whoever they belong to: a terminal, vtysh, a file.
 */
#ifndef VRRP_SESSION_H
#define VRRP_SESSION_H

#include <zebra.h>

#include "printfrr.h"
#include "vty.h"

/*
 * configuring is called after each command that a session in configuration mode has given,
 * and after the one that entered it, whatever it was about: frr-reload enters it in all
 * daemons for each line it takes back. A file that the daemon reads itself does not count.
 */
void vrrp_session_init(void (*configuring)(void));

/*
 * nb_cli_apply_changes(), but that a file which the daemon reads itself (vrrpd -f, vrrpd.conf,
 * SIGHUP) is one transaction, as one that vtysh sends is.
 */
int vrrp_session_apply(struct vty *vty, const char *xpath, ...) PRINTFRR(2, 3);

/* The commands that follow wait for the end of the file, if it is one. */
void vrrp_session_gather(struct vty *vty);

#endif /* VRRP_SESSION_H */
