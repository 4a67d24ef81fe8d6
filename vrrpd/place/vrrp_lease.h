/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long the kernel keeps a virtual address when the daemon is silent, and when it is told anew. */
#ifndef VRRP_LEASE_H
#define VRRP_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "vrrp_alarm.h"

/* Of one address on its link; all are as long as "vrrp address-lease" says. */
struct vrrp_lease {
	vrrp_usec_t begun;
	vrrp_usec_t renew_at;
};

/* The first of an address; renewals of those that begin together are spread. */
void vrrp_lease_begin(struct vrrp_lease *lease);
void vrrp_lease_renew(struct vrrp_lease *lease);

/* Is it to be renewed before then? */
bool vrrp_lease_is_due(const struct vrrp_lease *lease, vrrp_usec_t then);

/* What is left of it, in seconds; UINT32_MAX: it does not end. */
uint32_t vrrp_lease_left_sec(const struct vrrp_lease *lease);

#endif /* VRRP_LEASE_H */
