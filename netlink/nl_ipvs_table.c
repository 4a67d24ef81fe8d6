// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Services and servers as messages: requests to the kernel, and its answers.
 *
 * A table owns what was read, and is complete before it is passed to a caller.
 *
 * The kernel dumps by position. If others add or remove objects meanwhile, it may report one
 * service or server twice (repeats are removed here) or not at all. And since Linux 7 it moves its
 * services to a larger table from time to time, in the background, and a dump meanwhile misses
 * many. So decisions about services rest on a request for each by its key, which is exact; a dump
 * is for display only.
 */
#include <errno.h>
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>

#include "nl_grow.h"
#include "nl_ipvs_private.h"

_Static_assert((int)NL_IPVS_MASQUERADE == IP_VS_CONN_F_MASQ &&
		       (int)NL_IPVS_TUNNEL == IP_VS_CONN_F_TUNNEL &&
		       (int)NL_IPVS_DIRECT == IP_VS_CONN_F_DROUTE,
	       "forwarding methods are the kernel's numbers");
_Static_assert((int)NL_IPVS_GUE == IP_VS_CONN_F_TUNNEL_TYPE_GUE &&
		       (int)NL_IPVS_GRE == IP_VS_CONN_F_TUNNEL_TYPE_GRE,
	       "encapsulations are the kernel's numbers");
_Static_assert(NL_IPVS_SCHEDULER_BYTES == IP_VS_SCHEDNAME_MAXLEN,
	       "a scheduler's name is as long as the kernel's");

/* sh and mh give the two bits the same meaning. */
#define FLAG_FALLBACK IP_VS_SVC_F_SCHED1
#define FLAG_BY_PORT  IP_VS_SVC_F_SCHED2

/* Each request takes some 3 KiB of the receive buffer: an answer and an acknowledgement. */
#define QUESTIONS_AT_ONCE 64

int nl_ipvs_key_cmp(const struct nl_ipvs_key *a, const struct nl_ipvs_key *b)
{
	if (a->fwmark != b->fwmark)
		return a->fwmark < b->fwmark ? -1 : 1;
	if (a->fwmark)
		return a->address.family - b->address.family;
	if (a->protocol != b->protocol)
		return (int)a->protocol - (int)b->protocol;
	if (a->port != b->port)
		return (int)a->port - (int)b->port;
	return ipvs_address_cmp(&a->address, &b->address);
}

int ipvs_server_cmp(const struct nl_ipvs_server *a, const struct nl_ipvs_server *b)
{
	int differ = ipvs_address_cmp(&a->address, &b->address);

	return differ ? differ : (int)a->port - (int)b->port;
}

/* ------------------------------------------------------------- requests */

static uint8_t prefixlen_of(const struct nl_ipvs_service *service)
{
	uint8_t whole = service->key.address.family == AF_INET ? 32 : 128;

	return service->persistence_sec && service->persistence_prefixlen
		       ? service->persistence_prefixlen
		       : whole;
}

/* An IPv4 netmask as it is, of IPv6 the prefix length. */
static uint32_t netmask_of(const struct nl_ipvs_service *service)
{
	uint8_t prefixlen = prefixlen_of(service);

	if (service->key.address.family == AF_INET6)
		return prefixlen;
	return htonl(~(uint32_t)0 << (32 - prefixlen));
}

static struct ip_vs_flags flags_of(const struct nl_ipvs_service *service)
{
	struct ip_vs_flags flags = { .mask = ~0 };

	flags.flags |= service->persistence_sec ? IP_VS_SVC_F_PERSISTENT : 0;
	flags.flags |= service->one_packet ? IP_VS_SVC_F_ONEPACKET : 0;
	flags.flags |= service->fallback ? FLAG_FALLBACK : 0;
	flags.flags |= service->by_port ? FLAG_BY_PORT : 0;
	return flags;
}

