// SPDX-License-Identifier: GPL-2.0-or-later
/* See vrrp_sysctl.h; nl_sysctl.c has the holds, and the file with them. */
#include <zebra.h>

#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_sysctl.h"

struct nl_sysctl *vrrp_sysctls;

int vrrp_sysctl_hold(int ifindex, enum nl_sysctl_key key, int value)
{
	int error = -EIO;

	if (!vrrp_sysctls)
		return error;
	frr_with_privs (&vrrp_privs) {
		error = nl_sysctl_hold(vrrp_sysctls, ifindex, key, value);
	}
	return error;
}

int vrrp_sysctl_drop(int ifindex, enum nl_sysctl_key key)
{
	int error = 0;

	if (!vrrp_sysctls)
		return error;
	frr_with_privs (&vrrp_privs) {
		error = nl_sysctl_drop(vrrp_sysctls, ifindex, key);
	}
	return error;
}

static void settled(const struct nl_sysctl_report *report, void *arg)
{
	const char *outcome = "put back";

	if (report->error == NL_SYSCTL_FOREIGN)
		outcome = "not put back, since someone else has changed it";
	else if (report->error)
		outcome = safe_strerror(-report->error);
	zlog_info("sysctl %s of %s, changed by an earlier vrrpd: %s", nl_sysctl_name(report->key),
		  report->ifindex == NL_SYSCTL_NO_LINK ? "IPVS" : report->name, outcome);
}

void vrrp_sysctl_settle(void)
{
	if (!vrrp_sysctls)
		return;
	frr_with_privs (&vrrp_privs) {
		nl_sysctl_settle(vrrp_sysctls, settled, NULL);
	}
}

void vrrp_sysctl_init(void)
{
	int error = nl_sysctl_new(&vrrp_sysctls, frr_runstatedir);

	if (error < 0)
		zlog_err("sysctls: cannot read the file of an earlier vrrpd in %s: %s",
			 frr_runstatedir, safe_strerror(-error));
}

void vrrp_sysctl_stop(void)
{
	nl_sysctl_free(&vrrp_sysctls);
}
