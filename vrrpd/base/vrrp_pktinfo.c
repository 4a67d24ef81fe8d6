// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_pktinfo.h"

/* Room for the data of the only control message. */
static void *add(struct msghdr *header, int level, int type, size_t size)
{
	struct cmsghdr *c = header->msg_control;

	header->msg_controllen = CMSG_SPACE(size);
	*c = (struct cmsghdr){ .cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(size) };
	return CMSG_DATA(c);
}

void vrrp_pktinfo_set(struct msghdr *header, enum vrrp_family family,
		      const struct vrrp_addr *source, ifindex_t ifindex)
{
	static const struct vrrp_addr any;
	struct in6_pktinfo *info6;
	struct in_pktinfo *info4;

	source = source ? source : &any;
	if (family == VRRP_IPV4) {
		info4 = add(header, IPPROTO_IP, IP_PKTINFO, sizeof(*info4));
		*info4 = (struct in_pktinfo){ .ipi_ifindex = ifindex, .ipi_spec_dst = source->v4 };
	} else {
		info6 = add(header, IPPROTO_IPV6, IPV6_PKTINFO, sizeof(*info6));
		*info6 = (struct in6_pktinfo){ .ipi6_ifindex = ifindex, .ipi6_addr = source->v6 };
	}
}
