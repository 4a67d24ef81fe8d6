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

int vrrp_probe_open(struct vrrp_probe *probe, int type)
{
	int family = vrrp_family_af(probe->server.family);

	probe->watch.fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return probe->watch.fd < 0 ? -errno : vrrp_probe_prepare(probe, probe->watch.fd);
}

int vrrp_probe_connect(struct vrrp_probe *probe, uint32_t events)
{
	struct sockaddr_storage to;
	socklen_t len = vrrp_addr_sockaddr(&probe->server, probe->port, &to);

	if (connect(probe->watch.fd, (struct sockaddr *)&to, len) < 0 && errno != EINPROGRESS)
		return -errno;
	return vrrp_watch_begin(&probe->watch, events);
}

void vrrp_probe_close(struct vrrp_probe *probe)
{
	if (probe->watch.fd < 0)
		return;
	vrrp_watch_end(&probe->watch);
	close(probe->watch.fd);
}

static void tcp_begin(struct vrrp_probe *probe)
{
	int error = vrrp_probe_open(probe, SOCK_STREAM), off = 0;

	probe->watch.ready = on_ready;
	if (!error) {
		(void)setsockopt(probe->watch.fd, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof(off));
		error = vrrp_probe_connect(probe, EPOLLOUT);
	}
	if (error)
		vrrp_probe_error(probe, -error);
}

const struct vrrp_probe_method vrrp_probe_tcp = {
	.takes_descriptor = true,
	.begin = tcp_begin,
	.end = vrrp_probe_close,
};
