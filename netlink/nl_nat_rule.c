// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The conditions of an nftables rule that rewrites the source of packets.
 *
 * A rule is a program for registers: bytes of the header are loaded into a register, perhaps
 * masked, and compared. When all comparisons are true, the last expression acts on the packet. Here
 * the program is read once. A comparison of bytes of the IP header becomes a condition; any other
 * expression is ignored, and so counts as met. nft always uses a loaded value at once, so only the
 * last load is remembered.
 *
 * Later a condition is tested on a header of which only some bytes are known. It fails only if it
 * fails for every value of the unknown bytes.
 *
 * iptables-nft writes conditions on addresses in the same way, and its targets as
 * expressions of nftables that carry their name.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "nl_nat_private.h"

#define IPV4_SOURCE	 12
#define IPV4_DESTINATION 16
#define IPV4_BYTES	 4
#define IPV6_SOURCE	 8
#define IPV6_DESTINATION 24
#define IPV6_BYTES	 16

/* The bytes that a register was loaded with. */
struct load {
	enum { LOAD_OTHER, LOAD_HEADER, LOAD_FAMILY } what;
	uint32_t reg;
	uint8_t offset, bytes;
	uint8_t mask[NAT_VALUE_BYTES];
};

/* A rule being read. */
struct reading {
	struct nat_rule *rule;
	struct load load;
	const char *action; /* "masquerade" or "snat"; NULL: neither */
};

/* ----------------------------------------------------------------------- reading */

static void read_payload(struct reading *reading, const struct nftnl_expr *expr)
{
	uint32_t offset = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET);
	uint32_t bytes = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_LEN);
	struct load *load = &reading->load;

	*load = (struct load){ .what = LOAD_OTHER };
	if (nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_BASE) != NFT_PAYLOAD_NETWORK_HEADER ||
	    bytes > NAT_VALUE_BYTES || offset > NAT_HEADER_BYTES ||
	    offset + bytes > NAT_HEADER_BYTES)
		return;
	load->what = LOAD_HEADER;
	load->reg = nftnl_expr_get_u32(expr, NFTNL_EXPR_PAYLOAD_DREG);
	load->offset = offset;
	load->bytes = bytes;
	memset(load->mask, 0xff, bytes);
}

static void read_meta(struct reading *reading, const struct nftnl_expr *expr)
{
	struct load *load = &reading->load;

	*load = (struct load){ .what = LOAD_OTHER };
	if (nftnl_expr_get_u32(expr, NFTNL_EXPR_META_KEY) != NFT_META_NFPROTO)
		return;
	load->what = LOAD_FAMILY;
	load->reg = nftnl_expr_get_u32(expr, NFTNL_EXPR_META_DREG);
}

/* The value of an expression when it has as many bytes as the load, else NULL. */
static const void *value_of(const struct nftnl_expr *expr, uint16_t attribute,
			    const struct load *load)
{
	uint32_t bytes = 0;
	const void *value = nftnl_expr_get(expr, attribute, &bytes);

	return bytes == load->bytes ? value : NULL;
}

static void read_bitwise(struct reading *reading, const struct nftnl_expr *expr)
{
	struct load *load = &reading->load;
	const uint8_t *mask = value_of(expr, NFTNL_EXPR_BITWISE_MASK, load);
	const uint8_t *xor = value_of(expr, NFTNL_EXPR_BITWISE_XOR, load);
	static const uint8_t zero[NAT_VALUE_BYTES];

	if (load->what != LOAD_HEADER || !mask || !xor|| memcmp(xor, zero, load->bytes) ||
	    nftnl_expr_get_u32(expr, NFTNL_EXPR_BITWISE_OP) != NFT_BITWISE_BOOL ||
	    nftnl_expr_get_u32(expr, NFTNL_EXPR_BITWISE_SREG) != load->reg) {
		load->what = LOAD_OTHER;
		return;
	}
	load->reg = nftnl_expr_get_u32(expr, NFTNL_EXPR_BITWISE_DREG);
	memcpy(load->mask, mask, load->bytes);
}

static void add_condition(struct reading *reading, uint32_t comparison, const uint8_t *from,
			  const uint8_t *to)
{
	const struct load *load = &reading->load;
	struct nat_rule *rule = reading->rule;
	struct nat_condition *condition = &rule->conditions[rule->count];

	if (!from || rule->count == NAT_CONDITIONS)
		return;
	rule->count++;
	condition->offset = load->offset;
	condition->bytes = load->bytes;
	condition->comparison = comparison;
	condition->range = to;
	memcpy(condition->mask, load->mask, load->bytes);
	memcpy(condition->from, from, load->bytes);
	if (to)
		memcpy(condition->to, to, load->bytes);
}

