/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is configured for a VRF: its VIP interface, and the table of its routes. A VRF is known by
 * its name, since it may come later than its configuration; "" is the default one.
 */
#ifndef VRRP_VRF_H
#define VRRP_VRF_H

#include <zebra.h>

#include "vrf.h"

#define VRRP_VRF_NAME_SIZE (VRF_NAMSIZ + 1)

/* The name of its VIP interface if none is configured: "vip-" and its own, cut to 15 characters. */
const char *vrrp_vrf_default_vip_interface(const char *vrf, char buf[IFNAMSIZ]);
/* The name of its VIP interface. */
const char *vrrp_vrf_vip_interface(const char *vrf, char buf[IFNAMSIZ]);

/* The table of its routes; 0: it has none, so its VIPs have no routes of ours. */
uint16_t vrrp_vrf_route_table(const char *vrf);

/* Configures a VRF other than the default one; "" and 0: the default. */
void vrrp_vrf_set_vip_interface(const char *vrf, const char *ifname);
void vrrp_vrf_set_route_table(const char *vrf, uint16_t table);

/* True when something has been configured since the last call. */
bool vrrp_vrf_have_changed(void);

void vrrp_vrf_stop(void);

#endif /* VRRP_VRF_H */
