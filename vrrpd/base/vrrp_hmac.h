/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HMAC-SHA-256, by libfrr. */
#ifndef VRRP_HMAC_H
#define VRRP_HMAC_H

#include <zebra.h>

#include "sha256.h"

#include "vrrp_auth.h"

/* A key as it is used for each packet. As secret as the key: wipe it with explicit_bzero(). */
struct vrrp_hmac_key {
	HMAC_SHA256_CTX begun;
};

/* size: in octets. */
void vrrp_hmac_set_key(struct vrrp_hmac_key *key, const void *octets, size_t size);

/* A vrrp_hmac_fn; material is a struct vrrp_hmac_key. */
void vrrp_hmac(const void *material, const struct vrrp_auth_part *parts, size_t n_parts,
	       uint8_t hmac[VRRP_AUTH_HMAC_SIZE]);

#endif /* VRRP_HMAC_H */
