// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's events about links, addresses and some sysctls.
 *
 * A nl_monitor owns one socket, separate from that of the requests, so that events of our own
 * requests and of others come in one order, and never between a request and its answer.
 *
 * When events come faster than they are read, the kernel drops them, until the last queued one was
 * read. The queued ones are outdated then: they are discarded, and the owner is told to read
 * everything again.
 */
#include <errno.h>
#include <linux/netconf.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/attr.h>

#include "nl_addr_private.h"
#include "nl_link_private.h"

/* Some 8000 events. */
#define RECEIVE_BYTES (8 * 1024 * 1024)

/* Events per nl_monitor_read(), so that the daemon can do other work in between. */
#define EVENTS_AT_ONCE 512

struct nl_monitor {
	int fd;
	struct nl_monitor_ops ops;
	void *arg;
	uint8_t buffer[NL_DATAGRAM_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

static int monitor_join(int fd)
{
	static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
				      RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])) < 0)
			return -errno;
	return 0;
}

int nl_monitor_new(struct nl_monitor **monitorp, const struct nl_monitor_ops *ops, void *arg)
{
	struct nl_monitor *monitor = calloc(1, sizeof(*monitor));
	int err;

	*monitorp = NULL;
	if (!monitor)
		return -ENOMEM;
	monitor->ops = *ops;
	monitor->arg = arg;
	monitor->fd = nl_socket_open(NETLINK_ROUTE, SOCK_NONBLOCK, RECEIVE_BYTES);
	err = monitor->fd < 0 ? monitor->fd : monitor_join(monitor->fd);
	if (err) {
		nl_monitor_free(&monitor);
		return err;
	}
	*monitorp = monitor;
	return 0;
}

void nl_monitor_free(struct nl_monitor **monitorp)
{
	if (!*monitorp)
		return;
	if ((*monitorp)->fd >= 0)
		close((*monitorp)->fd);
	free(*monitorp);
	*monitorp = NULL;
}

int nl_monitor_fd(const struct nl_monitor *monitor)
{
	return monitor->fd;
}

static void link_event(struct nl_monitor *monitor, struct nlmsghdr *nlh)
{
	bool exists = nlh->nlmsg_type == RTM_NEWLINK;
	struct nl_link link;

	/* A bridge reports a port that leaves it by RTM_DELLINK; the link remains. */
	if (!nl_link_parse(nlh, &link))
		return;
	if (monitor->ops.link)
		monitor->ops.link(&link, exists, monitor->arg);
}

/* "default" concerns only future links; their sysctls are read when they appear. */
static void conf_event(struct nl_monitor *monitor, struct nlmsghdr *nlh)
{
	struct nlattr *attr = nlmsg_find_attr(nlh, sizeof(struct netconfmsg), NETCONFA_IFINDEX);
	int ifindex = attr && nla_len(attr) >= (int)sizeof(int32_t) ? (int)nla_get_u32(attr) : 0;

	if (monitor->ops.conf && (ifindex > 0 || ifindex == NETCONFA_IFINDEX_ALL))
		monitor->ops.conf(ifindex > 0 ? ifindex : 0, monitor->arg);
}

static void event(struct nl_monitor *monitor, struct nlmsghdr *nlh)
{
	struct nl_addr_info info;

	switch (nlh->nlmsg_type) {
	case RTM_NEWADDR:
	case RTM_DELADDR:
		if (monitor->ops.addr && nl_addr_info_parse(nlh, &info))
			monitor->ops.addr(&info, nlh->nlmsg_type == RTM_NEWADDR, monitor->arg);
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		link_event(monitor, nlh);
		break;
	case RTM_NEWNETCONF:
		conf_event(monitor, nlh);
		break;
	}
}

static int overrun(struct nl_monitor *monitor)
{
	int err = nl_socket_discard(monitor->fd, monitor->buffer, sizeof(monitor->buffer));

	if (!err && monitor->ops.overrun)
		monitor->ops.overrun(monitor->arg);
	return err;
}

int nl_monitor_read(struct nl_monitor *monitor)
{
	for (int i = 0; i < EVENTS_AT_ONCE; i++) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)monitor->buffer;
		ssize_t len = nl_socket_read(monitor->fd, nlh, sizeof(monitor->buffer));
		int rest = len;

		if (len == -EAGAIN)
			return 0;
		if (len == -ENOBUFS || len == -EMSGSIZE)
			return overrun(monitor);
		if (len < 0)
			return len;
		for (; nlmsg_ok(nlh, rest); nlh = nlmsg_next(nlh, &rest))
			event(monitor, nlh);
	}
	return 0;
}
