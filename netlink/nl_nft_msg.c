// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table as messages. Only the pages of a batch outlive a call. nft(8) would write it as:
 *
 *	table inet vrrp {
 *		comment "frr-crossvip vrrpd"
 *		counter mld, igmp, router_solicit, neighbor_advert, refused
 *		set vmacs { type ifname; }
 *		set link_locals { type ifname . ipv6_addr; }
 *		set refused_ipv4 { type ipv4_addr; }
 *		set refused_ipv6 { type ipv6_addr; }
 *		set refused_link_locals { type ifname . ipv6_addr; }
 *		set mld_types { type icmpv6_type; elements = { 131, 132, 143 } }
 *		set neighbor_types { type icmpv6_type; elements = { 135, 136 } }
 *		chain output {
 *			type filter hook output priority filter; policy accept;
 *			oifname != @vmacs accept
 *			icmpv6 type @mld_types counter name mld drop
 *			meta nfproto ipv4 meta l4proto igmp counter name igmp drop
 *			icmpv6 type nd-router-solicit counter name router_solicit drop
 *			icmpv6 type nd-neighbor-advert icmpv6 taddr fe80::/10
 *				oifname . icmpv6 taddr != @link_locals
 *				counter name neighbor_advert drop
 *		}
 *		chain input {
 *			type filter hook input priority filter; policy accept;
 *			ip daddr @refused_ipv4 counter name refused drop
 *			icmpv6 type @neighbor_types accept
 *			ip6 daddr @refused_ipv6 counter name refused drop
 *			iifname . ip6 daddr @refused_link_locals counter name refused drop
 *		}
 *	}
 *
 * So a packet that leaves by another link costs one look-up in one set, and one that comes in costs
 * two at most.
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stddef.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <libnftnl/batch.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/object.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "nl_nft_private.h"

#define MLD_TYPES      "mld_types"
#define NEIGHBOR_TYPES "neighbor_types"

#define PAGE_BYTES	 (32 * 1024)
#define ELEMENTS_AT_ONCE 256
#define LONGEST_COMMENT	 64
#define MLD2_REPORT	 143
#define TARGET_OF_NA	 8 /* bytes into the ICMPv6 header */
#define IPV4_BYTES	 4
#define IPV6_BYTES	 16
/* The register that follows 16 bytes which begin at NFT_REG_1. */
#define REGISTER_AFTER_NAME NFT_REG_2

/* Numbers of nft(8), by which it prints keys; the kernel does not care. */
enum {
	NFT_TYPE_IPADDR = 7,
	NFT_TYPE_IP6ADDR = 8,
	NFT_TYPE_ICMPV6_TYPE = 29,
	NFT_TYPE_IFNAME = 41,
	NFT_TYPE_BITS = 6,
};
#define NFT_TYPE_IFNAME_IP6ADDR (NFT_TYPE_IFNAME << NFT_TYPE_BITS | NFT_TYPE_IP6ADDR)
#define NFT_BYTEORDER_HOST	1

static const char *const counter_names[NL_NFT_COUNTERS] = {
	[NL_NFT_MLD] = "mld",
	[NL_NFT_IGMP] = "igmp",
	[NL_NFT_ROUTER_SOLICIT] = "router_solicit",
	[NL_NFT_NEIGHBOR_ADVERT] = "neighbor_advert",
	[NL_NFT_REFUSED] = "refused",
};

