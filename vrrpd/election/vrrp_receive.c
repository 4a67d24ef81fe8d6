// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A listener is one (VRID, own address, peer) of a unicast virtual router, or
 * one (VRID, link) of a multicast one, found in a hash in one step for every
 * packet. It belongs to its virtual router, from joining to leaving. A packet without a
 * listener is counted by the virtual router that it was most likely meant for, which is found
 * by the source that the packet is sent to, by the peer that sends it, or by the link of a
 * multicast one. If there is none, the socket counts it.
 *
 * Anybody may send any number of packets of any size. So the sender is looked up before any
 * work that grows with the packet, and reading pauses after a while to let timers run. A timer
 * that means silence is believed only after the sockets were read (vrrp_alarm.c). That
 * reading is limited as well, but longer after a stall, when many packets have arrived
 * without a flood.
 *
 * A VMAC receives all multicast of its LAN, as do its parent and every other VMAC there. But
 * packets that another router sends from the same MAC address arrive only at the VMAC. So a VMAC is
 * used only for its own VRID; and when a packet arrives both there and on its parent, in either
 * order, one copy is ignored.
 */
#include "vrrp_receive.h"

#include "darr.h"
#include "jhash.h"
#include "network.h"
#include "vrf.h"

#include "vrrp_daemon.h"
#include "vrrp_debug.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_report.h"
#include "vrrp_socket.h"
#include "vrrp_vmac.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_LISTENER, "VRRP listener");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_COPIES, "VRRP copies");

/* Time for which a socket is read at one wake-up, and before due timers run. */
#define READ_USEC      (2 * VRRP_USEC_PER_SEC / 1000)
#define READ_LATE_USEC (100 * VRRP_USEC_PER_SEC / 1000)
/* A copy comes within this time, after at most this many other datagrams. */
#define COPY_USEC VRRP_USEC_PER_SEC
#define COPIES	  8

PREDECL_HASH(listeners);
PREDECL_HASH(vmacs);
PREDECL_RBTREE_UNIQ(blames);

/* Datagrams heard on a VMAC and its parent. */
struct vrrp_copies {
	struct heard {
		uint32_t octets; /* hash */
		vrrp_usec_t first;
		int balance; /* copies on the parent less copies on the VMAC */
	} heard[COPIES];
	unsigned int next;
};

struct vrrp_listener {
	struct listeners_item item;
	struct vmacs_item vmac_item;
	struct vrrp_sock *sock;
	uint8_t vrid;
	ifindex_t ifindex;	/* multicast, or unicast to a link-local address, else 0 */
	struct vrrp_addr local; /* unicast, else not set */
	struct vrrp_addr peer;
	struct vrrp_router *router;
	bool is_vmac;		    /* on a VMAC, which is known to be one */
	struct vrrp_listener *twin; /* the listener of the VMAC's parent, or the reverse */
	struct vrrp_copies *copies; /* of a VMAC's listener */
};

/*
 * A key by which the virtual router of a packet without a listener is found: its source, each
 * of its peers, or its link if neither is set. router is NULL in a search key.
 */
struct vrrp_blame {
	struct blames_item item;
	const struct vrrp_sock *sock;
	uint8_t vrid;
	ifindex_t ifindex; /* of its interface; 0 for an address that is not link-local */
	struct vrrp_addr source;
	struct vrrp_addr peer;
	struct vrrp_router *router;
};

static int blame_cmp(const struct vrrp_blame *a, const struct vrrp_blame *b)
{
	int order = numcmp((uintptr_t)a->sock, (uintptr_t)b->sock);

	order = order ? order : numcmp(a->vrid, b->vrid);
	order = order ? order : numcmp(a->ifindex, b->ifindex);
	order = order ? order : vrrp_addr_cmp(&a->source, &b->source);
	order = order ? order : vrrp_addr_cmp(&a->peer, &b->peer);
	return order ? order : numcmp((uintptr_t)a->router, (uintptr_t)b->router);
}

DECLARE_RBTREE_UNIQ(blames, struct vrrp_blame, item, blame_cmp);

/* 0 when they are the same; a hash needs no order. */
static int listener_cmp(const struct vrrp_listener *a, const struct vrrp_listener *b)
{
	return a->sock != b->sock || a->vrid != b->vrid || a->ifindex != b->ifindex ||
	       !vrrp_addr_same(&a->local, &b->local) || !vrrp_addr_same(&a->peer, &b->peer);
}

