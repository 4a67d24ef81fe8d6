// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Routes; see nl_route.h.
 *
 * zebra tells routes of the kernel apart by prefix and metric, where the metric is the low 24 bits
 * of the kernel's priority and the high 8 are a distance. It has a leftover with metric 0. Priority
 * 1 << 24 is metric 0 as well, and nobody uses it: the kernel keeps such a route beside all others
 * for this prefix (for IPv6, priority 0 would become 1024 and be another route to zebra).
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <netlink/netlink.h>

#include "nl_addr_private.h"
#include "nl_route.h"

#define METRIC_ZERO_BESIDE_OTHERS (1U << 24)

/* The protocol of routes of FRR's staticd. */
#define RTPROT_OF_STATICD 196

/* A dump during which something changed is asked for again. */
#define DUMP_ATTEMPTS 8

/* The metric of the kernel's own routes to IPv6 addresses. */
#define METRIC_OF_PREFIX 256

static struct nl_msg *route_msg(int type, int flags, const struct nl_addr_key *key, uint32_t table,
				uint8_t protocol, uint32_t priority)
{
	const struct rtmsg route = {
		.rtm_family = key->family,
		.rtm_dst_len = key->prefixlen,
		.rtm_table = RT_TABLE_UNSPEC,
		.rtm_protocol = protocol,
		.rtm_scope = key->family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | NLM_F_ACK | flags);

	if (!msg)
		return NULL;
	if (nlmsg_append(msg, (void *)&route, sizeof(route), NLMSG_ALIGNTO) ||
	    nla_put(msg, RTA_DST, nl_addr_bytes(key->family), &key->v6) ||
	    nla_put_u32(msg, RTA_OIF, key->ifindex) || nla_put_u32(msg, RTA_TABLE, table) ||
	    nla_put_u32(msg, RTA_PRIORITY, priority)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

int nl_route_expel(struct nl_conn *conn, const struct nl_addr_key *key, uint32_t table)
{
	int ret;

	ret = nl_conn_call_one(conn,
			       route_msg(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, key, table,
					 NL_PROTO_VRRP, METRIC_ZERO_BESIDE_OTHERS),
			       NULL, NULL);
	if (ret < 0)
		return ret;
	return nl_conn_call_one(conn,
				route_msg(RTM_DELROUTE, 0, key, table, NL_PROTO_VRRP,
					  METRIC_ZERO_BESIDE_OTHERS),
				NULL, NULL);
}

/* The route to find in a dump, and the result. */
struct search {
	const struct nl_addr_key *key;
	uint32_t table;
	struct nl_route_info *info;
	bool found;
};

/* True for zebra's own routes, and for the short-lived one of nl_route_expel(). */
static bool is_zebras(uint8_t protocol)
{
	return protocol == RTPROT_ZEBRA || protocol == NL_PROTO_VRRP;
}

/* The names are those of ip(8)'s rt_protos. */
static void name_protocol(uint8_t protocol, struct nl_route_info *info)
{
	static const char *const names[UINT8_MAX + 1] = {
		[RTPROT_REDIRECT] = "redirect",
		[RTPROT_KERNEL] = "kernel",
		[RTPROT_BOOT] = "boot",
		[RTPROT_STATIC] = "static",
		[RTPROT_RA] = "ra",
		[RTPROT_DHCP] = "dhcp",
		[RTPROT_BGP] = "bgp",
		[RTPROT_ISIS] = "isis",
		[RTPROT_OSPF] = "ospf",
		[RTPROT_RIP] = "rip",
		[RTPROT_EIGRP] = "eigrp",
		[RTPROT_OF_STATICD] = "static",
	};

	if (names[protocol])
		snprintf(info->protocol, sizeof(info->protocol), "%s", names[protocol]);
	else
		snprintf(info->protocol, sizeof(info->protocol), "%u", protocol);
}

static void match(struct nlmsghdr *nlh, void *arg)
{
	struct search *search = arg;
	struct nlattr *attrs[RTA_MAX + 1];
	const struct rtmsg *route = nlmsg_data(nlh);
	size_t bytes = nl_addr_bytes(search->key->family);

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(nlh, sizeof(*route), attrs, RTA_MAX, NULL) < 0 ||
	    route->rtm_family != search->key->family ||
	    route->rtm_dst_len != search->key->prefixlen || !attrs[RTA_DST] ||
	    nla_len(attrs[RTA_DST]) < (int)bytes ||
	    memcmp(nla_data(attrs[RTA_DST]), &search->key->v6, bytes) != 0)
		return;
	/* a kernel that cannot filter reports the routes of all tables */
	if ((attrs[RTA_TABLE] ? nla_get_u32(attrs[RTA_TABLE]) : route->rtm_table) != search->table)
		return;
	if (search->found && is_zebras(route->rtm_protocol))
		return;
	search->found = true;
	name_protocol(route->rtm_protocol, search->info);
	search->info->ifindex = attrs[RTA_OIF] ? nla_get_u32(attrs[RTA_OIF]) : 0;
	search->info->zebras = is_zebras(route->rtm_protocol);
}

int nl_route_find(struct nl_conn *conn, const struct nl_addr_key *key, uint32_t table,
		  struct nl_route_info *info)
{
	const struct rtmsg route = { .rtm_family = key->family };
	struct search search = { .key = key, .table = table, .info = info };
	int ret = -EAGAIN;

	for (int i = 0; ret == -EAGAIN && i < DUMP_ATTEMPTS; i++) {
		struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);

		if (!msg || nlmsg_append(msg, (void *)&route, sizeof(route), NLMSG_ALIGNTO) ||
		    nla_put_u32(msg, RTA_TABLE, table)) {
			nlmsg_free(msg);
			return -ENOMEM;
		}
		search.found = false;
		ret = nl_conn_call_one(conn, msg, match, &search);
	}
	if (ret && ret != -ENOENT) /* -ENOENT: there is no such table */
		return ret;
	return search.found ? 0 : -ESRCH;
}

