// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two sockets for the whole daemon, open while there are addresses to listen for: a packet
 * socket for ARP, which also sends, and a raw one for neighbour advertisements. A filter in
 * the kernel passes only packets about these addresses, so that other traffic of a LAN does
 * not wake the daemon. After one batch each socket is not read for a moment: the kernel drops
 * the rest of a flood.
 */
#include "vrrp_neighbour.h"

#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip6.h>
#include <netpacket/packet.h>

#include "checksum.h"
#include "lib/darr.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"

#define READ_AT_ONCE 32
#define PAUSE_MSEC   100
#define HOP_LIMIT    255

/* A filter of the kernel has 4096 instructions at most: two for each address, and two more. */
#define ADDRESSES_TO_FILTER 2000

/* Offset of the last 32 bits of the address: ARP's sender, an advertisement's target. */
#define ARP_SENDER offsetof(struct ether_arp, arp_spa)
#define ND_TARGET  (offsetof(struct nd_neighbor_advert, nd_na_target) + 12)

/* An advertisement with more options than fit is read up to the end of the buffer. */
#define ND_SIZE_MOST 256

struct ear {
	int fd;
	struct event *t_read;
};

struct solicitation {
	struct ip6_hdr ip;
	struct nd_neighbor_solicit ns;
} __attribute__((packed));

static struct ear arp = { .fd = -1 }, nd = { .fd = -1 };
static vrrp_neighbour_fn tell;

/* ------------------------------------------------------------------------------ hearing */

/* False: there is nothing to read. */
static bool read_arp(void)
{
	struct ether_arp said;
	struct sockaddr_ll from;
	socklen_t from_len = sizeof(from);
	struct vrrp_addr address;
	ssize_t size = recvfrom(arp.fd, &said, sizeof(said), 0, (struct sockaddr *)&from, &from_len);

	if (size < 0)
		return false;
	if (size < (ssize_t)sizeof(said) || said.ea_hdr.ar_hrd != htons(ARPHRD_ETHER) ||
	    said.ea_hdr.ar_pro != htons(ETHERTYPE_IP) || said.ea_hdr.ar_hln != ETH_ALEN ||
	    said.ea_hdr.ar_pln != sizeof(struct in_addr))
		return true;
	address = vrrp_addr_make(VRRP_IPV4, said.arp_spa);
	tell(from.sll_ifindex, &address, said.arp_sha);
	return true;
}

/* The MAC address in an advertisement; NULL: none. */
static const uint8_t *told_mac(const uint8_t *data, size_t size)
{
	size_t at = sizeof(struct nd_neighbor_advert), length;

	for (; at + sizeof(struct nd_opt_hdr) + ETH_ALEN <= size; at += length) {
		length = data[at + 1] * 8;
		if (data[at] == ND_OPT_TARGET_LINKADDR && length)
			return &data[at + sizeof(struct nd_opt_hdr)];
		if (!length)
			break;
	}
	return NULL;
}

/* The link by which it came, and its hop limit: only a neighbour's is 255. */
static int link_of(struct msghdr *header)
{
	struct in6_pktinfo info = {};
	struct cmsghdr *c;
	int hops = 0;

	for (c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		if (c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type == IPV6_PKTINFO)
			memcpy(&info, CMSG_DATA(c), sizeof(info));
		else if (c->cmsg_type == IPV6_HOPLIMIT)
			memcpy(&hops, CMSG_DATA(c), sizeof(hops));
	}
	return hops == HOP_LIMIT ? info.ipi6_ifindex : 0;
}