/* The name of a set, and the bytes of a nl_nft_vip that are its key. */
#define KEY(from, bytes) .key_at = offsetof(struct nl_nft_vip, from), .key_bytes = (bytes)
static const struct {
	const char *name;
	uint32_t type;
	size_t key_at;
	uint32_t key_bytes;
} sets[NL_NFT_SETS] = {
	[NL_NFT_SET_VMACS] = { "vmacs", NFT_TYPE_IFNAME, KEY(ifname, IFNAMSIZ) },
	[NL_NFT_SET_LOCALS] = { "link_locals", NFT_TYPE_IFNAME_IP6ADDR,
				KEY(ifname, IFNAMSIZ + IPV6_BYTES) },
	[NL_NFT_SET_REFUSED_IPV4] = { "refused_ipv4", NFT_TYPE_IPADDR,
				      KEY(address.s6_addr[IPV6_BYTES - IPV4_BYTES], IPV4_BYTES) },
	[NL_NFT_SET_REFUSED_IPV6] = { "refused_ipv6", NFT_TYPE_IP6ADDR, KEY(address, IPV6_BYTES) },
	[NL_NFT_SET_REFUSED_LOCALS] = { "refused_link_locals", NFT_TYPE_IFNAME_IP6ADDR,
					KEY(ifname, IFNAMSIZ + IPV6_BYTES) },
};
#undef KEY

/* ---------------------------------------------------------------------- batches */

static void batch_next(struct nl_nft_batch *batch)
{
	batch->failed |= nftnl_batch_update(batch->pages) < 0;
}

void nl_nft_batch_begin(struct nl_nft_batch *batch, uint32_t seq)
{
	memset(batch, 0, sizeof(*batch));
	batch->seq = seq;
	batch->pages = nftnl_batch_alloc(PAGE_BYTES, PAGE_BYTES);
	batch->failed = !batch->pages;
	if (batch->failed)
		return;
	nftnl_batch_begin(nftnl_batch_buffer(batch->pages), batch->seq++);
	batch_next(batch);
}

uint32_t nl_nft_batch_end(struct nl_nft_batch *batch)
{
	if (!batch->failed) {
		nftnl_batch_end(nftnl_batch_buffer(batch->pages), batch->seq++);
		batch_next(batch);
	}
	return batch->seq;
}

int nl_nft_batch_iovec(struct nl_nft_batch *batch, struct iovec iov[NL_NFT_IOVECS])
{
	int count;

	if (batch->failed)
		return -ENOMEM;
	count = nftnl_batch_iovec_len(batch->pages);
	if (count > NL_NFT_IOVECS)
		return -EMSGSIZE;
	nftnl_batch_iovec(batch->pages, iov, count);
	return count;
}

void nl_nft_batch_free(struct nl_nft_batch *batch)
{
	if (batch->pages)
		nftnl_batch_free(batch->pages);
	batch->pages = NULL;
}

/* Begins the next message; the caller adds the body and calls batch_next(). */
static struct nlmsghdr *batch_message(struct nl_nft_batch *batch, int type, int flags)
{
	batch->acks++;
	return nftnl_nlmsg_build_hdr(nftnl_batch_buffer(batch->pages), type, NFPROTO_INET,
				     NLM_F_ACK | flags, batch->seq++);
}

/* True when memory was available; else the batch fails. */
static bool made(struct nl_nft_batch *batch, const void *thing)
{
	batch->failed |= !thing;
	return thing;
}

/* ------------------------------------------------------------- table, chain, sets */

static struct nftnl_table *table_new(void)
{
	struct nftnl_table *table = nftnl_table_alloc();

	if (table) {
		nftnl_table_set_u32(table, NFTNL_TABLE_FAMILY, NFPROTO_INET);
		nftnl_table_set_str(table, NFTNL_TABLE_NAME, NL_NFT_TABLE);
	}
	return table;
}

/* nft(8) keeps comments as tagged user data; the kernel keeps that. */
static bool table_comment(struct nftnl_table *table)
{
	struct nftnl_udata_buf *buf = nftnl_udata_buf_alloc(LONGEST_COMMENT);

	if (!buf)
		return false;
	nftnl_udata_put_strz(buf, NFTNL_UDATA_TABLE_COMMENT, NL_NFT_COMMENT);
	nftnl_table_set_data(table, NFTNL_TABLE_USERDATA, nftnl_udata_buf_data(buf),
			     nftnl_udata_buf_len(buf));
	nftnl_udata_buf_free(buf);
	return true;
}

