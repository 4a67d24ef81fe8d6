/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about addresses; private to the netlink modules. */
#ifndef NL_ADDR_PRIVATE_H
#define NL_ADDR_PRIVATE_H

#include "nl_addr.h"
#include "nl_sock_private.h"

/* The message that adds, replaces (by flags) or deletes an address; NULL when out of memory. */
struct nl_msg *nl_addr_msg_new(const struct nl_addr_key *key, uint32_t lease_sec, int flags);
struct nl_msg *nl_addr_msg_del(const struct nl_addr_key *key);

/* The message that deletes the kernel's route to an IPv6 address; NULL when out of memory. */
struct nl_msg *nl_route_msg_del_prefix(const struct nl_addr_key *key);

/* True when nlh is a complete message about an IPv4 or IPv6 address; fills *info. */
bool nl_addr_info_parse(struct nlmsghdr *nlh, struct nl_addr_info *info);

/* The addresses of one family and link (0: all), by dump. fn may use conn. */
int nl_addr_dump_family(struct nl_conn *conn, int family, int ifindex, nl_addr_fn fn, void *arg);

/* Length of the key's address; and: true when two keys are the same address for the kernel. */
size_t nl_addr_bytes(int family);
int nl_addr_key_cmp(const struct nl_addr_key *a, const struct nl_addr_key *b);

#endif /* NL_ADDR_PRIVATE_H */
