// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two sockets for the whole daemon, opened when first needed, that only send: a packet socket for
 * ARP and a raw ICMPv6 one. Announcements that are due are kept in one array until the end of the
 * tick in which their VIP exists, since the kernel may refuse it at first. The array borrows
 * routers, so vrrp_garp_cancel() must be called before one is freed.
 */
#include "vrrp_garp.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netpacket/packet.h>

#include "darr.h"
#include "lib_errors.h"
#include "log.h"
#include "network.h"

#include "vrrp_daemon.h"
#include "vrrp_debug.h"
#include "vrrp_log.h"
#include "vrrp_pktinfo.h"
#include "vrrp_socket.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"

struct due {
	struct vrrp_router *router; /* NULL: cancelled */
	struct vrrp_addr vip;
};

static struct due *waiting; /* darr */
static int fd_arp = -1, fd_nd = -1;

/* The link that an announcement leaves by, and the MAC address that it announces. */
struct place {
	int ifindex;
	const char *name;
	uint8_t mac[ETH_ALEN];
};

struct arp_announcement {
	struct ether_header ether;
	struct ether_arp arp;
} __attribute__((packed));

struct nd_announcement {
	struct nd_neighbor_advert na;
	struct nd_opt_hdr option;
	uint8_t lladdr[ETH_ALEN];
} __attribute__((packed));

static int open_socket(int *fd, int domain, int type, int protocol)
{
	if (*fd >= 0)
		return *fd;
	frr_with_privs (&vrrp_privs) {
		*fd = socket(domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	}
	if (*fd >= 0)
		vrrp_socket_make_deaf(*fd);
	return *fd;
}

static ssize_t send_arp(const struct place *place, const struct vrrp_addr *vip)
{
	int fd = open_socket(&fd_arp, AF_PACKET, SOCK_RAW, 0);
	struct arp_announcement frame = {
		.ether.ether_type = htons(ETHERTYPE_ARP),
		.arp.ea_hdr = { .ar_hrd = htons(ARPHRD_ETHER),
				.ar_pro = htons(ETHERTYPE_IP),
				.ar_hln = ETH_ALEN,
				.ar_pln = sizeof(struct in_addr),
				.ar_op = htons(ARPOP_REQUEST) },
	};
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = place->ifindex,
				  .sll_halen = ETH_ALEN };

	memset(frame.ether.ether_dhost, 0xff, ETH_ALEN);
	memset(to.sll_addr, 0xff, ETH_ALEN);
	memcpy(frame.ether.ether_shost, place->mac, ETH_ALEN);
	memcpy(frame.arp.arp_sha, place->mac, ETH_ALEN);
	memset(frame.arp.arp_tha, 0xff, ETH_ALEN);
	memcpy(frame.arp.arp_spa, vip->octets, sizeof(frame.arp.arp_spa));
	memcpy(frame.arp.arp_tpa, vip->octets, sizeof(frame.arp.arp_tpa));
	return sendto(fd, &frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to));
}

/* A VIP that the operator has added to a link is tentative just after the link went up. */
static int prepare_nd(int fd)
{
	int hops = 255, one = 1;

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one));
}

static ssize_t send_nd(const struct place *place, const struct vrrp_addr *vip)
{
	int fd = open_socket(&fd_nd, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	struct nd_announcement message = {
		.na.nd_na_type = ND_NEIGHBOR_ADVERT,
		.na.nd_na_flags_reserved = ND_NA_FLAG_ROUTER | ND_NA_FLAG_OVERRIDE,
		.na.nd_na_target = vip->v6,
		.option = { .nd_opt_type = ND_OPT_TARGET_LINKADDR, .nd_opt_len = 1 },
	};
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_scope_id = place->ifindex };
	uint8_t control[VRRP_PKTINFO_ROOM] = {};
	struct iovec iov = { &message, sizeof(message) };
	struct msghdr header = { .msg_name = &to,
				 .msg_namelen = sizeof(to),
				 .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };

	memcpy(message.lladdr, place->mac, ETH_ALEN);
	inet_pton(AF_INET6, "ff02::1", &to.sin6_addr);
	vrrp_pktinfo_set(&header, VRRP_IPV6, vip, place->ifindex);
	if (prepare_nd(fd) < 0)
		return -1;
	return sendmsg(fd, &header, 0);
}

static void debug_announcement(const struct place *place, const struct vrrp_addr *vip)
{
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(vip, text);
	if (vip->family == VRRP_IPV4)
		DEBUGF(arp, "gratuitous ARP for %s on %s", text, place->name);
	else
		DEBUGF(ndisc, "neighbour advertisement for %s on %s", text, place->name);
}

static void announce_one(struct vrrp_router *router, const struct place *place,
			 const struct vrrp_addr *vip)
{
	char text[VRRP_ADDR_STRLEN];
	ssize_t n;

	debug_announcement(place, vip);
	n = vip->family == VRRP_IPV4 ? send_arp(place, vip) : send_nd(place, vip);
	if (n >= 0)
		router->stats.announcements++;
	else if (vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("%pVR: cannot announce %s on %s: %s", router, vrrp_addr_str(vip, text),
			  place->name, safe_strerror(errno));
}

/* The link on which this router's VIPs have neighbours; false when there is none. */
static bool find_place(const struct vrrp_router *router, struct place *place)
{
	const struct vrrp_place_ops *ops = vrrp_place_of(router);

	place->name = ops->name(router);
	place->ifindex = ops->ifindex(router);
	return ops->neighbour_mac(router, place->mac);
}

void vrrp_garp_vip(struct vrrp_router *router, const struct vrrp_addr *vip)
{
	*darr_append(waiting) = (struct due){ .router = router, .vip = *vip };
}

void vrrp_garp_all(struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		vrrp_garp_vip(router, vip);
}

void vrrp_garp_cancel(struct vrrp_router *router, const struct vrrp_addr *vip)
{
	struct due *due;

	darr_foreach_p (waiting, due)
		if (due->router == router && (!vip || vrrp_addr_same(&due->vip, vip)))
			due->router = NULL;
}

/* Announces a VIP that is on its link. True when the announcement is done. */
static bool settle(const struct due *due)
{
	struct place place;

	if (!due->router || !due->router->addresses_up || !find_place(due->router, &place))
		return true;
	if (!vrrp_vip_is_on(&due->vip, place.ifindex))
		return false;
	announce_one(due->router, &place, &due->vip);
	return true;
}

void vrrp_garp_flush(void)
{
	unsigned int i, left = 0;

	darr_foreach_i (waiting, i)
		if (!settle(&waiting[i]))
			waiting[left++] = waiting[i];
	darr_setlen(waiting, left);
}

void vrrp_garp_stop(void)
{
	darr_free(waiting);
	if (fd_arp >= 0)
		close(fd_arp);
	if (fd_nd >= 0)
		close(fd_nd);
	fd_arp = fd_nd = -1;
}
