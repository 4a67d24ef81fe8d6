// SPDX-License-Identifier: GPL-2.0-or-later
/* A bit for each hold, the first in precedence the lowest. */
#include "vrrp_holds.h"

#include <assert.h>

static_assert(VRRP_HOLDS < 32, "each hold has a bit");

static uint32_t bit(enum vrrp_hold hold)
{
	return UINT32_C(1) << hold;
}

void vrrp_hold_set(struct vrrp_holds *holds, enum vrrp_hold hold, bool on)
{
	if (on)
		holds->mask |= bit(hold);
	else
		holds->mask &= ~bit(hold);
}

bool vrrp_hold_is_set(const struct vrrp_holds *holds, enum vrrp_hold hold)
{
	return holds->mask & bit(hold);
}

enum vrrp_hold vrrp_hold_before(const struct vrrp_holds *holds, enum vrrp_hold hold)
{
	uint32_t before = holds->mask & (bit(hold) - 1);

	return before ? (enum vrrp_hold)__builtin_ctz(before) : VRRP_HOLD_NONE;
}

enum vrrp_hold vrrp_hold_first(const struct vrrp_holds *holds)
{
	return vrrp_hold_before(holds, VRRP_HOLDS);
}

const char *vrrp_hold_name(enum vrrp_hold hold)
{
	static const char *const names[VRRP_HOLDS] = {
		[VRRP_HOLD_NONE] = "none",
		[VRRP_HOLD_SHUTDOWN] = "shutdown",
		[VRRP_HOLD_NO_ADDRESSES] = "no-addresses",
		[VRRP_HOLD_NO_PEERS] = "no-peers",
		[VRRP_HOLD_VERSION] = "version-has-no-ipv6",
		[VRRP_HOLD_NO_KEY] = "no-valid-key",
		[VRRP_HOLD_INTERFACE] = "interface-down",
		[VRRP_HOLD_SOURCE] = "no-source-address",
		[VRRP_HOLD_NEXT_HOP] = "address-is-next-hop",
		[VRRP_HOLD_DRAINED] = "drained",
		[VRRP_HOLD_TRACKING] = "tracking",
		[VRRP_HOLD_PLACEMENT] = "vip-interface-unavailable",
		[VRRP_HOLD_SYNC] = "sync",
		[VRRP_HOLD_STARTUP_DELAY] = "startup-delay",
		[VRRP_HOLD_SOCKET] = "socket-unavailable",
		[VRRP_HOLD_DUPLICATE] = "duplicate",
		[VRRP_HOLD_NO_ROUTE] = "no-route-to-peers",
	};

	return names[hold];
}
