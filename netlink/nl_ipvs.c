// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The connection to IPVS, the headers of its messages, and the settings of a namespace: timeouts
 * and connection synchronisation. Services are in nl_ipvs_table.c (read), nl_ipvs_apply.c (changed)
 * and nl_ipvs_owned.c (owned).
 *
 * A nl_ipvs owns a connection of generic netlink and nothing else. It stores nothing of the
 * kernel's state between calls.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>

#include "nl_ipvs_private.h"

_Static_assert((int)NL_IPVS_MASTER == IP_VS_STATE_MASTER &&
		       (int)NL_IPVS_BACKUP == IP_VS_STATE_BACKUP,
	       "roles are the kernel's numbers");

/* Range of a synchronisation message's size that the kernel accepts unchanged. */
#define BACKUP_MAXLEN_LEAST 1024
#define MAXLEN_MOST	    (UINT16_MAX - 48) /* less the headers of IPv6 and UDP */

int nl_ipvs_new(struct nl_ipvs **ipvsp)
{
	struct nl_ipvs *ipvs = calloc(1, sizeof(*ipvs));
	int err;

	*ipvsp = NULL;
	if (!ipvs)
		return -ENOMEM;
	err = nl_conn_open(&ipvs->conn, NETLINK_GENERIC);
	if (err) {
		free(ipvs);
		return err;
	}
	*ipvsp = ipvs;
	return 0;
}

void nl_ipvs_free(struct nl_ipvs **ipvsp)
{
	if (!*ipvsp)
		return;
	nl_conn_free(&(*ipvsp)->conn);
	free(*ipvsp);
	*ipvsp = NULL;
}

uint64_t nl_ipvs_changes(const struct nl_ipvs *ipvs)
{
	return ipvs->changes;
}

