// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys come from the function of libfrr that the daemon asks for its chain, which is ours here. */
#include "fuzz_auth.h"

#include "keychain.h"
#include "linklist.h"
#include "sha256.h"

#include "fake_host.h"

#define CHAIN		"chain"
#define ID_SIGNER	1 /* the first one that may sign */
#define ID_EXPIRED	2
#define ID_SHORT	3
#define N_IDS		4
#define FOREVER		((time_t)-1)
#define DIGEST_SIZE	16
#define HEAD_SIZE	12 /* of the trailer, before the digest */
#define FIVE_SEC	(5 * VRRP_USEC_PER_SEC)
#define WINDOW_STEP_SEC 20

/* How an advertisement is signed. */
enum how {
	WHICH_KEY = 0x03,
	SPOIL = 1 << 2,	 /* a bit of it is flipped; the next octet says where */
	AGAIN = 1 << 3,	 /* the last one once more */
	ASTRAY = 1 << 4, /* another time, by 1/16 s */
	BESIDE = 1 << 5, /* the stamp is near the last one that was accepted of this source */
};

static struct key keys[] = {
	{ .index = 0, .string = (char *)"an ID that VRRP does not have; or" },
	{ .index = ID_SIGNER, .string = (char *)"thirty-two octets are enough, or" },
	{ .index = ID_EXPIRED,
	  .string = (char *)"a secret of somebody who left us",
	  .send = { 1, 2 },
	  .accept = { 1, 2 } },
	{ .index = ID_SHORT, .string = (char *)"thirty-one octets are too short" },
	{ .index = N_IDS,
	  .string = (char *)"sixty-four octets, as many as a block of SHA256 has, and no more",
	  .accept = { 1, FOREVER } },
	{ .index = 300, .string = (char *)"an ID that has no room in a trailer" },
};

static struct keychain chain = { .name = (char *)CHAIN };

/* In place of libfrr's. */
struct keychain *keychain_lookup(const char *name)
{
	if (!chain.key) {
		chain.key = list_new();
		for (size_t i = 0; i < array_size(keys); i++) {
			keys[i].hash_algo = KEYCHAIN_ALGO_HMAC_SHA256;
			listnode_add(chain.key, &keys[i]);
		}
	}
	return strmatch(name, CHAIN) ? &chain : NULL;
}

void fuzz_auth_take(struct fuzz_auth *auth, uint8_t how)
{
	static const enum vrrp_auth_mode modes[] = { VRRP_AUTH_ENFORCE, VRRP_AUTH_PERMISSIVE,
						     VRRP_AUTH_RECEIVE_ONLY, VRRP_AUTH_ENFORCE };

	auth->conf = (struct vrrp_auth_conf){ .is_on = how & 0x01,
					      .chain = CHAIN,
					      .mode = modes[how >> 1 & 0x03],
					      .is_monotonic = how & 0x08,
					      .window_sec = (how >> 4) * WINDOW_STEP_SEC };
}

/* --------------------------------------------------------------------- a trailer */

static uint64_t now_stamp(void)
{
	uint64_t usec = FAKE_EPOCH_USEC + fake_now;

	return usec / VRRP_USEC_PER_SEC << 32 | usec % VRRP_USEC_PER_SEC * 65536 / VRRP_USEC_PER_SEC
							<< 16;
}

static uint64_t stamp_in(const uint8_t *trailer)
{
	uint64_t stamp;

	memcpy(&stamp, trailer + HEAD_SIZE - sizeof(stamp), sizeof(stamp));
	return be64toh(stamp);
}

static const uint8_t *trailer_of(const struct vrrp_datagram *dgram)
{
	return dgram->data + dgram->size - VRRP_TRAILER_SIZE;
}

/* size: of message and trailer. */
static void compute(const uint8_t *message, size_t size, const struct vrrp_addr *src,
		    const char *secret, uint8_t digest[32])
{
	uint8_t all[20 + VRRP_PACKET_MAX] = { src->family == VRRP_IPV6 ? 6 : 4, message[0] >> 4,
					      message[1] };
	HMAC_SHA256_CTX context;

	memcpy(all + 4, src->octets, vrrp_addr_size(src->family));
	memcpy(all + 20, message, size);
	memset(all + 20 + 6, 0, 2);
	memset(all + 20 + size - DIGEST_SIZE, 0, DIGEST_SIZE);
	HMAC__SHA256_Init(&context, secret, strlen(secret));
	HMAC__SHA256_Update(&context, all, 20 + size);
	HMAC__SHA256_Final(digest, &context);
}

static bool is_signed_by(const struct vrrp_datagram *dgram, const char *secret)
{
	uint8_t digest[32];

	compute(dgram->data, dgram->size, &dgram->src, secret, digest);
	return !memcmp(digest, trailer_of(dgram) + HEAD_SIZE, DIGEST_SIZE);
}

static uint8_t last_octet(const struct vrrp_addr *address)
{
	return address->octets[vrrp_addr_size(address->family) - 1];
}

static uint64_t take_stamp(const struct fuzz_auth *auth, struct fuzz_input *in, uint8_t how,
			   const struct vrrp_addr *src)
{
	uint64_t stamp = now_stamp();

	if (how & BESIDE)
		stamp = auth->heard[last_octet(src)].stamp + (int8_t)fuzz_u8(in);
	if (how & ASTRAY)
		stamp += (int64_t)(int16_t)fuzz_u16(in) * (1LL << 28);
	return stamp;
}

