// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_sock is a VRF and family: a descriptor and who listens there. It is made by the first vrrp_socket_join() and closed by
 * the last vrrp_socket_leave().
 *
 * A listener is one (VRID, own address, peer) of a unicast virtual router, or
 * one (VRID, link) of a multicast one, found in a hash in one step for every
 * packet. Packets without a listener are rare, so finding out whom to blame may
 * walk the few virtual routers that share the VRID.
 *
 * A VMAC hears all multicast of its LAN, and so do its parent and every other VMAC
 * there; but what another router sends from the very same MAC address comes to it
 * alone. So a VMAC is listened to for its own VRID, and for nothing else; and of what
 * is heard both there and on its parent, in whatever order, one copy is passed over.
 *
 * The send queue holds (virtual router, priority) only; octets are built when
 * it is flushed, in buffers that are made once.
 */
#include "vrrp_socket.h"

#include <linux/filter.h>
#include <netinet/ip.h>

#include "darr.h"
#include "jhash.h"
#include "network.h"
#include "sockopt.h"
#include "vrf.h"

#include "vrrp_debug.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_report.h"
#include "vrrp_vmac.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SOCK, "VRRP socket");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_LISTENER, "VRRP listener");

/* Datagrams read or sent in one system call. */
#define BATCH 64
/* Reads of one wake-up before others get their turn. */
#define BATCHES_PER_WAKEUP 8
/* Room for a burst from thousands of virtual routers, and the reads that empty it. */
#define SOCKET_BUFFER  (4 * 1024 * 1024)
#define BATCHES_OF_ALL 256
/* A copy comes no later than this, and so many datagrams may come before it. */
#define COPY_USEC     VRRP_USEC_PER_SEC
#define COPIES	      8
#define IP_HEADER_MAX 60
#define DATAGRAM_MAX  (IP_HEADER_MAX + VRRP_PACKET_MAX)

PREDECL_DLIST(socks);
PREDECL_HASH(listeners);
PREDECL_HASH(vmacs);

struct vrrp_sock {
	struct socks_item item;
	vrf_id_t vrf_id;
	enum vrrp_family family;
	int fd;
	int fd_vmac; /* sends from VMACs; -1 = not opened yet */
	struct event *t_read;
	int *members; /* darr: sockets that hold memberships, and nothing else */
	unsigned int users;
	uint32_t lost;			   /* the kernel's count of datagrams without room */
	struct vrrp_router **by_vrid[256]; /* darr */
};

/* A datagram heard on a VMAC and its parent. */
struct heard {
	uint32_t octets; /* hash */
	vrrp_usec_t first;
	int balance; /* on the parent, less those on the VMAC */
};

struct vrrp_listener {
	struct listeners_item item;
	struct vmacs_item vmac_item;
	const struct vrrp_sock *sock;
	uint8_t vrid;
	ifindex_t ifindex;	/* multicast, else 0 */
	struct vrrp_addr local; /* unicast, else not set */
	struct vrrp_addr peer;
	struct vrrp_router *router;
	bool is_vmac;		    /* on one, and known as such */
	struct vrrp_listener *twin; /* of a VMAC its parent, and the reverse */
	struct heard heard[COPIES]; /* of a VMAC */
	unsigned int next_heard;
};

struct queued {
	struct vrrp_router *router;
	uint8_t priority;
};

static int listener_cmp(const struct vrrp_listener *a, const struct vrrp_listener *b)
{
	int order = numcmp((uintptr_t)a->sock, (uintptr_t)b->sock);

	order = order ? order : numcmp(a->vrid, b->vrid);
	order = order ? order : numcmp(a->ifindex, b->ifindex);
	order = order ? order : vrrp_addr_cmp(&a->local, &b->local);
	return order ? order : vrrp_addr_cmp(&a->peer, &b->peer);
}

static uint32_t listener_hash(const struct vrrp_listener *l)
{
	uint32_t hash = jhash_2words(l->vrid, l->ifindex, l->sock->vrf_id);

	hash = jhash(l->local.octets, sizeof(l->local.octets), hash);
	return jhash(l->peer.octets, sizeof(l->peer.octets), hash);
}

static int vmac_cmp(const struct vrrp_listener *a, const struct vrrp_listener *b)
{
	return numcmp(a->ifindex, b->ifindex);
}