static int put_key(struct nl_msg *msg, const struct nl_ipvs_key *key)
{
	if (nla_put_u16(msg, IPVS_SVC_ATTR_AF, key->address.family) < 0)
		return -ENOMEM;
	if (key->fwmark)
		return nla_put_u32(msg, IPVS_SVC_ATTR_FWMARK, key->fwmark);
	if (nla_put_u16(msg, IPVS_SVC_ATTR_PROTOCOL, key->protocol) < 0 ||
	    nla_put_u16(msg, IPVS_SVC_ATTR_PORT, htons(key->port)) < 0)
		return -ENOMEM;
	return ipvs_address_put(msg, IPVS_SVC_ATTR_ADDR, &key->address);
}

static int put_options(struct nl_msg *msg, const struct nl_ipvs_service *service)
{
	struct ip_vs_flags flags = flags_of(service);

	if (nla_put_string(msg, IPVS_SVC_ATTR_SCHED_NAME, service->scheduler) < 0 ||
	    nla_put(msg, IPVS_SVC_ATTR_FLAGS, sizeof(flags), &flags) < 0 ||
	    nla_put_u32(msg, IPVS_SVC_ATTR_TIMEOUT, service->persistence_sec) < 0)
		return -ENOMEM;
	return nla_put_u32(msg, IPVS_SVC_ATTR_NETMASK, netmask_of(service));
}

/* A request that names a service, with its options unless they are NULL. */
static struct nl_msg *service_msg(const struct nl_ipvs *ipvs, int command, int flags,
				  const struct nl_ipvs_key *key,
				  const struct nl_ipvs_service *options)
{
	struct nl_msg *msg = ipvs_msg(ipvs, command, flags);
	struct nlattr *nest = msg ? nla_nest_start(msg, IPVS_CMD_ATTR_SERVICE) : NULL;

	if (!nest || put_key(msg, key) < 0 || (options && put_options(msg, options) < 0)) {
		nlmsg_free(msg);
		return NULL;
	}
	nla_nest_end(msg, nest);
	return msg;
}

struct nl_msg *ipvs_service_msg(const struct nl_ipvs *ipvs, int command,
				const struct nl_ipvs_service *service)
{
	return service_msg(ipvs, command, 0, &service->key,
			   command == IPVS_CMD_DEL_SERVICE ? NULL : service);
}

/* A copy with the options cleared that its forwarding method ignores. */
static struct nl_ipvs_server meaningful(const struct nl_ipvs_server *server)
{
	struct nl_ipvs_server clean = *server;

	if (clean.forward != NL_IPVS_TUNNEL)
		clean.encapsulation = NL_IPVS_IPIP;
	if (clean.encapsulation != NL_IPVS_GUE) {
		clean.gue_port = 0;
		clean.remote_checksum = false;
	}
	if (clean.encapsulation == NL_IPVS_IPIP)
		clean.checksum = false;
	return clean;
}

static int put_tunnel(struct nl_msg *msg, const struct nl_ipvs_server *server)
{
	uint16_t flags = (server->checksum ? IP_VS_TUNNEL_ENCAP_FLAG_CSUM : 0) |
			 (server->remote_checksum ? IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM : 0);

	if (nla_put_u8(msg, IPVS_DEST_ATTR_TUN_TYPE, server->encapsulation) < 0 ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_TUN_PORT, htons(server->gue_port)) < 0)
		return -ENOMEM;
	return nla_put_u16(msg, IPVS_DEST_ATTR_TUN_FLAGS, flags);
}

static int put_server(struct nl_msg *msg, const struct nl_ipvs_server *wanted)
{
	struct nl_ipvs_server server = meaningful(wanted);

	if (ipvs_address_put(msg, IPVS_DEST_ATTR_ADDR, &server.address) < 0 ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_ADDR_FAMILY, server.address.family) < 0 ||
	    nla_put_u16(msg, IPVS_DEST_ATTR_PORT, htons(server.port)) < 0 ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_FWD_METHOD, server.forward) < 0 ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_WEIGHT, server.weight) < 0 ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_U_THRESH, server.upper_threshold) < 0 ||
	    nla_put_u32(msg, IPVS_DEST_ATTR_L_THRESH, server.lower_threshold) < 0)
		return -ENOMEM;
	return put_tunnel(msg, &server);
}

