// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The running configuration of "vrrp ...": one function for each node that has a line.
 * Every line can be typed again, and also with "no" before it.
 */
#include <zebra.h>

#include "northbound_cli.h"
#include "printfrr.h"
#include "yang.h"

#include "frr_release.h"
#include "vrrp_cli.h"
#include "vrrp_ipvs_cli.h"
#include "vrrp_nb.h"

static void PRINTFRR(4, 5)
	line(struct vty *vty, const struct lyd_node *dnode, bool no, const char *format, ...)
{
	struct va_format rest = { .fmt = format };
	va_list args;

	va_start(args, format);
	rest.va = &args;
	vty_out(vty, " %svrrp %u %pVA\n", no ? "no " : "", vrrp_nb_vrid(vrrp_nb_group(dnode)),
		&rest);
	va_end(args);
}

/* "vrrp N WORD" or "no vrrp N WORD". */
static void show_switch(struct vty *vty, const struct lyd_node *dnode)
{
	line(vty, dnode, !yang_dnode_get_bool(dnode, NULL), "%s", dnode->schema->name);
}

/* Shows a value that is the model's default, when "vrrp default" says otherwise. */
static void show_hidden(struct vty *vty, const struct lyd_node *group)
{
	const struct lyd_node *wanted, *dnode;

	wanted = vrrp_nb_next_default(group, NULL);
	for (; wanted; wanted = vrrp_nb_next_default(group, wanted)) {
		dnode = vrrp_nb_child(group, wanted->schema->name);
		if (dnode && yang_dnode_is_default(dnode, NULL))
			((struct nb_node *)dnode->schema->priv)->cbs.cli_show(vty, dnode, true);
	}
}

/* The group and its placement come first: which addresses may be VIPs depends on both. */
VRRP_CLI_SHOW(group)
{
	const struct lyd_node *placement = vrrp_nb_child(dnode, "placement");

	vty_out(vty, " vrrp %u", vrrp_nb_vrid(dnode));
	if (FRR_PRINTS_VRRP_VERSION || show_defaults || !yang_dnode_is_default(dnode, "version"))
		vty_out(vty, " version %s", yang_dnode_get_string(dnode, "version"));
	vty_out(vty, "\n");
	if (placement)
		line(vty, placement, false, "placement %s", lyd_get_value(placement));
	if (!show_defaults)
		show_hidden(vty, dnode);
}

