// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A TCP connection is made as far as the server's kernel shows that someone listens,
 * and reset: the answer to SYN is never acknowledged. So the server's program does not
 * hear of it, and no socket of ours stays behind in TIME_WAIT for a minute.
 *
 * A try owns its socket, from begin() to end().
 */
#include "vrrp_probe_private.h"

#include <netinet/tcp.h>

#include "vrrp_daemon.h"

static void on_ready(struct vrrp_watch *watch, uint32_t events)
{
	struct vrrp_probe *probe = container_of(watch, struct vrrp_probe, watch);
	socklen_t len = sizeof(int);
	int error = 0;

	if (getsockopt(watch->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error)
		vrrp_probe_error(probe, error);
	else
		vrrp_probe_result(probe, true, "ok");
}

static int bind_source(int fd, const struct vrrp_addr *source)
{
	struct sockaddr_storage from;
	socklen_t len = vrrp_addr_sockaddr(source, 0, &from);
	int on = 1;

	/* otherwise the port is reserved for all servers at once, and ports run out */
	(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	return bind(fd, (struct sockaddr *)&from, len) < 0 ? -errno : 0;
}

/* Another device than none is for those with the capability alone. */
static int bind_device(int fd, const char *name)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, strlen(name)) < 0)
			error = -errno;
	}
	return error;
}

int vrrp_probe_prepare(const struct vrrp_probe *probe, int fd)
{
	const struct vrrp_addr *source = vrrp_probe_source(probe);
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	int error = probe->conf.vrf ? bind_device(fd, probe->conf.vrf) : 0;

	if (error)
		return error;
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	return source ? bind_source(fd, source) : 0;
}

static int start_connecting(struct vrrp_probe *probe, int fd)
{
	struct sockaddr_storage to;
	socklen_t len = vrrp_addr_sockaddr(&probe->server, probe->port, &to);
	int error = vrrp_probe_prepare(probe, fd), off = 0;

	if (error)
		return error;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof(off));
	if (connect(fd, (struct sockaddr *)&to, len) < 0 && errno != EINPROGRESS)
		return -errno;
	return vrrp_watch_begin(&probe->watch, EPOLLOUT);
}

static void tcp_begin(struct vrrp_probe *probe)
{
	int family = vrrp_family_af(probe->server.family), error;

	probe->watch.ready = on_ready;
	probe->watch.fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	error = probe->watch.fd < 0 ? -errno : start_connecting(probe, probe->watch.fd);
	if (error)
		vrrp_probe_error(probe, -error);
}

static void tcp_end(struct vrrp_probe *probe)
{
	if (probe->watch.fd < 0)
		return;
	vrrp_watch_end(&probe->watch);
	close(probe->watch.fd);
}

const struct vrrp_probe_method vrrp_probe_tcp = {
	.takes_descriptor = true,
	.begin = tcp_begin,
	.end = tcp_end,
};
