// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The advertisement codec. Octets are read and written one at a time, so
 * neither alignment nor the byte order of the host matters; every read is
 * behind the length check that allows it.
 */
#include "vrrp_packet.h"

#include <arpa/inet.h>
#include <string.h>

/* Offsets in the message; octets 4 and 5 differ between the versions. */
enum {
	AT_VERSION_TYPE,
	AT_VRID,
	AT_PRIORITY,
	AT_COUNT,
	AT_INTERVAL_V3,
	AT_AUTH_TYPE_V2 = AT_INTERVAL_V3,
	AT_INTERVAL_V2,
	AT_CHECKSUM,
};

#define TYPE_ADVERTISEMENT	1
#define TRAILER_HMAC_SHA256_128 1
#define CS_PER_SEC		100

static unsigned int get16(const uint8_t *at)
{
	return (unsigned int)at[0] << 8 | at[1];
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = value >> 8;
	at[1] = value & 0xff;
}

/*
 * Checksum: sums are unfolded until the end, and 64 KiB cannot overflow them. Two words of
 * 16 bits are added at a time, which folds into the same, and in the host's order of octets, in
 * which the result stands as well (RFC 1071 section 2 (B)).
 */

static uint64_t sum_octets(const uint8_t *data, size_t size)
{
	uint64_t sum = 0;
	uint32_t words;
	uint16_t word;
	size_t i;

	for (i = 0; i + sizeof(words) <= size; i += sizeof(words)) {
		memcpy(&words, data + i, sizeof(words));
		sum += words;
	}
	if (i + sizeof(word) <= size) {
		memcpy(&word, data + i, sizeof(word));
		sum += word;
		i += sizeof(word);
	}
	if (i < size)
		sum += htons(data[i] << 8);
	return sum;
}

/* Of either family, since zeros add nothing. */
static uint64_t sum_address(const struct vrrp_addr *address)
{
	uint32_t words[sizeof(address->octets) / sizeof(uint32_t)];

	memcpy(words, address->octets, sizeof(words));
	return (uint64_t)words[0] + words[1] + words[2] + words[3];
}

static uint64_t sum_pseudo_header(const struct vrrp_addr *src, const struct vrrp_addr *dst,
				  size_t size)
{
	return sum_address(src) + sum_address(dst) + htonl(VRRP_PROTOCOL + size);
}

/* Four steps are enough for any sum. */
static uint16_t fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* The sum of a message with a right checksum is all ones. */
static bool sum_is_right(uint64_t sum)
{
	return fold(sum) == 0xffff;
}

/* Octets of a message without trailer, by its own header (at least 8 octets). */
static size_t message_size(const uint8_t *data, enum vrrp_family family)
{
	size_t size = VRRP_HEADER_SIZE + data[AT_COUNT] * vrrp_addr_size(family);

	return data[AT_VERSION_TYPE] >> 4 == 2 ? size + VRRP_V2_AUTH_SIZE : size;
}

static bool version_exists(unsigned int version, unsigned int family)
{
	return (version == 3 && (family == VRRP_IPV4 || family == VRRP_IPV6)) ||
	       (version == 2 && family == VRRP_IPV4);
}

static bool trailer_is_wellformed(const uint8_t *trailer)
{
	return trailer[0] == TRAILER_HMAC_SHA256_128 && trailer[1] != 0 && get16(trailer + 2) == 0;
}

/* Decoding, one check each, in order. */

static enum vrrp_verdict check_length(const struct vrrp_datagram *dgram, struct vrrp_advert *advert)
{
	size_t size;

	if (dgram->size < VRRP_HEADER_SIZE)
		return VRRP_BAD_LENGTH;
	size = message_size(dgram->data, advert->family);
	if (dgram->size == size)
		return VRRP_ACCEPTED;
	if (advert->version != 3 || dgram->size != size + VRRP_TRAILER_SIZE ||
	    !trailer_is_wellformed(dgram->data + size))
		return VRRP_BAD_LENGTH;
	advert->trailer = true;
	return VRRP_ACCEPTED;
}