VRRP_CLI_SHOW(priority)
{
	line(vty, dnode, false, "priority %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(preempt)
{
	show_switch(vty, dnode);
}

VRRP_CLI_SHOW(preempt_delay)
{
	if (yang_dnode_get_bool(vrrp_nb_group(dnode), "preempt"))
		line(vty, dnode, false, "preempt delay %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(preempt_settle)
{
	if (yang_dnode_get_bool(vrrp_nb_group(dnode), "preempt"))
		line(vty, dnode, false, "preempt settle %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(startup_hold)
{
	line(vty, dnode, false, "startup-hold %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(drain)
{
	line(vty, dnode, false, "drain %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(accept_mode)
{
	show_switch(vty, dnode);
}

VRRP_CLI_SHOW(checksum)
{
	show_switch(vty, dnode);
}

VRRP_CLI_SHOW(interval)
{
	line(vty, dnode, false, "advertisement-interval %u",
	     yang_dnode_get_uint16(dnode, NULL) * VRRP_MSEC_PER_CS);
}

VRRP_CLI_SHOW(shutdown)
{
	show_switch(vty, dnode);
}

VRRP_CLI_SHOW(vip)
{
	const char *address = lyd_get_value(dnode);

	line(vty, dnode, false, "%s %s", strchr(address, ':') ? "ipv6" : "ip", address);
}

VRRP_CLI_SHOW(peer)
{
	line(vty, dnode, false, "peer %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(source)
{
	line(vty, dnode, false, "source %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(version_2_too)
{
	show_switch(vty, dnode);
}

VRRP_CLI_SHOW(ttl_hops)
{
	line(vty, dnode, false, "ttl-security hops %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(announce)
{
	const struct lyd_node *metric = vrrp_nb_child(dnode, "metric");
	const struct lyd_node *tag = vrrp_nb_child(dnode, "tag");

	vty_out(vty, " vrrp %u announce", vrrp_nb_vrid(vrrp_nb_group(dnode)));
	if (metric && (show_defaults || !yang_dnode_is_default(metric, NULL)))
		vty_out(vty, " metric %s", lyd_get_value(metric));
	if (tag)
		vty_out(vty, " tag %s", lyd_get_value(tag));
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(when)
{
	line(vty, dnode, false, "announce when %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(standby)
{
	const struct lyd_node *tag = vrrp_nb_child(dnode, "tag");

	vty_out(vty, " vrrp %u announce standby metric %s", vrrp_nb_vrid(vrrp_nb_group(dnode)),
		vrrp_nb_value(dnode, "metric"));
	if (tag)
		vty_out(vty, " tag %s", lyd_get_value(tag));
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(marker)
{
	line(vty, dnode, false, "announce marker %s", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(bfd)
{
	const struct lyd_node *profile = vrrp_nb_child(dnode, "profile");

	vty_out(vty, " vrrp %u bfd", vrrp_nb_vrid(vrrp_nb_group(dnode)));
	if (profile)
		vty_out(vty, " profile %s", lyd_get_value(profile));
	if (yang_dnode_get_bool(dnode, "strict"))
		vty_out(vty, " strict");
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(authentication)
{
	const struct lyd_node *window = vrrp_nb_child(dnode, "window");

	vty_out(vty, " vrrp %u authentication key-chain %s", vrrp_nb_vrid(vrrp_nb_group(dnode)),
		vrrp_nb_value(dnode, "key-chain"));
	if (!strmatch(vrrp_nb_value(dnode, "mode"), "enforce"))
		vty_out(vty, " mode %s", vrrp_nb_value(dnode, "mode"));
	if (strmatch(vrrp_nb_value(dnode, "anti-replay"), "monotonic"))
		vty_out(vty, " anti-replay monotonic");
	else if (window)
		vty_out(vty, " anti-replay time window %s", lyd_get_value(window));
	vty_out(vty, "\n");
}

VRRP_CLI_SHOW(vip_interface)
{
	vty_out(vty, "vrrp vip-interface %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(route_table)
{
	vty_out(vty, "vrrp route-table %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(vrf_vip_interface)
{
	vty_out(vty, "vrrp vip-interface %s vrf %s\n", lyd_get_value(dnode),
		vrrp_nb_value(lyd_parent(dnode), "name"));
}

VRRP_CLI_SHOW(vrf_route_table)
{
	vty_out(vty, "vrrp route-table %s vrf %s\n", lyd_get_value(dnode),
		vrrp_nb_value(lyd_parent(dnode), "name"));
}

VRRP_CLI_SHOW(address_lease)
{
	vty_out(vty, "vrrp address-lease %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(startup_delay)
{
	vty_out(vty, "vrrp startup-delay %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(guardian)
{
	vty_out(vty, "%svrrp guardian\n", yang_dnode_get_bool(dnode, NULL) ? "" : "no ");
}

VRRP_CLI_SHOW(autoconfigure)
{
	vty_out(vty, "vrrp autoconfigure%s\n",
		strmatch(lyd_get_value(dnode), "2") ? " version 2" : "");
}

VRRP_CLI_SHOW(default_priority)
{
	vty_out(vty, "vrrp default priority %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(default_interval)
{
	vty_out(vty, "vrrp default advertisement-interval %u\n",
		yang_dnode_get_uint16(dnode, NULL) * VRRP_MSEC_PER_CS);
}

VRRP_CLI_SHOW(default_switch)
{
	vty_out(vty, "%svrrp default %s\n", yang_dnode_get_bool(dnode, NULL) ? "" : "no ",
		dnode->schema->name);
}

static void write_global(struct vty *vty)
{
	const struct lyd_node *dnode = yang_dnode_get(running_config->dnode, VRRP_XPATH_GLOBAL);

	if (dnode)
		nb_cli_show_dnode_cmds(vty, dnode, false);
}

static int write_interface(const struct lyd_node *dnode, void *arg)
{
	nb_cli_show_dnode_cmds(arg, dnode, false);
	return YANG_ITER_CONTINUE;
}

/*
 * Global lines come first. In the other order, a group on vip0 would be refused, which "vrrp
 * vip-interface vip1" allows.
 */
int vrrp_cli_write(struct vty *vty)
{
	write_global(vty);
	vty_out(vty, "!\n");
	yang_dnode_iterate(write_interface, vty, running_config->dnode,
			   "/frr-interface:lib/interface");
	vrrp_ipvs_cli_write(vty);
	return 1;
}
