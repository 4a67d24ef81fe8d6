// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: the codec.
 *
 * An input is a datagram: one octet that says how (enum how), TTL, source, destination, then the
 * VRRP octets. Few inputs have a right checksum by chance, so the input may ask for one.
 * vrrp_packet_decode() never reads outside the datagram. An accepted message has the fields that
 * the octets encode, and encoding it gives the same octets again. With MAKE the octets are the
 * fields of an advertisement instead, which is encoded into a buffer of any size and must be read
 * back. With HELLO they are what a director says, which must be written as it was read.
 */
#include "fuzz.h"
#include "vrrp_hello.h"
#include "vrrp_packet.h"

enum how {
	IPV6 = 1 << 0,
	MULTICAST = 1 << 1,
	PUT_MESSAGE_CHECKSUM = 1 << 2,
	PUT_PSEUDO_CHECKSUM = 1 << 3,
	OTHER_FAMILY = 1 << 4, /* of the destination */
	MAKE = 1 << 5,
	HELLO = 1 << 6,
};

struct ends {
	struct vrrp_addr src, dst;
	int ttl;
};

static struct vrrp_addr take_address(struct fuzz_input *in, enum vrrp_family family)
{
	uint8_t octets[16];

	fuzz_octets(in, octets, vrrp_addr_size(family));
	return vrrp_addr_make(family, octets);
}

static struct ends take_ends(struct fuzz_input *in, uint8_t how)
{
	enum vrrp_family family = how & IPV6 ? VRRP_IPV6 : VRRP_IPV4;
	enum vrrp_family other = how & IPV6 ? VRRP_IPV4 : VRRP_IPV6;
	struct ends ends = { .ttl = fuzz_u8(in) };

	ends.src = take_address(in, family);
	ends.dst = take_address(in, how & OTHER_FAMILY ? other : family);
	if (how & MULTICAST)
		ends.dst = vrrp_addr_group(ends.dst.family);
	return ends;
}

/* A checksum computed another way than the codec does: octet by octet, folded at once. */

static uint16_t add_octets(uint16_t sum, const uint8_t *data, size_t size)
{
	uint32_t total = sum;

	for (size_t i = 0; i < size; i++) {
		total += i % 2 ? data[i] : data[i] << 8;
		total = (total & 0xffff) + (total >> 16);
	}
	return total;
}

static bool checksum_is_right(const struct vrrp_datagram *dgram, size_t covered,
			      enum vrrp_checksum dialect)
{
	uint8_t rest[] = { covered >> 8, covered & 0xff, 0, VRRP_PROTOCOL };
	size_t address = vrrp_addr_size(dgram->src.family);
	uint16_t sum = add_octets(0, dgram->data, covered);

	if (dialect == VRRP_CHECKSUM_PSEUDO) {
		sum = add_octets(sum, dgram->src.octets, address);
		sum = add_octets(sum, dgram->dst.octets, address);
		sum = add_octets(sum, rest, sizeof(rest));
	}
	return sum == 0xffff;
}

/* Rules. */

static size_t message_size(const struct vrrp_advert *advert)
{
	size_t size = VRRP_HEADER_SIZE + advert->count * vrrp_addr_size(advert->family);

	return advert->version == 2 ? size + VRRP_V2_AUTH_SIZE : size;
}

static void check_fields(const struct vrrp_datagram *dgram, const struct vrrp_advert *advert)
{
	const uint8_t *data = dgram->data;
	unsigned int interval_cs = advert->version == 2 ? data[5] * 100
							: (data[4] & 0x0f) << 8 | data[5];

	RULE(advert->family == dgram->src.family && dgram->dst.family == dgram->src.family,
	     "one family from end to end");
	RULE(data[0] == (advert->version << 4 | 1), "version and type are the octets'");
	RULE(advert->version == 3 || (advert->version == 2 && advert->family == VRRP_IPV4),
	     "only versions that exist are accepted");
	RULE(advert->vrid == data[1] && advert->priority == data[2] && advert->count == data[3],
	     "VRID, priority and count are the octets'");
	RULE(advert->interval_cs == interval_cs, "the interval is the octets'");
	RULE(advert->auth_type == (advert->version == 2 ? data[4] : 0),
	     "so is the type of authentication");
	RULE(advert->addresses == data + VRRP_HEADER_SIZE, "addresses lie in the datagram");
	RULE(dgram->size == message_size(advert) + (advert->trailer ? VRRP_TRAILER_SIZE : 0),
	     "the length is that of the contents");
	RULE(!vrrp_addr_is_multicast(&dgram->dst) || dgram->ttl == VRRP_TTL,
	     "multicast is not accepted from further away");
}