static uint32_t vmac_hash(const struct vrrp_listener *l)
{
	return jhash_1word(l->ifindex, 0);
}

DECLARE_DLIST(socks, struct vrrp_sock, item);
DECLARE_HASH(listeners, struct vrrp_listener, item, listener_cmp, listener_hash);
DECLARE_HASH(vmacs, struct vrrp_listener, vmac_item, vmac_cmp, vmac_hash);

static struct socks_head socks = INIT_DLIST(socks);
static struct listeners_head listeners;
static struct vmacs_head vmacs;
static struct vrrp_verdict_counters strays_v4, strays_v6;
static uint64_t lost_v4, lost_v6;
static struct queued *queue, *releases; /* darr */

static struct {
	struct mmsghdr headers[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_storage from[BATCH];
	uint8_t control[BATCH][CMSG_SPACE(sizeof(struct in6_pktinfo)) +
			       2 * CMSG_SPACE(sizeof(int))]; /* hop limit, lost */
	uint8_t data[BATCH][DATAGRAM_MAX];
} rx, tx;

static struct vrrp_router *tx_router[BATCH];
static struct vrrp_peer *tx_peer[BATCH];

/* ---------------------------------------------------------- opening and closing */

static int set_options_v4(int fd)
{
	int ttl = VRRP_TTL, tos = IPTOS_PREC_INTERNETCONTROL, off = 0, on = 1;

	if (setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)) < 0)
		return -errno;
	return 0;
}

static int set_options_v6(int fd)
{
	int hops = VRRP_TTL, tclass = IPTOS_PREC_INTERNETCONTROL, off = 0, on = 1;

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof(off)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tclass, sizeof(tclass)) < 0)
		return -errno;
	return 0;
}

/* A raw socket of the VRF; negative errno on failure. */
static int open_raw(vrf_id_t vrf_id, enum vrrp_family family)
{
	const struct vrf *vrf = vrf_lookup_by_id(vrf_id);
	int fd = -1, error = 0;

	frr_with_privs (&vrrp_privs) {
		fd = vrf_socket(family == VRRP_IPV4 ? AF_INET : AF_INET6, SOCK_RAW, VRRP_PROTOCOL,
				vrf_id, vrf_id == VRF_DEFAULT || !vrf ? NULL : vrf->name);
		if (fd < 0)
			error = -errno;
	}
	if (fd < 0)
		return error;
	set_nonblocking(fd);
	set_cloexec(fd);
	error = family == VRRP_IPV4 ? set_options_v4(fd) : set_options_v6(fd);
	if (error)
		close(fd);
	return error ? error : fd;
}

void vrrp_socket_make_deaf(int fd)
{
	struct sock_filter drop_all = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &drop_all };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		zlog_warn("VRRP socket: filter: %s", safe_strerror(errno));
}

static void enlarge_buffers(int fd)
{
	int size = SOCKET_BUFFER, on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on)) < 0)
		zlog_warn("VRRP socket: lost packets are not counted: %s", safe_strerror(errno));
	frr_with_privs (&vrrp_privs) {
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0 ||
		    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) < 0)
			zlog_warn("VRRP socket: buffers stay small: %s", safe_strerror(errno));
	}
}

static void on_readable(struct event *event);

static void sock_free(struct vrrp_sock *sock)
{
	const int *member;

	event_cancel(&sock->t_read);
	close(sock->fd);
	darr_foreach_p (sock->members, member)
		close(*member);
	darr_free(sock->members);
	if (sock->fd_vmac >= 0)
		close(sock->fd_vmac);
	for (unsigned int vrid = 0; vrid < array_size(sock->by_vrid); vrid++)
		darr_free(sock->by_vrid[vrid]);
	socks_del(&socks, sock);
	XFREE(MTYPE_VRRP_SOCK, sock);
}

static struct vrrp_sock *sock_find(vrf_id_t vrf_id, enum vrrp_family family)
{
	struct vrrp_sock *sock;

	frr_each (socks, &socks, sock)
		if (sock->vrf_id == vrf_id && sock->family == family)
			return sock;
	return NULL;
}