/* IPv4: the message without its trailer. IPv6: all of it (the kernel's rule). */
static enum vrrp_verdict check_checksum(const struct vrrp_datagram *dgram,
					struct vrrp_advert *advert)
{
	size_t size = advert->family == VRRP_IPV6 ? dgram->size
						  : message_size(dgram->data, advert->family);
	uint64_t sum = sum_octets(dgram->data, size);

	if (advert->family == VRRP_IPV4 && sum_is_right(sum)) {
		advert->checksum = VRRP_CHECKSUM_MESSAGE;
		return VRRP_ACCEPTED;
	}
	if (advert->version == 3 &&
	    sum_is_right(sum + sum_pseudo_header(&dgram->src, &dgram->dst, size))) {
		advert->checksum = VRRP_CHECKSUM_PSEUDO;
		return VRRP_ACCEPTED;
	}
	return VRRP_BAD_CHECKSUM;
}

static void decode_fields(const uint8_t *data, struct vrrp_advert *advert)
{
	advert->priority = data[AT_PRIORITY];
	advert->count = data[AT_COUNT];
	advert->addresses = data + VRRP_HEADER_SIZE;
	if (advert->version == 2) {
		advert->auth_type = data[AT_AUTH_TYPE_V2];
		advert->interval_cs = data[AT_INTERVAL_V2] * CS_PER_SEC;
	} else {
		advert->interval_cs = get16(data + AT_INTERVAL_V3) & VRRP_INTERVAL_CS_MAX;
	}
}

static void decode_identity(const struct vrrp_datagram *dgram, struct vrrp_advert *advert)
{
	memset(advert, 0, sizeof(*advert));
	advert->family = dgram->src.family;
	if (dgram->size > AT_VERSION_TYPE)
		advert->version = dgram->data[AT_VERSION_TYPE] >> 4;
	if (dgram->size > AT_VRID)
		advert->vrid = dgram->data[AT_VRID];
}

enum vrrp_verdict vrrp_packet_identify(const struct vrrp_datagram *dgram, struct vrrp_advert *advert)
{
	decode_identity(dgram, advert);
	if (vrrp_addr_is_multicast(&dgram->dst) && dgram->ttl != VRRP_TTL)
		return VRRP_BAD_TTL;
	if (dgram->size == 0)
		return VRRP_BAD_LENGTH;
	if (!version_exists(advert->version, advert->family) ||
	    dgram->dst.family != dgram->src.family)
		return VRRP_BAD_VERSION;
	if ((dgram->data[AT_VERSION_TYPE] & 0x0f) != TYPE_ADVERTISEMENT)
		return VRRP_BAD_TYPE;

	return check_length(dgram, advert);
}

enum vrrp_verdict vrrp_packet_read(const struct vrrp_datagram *dgram, struct vrrp_advert *advert)
{
	enum vrrp_verdict verdict = check_checksum(dgram, advert);

	if (verdict == VRRP_ACCEPTED)
		decode_fields(dgram->data, advert);
	return verdict;
}

enum vrrp_verdict vrrp_packet_decode(const struct vrrp_datagram *dgram, struct vrrp_advert *advert)
{
	enum vrrp_verdict verdict = vrrp_packet_identify(dgram, advert);

	return verdict == VRRP_ACCEPTED ? vrrp_packet_read(dgram, advert) : verdict;
}

/* Checks against one virtual router. */

static bool ttl_is_allowed(const struct vrrp_datagram *dgram, const struct vrrp_expect *expect)
{
	if (vrrp_addr_is_multicast(&dgram->dst))
		return dgram->ttl == VRRP_TTL;
	return !expect->unicast || dgram->ttl >= expect->ttl_min;
}

static bool list_holds(const struct vrrp_addr *list, size_t n, const struct vrrp_addr *wanted)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (vrrp_addr_same(&list[i], wanted))
			return true;
	return false;
}

