// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses for the protocol core: values without owners. Octets behind the
 * first four of an IPv4 address are always zero, so values compare as wholes.
 */
#include "vrrp_addr.h"

#include <arpa/inet.h>
#include <string.h>

int vrrp_family_af(enum vrrp_family family)
{
	return family == VRRP_IPV6 ? AF_INET6 : AF_INET;
}

int vrrp_addr_cmp(const struct vrrp_addr *a, const struct vrrp_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (!vrrp_addr_is_set(a))
		return 0;
	return memcmp(a->octets, b->octets, vrrp_addr_size(a->family));
}

bool vrrp_addr_is_loopback(const struct vrrp_addr *a)
{
	if (a->family == VRRP_IPV4)
		return a->octets[0] == 127;
	return a->family == VRRP_IPV6 && IN6_IS_ADDR_LOOPBACK(&a->v6);
}

struct vrrp_addr vrrp_addr_of_af(int af, const void *octets)
{
	return vrrp_addr_make(af == AF_INET ? VRRP_IPV4 : VRRP_IPV6, octets);
}

bool vrrp_addr_parse(const char *text, struct vrrp_addr *a)
{
	uint8_t octets[16];

	if (inet_pton(AF_INET, text, octets) == 1)
		*a = vrrp_addr_make(VRRP_IPV4, octets);
	else if (inet_pton(AF_INET6, text, octets) == 1)
		*a = vrrp_addr_make(VRRP_IPV6, octets);
	else
		return false;
	return true;
}

const char *vrrp_addr_str(const struct vrrp_addr *a, char buf[VRRP_ADDR_STRLEN])
{
	if (!vrrp_addr_is_set(a) ||
	    !inet_ntop(vrrp_family_af(a->family), a->octets, buf, VRRP_ADDR_STRLEN))
		buf[0] = '\0';
	return buf;
}

socklen_t vrrp_addr_sockaddr(const struct vrrp_addr *a, uint16_t port, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;

	if (a->family == VRRP_IPV4) {
		*sin = (struct sockaddr_in){ .sin_family = AF_INET,
					     .sin_port = htons(port),
					     .sin_addr = a->v4 };
		return sizeof(*sin);
	}
	*sin6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
				       .sin6_port = htons(port),
				       .sin6_addr = a->v6 };
	return sizeof(*sin6);
}

struct vrrp_addr vrrp_addr_group(enum vrrp_family family)
{
	static const uint8_t group4[4] = { 224, 0, 0, 18 };
	static const uint8_t group6[16] = { 0xff, 0x02, [15] = 0x12 };

	if (family == VRRP_IPV6)
		return vrrp_addr_make(VRRP_IPV6, group6);
	return vrrp_addr_make(VRRP_IPV4, group4);
}

bool vrrp_addr_in_subnet(const struct vrrp_addr *a, const struct vrrp_addr *subnet,
			 unsigned int bits)
{
	unsigned int octets = bits / 8, rest = bits % 8;

	if (a->family != subnet->family || memcmp(a->octets, subnet->octets, octets) != 0)
		return false;
	return rest == 0 || (a->octets[octets] ^ subnet->octets[octets]) >> (8 - rest) == 0;
}
