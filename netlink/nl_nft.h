/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a VMAC must not say, and what a VIP need not hear: an nftables table of our
 * own, "inet vrrp".
 *
 * By itself the kernel reports multicast groups (MLD, IGMP) and solicits routers
 * on any link, and so teaches switches the virtual MAC's port from a Backup too.
 * The table drops these on output of the VMACs, and only there, and neighbour
 * advertisements for a link-local address that is no VIP: of the host's own, the
 * virtual MAC must tell nobody. Packets that never pass the IP stack (AF_PACKET)
 * are not seen.
 *
 * It drops packets addressed to a refused VIP, on input: what is forwarded goes its
 * way.
 *
 * VMACs and VIPs are elements of sets, so the number of rules is constant; each
 * change is one transaction, made whole or not at all. Put a VMAC into the table
 * before its link goes up (the first report leaves with that), and take it out after
 * the link is gone; so with a refused VIP and its address. The table is there while a
 * VMAC or a refused VIP is in it.
 *
 * It is ours by its comment: one without is never touched (-EEXIST). What an
 * earlier run has left is replaced, in one transaction, by the first nl_nft_add(),
 * or removed by nl_nft_settle(). When someone else removes any of it (a "flush
 * ruleset"), nl_nft_read() puts it back.
 *
 * Everything but nl_nft_fd() and nl_nft_free() wants CAP_NET_ADMIN effective, else
 * -EPERM. A kernel without nftables says -EOPNOTSUPP, -EAFNOSUPPORT or
 * -EPROTONOSUPPORT. The network namespace is that of nl_nft_new().
 */
#ifndef NL_NFT_H
#define NL_NFT_H

#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define NL_NFT_TABLE   "vrrp"
#define NL_NFT_COMMENT "frr-crossvip vrrpd"

struct nl_nft;

/* 0 or negative errno. Freeing leaves the table as it is. */
int nl_nft_new(struct nl_nft **nft);
void nl_nft_free(struct nl_nft **nft);

/*
 * Puts VMACs into the table and takes them out, by name; with one go the addresses
 * allowed on it, with the last the table. Names that are in already, or out, count
 * as done; renaming a link is not noticed. 0, or negative errno: then nothing was
 * changed. -EINVAL: a name no link can have; -EEXIST: someone else's "inet vrrp".
 */
int nl_nft_add(struct nl_nft *nft, const char *const *names, size_t count);
int nl_nft_del(struct nl_nft *nft, const char *const *names, size_t count);

/* A VIP and the link it is on. An IPv4 address is v4-mapped. */
struct nl_nft_vip {
	char ifname[IFNAMSIZ];
	struct in6_addr address;
};

/*
 * Allows neighbour advertisements for link-local VIPs, and forbids them again.
 * Other addresses need no permission and are passed over. 0 or negative errno;
 * -ENODEV: the VMAC is not in the table.
 */
int nl_nft_allow(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);
int nl_nft_forbid(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);

/*
 * Refuses what is addressed to VIPs, and accepts it again: the rule for an Active
 * router that is no owner and has Accept_Mode off (RFC 9568 section 6.4.3). Neighbour
 * solicitations and advertisements always pass (section 6.1); ARP is not asked. A
 * link-local address is refused on its link, any other wherever the packet came in,
 * and its ifname is not looked at. 0 or negative errno.
 */
int nl_nft_refuse(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);
int nl_nft_accept(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);

/* What was dropped. */
enum nl_nft_counter {
	NL_NFT_MLD,		/* ICMPv6 131, 132, 143: reports and done, versions 1 and 2 */
	NL_NFT_IGMP,		/* IP protocol 2 */
	NL_NFT_ROUTER_SOLICIT,	/* ICMPv6 133 */
	NL_NFT_NEIGHBOR_ADVERT, /* ICMPv6 136 for a link-local address that is no VIP */
	NL_NFT_REFUSED,		/* anything for a refused VIP */
	NL_NFT_COUNTERS
};

struct nl_nft_count {
	uint64_t packets;
	uint64_t bytes;
};

/*
 * Since nl_nft_new(), of all VMACs and VIPs together; 0 or negative errno. When someone else
 * removes the table, what was dropped since the last call is forgotten with it.
 */
int nl_nft_counters(struct nl_nft *nft, struct nl_nft_count counters[NL_NFT_COUNTERS]);

/* Removes what an earlier run has left, when nothing is in the table. 0 or negative errno. */
int nl_nft_settle(struct nl_nft *nft);

/*
 * The owner of the loop watches nl_nft_fd() for reading and calls nl_nft_read(),
 * which never waits: 0; 1, something of ours had been removed and is back; or
 * negative errno, when it could not be put back (tried again by the next call of
 * any of these) or the socket is broken.
 */
int nl_nft_fd(const struct nl_nft *nft);
int nl_nft_read(struct nl_nft *nft);

#endif /* NL_NFT_H */