static int sock_get(vrf_id_t vrf_id, enum vrrp_family family, struct vrrp_sock **result)
{
	struct vrrp_sock *sock = sock_find(vrf_id, family);
	int fd;

	*result = sock;
	if (sock)
		return 0;
	fd = open_raw(vrf_id, family);
	if (fd < 0)
		return fd;
	enlarge_buffers(fd);
	sock = XCALLOC(MTYPE_VRRP_SOCK, sizeof(*sock));
	sock->vrf_id = vrf_id;
	sock->family = family;
	sock->fd = fd;
	sock->fd_vmac = -1;
	socks_add_tail(&socks, sock);
	event_add_read(master, on_readable, sock, fd, &sock->t_read);
	*result = sock;
	return 0;
}

/* ------------------------------------------------------------------ memberships */

/*
 * A link that is a member of the group hands it to every socket that has not asked for
 * less, whoever has joined. And a socket may join on no more than 20 links, unless
 * igmp_max_memberships says otherwise. So sockets that do nothing else do the joining,
 * as many as it takes.
 */
static int open_member(const struct vrrp_sock *sock)
{
	const struct vrf *vrf = vrf_lookup_by_id(sock->vrf_id);
	int fd = -1, error = 0;

	frr_with_privs (&vrrp_privs) {
		fd = vrf_socket(sock->family == VRRP_IPV4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0,
				sock->vrf_id,
				sock->vrf_id == VRF_DEFAULT || !vrf ? NULL : vrf->name);
		if (fd < 0)
			error = -errno;
	}
	if (fd >= 0)
		set_cloexec(fd);
	return error ? error : fd;
}

static int set_membership(const struct vrrp_sock *sock, int fd, ifindex_t ifindex, int option)
{
	struct group_req req = { .gr_interface = ifindex };
	struct vrrp_addr group = vrrp_addr_group(sock->family);
	int level = sock->family == VRRP_IPV4 ? IPPROTO_IP : IPPROTO_IPV6;

	vrrp_addr_sockaddr(&group, 0, &req.gr_group);
	if (setsockopt(fd, level, option, &req, sizeof(req)) < 0 && errno != EADDRINUSE)
		return -errno;
	return 0;
}

static bool is_member(const struct vrrp_sock *sock, ifindex_t ifindex)
{
	struct vrrp_listener *l;

	frr_each (listeners, &listeners, l)
		if (l->sock == sock && l->ifindex == ifindex)
			return true;
	return false;
}

static int join_by_another_socket(struct vrrp_sock *sock, ifindex_t ifindex)
{
	int fd = open_member(sock), error;

	if (fd < 0)
		return fd;
	error = set_membership(sock, fd, ifindex, MCAST_JOIN_GROUP);
	if (error)
		close(fd);
	else
		*darr_append(sock->members) = fd;
	return error;
}

static int join_group(struct vrrp_sock *sock, ifindex_t ifindex)
{
	const int *member;
	int error;

	if (is_member(sock, ifindex))
		return 0;
	darr_foreach_p (sock->members, member) {
		error = set_membership(sock, *member, ifindex, MCAST_JOIN_GROUP);
		if (error != -ENOBUFS && error != -ENOMEM)
			return error;
	}
	return join_by_another_socket(sock, ifindex);
}

static void leave_group(const struct vrrp_sock *sock, ifindex_t ifindex)
{
	const int *member;

	if (is_member(sock, ifindex))
		return;
	darr_foreach_p (sock->members, member)
		if (!set_membership(sock, *member, ifindex, MCAST_LEAVE_GROUP))
			return;
}

/* ----------------------------------------------------------- joining and leaving */

/* NULL when another router listens for the very same. */
static struct vrrp_listener *listener_add(struct vrrp_router *router,
					  const struct vrrp_listener *what)
{
	char name[VRRP_NAME_STRLEN], taken[VRRP_NAME_STRLEN];
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
	zlog_warn("%s: same VRID, source and peer as %s, which keeps the packets",
		  vrrp_router_name(router, name), vrrp_router_name(other->router, taken));
	XFREE(MTYPE_VRRP_LISTENER, l);
	return NULL;
}

static void listen_unicast(struct vrrp_router *router, const struct vrrp_addr *peer)
{
	listener_add(router, &(struct vrrp_listener){ .local = router->source, .peer = *peer });
}

static int listen_on_link(struct vrrp_router *router, ifindex_t ifindex, struct vrrp_listener **l)
{
	int error = join_group(router->sock, ifindex);

	if (!error)
		*l = listener_add(router, &(struct vrrp_listener){ .ifindex = ifindex });
	return error;
}

