// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel is asked for the routes of one protocol at a time and skips all others itself, since a
 * router with a full table has a million routes of other protocols. A kernel without next hop
 * objects (Linux before 5.3) has next hops only in its routes.
 */
#include <errno.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>

#include <netlink/netlink.h>

#include "nl_gateway.h"
#include "nl_addr_private.h"

/* A dump during which something changed is asked for again. */
#define DUMP_ATTEMPTS 8
/* The protocol of routes of FRR's staticd. */
#define RTPROT_OF_STATICD 196

struct walk {
	int family;
	nl_gateway_fn fn;
	void *arg;
};

static void tell(const struct walk *walk, const struct nlattr *gateway)
{
	if (gateway && nla_len(gateway) == (int)nl_addr_bytes(walk->family))
		walk->fn(nla_data(gateway), walk->arg);
}

/* The next hops of a route with several. */
static void tell_all(const struct walk *walk, struct nlattr *multipath)
{
	struct nlattr *attrs[RTA_MAX + 1];
	struct rtnexthop *hop = nla_data(multipath);
	int rest = nla_len(multipath);

	for (; RTNH_OK(hop, rest); rest -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		if (nla_parse(attrs, RTA_MAX, (struct nlattr *)RTNH_DATA(hop),
			      hop->rtnh_len - sizeof(*hop), NULL) == 0)
			tell(walk, attrs[RTA_GATEWAY]);
}

static void on_route(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attrs[RTA_MAX + 1];
	const struct walk *walk = arg;

	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(nlh, sizeof(struct rtmsg), attrs, RTA_MAX, NULL) < 0)
		return;
	tell(walk, attrs[RTA_GATEWAY]);
	if (attrs[RTA_MULTIPATH])
		tell_all(walk, attrs[RTA_MULTIPATH]);
}

static void on_next_hop(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attrs[NHA_MAX + 1];
	const struct nhmsg *hop = nlmsg_data(nlh);
	const struct walk *walk = arg;

	if (nlh->nlmsg_type != RTM_NEWNEXTHOP ||
	    nlmsg_parse(nlh, sizeof(*hop), attrs, NHA_MAX, NULL) < 0 ||
	    hop->nh_family != walk->family)
		return;
	tell(walk, attrs[NHA_GATEWAY]);
}

static int dump(struct nl_conn *conn, int type, void *header, size_t size, nl_answer_fn fn,
		struct walk *walk)
{
	int ret = -EAGAIN;

	for (int i = 0; ret == -EAGAIN && i < DUMP_ATTEMPTS; i++) {
		struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_DUMP);

		if (!msg || nlmsg_append(msg, header, size, NLMSG_ALIGNTO)) {
			nlmsg_free(msg);
			return -ENOMEM;
		}
		ret = nl_conn_call_one(conn, msg, fn, walk);
	}
	return ret;
}

int nl_gateway_dump(struct nl_conn *conn, int family, nl_gateway_fn fn, void *arg)
{
	static const uint8_t protocols[] = { RTPROT_KERNEL, RTPROT_BOOT, RTPROT_STATIC,
					     RTPROT_RA,	    RTPROT_DHCP, RTPROT_OF_STATICD };
	struct walk walk = { .family = family, .fn = fn, .arg = arg };
	struct nhmsg hop = { .nh_family = family };
	int ret;

	ret = dump(conn, RTM_GETNEXTHOP, &hop, sizeof(hop), on_next_hop, &walk);
	if (ret == -EOPNOTSUPP)
		ret = 0;
	for (size_t i = 0; !ret && i < sizeof(protocols); i++) {
		struct rtmsg route = { .rtm_family = family, .rtm_protocol = protocols[i] };

		ret = dump(conn, RTM_GETROUTE, &route, sizeof(route), on_route, &walk);
	}
	return ret;
}