struct nl_msg *ipvs_server_msg(const struct nl_ipvs *ipvs, int command,
			       const struct nl_ipvs_key *key, const struct nl_ipvs_server *server)
{
	struct nl_msg *msg = service_msg(ipvs, command, 0, key, NULL);
	struct nlattr *nest = msg ? nla_nest_start(msg, IPVS_CMD_ATTR_DEST) : NULL;

	if (!nest || put_server(msg, server) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	nla_nest_end(msg, nest);
	return msg;
}

bool ipvs_service_same(const struct nl_ipvs_service *a, const struct nl_ipvs_service *b)
{
	return !strcmp(a->scheduler, b->scheduler) && flags_of(a).flags == flags_of(b).flags &&
	       a->persistence_sec == b->persistence_sec && prefixlen_of(a) == prefixlen_of(b);
}

bool ipvs_server_same(const struct nl_ipvs_server *one, const struct nl_ipvs_server *other)
{
	struct nl_ipvs_server a = meaningful(one), b = meaningful(other);

	return a.forward == b.forward && a.weight == b.weight &&
	       a.upper_threshold == b.upper_threshold && a.lower_threshold == b.lower_threshold &&
	       a.encapsulation == b.encapsulation && a.gue_port == b.gue_port &&
	       a.checksum == b.checksum && a.remote_checksum == b.remote_checksum;
}

/* -------------------------------------------------------------- answers */

static uint16_t get_u16(struct nlattr *attr)
{
	return attr ? nla_get_u16(attr) : 0;
}

static uint32_t get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static void parse_stats(struct nlattr *nest, struct nl_ipvs_stats *stats)
{
	uint64_t *const counters[IPVS_STATS_ATTR_MAX + 1] = {
		[IPVS_STATS_ATTR_CONNS] = &stats->connections,
		[IPVS_STATS_ATTR_INPKTS] = &stats->packets_in,
		[IPVS_STATS_ATTR_OUTPKTS] = &stats->packets_out,
		[IPVS_STATS_ATTR_INBYTES] = &stats->bytes_in,
		[IPVS_STATS_ATTR_OUTBYTES] = &stats->bytes_out,
		[IPVS_STATS_ATTR_CPS] = &stats->connection_rate,
		[IPVS_STATS_ATTR_INPPS] = &stats->packet_rate_in,
		[IPVS_STATS_ATTR_OUTPPS] = &stats->packet_rate_out,
		[IPVS_STATS_ATTR_INBPS] = &stats->byte_rate_in,
		[IPVS_STATS_ATTR_OUTBPS] = &stats->byte_rate_out,
	};
	struct nlattr *attrs[IPVS_STATS_ATTR_MAX + 1];

	if (!nest || nla_parse_nested(attrs, IPVS_STATS_ATTR_MAX, nest, NULL) < 0)
		return;
	for (size_t i = 0; i <= IPVS_STATS_ATTR_MAX; i++)
		if (counters[i] && attrs[i] && nla_len(attrs[i]) == sizeof(uint64_t))
			*counters[i] = nla_get_u64(attrs[i]);
}

static void parse_options(struct nlattr **attrs, struct nl_ipvs_service *service)
{
	struct ip_vs_flags flags = {};
	uint32_t netmask = get_u32(attrs[IPVS_SVC_ATTR_NETMASK]);

	if (attrs[IPVS_SVC_ATTR_SCHED_NAME])
		nla_strlcpy(service->scheduler, attrs[IPVS_SVC_ATTR_SCHED_NAME],
			    sizeof(service->scheduler));
	if (attrs[IPVS_SVC_ATTR_FLAGS])
		nla_memcpy(&flags, attrs[IPVS_SVC_ATTR_FLAGS], sizeof(flags));
	service->fallback = flags.flags & FLAG_FALLBACK;
	service->by_port = flags.flags & FLAG_BY_PORT;
	service->one_packet = flags.flags & IP_VS_SVC_F_ONEPACKET;
	if (!(flags.flags & IP_VS_SVC_F_PERSISTENT))
		return;
	service->persistence_sec = get_u32(attrs[IPVS_SVC_ATTR_TIMEOUT]);
	service->persistence_prefixlen = service->key.address.family == AF_INET6
						 ? netmask
						 : (uint8_t)__builtin_popcount(netmask);
}

static bool parse_key(struct nlattr **attrs, struct nl_ipvs_key *key)
{
	key->address.family = get_u16(attrs[IPVS_SVC_ATTR_AF]);
	if (key->address.family != AF_INET && key->address.family != AF_INET6)
		return false;
	key->fwmark = get_u32(attrs[IPVS_SVC_ATTR_FWMARK]);
	if (key->fwmark)
		return true;
	key->protocol = get_u16(attrs[IPVS_SVC_ATTR_PROTOCOL]);
	key->port = ntohs(get_u16(attrs[IPVS_SVC_ATTR_PORT]));
	ipvs_address_get(&key->address, attrs[IPVS_SVC_ATTR_ADDR]);
	return attrs[IPVS_SVC_ATTR_ADDR] != NULL;
}

static bool parse_service(struct nlmsghdr *nlh, struct nl_ipvs_service_state *state)
{
	static struct nla_policy policy[IPVS_SVC_ATTR_MAX + 1] = {
		[IPVS_SVC_ATTR_AF] = { .type = NLA_U16 },
		[IPVS_SVC_ATTR_PROTOCOL] = { .type = NLA_U16 },
		[IPVS_SVC_ATTR_PORT] = { .type = NLA_U16 },
		[IPVS_SVC_ATTR_FWMARK] = { .type = NLA_U32 },
		[IPVS_SVC_ATTR_SCHED_NAME] = { .type = NLA_STRING },
		[IPVS_SVC_ATTR_TIMEOUT] = { .type = NLA_U32 },
		[IPVS_SVC_ATTR_NETMASK] = { .type = NLA_U32 },
	};
	struct nlattr *top[IPVS_CMD_ATTR_MAX + 1], *attrs[IPVS_SVC_ATTR_MAX + 1];

	memset(state, 0, sizeof(*state));
	if (!ipvs_parse(nlh, top) || !top[IPVS_CMD_ATTR_SERVICE] ||
	    nla_parse_nested(attrs, IPVS_SVC_ATTR_MAX, top[IPVS_CMD_ATTR_SERVICE], policy) < 0 ||
	    !parse_key(attrs, &state->service.key))
		return false;
	parse_options(attrs, &state->service);
	parse_stats(attrs[IPVS_SVC_ATTR_STATS64], &state->stats);
	return true;
}

static void parse_tunnel(struct nlattr **attrs, struct nl_ipvs_server *server)
{
	uint16_t flags = get_u16(attrs[IPVS_DEST_ATTR_TUN_FLAGS]);

	if (attrs[IPVS_DEST_ATTR_TUN_TYPE])
		server->encapsulation = nla_get_u8(attrs[IPVS_DEST_ATTR_TUN_TYPE]);
	server->gue_port = ntohs(get_u16(attrs[IPVS_DEST_ATTR_TUN_PORT]));
	server->checksum = flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM;
	server->remote_checksum = flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM;
}

static bool parse_server(struct nlmsghdr *nlh, int family, struct nl_ipvs_server_state *state)
{
	static struct nla_policy policy[IPVS_DEST_ATTR_MAX + 1] = {
		[IPVS_DEST_ATTR_PORT] = { .type = NLA_U16 },
		[IPVS_DEST_ATTR_FWD_METHOD] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_WEIGHT] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_U_THRESH] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_L_THRESH] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_ACTIVE_CONNS] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_INACT_CONNS] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_PERSIST_CONNS] = { .type = NLA_U32 },
		[IPVS_DEST_ATTR_ADDR_FAMILY] = { .type = NLA_U16 },
		[IPVS_DEST_ATTR_TUN_TYPE] = { .type = NLA_U8 },
		[IPVS_DEST_ATTR_TUN_PORT] = { .type = NLA_U16 },
		[IPVS_DEST_ATTR_TUN_FLAGS] = { .type = NLA_U16 },
	};
	struct nlattr *top[IPVS_CMD_ATTR_MAX + 1], *attrs[IPVS_DEST_ATTR_MAX + 1];
	struct nl_ipvs_server *server = &state->server;

	memset(state, 0, sizeof(*state));
	if (!ipvs_parse(nlh, top) || !top[IPVS_CMD_ATTR_DEST] ||
	    nla_parse_nested(attrs, IPVS_DEST_ATTR_MAX, top[IPVS_CMD_ATTR_DEST], policy) < 0 ||
	    !attrs[IPVS_DEST_ATTR_ADDR])
		return false;

	/* Linux before 3.18 has no family here: it is that of the service. */
	server->address.family = attrs[IPVS_DEST_ATTR_ADDR_FAMILY]
					 ? nla_get_u16(attrs[IPVS_DEST_ATTR_ADDR_FAMILY])
					 : family;
	ipvs_address_get(&server->address, attrs[IPVS_DEST_ATTR_ADDR]);
	server->port = ntohs(get_u16(attrs[IPVS_DEST_ATTR_PORT]));
	server->forward = get_u32(attrs[IPVS_DEST_ATTR_FWD_METHOD]) & IP_VS_CONN_F_FWD_MASK;
	server->weight = get_u32(attrs[IPVS_DEST_ATTR_WEIGHT]);
	server->upper_threshold = get_u32(attrs[IPVS_DEST_ATTR_U_THRESH]);
	server->lower_threshold = get_u32(attrs[IPVS_DEST_ATTR_L_THRESH]);
	parse_tunnel(attrs, server);
	state->active = get_u32(attrs[IPVS_DEST_ATTR_ACTIVE_CONNS]);
	state->inactive = get_u32(attrs[IPVS_DEST_ATTR_INACT_CONNS]);
	state->persistent = get_u32(attrs[IPVS_DEST_ATTR_PERSIST_CONNS]);
	parse_stats(attrs[IPVS_DEST_ATTR_STATS64], &state->stats);
	return true;
}