static int listen_multicast(struct vrrp_router *router)
{
	struct vrrp_listener *on_parent = NULL, *on_vmac = NULL;
	int vmac = vrrp_vmac_ifindex(router), error;

	error = listen_on_link(router, router->group->ifp->ifindex, &on_parent);
	if (!error && vmac && vrrp_router_placement(router) == VRRP_PLACEMENT_VMAC)
		error = listen_on_link(router, vmac, &on_vmac);
	if (!on_parent || !on_vmac)
		return error;
	on_parent->twin = on_vmac;
	on_vmac->twin = on_parent;
	on_vmac->is_vmac = !vmacs_add(&vmacs, on_vmac);
	return 0;
}

static void listener_free(struct vrrp_listener *l)
{
	listeners_del(&listeners, l);
	if (l->is_vmac)
		vmacs_del(&vmacs, l);
	if (l->ifindex)
		leave_group(l->sock, l->ifindex);
	XFREE(MTYPE_VRRP_LISTENER, l);
}

static void listeners_forget(struct vrrp_router *router)
{
	struct vrrp_listener **l;

	darr_foreach_p (router->listeners, l)
		listener_free(*l);
	darr_free(router->listeners);
}

int vrrp_socket_join(struct vrrp_router *router)
{
	char name[VRRP_NAME_STRLEN], source[VRRP_ADDR_STRLEN];
	const struct vrrp_peer *peer;
	int error;

	vrrp_socket_leave(router);
	error = sock_get(router->group->ifp->vrf->vrf_id, router->family, &router->sock);
	if (error)
		return error;
	router->sock->users++;
	*darr_append(router->sock->by_vrid[router->group->vrid]) = router;
	darr_foreach_p (router->peers, peer)
		listen_unicast(router, &peer->address);
	if (!vrrp_router_is_unicast(router))
		error = listen_multicast(router);
	DEBUGF(sockets, "%s: receives from %u peers on %s: %s", vrrp_router_name(router, name),
	       darr_len(router->peers), vrrp_addr_str(&router->source, source),
	       error ? safe_strerror(-error) : "ready");
	if (error)
		vrrp_socket_leave(router);
	return error;
}

static void unqueue(struct queued *from, const struct vrrp_router *router)
{
	struct queued *entry;

	darr_foreach_p (from, entry)
		if (entry->router == router)
			entry->router = NULL;
}

static void vrid_forget(struct vrrp_router *router)
{
	struct vrrp_router ***list = &router->sock->by_vrid[router->group->vrid];
	unsigned int i;

	darr_foreach_i (*list, i) {
		if ((*list)[i] != router)
			continue;
		darr_remove(*list, i);
		return;
	}
}

