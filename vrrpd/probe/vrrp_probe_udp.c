// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A datagram is sent from a socket that is connected to the server, so that the kernel hands us only
 * what the server sends back, and the ICMP errors about it. The first answer ends the try.
 *
 * Many services of UDP answer nobody whom they do not know. So without a reply that is asked for,
 * silence is good, and only an error is not: a host that is off the network, too, is silent behind a
 * router.
 */
#include "vrrp_probe_private.h"

#include "vrrp_hex.h"

/* The rest of a longer answer is cut off. */
#define ANSWER_MOST 4096

static void on_ready(struct vrrp_watch *watch, uint32_t events)
{
	struct vrrp_probe *probe = container_of(watch, struct vrrp_probe, watch);
	uint8_t answer[ANSWER_MOST];
	ssize_t len = recv(watch->fd, answer, sizeof(answer), 0);

	if (len >= 0)
		probe->heard(probe, answer, len);
	else if (errno != EAGAIN && errno != EINTR) /* of a wrong checksum */
		vrrp_probe_error(probe, errno);
}

void vrrp_probe_ask(struct vrrp_probe *probe, const uint8_t *octets, size_t len,
		    vrrp_probe_heard_fn heard)
{
	int error = vrrp_probe_open(probe, SOCK_DGRAM);

	probe->heard = heard;
	probe->watch.ready = on_ready;
	if (!error)
		error = vrrp_probe_connect(probe, EPOLLIN);
	if (!error && send(probe->watch.fd, octets, len, 0) < 0)
		error = -errno;
	if (error)
		vrrp_probe_error(probe, -error);
}

static void heard(struct vrrp_probe *probe, const uint8_t *answer, size_t len)
{
	if (!probe->conf.reply || vrrp_hex_begins(probe->conf.reply, answer, len))
		vrrp_probe_result(probe, true, "ok");
	else
		vrrp_probe_result(probe, false, "another answer than the reply");
}

static void udp_begin(struct vrrp_probe *probe)
{
	uint8_t octets[VRRP_HEX_MOST];
	size_t len = probe->conf.payload ? vrrp_hex_octets(probe->conf.payload, octets) : 0;

	probe->answered = !probe->conf.reply;
	vrrp_probe_ask(probe, octets, len, heard);
}

const struct vrrp_probe_method vrrp_probe_udp = {
	.takes_descriptor = true,
	.begin = udp_begin,
	.end = vrrp_probe_close,
};
