// SPDX-License-Identifier: GPL-2.0-or-later
/* Applies the values that have changed; the others are read where they are needed. */
#include "vrrp_global.h"

#include "vrrp_auto.h"
#include "vrrp_dummy.h"
#include "vrrp_group.h"
#include "vrrp_guardian.h"
#include "vrrp_startup.h"
#include "vrrp_vip.h"
#include "vrrp_vrf.h"
#include "vrrp_zebra.h"

static struct vrrp_global applied;

void vrrp_global_apply(void)
{
	struct vrrp_global previous = applied;

	applied = vrrp_global;
	if (previous.route_table != vrrp_global.route_table)
		vrrp_zebra_set_table(vrrp_global.route_table);
	if (vrrp_vrf_have_changed() || !strmatch(previous.vip_interface, vrrp_global.vip_interface))
		vrrp_dummy_rename();
	if (previous.address_lease_sec != vrrp_global.address_lease_sec)
		vrrp_vip_lease_changed();
	if (previous.autoconfigure != vrrp_global.autoconfigure)
		vrrp_auto_set(vrrp_global.autoconfigure);
	if (previous.startup_delay_sec != vrrp_global.startup_delay_sec)
		vrrp_startup_delay_changed();
	vrrp_guardian_tell(vrrp_global.address_lease_sec);
	if (previous.guardian != vrrp_global.guardian)
		vrrp_guardian_want(vrrp_global.guardian);
}

void vrrp_global_init(void)
{
	applied = vrrp_global;
	vrrp_guardian_init();
	vrrp_guardian_tell(vrrp_global.address_lease_sec);
}
