/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "vrrp restart": the daemon ends as if nothing had been said, for somebody to start it again. */
#ifndef VRRP_CLI_RESTART_H
#define VRRP_CLI_RESTART_H

/* restart: ends the daemon, after the answer to the command has left. */
void vrrp_cli_restart_init(void (*restart)(void));

#endif /* VRRP_CLI_RESTART_H */
