// SPDX-License-Identifier: GPL-2.0-or-later
/* "vrrp N witness …": one line for all of it. */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"

#include "vrrp_cli_private.h"
#include "vrrp_nb_witness.h"
#include "vrrpd/face/vrrp_cli_witness_clippy.c"

#define WITNESS_XPATH "./frr-crossvip:witness"
#define WITNESS_STR   "Be Active only while a majority of routers and witnesses has promised itself\n"
#define A_STR	      "IPv4 address of a witness\n"
#define AAAA_STR      "IPv6 address of a witness\n"
#define ADDRESSES_STR A_STR AAAA_STR A_STR AAAA_STR A_STR AAAA_STR A_STR AAAA_STR
#define OPTIONS_STR                                                                                \
	"UDP port of witnesses and peers\n"                                                        \
	"Port (default 11200)\n"                                                                   \
	"How long a promise lasts\n"                                                               \
	"Seconds (default 3)\n"                                                                    \
	"Tell this group from others with its VRID that have the same witness\n"                   \
	"Name, 32 characters at most\n"

static bool check_addresses(const struct vrrp_scope *scope, const char *const texts[], char *reason,
			    size_t size)
{
	unsigned int v4 = 0, v6 = 0;
	struct vrrp_addr address = {};

	for (unsigned int i = 0; i < VRRP_WITNESSES_MAX; i++) {
		if (!texts[i] || !vrrp_addr_parse(texts[i], &address))
			continue;
		if (!vrrp_check_witness_address(scope, &address, reason, size))
			return false;
		v4 += address.family == VRRP_IPV4;
		v6 += address.family == VRRP_IPV6;
	}
	return vrrp_check_witness_count(scope, VRRP_IPV4, v4, reason, size) &&
	       vrrp_check_witness_count(scope, VRRP_IPV6, v6, reason, size);
}

static void edit_addresses(struct vty *vty, const char *const texts[])
{
	char xpath[XPATH_MAXLEN], text[VRRP_ADDR_STRLEN];
	struct vrrp_addr address = {};

	for (unsigned int i = 0; i < VRRP_WITNESSES_MAX; i++) {
		if (!texts[i] || !vrrp_addr_parse(texts[i], &address))
			continue;
		snprintf(xpath, sizeof(xpath), WITNESS_XPATH "/address[.='%s']",
			 vrrp_addr_str(&address, text));
		nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	}
}

DEFPY_YANG(vrrp_witness, vrrp_witness_cmd,
	   "vrrp (1-255)$vrid witness <A.B.C.D|X:X::X:X>$a [<A.B.C.D|X:X::X:X>$b [<A.B.C.D|X:X::X:X>$c [<A.B.C.D|X:X::X:X>$d]]] [port (1-65535)$port] [lease (1-60)$lease] [name WORD$name]",
	   VRRP_STR VRID_STR WITNESS_STR ADDRESSES_STR OPTIONS_STR)
{
	const char *const addresses[VRRP_WITNESSES_MAX] = { a_str, b_str, c_str, d_str };
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	char reason[VRRP_REASON_SIZE];

	if (!check_addresses(&scope, addresses, reason, sizeof(reason)) ||
	    (name && !vrrp_check_witness_name(&scope, name, reason, sizeof(reason))) ||
	    !vrrp_check_witness(&scope, reason, sizeof(reason)))
		return vrrp_cli_refuse(vty, reason);
	if (!vrrp_cli_want_group(vty, &scope))
		return CMD_WARNING_CONFIG_FAILED;
	if (scope.group && vrrp_nb_child(scope.group, "witness"))
		nb_cli_enqueue_change(vty, WITNESS_XPATH, NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, WITNESS_XPATH, NB_OP_CREATE, NULL);
	edit_addresses(vty, addresses);
	if (port_str)
		nb_cli_enqueue_change(vty, WITNESS_XPATH "/port", NB_OP_MODIFY, port_str);
	if (lease_str)
		nb_cli_enqueue_change(vty, WITNESS_XPATH "/lease", NB_OP_MODIFY, lease_str);
	if (name)
		nb_cli_enqueue_change(vty, WITNESS_XPATH "/name", NB_OP_MODIFY, name);
	return vrrp_cli_apply(vty, vrid);
}

DEFPY_YANG(no_vrrp_witness, no_vrrp_witness_cmd,
	   "no vrrp (1-255)$vrid witness [<A.B.C.D|X:X::X:X> [<A.B.C.D|X:X::X:X> [<A.B.C.D|X:X::X:X> [<A.B.C.D|X:X::X:X>]]]] [port (1-65535)] [lease (1-60)] [name WORD]",
	   NO_STR VRRP_STR VRID_STR WITNESS_STR ADDRESSES_STR OPTIONS_STR)
{
	return vrrp_cli_unset(vty, vrid, WITNESS_XPATH);
}

static void show_unless_default(struct vty *vty, const struct lyd_node *witness, const char *leaf)
{
	const struct lyd_node *node = vrrp_nb_child(witness, leaf);

	if (node && !yang_dnode_is_default(node, NULL))
		vty_out(vty, " %s %s", leaf, lyd_get_value(node));
}

VRRP_CLI_SHOW(witness)
{
	const struct lyd_node *child;

	vty_out(vty, " vrrp %u witness", vrrp_nb_vrid(vrrp_nb_group(dnode)));
	LY_LIST_FOR (lyd_child(dnode), child)
		if (child->schema && strmatch(child->schema->name, "address"))
			vty_out(vty, " %s", lyd_get_value(child));
	show_unless_default(vty, dnode, "port");
	show_unless_default(vty, dnode, "lease");
	show_unless_default(vty, dnode, "name");
	vty_out(vty, "\n");
}

void vrrp_cli_witness_init(void)
{
	install_element(INTERFACE_NODE, &vrrp_witness_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_witness_cmd);
}
