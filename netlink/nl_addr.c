// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses as messages: a VIP as the kernel takes it, and addresses as the kernel reports
 * them.
 *
 * Nothing here owns anything beyond a call. A dump is gathered before it is
 * handed on: a dump the kernel had to interrupt is asked for again without the
 * caller seeing anything twice, and a caller may use the connection meanwhile.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>

#include "nl_addr_private.h"
#include "nl_grow.h"

#define DUMP_ATTEMPTS 8
#define FOREVER	      UINT32_MAX

/* The addresses of a dump. */
struct gathered {
	int family;
	int ifindex;
	struct nl_addr_info *info;
	size_t count;
	size_t room;
	bool no_memory;
};

size_t nl_addr_bytes(int family)
{
	return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

/* A link may have the same IPv4 address with several masks, but an IPv6 address only once. */
int nl_addr_key_cmp(const struct nl_addr_key *a, const struct nl_addr_key *b)
{
	int differ;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	differ = memcmp(&a->v4, &b->v4, nl_addr_bytes(a->family));
	if (differ || a->family != AF_INET)
		return differ;
	return (int)a->prefixlen - (int)b->prefixlen;
}

static struct nl_msg *addr_msg(int type, int flags, const struct nl_addr_key *key, uint8_t scope)
{
	struct ifaddrmsg ifa = {
		.ifa_family = key->family,
		.ifa_prefixlen = key->prefixlen,
		.ifa_scope = scope,
		.ifa_index = key->ifindex,
	};
	struct nl_msg *msg = nlmsg_alloc_size(256);

	if (!msg)
		return NULL;
	if (!nlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, type, 0, flags) ||
	    nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO) < 0 ||
	    nla_put(msg, IFA_LOCAL, nl_addr_bytes(key->family), &key->v4) < 0 ||
	    nla_put(msg, IFA_ADDRESS, nl_addr_bytes(key->family), &key->v4) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

struct nl_msg *nl_addr_msg_new(const struct nl_addr_key *key, uint32_t lease_sec, int flags)
{
	bool v4 = key->family == AF_INET;
	struct ifa_cacheinfo life = {};
	struct nl_msg *msg;

	life.ifa_valid = lease_sec == NL_LEASE_NONE ? FOREVER : lease_sec;
	life.ifa_prefered = v4 ? life.ifa_valid : 0;

	msg = addr_msg(RTM_NEWADDR, flags, key, v4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
	if (!msg)
		return NULL;
	if (nla_put_u8(msg, IFA_PROTO, NL_PROTO_VRRP) < 0 ||
	    nla_put(msg, IFA_CACHEINFO, sizeof(life), &life) < 0 ||
	    nla_put_u32(msg, IFA_FLAGS, v4 ? 0 : IFA_F_NODAD) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

struct nl_msg *nl_addr_msg_del(const struct nl_addr_key *key)
{
	return addr_msg(RTM_DELADDR, 0, key, 0);
}

static bool parse_address(struct nlattr **attrs, struct nl_addr_key *key)
{
	/* IFA_ADDRESS is the far end on a point-to-point link, IFA_LOCAL never is. */
	struct nlattr *address = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	size_t bytes = nl_addr_bytes(key->family);

	if (!address || nla_len(address) < (int)bytes)
		return false;
	memcpy(&key->v4, nla_data(address), bytes);
	return true;
}

/* The kernel does not send from an IPv6 address that is tentative or a duplicate. */
static bool is_unusable(uint8_t flags)
{
	if (flags & IFA_F_DADFAILED)
		return true;
	return (flags & IFA_F_TENTATIVE) && !(flags & IFA_F_OPTIMISTIC);
}

bool nl_addr_info_parse(struct nlmsghdr *nlh, struct nl_addr_info *info)
{
	static struct nla_policy policy[IFA_MAX + 1] = {
		[IFA_FLAGS] = { .type = NLA_U32 },
		[IFA_PROTO] = { .type = NLA_U8 },
		[IFA_CACHEINFO] = { .minlen = sizeof(struct ifa_cacheinfo) },
	};
	struct nlattr *attrs[IFA_MAX + 1];
	const struct ifaddrmsg *ifa = nlmsg_data(nlh);

	if ((nlh->nlmsg_type != RTM_NEWADDR && nlh->nlmsg_type != RTM_DELADDR) ||
	    nlmsg_parse(nlh, sizeof(*ifa), attrs, IFA_MAX, policy) < 0)
		return false;
	if (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6)
		return false;

	*info = (struct nl_addr_info){
		.key.family = ifa->ifa_family,
		.key.ifindex = ifa->ifa_index,
		.key.prefixlen = ifa->ifa_prefixlen,
		.valid_sec = FOREVER,
	};
	info->secondary = ifa->ifa_flags & IFA_F_SECONDARY;
	info->unusable = is_unusable(ifa->ifa_flags); /* these flags fit the octet of the header */
	if (attrs[IFA_PROTO])
		info->protocol = nla_get_u8(attrs[IFA_PROTO]);
	if (attrs[IFA_CACHEINFO])
		info->valid_sec =
			((struct ifa_cacheinfo *)nla_data(attrs[IFA_CACHEINFO]))->ifa_valid;
	return parse_address(attrs, &info->key);
}

static void gather(struct nlmsghdr *nlh, void *arg)
{
	struct gathered *gathered = arg;
	struct nl_addr_info info;

	/* A kernel without IPv6 answers for all families, an old one for all links. */
	if (!nl_addr_info_parse(nlh, &info) || info.key.family != gathered->family ||
	    (gathered->ifindex && info.key.ifindex != gathered->ifindex))
		return;
	if (nl_grow(gathered->info, gathered->count, &gathered->room))
		gathered->info[gathered->count++] = info;
	else
		gathered->no_memory = true;
}

static int gather_once(struct nl_conn *conn, struct gathered *gathered)
{
	struct ifaddrmsg ifa = {
		.ifa_family = gathered->family,
		.ifa_index = gathered->ifindex,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETADDR, NLM_F_DUMP);
	int err;

	if (!msg || nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	gathered->count = 0;
	err = nl_conn_call_one(conn, msg, gather, gathered);
	return !err && gathered->no_memory ? -ENOMEM : err;
}

int nl_addr_dump_family(struct nl_conn *conn, int family, int ifindex, nl_addr_fn fn, void *arg)
{
	struct gathered gathered = { .family = family, .ifindex = ifindex };
	int err = -EAGAIN;

	for (int i = 0; err == -EAGAIN && i < DUMP_ATTEMPTS; i++)
		err = gather_once(conn, &gathered);
	for (size_t i = 0; !err && i < gathered.count; i++)
		fn(&gathered.info[i], arg);
	free(gathered.info);
	return err;
}

int nl_addr_dump(struct nl_conn *conn, int ifindex, nl_addr_fn fn, void *arg)
{
	int err = nl_addr_dump_family(conn, AF_INET, ifindex, fn, arg);

	return err ? err : nl_addr_dump_family(conn, AF_INET6, ifindex, fn, arg);
}

/*
 * An empty IFA_PROTO, for no link at all: a kernel that knows the attribute
 * finds it too short (-ERANGE) before it would look for the link; one that does
 * not passes over it and finds no link. Nothing is changed either way.
 */
int nl_addr_protocol_supported(struct nl_conn *conn)
{
	struct nl_addr_key nowhere = { .family = AF_INET, .prefixlen = 32 };
	struct nl_msg *msg = addr_msg(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &nowhere, 0);
	int err;

	if (!msg || nla_put(msg, IFA_PROTO, 0, NULL) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	err = nl_conn_call_one(conn, msg, NULL, NULL);
	if (err == -ERANGE)
		return 1;
	return err == -ENODEV ? 0 : err;
}