static bool read_nd(void)
{
	uint8_t data[ND_SIZE_MOST];
	uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr header = { .msg_iov = &iov,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(nd.fd, &header, 0);
	struct nd_neighbor_advert said;
	struct vrrp_addr address;
	const uint8_t *mac;

	if (size < 0)
		return false;
	mac = told_mac(data, size);
	if (!mac || !link_of(&header))
		return true;
	memcpy(&said, data, sizeof(said));
	address = vrrp_addr_make(VRRP_IPV6, &said.nd_na_target);
	tell(link_of(&header), &address, mac);
	return true;
}

static void on_readable(struct event *event);

static void wait_for_more(struct ear *ear, bool in_a_moment)
{
	if (in_a_moment)
		event_add_timer_msec(master, on_readable, ear, PAUSE_MSEC, &ear->t_read);
	else
		event_add_read(master, on_readable, ear, ear->fd, &ear->t_read);
}

static void on_readable(struct event *event)
{
	struct ear *ear = EVENT_ARG(event);
	unsigned int i = 0;

	while (i < READ_AT_ONCE && (ear == &arp ? read_arp() : read_nd()))
		i++;
	wait_for_more(ear, i == READ_AT_ONCE);
}

/* --------------------------------------------------------------------------- the filter */

/* Passes packets with the end of one of the addresses at that offset; rest: for all others. */
static struct sock_filter *make_filter(uint32_t offset, enum vrrp_family family,
				       const struct vrrp_addr *addresses, unsigned int count,
				       uint32_t rest)
{
	struct sock_filter load = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset);
	struct sock_filter pass = BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
	struct sock_filter otherwise = BPF_STMT(BPF_RET | BPF_K, rest);
	struct sock_filter *filter = NULL; /* darr */
	uint32_t end;

	*darr_append(filter) = load;
	for (unsigned int i = 0; i < count; i++) {
		if (addresses[i].family != family)
			continue;
		memcpy(&end, addresses[i].octets + vrrp_addr_size(family) - sizeof(end),
		       sizeof(end));
		*darr_append(filter) = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
								    ntohl(end), 0, 1);
		*darr_append(filter) = pass;
	}
	*darr_append(filter) = otherwise;
	return filter;
}

static int attach(int fd, struct sock_filter *filter)
{
	struct sock_fprog program = { .len = darr_len(filter), .filter = filter };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* Sets the filter; if the kernel has no room for it, tell() sorts the packets out. */
static void set_filter(const struct ear *ear, const struct vrrp_addr *addresses, unsigned int count)
{
	uint32_t offset = ear == &arp ? ARP_SENDER : ND_TARGET;
	enum vrrp_family family = ear == &arp ? VRRP_IPV4 : VRRP_IPV6;
	struct sock_filter *filter = NULL;
	int error = -1;

	if (count <= ADDRESSES_TO_FILTER) {
		filter = make_filter(offset, family, addresses, count, 0);
		error = attach(ear->fd, filter);
		darr_free(filter);
	}
	if (error) {
		filter = make_filter(offset, family, NULL, 0, UINT32_MAX);
		(void)attach(ear->fd, filter);
		darr_free(filter);
	}
}

/* -------------------------------------------------------------------- opening and closing */

static int set_options(int fd)
{
	struct icmp6_filter filter;
	int on = 1;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_NEIGHBOR_ADVERT, &filter);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) < 0)
		return -errno;
	return 0;
}

static void close_ear(struct ear *ear)
{
	event_cancel(&ear->t_read);
	if (ear->fd >= 0)
		close(ear->fd);
	ear->fd = -1;
}

/* The socket receives nothing before it is bound, or its filter is set. */
static int open_ear(struct ear *ear)
{
	bool is_arp = ear == &arp;
	int error = 0;

	if (ear->fd >= 0)
		return 0;
	frr_with_privs (&vrrp_privs) {
		ear->fd = socket(is_arp ? AF_PACKET : AF_INET6,
				 (is_arp ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC | SOCK_NONBLOCK,
				 is_arp ? 0 : IPPROTO_ICMPV6);
		if (ear->fd < 0)
			error = -errno;
	}
	if (!error && !is_arp)
		error = set_options(ear->fd);
	if (error)
		close_ear(ear);
	return error;
}

/* Lets the socket receive, now that its filter is set. */
static int begin(struct ear *ear)
{
	struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP) };
	int error = 0;

	if (ear->t_read)
		return 0;
	if (ear == &arp && bind(ear->fd, (struct sockaddr *)&all, sizeof(all)) < 0)
		error = -errno;
	if (!error)
		wait_for_more(ear, false);
	return error;
}

