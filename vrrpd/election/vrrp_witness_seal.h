/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication of promises: by the key chain and the mode of the group's advertisements
 * (vrrp_seal.h). There is no time in it, so clocks may differ.
 */
#ifndef VRRP_WITNESS_SEAL_H
#define VRRP_WITNESS_SEAL_H

#include "vrrp_group.h"
#include "vrrp_promise_packet.h"

/* False: it must not be sent unsigned, and there is no key. */
bool vrrp_witness_seal_encode(const struct vrrp_group *group,
			      const struct vrrp_promise_packet *packet,
			      uint8_t octets[VRRP_PROMISE_SIZE]);

bool vrrp_witness_seal_accepts(const struct vrrp_group *group,
			       const uint8_t octets[VRRP_PROMISE_SIZE]);

#endif /* VRRP_WITNESS_SEAL_H */
