/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversions of addresses to types of libfrr and of the kernel. A given address is set. */
#ifndef VRRP_CONVERT_H
#define VRRP_CONVERT_H

#include <zebra.h>

#include "prefix.h"

#include "nl_addr.h"
#include "nl_ipvs.h"
#include "vrrp_addr.h"

/* The host prefix (/32 or /128) of an address; and back, without the length. */
struct prefix vrrp_addr_prefix(const struct vrrp_addr *address);
struct vrrp_addr vrrp_addr_of_prefix(const struct prefix *prefix);

/* The key of a prefix, and of a link that its route is by. */
struct nl_addr_key vrrp_prefix_key(const struct prefix *prefix, int ifindex);
/* The key of a host address on a link; and back, without the rest. */
struct nl_addr_key vrrp_addr_key(const struct vrrp_addr *address, int ifindex);
struct vrrp_addr vrrp_addr_of_key(const struct nl_addr_key *key);

/* The type of nl_ipvs.h; and back. */
struct nl_ipvs_address vrrp_addr_ipvs(const struct vrrp_addr *address);
struct vrrp_addr vrrp_addr_of_ipvs(const struct nl_ipvs_address *address);

#endif /* VRRP_CONVERT_H */
