// SPDX-License-Identifier: GPL-2.0-or-later
/* One socket, from start to end. */
#include <zebra.h>

#include "vrrp_netlink.h"

#include "lib_errors.h"
#include "log.h"

#include "nl_addr.h"
#include "vrrp_daemon.h"

struct nl_conn *vrrp_netlink;

static void check_protocol_support(void)
{
	int supported = 0;

	frr_with_privs (&vrrp_privs) {
		supported = nl_addr_protocol_supported(vrrp_netlink);
	}
	if (supported == 0)
		zlog_err(
			"this kernel is too old (address protocols need Linux 5.18): leases cannot be renewed, and leftovers cannot be found");
	else if (supported < 0)
		zlog_warn("netlink: cannot tell whether addresses have a protocol: %s",
			  safe_strerror(-supported));
}

void vrrp_netlink_open(void)
{
	int error = nl_conn_new(&vrrp_netlink);

	if (error) {
		zlog_err("netlink: cannot be opened: %s", safe_strerror(-error));
		exit(1);
	}
	check_protocol_support();
}

void vrrp_netlink_close(void)
{
	nl_conn_free(&vrrp_netlink);
}