void vrrp_socket_leave(struct vrrp_router *router)
{
	struct vrrp_sock *sock = router->sock;
	char name[VRRP_NAME_STRLEN];

	if (!sock)
		return;
	unqueue(queue, router);
	unqueue(releases, router);
	DEBUGF(sockets, "%s: no longer receives", vrrp_router_name(router, name));
	listeners_forget(router);
	vrid_forget(router);
	router->sock = NULL;
	if (!--sock->users)
		sock_free(sock);
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

/* The kernel says how many, since the socket was opened, up to this datagram. */
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
 * What the kernel tells beside the octets: the link, for IPv6 destination and hop limit,
 * and what was lost.
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

static struct vrrp_listener *find_listener(const struct vrrp_sock *sock, uint8_t vrid,
					   const struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_listener ref = { .sock = sock, .vrid = vrid };

	if (vrrp_addr_is_multicast(&dgram->dst)) {
		ref.ifindex = ifindex;
	} else {
		ref.local = dgram->dst;
		ref.peer = dgram->src;
	}
	return listeners_find(&listeners, &ref);
}

static struct heard *find_heard(struct vrrp_listener *vmac, const struct vrrp_datagram *dgram)
{
	uint32_t octets = jhash(dgram->src.octets, sizeof(dgram->src.octets), dgram->ttl);
	vrrp_usec_t now = vrrp_now();
	struct heard *heard;

	octets = jhash(dgram->data, dgram->size, octets);
	for (unsigned int i = 0; i < COPIES; i++)
		if (vmac->heard[i].octets == octets && now - vmac->heard[i].first < COPY_USEC)
			return &vmac->heard[i];
	heard = &vmac->heard[vmac->next_heard++ % COPIES];
	*heard = (struct heard){ .octets = octets, .first = now };
	return heard;
}

/* Did the other of the two links hand us the same before? */
static bool is_second_copy(struct vrrp_listener *l, const struct vrrp_datagram *dgram)
{
	struct heard *heard = find_heard(l->is_vmac ? l : l->twin, dgram);
	int here = l->is_vmac ? -1 : 1;
	bool is_second = heard->balance * here < 0;

	heard->balance += here;
	return is_second;
}

/* A copy of what another link of ours hands us. */
static bool is_copy(struct vrrp_listener *l, const struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_listener on_this_link = { .ifindex = ifindex };

	if (!vrrp_addr_is_multicast(&dgram->dst))
		return false;
	if (l)
		return l->twin && vrrp_vmac_is_up(l->router) && is_second_copy(l, dgram);
	return vmacs_find(&vmacs, &on_this_link) != NULL;
}

/* Nobody listens for exactly this: the virtual router it was most likely meant for. */
static struct vrrp_router *find_blamed(const struct vrrp_sock *sock, uint8_t vrid,
				       const struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_router *const *router, *blamed = NULL;
	bool multicast = vrrp_addr_is_multicast(&dgram->dst);

	darr_foreach_p (sock->by_vrid[vrid], router) {
		if (multicast ? (*router)->group->ifp->ifindex == ifindex
			      : vrrp_addr_same(&(*router)->source, &dgram->dst))
			return *router;
		if (!multicast)
			blamed = *router;
	}
	return blamed;
}

static struct vrrp_verdict_counters *strays(enum vrrp_family family)
{
	return family == VRRP_IPV4 ? &strays_v4 : &strays_v6;
}

static void stray(const struct vrrp_sock *sock, const struct vrrp_datagram *dgram,
		  enum vrrp_verdict verdict)
{
	char src[VRRP_ADDR_STRLEN];

	strays(sock->family)->count[verdict]++;
	if (DEBUG_MODE_CHECK(&vrrp_debug_packets, DEBUG_MODE_ALL) &&
	    vrrp_log_allowed(VRRP_LOG_PACKET))
		zlog_debug("packet from %s discarded: %s", vrrp_addr_str(&dgram->src, src),
			   vrrp_verdicts[verdict].text);
	vrrp_report_discard(NULL, dgram, verdict);
}

static void receive_datagram(struct vrrp_sock *sock, struct vrrp_datagram *dgram, ifindex_t ifindex)
{
	struct vrrp_advert advert;
	enum vrrp_verdict verdict = vrrp_packet_decode(dgram, &advert);
	struct vrrp_listener *l = find_listener(sock, advert.vrid, dgram, ifindex);
	struct vrrp_router *router;

	if (is_copy(l, dgram, ifindex))
		return;
	if (verdict != VRRP_ACCEPTED) {
		stray(sock, dgram, verdict);
		return;
	}
	router = l ? l->router : find_blamed(sock, advert.vrid, dgram, ifindex);
	if (router)
		vrrp_router_receive(router, dgram, &advert, l != NULL);
	else
		stray(sock, dgram, VRRP_BAD_VRID);
}

static void receive_one(struct vrrp_sock *sock, unsigned int i)
{
	struct vrrp_datagram dgram = {
		.src = vrrp_addr_of_sockaddr(&rx.from[i]),
		.data = rx.data[i],
		.size = rx.headers[i].msg_len,
	};
	ifindex_t ifindex = read_control(sock, &rx.headers[i].msg_hdr, &dgram);

	/* what is cut short here is longer than any message */
	if (sock->family == VRRP_IPV4 && !strip_ip_header(&dgram))
		stray(sock, &dgram, VRRP_BAD_LENGTH);
	else
		receive_datagram(sock, &dgram, ifindex);
}

static void rx_prepare(void)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		rx.iov[i] = (struct iovec){ rx.data[i], sizeof(rx.data[i]) };
		rx.headers[i].msg_hdr = (struct msghdr){
			.msg_name = &rx.from[i],
			.msg_namelen = sizeof(rx.from[i]),
			.msg_iov = &rx.iov[i],
			.msg_iovlen = 1,
			.msg_control = rx.control[i],
			.msg_controllen = sizeof(rx.control[i]),
		};
	}
}

