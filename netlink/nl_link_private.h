/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about links; private to the netlink modules. */
#ifndef NL_LINK_PRIVATE_H
#define NL_LINK_PRIVATE_H

#include "nl_link.h"
#include "nl_sock_private.h"

/* A message about a link, by index or name (NULL: by index alone); NULL: no memory. */
struct nl_msg *nl_link_msg(int type, int flags, const struct ifinfomsg *ifi, const char *name);

/* Whether nlh is a complete message about a link, not one about a bridge's port; fills *link. */
bool nl_link_parse(struct nlmsghdr *nlh, struct nl_link *link);

/* Whether a link may be made under this name. */
bool nl_link_name_valid(const char *name);

/* Steps in the making of a link of ours, and the end of it. 0 or negative errno. */
int nl_link_mark(struct nl_conn *conn, int ifindex);
int nl_link_addrgen_none(struct nl_conn *conn, int ifindex);
int nl_link_remove(struct nl_conn *conn, int ifindex);

#endif /* NL_LINK_PRIVATE_H */