static void read_family(struct reading *reading, const struct nftnl_expr *expr)
{
	uint32_t bytes = 0;
	const uint8_t *family = nftnl_expr_get(expr, NFTNL_EXPR_CMP_DATA, &bytes);

	if (bytes != 1 || nftnl_expr_get_u32(expr, NFTNL_EXPR_CMP_OP) != NFT_CMP_EQ)
		return;
	reading->rule->family = *family; /* NFPROTO_IPV4 and _IPV6 are AF_INET and _INET6 */
}

static void read_cmp(struct reading *reading, const struct nftnl_expr *expr)
{
	const struct load *load = &reading->load;

	if (nftnl_expr_get_u32(expr, NFTNL_EXPR_CMP_SREG) != load->reg)
		return;
	if (load->what == LOAD_FAMILY)
		read_family(reading, expr);
	else if (load->what == LOAD_HEADER)
		add_condition(reading, nftnl_expr_get_u32(expr, NFTNL_EXPR_CMP_OP),
			      value_of(expr, NFTNL_EXPR_CMP_DATA, load), NULL);
}

static void read_range(struct reading *reading, const struct nftnl_expr *expr)
{
	const struct load *load = &reading->load;
	const uint8_t *to = value_of(expr, NFTNL_EXPR_RANGE_TO_DATA, load);
	bool within = nftnl_expr_get_u32(expr, NFTNL_EXPR_RANGE_OP) == NFT_RANGE_EQ;

	if (to && load->what == LOAD_HEADER &&
	    nftnl_expr_get_u32(expr, NFTNL_EXPR_RANGE_SREG) == load->reg)
		add_condition(reading, within ? NFT_CMP_EQ : NFT_CMP_NEQ,
			      value_of(expr, NFTNL_EXPR_RANGE_FROM_DATA, load), to);
}

static void read_masq(struct reading *reading, const struct nftnl_expr *expr)
{
	(void)expr;
	reading->action = "masquerade";
}

static void read_nat(struct reading *reading, const struct nftnl_expr *expr)
{
	if (nftnl_expr_get_u32(expr, NFTNL_EXPR_NAT_TYPE) == NFT_NAT_SNAT)
		reading->action = "snat";
}

static void read_target(struct reading *reading, const struct nftnl_expr *expr)
{
	const char *name = nftnl_expr_get_str(expr, NFTNL_EXPR_TG_NAME);

	if (name && !strcmp(name, "MASQUERADE"))
		reading->action = "masquerade";
	else if (name && !strcmp(name, "SNAT"))
		reading->action = "snat";
}

static const struct {
	const char *name;
	void (*read)(struct reading *reading, const struct nftnl_expr *expr);
} readers[] = {
	{ "payload", read_payload }, { "meta", read_meta },	{ "bitwise", read_bitwise },
	{ "cmp", read_cmp },	     { "range", read_range },	{ "masq", read_masq },
	{ "nat", read_nat },	     { "target", read_target },
};

static int read_expr(struct nftnl_expr *expr, void *arg)
{
	const char *name = nftnl_expr_get_str(expr, NFTNL_EXPR_NAME);
	struct reading *reading = arg;

	for (size_t i = 0; name && i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (strcmp(name, readers[i].name))
			continue;
		readers[i].read(reading, expr);
		return 0;
	}
	/* It may have written any register. */
	reading->load.what = LOAD_OTHER;
	return 0;
}

/* ------------------------------------------------------------------------- rules */

static const char *family_name(uint32_t family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	default:
		return NULL;
	}
}

static int rule_text(struct nat_rule *rule, const struct nftnl_rule *nft, const char *action)
{
	const char *family = family_name(nftnl_rule_get_u32(nft, NFTNL_RULE_FAMILY));

	if (asprintf(&rule->text, "%s %s %s handle %llu: %s", family,
		     nftnl_rule_get_str(nft, NFTNL_RULE_TABLE),
		     nftnl_rule_get_str(nft, NFTNL_RULE_CHAIN),
		     (unsigned long long)nftnl_rule_get_u64(nft, NFTNL_RULE_HANDLE), action) < 0) {
		rule->text = NULL;
		return -ENOMEM;
	}
	return 1;
}