static void check_checksum(const struct vrrp_datagram *dgram, const struct vrrp_advert *advert)
{
	size_t covered = advert->family == VRRP_IPV6 ? dgram->size : message_size(advert);

	RULE(advert->family == VRRP_IPV4 || advert->checksum == VRRP_CHECKSUM_PSEUDO,
	     "IPv6 always has the pseudo-header");
	RULE(advert->version == 3 || advert->checksum == VRRP_CHECKSUM_MESSAGE,
	     "VRRPv2 never has it");
	RULE(checksum_is_right(dgram, covered, advert->checksum), "an accepted checksum is right");
}

/*
 * Both messages have the same fields; the fields that are not compared are not on the wire, or not
 * in both dialects.
 */
static void check_same(const struct vrrp_advert *a, const struct vrrp_advert *b)
{
	RULE(a->family == b->family && a->version == b->version && a->vrid == b->vrid &&
		     a->priority == b->priority && a->count == b->count &&
		     a->interval_cs == b->interval_cs,
	     "encoded and decoded, an advertisement is the same");
	RULE(!memcmp(a->addresses, b->addresses, a->count * vrrp_addr_size(a->family)),
	     "so are its addresses");
}

static void check_decodes_to(const struct vrrp_advert *advert, const struct ends *ends,
			     const uint8_t *message, size_t size)
{
	struct vrrp_datagram dgram = {
		.src = ends->src, .dst = ends->dst, .ttl = VRRP_TTL, .data = message, .size = size
	};
	struct vrrp_advert again;

	RULE(vrrp_packet_decode(&dgram, &again) == VRRP_ACCEPTED, "what is encoded is accepted");
	RULE(!again.trailer, "no trailer is written");
	check_same(advert, &again);
}

static bool has_form(const struct vrrp_advert *advert)
{
	if (advert->vrid == 0 || advert->count == 0 || advert->interval_cs == 0 || advert->auth_type)
		return false;
	if (advert->version == 2)
		return advert->family == VRRP_IPV4 && advert->interval_cs % 100 == 0 &&
		       advert->interval_cs <= 25500;
	return advert->version == 3 && advert->interval_cs <= VRRP_INTERVAL_CS_MAX;
}

/* A block of the message's size takes all of it; a smaller one takes nothing. */
static void check_encode(const struct vrrp_advert *advert, const struct ends *ends, size_t size)
{
	uint8_t *block = malloc(size ? size : 1);
	size_t needed = message_size(advert);
	size_t written;

	if (!block)
		abort();
	written = vrrp_packet_encode(advert, &ends->src, &ends->dst, block, size);
	RULE(written == (has_form(advert) && size >= needed ? needed : 0),
	     "an advertisement is encoded when it has a form and room, wholly");
	if (written)
		check_decodes_to(advert, ends, block, written);
	free(block);
}

/* A copy for the next peer. */
static void check_readdress(const struct vrrp_datagram *dgram, const struct vrrp_advert *advert)
{
	uint8_t *copy = malloc(dgram->size);
	struct vrrp_datagram next = *dgram;
	struct vrrp_advert again;

	if (!copy)
		abort();
	memcpy(copy, dgram->data, dgram->size);
	next.data = copy;
	next.ttl = VRRP_TTL;
	next.dst.octets[3] ^= 0x55;
	vrrp_packet_readdress(copy, dgram->size, advert->family, advert->checksum, &next.src,
			      &next.dst);
	RULE(vrrp_packet_decode(&next, &again) == VRRP_ACCEPTED, "readdressed, it is accepted");
	RULE(again.trailer == advert->trailer, "readdressed, it keeps its trailer");
	check_same(advert, &again);
	free(copy);
}

static void check_accepted(const struct vrrp_datagram *dgram, const struct vrrp_advert *advert)
{
	struct ends ends = { .src = dgram->src, .dst = dgram->dst, .ttl = dgram->ttl };
	size_t needed = message_size(advert);

	check_fields(dgram, advert);
	check_checksum(dgram, advert);
	check_encode(advert, &ends, needed);
	check_encode(advert, &ends, needed - 1);
	check_readdress(dgram, advert);
}

static void check_refused(const struct vrrp_datagram *dgram, enum vrrp_verdict verdict)
{
	const uint8_t *data = dgram->data;

	RULE(verdict > VRRP_ACCEPTED && verdict <= VRRP_BAD_CHECKSUM,
	     "the codec refuses for reasons of its own");
	RULE(dgram->size > 0 || verdict == VRRP_BAD_LENGTH || verdict == VRRP_BAD_TTL,
	     "nothing at all is a length error");
	if (verdict == VRRP_BAD_CHECKSUM && dgram->src.family == VRRP_IPV6)
		RULE(!checksum_is_right(dgram, dgram->size, VRRP_CHECKSUM_PSEUDO),
		     "a refused checksum is wrong");
	if (verdict == VRRP_BAD_VERSION && dgram->src.family == dgram->dst.family)
		RULE(data[0] >> 4 != 3, "VRRPv3 is a version");
	if (verdict == VRRP_BAD_TYPE)
		RULE((data[0] & 0x0f) != 1, "ADVERTISEMENT is a type");
}