static bool list_is_in_our_order(const struct vrrp_advert *advert, const struct vrrp_expect *expect)
{
	size_t size = vrrp_addr_size(advert->family);
	unsigned int i;

	for (i = 0; i < advert->count; i++)
		if (memcmp(advert->addresses + i * size, expect->vips[i].octets, size) != 0)
			return false;
	return true;
}

/*
 * True when both have the same addresses, in any order; a list may have repeats. Sums of hashes are
 * compared instead of all pairs, since packets with 255 addresses may come at line rate.
 */
static bool address_list_is_ours(const struct vrrp_advert *advert, const struct vrrp_expect *expect)
{
	size_t size = vrrp_addr_size(advert->family);
	uint64_t theirs = 0, ours = 0;
	unsigned int i;

	if (advert->count != expect->n_vips)
		return false;
	if (list_is_in_our_order(advert, expect))
		return true;
	for (i = 0; i < advert->count; i++) {
		theirs += vrrp_addr_hash(advert->addresses + i * size, size);
		ours += vrrp_addr_hash(expect->vips[i].octets, size);
	}
	return theirs == ours;
}

uint32_t vrrp_interval_v2(uint32_t interval_cs)
{
	return (interval_cs + CS_PER_SEC - 1) / CS_PER_SEC * CS_PER_SEC;
}

static bool version_is_ours(const struct vrrp_advert *advert, const struct vrrp_expect *expect)
{
	return advert->version == expect->version || (advert->version == 2 && expect->version_2_too);
}

/* The interval that this router would send in a message of that version. */
static uint32_t own_interval(const struct vrrp_advert *advert, const struct vrrp_expect *expect)
{
	return advert->version == 2 ? vrrp_interval_v2(expect->interval_cs) : expect->interval_cs;
}

/* Handles a difference: VRRPv2 discards, unless the owner sent the list; VRRPv3 notes it. */
static enum vrrp_verdict check_contents(const struct vrrp_advert *advert,
					const struct vrrp_expect *expect, unsigned int *notes)
{
	if (advert->interval_cs == 0)
		return VRRP_BAD_INTERVAL;
	if (advert->interval_cs != own_interval(advert, expect)) {
		if (advert->version == 2 && !expect->version_2_too)
			return VRRP_BAD_INTERVAL;
		*notes |= VRRP_NOTE_INTERVAL;
	}
	if (advert->auth_type != 0)
		return VRRP_BAD_AUTH_TYPE;
	if (!address_list_is_ours(advert, expect)) {
		if (advert->version == 2 && advert->priority != VRRP_PRIORITY_OWNER)
			return VRRP_BAD_ADDRESS_LIST;
		*notes |= VRRP_NOTE_ADDRESS_LIST;
	}
	return VRRP_ACCEPTED;
}

static enum vrrp_verdict check_sender(const struct vrrp_datagram *dgram,
				      const struct vrrp_expect *expect)
{
	if (!ttl_is_allowed(dgram, expect))
		return VRRP_BAD_TTL;
	if (vrrp_addr_is_multicast(&dgram->dst) == expect->unicast)
		return VRRP_BAD_MODE;
	if (expect->unicast && !list_holds(expect->peers, expect->n_peers, &dgram->src))
		return VRRP_BAD_PEER;
	return VRRP_ACCEPTED;
}

static bool wants_link_local_first(const struct vrrp_advert *advert,
				   const struct vrrp_expect *expect)
{
	struct vrrp_addr first = vrrp_advert_address(advert, 0);

	return !expect->unicast && advert->family == VRRP_IPV6 && !vrrp_addr_is_linklocal(&first);
}

