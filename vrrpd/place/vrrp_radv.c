// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One raw socket for the whole daemon, opened for the first Active router, sends and hears
 * router solicitations. Each router has an alarm for its next advertisement. Its interface
 * is a member of the all-routers group meanwhile.
 */
#include "vrrp_radv.h"

#include <netinet/icmp6.h>

#include "lib_errors.h"
#include "network.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_membership.h"
#include "vrrp_pktinfo.h"
#include "vrrp_socket.h"
#include "vrrp_vip.h"
#include "vrrp_vmac.h"
#include "vrrp_zebra_link.h"

/* RFC 4861 section 6.2.1, with the interval that FRR's own vrrpd asks for; section 10. */
#define INTERVAL_SEC 16
#define LIFETIME_SEC (3 * INTERVAL_SEC)
#define FIRST_GAP    VRRP_USEC_PER_SEC
#define FIRST_ONES   3
#define LEAST_GAP    (3 * VRRP_USEC_PER_SEC)
#define HOP_LIMIT    64
/* Solicitations read at a time. */
#define SOLICITATIONS 16

struct advertisement {
	struct nd_router_advert ra;
	struct nd_opt_hdr option;
	uint8_t lladdr[ETH_ALEN];
} __attribute__((packed));

static struct vrrp_memberships all_routers = { .vrf_id = VRF_DEFAULT, .family = VRRP_IPV6 };
static int fd = -1;
static struct event *t_read;

static void on_readable(struct event *event);

/* ------------------------------------------------------------------------------ sending */

static int set_options(void)
{
	int hops = 255, on = 1;
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on)) < 0)
		return -errno;
	return 0;
}

static bool open_socket(void)
{
	int error = 0;

	if (fd >= 0)
		return true;
	frr_with_privs (&vrrp_privs) {
		fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6);
	}
	error = fd < 0 ? -errno : set_options();
	if (!error) {
		event_add_read(master, on_readable, NULL, fd, &t_read);
		return true;
	}
	if (vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_err("router advertisements: no socket: %s", safe_strerror(-error));
	if (fd >= 0)
		close(fd);
	fd = -1;
	return false;
}

/* The source of advertisements: the first VIP if it is link-local, else the interface's. */
static bool is_shared(const struct vrrp_router *router)
{
	return darr_len(router->vips) && vrrp_addr_is_linklocal(&router->vips[0]);
}

static int link_of(const struct vrrp_router *router)
{
	return is_shared(router) ? vrrp_vmac_ifindex(router) : (int)router->group->ifp->ifindex;
}

static struct advertisement make_message(const struct vrrp_router *router, uint16_t lifetime_sec)
{
	struct advertisement message = {
		.ra.nd_ra_type = ND_ROUTER_ADVERT,
		.option = { .nd_opt_type = ND_OPT_SOURCE_LINKADDR, .nd_opt_len = 1 },
	};

	/* parts of one union, which one initializer cannot name both */
	message.ra.nd_ra_curhoplimit = HOP_LIMIT;
	message.ra.nd_ra_router_lifetime = htons(lifetime_sec);
	if (is_shared(router))
		vrrp_vmac_address(router, message.lladdr);
	else
		memcpy(message.lladdr, vrrp_group_mac(router->group), ETH_ALEN);
	return message;
}

static void send_one(const struct vrrp_router *router, uint16_t lifetime_sec)
{
	struct advertisement message = make_message(router, lifetime_sec);
	const struct vrrp_addr *from = is_shared(router) ? &router->vips[0] : &router->source;
	ifindex_t link = link_of(router);
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_scope_id = link };
	uint8_t control[VRRP_PKTINFO_ROOM] = {};
	struct iovec iov = { &message, sizeof(message) };
	struct msghdr header = { .msg_name = &to,
				 .msg_namelen = sizeof(to),
				 .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };

	inet_pton(AF_INET6, "ff02::1", &to.sin6_addr);
	vrrp_pktinfo_set(&header, VRRP_IPV6, from, link);
	if (sendmsg(fd, &header, 0) < 0 && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("%pVR: cannot send a router advertisement: %s", router,
			  safe_strerror(errno));
}

/* -------------------------------------------------------------------------------- when */