static uint32_t listener_hash(const struct vrrp_listener *l)
{
	uint64_t local = vrrp_addr_hash(l->local.octets, sizeof(l->local.octets));
	uint64_t peer = vrrp_addr_hash(l->peer.octets, sizeof(l->peer.octets));
	uint64_t rest = (uint64_t)l->sock->vrf_id << 40 ^ (uint64_t)l->ifindex << 8 ^ l->vrid;

	return (local + 3 * peer + rest) * 0x9e3779b97f4a7c15ULL >> 32;
}

static int vmac_cmp(const struct vrrp_listener *a, const struct vrrp_listener *b)
{
	return numcmp(a->ifindex, b->ifindex);
}

static uint32_t vmac_hash(const struct vrrp_listener *l)
{
	return jhash_1word(l->ifindex, 0);
}

DECLARE_HASH(listeners, struct vrrp_listener, item, listener_cmp, listener_hash);
DECLARE_HASH(vmacs, struct vrrp_listener, vmac_item, vmac_cmp, vmac_hash);

static struct listeners_head listeners;
static struct vmacs_head vmacs;
static struct blames_head blames = INIT_RBTREE_UNIQ(blames);
static struct vrrp_verdict_counters strays_v4, strays_v6;
static uint64_t lost_v4, lost_v6;
static struct vrrp_batch rx;

static void on_readable(struct event *event);

/* ----------------------------------------------------------- joining and leaving */

/* Makes a listener; NULL when another router has the same one. */
static struct vrrp_listener *listener_add(struct vrrp_router *router,
					  const struct vrrp_listener *what)
{
	struct vrrp_listener *l = XCALLOC(MTYPE_VRRP_LISTENER, sizeof(*l));
	const struct vrrp_listener *other;

	*l = *what;
	l->sock = router->sock;
	l->vrid = router->group->vrid;
	l->router = router;
	other = listeners_add(&listeners, l);
	if (!other) {
		*darr_append(router->listeners) = l;
		return l;
	}
	DEBUGF(sockets, "%pVR: %pVR listens to the same", router, other->router);
	XFREE(MTYPE_VRRP_LISTENER, l);
	return NULL;
}

/* The link of a link-local address, which is unique only on its link; else 0. */
static ifindex_t link_of(ifindex_t ifindex, const struct vrrp_addr *local)
{
	return vrrp_addr_is_linklocal(local) ? ifindex : 0;
}

static int listen_unicast(struct vrrp_router *router)
{
	struct vrrp_listener wanted = { .local = router->source,
					.ifindex = link_of(router->group->ifp->ifindex,
							   &router->source) };
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer) {
		wanted.peer = peer->address;
		if (!listener_add(router, &wanted))
			return -EADDRINUSE;
	}
	return 0;
}

static int listen_on_link(struct vrrp_router *router, ifindex_t ifindex, struct vrrp_listener **l)
{
	int error = vrrp_socket_join_link(router->sock, ifindex);

	if (error)
		return error;
	*l = listener_add(router, &(struct vrrp_listener){ .ifindex = ifindex });
	if (!*l)
		vrrp_socket_leave_link(router->sock, ifindex);
	return 0;
}

static int listen_multicast(struct vrrp_router *router)
{
	struct vrrp_listener *on_parent = NULL, *on_vmac = NULL;
	int vmac = vrrp_vmac_ifindex(router), error;

	error = listen_on_link(router, router->group->ifp->ifindex, &on_parent);
	if (!error && vmac && vrrp_router_has_virtual_mac(router))
		error = listen_on_link(router, vmac, &on_vmac);
	if (!on_parent || !on_vmac)
		return error;
	on_parent->twin = on_vmac;
	on_vmac->twin = on_parent;
	on_vmac->is_vmac = !vmacs_add(&vmacs, on_vmac);
	on_vmac->copies = XCALLOC(MTYPE_VRRP_COPIES, sizeof(*on_vmac->copies));
	return 0;
}

static void listener_free(struct vrrp_listener *l)
{
	listeners_del(&listeners, l);
	if (l->is_vmac)
		vmacs_del(&vmacs, l);
	if (!vrrp_addr_is_set(&l->local))
		vrrp_socket_leave_link(l->sock, l->ifindex);
	XFREE(MTYPE_VRRP_COPIES, l->copies);
	XFREE(MTYPE_VRRP_LISTENER, l);
}

static void listeners_forget(struct vrrp_router *router)
{
	struct vrrp_listener **l;

	darr_foreach_p (router->listeners, l)
		listener_free(*l);
	darr_free(router->listeners);
}

