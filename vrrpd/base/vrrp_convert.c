// SPDX-License-Identifier: GPL-2.0-or-later
/* Conversions of values, without state. */
#include "vrrp_convert.h"

struct prefix vrrp_addr_prefix(const struct vrrp_addr *address)
{
	struct prefix host = {};

	host.family = vrrp_family_af(address->family);
	host.prefixlen = prefix_blen(&host) * 8;
	memcpy(&host.u, address->octets, vrrp_addr_size(address->family));
	return host;
}

struct vrrp_addr vrrp_addr_of_prefix(const struct prefix *prefix)
{
	return vrrp_addr_of_af(prefix->family, &prefix->u.prefix);
}

struct nl_addr_key vrrp_prefix_key(const struct prefix *prefix, int ifindex)
{
	struct vrrp_addr address = vrrp_addr_of_prefix(prefix);
	struct nl_addr_key key = vrrp_addr_key(&address, ifindex);

	key.prefixlen = prefix->prefixlen;
	return key;
}

struct nl_addr_key vrrp_addr_key(const struct vrrp_addr *address, int ifindex)
{
	return (struct nl_addr_key){
		.family = vrrp_family_af(address->family),
		.ifindex = ifindex,
		.prefixlen = vrrp_addr_size(address->family) * 8,
		.v6 = address->v6, /* of IPv4, what is behind is zero */
	};
}

struct vrrp_addr vrrp_addr_of_key(const struct nl_addr_key *key)
{
	return vrrp_addr_of_af(key->family, &key->v4);
}

struct nl_ipvs_address vrrp_addr_ipvs(const struct vrrp_addr *address)
{
	return (struct nl_ipvs_address){
		.family = vrrp_family_af(address->family),
		.v6 = address->v6,
	};
}

struct vrrp_addr vrrp_addr_of_ipvs(const struct nl_ipvs_address *address)
{
	return vrrp_addr_of_af(address->family, &address->v4);
}
