// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_pktinfo.h"

void vrrp_pktinfo_set(struct msghdr *header, enum vrrp_family family,
		      const struct vrrp_addr *source, ifindex_t ifindex)
{
	struct in6_pktinfo info6 = { .ipi6_ifindex = ifindex };
	struct in_pktinfo info4 = { .ipi_ifindex = ifindex };
	bool is_v4 = family == VRRP_IPV4;
	size_t size = is_v4 ? sizeof(info4) : sizeof(info6);
	struct cmsghdr *c;

	if (source) {
		info6.ipi6_addr = source->v6;
		info4.ipi_spec_dst = source->v4;
	}
	header->msg_controllen = CMSG_SPACE(size);
	c = CMSG_FIRSTHDR(header);
	c->cmsg_level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), is_v4 ? (void *)&info4 : (void *)&info6, size);
}