int vrrp_neighbour_listen(const struct vrrp_addr *addresses, unsigned int count,
			  vrrp_neighbour_fn heard)
{
	struct ear *ears[] = { &arp, &nd };
	int error = 0;

	tell = heard;
	for (unsigned int i = 0; count && !error && i < array_size(ears); i++) {
		error = open_ear(ears[i]);
		if (error)
			break;
		set_filter(ears[i], addresses, count);
		error = begin(ears[i]);
	}
	if (error || !count) {
		close_ear(&arp);
		close_ear(&nd);
	}
	return error;
}

/* ------------------------------------------------------------------------------- asking */

static int send_to_link(int ifindex, uint16_t protocol, const uint8_t mac[ETH_ALEN],
			const void *packet, size_t size)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(protocol),
				  .sll_ifindex = ifindex,
				  .sll_halen = ETH_ALEN };

	memcpy(to.sll_addr, mac, ETH_ALEN);
	return sendto(arp.fd, packet, size, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

static int probe_by_arp(int ifindex, const uint8_t mac[ETH_ALEN], const struct vrrp_addr *address)
{
	static const uint8_t all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct ether_arp request = {
		.ea_hdr = { .ar_hrd = htons(ARPHRD_ETHER),
			    .ar_pro = htons(ETHERTYPE_IP),
			    .ar_hln = ETH_ALEN,
			    .ar_pln = sizeof(struct in_addr),
			    .ar_op = htons(ARPOP_REQUEST) },
	};

	memcpy(request.arp_sha, mac, ETH_ALEN);
	memcpy(request.arp_tpa, address->octets, sizeof(request.arp_tpa));
	return send_to_link(ifindex, ETH_P_ARP, all, &request, sizeof(request));
}

/* To the solicited-node group of the address (RFC 4291 section 2.7.1). */
static int probe_by_nd(int ifindex, const struct vrrp_addr *address)
{
	struct solicitation ask = {
		.ip = { .ip6_dst = { .s6_addr = { 0xff, 0x02, [11] = 0x01, [12] = 0xff } } },
		.ns = { .nd_ns_type = ND_NEIGHBOR_SOLICIT, .nd_ns_target = address->v6 },
	};
	struct ipv6_ph pseudo = { .ulpl = htonl(sizeof(ask.ns)), .next_hdr = IPPROTO_ICMPV6 };
	uint8_t mac[ETH_ALEN] = { 0x33, 0x33, 0xff };

	ask.ip.ip6_flow = htonl(6U << 28);
	ask.ip.ip6_plen = htons(sizeof(ask.ns));
	ask.ip.ip6_nxt = IPPROTO_ICMPV6;
	ask.ip.ip6_hlim = HOP_LIMIT;
	memcpy(&ask.ip.ip6_dst.s6_addr[13], &address->octets[13], 3);
	memcpy(&mac[3], &address->octets[13], 3);
	pseudo.dst = ask.ip.ip6_dst;
	ask.ns.nd_ns_cksum = in_cksum_with_ph6(&pseudo, &ask.ns, sizeof(ask.ns));
	return send_to_link(ifindex, ETH_P_IPV6, mac, &ask, sizeof(ask));
}

int vrrp_neighbour_probe(int ifindex, const uint8_t mac[ETH_ALEN], const struct vrrp_addr *address)
{
	if (address->family == VRRP_IPV4)
		return probe_by_arp(ifindex, mac, address);
	return probe_by_nd(ifindex, address);
}
