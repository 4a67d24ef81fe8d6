// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Links by request. Nothing is stored between calls: the link's own alias says whether it is ours.
 *
 * The kernel takes neither an alias nor an address generation mode while it makes a link, so a
 * dummy is made in steps: add, mark, set up. A daemon that is killed after the first step leaves an
 * unmarked dummy. The next start takes it for the operator's: it is used, and not removed at exit.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>

#include "nl_grow.h"
#include "nl_link_private.h"

#define DUMP_ATTEMPTS 8

/* zebra's bit among the reasons for protodown. */
#define ZEBRA_REASON (1U << 7)

/* IFF_LOWER_UP, which glibc's <net/if.h> lacks; Linux's header conflicts with it. */
#define FLAG_LOWER_UP (1U << 16)

struct nl_msg *nl_link_msg(int type, int flags, const struct ifinfomsg *ifi, const char *name)
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

/* True for a valid name; the kernel would replace a % by a number. */
bool nl_link_name_valid(const char *name)
{
	return *name && strlen(name) < IFNAMSIZ && !strchr(name, '%');
}

static void copy_string(char *to, size_t size, struct nlattr *attr)
{
	if (attr)
		nla_strlcpy(to, attr, size);
}

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static void parse_macvlan(struct nlattr *data, struct nl_link *link)
{
	static struct nla_policy policy[IFLA_MACVLAN_MAX + 1] = {
		[IFLA_MACVLAN_MODE] = { .type = NLA_U32 },
	};
	struct nlattr *attrs[IFLA_MACVLAN_MAX + 1];

	if (data && nla_parse_nested(attrs, IFLA_MACVLAN_MAX, data, policy) == 0)
		link->private = get_u32(attrs[IFLA_MACVLAN_MODE]) == MACVLAN_MODE_PRIVATE;
}

static void parse_vlan(struct nlattr *data, struct nl_link *link)
{
	static struct nla_policy policy[IFLA_VLAN_MAX + 1] = {
		[IFLA_VLAN_ID] = { .type = NLA_U16 },
	};
	struct nlattr *attrs[IFLA_VLAN_MAX + 1];

	if (data && nla_parse_nested(attrs, IFLA_VLAN_MAX, data, policy) == 0 && attrs[IFLA_VLAN_ID])
		link->vlan = nla_get_u16(attrs[IFLA_VLAN_ID]);
}

static void parse_linkinfo(struct nlattr *linkinfo, struct nl_link *link)
{
	struct nlattr *info[IFLA_INFO_MAX + 1];

	if (!linkinfo || nla_parse_nested(info, IFLA_INFO_MAX, linkinfo, NULL) < 0)
		return;
	copy_string(link->kind, sizeof(link->kind), info[IFLA_INFO_KIND]);
	if (!strcmp(link->kind, "macvlan"))
		parse_macvlan(info[IFLA_INFO_DATA], link);
	else if (!strcmp(link->kind, "vlan"))
		parse_vlan(info[IFLA_INFO_DATA], link);
}

