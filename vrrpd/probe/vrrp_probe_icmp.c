// SPDX-License-Identifier: GPL-2.0-or-later
/* ICMP echo: a try is one request, and the server's answer to it ends the try. */
#include "vrrp_probe_private.h"

#include <net/if.h>

static void on_answer(struct vrrp_echo *echo)
{
	vrrp_probe_result(container_of(echo, struct vrrp_probe, echo), true, "ok");
}

static void icmp_begin(struct vrrp_probe *probe)
{
	struct vrrp_echo_path path = { .source = vrrp_probe_source(probe) };
	int error;

	if (probe->conf.vrf) {
		path.ifindex = if_nametoindex(probe->conf.vrf);
		if (!path.ifindex) {
			vrrp_probe_error(probe, ENODEV);
			return;
		}
	}

	probe->echo.answered = on_answer;
	probe->echo.target = probe->server;
	error = vrrp_echo_send(&probe->echo, &path);
	if (error)
		vrrp_probe_error(probe, -error);
}

static void icmp_end(struct vrrp_probe *probe)
{
	vrrp_echo_cancel(&probe->echo);
}

const struct vrrp_probe_method vrrp_probe_icmp = {
	.begin = icmp_begin,
	.end = icmp_end,
	.stop = vrrp_echo_stop,
};
