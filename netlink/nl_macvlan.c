// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The VMAC by request. As with the dummy, nothing is stored between calls, and it is made in steps:
 * add, mark, turn address generation off. A daemon that is killed between the first two leaves an
 * unmarked VMAC, down and without addresses, which the next start takes for the operator's.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>

#include <netlink/attr.h>

#include "nl_macvlan.h"
#include "nl_link_private.h"

#define LONGEST_DECIMAL 99999

void nl_macvlan_mac(uint8_t mac[NL_MAC_BYTES], int family, uint8_t vrid)
{
	const uint8_t bytes[NL_MAC_BYTES] = { 0x00, 0x00, 0x5e, 0x00, family == AF_INET ? 1 : 2,
					      vrid };

	memcpy(mac, bytes, sizeof(bytes));
}

void nl_macvlan_name(char name[IFNAMSIZ], int family, int parent, uint8_t vrid)
{
	const char *format = parent <= LONGEST_DECIMAL ? "vrrp%c-%u-%u" : "vrrp%c%08x%02x";

	snprintf(name, IFNAMSIZ, format, family == AF_INET ? '4' : '6', (unsigned int)parent, vrid);
}

/* The lower device of macvlans on a link: the link, or the lower device of a macvlan. */
struct base {
	int ifindex;
	int ns;
};

static int base_of(struct nl_conn *conn, int parent, struct base *base)
{
	struct nl_link link;
	int err = nl_link_get_index(conn, parent, &link);

	if (err)
		return err;
	*base = (struct base){ link.ifindex, -1 };
	if (!strcmp(link.kind, "macvlan"))
		*base = (struct base){ link.lower, link.lower_ns };
	return 0;
}

static bool stands_on(const struct nl_link *link, const struct base *base)
{
	return link->lower == base->ifindex && link->lower_ns == base->ns;
}

static bool fits(const struct nl_link *link, const struct base *base,
		 const uint8_t mac[NL_MAC_BYTES])
{
	return !strcmp(link->kind, "macvlan") && stands_on(link, base) && link->ethernet &&
	       !memcmp(link->mac, mac, NL_MAC_BYTES);
}

bool nl_macvlan_fits(struct nl_conn *conn, const struct nl_link *link, int parent,
		     const uint8_t mac[NL_MAC_BYTES])
{
	struct base base;

	return !base_of(conn, parent, &base) && fits(link, &base, mac);
}

struct search {
	struct base base;
	const uint8_t *mac;
	struct nl_link *found;
};

static void search_one(const struct nl_link *link, void *arg)
{
	struct search *search = arg;

	if (fits(link, &search->base, search->mac) && !search->found->ours)
		*search->found = *link;
}

int nl_macvlan_find(struct nl_conn *conn, int parent, const uint8_t mac[NL_MAC_BYTES],
		    struct nl_link *link)
{
	struct search search = { .mac = mac, .found = link };
	int err = base_of(conn, parent, &search.base);

	memset(link, 0, sizeof(*link));
	if (!err)
		err = nl_link_dump(conn, "macvlan", search_one, &search);
	link->parent = parent;
	return !err && !link->ifindex ? -ENODEV : err;
}

static bool put_info(struct nl_msg *msg)
{
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);
	struct nlattr *data;

	if (!info || nla_put_string(msg, IFLA_INFO_KIND, "macvlan") < 0)
		return false;
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	if (!data || nla_put_u32(msg, IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE) < 0)
		return false;
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return true;
}

static int request(struct nl_conn *conn, const char *name, int parent,
		   const uint8_t mac[NL_MAC_BYTES])
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg = nl_link_msg(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, name);

	if (!msg || nla_put_u32(msg, IFLA_LINK, parent) < 0 ||
	    nla_put(msg, IFLA_ADDRESS, NL_MAC_BYTES, mac) < 0 || !put_info(msg)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

static int make(struct nl_conn *conn, const char *name, int parent, const struct base *base,
		const uint8_t mac[NL_MAC_BYTES], struct nl_link *link)
{
	int err = request(conn, name, parent, mac);

	if (!err)
		err = nl_link_get(conn, name, link);
	if (err)
		return err;

	if (!stands_on(link, base))
		err = -EINVAL;
	if (!err)
		err = nl_link_mark(conn, link->ifindex);
	if (!err)
		err = nl_link_addrgen_none(conn, link->ifindex);
	if (!err)
		err = nl_link_get_index(conn, link->ifindex, link);
	if (err)
		nl_link_remove(conn, link->ifindex);
	return err;
}

/* Takes a link of that name if it is right; removes another one of ours. */
static int adopt_or_make(struct nl_conn *conn, const char *name, int parent, const struct base *base,
			 const uint8_t mac[NL_MAC_BYTES], struct nl_link *link)
{
	int err = nl_link_get(conn, name, link);

	if (err == -ENODEV)
		return make(conn, name, parent, base, mac, link);
	if (err)
		return err;
	if (fits(link, base, mac) && link->private)
		return link->ours ? nl_link_addrgen_none(conn, link->ifindex) : 0;
	if (!link->ours || strcmp(link->kind, "macvlan"))
		return -EEXIST;
	err = nl_link_remove(conn, link->ifindex);
	return err ? err : make(conn, name, parent, base, mac, link);
}

int nl_macvlan_add(struct nl_conn *conn, const char *name, int parent,
		   const uint8_t mac[NL_MAC_BYTES], struct nl_link *link)
{
	struct base base;
	int err;

	memset(link, 0, sizeof(*link));
	if (!nl_link_name_valid(name))
		return -EINVAL;
	/* Without a parent the kernel would answer -EINVAL. */
	err = base_of(conn, parent, &base);
	if (!err)
		err = adopt_or_make(conn, name, parent, &base, mac, link);
	link->parent = parent;
	return err;
}
