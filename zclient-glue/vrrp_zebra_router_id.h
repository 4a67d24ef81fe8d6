/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IPv4 router ID that zebra has for each VRF. */
#ifndef VRRP_ZEBRA_ROUTER_ID_H
#define VRRP_ZEBRA_ROUTER_ID_H

#include <zebra.h>

#include "prefix.h"
#include "vrf.h"
#include "zclient.h"

/* learned (may be NULL) is called for each VRF after each connection, and when the ID changes. */
void vrrp_zebra_router_id_init(void (*learned)(const struct prefix *id, vrf_id_t vrf_id));

/* Asks for all, once a connection. */
void vrrp_zebra_router_id_ask(void);
int vrrp_zebra_on_router_id(ZAPI_CALLBACK_ARGS);

/* Asks for the router ID of a VRF that has come; vrf_init()'s. */
int vrrp_zebra_vrf_enabled(struct vrf *vrf);

#endif /* VRRP_ZEBRA_ROUTER_ID_H */
