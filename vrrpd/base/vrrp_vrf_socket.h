/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of any kind in a VRF. */
#ifndef VRRP_VRF_SOCKET_H
#define VRRP_VRF_SOCKET_H

#include <zebra.h>

#include "vrf.h"

#include "vrrp_addr.h"

/* True for a VRF that is a network namespace, when the daemon may not enter one. */
bool vrrp_vrf_is_out_of_reach(vrf_id_t vrf_id);

/* Any socket of a VRF and family; the descriptor or negative errno. */
int vrrp_vrf_socket(vrf_id_t vrf_id, enum vrrp_family family, int type, int protocol);

#endif /* VRRP_VRF_SOCKET_H */