static void read_sock(struct vrrp_sock *sock, unsigned int batches)
{
	int count = BATCH;

	for (unsigned int n = 0; n < batches && count == BATCH; n++) {
		rx_prepare();
		count = recvmmsg(sock->fd, rx.headers, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < count; i++)
			receive_one(sock, i);
	}
	if (count < 0 && errno != EAGAIN && errno != EINTR && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_err("VRRP socket: cannot receive: %s", safe_strerror(errno));
}

static void on_readable(struct event *event)
{
	struct vrrp_sock *sock = EVENT_ARG(event);

	event_add_read(master, on_readable, sock, sock->fd, &sock->t_read);
	read_sock(sock, BATCHES_PER_WAKEUP);
}

void vrrp_socket_read_all(void)
{
	struct vrrp_sock *sock;

	frr_each (socks, &socks, sock)
		read_sock(sock, BATCHES_OF_ALL);
}

/* --------------------------------------------------------------------- sending */

static unsigned int tx_count;
static int tx_fd = -1; /* where the datagrams gathered so far go */

static void tx_set_source(struct msghdr *header, const struct vrrp_router *router, ifindex_t ifindex)
{
	struct in_pktinfo info = { .ipi_ifindex = ifindex, .ipi_spec_dst = router->source.v4 };
	struct in6_pktinfo info6 = { .ipi6_ifindex = ifindex, .ipi6_addr = router->source.v6 };
	bool is_v4 = router->family == VRRP_IPV4;
	size_t size = is_v4 ? sizeof(info) : sizeof(info6);
	struct cmsghdr *c;

	header->msg_controllen = CMSG_SPACE(size);
	c = CMSG_FIRSTHDR(header);
	c->cmsg_level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), is_v4 ? (void *)&info : (void *)&info6, size);
}

static void send_failed(unsigned int i)
{
	struct vrrp_router *router = tx_router[i];
	char name[VRRP_NAME_STRLEN], to[VRRP_ADDR_STRLEN];
	struct vrrp_addr dst = vrrp_addr_of_sockaddr(&tx.from[i]);
	int error = errno;

	router->stats.send_errors++;
	if (error != router->send_error && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("%s: cannot send to %s: %s", vrrp_router_name(router, name),
			  vrrp_addr_str(&dst, to), safe_strerror(error));
	router->send_error = error;
}

static void sent(unsigned int i)
{
	tx_router[i]->send_error = 0;
	tx_router[i]->stats.sent++;
	if (tx_peer[i])
		tx_peer[i]->sent++;
}

/* A datagram that fails does not stop the ones behind it. */
static void tx_flush(void)
{
	unsigned int done = 0;
	int n;

	while (done < tx_count) {
		n = sendmmsg(tx_fd, tx.headers + done, tx_count - done, 0);
		for (int i = 0; i < n; i++)
			sent(done + i);
		if (n <= 0)
			send_failed(done);
		done += n > 0 ? n : 1;
	}
	tx_count = 0;
}

/*
 * The kernel lets no one send from a link-local address that is not on the very
 * link, and a VMAC has none: its parent's is used, which is tracked. IP_FREEBIND
 * makes that possible, and is on no other socket of advertisements, since it would
 * hide an address that is gone.
 */
static int vmac_fd(struct vrrp_sock *sock)
{
	int on = 1;

	if (sock->fd_vmac >= 0)
		return sock->fd_vmac;
	sock->fd_vmac = open_raw(sock->vrf_id, sock->family);
	if (sock->fd_vmac < 0)
		return sock->fd;
	vrrp_socket_make_deaf(sock->fd_vmac);
	if (setsockopt(sock->fd_vmac, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on)) < 0)
		zlog_warn("VRRP socket: IPV6_FREEBIND: %s", safe_strerror(errno));
	return sock->fd_vmac;
}

static bool sends_from_vmac(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	return !peer && vrrp_router_placement(router) == VRRP_PLACEMENT_VMAC;
}

/* Unicast follows the routing table, but to a link-local address. */
static ifindex_t sending_link(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	if (sends_from_vmac(router, peer))
		return vrrp_vmac_ifindex(router);
	if (peer && !vrrp_addr_is_linklocal(&peer->address))
		return 0;
	return router->group->ifp->ifindex;
}

static void tx_use(int fd)
{
	if (fd != tx_fd)
		tx_flush();
	tx_fd = fd;
}