static void blames_take(struct vrrp_router *router)
{
	const struct vrrp_blame of_router = { .sock = router->sock,
					      .vrid = router->group->vrid,
					      .router = router };
	ifindex_t ifindex = router->group->ifp->ifindex;
	struct vrrp_blame *blame = darr_append_n(router->blames, 2 + darr_len(router->peers));
	const struct vrrp_peer *peer;

	*blame = of_router;
	blame++->ifindex = ifindex;
	*blame = of_router;
	blame->ifindex = link_of(ifindex, &router->source);
	blame++->source = router->source;
	darr_foreach_p (router->peers, peer) {
		*blame = of_router;
		blame->ifindex = link_of(ifindex, &peer->address);
		blame++->peer = peer->address;
	}
	darr_foreach_p (router->blames, blame)
		blames_add(&blames, blame);
}

static void blames_leave(struct vrrp_router *router)
{
	struct vrrp_blame *blame;

	darr_foreach_p (router->blames, blame)
		blames_del(&blames, blame);
	darr_free(router->blames);
}

int vrrp_receive_join(struct vrrp_router *router)
{
	char source[VRRP_ADDR_STRLEN];
	struct vrrp_sock *sock;
	int error;

	error = vrrp_socket_get(router->group->ifp->vrf->vrf_id, router->family, &sock);
	vrrp_receive_leave(router); /* the new socket first: it may be the old one */
	if (error)
		return error;
	router->sock = sock;
	event_add_read(master, on_readable, sock, sock->fd, &sock->t_read);
	blames_take(router);
	error = vrrp_router_is_unicast(router) ? listen_unicast(router) : listen_multicast(router);
	DEBUGF(sockets, "%pVR: receives from %u peers on %s: %s", router, darr_len(router->peers),
	       vrrp_addr_str(&router->source, source), error ? safe_strerror(-error) : "ready");
	if (error)
		vrrp_receive_leave(router);
	return error;
}

void vrrp_receive_leave(struct vrrp_router *router)
{
	if (!router->sock)
		return;
	DEBUGF(sockets, "%pVR: no longer receives", router);
	listeners_forget(router);
	blames_leave(router);
	vrrp_socket_put(router->sock);
	router->sock = NULL;
}

/* ------------------------------------------------------------------- receiving */

/* The IP header of a raw IPv4 socket: destination and TTL; false when it is cut short. */
static bool strip_ip_header(struct vrrp_datagram *dgram)
{
	const struct iphdr *ip = (const struct iphdr *)dgram->data;
	size_t header;

	if (dgram->size < sizeof(*ip))
		return false;
	header = ip->ihl * 4U;
	if (header < sizeof(*ip) || header > dgram->size)
		return false;
	dgram->ttl = ip->ttl;
	dgram->dst = vrrp_addr_make(VRRP_IPV4, &ip->daddr);
	dgram->data += header;
	dgram->size -= header;
	return true;
}

static uint64_t *lost_of(enum vrrp_family family)
{
	return family == VRRP_IPV4 ? &lost_v4 : &lost_v6;
}

/* Counts lost datagrams; the kernel reports the total since the socket was opened. */
static void note_lost(struct vrrp_sock *sock, uint32_t lost)
{
	uint32_t more = lost - sock->lost;

	if (!more)
		return;
	sock->lost = lost;
	*lost_of(sock->family) += more;
	vrrp_report_lost(sock->family, more);
}

/*
 * Reads the control messages of a datagram: the link, for IPv6 destination and hop limit, and
 * the number of lost datagrams.
 */
static ifindex_t read_control(struct vrrp_sock *sock, struct msghdr *header,
			      struct vrrp_datagram *dgram)
{
	struct in_pktinfo info;
	struct in6_pktinfo info6;
	ifindex_t ifindex = 0;
	struct cmsghdr *c;
	uint32_t lost;

	for (c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			ifindex = info.ipi_ifindex;
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			ifindex = info6.ipi6_ifindex;
			dgram->dst = vrrp_addr_make(VRRP_IPV6, &info6.ipi6_addr);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT) {
			memcpy(&dgram->ttl, CMSG_DATA(c), sizeof(dgram->ttl));
		} else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
			memcpy(&lost, CMSG_DATA(c), sizeof(lost));
			note_lost(sock, lost);
		}
	}
	return ifindex;
}

