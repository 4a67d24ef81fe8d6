/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reverse path filtering of IPv4 (net.ipv4.conf.*.rp_filter): the kernel discards a packet if its
 * route back to the source leads through another link. No socket receives it.
 */
#ifndef NL_RPFILTER_H
#define NL_RPFILTER_H

#include <stddef.h>
#include <stdint.h>

/*
 * The number of packets that it has discarded since the network namespace was made. 0 or negative
 * errno.
 */
int nl_rpfilter_discarded(uint64_t *discarded);

/*
 * The links that filter strictly (1; of a link and "all" the larger value counts), as "eth0, eth1",
 * truncated to size. Returns their number, or negative errno.
 */
int nl_rpfilter_strict_links(char *names, size_t size);

#endif /* NL_RPFILTER_H */