void nl_nft_put_table_del(struct nl_nft_batch *batch)
{
	struct nftnl_table *table = batch->failed ? NULL : table_new();

	if (!made(batch, table))
		return;
	nftnl_table_nlmsg_build_payload(batch_message(batch, NFT_MSG_DELTABLE, 0), table);
	batch_next(batch);
	nftnl_table_free(table);
}

static void put_table(struct nl_nft_batch *batch)
{
	struct nftnl_table *table = batch->failed ? NULL : table_new();

	if (!made(batch, table))
		return;
	batch->failed = !table_comment(table);
	if (!batch->failed) {
		nftnl_table_nlmsg_build_payload(batch_message(batch, NFT_MSG_NEWTABLE,
							      NLM_F_CREATE | NLM_F_EXCL),
						table);
		batch_next(batch);
	}
	nftnl_table_free(table);
}

static void put_counter(struct nl_nft_batch *batch, const char *name,
			const struct nl_nft_count *count)
{
	struct nftnl_obj *obj = batch->failed ? NULL : nftnl_obj_alloc();

	if (!made(batch, obj))
		return;
	nftnl_obj_set_u32(obj, NFTNL_OBJ_FAMILY, NFPROTO_INET);
	nftnl_obj_set_str(obj, NFTNL_OBJ_TABLE, NL_NFT_TABLE);
	nftnl_obj_set_str(obj, NFTNL_OBJ_NAME, name);
	nftnl_obj_set_u32(obj, NFTNL_OBJ_TYPE, NFT_OBJECT_COUNTER);
	nftnl_obj_set_u64(obj, NFTNL_OBJ_CTR_PKTS, count->packets);
	nftnl_obj_set_u64(obj, NFTNL_OBJ_CTR_BYTES, count->bytes);
	nftnl_obj_nlmsg_build_payload(batch_message(batch, NFT_MSG_NEWOBJ, NLM_F_CREATE), obj);
	batch_next(batch);
	nftnl_obj_free(obj);
}

static void put_chain(struct nl_nft_batch *batch, const char *name, uint32_t hook)
{
	struct nftnl_chain *chain = batch->failed ? NULL : nftnl_chain_alloc();

	if (!made(batch, chain))
		return;
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_FAMILY, NFPROTO_INET);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, NL_NFT_TABLE);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, name);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, hook);
	nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, 0);
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_POLICY, NF_ACCEPT);
	nftnl_chain_nlmsg_build_payload(batch_message(batch, NFT_MSG_NEWCHAIN, NLM_F_CREATE), chain);
	batch_next(batch);
	nftnl_chain_free(chain);
}

static struct nftnl_set *set_new(const char *name)
{
	struct nftnl_set *set = nftnl_set_alloc();

	if (set) {
		nftnl_set_set_u32(set, NFTNL_SET_FAMILY, NFPROTO_INET);
		nftnl_set_set_str(set, NFTNL_SET_TABLE, NL_NFT_TABLE);
		nftnl_set_set_str(set, NFTNL_SET_NAME, name);
	}
	return set;
}

/* Tells nft(8) the byte order of keys; without it, nft(8) prints names as empty. */
static bool set_is_host_endian(struct nftnl_set *set)
{
	struct nftnl_udata_buf *buf = nftnl_udata_buf_alloc(LONGEST_COMMENT);

	if (!buf)
		return false;
	nftnl_udata_put_u32(buf, NFTNL_UDATA_SET_KEYBYTEORDER, NFT_BYTEORDER_HOST);
	nftnl_set_set_data(set, NFTNL_SET_USERDATA, nftnl_udata_buf_data(buf),
			   nftnl_udata_buf_len(buf));
	nftnl_udata_buf_free(buf);
	return true;
}

