/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VRF that virtual addresses are in: that of the interface of their group. VRFs that are network
 * namespaces have no link of ours, so their VIPs go where those of the default VRF go.
 */
#ifndef VRRP_VIP_VRF_H
#define VRRP_VIP_VRF_H

#include <stdint.h>

#include "vrrp_group.h"

/*
 * Its name, "" for the default one, and for an interface that zebra has not reported. Good until
 * the next call.
 */
const char *vrrp_vip_vrf(const struct vrrp_group *group);

/* The same of any interface; the kernel is asked about one that zebra has not reported. */
const char *vrrp_vip_vrf_of(const char *ifname);

/*
 * The table of its routes, as vrrp_zebra_key has it. False: there is none, since that VRF has no
 * "vrrp route-table".
 */
bool vrrp_vip_vrf_table(const struct vrrp_group *group, uint16_t *table);

/* The ifindex of a VRF that exists, and is no namespace; 0: of the default one; else -ENODEV. */
int vrrp_vip_vrf_index(const char *vrf);

#endif /* VRRP_VIP_VRF_H */
