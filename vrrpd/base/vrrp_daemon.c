// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A container seldom has CAP_SYS_ADMIN, and few hosts have VRFs that are namespaces: it is
 * the last of the capabilities, so that the list can end before it.
 */
#include <zebra.h>

#include <sys/capability.h>

#include "vrrp_daemon.h"

struct event_loop *master;

static zebra_capabilities_t capabilities[] = {
	ZCAP_NET_RAW,	/* raw sockets, gratuitous ARP */
	ZCAP_NET_ADMIN, /* links, addresses, sysctls, IPVS */
	ZCAP_SYS_ADMIN, /* entering the namespaces of VRFs */
};

struct zebra_privs_t vrrp_privs = {
#if defined(FRR_USER) && defined(FRR_GROUP)
	.user = FRR_USER,
	.group = FRR_GROUP,
#endif
#ifdef VTY_GROUP
	.vty_group = VTY_GROUP,
#endif
	.caps_p = capabilities,
	.cap_num_p = array_size(capabilities),
	.cap_num_i = 0,
};

void vrrp_daemon_ask_for_what_there_is(void)
{
	cap_t have = cap_get_proc();
	cap_flag_value_t is_permitted = CAP_SET;

	if (have)
		cap_get_flag(have, CAP_SYS_ADMIN, CAP_PERMITTED, &is_permitted);
	cap_free(have);
	if (is_permitted == CAP_CLEAR)
		vrrp_privs.cap_num_p = array_size(capabilities) - 1;
}

bool vrrp_daemon_enters_namespaces(void)
{
	return vrrp_privs.cap_num_p == array_size(capabilities);
}
