// SPDX-License-Identifier: GPL-2.0-or-later
/* Octets are written and read one at a time, as those of vrrp_packet.c. */
#include "vrrp_promise_packet.h"

#define MAGIC	0x5657 /* "VW" */
#define VERSION 1

/* Offsets. */
enum {
	AT_MAGIC = 0,
	AT_VERSION = 2,
	AT_KIND = 3, /* enum vrrp_ask_kind, or ANSWER and enum vrrp_promise_word */
	AT_VRID = 4,
	AT_FAMILY = 5,
	AT_PRIORITY = 6,
	AT_FLAGS = 7,
	AT_MSEC = 8, /* the lease, or what is left of it */
	AT_KEY_ID = 12,
	AT_SERIAL = 16,
	AT_TOKEN = 24,
	AT_NAME = 32,
	AT_ADDRESS = 64, /* of who asks, or has the promise */
	AT_DIGEST = 80,
};

#define ANSWER	    0x80
#define FLAG_ACTIVE 0x01
#define DIGEST_SIZE 16

static void put(uint8_t *at, size_t size, uint64_t value)
{
	while (size-- > 0) {
		at[size] = value & 0xff;
		value >>= 8;
	}
}

static uint64_t get(const uint8_t *at, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | at[i];
	return value;
}

/* A promise must not look longer than it is. */
static uint32_t msec_of(vrrp_usec_t usec)
{
	return usec / VRRP_USEC_PER_MSEC;
}

static struct vrrp_addr address_at(const uint8_t *at, enum vrrp_family family)
{
	static const uint8_t nobody[16];

	if (!memcmp(at, nobody, sizeof(nobody)))
		return (struct vrrp_addr){};
	return vrrp_addr_make(family, at);
}

bool vrrp_promise_group_same(const struct vrrp_promise_group *a, const struct vrrp_promise_group *b)
{
	return a->vrid == b->vrid && a->family == b->family && !strcmp(a->name, b->name);
}

/* ------------------------------------------------------------------------ encoding */

static void encode_ask(const struct vrrp_ask *ask, uint8_t *octets)
{
	octets[AT_KIND] = ask->kind;
	octets[AT_PRIORITY] = ask->priority;
	octets[AT_FLAGS] = ask->is_active ? FLAG_ACTIVE : 0;
	put(octets + AT_MSEC, 4, msec_of(ask->lease));
	put(octets + AT_SERIAL, 8, ask->serial);
	put(octets + AT_TOKEN, 8, ask->token);
	memcpy(octets + AT_ADDRESS, ask->from.octets, sizeof(ask->from.octets));
}

static void encode_answer(const struct vrrp_answer *answer, uint8_t *octets)
{
	octets[AT_KIND] = ANSWER | answer->word;
	put(octets + AT_MSEC, 4, msec_of(answer->left));
	put(octets + AT_SERIAL, 8, answer->serial);
	put(octets + AT_TOKEN, 8, answer->token);
	memcpy(octets + AT_ADDRESS, answer->holder.octets, sizeof(answer->holder.octets));
}

static void digest(const uint8_t *octets, const struct vrrp_auth_key *key, vrrp_hmac_fn hmac,
		   uint8_t result[DIGEST_SIZE])
{
	const struct vrrp_auth_part part = { octets, AT_DIGEST };
	uint8_t full[VRRP_AUTH_HMAC_SIZE];

	hmac(key->material, &part, 1, full);
	memcpy(result, full, DIGEST_SIZE);
}

void vrrp_promise_encode(const struct vrrp_promise_packet *packet, const struct vrrp_auth_key *key,
			 vrrp_hmac_fn hmac, uint8_t octets[VRRP_PROMISE_SIZE])
{
	memset(octets, 0, VRRP_PROMISE_SIZE);
	put(octets + AT_MAGIC, 2, MAGIC);
	octets[AT_VERSION] = VERSION;
	octets[AT_VRID] = packet->group.vrid;
	octets[AT_FAMILY] = packet->group.family;
	memcpy(octets + AT_NAME, packet->group.name, strlen(packet->group.name));
	if (packet->is_answer)
		encode_answer(&packet->answer, octets);
	else
		encode_ask(&packet->ask, octets);
	if (!key)
		return;
	octets[AT_KEY_ID] = key->id;
	digest(octets, key, hmac, octets + AT_DIGEST);
}

/* ------------------------------------------------------------------------ decoding */

static bool decode_ask(const uint8_t *octets, enum vrrp_family family, struct vrrp_ask *ask)
{
	*ask = (struct vrrp_ask){
		.kind = octets[AT_KIND],
		.from = address_at(octets + AT_ADDRESS, family),
		.priority = octets[AT_PRIORITY],
		.is_active = octets[AT_FLAGS] & FLAG_ACTIVE,
		.lease = get(octets + AT_MSEC, 4) * VRRP_USEC_PER_MSEC,
		.serial = get(octets + AT_SERIAL, 8),
		.token = get(octets + AT_TOKEN, 8),
	};
	return ask->kind < VRRP_ASK_KINDS && vrrp_addr_is_set(&ask->from) && ask->lease &&
	       ask->lease <= VRRP_LEASE_MAX;
}

static bool decode_answer(const uint8_t *octets, enum vrrp_family family, struct vrrp_answer *answer)
{
	*answer = (struct vrrp_answer){
		.word = octets[AT_KIND] & ~ANSWER,
		.serial = get(octets + AT_SERIAL, 8),
		.token = get(octets + AT_TOKEN, 8),
		.left = get(octets + AT_MSEC, 4) * VRRP_USEC_PER_MSEC,
		.holder = address_at(octets + AT_ADDRESS, family),
	};
	return answer->word < VRRP_WORDS && answer->left <= VRRP_LEASE_MAX;
}

/* As a configuration has it; others print it. */
static bool is_name(const char *name)
{
	while (*name >= '!' && *name <= '~')
		name++;
	return !*name;
}

bool vrrp_promise_decode(const uint8_t *octets, size_t size, struct vrrp_promise_packet *packet)
{
	struct vrrp_promise_group *group = &packet->group;

	if (size != VRRP_PROMISE_SIZE || get(octets + AT_MAGIC, 2) != MAGIC ||
	    octets[AT_VERSION] != VERSION || !octets[AT_VRID] ||
	    (octets[AT_FAMILY] != VRRP_IPV4 && octets[AT_FAMILY] != VRRP_IPV6))
		return false;
	group->vrid = octets[AT_VRID];
	group->family = octets[AT_FAMILY];
	memcpy(group->name, octets + AT_NAME, VRRP_PROMISE_NAME_SIZE - 1);
	group->name[VRRP_PROMISE_NAME_SIZE - 1] = '\0';
	if (!is_name(group->name))
		return false;
	packet->is_answer = octets[AT_KIND] & ANSWER;
	return packet->is_answer ? decode_answer(octets, group->family, &packet->answer)
				 : decode_ask(octets, group->family, &packet->ask);
}

uint8_t vrrp_promise_key_id(const uint8_t octets[VRRP_PROMISE_SIZE])
{
	return octets[AT_KEY_ID];
}

/* Takes the same time wherever they differ. */
bool vrrp_promise_is_signed(const uint8_t octets[VRRP_PROMISE_SIZE],
			    const struct vrrp_auth_key *key, vrrp_hmac_fn hmac)
{
	uint8_t ours[DIGEST_SIZE], differs = 0;

	if (octets[AT_KEY_ID] != key->id)
		return false;
	digest(octets, key, hmac, ours);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		differs |= ours[i] ^ octets[AT_DIGEST + i];
	return !differs;
}