static void put_set(struct nl_nft_batch *batch, const char *name, uint32_t type, uint32_t key_bytes,
		    uint32_t id)
{
	struct nftnl_set *set = batch->failed ? NULL : set_new(name);

	if (!made(batch, set))
		return;
	nftnl_set_set_u32(set, NFTNL_SET_KEY_TYPE, type);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, key_bytes);
	nftnl_set_set_u32(set, NFTNL_SET_ID, id);
	if (type == NFT_TYPE_IFNAME)
		batch->failed = !set_is_host_endian(set);
	if (!batch->failed) {
		nftnl_set_nlmsg_build_payload(batch_message(batch, NFT_MSG_NEWSET, NLM_F_CREATE),
					      set);
		batch_next(batch);
	}
	nftnl_set_free(set);
}

static bool add_element(struct nftnl_set *set, const void *key, uint32_t key_bytes)
{
	struct nftnl_set_elem *element = nftnl_set_elem_alloc();

	if (!element)
		return false;
	nftnl_set_elem_set(element, NFTNL_SET_ELEM_KEY, key, key_bytes);
	nftnl_set_elem_add(set, element);
	return true;
}

/* Adds elements to a message; their keys are stride bytes apart. */
static void put_keys(struct nl_nft_batch *batch, const char *name, const void *keys, size_t count,
		     size_t stride, uint32_t key_bytes, bool add)
{
	int type = add ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM;
	struct nftnl_set *set = batch->failed ? NULL : set_new(name);

	if (!made(batch, set))
		return;
	for (size_t i = 0; !batch->failed && i < count; i++)
		batch->failed = !add_element(set, (const uint8_t *)keys + i * stride, key_bytes);
	if (!batch->failed) {
		nftnl_set_elems_nlmsg_build_payload(batch_message(batch, type,
								  add ? NLM_F_CREATE : 0),
						    set);
		batch_next(batch);
	}
	nftnl_set_free(set);
}

static void put_list(struct nl_nft_batch *batch, enum nl_nft_set set,
		     const struct nl_nft_list *list, bool add)
{
	_Static_assert(sizeof(struct nl_nft_vip) == IFNAMSIZ + IPV6_BYTES, "a VIP is a key");
	for (size_t i = 0; i < list->count; i += ELEMENTS_AT_ONCE) {
		size_t rest = list->count - i;

		put_keys(batch, sets[set].name, (const uint8_t *)&list->vips[i] + sets[set].key_at,
			 rest < ELEMENTS_AT_ONCE ? rest : ELEMENTS_AT_ONCE, sizeof(*list->vips),
			 sets[set].key_bytes, add);
	}
}

void nl_nft_put_elements(struct nl_nft_batch *batch, const struct nl_nft_wanted *elements, bool add)
{
	for (int set = 0; set < NL_NFT_SETS; set++)
		put_list(batch, set, &elements->lists[set], add);
}

/* ------------------------------------------------------------------------- rules */

/* A rule under construction; it records when memory was missing for a part. */
struct rule {
	struct nftnl_rule *rule;
	bool failed;
};

static struct nftnl_expr *rule_expr(struct rule *rule, const char *name)
{
	struct nftnl_expr *expr = rule->failed ? NULL : nftnl_expr_alloc(name);

	if (expr)
		nftnl_rule_add_expr(rule->rule, expr);
	else
		rule->failed = true;
	return expr;
}

static void rule_meta(struct rule *rule, enum nft_meta_keys key)
{
	struct nftnl_expr *expr = rule_expr(rule, "meta");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_DREG, NFT_REG_1);
}

/* Loads bytes of the packet, counted from the start of a header. */
static void rule_payload(struct rule *rule, enum nft_payload_bases base, uint32_t offset,
			 uint32_t bytes, uint32_t reg)
{
	struct nftnl_expr *expr = rule_expr(rule, "payload");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_BASE, base);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_LEN, bytes);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_DREG, reg);
}

