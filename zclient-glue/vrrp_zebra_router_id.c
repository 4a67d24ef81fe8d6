// SPDX-License-Identifier: GPL-2.0-or-later
/* Without state: zebra reports each change, and all IDs when it is asked again. */
#include "vrrp_zebra_router_id.h"

#include "log.h"

#include "vrrp_zebra_client.h"

static void (*on_learned)(const struct prefix *id, vrf_id_t vrf_id);

int vrrp_zebra_on_router_id(ZAPI_CALLBACK_ARGS)
{
	struct prefix id = {};

	if (zebra_router_id_update_read(zclient->ibuf, &id) < 0) {
		zlog_warn("zebra: a router ID could not be read");
		return -1;
	}
	if (id.family == AF_INET && on_learned)
		on_learned(&id, vrf_id);
	return 0;
}

int vrrp_zebra_vrf_enabled(struct vrf *vrf)
{
	if (vrrp_zebra_client.connected &&
	    zclient_send_router_id_update(vrrp_zebra_client.zclient, ZEBRA_ROUTER_ID_ADD, AFI_IP,
					  vrf->vrf_id) == ZCLIENT_SEND_FAILURE)
		zlog_warn("zebra: cannot request the router ID of VRF %s", vrf->name);
	return 0;
}

void vrrp_zebra_router_id_ask(void)
{
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id)
		vrrp_zebra_vrf_enabled(vrf);
}

void vrrp_zebra_router_id_init(void (*learned)(const struct prefix *id, vrf_id_t vrf_id))
{
	on_learned = learned;
}
