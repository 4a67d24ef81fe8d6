/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packets that a VMAC must not send and those that a VIP does not accept: our own nftables
 * table, "inet vrrp".
 *
 * By itself the kernel reports multicast groups (MLD, IGMP) and solicits routers on any link, so
 * switches would learn the virtual MAC on a Backup's port, too. The table drops these packets on
 * output of the VMACs, and only there. It also drops neighbour advertisements for a link-local
 * address that is not a VIP: the host's own must not be announced with the virtual MAC. Packets
 * that bypass the IP stack (AF_PACKET) are not seen.
 *
 * On input it drops packets addressed to a refused VIP; forwarded packets pass.
 *
 * VMACs and VIPs are elements of sets, so the number of rules is constant; each change is one
 * transaction, made whole or not at all. Add a VMAC to the table before its link goes up (which
 * sends the first report), and delete it after the link is gone; the same holds for a refused VIP
 * and its address. The table exists while it has a VMAC or a refused VIP.
 *
 * Our table is known by its comment; a table without it is never changed (-EEXIST). The first
 * nl_nft_add() replaces a table of an earlier run in one transaction; nl_nft_settle() removes it.
 * When somebody else removes any part of it ("flush ruleset"), nl_nft_read() restores it.
 *
 * All but nl_nft_fd() and nl_nft_free() need CAP_NET_ADMIN effective, else -EPERM. On a kernel
 * without nftables they return -EOPNOTSUPP, -EAFNOSUPPORT or -EPROTONOSUPPORT. The network
 * namespace is that of nl_nft_new().
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
 * Adds VMACs to the table and deletes them, by name. Deleting one also deletes the addresses
 * allowed on it; deleting the last removes the table. Adding a name twice, or deleting one that is
 * not there, succeeds; renaming a link is not noticed. 0, or negative errno: then nothing was
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
 * Allows neighbour advertisements for link-local VIPs, and forbids them again. Other addresses need
 * no permission and are ignored. 0 or negative errno; -ENODEV: the VMAC is not in the table.
 */
int nl_nft_allow(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);
int nl_nft_forbid(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);

/*
 * Drops packets addressed to VIPs, and accepts them again: the rule for an Active router that is
 * not the address owner and has Accept_Mode off (RFC 9568 section 6.4.3). Neighbour solicitations
 * and advertisements always pass (section 6.1), and so does ARP. A link-local address is refused on
 * its link; any other is refused on all links, and its ifname is ignored. 0 or negative errno.
 */
int nl_nft_refuse(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);
int nl_nft_accept(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count);

/* The counters of dropped packets. */
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
 * Reads the counters since nl_nft_new(), of all VMACs and VIPs together; 0 or negative errno. When
 * somebody else removes the table, packets dropped since the last call are not counted.
 */
int nl_nft_counters(struct nl_nft *nft, struct nl_nft_count counters[NL_NFT_COUNTERS]);

/* Removes the table of an earlier run, unless this run has added something. 0 or negative errno. */
int nl_nft_settle(struct nl_nft *nft);

/*
 * The owner of the loop watches nl_nft_fd() for reading and calls nl_nft_read(), which never waits.
 * 0; 1: a removed part was restored; or negative errno: a part could not be restored (the next call
 * of any of these functions tries again), or the socket is broken.
 */
int nl_nft_fd(const struct nl_nft *nft);
int nl_nft_read(struct nl_nft *nft);

#endif /* NL_NFT_H */