static void rule_equals(struct rule *rule, const void *data, uint32_t bytes)
{
	struct nftnl_expr *expr = rule_expr(rule, "cmp");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
	nftnl_expr_set(expr, NFTNL_EXPR_CMP_DATA, data, bytes);
}

static void rule_byte_is(struct rule *rule, uint8_t byte)
{
	rule_equals(rule, &byte, sizeof(byte));
}

static void rule_in_set(struct rule *rule, const char *set, bool in)
{
	struct nftnl_expr *expr = rule_expr(rule, "lookup");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
	nftnl_expr_set_str(expr, NFTNL_EXPR_LOOKUP_SET, set);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_FLAGS, in ? 0 : NFT_LOOKUP_F_INV);
}

/* Matches when the IPv6 address in the first register is in fe80::/10. */
static void rule_link_local(struct rule *rule)
{
	static const struct in6_addr mask = { { { 0xff, 0xc0 } } }, same = IN6ADDR_ANY_INIT,
				     prefix = { { { 0xfe, 0x80 } } };
	struct nftnl_expr *expr = rule_expr(rule, "bitwise");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_SREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_DREG, NFT_REG_1);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_LEN, sizeof(mask));
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_MASK, &mask, sizeof(mask));
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_XOR, &same, sizeof(same));
	rule_equals(rule, &prefix, sizeof(prefix));
}

static void rule_verdict(struct rule *rule, uint32_t verdict)
{
	struct nftnl_expr *expr = rule_expr(rule, "immediate");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_VERDICT, verdict);
}

static void rule_count_and_drop(struct rule *rule, enum nl_nft_counter counter)
{
	struct nftnl_expr *expr = rule_expr(rule, "objref");

	if (!expr)
		return;
	nftnl_expr_set_u32(expr, NFTNL_EXPR_OBJREF_IMM_TYPE, NFT_OBJECT_COUNTER);
	nftnl_expr_set_str(expr, NFTNL_EXPR_OBJREF_IMM_NAME, counter_names[counter]);
	rule_verdict(rule, NF_DROP);
}

static void rule_protocol(struct rule *rule, uint8_t family, uint8_t protocol)
{
	rule_meta(rule, NFT_META_NFPROTO);
	rule_byte_is(rule, family);
	rule_meta(rule, NFT_META_L4PROTO);
	rule_byte_is(rule, protocol);
}

/* Matches ICMPv6, and loads the message type into the first register. */
static void rule_icmpv6(struct rule *rule)
{
	rule_protocol(rule, NFPROTO_IPV6, IPPROTO_ICMPV6);
	rule_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, NFT_REG_1);
}

/* Matches packets of that family, and loads their destination into a register. */
static void rule_destination(struct rule *rule, uint8_t family, uint32_t reg)
{
	rule_meta(rule, NFT_META_NFPROTO);
	rule_byte_is(rule, family);
	if (family == NFPROTO_IPV4)
		rule_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, offsetof(struct iphdr, daddr),
			     IPV4_BYTES, reg);
	else
		rule_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, offsetof(struct ip6_hdr, ip6_dst),
			     IPV6_BYTES, reg);
}

static void put_rule(struct nl_nft_batch *batch, const char *chain,
		     void (*describe)(struct rule *rule))
{
	struct rule rule = { .rule = batch->failed ? NULL : nftnl_rule_alloc() };

	if (!made(batch, rule.rule))
		return;
	nftnl_rule_set_u32(rule.rule, NFTNL_RULE_FAMILY, NFPROTO_INET);
	nftnl_rule_set_str(rule.rule, NFTNL_RULE_TABLE, NL_NFT_TABLE);
	nftnl_rule_set_str(rule.rule, NFTNL_RULE_CHAIN, chain);
	describe(&rule);
	batch->failed = rule.failed;
	if (!batch->failed) {
		nftnl_rule_nlmsg_build_payload(batch_message(batch, NFT_MSG_NEWRULE,
							     NLM_F_CREATE | NLM_F_APPEND),
					       rule.rule);
		batch_next(batch);
	}
	nftnl_rule_free(rule.rule);
}

