// SPDX-License-Identifier: GPL-2.0-or-later
/* The trailer's octets are read and written one at a time, as those of vrrp_packet.c. */
#include "vrrp_auth.h"

#include <string.h>

#define TYPE_HMAC_SHA256_128 1

/* Offsets in the trailer. */
enum {
	AT_TYPE = 0,
	AT_KEY_ID = 1,
	AT_STAMP = 4,
	AT_HMAC = 12,
};

#define DIGEST_SIZE 16
#define AT_CHECKSUM 6 /* in the message */

#define FRACTIONS 65536 /* in a second */
#define USEC	  1000000

static const uint8_t zeros[DIGEST_SIZE];

static void put64(uint8_t *at, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		at[i] = value & 0xff;
}

static uint64_t get64(const uint8_t *at)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | at[i];
	return value;
}

/* ---------------------------------------------------------------------- stamps */

static bool is_after(vrrp_stamp_t later, vrrp_stamp_t earlier)
{
	return (int64_t)(later - earlier) > 0;
}

vrrp_stamp_t vrrp_stamp_of(uint64_t utc_usec)
{
	uint64_t fraction = utc_usec % USEC * FRACTIONS / USEC;

	return utc_usec / USEC << 32 | fraction << 16;
}

int64_t vrrp_stamp_since(vrrp_stamp_t later, vrrp_stamp_t earlier)
{
	int64_t fractions = (int64_t)(later - earlier) / FRACTIONS;

	return fractions * (USEC / 64) / (FRACTIONS / 64);
}

vrrp_stamp_t vrrp_stamp_next(struct vrrp_auth_mark *last, uint64_t utc_usec, vrrp_usec_t limit)
{
	vrrp_stamp_t now = vrrp_stamp_of(utc_usec);
	bool is_far = limit && vrrp_stamp_since(last->stamp, now) > (int64_t)limit;

	if (last->is_set && !is_far && !is_after(now, last->stamp))
		now = last->stamp + 1;
	*last = (struct vrrp_auth_mark){ .stamp = now, .is_set = true };
	return now;
}

/* ------------------------------------------------------------------------ HMAC */

/* Writes the digest of a message of size octets with the head of its trailer behind it. */
static void digest(const uint8_t *message, size_t size, const struct vrrp_addr *src,
		   const void *material, vrrp_hmac_fn hmac, uint8_t result[DIGEST_SIZE])
{
	uint8_t bound[4] = { src->family, message[0] >> 4, message[1] };
	uint8_t full[VRRP_AUTH_HMAC_SIZE];
	const struct vrrp_auth_part parts[] = {
		{ bound, sizeof(bound) },
		{ src->octets, sizeof(src->octets) },
		{ message, AT_CHECKSUM },
		{ zeros, VRRP_HEADER_SIZE - AT_CHECKSUM },
		{ message + VRRP_HEADER_SIZE, size - VRRP_HEADER_SIZE + AT_HMAC },
		{ zeros, DIGEST_SIZE },
	};

	hmac(material, parts, sizeof(parts) / sizeof(parts[0]), full);
	memcpy(result, full, DIGEST_SIZE);
}

/* Takes the same time wherever they differ. */
static bool is_same_digest(const uint8_t *a, const uint8_t *b)
{
	uint8_t differs = 0;

	for (size_t i = 0; i < DIGEST_SIZE; i++)
		differs |= a[i] ^ b[i];
	return !differs;
}

size_t vrrp_auth_sign(uint8_t *message, size_t size, const struct vrrp_addr *src,
		      const struct vrrp_auth_key *key, vrrp_hmac_fn hmac, vrrp_stamp_t stamp)
{
	uint8_t *trailer = message + size;

	memset(trailer, 0, VRRP_TRAILER_SIZE);
	trailer[AT_TYPE] = TYPE_HMAC_SHA256_128;
	trailer[AT_KEY_ID] = key->id;
	put64(trailer + AT_STAMP, stamp);
	digest(message, size, src, key->material, hmac, trailer + AT_HMAC);
	return size + VRRP_TRAILER_SIZE;
}

/* -------------------------------------------------------------------- checking */

static const uint8_t *trailer_of(const struct vrrp_datagram *dgram)
{
	return dgram->data + dgram->size - VRRP_TRAILER_SIZE;
}

vrrp_stamp_t vrrp_auth_stamp(const struct vrrp_datagram *dgram)
{
	return get64(trailer_of(dgram) + AT_STAMP);
}

uint8_t vrrp_auth_key_id(const struct vrrp_datagram *dgram)
{
	return trailer_of(dgram)[AT_KEY_ID];
}

static const struct vrrp_auth_key *find_key(const struct vrrp_auth_expect *expect, uint8_t id)
{
	for (size_t i = 0; i < expect->n_keys; i++)
		if (expect->keys[i].id == id)
			return &expect->keys[i];
	return NULL;
}

static enum vrrp_verdict check_key(const struct vrrp_auth_key *key)
{
	if (!key)
		return VRRP_BAD_AUTH_KEY;
	if (!key->is_usable)
		return VRRP_BAD_AUTH_KEY_UNUSABLE;
	return key->may_accept ? VRRP_ACCEPTED : VRRP_BAD_AUTH_EXPIRED;
}

static enum vrrp_verdict check_stamp(vrrp_stamp_t stamp, const struct vrrp_auth_expect *expect,
				     const struct vrrp_auth_mark *mark)
{
	int64_t off = vrrp_stamp_since(stamp, expect->now);

	if (!expect->is_monotonic &&
	    (off > (int64_t)expect->window || off < -(int64_t)expect->window))
		return VRRP_BAD_AUTH_CLOCK;
	if (mark->is_set && !is_after(stamp, mark->stamp))
		return VRRP_BAD_AUTH_REPLAY;
	return VRRP_ACCEPTED;
}

enum vrrp_verdict vrrp_auth_check(const struct vrrp_datagram *dgram,
				  const struct vrrp_advert *advert,
				  const struct vrrp_auth_expect *expect, struct vrrp_auth_mark *mark)
{
	const struct vrrp_auth_key *key;
	uint8_t ours[DIGEST_SIZE];
	enum vrrp_verdict verdict;
	vrrp_stamp_t stamp;

	if (!advert->trailer)
		return expect->must_sign ? VRRP_BAD_AUTH_MISSING : VRRP_ACCEPTED;
	stamp = vrrp_auth_stamp(dgram);
	key = find_key(expect, vrrp_auth_key_id(dgram));
	verdict = check_key(key);
	if (verdict == VRRP_ACCEPTED)
		verdict = check_stamp(stamp, expect, mark);
	if (verdict != VRRP_ACCEPTED)
		return verdict;
	digest(dgram->data, dgram->size - VRRP_TRAILER_SIZE, &dgram->src, key->material,
	       expect->hmac, ours);
	if (!is_same_digest(ours, trailer_of(dgram) + AT_HMAC))
		return VRRP_BAD_AUTH_DIGEST;
	*mark = (struct vrrp_auth_mark){ .stamp = stamp, .is_set = true };
	return VRRP_ACCEPTED;
}

const struct vrrp_auth_key *vrrp_auth_sender(const struct vrrp_auth_key *keys, size_t n_keys)
{
	for (size_t i = 0; i < n_keys; i++)
		if (keys[i].is_usable && keys[i].may_send)
			return &keys[i];
	return NULL;
}
