// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sysctls of links by rtnetlink. Nothing is stored. The kernel reports all sysctls of a family as
 * one array of 32-bit numbers. Its headers name the indexes, which begin at 1 for IPv4 and at 0 for
 * IPv6.
 */
#include "nl_devconf.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <string.h>

#include <netlink/attr.h>

#include "nl_link_private.h"

/* DEVCONF_FORCE_FORWARDING of Linux 6.17, which older headers do not name. */
#define FORCE_FORWARDING (DEVCONF_ACCEPT_RA_MIN_LFT + 1)

static const unsigned int places[NL_SYSCTL_KEYS] = {
	[NL_SYSCTL_ARP_IGNORE] = IPV4_DEVCONF_ARP_IGNORE - 1,
	[NL_SYSCTL_ARP_ANNOUNCE] = IPV4_DEVCONF_ARP_ANNOUNCE - 1,
	[NL_SYSCTL_RP_FILTER] = IPV4_DEVCONF_RP_FILTER - 1,
	[NL_SYSCTL_FORWARDING] = IPV4_DEVCONF_FORWARDING - 1,
	[NL_SYSCTL_ACCEPT_LOCAL] = IPV4_DEVCONF_ACCEPT_LOCAL - 1,
	[NL_SYSCTL_ACCEPT_SOURCE_ROUTE] = IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE - 1,
	[NL_SYSCTL_LOG_MARTIANS] = IPV4_DEVCONF_LOG_MARTIANS - 1,
	[NL_SYSCTL_ROUTE_LOCALNET] = IPV4_DEVCONF_ROUTE_LOCALNET - 1,
	[NL_SYSCTL_SRC_VALID_MARK] = IPV4_DEVCONF_SRC_VMARK - 1,
	[NL_SYSCTL_DISABLE_IPV6] = DEVCONF_DISABLE_IPV6,
	[NL_SYSCTL_ACCEPT_DAD] = DEVCONF_ACCEPT_DAD,
	[NL_SYSCTL_ACCEPT_RA] = DEVCONF_ACCEPT_RA,
	[NL_SYSCTL_AUTOCONF] = DEVCONF_AUTOCONF,
	[NL_SYSCTL_KEEP_ADDR_ON_DOWN] = DEVCONF_KEEP_ADDR_ON_DOWN,
	[NL_SYSCTL_FORWARDING_6] = DEVCONF_FORWARDING,
	[NL_SYSCTL_FORCE_FORWARDING] = FORCE_FORWARDING,
	[NL_SYSCTL_ACCEPT_SOURCE_ROUTE_6] = DEVCONF_ACCEPT_SOURCE_ROUTE,
	[NL_SYSCTL_SEG6_ENABLED] = DEVCONF_SEG6_ENABLED,
};

static bool is_ipv4(enum nl_sysctl_key key)
{
	return key < NL_SYSCTL_DISABLE_IPV6;
}

static int value_at(struct nlattr *array, unsigned int place)
{
	const int32_t *values = array ? nla_data(array) : NULL;

	if (!values || (size_t)nla_len(array) < (place + 1) * sizeof(*values))
		return NL_DEVCONF_NONE;
	return values[place];
}

static bool makes_no_addresses(struct nlattr *mode)
{
	return !mode || nla_get_u8(mode) == IN6_ADDR_GEN_MODE_NONE;
}

/* The attributes of one family inside IFLA_AF_SPEC; attrs is cleared where it has none. */
static void family_attrs(struct nlattr *spec, int family, struct nlattr **attrs, int max)
{
	struct nlattr *inside = spec ? nla_find(nla_data(spec), nla_len(spec), family) : NULL;

	memset(attrs, 0, (max + 1) * sizeof(*attrs));
	if (inside && nla_parse_nested(attrs, max, inside, NULL) < 0)
		memset(attrs, 0, (max + 1) * sizeof(*attrs));
}

static void answer(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attrs[IFLA_MAX + 1], *inet[IFLA_INET_MAX + 1], *inet6[IFLA_INET6_MAX + 1];
	struct nl_devconf *conf = arg;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(nlh, sizeof(struct ifinfomsg), attrs, IFLA_MAX, NULL) < 0)
		return;
	family_attrs(attrs[IFLA_AF_SPEC], AF_INET, inet, IFLA_INET_MAX);
	family_attrs(attrs[IFLA_AF_SPEC], AF_INET6, inet6, IFLA_INET6_MAX);
	for (int key = 0; key < NL_SYSCTL_EXPIRE_QUIESCENT_TEMPLATE; key++)
		conf->value[key] = value_at(is_ipv4(key) ? inet[IFLA_INET_CONF]
							 : inet6[IFLA_INET6_CONF],
					    places[key]);
	conf->addrgen_none = makes_no_addresses(inet6[IFLA_INET6_ADDR_GEN_MODE]);
}

int nl_devconf_get(struct nl_conn *conn, int ifindex, struct nl_devconf *conf)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };

	*conf = (struct nl_devconf){ .addrgen_none = true };
	for (int key = 0; key < NL_SYSCTL_KEYS; key++)
		conf->value[key] = NL_DEVCONF_NONE;
	if (ifindex <= 0)
		return -ENODEV;
	return nl_conn_call_one(conn, nl_link_msg(RTM_GETLINK, 0, &ifi, NULL), answer, conf);
}

static bool put_value(struct nl_msg *msg, enum nl_sysctl_key key, int value)
{
	struct nlattr *spec = nla_nest_start(msg, IFLA_AF_SPEC);
	struct nlattr *inet = spec ? nla_nest_start(msg, AF_INET) : NULL;
	struct nlattr *array = inet ? nla_nest_start(msg, IFLA_INET_CONF) : NULL;

	if (!array || nla_put_u32(msg, places[key] + 1, value) < 0)
		return false;
	nla_nest_end(msg, array);
	nla_nest_end(msg, inet);
	nla_nest_end(msg, spec);
	return true;
}

int nl_devconf_set(int ifindex, enum nl_sysctl_key key, int value)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_conn *conn;
	struct nl_msg *msg;
	int err;

	if (!is_ipv4(key))
		return -EOPNOTSUPP;
	err = nl_conn_new(&conn);
	if (err)
		return err;
	msg = nl_link_msg(RTM_NEWLINK, 0, &ifi, NULL);
	if (msg && !put_value(msg, key, value)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	err = nl_conn_call_one(conn, msg, NULL, NULL);
	nl_conn_free(&conn);
	return err;
}
