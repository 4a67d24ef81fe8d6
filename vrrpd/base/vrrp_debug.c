// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "debug vrrp ..." and "show debugging vrrp".
 *
 * A debug flag set in the configuration node is saved; one set in the enable node lasts until the
 * daemon ends. libfrr distinguishes them, and writes the lines of the running configuration.
 */
#include <zebra.h>

#include "command.h"

#include "vrrp_debug.h"
#include "vrrpd/base/vrrp_debug_clippy.c"

#define VRRP_STR "Virtual Router Redundancy Protocol\n"

/* clang-format off */
struct debug vrrp_debug_arp = { 0, "debug vrrp arp", "VRRP ARP", {} };
struct debug vrrp_debug_autoconfigure = { 0, "debug vrrp autoconfigure", "VRRP autoconfiguration", {} };
struct debug vrrp_debug_ipvs = { 0, "debug vrrp ipvs", "VRRP load balancing", {} };
struct debug vrrp_debug_ndisc = { 0, "debug vrrp ndisc", "VRRP Neighbor Discovery", {} };
struct debug vrrp_debug_packets = { 0, "debug vrrp packets", "VRRP packets", {} };
struct debug vrrp_debug_protocol = { 0, "debug vrrp protocol", "VRRP protocol events", {} };
struct debug vrrp_debug_sockets = { 0, "debug vrrp sockets", "VRRP sockets", {} };
struct debug vrrp_debug_zebra = { 0, "debug vrrp zebra", "VRRP zebra events", {} };
/* clang-format on */

DEFPY_YANG(debug_vrrp, debug_vrrp_cmd,
	   "[no] debug vrrp [{protocol$proto|autoconfigure$ac|packets$pkt|sockets$sock|ndisc$ndisc|arp$arp|zebra$zebra|ipvs$ipvs}]",
	   NO_STR DEBUG_STR VRRP_STR
	   "State machine\n"
	   "Groups that vrrp autoconfigure makes\n"
	   "Packets sent and received\n"
	   "Sockets\n"
	   "Neighbor advertisements\n"
	   "Gratuitous ARP\n"
	   "Interfaces from zebra and routes to it\n"
	   "Load balancing: services, servers and their health\n")
{
	const struct {
		const char *wanted;
		struct debug *debug;
	} parts[] = {
		{ proto, &vrrp_debug_protocol }, { ac, &vrrp_debug_autoconfigure },
		{ pkt, &vrrp_debug_packets },	 { sock, &vrrp_debug_sockets },
		{ ndisc, &vrrp_debug_ndisc },	 { arp, &vrrp_debug_arp },
		{ zebra, &vrrp_debug_zebra },	 { ipvs, &vrrp_debug_ipvs },
	};
	bool all = !proto && !ac && !pkt && !sock && !ndisc && !arp && !zebra && !ipvs;

	for (size_t i = 0; i < array_size(parts); i++)
		if (all || parts[i].wanted)
			DEBUG_MODE_SET(parts[i].debug, DEBUG_NODE2MODE(vty->node), !no);
	return CMD_SUCCESS;
}

DEFUN_NOSH (show_debugging_vrrp,
	    show_debugging_vrrp_cmd,
	    "show debugging [vrrp]",
	    SHOW_STR
	    DEBUG_STR
	    VRRP_STR)
{
	vty_out(vty, "VRRP debugging status:\n");
	cmd_show_lib_debugs(vty);
	return CMD_SUCCESS;
}

void vrrp_debug_init(void)
{
	debug_install(&vrrp_debug_arp);
	debug_install(&vrrp_debug_autoconfigure);
	debug_install(&vrrp_debug_ipvs);
	debug_install(&vrrp_debug_ndisc);
	debug_install(&vrrp_debug_packets);
	debug_install(&vrrp_debug_protocol);
	debug_install(&vrrp_debug_sockets);
	debug_install(&vrrp_debug_zebra);

	install_element(ENABLE_NODE, &show_debugging_vrrp_cmd);
	install_element(ENABLE_NODE, &debug_vrrp_cmd);
	install_element(CONFIG_NODE, &debug_vrrp_cmd);
}