bool nl_link_parse(struct nlmsghdr *nlh, struct nl_link *link)
{
	static struct nla_policy policy[IFLA_MAX + 1] = {
		[IFLA_IFNAME] = { .type = NLA_STRING, .maxlen = IFNAMSIZ },
		[IFLA_MTU] = { .type = NLA_U32 },
		[IFLA_LINK] = { .type = NLA_U32 },
		[IFLA_LINK_NETNSID] = { .type = NLA_U32 },
		[IFLA_MASTER] = { .type = NLA_U32 },
		[IFLA_PROTO_DOWN] = { .type = NLA_U8 },
	};
	struct nlattr *attrs[IFLA_MAX + 1];
	const struct ifinfomsg *ifi = nlmsg_data(nlh);
	char alias[sizeof(NL_LINK_ALIAS) + 1] = "";

	memset(link, 0, sizeof(*link));
	if ((nlh->nlmsg_type != RTM_NEWLINK && nlh->nlmsg_type != RTM_DELLINK) ||
	    nlmsg_parse(nlh, sizeof(*ifi), attrs, IFLA_MAX, policy) < 0)
		return false;
	/* A bridge reports its ports as links of another family. */
	if (ifi->ifi_family != AF_UNSPEC || !attrs[IFLA_IFNAME])
		return false;

	link->ifindex = ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	link->running = link->up && (ifi->ifi_flags & FLAG_LOWER_UP);
	copy_string(link->name, sizeof(link->name), attrs[IFLA_IFNAME]);
	copy_string(alias, sizeof(alias), attrs[IFLA_IFALIAS]);
	link->ours = !strcmp(alias, NL_LINK_ALIAS);
	link->mtu = get_u32(attrs[IFLA_MTU]);
	link->lower = (int)get_u32(attrs[IFLA_LINK]);
	link->lower_ns = attrs[IFLA_LINK_NETNSID] ? (int)get_u32(attrs[IFLA_LINK_NETNSID]) : -1;
	link->parent = attrs[IFLA_LINK_NETNSID] ? 0 : link->lower;
	link->master = (int)get_u32(attrs[IFLA_MASTER]);
	link->protodown = attrs[IFLA_PROTO_DOWN] && nla_get_u8(attrs[IFLA_PROTO_DOWN]);
	link->ethernet = ifi->ifi_type == ARPHRD_ETHER && attrs[IFLA_ADDRESS] &&
			 nla_len(attrs[IFLA_ADDRESS]) == NL_MAC_BYTES;
	if (link->ethernet)
		memcpy(link->mac, nla_data(attrs[IFLA_ADDRESS]), NL_MAC_BYTES);
	parse_linkinfo(attrs[IFLA_LINKINFO], link);
	return true;
}

static void parse_answer(struct nlmsghdr *nlh, void *arg)
{
	if (nlh->nlmsg_type == RTM_NEWLINK)
		nl_link_parse(nlh, arg);
}

static int link_look_up(struct nl_conn *conn, int ifindex, const char *name, struct nl_link *link)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	int err;

	memset(link, 0, sizeof(*link));
	err = nl_conn_call_one(conn, nl_link_msg(RTM_GETLINK, 0, &ifi, name), parse_answer, link);
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

int nl_link_get_index(struct nl_conn *conn, int ifindex, struct nl_link *link)
{
	if (ifindex <= 0) {
		memset(link, 0, sizeof(*link));
		return -ENODEV;
	}
	return link_look_up(conn, ifindex, NULL, link);
}

/* The links of a dump; they are passed on when the dump is complete. */
struct gathered {
	const char *kind;
	struct nl_link *links;
	size_t count;
	size_t room;
	bool no_memory;
};

static void gather(struct nlmsghdr *nlh, void *arg)
{
	struct gathered *gathered = arg;
	struct nl_link link;

	if (nlh->nlmsg_type != RTM_NEWLINK || !nl_link_parse(nlh, &link) ||
	    (gathered->kind && strcmp(link.kind, gathered->kind)))
		return;
	if (nl_grow(gathered->links, gathered->count, &gathered->room))
		gathered->links[gathered->count++] = link;
	else
		gathered->no_memory = true;
}

/* kind may be NULL: then the kernel reports all links. */
static bool put_kind(struct nl_msg *msg, const char *kind)
{
	struct nlattr *info;

	if (!kind)
		return true;
	info = nla_nest_start(msg, IFLA_LINKINFO);
	if (!info || nla_put_string(msg, IFLA_INFO_KIND, kind) < 0)
		return false;
	nla_nest_end(msg, info);
	return true;
}

static int gather_once(struct nl_conn *conn, struct gathered *gathered)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg = nl_link_msg(RTM_GETLINK, NLM_F_DUMP, &ifi, NULL);
	int err;

	if (!msg || nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) < 0 ||
	    !put_kind(msg, gathered->kind)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	gathered->count = 0;
	err = nl_conn_call_one(conn, msg, gather, gathered);
	return !err && gathered->no_memory ? -ENOMEM : err;
}

int nl_link_dump(struct nl_conn *conn, const char *kind, nl_link_fn fn, void *arg)
{
	struct gathered gathered = { .kind = kind };
	int err = -EAGAIN;

	for (int i = 0; err == -EAGAIN && i < DUMP_ATTEMPTS; i++)
		err = gather_once(conn, &gathered);
	for (size_t i = 0; !err && i < gathered.count; i++)
		fn(&gathered.links[i], arg);
	free(gathered.links);
	return err;
}

