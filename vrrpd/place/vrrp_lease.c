// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For zebra each renewed IPv4 address is new, and it compares it with all others, so a thousand
 * renewals at once keep it busy for seconds. The first renewal spreads leases that began together,
 * and they stay spread.
 */
#include "vrrp_lease.h"

#include <zebra.h>

#include "network.h"

#include "vrrp_group.h"

/* Renew at least this long before a lease expires. */
#define MARGIN_SEC 4

/* Leases that are too short for the margin are renewed after a third. */
static unsigned int renew_after_sec(void)
{
	unsigned int lease = vrrp_global.address_lease_sec, third = lease / 3;
	unsigned int margin = MAX(third, MARGIN_SEC);

	return lease > margin + third ? lease - margin : third;
}

static void begin(struct vrrp_lease *lease, unsigned int renew_sec)
{
	lease->begun = vrrp_now();
	lease->renew_at = lease->begun + renew_sec * VRRP_USEC_PER_SEC;
}

void vrrp_lease_begin(struct vrrp_lease *lease)
{
	unsigned int most = MAX(renew_after_sec(), 1U);

	begin(lease, 1 + frr_weak_random() % most);
}

bool vrrp_lease_inherit(struct vrrp_lease *lease, uint32_t left_sec)
{
	uint32_t whole = vrrp_global.address_lease_sec;
	bool is_endless = left_sec == UINT32_MAX;

	vrrp_lease_begin(lease);
	if (is_endless || !whole)
		return is_endless && !whole;
	if (left_sec > whole || left_sec <= MARGIN_SEC)
		return false;
	lease->begun -= (whole - left_sec) * VRRP_USEC_PER_SEC;
	lease->renew_at = vrrp_now() +
			  frr_weak_random() % (left_sec - MARGIN_SEC) * VRRP_USEC_PER_SEC;
	return true;
}

void vrrp_lease_renew(struct vrrp_lease *lease)
{
	begin(lease, renew_after_sec());
}

bool vrrp_lease_is_due(const struct vrrp_lease *lease, vrrp_usec_t then)
{
	return lease->renew_at < then;
}

uint32_t vrrp_lease_left_sec(const struct vrrp_lease *lease)
{
	uint32_t whole = vrrp_global.address_lease_sec;
	uint32_t age = (vrrp_now() - lease->begun) / VRRP_USEC_PER_SEC;

	if (!whole)
		return UINT32_MAX;
	return age < whole ? whole - age : 0;
}
