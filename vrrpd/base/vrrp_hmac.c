// SPDX-License-Identifier: GPL-2.0-or-later
/* The blocks of the key are hashed once: a copy of the context goes on from there. */
#include "vrrp_hmac.h"

void vrrp_hmac_set_key(struct vrrp_hmac_key *key, const void *octets, size_t size)
{
	HMAC__SHA256_Init(&key->begun, octets, size);
}

void vrrp_hmac(const void *material, const struct vrrp_auth_part *parts, size_t n_parts,
	       uint8_t hmac[VRRP_AUTH_HMAC_SIZE])
{
	struct vrrp_hmac_key key = *(const struct vrrp_hmac_key *)material;

	for (size_t i = 0; i < n_parts; i++)
		HMAC__SHA256_Update(&key.begun, parts[i].data, parts[i].size);
	HMAC__SHA256_Final(hmac, &key.begun);
	explicit_bzero(&key, sizeof(key));
}
