/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules of nftables that rewrite source addresses: masquerade and snat, of nft and
 * of iptables-nft, whoever made them. They are read, never changed.
 *
 * Direct routing wants packets left alone; such a rule in their way breaks it, and
 * nobody sees why. What a rule asks of the addresses of a packet is understood
 * (ip saddr, ip daddr, and ranges, prefixes and negations of them); a condition that
 * is not (sets, marks, interfaces, ports, ...) counts as met, so a rule is named too
 * often rather than too seldom; in which chain it stands, and whether anything jumps
 * there, is not asked. iptables-legacy is not seen.
 *
 * Everything but nl_nat_fd() and nl_nat_free() wants CAP_NET_ADMIN effective. A kernel
 * without nftables says -EOPNOTSUPP, -EAFNOSUPPORT or -EPROTONOSUPPORT. The network
 * namespace is that of nl_nat_new().
 */
#ifndef NL_NAT_H
#define NL_NAT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nl_nat;

/* With the rules there are now. 0 or negative errno. */
int nl_nat_new(struct nl_nat **nat);
void nl_nat_free(struct nl_nat **nat);

/* Readable when rules may have changed: then nl_nat_read(). */
int nl_nat_fd(const struct nl_nat *nat);

/*
 * Takes the events off the descriptor, and if some may be about rules, reads all anew, at
 * once: 10,000 rules take up to a tenth of a second. 0 or negative errno.
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