static void tx_add(struct vrrp_router *router, struct vrrp_peer *peer, const struct vrrp_addr *dst,
		   const struct vrrp_advert *advert)
{
	bool vmac_ipv6 = router->family == VRRP_IPV6 && sends_from_vmac(router, peer);
	struct msghdr *header;
	size_t size;

	tx_use(vmac_ipv6 ? vmac_fd(router->sock) : router->sock->fd);
	header = &tx.headers[tx_count].msg_hdr;
	size = vrrp_packet_encode(advert, &router->source, dst, tx.data[tx_count], DATAGRAM_MAX);
	if (!size) { /* validation keeps such configurations out */
		router->stats.send_errors++;
		return;
	}
	tx.iov[tx_count] = (struct iovec){ tx.data[tx_count], size };
	*header = (struct msghdr){
		.msg_name = &tx.from[tx_count],
		.msg_namelen = vrrp_addr_sockaddr(dst, 0, &tx.from[tx_count]),
		.msg_iov = &tx.iov[tx_count],
		.msg_iovlen = 1,
		.msg_control = tx.control[tx_count],
	};
	tx_set_source(header, router, sending_link(router, peer));
	tx_router[tx_count] = router;
	tx_peer[tx_count] = peer;
	if (++tx_count == BATCH)
		tx_flush();
}

/* To each peer, or to the group. */
static void tx_add_all(struct vrrp_router *router, const struct vrrp_advert *advert)
{
	struct vrrp_addr group = vrrp_addr_group(router->family);
	struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		tx_add(router, peer, &peer->address, advert);
	if (!vrrp_router_is_unicast(router))
		tx_add(router, NULL, &group, advert);
}

static void transmit(struct vrrp_router *router, uint8_t priority)
{
	const struct vrrp_group_conf *conf = &router->group->conf;
	uint8_t octets[VRRP_ADDRESSES_MAX * sizeof(struct in6_addr)];
	struct vrrp_advert advert = {
		.family = router->family,
		.version = conf->version,
		.vrid = router->group->vrid,
		.priority = priority,
		.checksum = conf->checksum_pseudo ? VRRP_CHECKSUM_PSEUDO : VRRP_CHECKSUM_MESSAGE,
		.interval_cs = conf->interval_cs,
		.addresses = octets,
	};
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		memcpy(octets + advert.count++ * vrrp_addr_size(router->family), vip->octets,
		       vrrp_addr_size(router->family));
	tx_add_all(router, &advert);
	/* VRRPv3 first: who knows both ignores the other */
	if (conf->version_2_too && router->family == VRRP_IPV4) {
		advert.version = 2;
		advert.interval_cs = vrrp_interval_v2(conf->interval_cs);
		tx_add_all(router, &advert);
	}
	if (priority == VRRP_PRIORITY_RELEASE)
		router->stats.priority_zero_sent++;
}

static void flush_queue(struct queued **from)
{
	struct queued *entry;

	darr_foreach_p (*from, entry)
		if (entry->router && entry->router->sock)
			transmit(entry->router, entry->priority);
	tx_flush();
	darr_reset(*from);
}

void vrrp_socket_advertise(struct vrrp_router *router, uint8_t priority)
{
	struct queued entry = { .router = router, .priority = priority };

	if (priority == VRRP_PRIORITY_RELEASE)
		*darr_append(releases) = entry;
	else
		*darr_append(queue) = entry;
}

void vrrp_socket_flush_releases(void)
{
	flush_queue(&releases);
}

void vrrp_socket_flush(void)
{
	flush_queue(&queue);
}

/* ------------------------------------------------------------ counters, start, stop */

const struct vrrp_verdict_counters *vrrp_socket_strays(enum vrrp_family family)
{
	return strays(family);
}

void vrrp_socket_clear_strays(void)
{
	memset(&strays_v4, 0, sizeof(strays_v4));
	memset(&strays_v6, 0, sizeof(strays_v6));
	lost_v4 = lost_v6 = 0;
}

uint64_t vrrp_socket_lost(enum vrrp_family family)
{
	return *lost_of(family);
}

unsigned int vrrp_socket_count(void)
{
	return socks_count(&socks);
}

void vrrp_socket_init(void)
{
	listeners_init(&listeners);
	vmacs_init(&vmacs);
}

/* Every virtual router has left before. */
void vrrp_socket_stop(void)
{
	darr_free(queue);
	darr_free(releases);
	listeners_fini(&listeners);
	vmacs_fini(&vmacs);
}
