// SPDX-License-Identifier: GPL-2.0-or-later
/* A change that waits keeps its time while the badness moves on in the same direction. */
#include "vrrp_badness.h"

#include "vrrp_packet.h"

static bool take(struct vrrp_damped *damped, int badness)
{
	bool differs = damped->counts != badness;

	damped->counts = damped->next = badness;
	damped->due = 0;
	return differs;
}

bool vrrp_damped_follow(struct vrrp_damped *damped, int badness, vrrp_usec_t now, uint16_t up_sec,
			uint16_t down_sec)
{
	bool worse = badness > damped->counts;
	vrrp_usec_t delay = (worse ? down_sec : up_sec) * VRRP_USEC_PER_SEC;

	if (badness == VRRP_BADNESS_UNKNOWN)
		return false;
	if (damped->counts == VRRP_BADNESS_UNKNOWN || badness == damped->counts || !delay)
		return take(damped, badness);
	if (!damped->due || worse != (damped->next > damped->counts))
		damped->begun = now;
	damped->due = damped->begun + delay;
	damped->next = badness;
	return false;
}

bool vrrp_damped_expire(struct vrrp_damped *damped, vrrp_usec_t now)
{
	return damped->due && now >= damped->due && take(damped, damped->next);
}

uint8_t vrrp_priority_lowered(uint8_t configured, unsigned int penalty)
{
	if (configured == VRRP_PRIORITY_OWNER)
		return configured;
	return penalty < configured ? configured - penalty : 1;
}