size_t fuzz_auth_sign(struct fuzz_auth *auth, struct fuzz_input *in, struct vrrp_addr *src,
		      uint8_t *message, size_t size)
{
	uint8_t how = fuzz_u8(in), digest[32], *trailer = message + size;
	const struct key *key = &keys[1 + (how & WHICH_KEY)];
	uint64_t stamp;
	uint16_t bit;

	if (how & AGAIN && auth->again_size) {
		memcpy(message, auth->again, auth->again_size);
		*src = auth->again_src;
		return auth->again_size;
	}
	stamp = htobe64(take_stamp(auth, in, how, src));
	memset(trailer, 0, VRRP_TRAILER_SIZE);
	trailer[0] = 1;
	trailer[1] = key->index;
	memcpy(trailer + HEAD_SIZE - sizeof(stamp), &stamp, sizeof(stamp));
	size += VRRP_TRAILER_SIZE;
	compute(message, size, src, key->string, digest);
	memcpy(trailer + HEAD_SIZE, digest, DIGEST_SIZE);
	memcpy(auth->again, message, size);
	auth->again_size = size;
	auth->again_src = *src;
	bit = how & SPOIL ? fuzz_u16(in) : 0;
	if (how & SPOIL)
		message[bit / 8 % size] ^= 1 << bit % 8;
	return size;
}

/* ----------------------------------------------------------------- second opinion */

static const struct key *find_key(unsigned int id)
{
	return id >= 1 && id <= N_IDS ? &keys[id] : NULL;
}

static bool is_off_clock(const struct fuzz_auth *auth, uint64_t stamp, uint32_t interval_cs)
{
	__int128 usec = (int64_t)(stamp - now_stamp()) / 65536;
	vrrp_usec_t window = 3 * ((interval_cs * VRRP_USEC_PER_CS));

	/* whole seconds, rounded up */
	window = (window + VRRP_USEC_PER_SEC - 1) / VRRP_USEC_PER_SEC * VRRP_USEC_PER_SEC;
	if (auth->conf.window_sec)
		window = auth->conf.window_sec * VRRP_USEC_PER_SEC;
	else if (window < FIVE_SEC)
		window = FIVE_SEC;
	usec = usec * VRRP_USEC_PER_SEC / 65536;
	return usec > (__int128)window || -usec > (__int128)window;
}

enum vrrp_verdict fuzz_auth_judge(const struct fuzz_auth *auth, const struct vrrp_datagram *dgram,
				  bool has_trailer, uint32_t interval_cs)
{
	const struct vrrp_auth_mark *heard = &auth->heard[last_octet(&dgram->src)];
	const struct key *key;
	uint64_t stamp;

	if (!auth->conf.is_on)
		return VRRP_ACCEPTED;
	if (!has_trailer)
		return auth->conf.mode == VRRP_AUTH_ENFORCE ? VRRP_BAD_AUTH_MISSING : VRRP_ACCEPTED;
	key = find_key(trailer_of(dgram)[1]);
	stamp = stamp_in(trailer_of(dgram));
	if (!key)
		return VRRP_BAD_AUTH_KEY;
	if (key->index == ID_SHORT)
		return VRRP_BAD_AUTH_KEY_UNUSABLE;
	if (key->index == ID_EXPIRED)
		return VRRP_BAD_AUTH_EXPIRED;
	if (!auth->conf.is_monotonic && is_off_clock(auth, stamp, interval_cs))
		return VRRP_BAD_AUTH_CLOCK;
	if (heard->is_set && (int64_t)(stamp - heard->stamp) <= 0)
		return VRRP_BAD_AUTH_REPLAY;
	return is_signed_by(dgram, key->string) ? VRRP_ACCEPTED : VRRP_BAD_AUTH_DIGEST;
}

void fuzz_auth_accepted(struct fuzz_auth *auth, const struct vrrp_datagram *dgram)
{
	if (auth->conf.is_on)
		auth->heard[last_octet(&dgram->src)] = (struct vrrp_auth_mark){
			.stamp = stamp_in(trailer_of(dgram)), .is_set = true
		};
}

void fuzz_auth_sent(struct fuzz_auth *auth, const struct vrrp_auth_conf *conf,
		    const struct vrrp_datagram *dgram, bool has_trailer)
{
	uint64_t stamp;

	RULE(has_trailer == (conf->is_on && conf->mode != VRRP_AUTH_RECEIVE_ONLY),
	     "what is sent is signed where it must be, and only there");
	if (!has_trailer)
		return;
	stamp = stamp_in(trailer_of(dgram));
	RULE(trailer_of(dgram)[1] == ID_SIGNER && is_signed_by(dgram, keys[1].string),
	     "by the first key that may sign, and rightly");
	RULE(!auth->sent.is_set || (int64_t)(stamp - auth->sent.stamp) >= 0,
	     "its stamp is not before the last one");
	RULE((int64_t)(stamp - now_stamp()) >> 32 == 0, "and it is the time");
	auth->sent = (struct vrrp_auth_mark){ .stamp = stamp, .is_set = true };
}