/* -------------------------------------------------------------- reading */

static void gather_service(struct nlmsghdr *nlh, void *arg)
{
	struct ipvs_table *table = arg;
	struct nl_ipvs_service_state state;

	if (!parse_service(nlh, &state))
		return;
	if (nl_grow(table->entries, table->count, &table->room))
		table->entries[table->count++] = (struct ipvs_entry){ .state = state };
	else
		table->no_memory = true;
}

static int entry_cmp(const void *a, const void *b)
{
	return nl_ipvs_key_cmp(&((const struct ipvs_entry *)a)->state.service.key,
			       &((const struct ipvs_entry *)b)->state.service.key);
}

static int server_state_cmp(const void *a, const void *b)
{
	return ipvs_server_cmp(&((const struct nl_ipvs_server_state *)a)->server,
			       &((const struct nl_ipvs_server_state *)b)->server);
}

/* Sorts an array and removes repeats; returns how many remain. */
static size_t sort_once(void *array, size_t count, size_t size,
			int (*cmp)(const void *, const void *))
{
	char *at = array;
	size_t kept = 0;

	if (!count)
		return 0;
	qsort(array, count, size, cmp);
	for (size_t i = 1; i < count; i++)
		if (cmp(at + kept * size, at + i * size) != 0 && ++kept != i)
			memcpy(at + kept * size, at + i * size, size);
	return kept + 1;
}

