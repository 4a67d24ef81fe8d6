// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_sock belongs to the virtual routers of a VRF and family that have joined: it
 * is made for the first and closed with the last.
 *
 * Its descriptor receives, and sends everything except IPv6 from a VMAC. Memberships in the
 * multicast group are held by other descriptors (vrrp_membership.h): the kernel delivers packets of
 * a joined group to all sockets, not only to the one that has joined.
 */
#include "vrrp_socket.h"

#include <linux/filter.h>

#include "darr.h"
#include "network.h"
#include "sockopt.h"
#include "vrf.h"

#include "vrrp_daemon.h"
#include "vrrp_guardian.h"
#include "vrrp_memory.h"
#include "vrrp_vrf_socket.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SOCK, "VRRP socket");

/* Room for a burst from thousands of virtual routers. */
#define SOCKET_BUFFER (4 * 1024 * 1024)

DECLARE_DLIST(socks, struct vrrp_sock, item);

static struct socks_head socks = INIT_DLIST(socks);

/* ---------------------------------------------------------- opening and closing */

/*
 * An unconnected raw socket never learns a smaller path MTU over IPv6, and over IPv4 only if ICMP
 * is not lost. So IPv6 packets are not longer than the minimum MTU, and IPv4 routers may fragment.
 */
static int set_options_v4(int fd)
{
	int ttl = VRRP_TTL, tos = IPTOS_PREC_INTERNETCONTROL, off = 0, on = 1;
	int dont = IP_PMTUDISC_DONT;

	if (setsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &dont, sizeof(dont)) < 0 ||
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
	int dont = IPV6_PMTUDISC_DONT, mtu = VRRP_MTU;

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &dont, sizeof(dont)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, sizeof(mtu)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof(off)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tclass, sizeof(tclass)) < 0)
		return -errno;
	return 0;
}

static int open_raw(vrf_id_t vrf_id, enum vrrp_family family)
{
	int fd = vrrp_vrf_socket(vrf_id, family, SOCK_RAW, VRRP_PROTOCOL), error;

	if (fd < 0)
		return fd;
	set_nonblocking(fd);
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

static void sock_free(struct vrrp_sock *sock)
{
	event_cancel(&sock->t_read);
	vrrp_guardian_take_back(sock->slot);
	vrrp_guardian_take_back(sock->slot_vmac);
	close(sock->fd);
	vrrp_memberships_end(&sock->memberships);
	if (sock->fd_vmac >= 0)
		close(sock->fd_vmac);
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

static struct vrrp_sock *sock_new(vrf_id_t vrf_id, enum vrrp_family family, int fd)
{
	struct vrrp_sock *sock = XCALLOC(MTYPE_VRRP_SOCK, sizeof(*sock));

	sock->vrf_id = vrf_id;
	sock->family = family;
	sock->fd = fd;
	sock->fd_vmac = -1;
	sock->slot = vrrp_guardian_lend_socket(fd);
	sock->memberships = (struct vrrp_memberships){ .vrf_id = vrf_id, .family = family };
	socks_add_tail(&socks, sock);
	return sock;
}

int vrrp_socket_get(vrf_id_t vrf_id, enum vrrp_family family, struct vrrp_sock **result)
{
	int fd;

	*result = sock_find(vrf_id, family);
	if (!*result) {
		fd = open_raw(vrf_id, family);
		if (fd < 0)
			return fd;
		enlarge_buffers(fd);
		*result = sock_new(vrf_id, family, fd);
	}
	(*result)->users++;
	return 0;
}

void vrrp_socket_put(struct vrrp_sock *sock)
{
	if (!--sock->users)
		sock_free(sock);
}

/*
 * The kernel sends from a link-local address only by the link that has it. A VMAC has none
 * and uses its parent's, which is tracked. IP_FREEBIND makes that possible. No other socket
 * of advertisements has it, since it would hide the loss of an address.
 */
int vrrp_socket_vmac_fd(struct vrrp_sock *sock)
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
	sock->slot_vmac = vrrp_guardian_lend_socket(sock->fd_vmac);
	return sock->fd_vmac;
}

uint8_t vrrp_socket_slot(const struct vrrp_sock *sock, int fd)
{
	return fd == sock->fd ? sock->slot : sock->slot_vmac;
}

struct vrrp_sock *vrrp_socket_next(struct vrrp_sock *sock)
{
	return sock ? socks_next(&socks, sock) : socks_first(&socks);
}

unsigned int vrrp_socket_count(void)
{
	return socks_count(&socks);
}

/* ------------------------------------------------------------------ memberships */

int vrrp_socket_join_link(struct vrrp_sock *sock, ifindex_t ifindex)
{
	struct vrrp_addr group = vrrp_addr_group(sock->family);

	return vrrp_membership_join(&sock->memberships, ifindex, &group);
}

void vrrp_socket_leave_link(struct vrrp_sock *sock, ifindex_t ifindex)
{
	struct vrrp_addr group = vrrp_addr_group(sock->family);

	vrrp_membership_leave(&sock->memberships, ifindex, &group);
}
