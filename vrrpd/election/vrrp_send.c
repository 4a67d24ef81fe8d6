// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The queue holds (virtual router, priority) only; octets are built when it is flushed, in
 * buffers that are made once.
 */
#include "vrrp_send.h"

#include "darr.h"
#include "network.h"

#include "vrrp_farewell.h"
#include "vrrp_log.h"
#include "vrrp_peer.h"
#include "vrrp_pktinfo.h"
#include "vrrp_seal.h"
#include "vrrp_socket.h"
#include "vrrp_vmac.h"
#include "vrrp_warning.h"

/*
 * A way back is noticed by an advertisement, so up to an interval late, and Active_Down_Interval
 * is longer than three.
 */
#define CUT_OFF_INTERVALS 2

struct queued {
	struct vrrp_router *router;
	uint8_t priority;
};

static struct queued *queue, *releases; /* darr */

/* An advertisement for one destination; only the checksum differs for another. */
struct encoded {
	const struct vrrp_addr *dst;
	const struct vrrp_advert *advert;
	size_t size;
	uint8_t octets[VRRP_PACKET_MAX];
};

/* The datagrams that are built and not yet sent, and their routers. */
static struct vrrp_batch tx;
static struct vrrp_router *tx_router[VRRP_BATCH];
static struct vrrp_peer *tx_peer[VRRP_BATCH];
static unsigned int tx_count;
static int tx_fd = -1; /* the descriptor for the gathered datagrams */

/* True when there are peers, and the last packet to each of them could not be sent. */
static bool reaches_no_peer(const struct vrrp_router *router)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (!peer->send_error)
			return false;
	return vrrp_router_is_unicast(router);
}

/* Logs it; the router stays Active, since it may be the only one that clients reach. */
static void note_reach(struct vrrp_router *router)
{
	bool is_active = router->fsm.state == VRRP_ACTIVE;
	bool cut_off = is_active && reaches_no_peer(router);

	if (cut_off == router->cut_off)
		return;
	router->cut_off = cut_off;
	router->cut_off_until = vrrp_now();
	if (!is_active || !vrrp_log_allowed(VRRP_LOG_SOCKET))
		return;
	if (cut_off)
		zlog_warn("%pVR: has no way to any of its peers: stays Active, and they do not hear it",
			  router);
	else
		zlog_info("%pVR: has a way to a peer again", router);
}