static void pass_other_links(struct rule *rule)
{
	rule_meta(rule, NFT_META_OIFNAME);
	rule_in_set(rule, sets[NL_NFT_SET_VMACS].name, false);
	rule_verdict(rule, NF_ACCEPT);
}

static void drop_mld(struct rule *rule)
{
	rule_icmpv6(rule);
	rule_in_set(rule, MLD_TYPES, true);
	rule_count_and_drop(rule, NL_NFT_MLD);
}

static void drop_igmp(struct rule *rule)
{
	rule_protocol(rule, NFPROTO_IPV4, IPPROTO_IGMP);
	rule_count_and_drop(rule, NL_NFT_IGMP);
}

static void drop_router_solicit(struct rule *rule)
{
	rule_icmpv6(rule);
	rule_byte_is(rule, ND_ROUTER_SOLICIT);
	rule_count_and_drop(rule, NL_NFT_ROUTER_SOLICIT);
}

static void drop_neighbor_advert(struct rule *rule)
{
	rule_icmpv6(rule);
	rule_byte_is(rule, ND_NEIGHBOR_ADVERT);
	rule_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, TARGET_OF_NA, IPV6_BYTES, NFT_REG_1);
	rule_link_local(rule);
	rule_meta(rule, NFT_META_OIFNAME);
	rule_payload(rule, NFT_PAYLOAD_TRANSPORT_HEADER, TARGET_OF_NA, IPV6_BYTES,
		     REGISTER_AFTER_NAME);
	rule_in_set(rule, sets[NL_NFT_SET_LOCALS].name, false);
	rule_count_and_drop(rule, NL_NFT_NEIGHBOR_ADVERT);
}

static void drop_refused_ipv4(struct rule *rule)
{
	rule_destination(rule, NFPROTO_IPV4, NFT_REG_1);
	rule_in_set(rule, sets[NL_NFT_SET_REFUSED_IPV4].name, true);
	rule_count_and_drop(rule, NL_NFT_REFUSED);
}

static void pass_neighbor_discovery(struct rule *rule)
{
	rule_icmpv6(rule);
	rule_in_set(rule, NEIGHBOR_TYPES, true);
	rule_verdict(rule, NF_ACCEPT);
}

static void drop_refused_ipv6(struct rule *rule)
{
	rule_destination(rule, NFPROTO_IPV6, NFT_REG_1);
	rule_in_set(rule, sets[NL_NFT_SET_REFUSED_IPV6].name, true);
	rule_count_and_drop(rule, NL_NFT_REFUSED);
}

static void drop_refused_link_locals(struct rule *rule)
{
	rule_destination(rule, NFPROTO_IPV6, REGISTER_AFTER_NAME);
	rule_meta(rule, NFT_META_IIFNAME);
	rule_in_set(rule, sets[NL_NFT_SET_REFUSED_LOCALS].name, true);
	rule_count_and_drop(rule, NL_NFT_REFUSED);
}

static void put_sets(struct nl_nft_batch *batch)
{
	static const uint8_t mld_types[] = { MLD_LISTENER_REPORT, MLD_LISTENER_REDUCTION,
					     MLD2_REPORT };
	static const uint8_t neighbor_types[] = { ND_NEIGHBOR_SOLICIT, ND_NEIGHBOR_ADVERT };
	int id = 1;

	for (int set = 0; set < NL_NFT_SETS; set++)
		put_set(batch, sets[set].name, sets[set].type, sets[set].key_bytes, id++);
	put_set(batch, MLD_TYPES, NFT_TYPE_ICMPV6_TYPE, 1, id++);
	put_set(batch, NEIGHBOR_TYPES, NFT_TYPE_ICMPV6_TYPE, 1, id++);
	put_keys(batch, MLD_TYPES, mld_types, sizeof(mld_types), 1, 1, true);
	put_keys(batch, NEIGHBOR_TYPES, neighbor_types, sizeof(neighbor_types), 1, 1, true);
}