static int table_dump(struct nl_ipvs *ipvs, struct ipvs_table *table)
{
	return nl_conn_call_one(ipvs->conn, ipvs_msg(ipvs, IPVS_CMD_GET_SERVICE, NLM_F_DUMP),
				gather_service, table);
}

/* Reads services by their keys; one that does not exist is not an error. */
static int table_ask(struct nl_ipvs *ipvs, struct ipvs_table *table, const struct nl_ipvs_key *keys,
		     size_t count)
{
	struct nl_call calls[QUESTIONS_AT_ONCE];
	size_t made = 0;
	int err = 0;

	for (; made < count && !err; made += !err) {
		calls[made].msg = service_msg(ipvs, IPVS_CMD_GET_SERVICE, 0, &keys[made], NULL);
		err = calls[made].msg ? 0 : -ENOMEM;
	}
	if (!err)
		err = nl_conn_call(ipvs->conn, calls, count, gather_service, table);
	for (size_t i = 0; i < made; i++) {
		/* A kernel without IPv6 has no IPv6 services. */
		if (!err && calls[i].error != -ESRCH && calls[i].error != -EAFNOSUPPORT)
			err = calls[i].error;
		nlmsg_free(calls[i].msg);
	}
	return err;
}

int ipvs_table_read(struct nl_ipvs *ipvs, struct ipvs_table *table, const struct nl_ipvs_key *keys,
		    size_t count)
{
	int err = 0;

	memset(table, 0, sizeof(*table));
	if (!keys)
		err = table_dump(ipvs, table);
	for (size_t i = 0; keys && !err && i < count; i += QUESTIONS_AT_ONCE)
		err = table_ask(ipvs, table, &keys[i],
				count - i < QUESTIONS_AT_ONCE ? count - i : QUESTIONS_AT_ONCE);
	if (!err && table->no_memory)
		err = -ENOMEM;
	table->count = sort_once(table->entries, table->count, sizeof(*table->entries), entry_cmp);
	return err;
}