/* Rules for an accepted datagram, depending on what the virtual router expects. */
static void check_expectations(const struct vrrp_datagram *dgram, const struct vrrp_advert *advert,
			       uint8_t how)
{
	bool multicast = vrrp_addr_is_multicast(&dgram->dst);
	struct vrrp_expect expect = {
		.version = how & PUT_MESSAGE_CHECKSUM ? 2 : 3,
		.unicast = how & MAKE,
		.ttl_min = how,
		.interval_cs = 100,
		.peers = &dgram->src,
		.n_peers = how & OTHER_FAMILY ? 1 : 0,
		.vips = &dgram->src,
		.n_vips = 1,
	};
	unsigned int notes;

	if (vrrp_packet_check(dgram, advert, &expect, &notes) != VRRP_ACCEPTED)
		return;
	RULE(advert->version == expect.version && advert->count && advert->interval_cs &&
		     !advert->auth_type,
	     "what is accepted is well-formed");
	RULE(multicast != expect.unicast, "and came in the right delivery mode");
	RULE(multicast || expect.n_peers == 1, "and from a peer");
	RULE(dgram->ttl >= expect.ttl_min, "and not from further away than allowed");
}

/* Inputs. */

static void fuzz_decode(struct fuzz_input *in, uint8_t how)
{
	struct ends ends = take_ends(in, how);
	size_t size = in->size;
	uint8_t *block = fuzz_block(in, &size);
	struct vrrp_datagram dgram = {
		.src = ends.src, .dst = ends.dst, .ttl = ends.ttl, .data = block, .size = size
	};
	struct vrrp_advert advert;
	enum vrrp_verdict verdict;

	if (how & PUT_MESSAGE_CHECKSUM)
		vrrp_packet_readdress(block, size, ends.src.family, VRRP_CHECKSUM_MESSAGE,
				      &ends.src, &ends.dst);
	else if (how & PUT_PSEUDO_CHECKSUM)
		vrrp_packet_readdress(block, size, ends.src.family, VRRP_CHECKSUM_PSEUDO, &ends.src,
				      &ends.dst);
	verdict = vrrp_packet_decode(&dgram, &advert);
	if (verdict == VRRP_ACCEPTED) {
		check_accepted(&dgram, &advert);
		for (unsigned int each = 0; each < 256; each += 4)
			check_expectations(&dgram, &advert, each);
	} else {
		check_refused(&dgram, verdict);
	}
	free(block);
}

static void fuzz_encode(struct fuzz_input *in, uint8_t how)
{
	struct ends ends = take_ends(in, how & ~OTHER_FAMILY);
	struct vrrp_advert advert = {
		.family = ends.src.family,
		.version = fuzz_u8(in) % 5,
		.vrid = fuzz_u8(in),
		.priority = fuzz_u8(in),
		.auth_type = fuzz_u8(in) / 128,
		.checksum = how & PUT_PSEUDO_CHECKSUM ? VRRP_CHECKSUM_PSEUDO : VRRP_CHECKSUM_MESSAGE,
		.interval_cs = fuzz_u16(in),
	};
	size_t room = fuzz_u16(in) % (VRRP_PACKET_MAX + 1);
	size_t address = vrrp_addr_size(advert.family);
	size_t size = VRRP_ADDRESSES_MAX * address;
	uint8_t *addresses = fuzz_block(in, &size);

	advert.count = size / address;
	advert.addresses = addresses;
	check_encode(&advert, &ends, room);
	check_encode(&advert, &ends, message_size(&advert));
	free(addresses);
}

/* Half of the inputs begin as a hello does, which few would by chance. */
static void fuzz_hello(struct fuzz_input *in, uint8_t how)
{
	static const uint8_t begin[] = { 'v', 'i', 'p', 's', 1 };
	uint8_t again[VRRP_HELLO_MOST];
	size_t size = in->size;
	uint8_t *block = fuzz_block(in, &size);
	struct vrrp_hello hello;

	if (how & IPV6 && size >= sizeof(begin))
		memcpy(block, begin, sizeof(begin));
	if (vrrp_hello_read(&hello, block, size))
		RULE(vrrp_hello_write(&hello, again) == size && !memcmp(again + 8, block + 8, 4) &&
			     !memcmp(again + 16, block + 16, size - 16),
		     "a hello is written as it was read");
	free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t how = fuzz_u8(&in);

	if (how & HELLO)
		fuzz_hello(&in, how);
	else if (how & MAKE)
		fuzz_encode(&in, how);
	else
		fuzz_decode(&in, how);
	return 0;
}