static void send_failed(unsigned int i)
{
	struct vrrp_router *router = tx_router[i];
	char to[VRRP_ADDR_STRLEN];
	struct vrrp_addr dst = vrrp_addr_of_sockaddr(&tx.address[i]);
	int error = errno;

	router->stats.send_errors++;
	if (error != router->send_error && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("%pVR: cannot send to %s: %s", router, vrrp_addr_str(&dst, to),
			  safe_strerror(error));
	router->send_error = error;
	if (tx_peer[i])
		vrrp_peer_not_sent(tx_peer[i], error);
	note_reach(router);
}

static void sent(unsigned int i)
{
	tx_router[i]->send_error = 0;
	tx_router[i]->stats.sent++;
	if (tx_peer[i]) {
		tx_peer[i]->sent++;
		tx_peer[i]->send_error = 0;
	}
	if (tx_router[i]->cut_off)
		note_reach(tx_router[i]);
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

static bool sends_from_vmac(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	return !peer && vrrp_router_has_virtual_mac(router);
}

/* The link to send by: unicast follows the routing table, except to a link-local address. */
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

/* The guardian says it with priority 0, if this is the last one. */
static void note_farewell(struct vrrp_router *router, struct vrrp_peer *peer,
			  const struct vrrp_addr *dst, const struct vrrp_advert *advert)
{
	const struct iovec *built = &tx.iov[tx_count];

	if (advert->priority != VRRP_PRIORITY_RELEASE)
		vrrp_farewell_note(router, peer,
				   &(struct vrrp_said){
					   .advert = advert,
					   .dst = dst,
					   .link = sending_link(router, peer),
					   .slot = vrrp_socket_slot(router->sock, tx_fd),
					   .octets = built->iov_base,
					   .size = built->iov_len,
				   });
}

/* Adds a copy of the message for this destination. */
static void tx_add(struct vrrp_router *router, struct vrrp_peer *peer, const struct vrrp_addr *dst,
		   const struct encoded *message)
{
	bool vmac_ipv6 = router->family == VRRP_IPV6 && sends_from_vmac(router, peer);
	struct msghdr *header;

	tx_use(vmac_ipv6 ? vrrp_socket_vmac_fd(router->sock) : router->sock->fd);
	header = &tx.headers[tx_count].msg_hdr;
	memcpy(tx.data[tx_count], message->octets, message->size);
	if (dst != message->dst)
		vrrp_packet_readdress(tx.data[tx_count], message->size, router->family,
				      message->advert->checksum, &router->source, dst);
	tx.iov[tx_count] = (struct iovec){ tx.data[tx_count], message->size };
	*header = (struct msghdr){
		.msg_name = &tx.address[tx_count],
		.msg_namelen = vrrp_addr_sockaddr(dst, 0, &tx.address[tx_count]),
		.msg_iov = &tx.iov[tx_count],
		.msg_iovlen = 1,
		.msg_control = tx.control[tx_count],
	};
	vrrp_pktinfo_set(header, router->family, &router->source, sending_link(router, peer));
	note_farewell(router, peer, dst, message->advert);
	tx_router[tx_count] = router;
	tx_peer[tx_count] = peer;
	if (++tx_count == VRRP_BATCH)
		tx_flush();
}

/* Signs what is encoded, where the group does; false: it must not be sent. */
static bool seal(struct vrrp_router *router, const struct vrrp_advert *advert,
		 struct encoded *message)
{
	size_t size = message->size;

	if (advert->version != 3)
		return true;
	if (!vrrp_seal_sign(router, message->octets, &message->size))
		return false;
	if (message->size != size)
		vrrp_packet_readdress(message->octets, message->size, router->family,
				      advert->checksum, &router->source, message->dst);
	return true;
}

/* Builds a copy for each peer, or one for the multicast group. */
static void tx_add_all(struct vrrp_router *router, const struct vrrp_advert *advert)
{
	struct encoded message;
	struct vrrp_addr group = vrrp_addr_group(router->family);
	struct vrrp_peer *peer;

	message.dst = darr_len(router->peers) ? &router->peers[0].address : &group;
	message.advert = advert;
	message.size = vrrp_packet_encode(advert, &router->source, message.dst, message.octets,
					  sizeof(message.octets));
	if (!message.size) { /* validation refuses such configurations */
		router->stats.send_errors++;
		return;
	}
	if (!seal(router, advert, &message))
		return;
	darr_foreach_p (router->peers, peer)
		tx_add(router, peer, &peer->address, &message);
	if (!vrrp_router_is_unicast(router))
		tx_add(router, NULL, &group, &message);
}

/* The VIPs to advertise; a router without VIPs advertises its last one, since there must be one. */
static const struct vrrp_addr *advertised(const struct vrrp_router *router, unsigned int *count)
{
	*count = darr_len(router->vips);
	if (*count)
		return router->vips;
	*count = vrrp_addr_is_set(&router->last_vip);
	return &router->last_vip;
}

/* Builds an advertisement in the version with which the router takes part, or took part. */
static void transmit(struct vrrp_router *router, uint8_t priority)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	uint8_t octets[VRRP_ADDRESSES_MAX * sizeof(struct in6_addr)];
	struct vrrp_advert advert = {
		.family = router->family,
		.version = router->fsm_config.version,
		.vrid = router->group->vrid,
		.priority = priority,
		.checksum = conf->checksum_pseudo ? VRRP_CHECKSUM_PSEUDO : VRRP_CHECKSUM_MESSAGE,
		.interval_cs = conf->interval_cs,
		.addresses = octets,
	};
	unsigned int count;
	const struct vrrp_addr *vips = advertised(router, &count);

	for (; advert.count < count; advert.count++)
		memcpy(octets + advert.count * vrrp_addr_size(router->family),
		       vips[advert.count].octets, vrrp_addr_size(router->family));
	tx_add_all(router, &advert);
	/* VRRPv3 first: a router that accepts both then ignores VRRPv2 */
	if (conf->version_2_too && router->family == VRRP_IPV4) {
		advert.version = 2;
		advert.interval_cs = vrrp_interval_v2(conf->interval_cs);
		tx_add_all(router, &advert);
	}
	if (priority == VRRP_PRIORITY_RELEASE)
		router->stats.priority_zero_sent++;
}

/*
 * False for an advertisement of a router that has left the election since; priority 0 is still
 * sent.
 */
static bool is_said(const struct queued *entry)
{
	return entry->router->sock && (entry->priority == VRRP_PRIORITY_RELEASE ||
				       entry->router->fsm.state != VRRP_INITIALIZE);
}

static void flush_queue(struct queued **from)
{
	struct queued *entry;

	darr_foreach_p (*from, entry)
		if (is_said(entry))
			transmit(entry->router, entry->priority);
	tx_flush();
	darr_reset(*from);
}

void vrrp_send_advertise(struct vrrp_router *router, uint8_t priority)
{
	struct queued entry = { .router = router, .priority = priority };

	if (priority == VRRP_PRIORITY_RELEASE)
		*darr_append(releases) = entry;
	else
		*darr_append(queue) = entry;
}

void vrrp_send_flush_releases(void)
{
	flush_queue(&releases);
}

void vrrp_send_flush(void)
{
	flush_queue(&queue);
}

bool vrrp_send_was_cut_off(const struct vrrp_router *router)
{
	vrrp_usec_t moment = CUT_OFF_INTERVALS * router->fsm_config.interval_cs * VRRP_USEC_PER_CS;

	return router->cut_off ||
	       (router->cut_off_until && vrrp_now() < router->cut_off_until + moment);
}

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (router->fsm.state == VRRP_ACTIVE && reaches_no_peer(router))
		vrrp_sentence_add(sentences,
				  "there is no way to any peer (%s): it is Active, and they do not hear it",
				  safe_strerror(router->send_error));
	return 0;
}

void vrrp_send_init(void)
{
	hook_register(vrrp_warnings, on_warnings);
}

void vrrp_send_stop(void)
{
	darr_free(queue);
	darr_free(releases);
}