static struct vrrp_listener *find_listener(struct vrrp_sock *sock, uint8_t vrid,
					   const struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_listener ref; /* of which the key counts */

	ref.sock = sock;
	ref.vrid = vrid;
	if (vrrp_addr_is_multicast(&dgram->dst)) {
		ref.ifindex = ifindex;
		ref.local = ref.peer = (struct vrrp_addr){};
	} else {
		ref.ifindex = link_of(ifindex, &dgram->dst);
		ref.local = dgram->dst;
		ref.peer = dgram->src;
	}
	return listeners_find(&listeners, &ref);
}

static struct heard *find_heard(struct vrrp_copies *copies, const struct vrrp_datagram *dgram)
{
	uint32_t octets = jhash(dgram->src.octets, sizeof(dgram->src.octets), dgram->ttl);
	vrrp_usec_t now = vrrp_now();
	struct heard *heard;

	octets = jhash(dgram->data, dgram->size, octets);
	for (unsigned int i = 0; i < COPIES; i++)
		if (copies->heard[i].octets == octets && now - copies->heard[i].first < COPY_USEC)
			return &copies->heard[i];
	heard = &copies->heard[copies->next++ % COPIES];
	*heard = (struct heard){ .octets = octets, .first = now };
	return heard;
}

/* True when the other of the two links has delivered the same datagram before. */
static bool is_second_copy(struct vrrp_listener *l, const struct vrrp_datagram *dgram)
{
	struct heard *heard = find_heard(l->copies ? l->copies : l->twin->copies, dgram);
	int here = l->copies ? -1 : 1;
	bool is_second = heard->balance * here < 0;

	heard->balance += here;
	return is_second;
}

/* True for a copy of a datagram that another link of ours delivers. */
static bool is_copy(struct vrrp_listener *l, const struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	if (!vrrp_addr_is_multicast(&dgram->dst))
		return false;
	if (l)
		return l->twin && vrrp_vmac_is_up(l->router) && is_second_copy(l, dgram);
	return vmacs_find(&vmacs, &(struct vrrp_listener){ .ifindex = ifindex }) != NULL;
}

static struct vrrp_router *find_at(struct vrrp_blame key)
{
	const struct vrrp_blame *found = blames_find_gteq(&blames, &key);

	if (!found)
		return NULL;
	key.router = found->router;
	return blame_cmp(found, &key) == 0 ? found->router : NULL;
}

static vrrp_received_fn received;

/* The virtual router that a packet without a listener was most likely meant for. */
static struct vrrp_router *find_blamed(const struct vrrp_sock *sock, uint8_t vrid,
				       const struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_blame link = { .sock = sock, .vrid = vrid, .ifindex = ifindex };
	struct vrrp_blame source = link, peer = link;
	struct vrrp_router *router;

	source.ifindex = link_of(ifindex, &dgram->dst);
	source.source = dgram->dst;
	peer.ifindex = link_of(ifindex, &dgram->src);
	peer.peer = dgram->src;
	if (vrrp_addr_is_multicast(&dgram->dst))
		return find_at(link);
	router = find_at(source);
	router = router ? router : find_at(peer);
	if (router)
		return router;
	router = find_at(link); /* a stranger for a unicast router, which has a list of peers */
	return router && !vrrp_router_is_unicast(router) ? router : NULL;
}

static struct vrrp_verdict_counters *strays(enum vrrp_family family)
{
	return family == VRRP_IPV4 ? &strays_v4 : &strays_v6;
}

/* l: the listener of such packets; NULL = none, or unknown. */
static void stray(const struct vrrp_sock *sock, const struct vrrp_listener *l,
		  const struct vrrp_datagram *dgram, const struct vrrp_advert *advert,
		  ifindex_t ifindex, enum vrrp_verdict verdict)
{
	const char *ifname = ifindex2ifname(ifindex, sock->vrf_id);
	char src[VRRP_ADDR_STRLEN];

	strays(sock->family)->count[verdict]++;
	if (DEBUG_MODE_CHECK(&vrrp_debug_packets, DEBUG_MODE_ALL) &&
	    vrrp_log_allowed(VRRP_LOG_PACKET))
		zlog_debug("packet from %s discarded: %s", vrrp_addr_str(&dgram->src, src),
			   vrrp_verdicts[verdict].text);
	vrrp_report_stray(l ? l->router : NULL, dgram, advert, verdict, ifname);
}

