/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This boot and this network namespace: what a file that speaks of links, addresses or services
 * has to name, since those do not outlast either.
 */
#ifndef NL_HERE_H
#define NL_HERE_H

#include <stdint.h>

struct nl_here {
	char boot[64];
	uint64_t netns; /* a cookie that is never used again; 0 before Linux 5.14 */
};

/* 0, or a negative errno; what could not be found out is empty. */
int nl_here_find(struct nl_here *here);

#endif /* NL_HERE_H */
