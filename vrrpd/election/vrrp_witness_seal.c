// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_witness_seal.h"

#include "lib/darr.h"

#include "vrrp_chain.h"
#include "vrrp_hmac.h"

bool vrrp_witness_seal_encode(const struct vrrp_group *group,
			      const struct vrrp_promise_packet *packet,
			      uint8_t octets[VRRP_PROMISE_SIZE])
{
	const struct vrrp_auth_conf *conf = &group->applied.auth;
	const struct vrrp_auth_key *key = NULL;

	if (group->chain && vrrp_auth_signs(conf))
		key = vrrp_chain_sender(group->chain);
	vrrp_promise_encode(packet, key, vrrp_hmac, octets);
	return key || !conf->is_on || conf->mode != VRRP_AUTH_ENFORCE;
}

static bool is_signed(const struct vrrp_chain *chain, const uint8_t octets[VRRP_PROMISE_SIZE])
{
	const struct vrrp_auth_key *key;

	darr_foreach_p (chain->keys, key)
		if (key->is_usable && key->may_accept &&
		    vrrp_promise_is_signed(octets, key, vrrp_hmac))
			return true;
	return false;
}

bool vrrp_witness_seal_accepts(const struct vrrp_group *group,
			       const uint8_t octets[VRRP_PROMISE_SIZE])
{
	const struct vrrp_auth_conf *conf = &group->applied.auth;

	if (!group->chain || !conf->is_on)
		return true;
	if (conf->mode != VRRP_AUTH_ENFORCE &&
	    (!group->chain->may_accept || vrrp_promise_key_id(octets) == VRRP_PROMISE_KEY_ID_NONE))
		return true;
	return is_signed(group->chain, octets);
}
