/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lease of a virtual address: how long the kernel keeps it without a renewal, and when it is
 * renewed.
 */
#ifndef VRRP_LEASE_H
#define VRRP_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vrrp_alarm.h"

/* The lease of one address on its link. */
struct vrrp_lease {
	uint32_t sec; /* its length; 0: it does not end */
	vrrp_usec_t begun;
	vrrp_usec_t renew_at;
};

/*
 * How many seconds an address has, one of so many of this host: those of "vrrp address-lease", and
 * more where so many would be renewed more often than zebra and routing protocols can take.
 */
uint32_t vrrp_lease_sec(size_t addresses);

/* Begins the lease of a new address; renewals of leases that begin together are spread. */
void vrrp_lease_begin(struct vrrp_lease *lease, uint32_t sec);
/*
 * Goes on with the lease of an address that was there before, of which so many seconds are left
 * (UINT32_MAX: no end). False: it must be renewed now.
 */
bool vrrp_lease_inherit(struct vrrp_lease *lease, uint32_t sec, uint32_t left_sec);
void vrrp_lease_renew(struct vrrp_lease *lease, uint32_t sec);

/* True when it must be renewed before that time. */
bool vrrp_lease_is_due(const struct vrrp_lease *lease, vrrp_usec_t then);

/* The remaining lifetime in seconds; UINT32_MAX: it does not end. */
uint32_t vrrp_lease_left_sec(const struct vrrp_lease *lease);

#endif /* VRRP_LEASE_H */
