/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands of load balancing, and its running configuration.
 */
#ifndef VRRP_IPVS_CLI_H
#define VRRP_IPVS_CLI_H

#include "vrrp_cli.h"

#define IPVS_STR "Load balancing by the kernel's IPVS\n"

/* After vrrp_cli_init(). */
void vrrp_ipvs_cli_init(void);

/* Writes the running configuration of load balancing. */
void vrrp_ipvs_cli_write(struct vty *vty);

VRRP_CLI_SHOW(ipvs_socket);
VRRP_CLI_SHOW(ipvs_address);
VRRP_CLI_SHOW(ipvs_fwmark);
VRRP_CLI_SHOW(ipvs_scheduler);
VRRP_CLI_SHOW(ipvs_persistent);
VRRP_CLI_SHOW(ipvs_quorum);
VRRP_CLI_SHOW(ipvs_slow_start);
VRRP_CLI_SHOW(ipvs_pool);
VRRP_CLI_SHOW(ipvs_switch);
VRRP_CLI_SHOW(ipvs_sorry);
VRRP_CLI_SHOW(ipvs_check);
VRRP_CLI_SHOW(ipvs_server);
VRRP_CLI_SHOW(ipvs_sync);
VRRP_CLI_SHOW(ipvs_timeout);

#endif /* VRRP_IPVS_CLI_H */
