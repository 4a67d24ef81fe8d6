/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advertisements that are too long for some links: they travel in fragments, which not every
 * network lets through, and which anybody can keep a host from putting together again.
 */
#ifndef VRRP_FRAGMENTS_H
#define VRRP_FRAGMENTS_H

#include "vrrp_group.h"

/*
 * How often this host has failed to put fragments of any protocol together, as the kernel
 * has counted since it started; 0 when it does not say.
 */
uint64_t vrrp_fragments_failed(enum vrrp_family family);

void vrrp_fragments_init(void);

#endif /* VRRP_FRAGMENTS_H */