static struct nl_msg *genl_msg(int family, int command, int version, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(512);

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags, command, version)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static void parse_family(struct nlmsghdr *nlh, void *arg)
{
	static struct nla_policy policy[CTRL_ATTR_MAX + 1] = {
		[CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
	};
	struct nlattr *attrs[CTRL_ATTR_MAX + 1];
	struct nl_ipvs *ipvs = arg;

	if (nlh->nlmsg_type == GENL_ID_CTRL &&
	    genlmsg_parse(nlh, 0, attrs, CTRL_ATTR_MAX, policy) == 0 && attrs[CTRL_ATTR_FAMILY_ID])
		ipvs->family = nla_get_u16(attrs[CTRL_ATTR_FAMILY_ID]);
}

int ipvs_find(struct nl_ipvs *ipvs)
{
	struct nl_msg *msg = genl_msg(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0);
	int err;

	if (!msg || nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	ipvs->family = 0;
	err = nl_conn_call_one(ipvs->conn, msg, parse_family, ipvs);
	if (err == -ENOENT)
		return -EOPNOTSUPP;
	return !err && !ipvs->family ? -EBADMSG : err;
}

struct nl_msg *ipvs_msg(const struct nl_ipvs *ipvs, int command, int flags)
{
	return genl_msg(ipvs->family, command, IPVS_GENL_VERSION, flags);
}

int ipvs_change(struct nl_ipvs *ipvs, struct nl_call *calls, size_t count)
{
	int err = nl_conn_call(ipvs->conn, calls, count, NULL, NULL);

	ipvs->changes += count;
	for (size_t i = 0; i < count; i++)
		nlmsg_free(calls[i].msg);
	return err;
}

int ipvs_change_one(struct nl_ipvs *ipvs, struct nl_msg *msg)
{
	struct nl_call call = { .msg = msg };

	if (!msg)
		return -ENOMEM;
	ipvs_change(ipvs, &call, 1);
	return call.error;
}

bool ipvs_parse(struct nlmsghdr *nlh, struct nlattr **attrs)
{
	static struct nla_policy policy[IPVS_CMD_ATTR_MAX + 1] = {
		[IPVS_CMD_ATTR_SERVICE] = { .type = NLA_NESTED },
		[IPVS_CMD_ATTR_DEST] = { .type = NLA_NESTED },
		[IPVS_CMD_ATTR_DAEMON] = { .type = NLA_NESTED },
		[IPVS_CMD_ATTR_TIMEOUT_TCP] = { .type = NLA_U32 },
		[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN] = { .type = NLA_U32 },
		[IPVS_CMD_ATTR_TIMEOUT_UDP] = { .type = NLA_U32 },
	};

	return genlmsg_parse(nlh, 0, attrs, IPVS_CMD_ATTR_MAX, policy) == 0;
}

void ipvs_address_get(struct nl_ipvs_address *address, const struct nlattr *attr)
{
	if (attr)
		nla_memcpy(&address->v6, attr, nl_addr_bytes(address->family));
}

int ipvs_address_put(struct nl_msg *msg, int type, const struct nl_ipvs_address *address)
{
	uint8_t bytes[sizeof(address->v6)] = {};

	memcpy(bytes, &address->v4, nl_addr_bytes(address->family));
	return nla_put(msg, type, sizeof(bytes), bytes);
}

int ipvs_address_cmp(const struct nl_ipvs_address *a, const struct nl_ipvs_address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(&a->v4, &b->v4, nl_addr_bytes(a->family));
}

/* ------------------------------------------------------------- timeouts */

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static void parse_timeouts(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attrs[IPVS_CMD_ATTR_MAX + 1];
	struct nl_ipvs_timeouts *timeouts = arg;

	if (!ipvs_parse(nlh, attrs))
		return;
	timeouts->tcp_sec = get_u32(attrs[IPVS_CMD_ATTR_TIMEOUT_TCP]);
	timeouts->tcp_fin_sec = get_u32(attrs[IPVS_CMD_ATTR_TIMEOUT_TCP_FIN]);
	timeouts->udp_sec = get_u32(attrs[IPVS_CMD_ATTR_TIMEOUT_UDP]);
}

int nl_ipvs_timeouts_get(struct nl_ipvs *ipvs, struct nl_ipvs_timeouts *timeouts)
{
	int err = ipvs_find(ipvs);

	memset(timeouts, 0, sizeof(*timeouts));
	if (err)
		return err;
	return nl_conn_call_one(ipvs->conn, ipvs_msg(ipvs, IPVS_CMD_GET_CONFIG, 0), parse_timeouts,
				timeouts);
}

static bool timeout_met(uint32_t wanted, uint32_t is)
{
	return !wanted || wanted == is;
}

int nl_ipvs_timeouts_set(struct nl_ipvs *ipvs, const struct nl_ipvs_timeouts *wanted)
{
	struct nl_ipvs_timeouts is;
	struct nl_msg *msg;
	int err = nl_ipvs_timeouts_get(ipvs, &is);

	if (err)
		return err;
	if (timeout_met(wanted->tcp_sec, is.tcp_sec) &&
	    timeout_met(wanted->tcp_fin_sec, is.tcp_fin_sec) &&
	    timeout_met(wanted->udp_sec, is.udp_sec))
		return 0;

	msg = ipvs_msg(ipvs, IPVS_CMD_SET_CONFIG, 0);
	if (!msg || nla_put_u32(msg, IPVS_CMD_ATTR_TIMEOUT_TCP, wanted->tcp_sec) < 0 ||
	    nla_put_u32(msg, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, wanted->tcp_fin_sec) < 0 ||
	    nla_put_u32(msg, IPVS_CMD_ATTR_TIMEOUT_UDP, wanted->udp_sec) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return ipvs_change_one(ipvs, msg);
}

/* ------------------------------------------- connection synchronisation */

static void daemon_get_group(struct nl_ipvs_address *group, struct nlattr **attrs)
{
	struct nlattr *v6 = attrs[IPVS_DAEMON_ATTR_MCAST_GROUP6];

	group->family = v6 ? AF_INET6 : AF_INET;
	ipvs_address_get(group, v6 ? v6 : attrs[IPVS_DAEMON_ATTR_MCAST_GROUP]);
}

/* One of up to two; arg->role is the one to find; ifname is set when it was found. */
static void parse_daemon(struct nlmsghdr *nlh, void *arg)
{
	static struct nla_policy policy[IPVS_DAEMON_ATTR_MAX + 1] = {
		[IPVS_DAEMON_ATTR_STATE] = { .type = NLA_U32 },
		[IPVS_DAEMON_ATTR_MCAST_IFN] = { .type = NLA_STRING },
		[IPVS_DAEMON_ATTR_SYNC_ID] = { .type = NLA_U32 },
		[IPVS_DAEMON_ATTR_SYNC_MAXLEN] = { .type = NLA_U16 },
		[IPVS_DAEMON_ATTR_MCAST_PORT] = { .type = NLA_U16 },
		[IPVS_DAEMON_ATTR_MCAST_TTL] = { .type = NLA_U8 },
	};
	struct nlattr *top[IPVS_CMD_ATTR_MAX + 1], *attrs[IPVS_DAEMON_ATTR_MAX + 1];
	struct nl_ipvs_daemon *daemon = arg;

	if (!ipvs_parse(nlh, top) || !top[IPVS_CMD_ATTR_DAEMON] ||
	    nla_parse_nested(attrs, IPVS_DAEMON_ATTR_MAX, top[IPVS_CMD_ATTR_DAEMON], policy) < 0 ||
	    get_u32(attrs[IPVS_DAEMON_ATTR_STATE]) != daemon->role ||
	    !attrs[IPVS_DAEMON_ATTR_MCAST_IFN])
		return;

	nla_strlcpy(daemon->ifname, attrs[IPVS_DAEMON_ATTR_MCAST_IFN], sizeof(daemon->ifname));
	daemon->sync_id = get_u32(attrs[IPVS_DAEMON_ATTR_SYNC_ID]);
	if (attrs[IPVS_DAEMON_ATTR_SYNC_MAXLEN])
		daemon->sync_maxlen = nla_get_u16(attrs[IPVS_DAEMON_ATTR_SYNC_MAXLEN]);
	if (attrs[IPVS_DAEMON_ATTR_MCAST_PORT])
		daemon->port = nla_get_u16(attrs[IPVS_DAEMON_ATTR_MCAST_PORT]);
	if (attrs[IPVS_DAEMON_ATTR_MCAST_TTL])
		daemon->ttl = nla_get_u8(attrs[IPVS_DAEMON_ATTR_MCAST_TTL]);
	daemon_get_group(&daemon->group, attrs);
}

static int daemon_look(struct nl_ipvs *ipvs, enum nl_ipvs_role role, struct nl_ipvs_daemon *daemon)
{
	int err;

	*daemon = (struct nl_ipvs_daemon){ .role = role };
	err = nl_conn_call_one(ipvs->conn, ipvs_msg(ipvs, IPVS_CMD_GET_DAEMON, NLM_F_DUMP),
			       parse_daemon, daemon);
	return !err && !*daemon->ifname ? -ESRCH : err;
}

static int daemon_put_choices(struct nl_msg *msg, const struct nl_ipvs_daemon *daemon)
{
	const struct nl_ipvs_address *group = &daemon->group;

	if (daemon->sync_maxlen &&
	    nla_put_u16(msg, IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon->sync_maxlen) < 0)
		return -ENOMEM;
	if (daemon->port && nla_put_u16(msg, IPVS_DAEMON_ATTR_MCAST_PORT, daemon->port) < 0)
		return -ENOMEM;
	if (daemon->ttl && nla_put_u8(msg, IPVS_DAEMON_ATTR_MCAST_TTL, daemon->ttl) < 0)
		return -ENOMEM;
	if (group->family == AF_INET)
		return nla_put(msg, IPVS_DAEMON_ATTR_MCAST_GROUP, sizeof(group->v4), &group->v4);
	if (group->family == AF_INET6)
		return nla_put(msg, IPVS_DAEMON_ATTR_MCAST_GROUP6, sizeof(group->v6), &group->v6);
	return 0;
}

static struct nl_msg *daemon_msg_new(const struct nl_ipvs *ipvs, const struct nl_ipvs_daemon *daemon)
{
	struct nl_msg *msg = ipvs_msg(ipvs, IPVS_CMD_NEW_DAEMON, 0);
	struct nlattr *nest = msg ? nla_nest_start(msg, IPVS_CMD_ATTR_DAEMON) : NULL;

	if (!nest || nla_put_u32(msg, IPVS_DAEMON_ATTR_STATE, daemon->role) < 0 ||
	    nla_put_string(msg, IPVS_DAEMON_ATTR_MCAST_IFN, daemon->ifname) < 0 ||
	    nla_put_u32(msg, IPVS_DAEMON_ATTR_SYNC_ID, daemon->sync_id) < 0 ||
	    daemon_put_choices(msg, daemon) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	nla_nest_end(msg, nest);
	return msg;
}

static bool daemon_met(const struct nl_ipvs_daemon *wanted, const struct nl_ipvs_daemon *is)
{
	return !strcmp(wanted->ifname, is->ifname) && wanted->sync_id == is->sync_id &&
	       (!wanted->sync_maxlen || wanted->sync_maxlen == is->sync_maxlen) &&
	       (!wanted->group.family || !ipvs_address_cmp(&wanted->group, &is->group)) &&
	       (!wanted->port || wanted->port == is->port) &&
	       (!wanted->ttl || wanted->ttl == is->ttl);
}

static struct nl_msg *daemon_msg_del(const struct nl_ipvs *ipvs, enum nl_ipvs_role role)
{
	struct nl_msg *msg = ipvs_msg(ipvs, IPVS_CMD_DEL_DAEMON, 0);
	struct nlattr *nest = msg ? nla_nest_start(msg, IPVS_CMD_ATTR_DAEMON) : NULL;

	if (!nest || nla_put_u32(msg, IPVS_DAEMON_ATTR_STATE, role) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	nla_nest_end(msg, nest);
	return msg;
}

/*
 * When a thread that never ran is stopped, the kernel's request ends with -EINTR and gets no
 * answer, though the thread is stopped. So a query follows, and its answer shows the result.
 */
static int daemon_stop(struct nl_ipvs *ipvs, enum nl_ipvs_role role)
{
	struct nl_call calls[] = {
		{ .msg = daemon_msg_del(ipvs, role) },
		{ .msg = ipvs_msg(ipvs, IPVS_CMD_GET_CONFIG, 0) },
	};
	int err = -ENOMEM;

	if (calls[0].msg && calls[1].msg) {
		nl_conn_call(ipvs->conn, calls, 2, NULL, NULL);
		ipvs->changes++;
		err = calls[0].error;
	}
	nlmsg_free(calls[0].msg);
	nlmsg_free(calls[1].msg);
	return err == -ESRCH || err == -EINTR ? 0 : err;
}

/*
 * False for values that the kernel would change silently: the running thread would never match
 * them.
 */
static bool daemon_possible(const struct nl_ipvs_daemon *daemon)
{
	if (daemon->role != NL_IPVS_MASTER && daemon->role != NL_IPVS_BACKUP)
		return false;
	if (daemon->role == NL_IPVS_BACKUP && daemon->sync_maxlen &&
	    daemon->sync_maxlen < BACKUP_MAXLEN_LEAST)
		return false;
	return daemon->sync_maxlen <= MAXLEN_MOST;
}

int nl_ipvs_daemon_run(struct nl_ipvs *ipvs, const struct nl_ipvs_daemon *daemon)
{
	struct nl_ipvs_daemon is;
	int err = ipvs_find(ipvs);

	if (!err && !daemon_possible(daemon))
		err = -EINVAL;
	if (err)
		return err;

	err = daemon_look(ipvs, daemon->role, &is);
	if (!err && daemon_met(daemon, &is))
		return 0;
	if (!err)
		err = daemon_stop(ipvs, daemon->role);
	if (err && err != -ESRCH)
		return err;
	return ipvs_change_one(ipvs, daemon_msg_new(ipvs, daemon));
}

int nl_ipvs_daemon_stop(struct nl_ipvs *ipvs, enum nl_ipvs_role role)
{
	int err = ipvs_find(ipvs);

	return err ? err : daemon_stop(ipvs, role);
}

int nl_ipvs_daemon_reclaim(struct nl_ipvs *ipvs, enum nl_ipvs_role role, struct nl_ipvs_owned *owned)
{
	const struct nl_ipvs_daemon *left = ipvs_owned_daemon(owned, role);
	struct nl_ipvs_daemon is;
	int err;

	if (!nl_ipvs_owns_daemon(owned, role))
		return 0;
	err = nl_ipvs_daemon_get(ipvs, role, &is);
	if (!err && daemon_met(left, &is))
		err = daemon_stop(ipvs, role);
	if (err && err != -ESRCH)
		return err;
	nl_ipvs_disown_daemon(owned, role);
	return 0;
}

int nl_ipvs_daemon_get(struct nl_ipvs *ipvs, enum nl_ipvs_role role, struct nl_ipvs_daemon *daemon)
{
	int err = ipvs_find(ipvs);

	return err ? err : daemon_look(ipvs, role, daemon);
}
