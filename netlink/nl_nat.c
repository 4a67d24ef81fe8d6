// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two sockets, one for requests and one for events, and the rules that were read last. An
 * event about rules, or a lost event, makes all rules be read anew. Other events, of which
 * there may be many (elements of sets), are ignored. Only rules that rewrite sources are
 * kept, in the form of nl_nat_rule.c.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "nl_grow.h"
#include "nl_nat_private.h"

/* Rules may change while they are read: read them again, this often at most. */
#define ATTEMPTS 8

#define TAKE_AT_MOST 65536

struct rules {
	struct nat_rule *list;
	size_t count, room;
	int error;
};

struct nl_nat {
	struct nl_conn *conn;
	int events;
	struct rules rules;
	bool stale; /* the kernel may have other rules by now */
	uint64_t generation;
	uint8_t buffer[NL_DATAGRAM_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* ------------------------------------------------------------------------- rules */

static void rules_free(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		free(rules->list[i].text);
	free(rules->list);
	memset(rules, 0, sizeof(*rules));
}

static void take_rule(struct nlmsghdr *nlh, void *arg)
{
	struct rules *rules = arg;
	int result = nl_grow(rules->list, rules->count, &rules->room) ? 0 : -ENOMEM;

	if (!result)
		result = nat_rule_parse(nlh, &rules->list[rules->count]);
	if (result > 0)
		rules->count++;
	else if (result && !rules->error)
		rules->error = result;
}

static bool rules_same(const struct rules *a, const struct rules *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!nat_rule_same(&a->list[i], &b->list[i]))
			return false;
	return true;
}

/* ----------------------------------------------------------------------- reading */

static struct nl_msg *question(void)
{
	struct nfgenmsg nfg = { .nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0 };
	struct nl_msg *msg = nlmsg_alloc_simple(NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE,
						NLM_F_DUMP);

	if (msg && nlmsg_append(msg, &nfg, sizeof(nfg), NLMSG_ALIGNTO) == 0)
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static int read_rules(struct nl_nat *nat, struct rules *rules)
{
	int err = -EAGAIN;

	for (int i = 0; err == -EAGAIN && i < ATTEMPTS; i++) {
		rules_free(rules);
		err = nl_conn_call_one(nat->conn, question(), take_rule, rules);
	}
	/* True for an error by which the kernel says that it lacks a part of nftables. */
	if (err == -EINVAL)
		return -EOPNOTSUPP;
	return err ? err : rules->error;
}

static bool is_about_rules(const struct nlmsghdr *nlh)
{
	switch (NFNL_MSG_TYPE(nlh->nlmsg_type)) {
	case NFT_MSG_NEWTABLE:
	case NFT_MSG_DELTABLE:
	case NFT_MSG_NEWCHAIN:
	case NFT_MSG_DELCHAIN:
	case NFT_MSG_NEWRULE:
	case NFT_MSG_DELRULE:
		return true;
	default:
		return false;
	}
}

static bool any_about_rules(struct nl_nat *nat, size_t len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)nat->buffer;
	int left = (int)len;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		if (is_about_rules(nlh))
			return true;
	return false;
}

static int take_events(struct nl_nat *nat)
{
	ssize_t len = 0;

	for (int i = 0; i < TAKE_AT_MOST && len != -EAGAIN; i++) {
		len = nl_socket_read(nat->events, nat->buffer, sizeof(nat->buffer));
		if (len == -ENOBUFS || len == -EMSGSIZE || (len > 0 && any_about_rules(nat, len)))
			nat->stale = true;
		else if (len < 0 && len != -EAGAIN)
			return len;
	}
	return 0;
}

int nl_nat_read(struct nl_nat *nat)
{
	struct rules old = nat->rules, now = {};
	int err = take_events(nat);

	if (!err && !nat->stale)
		return 0;
	if (!err)
		err = read_rules(nat, &now);
	if (err) {
		rules_free(&now);
		return err;
	}
	nat->rules = now;
	nat->stale = false;
	if (!rules_same(&now, &old))
		nat->generation++;
	rules_free(&old);
	return 0;
}

uint64_t nl_nat_generation(const struct nl_nat *nat)
{
	return nat->generation;
}

const char *nl_nat_rule(const struct nl_nat *nat, int family, const void *source,
			const void *destination)
{
	struct nat_header header;

	nat_header_make(&header, family, source, destination);
	for (size_t i = 0; i < nat->rules.count; i++)
		if (nat_rule_may_match(&nat->rules.list[i], family, &header))
			return nat->rules.list[i].text;
	return NULL;
}

/* ----------------------------------------------------------------------- sockets */

static int open_events(void)
{
	int group = NFNLGRP_NFTABLES, err;
	int fd = nl_socket_open(NETLINK_NETFILTER, SOCK_NONBLOCK, NL_DATAGRAM_BYTES);

	if (fd < 0)
		return fd;
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int nl_nat_new(struct nl_nat **natp)
{
	struct nl_nat *nat = calloc(1, sizeof(*nat));
	int err;

	*natp = NULL;
	if (!nat)
		return -ENOMEM;
	nat->events = -1;
	nat->stale = true;
	err = nl_conn_open(&nat->conn, NETLINK_NETFILTER);
	if (!err) {
		nat->events = open_events();
		err = nat->events < 0 ? nat->events : nl_nat_read(nat);
	}
	if (err) {
		nl_nat_free(&nat);
		return err;
	}
	*natp = nat;
	return 0;
}

void nl_nat_free(struct nl_nat **natp)
{
	struct nl_nat *nat = *natp;

	if (!nat)
		return;
	nl_conn_free(&nat->conn);
	if (nat->events >= 0)
		close(nat->events);
	rules_free(&nat->rules);
	free(nat);
	*natp = NULL;
}

int nl_nat_fd(const struct nl_nat *nat)
{
	return nat->events;
}
