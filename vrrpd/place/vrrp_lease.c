// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For zebra each renewed IPv4 address is new: it compares it with all others, and tells all
 * protocols of it. ospfd then judges all connected routes that it redistributes, so with n addresses
 * each renewal costs n times a route-map (FRR 10.3: 2 ms with 1000). Hence their rate is bounded.
 * The first renewal spreads leases that began together, and they stay spread.
 */
#include "vrrp_lease.h"

#include <zebra.h>

#include "network.h"

#include "vrrp_group.h"

/* Renew at least this long before a lease expires. */
#define MARGIN_SEC	    4
#define MOST_RENEWALS_A_SEC 10

uint32_t vrrp_lease_sec(size_t addresses)
{
	uint32_t sec = vrrp_global.address_lease_sec;
	/* they are renewed when two thirds have passed */
	uint32_t least = 3 * addresses / (2 * MOST_RENEWALS_A_SEC);

	return sec ? MAX(sec, least) : 0;
}

/* Leases that are too short for the margin are renewed after a third. */
static unsigned int renew_after_sec(uint32_t sec)
{
	unsigned int third = sec / 3, margin = MAX(third, MARGIN_SEC);

	return sec > margin + third ? sec - margin : third;
}

static void begin(struct vrrp_lease *lease, uint32_t sec, unsigned int renew_sec)
{
	lease->sec = sec;
	lease->begun = vrrp_now();
	lease->renew_at = lease->begun + renew_sec * VRRP_USEC_PER_SEC;
}

void vrrp_lease_begin(struct vrrp_lease *lease, uint32_t sec)
{
	unsigned int most = MAX(renew_after_sec(sec), 1U);

	begin(lease, sec, 1 + frr_weak_random() % most);
}

bool vrrp_lease_inherit(struct vrrp_lease *lease, uint32_t sec, uint32_t left_sec)
{
	bool is_endless = left_sec == UINT32_MAX;

	vrrp_lease_begin(lease, sec);
	if (is_endless || !sec)
		return is_endless && !sec;
	if (left_sec <= MARGIN_SEC)
		return false;
	lease->sec = MAX(sec, left_sec);
	lease->begun -= (lease->sec - left_sec) * VRRP_USEC_PER_SEC;
	lease->renew_at = vrrp_now() +
			  frr_weak_random() % (left_sec - MARGIN_SEC) * VRRP_USEC_PER_SEC;
	return true;
}

void vrrp_lease_renew(struct vrrp_lease *lease, uint32_t sec)
{
	begin(lease, sec, renew_after_sec(sec));
}

bool vrrp_lease_is_due(const struct vrrp_lease *lease, vrrp_usec_t then)
{
	return lease->renew_at < then;
}

uint32_t vrrp_lease_left_sec(const struct vrrp_lease *lease)
{
	uint32_t age = (vrrp_now() - lease->begun) / VRRP_USEC_PER_SEC;

	if (!lease->sec)
		return UINT32_MAX;
	return age < lease->sec ? lease->sec - age : 0;
}
