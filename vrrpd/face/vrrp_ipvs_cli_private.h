/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the vrrp_ipvs_cli*.c that have commands, and by nobody else. A command looks
 * at the candidate, asks the checks, queues changes, and applies them.
 */
#ifndef VRRP_IPVS_CLI_PRIVATE_H
#define VRRP_IPVS_CLI_PRIVATE_H

#include "northbound_cli.h"

#include "vrrp_ipvs_cli.h"
#include "vrrp_ipvs_nb.h"

/* What the candidate has of that name; service NULL: nothing, or it is no name. */
struct vrrp_ipvs_scope vrrp_ipvs_cli_scope(struct vty *vty, const char *name);

/* There is no such service. Returns what the command is to return, as apply does. */
int vrrp_ipvs_cli_refuse_missing(struct vty *vty, const char *name);
int vrrp_ipvs_cli_apply(struct vty *vty, const char *name);

/* May the service be as scope->conf has it? If not, the operator has been told. */
bool vrrp_ipvs_cli_may_be(struct vty *vty, const struct vrrp_ipvs_scope *scope);

/* One change of the candidate, below the service. The value must last until it is applied. */
void vrrp_ipvs_cli_change(struct vty *vty, enum nb_operation operation, const char *value,
			  const char *format, ...) PRINTFRR(4, 5);
/* A leaf without a default; value NULL: none. */
void vrrp_ipvs_cli_set_or_unset(struct vty *vty, const char *parent, const char *leaf,
				const char *value);
/* A leaf with one; value NULL: that. */
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

#define SERVICE_STR "A service, and the servers that share its connections\n"
#define NAME_STR    "Its name\n"
#define V4_STR	    "IPv4 address\n"
#define V6_STR	    "IPv6 address\n"
#define SERVER_STR  "A real server\n"
#define PORT_STR    "Its port; 0, for a firewall mark: that of the packet\n"

#endif /* VRRP_IPVS_CLI_PRIVATE_H */
