/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as libfrr and the kernel know them. Each that is given is set. */
#ifndef VRRP_CONVERT_H
#define VRRP_CONVERT_H

#include <zebra.h>

#include "prefix.h"

#include "nl_addr.h"
#include "nl_ipvs.h"
#include "vrrp_addr.h"

/* The prefix of that one host, and back: the length is left out. */
struct prefix vrrp_addr_prefix(const struct vrrp_addr *address);
struct vrrp_addr vrrp_addr_of_prefix(const struct prefix *prefix);

/* The address on a link as a host's, and back: the rest is left out. */
struct nl_addr_key vrrp_addr_key(const struct vrrp_addr *address, int ifindex);
struct vrrp_addr vrrp_addr_of_key(const struct nl_addr_key *key);

/* As IPVS has it, and back. */
struct nl_ipvs_address vrrp_addr_ipvs(const struct vrrp_addr *address);
struct vrrp_addr vrrp_addr_of_ipvs(const struct nl_ipvs_address *address);

#endif /* VRRP_CONVERT_H */