void nl_nft_put_table(struct nl_nft_batch *batch, const struct nl_nft_count *counters)
{
	put_table(batch);
	for (int i = 0; i < NL_NFT_COUNTERS; i++)
		put_counter(batch, counter_names[i], &counters[i]);
	put_sets(batch);
	put_chain(batch, "output", NF_INET_LOCAL_OUT);
	put_rule(batch, "output", pass_other_links);
	put_rule(batch, "output", drop_mld);
	put_rule(batch, "output", drop_igmp);
	put_rule(batch, "output", drop_router_solicit);
	put_rule(batch, "output", drop_neighbor_advert);
	put_chain(batch, "input", NF_INET_LOCAL_IN);
	put_rule(batch, "input", drop_refused_ipv4);
	put_rule(batch, "input", pass_neighbor_discovery);
	put_rule(batch, "input", drop_refused_ipv6);
	put_rule(batch, "input", drop_refused_link_locals);
}

/* --------------------------------------------------------------------- questions */

struct nlmsghdr *nl_nft_ask_table(uint8_t *buffer, uint32_t seq)
{
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)buffer, NFT_MSG_GETTABLE, NFPROTO_INET,
						     NLM_F_ACK, seq);

	mnl_attr_put_strz(nlh, NFTA_TABLE_NAME, NL_NFT_TABLE);
	return nlh;
}

static int take_comment(const struct nftnl_udata *attr, void *arg)
{
	if (nftnl_udata_type(attr) == NFTNL_UDATA_TABLE_COMMENT &&
	    nftnl_udata_len(attr) == sizeof(NL_NFT_COMMENT) &&
	    !memcmp(nftnl_udata_get(attr), NL_NFT_COMMENT, sizeof(NL_NFT_COMMENT)))
		*(bool *)arg = true;
	return 0;
}

void nl_nft_is_ours(struct nlmsghdr *nlh, void *arg)
{
	struct nftnl_table *table = nftnl_table_alloc();
	const void *data;
	uint32_t bytes;

	if (!table)
		return;
	if (nftnl_table_nlmsg_parse(nlh, table) == 0) {
		data = nftnl_table_get_data(table, NFTNL_TABLE_USERDATA, &bytes);
		if (data)
			nftnl_udata_parse(data, bytes, take_comment, arg);
	}
	nftnl_table_free(table);
}

struct nlmsghdr *nl_nft_ask_counters(uint8_t *buffer, uint32_t seq)
{
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)buffer, NFT_MSG_GETOBJ, NFPROTO_INET,
						     NLM_F_DUMP, seq);

	mnl_attr_put_strz(nlh, NFTA_OBJ_TABLE, NL_NFT_TABLE);
	mnl_attr_put_u32(nlh, NFTA_OBJ_TYPE, htonl(NFT_OBJECT_COUNTER));
	return nlh;
}

void nl_nft_take_counter(struct nlmsghdr *nlh, void *arg)
{
	struct nl_nft_count *counters = arg;
	struct nftnl_obj *obj = nftnl_obj_alloc();
	const char *name = NULL;

	if (!obj)
		return;
	if (nftnl_obj_nlmsg_parse(nlh, obj) == 0 &&
	    nftnl_obj_get_u32(obj, NFTNL_OBJ_TYPE) == NFT_OBJECT_COUNTER)
		name = nftnl_obj_get_str(obj, NFTNL_OBJ_NAME);
	for (int i = 0; name && i < NL_NFT_COUNTERS; i++) {
		if (strcmp(name, counter_names[i]))
			continue;
		counters[i].packets = nftnl_obj_get_u64(obj, NFTNL_OBJ_CTR_PKTS);
		counters[i].bytes = nftnl_obj_get_u64(obj, NFTNL_OBJ_CTR_BYTES);
	}
	nftnl_obj_free(obj);
}
