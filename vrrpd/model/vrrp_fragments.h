/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advertisements that are too long for some links: they are sent as fragments. Some networks drop
 * fragments, and anybody can prevent their reassembly by forged ones.
 */
#ifndef VRRP_FRAGMENTS_H
#define VRRP_FRAGMENTS_H

#include "vrrp_group.h"

/*
 * The number of failed reassemblies on this host, of any protocol, since the kernel started; 0
 * when it does not report it.
 */
uint64_t vrrp_fragments_failed(enum vrrp_family family);

void vrrp_fragments_init(void);

#endif /* VRRP_FRAGMENTS_H */