enum vrrp_verdict vrrp_packet_check(const struct vrrp_datagram *dgram,
				    const struct vrrp_advert *advert,
				    const struct vrrp_expect *expect, unsigned int *notes)
{
	enum vrrp_verdict verdict = check_sender(dgram, expect);

	*notes = 0;
	if (verdict != VRRP_ACCEPTED)
		return verdict;
	if (!version_is_ours(advert, expect))
		return VRRP_BAD_VERSION;
	if (advert->count == 0)
		return VRRP_BAD_COUNT;
	verdict = check_contents(advert, expect, notes);
	if (verdict != VRRP_ACCEPTED)
		return verdict;
	if (wants_link_local_first(advert, expect))
		*notes |= VRRP_NOTE_LINK_LOCAL;
	return VRRP_ACCEPTED;
}

/* Encoding. */

static bool interval_is_encodable(const struct vrrp_advert *advert)
{
	uint32_t cs = advert->interval_cs;

	if (advert->version == 2)
		return cs % CS_PER_SEC == 0 && cs / CS_PER_SEC >= 1 && cs / CS_PER_SEC <= UINT8_MAX;
	return cs >= 1 && cs <= VRRP_INTERVAL_CS_MAX;
}

static bool is_encodable(const struct vrrp_advert *advert, const struct vrrp_addr *src,
			 const struct vrrp_addr *dst)
{
	return version_exists(advert->version, advert->family) && src->family == advert->family &&
	       dst->family == advert->family && advert->vrid != 0 && advert->count != 0 &&
	       advert->auth_type == 0 && interval_is_encodable(advert);
}

size_t vrrp_packet_encode(const struct vrrp_advert *advert, const struct vrrp_addr *src,
			  const struct vrrp_addr *dst, uint8_t *buf, size_t size)
{
	size_t addresses_size = advert->count * vrrp_addr_size(advert->family);
	uint8_t header[VRRP_HEADER_SIZE] = {
		[AT_VERSION_TYPE] = advert->version << 4 | TYPE_ADVERTISEMENT,
		[AT_VRID] = advert->vrid,
		[AT_PRIORITY] = advert->priority,
		[AT_COUNT] = advert->count,
	};
	size_t needed = message_size(header, advert->family);

	if (!is_encodable(advert, src, dst) || size < needed)
		return 0;
	if (advert->version == 2)
		header[AT_INTERVAL_V2] = advert->interval_cs / CS_PER_SEC;
	else
		put16(header + AT_INTERVAL_V3, advert->interval_cs);
	memcpy(buf, header, sizeof(header));
	memcpy(buf + VRRP_HEADER_SIZE, advert->addresses, addresses_size);
	if (advert->version == 2)
		memset(buf + VRRP_HEADER_SIZE + addresses_size, 0, VRRP_V2_AUTH_SIZE);
	vrrp_packet_readdress(buf, needed, advert->family, advert->checksum, src, dst);
	return needed;
}

void vrrp_packet_readdress(uint8_t *message, size_t size, enum vrrp_family family,
			   enum vrrp_checksum dialect, const struct vrrp_addr *src,
			   const struct vrrp_addr *dst)
{
	size_t covered = size;
	bool pseudo = true;
	uint16_t checksum;
	uint64_t sum;

	if (size < VRRP_HEADER_SIZE)
		return;
	if (family == VRRP_IPV4) {
		if (message_size(message, family) < size)
			covered = message_size(message, family);
		pseudo = message[AT_VERSION_TYPE] >> 4 == 3 && dialect == VRRP_CHECKSUM_PSEUDO;
	}
	memcpy(&checksum, message + AT_CHECKSUM, sizeof(checksum));
	checksum = ~checksum; /* takes the old one out of the sum */
	sum = sum_octets(message, covered) + checksum;
	if (pseudo)
		sum += sum_pseudo_header(src, dst, covered);
	checksum = ~fold(sum);
	memcpy(message + AT_CHECKSUM, &checksum, sizeof(checksum));
}

struct vrrp_addr vrrp_advert_address(const struct vrrp_advert *advert, unsigned int i)
{
	return vrrp_addr_make(advert->family,
			      advert->addresses + i * vrrp_addr_size(advert->family));
}
