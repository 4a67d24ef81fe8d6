// SPDX-License-Identifier: GPL-2.0-or-later
#include "nl_drain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "nl_sysctl.h"

#define BYTES (sizeof(NL_DRAIN_LINK) - 1)
/* So many have room in a name, and no host has more links. */
#define LINKS  1000000U
#define DIGITS "0123456789"

void nl_drain_name(int vrf, char name[IFNAMSIZ])
{
	if (vrf)
		snprintf(name, IFNAMSIZ, NL_DRAIN_LINK "%u", (unsigned int)vrf % LINKS);
	else
		snprintf(name, IFNAMSIZ, NL_DRAIN_LINK);
}

bool nl_drain_is(const char *name)
{
	return !strncmp(name, NL_DRAIN_LINK, BYTES) && !name[BYTES + strspn(name + BYTES, DIGITS)];
}

int nl_drain_link(struct nl_conn *conn, int vrf, struct nl_link *link)
{
	char name[IFNAMSIZ];
	int error, disabled = 0;

	nl_drain_name(vrf, name);
	error = nl_link_get(conn, name, link);
	if (!error && !link->ours)
		return -EEXIST;
	if (error == -ENODEV)
		error = nl_link_add_dummy(conn, name, vrf, link);
	else if (!error && link->master != vrf)
		error = nl_link_set_master(conn, link->ifindex, vrf);
	if (!error)
		error = nl_link_set_up(conn, link->ifindex);
	if (!error && !nl_sysctl_get(link->ifindex, NL_SYSCTL_DISABLE_IPV6, &disabled) && disabled)
		nl_sysctl_set(link->ifindex, NL_SYSCTL_DISABLE_IPV6, 0);
	return error;
}
