// SPDX-License-Identifier: GPL-2.0-or-later
/* A guardian without a page: nothing is noted for it. */
#include "vrrp_guardian.h"

void vrrp_guardian_init(void)
{
}

void vrrp_guardian_want(bool is_wanted)
{
}

void vrrp_guardian_tell(uint32_t lease_sec)
{
}

void vrrp_guardian_tell_instance(uint16_t instance)
{
}

void vrrp_guardian_put_vip(uint32_t *place, const struct guardian_vip *vip)
{
}

void vrrp_guardian_put_datagram(uint32_t *place, const struct guardian_datagram *head,
				const uint8_t *octets)
{
}

void vrrp_guardian_erase(uint32_t *place)
{
}

const struct guardian_datagram *vrrp_guardian_datagram(uint32_t place)
{
	return NULL;
}
