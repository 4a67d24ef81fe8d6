// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Links by request. Nothing is remembered between calls: whether a link is ours
 * is written on the link itself, as its alias.
 *
 * The kernel takes neither an alias nor an address generation mode while it
 * makes a link, so a dummy is made in steps: made, marked, set up. Killed after
 * the first step, we leave an unmarked dummy, which the next start takes for the
 * operator's: used, and left alone at exit.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <string.h>

#include <netlink/attr.h>

#include "nl_link.h"
#include "nl_private.h"

static struct nl_msg *link_msg(int type, int flags, const struct ifinfomsg *ifi, const char *name)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);

	if (!msg)
		return NULL;
	if (nlmsg_append(msg, (void *)ifi, sizeof(*ifi), NLMSG_ALIGNTO) < 0 ||
	    (name && nla_put_string(msg, IFLA_IFNAME, name) < 0)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static void copy_string(char *to, size_t size, struct nlattr *attr)
{
	if (attr)
		nla_strlcpy(to, attr, size);
}

static void parse_link(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attrs[IFLA_MAX + 1];
	struct nlattr *info[IFLA_INFO_MAX + 1];
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct nl_link *link = arg;
	char alias[sizeof(NL_LINK_ALIAS) + 1] = "";

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse(nlh, sizeof(*ifi), attrs, IFLA_MAX, NULL) < 0)
		return;

	link->ifindex = ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	copy_string(link->name, sizeof(link->name), attrs[IFLA_IFNAME]);
	copy_string(alias, sizeof(alias), attrs[IFLA_IFALIAS]);
	link->ours = !strcmp(alias, NL_LINK_ALIAS);
	if (attrs[IFLA_LINKINFO] &&
	    nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL) == 0)
		copy_string(link->kind, sizeof(link->kind), info[IFLA_INFO_KIND]);
}

static int link_look_up(struct nl_conn *conn, int ifindex, const char *name, struct nl_link *link)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	int err;

	memset(link, 0, sizeof(*link));
	err = nl_conn_call_one(conn, link_msg(RTM_GETLINK, 0, &ifi, name), parse_link, link);
	if (!err && !link->ifindex)
		return -EBADMSG;
	return err;
}

int nl_link_get(struct nl_conn *conn, const char *name, struct nl_link *link)
{
	if (!*name || strlen(name) >= IFNAMSIZ) {
		memset(link, 0, sizeof(*link));
		return -ENODEV;
	}
	return link_look_up(conn, 0, name, link);
}

static int dummy_make(struct nl_conn *conn, const char *name)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg = link_msg(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, name);
	struct nlattr *info = msg ? nla_nest_start(msg, IFLA_LINKINFO) : NULL;

	if (!info || nla_put_string(msg, IFLA_INFO_KIND, "dummy") < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	nla_nest_end(msg, info);
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

static int link_mark(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = link_msg(RTM_NEWLINK, 0, &ifi, NULL);

	if (!msg || nla_put_string(msg, IFLA_IFALIAS, NL_LINK_ALIAS) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

static int link_addrgen_none(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = link_msg(RTM_NEWLINK, 0, &ifi, NULL);
	struct nlattr *spec = msg ? nla_nest_start(msg, IFLA_AF_SPEC) : NULL;
	struct nlattr *inet6 = spec ? nla_nest_start(msg, AF_INET6) : NULL;
	int err;

	if (!inet6 || nla_put_u8(msg, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	nla_nest_end(msg, inet6);
	nla_nest_end(msg, spec);
	err = nl_conn_call_one(conn, msg, NULL, NULL);

	/* Without IPv6 there is nothing to turn off. */
	return err == -EAFNOSUPPORT ? 0 : err;
}

static int link_remove(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };

	return nl_conn_call_one(conn, link_msg(RTM_DELLINK, 0, &ifi, NULL), NULL, NULL);
}

int nl_link_set_up(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = {
		.ifi_index = ifindex,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};

	return nl_conn_call_one(conn, link_msg(RTM_NEWLINK, 0, &ifi, NULL), NULL, NULL);
}

int nl_link_add_dummy(struct nl_conn *conn, const char *name, struct nl_link *link)
{
	int err;

	memset(link, 0, sizeof(*link));
	/* The kernel would take a % for "number it yourself". */
	if (!*name || strlen(name) >= IFNAMSIZ || strchr(name, '%'))
		return -EINVAL;
	err = dummy_make(conn, name);
	if (err)
		return err;
	err = nl_link_get(conn, name, link);
	if (err)
		return err;

	err = link_mark(conn, link->ifindex);
	if (!err)
		err = link_addrgen_none(conn, link->ifindex);
	if (!err)
		err = nl_link_set_up(conn, link->ifindex);
	if (!err)
		err = nl_link_get(conn, name, link);
	if (err)
		link_remove(conn, link->ifindex);
	return err;
}

int nl_link_del(struct nl_conn *conn, int ifindex)
{
	struct nl_link link;
	int err = link_look_up(conn, ifindex, NULL, &link);

	if (err)
		return err;
	return link.ours ? link_remove(conn, ifindex) : -EPERM;
}