int nl_route_link_local(struct nl_conn *conn, int ifindex, uint32_t table)
{
	struct nl_addr_key key = { .family = AF_INET6, .ifindex = ifindex, .prefixlen = 64 };
	int ret;

	key.v6.s6_addr[0] = 0xfe;
	key.v6.s6_addr[1] = 0x80;
	ret = nl_conn_call_one(conn,
			       route_msg(RTM_NEWROUTE, NLM_F_CREATE, &key, table, RTPROT_KERNEL,
					 METRIC_OF_PREFIX),
			       NULL, NULL);
	return ret == -EEXIST ? 0 : ret;
}

struct nl_msg *nl_route_msg_del_prefix(const struct nl_addr_key *key)
{
	return route_msg(RTM_DELROUTE, 0, key, RT_TABLE_MAIN, RTPROT_KERNEL, METRIC_OF_PREFIX);
}

/* -------------------------------------------------------------------- asking for one */

static void note_on_link(struct nlmsghdr *nlh, void *arg)
{
	const struct rtmsg *route = nlmsg_data(nlh);
	struct nlattr *attrs[RTA_MAX + 1];
	int *ifindex = arg;

	if (nlh->nlmsg_type != RTM_NEWROUTE || route->rtm_type != RTN_UNICAST ||
	    nlmsg_parse(nlh, sizeof(*route), attrs, RTA_MAX, NULL) < 0)
		return;
	if (attrs[RTA_OIF] && !attrs[RTA_GATEWAY] && !attrs[RTA_VIA])
		*ifindex = nla_get_u32(attrs[RTA_OIF]);
}

int nl_route_on_link(struct nl_conn *conn, int family, const void *address)
{
	const struct rtmsg wanted = { .rtm_family = family,
				      .rtm_dst_len = 8 * nl_addr_bytes(family) };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_REQUEST | NLM_F_ACK);
	int ifindex = 0, err;

	if (msg && (nlmsg_append(msg, (void *)&wanted, sizeof(wanted), NLMSG_ALIGNTO) ||
		    nla_put(msg, RTA_DST, nl_addr_bytes(family), address))) {
		nlmsg_free(msg);
		msg = NULL;
	}
	err = nl_conn_call_one(conn, msg, note_on_link, &ifindex);
	if (err == -ENETUNREACH || err == -EHOSTUNREACH)
		return 0;
	return err < 0 ? err : ifindex;
}
