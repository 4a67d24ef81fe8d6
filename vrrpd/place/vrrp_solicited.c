// SPDX-License-Identifier: GPL-2.0-or-later
/* Each VIP stores the link on which its group was joined (vrrp_vip.c). */
#include "vrrp_solicited.h"

#include "vrrp_log.h"
#include "vrrp_membership.h"

/* A link of any VRF may be joined from here. */
static struct vrrp_memberships memberships = { .vrf_id = VRF_DEFAULT, .family = VRRP_IPV6 };

/* RFC 4291 section 2.7.1: ff02::1:ffXX:XXXX with the last 24 bits of the address. */
static struct vrrp_addr group_of(const struct vrrp_addr *vip)
{
	static const uint8_t prefix[13] = { 0xff, 0x02, [11] = 0x01, [12] = 0xff };
	struct vrrp_addr group = *vip;

	memcpy(group.octets, prefix, sizeof(prefix));
	return group;
}

void vrrp_solicited_move(const struct vrrp_addr *vip, ifindex_t *joined, ifindex_t wanted)
{
	struct vrrp_addr group = group_of(vip);
	char text[VRRP_ADDR_STRLEN];
	int error = 0;

	if (vip->family != VRRP_IPV6 || *joined == wanted)
		return;
	if (*joined)
		vrrp_membership_leave(&memberships, *joined, &group);
	if (wanted)
		error = vrrp_membership_join(&memberships, wanted, &group);
	*joined = error ? 0 : wanted;
	if (error && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("virtual address %s: its solicited-node group cannot be joined, switches that snoop MLD may hide it: %s",
			  vrrp_addr_str(vip, text), safe_strerror(-error));
}

void vrrp_solicited_stop(void)
{
	vrrp_memberships_end(&memberships);
}
