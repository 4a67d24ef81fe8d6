// SPDX-License-Identifier: GPL-2.0-or-later
#include "nl_drain.h"

#include <errno.h>

#include "nl_sysctl.h"

int nl_drain_link(struct nl_conn *conn, struct nl_link *link)
{
	int error = nl_link_get(conn, NL_DRAIN_LINK, link), disabled = 0;

	if (!error && !link->ours)
		return -EEXIST;
	if (error == -ENODEV)
		error = nl_link_add_dummy(conn, NL_DRAIN_LINK, link);
	else if (!error)
		error = nl_link_set_up(conn, link->ifindex);
	if (!error && !nl_sysctl_get(link->ifindex, NL_SYSCTL_DISABLE_IPV6, &disabled) && disabled)
		nl_sysctl_set(link->ifindex, NL_SYSCTL_DISABLE_IPV6, 0);
	return error;
}
