/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of nftables that rewrite source addresses: masquerade and snat, of nft and
 * of iptables-nft, whoever made them. They are read, never changed.
 *
 * Direct routing needs unchanged packets; such a rule in their way breaks it, and the cause is hard
 * to see. Conditions on addresses are evaluated (ip saddr, ip daddr, and ranges, prefixes and
 * negations of them). Any other condition (sets, marks, interfaces, ports, ...) counts as met, so a
 * rule is reported too often rather than too seldom. The rule's chain, and whether any rule jumps
 * there, are ignored. iptables-legacy is not seen.
 *
 * All but nl_nat_fd() and nl_nat_free() need CAP_NET_ADMIN effective. On a kernel without nftables
 * they return -EOPNOTSUPP, -EAFNOSUPPORT or -EPROTONOSUPPORT. The network namespace is that of
 * nl_nat_new().
 */
#ifndef NL_NAT_H
#define NL_NAT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nl_nat;

/* Opens it and reads the present rules. 0 or negative errno. */
int nl_nat_new(struct nl_nat **nat);
void nl_nat_free(struct nl_nat **nat);

/* Readable when rules may have changed: then nl_nat_read(). */
int nl_nat_fd(const struct nl_nat *nat);

/*
 * Reads the events, and if some may be about rules, all rules again, at once: 10,000 rules take up
 * to a tenth of a second. 0 or negative errno.
 */
int nl_nat_read(struct nl_nat *nat);

/* Goes up by one when nl_nat_read() found other rules than before. */
uint64_t nl_nat_generation(const struct nl_nat *nat);

/*
 * A rule, as of the last nl_nat_read(), that may rewrite the source of a packet from
 * source to destination; NULL for an address is any one. The text, as
 * "ip nat postrouting handle 4: masquerade", is good until the next nl_nat_read().
 * NULL: there is none. family is AF_INET or AF_INET6.
 */
const char *nl_nat_rule(const struct nl_nat *nat, int family, const void *source,
			const void *destination);

#endif /* NL_NAT_H */
