/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions and answers between routers and their voters (vrrp_promise.h) as octets of a UDP
 * datagram; doc/developer/witness.md has the drawing.
 *
 * Both are of one size, so nobody gets more than he sends. Those of one group have its VRID, its
 * family and the name that is configured for it, if any. The last 16 octets are an HMAC-SHA-256 of
 * all before them, truncated; zeros with key ID 0: it is not signed. What is old is worth nothing
 * without the token, or the serial, of the moment; so there is no time in it.
 *
 * Pure functions over caller's memory, as those of vrrp_packet.h.
 */
#ifndef VRRP_PROMISE_PACKET_H
#define VRRP_PROMISE_PACKET_H

#include "vrrp_auth.h"
#include "vrrp_promise.h"

#define VRRP_PROMISE_PORT	 11200
#define VRRP_PROMISE_SIZE	 96 /* octets of any packet */
#define VRRP_PROMISE_NAME_SIZE	 33 /* of a group's name, with its zero */
#define VRRP_PROMISE_KEY_ID_NONE 0

/* The group that it is about. */
struct vrrp_promise_group {
	uint8_t vrid;
	enum vrrp_family family;
	char name[VRRP_PROMISE_NAME_SIZE]; /* "": none */
};

struct vrrp_promise_packet {
	struct vrrp_promise_group group;
	bool is_answer;
	union {
		struct vrrp_ask ask;
		struct vrrp_answer answer;
	};
};

bool vrrp_promise_group_same(const struct vrrp_promise_group *a, const struct vrrp_promise_group *b);

/* key NULL: unsigned. */
void vrrp_promise_encode(const struct vrrp_promise_packet *packet, const struct vrrp_auth_key *key,
			 vrrp_hmac_fn hmac, uint8_t octets[VRRP_PROMISE_SIZE]);

/*
 * False for what is no such packet. Who has asked is what the packet says; compare it with its
 * source. Whether it is signed is judged by vrrp_promise_is_signed().
 */
bool vrrp_promise_decode(const uint8_t *octets, size_t size, struct vrrp_promise_packet *packet);

/* The ID of the key that has signed it; VRRP_PROMISE_KEY_ID_NONE: it is not signed. */
uint8_t vrrp_promise_key_id(const uint8_t octets[VRRP_PROMISE_SIZE]);

/* True when it is signed with this key. */
bool vrrp_promise_is_signed(const uint8_t octets[VRRP_PROMISE_SIZE],
			    const struct vrrp_auth_key *key, vrrp_hmac_fn hmac);

#endif /* VRRP_PROMISE_PACKET_H */
