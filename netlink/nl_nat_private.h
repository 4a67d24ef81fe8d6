/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interface between nl_nat.c, which reads the rules, and nl_nat_rule.c, which evaluates one. */
#ifndef NL_NAT_PRIVATE_H
#define NL_NAT_PRIVATE_H

#include "nl_nat.h"
#include "nl_sock_private.h"

/*
 * Length of the headers that conditions can test: IPv6's 40 octets, which include all fields of
 * IPv4 that matter.
 */
#define NAT_HEADER_BYTES 40

/* The widest register of nftables. */
#define NAT_VALUE_BYTES 16

/* Conditions stored for a rule; any more of them count as met. */
#define NAT_CONDITIONS 8

/* Some bytes of the IP header, masked, compared with one value, or with two: a range. */
struct nat_condition {
	uint8_t offset;
	uint8_t bytes;
	uint8_t comparison; /* enum nft_cmp_ops; of a range, EQ (within) or NEQ */
	bool range;
	uint8_t mask[NAT_VALUE_BYTES];
	uint8_t from[NAT_VALUE_BYTES];
	uint8_t to[NAT_VALUE_BYTES];
};

/* A rule that rewrites sources. Unused bytes are 0, so that two can be compared. */
struct nat_rule {
	int family; /* AF_INET or AF_INET6; AF_UNSPEC: both */
	size_t count;
	struct nat_condition conditions[NAT_CONDITIONS];
	char *text; /* the rule as nl_nat_rule() returns it; owned by this struct */
};

/* A partly known IP header: a byte is known where its byte in known is 0xff. */
struct nat_header {
	uint8_t value[NAT_HEADER_BYTES];
	uint8_t known[NAT_HEADER_BYTES];
};

/*
 * A message about a rule. 1: *rule rewrites sources, its text is the caller's to free;
 * 0: it does not; or negative errno.
 */
int nat_rule_parse(struct nlmsghdr *nlh, struct nat_rule *rule);

bool nat_rule_same(const struct nat_rule *a, const struct nat_rule *b);

void nat_header_make(struct nat_header *header, int family, const void *source,
		     const void *destination);

/* Whether the rule may rewrite a packet of this family with such a header. */
bool nat_rule_may_match(const struct nat_rule *rule, int family, const struct nat_header *header);

#endif /* NL_NAT_PRIVATE_H */
