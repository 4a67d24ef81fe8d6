/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Helpers of the vrrp_ipvs_cli*.c files that define commands; private to them. A command
 * reads the candidate, calls the checks, queues changes, and applies them.
 */
#ifndef VRRP_IPVS_CLI_PRIVATE_H
#define VRRP_IPVS_CLI_PRIVATE_H

#include "northbound_cli.h"

#include "vrrp_ipvs_cli.h"
#include "vrrp_ipvs_nb.h"

/* Finds the service in the candidate; scope.service is NULL when there is none. */
struct vrrp_ipvs_scope vrrp_ipvs_cli_scope(struct vty *vty, const char *name);

/* Prints that there is no such service. Returns the command's status, as apply does. */
int vrrp_ipvs_cli_refuse_missing(struct vty *vty, const char *name);
int vrrp_ipvs_cli_apply(struct vty *vty, const char *name);

/* True when scope->conf is valid; else prints the reason. */
bool vrrp_ipvs_cli_may_be(struct vty *vty, const struct vrrp_ipvs_scope *scope);

/* Queues one change of the candidate, below the service. value must live until it is applied. */
void vrrp_ipvs_cli_change(struct vty *vty, enum nb_operation operation, const char *value,
			  const char *format, ...) PRINTFRR(4, 5);
/* Queues a leaf without a default; value NULL: removes it. */
void vrrp_ipvs_cli_set_or_unset(struct vty *vty, const char *parent, const char *leaf,
				const char *value);
/* Queues a leaf with a default; value NULL: sets the default. */
void vrrp_ipvs_cli_set_leaf(struct vty *vty, const char *parent, const char *leaf,
			    const char *value);

/* The path of a server below its service. */
#define SERVER_XPATH_SIZE 128
const char *vrrp_ipvs_cli_server_xpath(const struct vrrp_server *server,
				       char xpath[SERVER_XPATH_SIZE]);
/* The node of a server in the candidate; NULL: there is none. */
const struct lyd_node *vrrp_ipvs_cli_server_node(const struct vrrp_ipvs_scope *scope,
						 const struct vrrp_server *server);

/* Called by vrrp_ipvs_cli_init(). */
void vrrp_ipvs_cli_check_init(void);

#define SERVICE_STR "Service that shares connections among servers\n"
#define NAME_STR    "Name of the service\n"
#define V4_STR	    "IPv4 address\n"
#define V6_STR	    "IPv6 address\n"
#define SERVER_STR  "Real server\n"
#define PORT_STR    "Port; 0: the packet's\n"

#endif /* VRRP_IPVS_CLI_PRIVATE_H */