static int dummy_make(struct nl_conn *conn, const char *name)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg = nl_link_msg(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, name);

	if (!msg || !put_kind(msg, "dummy")) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

int nl_link_addrgen_none(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nl_link_msg(RTM_NEWLINK, 0, &ifi, NULL);
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

int nl_link_remove(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };

	return nl_conn_call_one(conn, nl_link_msg(RTM_DELLINK, 0, &ifi, NULL), NULL, NULL);
}

static int link_set_flags(struct nl_conn *conn, int ifindex, unsigned int flags)
{
	struct ifinfomsg ifi = {
		.ifi_index = ifindex,
		.ifi_flags = flags,
		.ifi_change = IFF_UP,
	};

	return nl_conn_call_one(conn, nl_link_msg(RTM_NEWLINK, 0, &ifi, NULL), NULL, NULL);
}

int nl_link_set_up(struct nl_conn *conn, int ifindex)
{
	return link_set_flags(conn, ifindex, IFF_UP);
}

int nl_link_set_down(struct nl_conn *conn, int ifindex)
{
	return link_set_flags(conn, ifindex, 0);
}

static int link_set(struct nl_conn *conn, int ifindex, int attribute, const void *data, int bytes)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nl_link_msg(RTM_NEWLINK, 0, &ifi, NULL);

	if (!msg || nla_put(msg, attribute, bytes, data) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

int nl_link_mark(struct nl_conn *conn, int ifindex)
{
	return link_set(conn, ifindex, IFLA_IFALIAS, NL_LINK_ALIAS, sizeof(NL_LINK_ALIAS));
}

int nl_link_set_mtu(struct nl_conn *conn, int ifindex, unsigned int mtu)
{
	return link_set(conn, ifindex, IFLA_MTU, &mtu, sizeof(mtu));
}

int nl_link_set_master(struct nl_conn *conn, int ifindex, int master)
{
	return link_set(conn, ifindex, IFLA_MASTER, &master, sizeof(master));
}

static bool put_no_reason(struct nl_msg *msg)
{
	struct nlattr *reason = nla_nest_start(msg, IFLA_PROTO_DOWN_REASON);

	if (!reason || nla_put_u32(msg, IFLA_PROTO_DOWN_REASON_MASK, ZEBRA_REASON) < 0 ||
	    nla_put_u32(msg, IFLA_PROTO_DOWN_REASON_VALUE, 0) < 0)
		return false;
	nla_nest_end(msg, reason);
	return true;
}

/* The kernel handles the reason first, whatever the order of the attributes. */
int nl_link_end_protodown(struct nl_conn *conn, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nl_link_msg(RTM_NEWLINK, 0, &ifi, NULL);

	if (!msg || !put_no_reason(msg) || nla_put_u8(msg, IFLA_PROTO_DOWN, 0) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

int nl_link_add_dummy(struct nl_conn *conn, const char *name, int vrf, struct nl_link *link)
{
	int err;

	memset(link, 0, sizeof(*link));
	if (!nl_link_name_valid(name))
		return -EINVAL;
	err = dummy_make(conn, name);
	if (err)
		return err;
	err = nl_link_get(conn, name, link);
	if (err)
		return err;

	err = nl_link_mark(conn, link->ifindex);
	if (!err)
		err = nl_link_addrgen_none(conn, link->ifindex);
	if (!err && vrf)
		err = nl_link_set_master(conn, link->ifindex, vrf);
	if (!err)
		err = nl_link_set_up(conn, link->ifindex);
	if (!err)
		err = nl_link_get(conn, name, link);
	if (err)
		nl_link_remove(conn, link->ifindex);
	return err;
}

int nl_link_del(struct nl_conn *conn, int ifindex)
{
	struct nl_link link;
	int err = link_look_up(conn, ifindex, NULL, &link);

	if (err)
		return err;
	return link.ours ? nl_link_remove(conn, ifindex) : -EPERM;
}