/* True when the source exists: VIPs may not exist yet, and a link-local address may have gone. */
static bool may_send(const struct vrrp_router *router)
{
	if (is_shared(router))
		return vrrp_vip_is_on(&router->vips[0], vrrp_vmac_ifindex(router));
	return vrrp_addr_is_linklocal(&router->source);
}

static bool is_wanted(const struct vrrp_router *router)
{
	return router->family == VRRP_IPV6 && router->addresses_up &&
	       vrrp_router_has_virtual_mac(router);
}

static void on_due(struct vrrp_alarm *alarm)
{
	struct vrrp_router *router = container_of(alarm, struct vrrp_router, radv.alarm);
	vrrp_usec_t now = vrrp_now(), pause = INTERVAL_SEC * VRRP_USEC_PER_SEC;

	if (router->radv.left > 0)
		pause = FIRST_GAP;
	if (is_wanted(router) && may_send(router)) {
		send_one(router, LIFETIME_SEC);
		router->radv.sent = now;
		router->radv.left -= router->radv.left > 0;
	}
	vrrp_alarm_set(alarm, now + pause);
}

static struct vrrp_addr all_routers_group(void)
{
	struct in6_addr group;

	inet_pton(AF_INET6, "ff02::2", &group);
	return vrrp_addr_make(VRRP_IPV6, &group);
}

static void start(struct vrrp_router *router)
{
	struct vrrp_addr group = all_routers_group();

	if (!open_socket())
		return;
	router->radv.joined = router->group->ifp->ifindex;
	if (vrrp_membership_join(&all_routers, router->radv.joined, &group) < 0)
		router->radv.joined = 0; /* solicitations wait for the next one */
	router->radv.left = FIRST_ONES;
	router->radv.alarm.expire = on_due;
	vrrp_alarm_set(&router->radv.alarm, vrrp_now());
}

static void stop(struct vrrp_router *router)
{
	struct vrrp_addr group = all_routers_group();

	vrrp_alarm_cancel(&router->radv.alarm);
	if (router->radv.joined)
		vrrp_membership_leave(&all_routers, router->radv.joined, &group);
	if (router->radv.sent && !is_shared(router) && vrrp_addr_is_linklocal(&router->source))
		send_one(router, 0);
	router->radv.joined = 0;
	router->radv.sent = 0;
}

void vrrp_radv_look(struct vrrp_router *router)
{
	bool runs = router->radv.alarm.deadline != 0;

	if (is_wanted(router) && !runs)
		start(router);
	else if (!is_wanted(router) && runs)
		stop(router);
}

/* ------------------------------------------------------------------------ solicitations */

static void hurry(struct vrrp_router *router)
{
	vrrp_usec_t soon = MAX(vrrp_now(), router->radv.sent + LEAST_GAP);

	if (router->radv.alarm.deadline > soon)
		vrrp_alarm_set(&router->radv.alarm, soon);
}

static void answer(int ifindex)
{
	const struct interface *ifp = vrrp_zebra_interface(ifindex);
	struct vrrp_group *group = ifp ? vrrp_group_first_on(ifp) : NULL;

	for (; group; group = vrrp_group_next_on(ifp, group))
		hurry(&group->v6);
}

/* The link that a solicitation came in by; 0 for any other packet. */
static int read_solicitation(void)
{
	uint8_t data[sizeof(struct nd_router_solicit)];
	uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(fd, &header, 0);
	struct in6_pktinfo info;
	struct cmsghdr *c;

	if (size < 0)
		return -errno;
	c = CMSG_FIRSTHDR(&header);
	if (!c || c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_PKTINFO)
		return 0;
	memcpy(&info, CMSG_DATA(c), sizeof(info));
	return info.ipi6_ifindex;
}

static void on_readable(struct event *event)
{
	int ifindex;

	event_add_read(master, on_readable, NULL, fd, &t_read);
	for (unsigned int i = 0; i < SOLICITATIONS; i++) {
		ifindex = read_solicitation();
		if (ifindex < 0)
			return;
		if (ifindex)
			answer(ifindex);
	}
}

void vrrp_radv_end(void)
{
	event_cancel(&t_read);
	vrrp_memberships_end(&all_routers);
	if (fd >= 0)
		close(fd);
	fd = -1;
}
