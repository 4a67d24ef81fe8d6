/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration commands, and the running configuration as lines that they accept again.
 */
#ifndef VRRP_CLI_H
#define VRRP_CLI_H

#include "yang.h"
#include "vty.h"

/* Installs the commands of the configuration and interface nodes. */
void vrrp_cli_init(void);

/*
 * Install, after vrrp_cli_init(), the commands for the routes to VIPs, for the time when a group
 * may enter the election, for what it tracks and for checks, for sync groups, for witnesses, for its
 * description, for monitoring, and those for all groups.
 */
void vrrp_cli_announce_init(void);
void vrrp_cli_startup_init(void);
void vrrp_cli_track_init(void);
void vrrp_cli_check_init(void);
void vrrp_cli_sync_init(void);
void vrrp_cli_witness_init(void);
void vrrp_cli_description_init(void);
void vrrp_cli_monitoring_init(void);
void vrrp_cli_global_init(void);

/* Prints a warning to the operator; logs it instead while a file is read. */
void vrrp_cli_say(struct vty *vty, const char *what, const char *sentence);
/*
 * Warns of a check ("vrrp", "check") or service ("ipvs", "service") that is to be removed although
 * groups track it.
 */
void vrrp_cli_warn_of_tracked(struct vty *vty, const char *of, const char *kind, const char *name);
/* Rejects a command: prints the reason and returns the command's status. */
int vrrp_cli_refuse(struct vty *vty, const char *reason);

/* Writes the running configuration, "vrrp ..." and "ipvs ..."; returns NB_OK. */
int vrrp_cli_write(struct vty *vty);

/* Callbacks cli_show of the northbound: each writes one node as a line of configuration. */
#define VRRP_CLI_SHOW(name)                                                                        \
	void vrrp_cli_show_##name(struct vty *vty, const struct lyd_node *dnode, bool show_defaults)

VRRP_CLI_SHOW(group);
VRRP_CLI_SHOW(priority);
VRRP_CLI_SHOW(preempt);
VRRP_CLI_SHOW(preempt_delay);
VRRP_CLI_SHOW(preempt_settle);
VRRP_CLI_SHOW(startup_hold);
VRRP_CLI_SHOW(drain);
VRRP_CLI_SHOW(accept_mode);
VRRP_CLI_SHOW(checksum);
VRRP_CLI_SHOW(interval);
VRRP_CLI_SHOW(shutdown);
VRRP_CLI_SHOW(vip);
VRRP_CLI_SHOW(peer);
VRRP_CLI_SHOW(source);
VRRP_CLI_SHOW(version_2_too);
VRRP_CLI_SHOW(ttl_hops);
VRRP_CLI_SHOW(description);
VRRP_CLI_SHOW(sync_group);
VRRP_CLI_SHOW(sync_families);
VRRP_CLI_SHOW(announce);
VRRP_CLI_SHOW(when);
VRRP_CLI_SHOW(standby);
VRRP_CLI_SHOW(marker);
VRRP_CLI_SHOW(bfd);
VRRP_CLI_SHOW(authentication);
VRRP_CLI_SHOW(witness);
VRRP_CLI_SHOW(track);
VRRP_CLI_SHOW(check);

VRRP_CLI_SHOW(vip_interface);
VRRP_CLI_SHOW(vrf_vip_interface);
VRRP_CLI_SHOW(vrf_route_table);
VRRP_CLI_SHOW(route_table);
VRRP_CLI_SHOW(address_lease);
VRRP_CLI_SHOW(startup_delay);
VRRP_CLI_SHOW(guardian);
VRRP_CLI_SHOW(metrics_file);
VRRP_CLI_SHOW(events_socket);
VRRP_CLI_SHOW(autoconfigure);
VRRP_CLI_SHOW(default_priority);
VRRP_CLI_SHOW(default_interval);
VRRP_CLI_SHOW(default_switch);

#endif /* VRRP_CLI_H */
