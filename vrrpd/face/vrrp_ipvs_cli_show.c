// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The running configuration of "ipvs ...": one function for each node that has a line.
 * Defaults are not shown, unless they are asked for.
 */
#include <zebra.h>

#include "northbound_cli.h"
#include "yang.h"

#include "vrrp_check_words.h"
#include "vrrp_ipvs_cli.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"

static void begin_line(struct vty *vty, const struct lyd_node *dnode)
{
	vty_out(vty, "ipvs service %s", vrrp_nb_value(vrrp_ipvs_service_node(dnode), "name"));
}

/* " WORD VALUE" for a leaf that is set, and not to its default. */
static void show_leaf(struct vty *vty, const struct lyd_node *parent, const char *leaf,
		      const char *word, bool show_defaults)
{
	const struct lyd_node *dnode = vrrp_nb_child(parent, leaf);

	if (dnode && (show_defaults || !yang_dnode_is_default(dnode, NULL)))
		vty_out(vty, " %s %s", word, lyd_get_value(dnode));
}

/* The same for a list of leaves that ends with NULL; each leaf's name is its word. */
static void show_leaves(struct vty *vty, const struct lyd_node *parent, const char *const *leaves,
			bool show_defaults)
{
	for (; *leaves; leaves++)
		show_leaf(vty, parent, *leaves, *leaves, show_defaults);
}

VRRP_CLI_SHOW(ipvs_socket)
{
	begin_line(vty, dnode);
	vty_out(vty, " %s %s %s\n", vrrp_nb_value(dnode, "protocol"),
		vrrp_nb_value(dnode, "address"), vrrp_nb_value(dnode, "port"));
}

VRRP_CLI_SHOW(ipvs_address)
{
	begin_line(vty, dnode);
	vty_out(vty, " address %s %s", vrrp_nb_value(dnode, "address"),
		vrrp_nb_value(dnode, "port"));
	show_leaf(vty, dnode, "last-port", "to", false);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_fwmark)
{
	begin_line(vty, dnode);
	vty_out(vty, " fwmark %s%s\n", vrrp_nb_value(dnode, "mark"),
		strmatch(vrrp_nb_value(dnode, "family"), "ipv6") ? " ipv6" : "");
}

VRRP_CLI_SHOW(ipvs_scheduler)
{
	begin_line(vty, dnode);
	vty_out(vty, " scheduler %s%s%s\n", vrrp_nb_value(dnode, "name"),
		strmatch(vrrp_nb_value(dnode, "fallback"), "true") ? " fallback" : "",
		strmatch(vrrp_nb_value(dnode, "by-port"), "true") ? " by-port" : "");
}

VRRP_CLI_SHOW(ipvs_persistent)
{
	begin_line(vty, dnode);
	vty_out(vty, " persistent %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(ipvs_quorum)
{
	begin_line(vty, dnode);
	vty_out(vty, " quorum %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(ipvs_slow_start)
{
	begin_line(vty, dnode);
	vty_out(vty, " slow-start %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(ipvs_pool)
{
	begin_line(vty, dnode);
	vty_out(vty, " pool threshold %s", vrrp_nb_value(dnode, "threshold"));
	show_leaf(vty, dnode, "hold", "hold", show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_switch)
{
	if (!yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, "no ");
	begin_line(vty, dnode);
	vty_out(vty, " %s\n", dnode->schema->name);
}

/* " ADDRESS PORT" of a server, sorry or not. */
static void show_target(struct vty *vty, const char *word, const struct lyd_node *dnode)
{
	vty_out(vty, " %s %s %s", word, vrrp_nb_value(dnode, "address"),
		vrrp_nb_value(dnode, "port"));
}

VRRP_CLI_SHOW(ipvs_sorry)
{
	begin_line(vty, dnode);
	show_target(vty, "sorry-server", dnode);
	show_leaf(vty, dnode, "forwarding", "forwarding", show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_server)
{
	static const char *const leaves[] = { "weight", "pool", "forwarding", "encapsulation",
					      NULL };
	static const char *const thresholds[] = { "upper-threshold", "lower-threshold", NULL };

	begin_line(vty, dnode);
	show_target(vty, "server", dnode);
	show_leaves(vty, dnode, leaves, show_defaults);
	show_leaf(vty, dnode, "gue-port", "port", show_defaults);
	show_leaves(vty, dnode, thresholds, false);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_check)
{
	const struct lyd_node *owner = lyd_parent(dnode);

	begin_line(vty, dnode);
	if (strmatch(owner->schema->name, "server"))
		show_target(vty, "server", owner);
	vty_out(vty, " check");
	vrrp_check_show(vty, dnode, show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_sync)
{
	vty_out(vty, "ipvs sync-daemon interface %s", vrrp_nb_value(dnode, "interface"));
	show_leaf(vty, dnode, "sync-id", "sync-id", show_defaults);
	show_leaf(vty, dnode, "settle", "settle", show_defaults);
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(ipvs_timeout)
{
	vty_out(vty, "ipvs timeout %s %s\n", dnode->schema->name, lyd_get_value(dnode));
}

void vrrp_ipvs_cli_write(struct vty *vty)
{
	const struct lyd_node *dnode = yang_dnode_get(running_config->dnode, VRRP_XPATH_IPVS);

	if (dnode)
		nb_cli_show_dnode_cmds(vty, dnode, false);
}