/* A dump of servers under way. */
struct gathering {
	struct ipvs_entry *entry;
	bool no_memory;
};

static void gather_server(struct nlmsghdr *nlh, void *arg)
{
	struct gathering *gathering = arg;
	struct ipvs_entry *entry = gathering->entry;
	struct nl_ipvs_service_state *service = &entry->state;
	struct nl_ipvs_server_state state;

	if (!parse_server(nlh, service->service.key.address.family, &state))
		return;
	state.place = service->servers_count;
	if (nl_grow(entry->servers, service->servers_count, &entry->room))
		entry->servers[service->servers_count++] = state;
	else
		gathering->no_memory = true;
}

int ipvs_entry_read(struct nl_ipvs *ipvs, struct ipvs_entry *entry)
{
	struct gathering gathering = { .entry = entry };
	struct nl_msg *msg = service_msg(ipvs, IPVS_CMD_GET_DEST, NLM_F_DUMP,
					 &entry->state.service.key, NULL);
	int err;

	entry->state.servers_count = 0;
	err = nl_conn_call_one(ipvs->conn, msg, gather_server, &gathering);
	if (!err && gathering.no_memory)
		err = -ENOMEM;
	entry->state.servers_count = sort_once(entry->servers, entry->state.servers_count,
					       sizeof(*entry->servers), server_state_cmp);
	entry->state.servers = entry->servers;
	return err;
}

struct ipvs_entry *ipvs_table_find(const struct ipvs_table *table, const struct nl_ipvs_key *key)
{
	struct ipvs_entry wanted = { .state.service.key = *key };

	if (!table->count)
		return NULL;
	return bsearch(&wanted, table->entries, table->count, sizeof(wanted), entry_cmp);
}

void ipvs_table_free(struct ipvs_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->entries[i].servers);
	free(table->entries);
	memset(table, 0, sizeof(*table));
}

int nl_ipvs_read(struct nl_ipvs *ipvs, const struct nl_ipvs_key *keys, size_t count, nl_ipvs_fn fn,
		 void *arg)
{
	struct ipvs_table table = {};
	int err = ipvs_find(ipvs);

	if (!err)
		err = ipvs_table_read(ipvs, &table, keys, count);
	for (size_t i = 0; !err && i < table.count; i++)
		err = ipvs_entry_read(ipvs, &table.entries[i]);
	for (size_t i = 0; !err && i < table.count; i++)
		fn(&table.entries[i].state, arg);
	ipvs_table_free(&table);
	return err;
}
