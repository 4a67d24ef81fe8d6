// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_placement.h"

#include <stddef.h>
#include <string.h>

struct traits {
	const char *name;
	bool is_lan;
	bool has_virtual_mac;
};

static const struct traits all[] = {
	[VRRP_PLACEMENT_AUTO] = { "auto" },
	[VRRP_PLACEMENT_VIP_INTERFACE] = { "vip-interface" },
	[VRRP_PLACEMENT_VMAC] = { "vmac", .is_lan = true, .has_virtual_mac = true },
	[VRRP_PLACEMENT_INTERFACE] = { "interface", .is_lan = true },
};

const char *vrrp_placement_name(enum vrrp_placement placement)
{
	return all[placement].name;
}

enum vrrp_placement vrrp_placement_named(const char *name)
{
	for (size_t i = 0; name && i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(name, all[i].name))
			return i;
	return VRRP_PLACEMENT_AUTO;
}

enum vrrp_placement vrrp_placement_resolve(enum vrrp_placement placement, bool is_unicast)
{
	if (placement != VRRP_PLACEMENT_AUTO)
		return placement;
	return is_unicast ? VRRP_PLACEMENT_VIP_INTERFACE : VRRP_PLACEMENT_VMAC;
}

bool vrrp_placement_is_lan(enum vrrp_placement placement)
{
	return all[placement].is_lan;
}

bool vrrp_placement_has_virtual_mac(enum vrrp_placement placement)
{
	return all[placement].has_virtual_mac;
}
