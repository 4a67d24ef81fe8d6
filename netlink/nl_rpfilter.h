/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reverse path filtering of IPv4 (net.ipv4.conf.*.rp_filter): the kernel discards packets
 * whose way back to the source is by another link. No socket sees them.
 */
#ifndef NL_RPFILTER_H
#define NL_RPFILTER_H

#include <stddef.h>
#include <stdint.h>

/* Packets discarded so since the network namespace was made. 0 or negative errno. */
int nl_rpfilter_discarded(uint64_t *discarded);

/*
 * The links that filter strictly (1; of a link and "all" the larger value counts), as "eth0, eth1",
 * cut off where size ends. The number of them, or negative errno.
 */
int nl_rpfilter_strict_links(char *names, size_t size);

#endif /* NL_RPFILTER_H */
