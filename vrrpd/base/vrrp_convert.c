// SPDX-License-Identifier: GPL-2.0-or-later
/* Values only: nothing is kept. */
#include "vrrp_convert.h"

struct prefix vrrp_addr_prefix(const struct vrrp_addr *address)
{
	struct prefix host = {};

	host.family = address->family == VRRP_IPV4 ? AF_INET : AF_INET6;
	host.prefixlen = prefix_blen(&host) * 8;
	memcpy(&host.u, address->octets, vrrp_addr_size(address->family));
	return host;
}
