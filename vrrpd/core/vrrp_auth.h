/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication of VRRPv3 advertisements: the HMAC trailer of draft-cassen-vrrp-auth-hmac.
 *
 * The trailer has the number of a key, a stamp and a truncated HMAC-SHA-256. The HMAC covers
 * family, VRID and source address, the message without its checksum, and the stamp; it does not
 * cover the destination, so one signature is good for all peers. Each stamp of a sender is greater
 * than the one before.
 *
 * Pure functions over caller's memory, as those of vrrp_packet.h. The HMAC itself is a function
 * of the caller, and so is the clock.
 */
#ifndef VRRP_AUTH_H
#define VRRP_AUTH_H

#include "vrrp_packet.h"
#include "vrrp_usec.h"

#define VRRP_AUTH_KEY_ID_MAX   255
#define VRRP_AUTH_KEY_SIZE_MIN 32 /* octets */
#define VRRP_AUTH_KEY_SIZE_MAX 64
#define VRRP_AUTH_HMAC_SIZE    32 /* of which the trailer has the first half */

#define VRRP_AUTH_WINDOW_SEC_MIN 5 /* of the default: three intervals, but not less */

/*
 * Seconds of UTC, a fraction of 1/65536 s, and a counter of 16 bits. They are compared by serial
 * arithmetic, so that the seconds may wrap.
 */
typedef uint64_t vrrp_stamp_t;

/* Octets that the HMAC covers, one after the other. */
struct vrrp_auth_part {
	const void *data;
	size_t size;
};

/* HMAC-SHA-256 over all parts. material: what vrrp_auth_key has. */
typedef void (*vrrp_hmac_fn)(const void *material, const struct vrrp_auth_part *parts,
			     size_t n_parts, uint8_t hmac[VRRP_AUTH_HMAC_SIZE]);

struct vrrp_auth_key {
	uint8_t id;	 /* 1 to 255; 0: none */
	bool is_usable;	 /* it has a permitted length and is for HMAC-SHA-256 */
	bool may_accept; /* now, by its lifetime */
	bool may_send;
	const void *material; /* the caller's, for its vrrp_hmac_fn */
};

/* The last stamp that was accepted from a sender. All zero: none was. */
struct vrrp_auth_mark {
	vrrp_stamp_t stamp;
	bool is_set;
};

struct vrrp_auth_expect {
	const struct vrrp_auth_key *keys;
	size_t n_keys;
	vrrp_hmac_fn hmac;
	bool must_sign;	    /* one without a trailer is refused */
	bool is_monotonic;  /* stamps only have to grow */
	vrrp_usec_t window; /* else they may differ from now by this much */
	vrrp_stamp_t now;
};

/* The stamp of a time in microseconds of UTC; its counter is 0. */
vrrp_stamp_t vrrp_stamp_of(uint64_t utc_usec);
/*
 * The stamp to send now: that of the time, or the last one and 1 if the clock stands still or has
 * gone back. A last one that is ahead of the clock by more than limit microseconds is forgotten, as
 * receivers with that window have not accepted it; 0: never. *last moves on.
 */
vrrp_stamp_t vrrp_stamp_next(struct vrrp_auth_mark *last, uint64_t utc_usec, vrrp_usec_t limit);
/* How far the first one is after the second, in microseconds; negative if it is before it. */
int64_t vrrp_stamp_since(vrrp_stamp_t later, vrrp_stamp_t earlier);

/*
 * Adds a trailer to an encoded VRRPv3 message of size octets; there must be room for
 * VRRP_TRAILER_SIZE more. Returns the new size. The checksum is not changed: over IPv6 it covers
 * the trailer, so call vrrp_packet_readdress() next.
 */
size_t vrrp_auth_sign(uint8_t *message, size_t size, const struct vrrp_addr *src,
		      const struct vrrp_auth_key *key, vrrp_hmac_fn hmac, vrrp_stamp_t stamp);

/* The stamp and the number of the key in the trailer of a datagram that has one. */
vrrp_stamp_t vrrp_auth_stamp(const struct vrrp_datagram *dgram);
uint8_t vrrp_auth_key_id(const struct vrrp_datagram *dgram);

/*
 * Judges a datagram that vrrp_packet_decode() accepts: trailer, key, its lifetime, time, replay,
 * HMAC, in this order, so that the HMAC is the last thing a stranger costs. The mark of its sender
 * moves if it is accepted and has a trailer, else it stays.
 */
enum vrrp_verdict vrrp_auth_check(const struct vrrp_datagram *dgram,
				  const struct vrrp_advert *advert,
				  const struct vrrp_auth_expect *expect,
				  struct vrrp_auth_mark *mark);

/* The first key by which an advertisement may be signed now; NULL: there is none. */
const struct vrrp_auth_key *vrrp_auth_sender(const struct vrrp_auth_key *keys, size_t n_keys);

#endif /* VRRP_AUTH_H */
