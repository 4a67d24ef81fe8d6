/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface between nl_nft.c, which decides the contents of the table, and nl_nft_msg.c,
 * which encodes them for the kernel.
 */
#ifndef NL_NFT_PRIVATE_H
#define NL_NFT_PRIVATE_H

#include <sys/uio.h>

#include "nl_nft.h"
#include "nl_sock_private.h"

struct nftnl_batch;

struct nl_nft_list {
	struct nl_nft_vip *vips;
	size_t count;
};

/*
 * The sets with changing elements; nl_nft_msg.c says which part of a nl_nft_vip is the key of each.
 */
enum nl_nft_set {
	NL_NFT_SET_VMACS,
	NL_NFT_SET_LOCALS,
	NL_NFT_SET_REFUSED_IPV4,
	NL_NFT_SET_REFUSED_IPV6,
	NL_NFT_SET_REFUSED_LOCALS,
	NL_NFT_SETS
};

/* Their elements; fields that are not part of the key are zero. */
struct nl_nft_wanted {
	struct nl_nft_list lists[NL_NFT_SETS];
};

/*
 * A transaction under construction. It begins with the first sequence number to use, is ended
 * before it is sent (which returns the next number to use), and is freed by the caller. When memory
 * was missing, nl_nft_batch_iovec() returns -ENOMEM.
 */
struct nl_nft_batch {
	struct nftnl_batch *pages;
	uint32_t seq;
	size_t acks; /* messages that will be acknowledged */
	bool failed;
};

#define NL_NFT_IOVECS 256

void nl_nft_batch_begin(struct nl_nft_batch *batch, uint32_t seq);
uint32_t nl_nft_batch_end(struct nl_nft_batch *batch);
int nl_nft_batch_iovec(struct nl_nft_batch *batch, struct iovec iov[NL_NFT_IOVECS]);
void nl_nft_batch_free(struct nl_nft_batch *batch);

/* Adds the table with its counters, sets, chains and rules; -EEXIST: it exists. */
void nl_nft_put_table(struct nl_nft_batch *batch, const struct nl_nft_count *counters);
void nl_nft_put_table_del(struct nl_nft_batch *batch);

/* Adds or deletes elements of all sets. */
void nl_nft_put_elements(struct nl_nft_batch *batch, const struct nl_nft_wanted *elements, bool add);

/* Read requests, written into a buffer, and the handlers of the messages of their answers. */
#define NL_NFT_QUESTION_BYTES 256

struct nlmsghdr *nl_nft_ask_table(uint8_t *buffer, uint32_t seq);
void nl_nft_is_ours(struct nlmsghdr *nlh, void *arg); /* bool * */
struct nlmsghdr *nl_nft_ask_counters(uint8_t *buffer, uint32_t seq);
void nl_nft_take_counter(struct nlmsghdr *nlh, void *arg); /* struct nl_nft_count[] */

#endif /* NL_NFT_PRIVATE_H */
