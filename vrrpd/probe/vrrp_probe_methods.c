// SPDX-License-Identifier: GPL-2.0-or-later
/* The one file that knows all methods: probes call theirs, and methods call probes. */
#include "vrrp_probe_private.h"

void vrrp_probe_init(void)
{
	static const struct vrrp_probe_method *const methods[VRRP_PROBE_KINDS] = {
		[VRRP_PROBE_TCP] = &vrrp_probe_tcp,	    [VRRP_PROBE_HTTP] = &vrrp_probe_http,
		[VRRP_PROBE_HTTPS] = &vrrp_probe_http,	    [VRRP_PROBE_ICMP] = &vrrp_probe_icmp,
		[VRRP_PROBE_COMMAND] = &vrrp_probe_command, [VRRP_PROBE_FILE] = &vrrp_probe_file,
		[VRRP_PROBE_UDP] = &vrrp_probe_udp,	    [VRRP_PROBE_DNS] = &vrrp_probe_dns,
		[VRRP_PROBE_SMTP] = &vrrp_probe_smtp,
	};

	vrrp_probe_begin(methods);
}