static int read_rule(const struct nftnl_rule *nft, struct nat_rule *rule)
{
	struct reading reading = { .rule = rule };
	uint32_t family = nftnl_rule_get_u32(nft, NFTNL_RULE_FAMILY);

	memset(rule, 0, sizeof(*rule));
	if (!family_name(family))
		return 0;
	rule->family = family == NFPROTO_INET ? AF_UNSPEC : (int)family;
	nftnl_expr_foreach((struct nftnl_rule *)nft, read_expr, &reading);
	return reading.action ? rule_text(rule, nft, reading.action) : 0;
}

static bool is_action(const struct nlattr *name)
{
	return !nla_strcmp(name, "masq") || !nla_strcmp(name, "nat") || !nla_strcmp(name, "target");
}

/*
 * True when the message has the name of an expression that may rewrite sources. Few of ten thousand
 * rules have one, and this test takes a tenth of libnftnl's time.
 */
static bool may_rewrite(struct nlmsghdr *nlh)
{
	struct nlattr *list, *element, *name;
	int rest;

	list = nlmsg_find_attr(nlh, sizeof(struct nfgenmsg), NFTA_RULE_EXPRESSIONS);
	if (!list)
		return false;
	nla_for_each_nested(element, list, rest)
	{
		name = nla_find(nla_data(element), nla_len(element), NFTA_EXPR_NAME);
		if (name && is_action(name))
			return true;
	}
	return false;
}

static int read_message(struct nlmsghdr *nlh, struct nat_rule *rule)
{
	struct nftnl_rule *nft = nftnl_rule_alloc();
	int result;

	if (!nft)
		return -ENOMEM;
	result = nftnl_rule_nlmsg_parse(nlh, nft) < 0 ? -EBADMSG : read_rule(nft, rule);
	nftnl_rule_free(nft);
	return result;
}

int nat_rule_parse(struct nlmsghdr *nlh, struct nat_rule *rule)
{
	return may_rewrite(nlh) ? read_message(nlh, rule) : 0;
}

bool nat_rule_same(const struct nat_rule *a, const struct nat_rule *b)
{
	return a->family == b->family && a->count == b->count &&
	       !memcmp(a->conditions, b->conditions, sizeof(a->conditions)) &&
	       !strcmp(a->text, b->text);
}

/* ------------------------------------------------------------------------ asking */

static void header_put(struct nat_header *header, size_t offset, const void *value, size_t bytes)
{
	if (!value)
		return;
	memcpy(header->value + offset, value, bytes);
	memset(header->known + offset, 0xff, bytes);
}

void nat_header_make(struct nat_header *header, int family, const void *source,
		     const void *destination)
{
	bool v4 = family == AF_INET;
	size_t bytes = v4 ? IPV4_BYTES : IPV6_BYTES;

	memset(header, 0, sizeof(*header));
	header_put(header, v4 ? IPV4_SOURCE : IPV6_SOURCE, source, bytes);
	header_put(header, v4 ? IPV4_DESTINATION : IPV6_DESTINATION, destination, bytes);
}

static bool compare(const struct nat_condition *condition, const uint8_t *value)
{
	int from = memcmp(value, condition->from, condition->bytes);

	if (condition->range) {
		bool within = from >= 0 && memcmp(value, condition->to, condition->bytes) <= 0;

		return within == (condition->comparison == NFT_CMP_EQ);
	}
	switch (condition->comparison) {
	case NFT_CMP_EQ:
		return from == 0;
	case NFT_CMP_NEQ:
		return from != 0;
	case NFT_CMP_LT:
		return from < 0;
	case NFT_CMP_LTE:
		return from <= 0;
	case NFT_CMP_GT:
		return from > 0;
	case NFT_CMP_GTE:
		return from >= 0;
	default:
		return true;
	}
}

static bool may_hold(const struct nat_condition *condition, const struct nat_header *header)
{
	bool equals = condition->comparison == NFT_CMP_EQ && !condition->range;
	uint8_t value[NAT_VALUE_BYTES] = {};
	bool all_known = true;

	for (size_t i = 0; i < condition->bytes; i++) {
		size_t at = condition->offset + i;

		value[i] = header->value[at] & condition->mask[i];
		if (header->known[at] || !condition->mask[i]) {
			if (equals && value[i] != condition->from[i])
				return false;
			continue;
		}
		all_known = false;
	}
	return !all_known || compare(condition, value);
}

bool nat_rule_may_match(const struct nat_rule *rule, int family, const struct nat_header *header)
{
	if (rule->family != AF_UNSPEC && rule->family != family)
		return false;
	/* Without a family it is unknown for which IP header the conditions are. */
	for (size_t i = 0; rule->family && i < rule->count; i++)
		if (!may_hold(&rule->conditions[i], header))
			return false;
	return true;
}