static void receive_datagram(struct vrrp_sock *sock, struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_advert advert;
	enum vrrp_verdict verdict = vrrp_packet_identify(dgram, &advert);
	struct vrrp_listener *l = find_listener(sock, advert.vrid, dgram, ifindex);
	struct vrrp_router *router;

	if (is_copy(l, dgram, ifindex))
		return;
	if (l && verdict == VRRP_ACCEPTED)
		verdict = vrrp_packet_read(dgram, &advert);
	if (verdict != VRRP_ACCEPTED) {
		stray(sock, l, dgram, &advert, ifindex, verdict);
		return;
	}
	router = l ? l->router : find_blamed(sock, advert.vrid, dgram, ifindex);
	if (router)
		received(router, dgram, &advert, l != NULL);
	else
		stray(sock, NULL, dgram, &advert, ifindex, VRRP_BAD_VRID);
}

static void receive_one(struct vrrp_sock *sock, unsigned int i)
{
	struct vrrp_datagram dgram = {
		.src = vrrp_addr_of_sockaddr(&rx.address[i]),
		.data = rx.data[i],
		.size = rx.headers[i].msg_len,
	};
	ifindex_t ifindex = read_control(sock, &rx.headers[i].msg_hdr, &dgram);
	struct vrrp_advert nothing = {};

	/* a datagram that is truncated here is longer than any message */
	if (sock->family == VRRP_IPV4 && !strip_ip_header(&dgram))
		stray(sock, NULL, &dgram, &nothing, ifindex, VRRP_BAD_LENGTH);
	else
		receive_datagram(sock, &dgram, ifindex);
}

static void rx_init(void)
{
	for (unsigned int i = 0; i < VRRP_BATCH; i++) {
		rx.iov[i] = (struct iovec){ rx.data[i], sizeof(rx.data[i]) };
		rx.headers[i].msg_hdr = (struct msghdr){ .msg_name = &rx.address[i],
							 .msg_iov = &rx.iov[i],
							 .msg_iovlen = 1,
							 .msg_control = rx.control[i] };
	}
}

/* Prepares the first headers of the batch, which the kernel has written to. */
static void rx_prepare(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		rx.headers[i].msg_hdr.msg_namelen = sizeof(rx.address[i]);
		rx.headers[i].msg_hdr.msg_controllen = sizeof(rx.control[i]);
	}
}

/* Reads one batch. True when there may be more. */
static bool read_batch(struct vrrp_sock *sock)
{
	static unsigned int used = VRRP_BATCH;
	int count;

	rx_prepare(used);
	count = recvmmsg(sock->fd, rx.headers, VRRP_BATCH, MSG_DONTWAIT, NULL);
	used = MIN(MAX(count, 0) + 1, VRRP_BATCH); /* and the header of a failed datagram */
	vrrp_report_read(MAX(count, 0));
	for (int i = 0; i < count; i++)
		receive_one(sock, i);
	if (count < 0 && errno != EAGAIN && errno != EINTR && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_err("VRRP socket: cannot receive: %s", safe_strerror(errno));
	return count == VRRP_BATCH;
}

static void on_readable(struct event *event)
{
	struct vrrp_sock *sock = EVENT_ARG(event);
	vrrp_usec_t end;

	event_add_read(master, on_readable, sock, sock->fd, &sock->t_read);
	end = vrrp_now() + READ_USEC;
	while (read_batch(sock) && vrrp_now() < end && !vrrp_alarm_overdue())
		;
}

void vrrp_receive_all(void)
{
	vrrp_usec_t span = MIN(MAX(vrrp_alarm_overdue(), READ_USEC), READ_LATE_USEC), end;
	struct vrrp_sock *sock = NULL;

	while ((sock = vrrp_socket_next(sock))) {
		end = vrrp_now() + span;
		while (read_batch(sock) && vrrp_now() < end)
			;
	}
}

/* ------------------------------------------------------------ counters, start, stop */

const struct vrrp_verdict_counters *vrrp_receive_strays(enum vrrp_family family)
{
	return strays(family);
}

uint64_t vrrp_receive_lost(enum vrrp_family family)
{
	return *lost_of(family);
}

void vrrp_receive_clear(void)
{
	memset(&strays_v4, 0, sizeof(strays_v4));
	memset(&strays_v6, 0, sizeof(strays_v6));
	lost_v4 = lost_v6 = 0;
}

void vrrp_receive_init(vrrp_received_fn handler)
{
	received = handler;
	rx_init();
	listeners_init(&listeners);
	vmacs_init(&vmacs);
}

void vrrp_receive_stop(void)
{
	listeners_fini(&listeners);
	vmacs_fini(&vmacs);
}
