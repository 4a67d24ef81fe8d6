// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The codec and the verdict table: RFC 9568 sections 5.2 and 7.1, RFC 3768 section 5.3, and packets
 * captured from other implementations.
 *
 * Octets handed to the codec lie in heap blocks of their exact size and at odd
 * addresses, so that a sanitizer sees any read past them or any unaligned one.
 */
#include "vrrp_packet.h"

#include "core_test.h"

#define OCTETS_MAX (VRRP_PACKET_MAX + 64)

/* "31 0a 96", blanks anywhere; returns the number of octets. */
static size_t octets(const char *hex, uint8_t *buf)
{
	unsigned int value;
	size_t n = 0;
	int used;

	while (sscanf(hex, " %2x%n", &value, &used) == 1) {
		buf[n++] = value;
		hex += used;
	}
	return n;
}

/* The heap block for one datagram. */
struct block {
	uint8_t *memory;
	struct vrrp_datagram dgram;
};

static struct block block_make(const char *src, const char *dst, int ttl, const uint8_t *data,
			       size_t size)
{
	struct block block = { .memory = malloc(size + 1) };

	memcpy(block.memory + 1, data, size);
	block.dgram.src = address(src);
	block.dgram.dst = address(dst);
	block.dgram.ttl = ttl;
	block.dgram.data = block.memory + 1;
	block.dgram.size = size;
	return block;
}

static const char *verdict_name(enum vrrp_verdict verdict)
{
	return (unsigned int)verdict < VRRP_VERDICTS ? vrrp_verdicts[verdict].yang
						     : "(no verdict at all)";
}

static void assert_verdict(const char *rule, enum vrrp_verdict want, enum vrrp_verdict got)
{
	if (want != got)
		fail_msg("%s\n  must be: %s\n  but is:  %s", rule, verdict_name(want),
			 verdict_name(got));
}

/* Octets on the wire and what they mean. */

#define UNI4	   "10.1.1.1", "10.1.1.2", 64
#define LAN4	   "10.1.1.1", "224.0.0.18", 255
#define UNI6	   "fe80::10", "fe80::20", 64
#define KEEPALIVED "31 0a 96 01 00 32 19 3e 0a 01 ff 01"
#define TRAILER4   "0101000068000000800000001b84bc4e8e43892dc6d98448f8ee2265"
#define TRAILER6   "010100006800000080000000c8c56146ebfd66ee10ec4d8186461b78"
#define DRAFT4	   "3133c80100644402c0000264"
#define DRAFT6	   "3133c8010064a2e9fe800000000000000000000000000100"

static const struct decode_row {
	const char *rule;
	const char *src, *dst;
	int ttl;
	const char *hex;
	enum vrrp_verdict verdict;
	const char *meaning; /* version vrid priority count interval dialect [trailer] */
} decode_rows[] = {
	{ "keepalived 2.3.3 unicast, captured: pseudo-header with the actual destination", UNI4,
	  KEEPALIVED, VRRP_ACCEPTED, "3 10 150 1 50 pseudo" },
	{ "RFC 9568 5.2.8 the same message summed alone", UNI4,
	  "31 0a 96 01 00 32 2f bf 0a 01 ff 01", VRRP_ACCEPTED, "3 10 150 1 50 message" },
	{ "The pseudo-header holds the actual destination: another one is wrong", "10.1.1.1",
	  "10.1.1.3", 64, KEEPALIVED, VRRP_BAD_CHECKSUM, "" },
	{ "The pseudo-header holds the source: another one is wrong", "10.1.1.9", "10.1.1.2", 64,
	  KEEPALIVED, VRRP_BAD_CHECKSUM, "" },
	{ "draft-cassen IPv4 vector without its trailer", "198.51.100.10", "224.0.0.18", 255,
	  DRAFT4, VRRP_ACCEPTED, "3 51 200 1 100 message" },
	{ "draft-cassen IPv4 vector: checksum over the message without the trailer", "198.51.100.10",
	  "224.0.0.18", 255, DRAFT4 TRAILER4, VRRP_ACCEPTED, "3 51 200 1 100 message trailer" },
	{ "draft-cassen IPv6 vector: checksum over message and trailer", UNI6, DRAFT6 TRAILER6,
	  VRRP_ACCEPTED, "3 51 200 1 100 pseudo trailer" },
	{ "draft-cassen IPv6 vector: without its trailer the checksum is wrong", UNI6, DRAFT6,
	  VRRP_BAD_CHECKSUM, "" },
	{ "Trailer of unknown type is just too many octets", UNI4,
	  "31 0a 96 01 00 32 2f bf 0a 01 ff 01"
	  "0201000068000000800000001b84bc4e8e43892dc6d98448f8ee2265",
	  VRRP_BAD_LENGTH, "" },
	{ "Trailer with key id 0 is just too many octets", UNI4,
	  "31 0a 96 01 00 32 2f bf 0a 01 ff 01"
	  "0100000068000000800000001b84bc4e8e43892dc6d98448f8ee2265",
	  VRRP_BAD_LENGTH, "" },
	{ "Trailer with reserved octets set is just too many octets", UNI4,
	  "31 0a 96 01 00 32 2f bf 0a 01 ff 01"
	  "0101000168000000800000001b84bc4e8e43892dc6d98448f8ee2265",
	  VRRP_BAD_LENGTH, "" },
	{ "RFC 9568 7.1 multicast TTL 254 is the first thing looked at", "10.1.1.1", "224.0.0.18",
	  254, "00", VRRP_BAD_TTL, "" },
	{ "RFC 9568 7.1 IPv6 multicast hop limit 64", "fe80::10", "ff02::12", 64, DRAFT6,
	  VRRP_BAD_TTL, "" },
	{ "Unicast TTL is the virtual router's affair, not the decoder's", "10.1.1.1", "10.1.1.2",
	  1, KEEPALIVED, VRRP_ACCEPTED, "3 10 150 1 50 pseudo" },
	{ "RFC 9568 7.1 version 4 goes before a wrong type", UNI4,
	  "42 0a 96 01 00 32 00 00 0a 01 ff 01", VRRP_BAD_VERSION, "" },
	{ "RFC 9568 7.1 version 1", UNI4, "11 0a 96 01 00 32 00 00 0a 01 ff 01", VRRP_BAD_VERSION,
	  "" },
	{ "VRRPv2 does not exist over IPv6", UNI6, "21 0a 96 01 00 01 00 00", VRRP_BAD_VERSION, "" },
	{ "Source and destination of two families", "10.1.1.1", "fe80::20", 64, KEEPALIVED,
	  VRRP_BAD_VERSION, "" },
	{ "RFC 9568 5.2.2 type 2 goes before a wrong length", UNI4, "32 0a", VRRP_BAD_TYPE, "" },
	{ "RFC 9568 7.1 empty", UNI4, "", VRRP_BAD_LENGTH, "" },
	{ "RFC 9568 7.1 seven octets", UNI4, "31 0a 96 00 00 32 00", VRRP_BAD_LENGTH, "" },
	{ "RFC 9568 7.1 two addresses said, one there", UNI4, "31 0a 96 02 00 32 00 00 0a 01 ff 01",
	  VRRP_BAD_LENGTH, "" },
	{ "RFC 9568 7.1 an octet too many goes before the checksum", UNI4, KEEPALIVED "00",
	  VRRP_BAD_LENGTH, "" },
	{ "RFC 9568 7.1 checksum with one bit flipped", UNI4, "31 0a 97 01 00 32 19 3e 0a 01 ff 01",
	  VRRP_BAD_CHECKSUM, "" },
	{ "RFC 9568 7.1 checksum zero is a checksum like another", UNI4,
	  "31 0a 96 01 00 32 00 00 0a 01 ff 01", VRRP_BAD_CHECKSUM, "" },
	{ "RFC 9568 5.2.6 reserved bits are ignored on receipt", UNI4,
	  "31 0a 96 01 f0 32 3f be 0a 01 ff 01", VRRP_ACCEPTED, "3 10 150 1 50 message" },
	{ "RFC 9568 5.2.7 all twelve bits of the interval count", UNI4,
	  "31 0a 96 01 0f ff 1f f2 0a 01 ff 01", VRRP_ACCEPTED, "3 10 150 1 4095 message" },
	{ "RFC 9568 5.2.5 count 0 decodes: its verdict belongs to the virtual router", UNI4,
	  "31 0a 96 00 00 32 38 c3", VRRP_ACCEPTED, "3 10 150 0 50 message" },
	{ "RFC 3768 5.3 VRRPv2, interval in seconds, authentication data after the addresses", LAN4,
	  "21 01 64 01 00 03 ba e5 c0 00 02 0f 00 00 00 00 00 00 00 00", VRRP_BAD_CHECKSUM, "" },
	{ "RFC 3768 5.3.8 VRRPv2 is summed alone", LAN4,
	  "21 01 64 01 00 03 b8 ea c0 00 02 0f 00 00 00 00 00 00 00 00", VRRP_ACCEPTED,
	  "2 1 100 1 300 message" },
	{ "RFC 3768 5.3.8 VRRPv2 with a pseudo-header is wrong", LAN4,
	  "21 01 64 01 00 03 cd 51 c0 00 02 0f 00 00 00 00 00 00 00 00", VRRP_BAD_CHECKSUM, "" },
	{ "RFC 3768 5.3 VRRPv2 without its authentication data", LAN4,
	  "21 01 64 01 00 03 b8 ea c0 00 02 0f", VRRP_BAD_LENGTH, "" },
	{ "RFC 3768 5.2.3 VRRPv2 with TTL 254", "10.1.1.1", "224.0.0.18", 254,
	  "21 01 64 01 00 03 b8 ea c0 00 02 0f 00 00 00 00 00 00 00 00", VRRP_BAD_TTL, "" },
	{ "RFC 3768 5.3.2 VRRPv2 of type 2, its checksum right", LAN4,
	  "22 01 64 01 00 03 b7 ea c0 00 02 0f 00 00 00 00 00 00 00 00", VRRP_BAD_TYPE, "" },
	{ "RFC 3768 5.3.10 VRRPv2, what the authentication data say is ignored", LAN4,
	  "21 01 64 01 00 03 7c 9e c0 00 02 0f 73 65 63 72 65 74 00 00", VRRP_ACCEPTED,
	  "2 1 100 1 300 message" },
	{ "RFC 9568 5.2.8 IPv6 is summed with the pseudo-header", "fe80::10", "ff02::12", 255,
	  "31 0a 96 01 00 32 3c 12 fe80 0000000000000000000000000001", VRRP_ACCEPTED,
	  "3 10 150 1 50 pseudo" },
	{ "RFC 9568 5.2.8 IPv6 summed alone is wrong", "fe80::10", "ff02::12", 255,
	  "31 0a 96 01 00 32 3a 40 fe80 0000000000000000000000000001", VRRP_BAD_CHECKSUM, "" },
	{ "VRRPv2 takes no HMAC trailer", LAN4,
	  "21 01 64 01 00 03 b8 ea c0 00 02 0f 00 00 00 00 00 00 00 00" TRAILER4, VRRP_BAD_LENGTH,
	  "" },
};

static void assert_meaning(const struct decode_row *row, const struct vrrp_advert *advert)
{
	char got[100];

	if (!*row->meaning)
		return;
	snprintf(got, sizeof(got), "%u %u %u %u %u %s%s", advert->version, advert->vrid,
		 advert->priority, advert->count, advert->interval_cs,
		 advert->checksum == VRRP_CHECKSUM_PSEUDO ? "pseudo" : "message",
		 advert->trailer ? " trailer" : "");
	if (strcmp(got, row->meaning) != 0)
		fail_msg("%s\n  must mean: %s\n  but means: %s", row->rule, row->meaning, got);
}

static void test_decode(void **state)
{
	const struct decode_row *row = *state;
	struct vrrp_advert advert;
	uint8_t data[OCTETS_MAX];
	struct block block;

	block = block_make(row->src, row->dst, row->ttl, data, octets(row->hex, data));
	assert_verdict(row->rule, row->verdict, vrrp_packet_decode(&block.dgram, &advert));
	if (block.dgram.size >= 2) {
		assert_int_equal(advert.version, block.dgram.data[0] >> 4);
		assert_int_equal(advert.vrid, block.dgram.data[1]);
	}
	assert_meaning(row, &advert);
	free(block.memory);
}

/* No prefix of a valid message is a message, and none is read past its end. */
static void test_truncated_everywhere(void **state)
{
	static const char *const whole[][3] = {
		{ "10.1.1.1", "10.1.1.2", KEEPALIVED },
		{ "198.51.100.10", "10.1.1.2", DRAFT4 TRAILER4 },
		{ "fe80::10", "fe80::20", DRAFT6 TRAILER6 },
		{ "10.1.1.1", "10.1.1.2",
		  "21 01 64 01 00 03 b8 ea c0 00 02 0f 00 00 00 00 00 00 00 00" },
	};
	struct vrrp_advert advert;
	uint8_t data[OCTETS_MAX];
	size_t i, cut, size;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(whole); i++) {
		size = octets(whole[i][2], data);
		for (cut = 0; cut < size; cut++) {
			struct block block = block_make(whole[i][0], whole[i][1], 255, data, cut);
			enum vrrp_verdict verdict = vrrp_packet_decode(&block.dgram, &advert);

			/* The message in front of a cut-off trailer is whole again. */
			if (i == 1 && cut == 12)
				assert_verdict("message without trailer", VRRP_ACCEPTED, verdict);
			else if (i == 2 && cut == 24)
				assert_verdict("IPv6 sums the trailer", VRRP_BAD_CHECKSUM, verdict);
			else
				assert_verdict("a truncated message", VRRP_BAD_LENGTH, verdict);
			free(block.memory);
		}
	}
}

/* The checks of one virtual router. */

#define VIP4 "10.1.255.1"

static const struct check_row {
	const char *rule;
	const char *src, *dst;
	int ttl;
	const char *advert; /* version priority interval auth-type addresses... */
	const char *expect; /* version uni|multi|both ttl-min interval addresses...; both: upgrade */
	enum vrrp_verdict verdict;
	unsigned int notes;
} check_rows[] = {
	{ "Unicast from a peer", UNI4, "3 150 100 0 " VIP4, "3 uni 0 100 " VIP4, VRRP_ACCEPTED, 0 },
	{ "Unicast from another peer of the list", "10.1.1.7", "10.1.1.2", 64, "3 150 100 0 " VIP4,
	  "3 uni 0 100 " VIP4, VRRP_ACCEPTED, 0 },
	{ "Unicast from a stranger", "10.1.1.3", "10.1.1.2", 64, "3 150 100 0 " VIP4,
	  "3 uni 0 100 " VIP4, VRRP_BAD_PEER, 0 },
	{ "Unicast IPv6 from a peer; link-local addresses are a LAN's rule", "2001:db8::7",
	  "2001:db8::2", 64, "3 150 100 0 2001:db8:ff::1", "3 uni 0 100 2001:db8:ff::1",
	  VRRP_ACCEPTED, 0 },
	{ "ttl-security: TTL 254 through one router, two hops allowed", "10.1.1.1", "10.1.1.2", 254,
	  "3 150 100 0 " VIP4, "3 uni 254 100 " VIP4, VRRP_ACCEPTED, 0 },
	{ "ttl-security: TTL 253, two hops allowed", "10.1.1.1", "10.1.1.2", 253,
	  "3 150 100 0 " VIP4, "3 uni 254 100 " VIP4, VRRP_BAD_TTL, 0 },
	{ "ttl-security goes before the peer check", "10.1.1.3", "10.1.1.2", 1, "3 150 100 0 " VIP4,
	  "3 uni 255 100 " VIP4, VRRP_BAD_TTL, 0 },
	{ "Multicast with TTL 255", LAN4, "3 150 100 0 " VIP4, "3 multi 0 100 " VIP4, VRRP_ACCEPTED,
	  0 },
	{ "Multicast with TTL 254, whatever ttl-security says", "10.1.1.1", "224.0.0.18", 254,
	  "3 150 100 0 " VIP4, "3 multi 0 100 " VIP4, VRRP_BAD_TTL, 0 },
	{ "RFC 9568 7.1 version 2 where 3 is configured", UNI4, "2 150 100 0 " VIP4,
	  "3 uni 0 100 " VIP4, VRRP_BAD_VERSION, 0 },
	{ "RFC 9568 7.1 version 3 where 2 is configured", UNI4, "3 150 100 0 " VIP4,
	  "2 uni 0 100 " VIP4, VRRP_BAD_VERSION, 0 },
	{ "RFC 9568 erratum 8299 address count 0", UNI4, "3 150 100 0", "3 uni 0 100 " VIP4,
	  VRRP_BAD_COUNT, 0 },
	{ "Address count 0 goes before interval 0", UNI4, "3 150 0 0", "3 uni 0 100 " VIP4,
	  VRRP_BAD_COUNT, 0 },
	{ "RFC 9568 erratum 8301 interval 0", UNI4, "3 150 0 0 " VIP4, "3 uni 0 100 " VIP4,
	  VRRP_BAD_INTERVAL, 0 },
	{ "A strange source goes before whatever it says", "10.1.1.3", "10.1.1.2", 64, "2 150 0 1",
	  "3 uni 0 100 " VIP4, VRRP_BAD_PEER, 0 },
	{ "The wrong delivery mode goes before whatever it says", "10.1.1.1", "224.0.0.18", 255,
	  "2 150 0 1", "3 uni 0 100 " VIP4, VRRP_BAD_MODE, 0 },
	{ "VRRPv3: another interval is noted, not discarded", UNI4, "3 150 50 0 " VIP4,
	  "3 uni 0 100 " VIP4, VRRP_ACCEPTED, VRRP_NOTE_INTERVAL },
	{ "VRRPv3: another address is noted, not discarded", UNI4, "3 150 100 0 10.9.9.9",
	  "3 uni 0 100 " VIP4, VRRP_ACCEPTED, VRRP_NOTE_ADDRESS_LIST },
	{ "VRRPv3: an address more is noted", UNI4, "3 150 100 0 " VIP4 " 10.9.9.9",
	  "3 uni 0 100 " VIP4, VRRP_ACCEPTED, VRRP_NOTE_ADDRESS_LIST },
	{ "VRRPv3: an address less is noted", UNI4, "3 150 100 0 " VIP4,
	  "3 uni 0 100 " VIP4 " 10.9.9.9", VRRP_ACCEPTED, VRRP_NOTE_ADDRESS_LIST },
	{ "VRRPv3: both differences at once", UNI4, "3 150 50 0 10.9.9.9", "3 uni 0 100 " VIP4,
	  VRRP_ACCEPTED, VRRP_NOTE_INTERVAL | VRRP_NOTE_ADDRESS_LIST },
	{ "The order of addresses does not matter", UNI4, "3 150 100 0 10.9.9.9 " VIP4,
	  "3 uni 0 100 " VIP4 " 10.9.9.9", VRRP_ACCEPTED, 0 },
	{ "An address repeated does not stand for another", UNI4, "3 150 100 0 " VIP4 " " VIP4,
	  "3 uni 0 100 " VIP4 " 10.9.9.9", VRRP_ACCEPTED, VRRP_NOTE_ADDRESS_LIST },
	{ "An address repeated here does not stand for another there", UNI4,
	  "3 150 100 0 " VIP4 " 10.9.9.9", "3 uni 0 100 " VIP4 " " VIP4, VRRP_ACCEPTED,
	  VRRP_NOTE_ADDRESS_LIST },
	{ "RFC 3768 7.1 VRRPv2 as configured", LAN4, "2 150 100 0 " VIP4, "2 multi 0 100 " VIP4,
	  VRRP_ACCEPTED, 0 },
	{ "RFC 3768 7.1 VRRPv2: another interval", LAN4, "2 150 200 0 " VIP4, "2 multi 0 100 " VIP4,
	  VRRP_BAD_INTERVAL, 0 },
	{ "RFC 3768 7.1 VRRPv2: authentication type 1", LAN4, "2 150 100 1 " VIP4,
	  "2 multi 0 100 " VIP4, VRRP_BAD_AUTH_TYPE, 0 },
	{ "RFC 3768 5.3.6 VRRPv2: authentication type 2", LAN4, "2 150 100 2 " VIP4,
	  "2 multi 0 100 " VIP4, VRRP_BAD_AUTH_TYPE, 0 },
	{ "RFC 3768 5.3.6 VRRPv2: an authentication type nobody knows", LAN4, "2 150 100 77 " VIP4,
	  "2 multi 0 100 " VIP4, VRRP_BAD_AUTH_TYPE, 0 },
	{ "RFC 3768 7.1 VRRPv2: another address list", LAN4, "2 150 100 0 10.9.9.9",
	  "2 multi 0 100 " VIP4, VRRP_BAD_ADDRESS_LIST, 0 },
	{ "RFC 3768 7.1 VRRPv2: another address list from the owner counts", LAN4,
	  "2 255 100 0 10.9.9.9", "2 multi 0 100 " VIP4, VRRP_ACCEPTED, VRRP_NOTE_ADDRESS_LIST },
	{ "RFC 9568 8.4.2 upgrade: VRRPv3", LAN4, "3 150 100 0 " VIP4, "3 both 0 100 " VIP4,
	  VRRP_ACCEPTED, 0 },
	{ "RFC 9568 8.4.2 upgrade: VRRPv2", LAN4, "2 150 100 0 " VIP4, "3 both 0 100 " VIP4,
	  VRRP_ACCEPTED, 0 },
	{ "RFC 9568 8.4.2 upgrade: VRRPv2 says a fraction of a second as the next second", LAN4,
	  "2 150 100 0 " VIP4, "3 both 0 10 " VIP4, VRRP_ACCEPTED, 0 },
	{ "RFC 9568 8.4.2 upgrade: another interval in VRRPv2 is noted, not discarded", LAN4,
	  "2 150 300 0 " VIP4, "3 both 0 101 " VIP4, VRRP_ACCEPTED, VRRP_NOTE_INTERVAL },
	{ "RFC 9568 8.4.2 upgrade: interval 0 in VRRPv2", LAN4, "2 150 0 0 " VIP4,
	  "3 both 0 100 " VIP4, VRRP_BAD_INTERVAL, 0 },
	{ "RFC 9568 8.4.2 upgrade: VRRPv2 with another address list", LAN4, "2 150 100 0 10.9.9.9",
	  "3 both 0 100 " VIP4, VRRP_BAD_ADDRESS_LIST, 0 },
	{ "RFC 9568 8.4.2 upgrade: VRRPv2 with authentication", LAN4, "2 150 100 1 " VIP4,
	  "3 both 0 100 " VIP4, VRRP_BAD_AUTH_TYPE, 0 },
	{ "RFC 9568 5.2.9 LAN, IPv6: link-local first", "fe80::10", "ff02::12", 255,
	  "3 150 100 0 fe80::1 2001:db8::1", "3 multi 0 100 fe80::1 2001:db8::1", VRRP_ACCEPTED, 0 },
	{ "RFC 9568 5.2.9 LAN, IPv6: something else first", "fe80::10", "ff02::12", 255,
	  "3 150 100 0 2001:db8::1 fe80::1", "3 multi 0 100 fe80::1 2001:db8::1", VRRP_ACCEPTED,
	  VRRP_NOTE_LINK_LOCAL },
	{ "FRR's own vrrpd may have no link-local VIP, and is accepted", "fe80::10", "ff02::12",
	  255, "3 150 100 0 2001:db8::1", "3 multi 0 100 fe80::1 2001:db8::1", VRRP_ACCEPTED,
	  VRRP_NOTE_ADDRESS_LIST | VRRP_NOTE_LINK_LOCAL },
	{ "Multicast for a unicast virtual router, even from its peer", LAN4, "3 150 100 0 " VIP4,
	  "3 uni 0 100 " VIP4, VRRP_BAD_MODE, 0 },
	{ "IPv6 multicast for a unicast virtual router: the mode, not the addresses", "fe80::10",
	  "ff02::12", 255, "3 150 100 0 2001:db8::1", "3 uni 0 100 2001:db8::1", VRRP_BAD_MODE, 0 },
	{ "Unicast for a multicast virtual router", UNI4, "3 150 100 0 " VIP4,
	  "3 multi 0 100 " VIP4, VRRP_BAD_MODE, 0 },
	{ "Unicast of low TTL for a multicast virtual router: the mode, not the TTL", "10.1.1.1",
	  "10.1.1.2", 3, "3 150 100 0 " VIP4, "3 multi 0 100 " VIP4, VRRP_BAD_MODE, 0 },
};

/* Reads "ADDRESS ADDRESS..." into list; returns how many. */
static size_t addresses(const char *text, struct vrrp_addr *list)
{
	char word[64];
	size_t n = 0;
	int used;

	while (sscanf(text, " %63s%n", word, &used) == 1) {
		list[n++] = address(word);
		text += used;
	}
	return n;
}

static uint8_t wire_addresses[VRRP_ADDRESSES_MAX * 16];

static struct vrrp_advert row_advert(const char *text, enum vrrp_family family)
{
	struct vrrp_advert advert = { .vrid = 10, .family = family };
	struct vrrp_addr list[8];
	int used = 0;
	size_t i;

	sscanf(text, "%hhu %hhu %u %hhu%n", &advert.version, &advert.priority, &advert.interval_cs,
	       &advert.auth_type, &used);
	advert.count = addresses(text + used, list);
	advert.addresses = wire_addresses;
	for (i = 0; i < advert.count; i++)
		memcpy(wire_addresses + i * vrrp_addr_size(family), list[i].octets,
		       vrrp_addr_size(family));
	return advert;
}

static void test_check(void **state)
{
	const struct check_row *row = *state;
	struct vrrp_addr peers[] = { address("10.1.1.1"), address("10.1.1.7"),
				     address("2001:db8::7") };
	struct vrrp_datagram dgram = { address(row->src), address(row->dst), row->ttl, NULL, 0 };
	struct vrrp_advert advert = row_advert(row->advert, dgram.src.family);
	struct vrrp_addr vips[8];
	struct vrrp_expect expect = { .peers = peers, .n_peers = ARRAY_SIZE(peers), .vips = vips };
	unsigned int notes = 99;
	char mode[8];
	int used = 0;

	sscanf(row->expect, "%hhu %7s %hhu %u%n", &expect.version, mode, &expect.ttl_min,
	       &expect.interval_cs, &used);
	expect.unicast = !strcmp(mode, "uni");
	expect.version_2_too = !strcmp(mode, "both");
	expect.n_vips = addresses(row->expect + used, vips);
	assert_verdict(row->rule, row->verdict, vrrp_packet_check(&dgram, &advert, &expect, &notes));
	if (row->verdict == VRRP_ACCEPTED && notes != row->notes)
		fail_msg("%s: the notes must be %u, are %u", row->rule, row->notes, notes);
}

/* Encoding. */

static void test_interval_v2(void **state)
{
	static const uint32_t rounded[][2] = { { 1, 100 },    { 99, 100 },  { 100, 100 },
					       { 101, 200 },  { 200, 200 }, { 1050, 1100 },
					       { 4095, 4100 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rounded); i++)
		assert_int_equal(vrrp_interval_v2(rounded[i][0]), rounded[i][1]);
}

static void test_encode_is_keepalived(void **state)
{
	struct vrrp_addr src = address("10.1.1.1"), dst = address("10.1.1.2");
	struct vrrp_advert advert = row_advert("3 150 50 0 " VIP4, VRRP_IPV4);
	uint8_t want[OCTETS_MAX], got[OCTETS_MAX];
	size_t size = octets(KEEPALIVED, want);

	(void)state;
	advert.checksum = VRRP_CHECKSUM_PSEUDO;
	assert_int_equal(vrrp_packet_encode(&advert, &src, &dst, got, sizeof(got)), size);
	assert_memory_equal(got, want, size);
	advert.checksum = VRRP_CHECKSUM_MESSAGE;
	assert_int_equal(vrrp_packet_encode(&advert, &src, &dst, got, sizeof(got)), size);
	assert_int_equal(got[6] << 8 | got[7], 0x2fbf);
}

static void test_encode_v2_has_no_pseudo_header(void **state)
{
	struct vrrp_addr src = address("10.1.1.1"), dst = address("224.0.0.18");
	struct vrrp_advert advert = row_advert("2 100 300 0 192.0.2.15", VRRP_IPV4);
	uint8_t want[OCTETS_MAX], got[OCTETS_MAX];
	size_t size = octets("21 0a 64 01 00 03 b8 e1 c0 00 02 0f 00 00 00 00 00 00 00 00", want);

	(void)state;
	advert.checksum = VRRP_CHECKSUM_PSEUDO;
	assert_int_equal(vrrp_packet_encode(&advert, &src, &dst, got, sizeof(got)), size);
	assert_memory_equal(got, want, size);
}

static const struct refused_row {
	const char *rule;
	const char *advert;
	const char *src, *dst;
	int vrid;
	size_t room;
} refused_rows[] = {
	{ "Encode: VRID 0", "3 100 100 0 " VIP4, "10.1.1.1", "10.1.1.2", 0, 100 },
	{ "Encode: no address", "3 100 100 0", "10.1.1.1", "10.1.1.2", 10, 100 },
	{ "Encode: interval 0", "3 100 0 0 " VIP4, "10.1.1.1", "10.1.1.2", 10, 100 },
	{ "Encode: interval of 13 bits", "3 100 4096 0 " VIP4, "10.1.1.1", "10.1.1.2", 10, 100 },
	{ "Encode: VRRPv2, 1.5 seconds", "2 100 150 0 " VIP4, "10.1.1.1", "10.1.1.2", 10, 100 },
	{ "Encode: VRRPv2, 256 seconds", "2 100 25600 0 " VIP4, "10.1.1.1", "10.1.1.2", 10, 100 },
	{ "Encode: VRRPv2 with authentication", "2 100 100 1 " VIP4, "10.1.1.1", "10.1.1.2", 10,
	  100 },
	{ "Encode: VRRPv2 over IPv6", "2 100 100 0 fe80::1", "fe80::10", "fe80::20", 10, 100 },
	{ "Encode: version 4", "4 100 100 0 " VIP4, "10.1.1.1", "10.1.1.2", 10, 100 },
	{ "Encode: destination of the other family", "3 100 100 0 " VIP4, "10.1.1.1", "fe80::20",
	  10, 100 },
	{ "Encode: one octet short of room", "3 100 100 0 " VIP4, "10.1.1.1", "10.1.1.2", 10, 11 },
};

static void test_encode_refuses(void **state)
{
	const struct refused_row *row = *state;
	struct vrrp_addr src = address(row->src), dst = address(row->dst);
	struct vrrp_advert advert = row_advert(row->advert, src.family);
	uint8_t untouched[100], buf[100];

	memset(untouched, 0x5a, sizeof(untouched));
	memcpy(buf, untouched, sizeof(buf));
	advert.vrid = row->vrid;
	if (vrrp_packet_encode(&advert, &src, &dst, buf, row->room) != 0)
		fail_msg("%s has no right form on the wire and must be refused", row->rule);
	assert_memory_equal(buf, untouched, sizeof(buf));
}

/* Random adverts there and back; every one also for a second destination. */

static uint32_t random_state = 9568;

static uint32_t rnd(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

static void random_octets(uint8_t *buf, size_t size)
{
	while (size--)
		*buf++ = rnd(256);
}

static struct vrrp_addr random_address(enum vrrp_family family)
{
	uint8_t buf[16];

	random_octets(buf, sizeof(buf));
	buf[0] = 10; /* not multicast */
	return vrrp_addr_make(family, buf);
}

static struct vrrp_advert random_advert(void)
{
	struct vrrp_advert advert = {
		.family = rnd(2) ? VRRP_IPV4 : VRRP_IPV6,
		.vrid = 1 + rnd(255),
		.priority = rnd(256),
		.count = 1 + rnd(255),
		.checksum = VRRP_CHECKSUM_PSEUDO,
		.interval_cs = 1 + rnd(4095),
		.addresses = wire_addresses,
	};

	advert.version = advert.family == VRRP_IPV4 && rnd(3) == 0 ? 2 : 3;
	if (advert.version == 2)
		advert.interval_cs = 100 * (1 + rnd(255));
	if (advert.family == VRRP_IPV4 && (advert.version == 2 || rnd(2)))
		advert.checksum = VRRP_CHECKSUM_MESSAGE;
	random_octets(wire_addresses, sizeof(wire_addresses));
	return advert;
}

static void assert_same_advert(const struct vrrp_advert *sent, const struct vrrp_advert *got)
{
	assert_int_equal(got->family, sent->family);
	assert_int_equal(got->version, sent->version);
	assert_int_equal(got->vrid, sent->vrid);
	assert_int_equal(got->priority, sent->priority);
	assert_int_equal(got->count, sent->count);
	assert_int_equal(got->interval_cs, sent->interval_cs);
	assert_int_equal(got->checksum, sent->checksum);
	assert_int_equal(got->auth_type, 0);
	assert_false(got->trailer);
	assert_memory_equal(got->addresses, sent->addresses,
			    sent->count * vrrp_addr_size(sent->family));
}

static void test_round_trip(void **state)
{
	uint8_t buf[VRRP_PACKET_MAX];
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct vrrp_advert sent = random_advert(), got;
		struct vrrp_datagram dgram = { .src = random_address(sent.family),
					       .dst = random_address(sent.family),
					       .ttl = 64,
					       .data = buf };

		dgram.size = vrrp_packet_encode(&sent, &dgram.src, &dgram.dst, buf, sizeof(buf));
		assert_true(dgram.size > VRRP_HEADER_SIZE);
		assert_verdict("round trip", VRRP_ACCEPTED, vrrp_packet_decode(&dgram, &got));
		assert_same_advert(&sent, &got);

		dgram.dst = random_address(sent.family);
		vrrp_packet_readdress(buf, dgram.size, sent.family, sent.checksum, &dgram.src,
				      &dgram.dst);
		assert_verdict("another destination", VRRP_ACCEPTED,
			       vrrp_packet_decode(&dgram, &got));
		assert_same_advert(&sent, &got);
	}
}

static void test_readdress_with_trailer(void **state)
{
	static const char *const vectors[][3] = {
		{ "198.51.100.10", "224.0.0.18", DRAFT4 TRAILER4 },
		{ "fe80::10", "fe80::20", DRAFT6 TRAILER6 },
	};
	uint8_t want[OCTETS_MAX], got[OCTETS_MAX];
	size_t i, size;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct vrrp_addr src = address(vectors[i][0]), dst = address(vectors[i][1]);

		size = octets(vectors[i][2], want);
		memcpy(got, want, size);
		got[6] = got[7] = 0xee;
		vrrp_packet_readdress(got, size, src.family, VRRP_CHECKSUM_MESSAGE, &src, &dst);
		assert_memory_equal(got, want, size);
		got[6] = 0xee;
		vrrp_packet_readdress(got, 7, src.family, VRRP_CHECKSUM_MESSAGE, &src, &dst);
		assert_int_equal(got[6], 0xee);
	}
}

/* Every input gives a verdict, and no octet beyond its end is read. */

static void feed(const uint8_t *data, size_t size)
{
	static const char *const ends[][2] = {
		{ "10.1.1.1", "10.1.1.2" },
		{ "10.1.1.1", "224.0.0.18" },
		{ "fe80::10", "ff02::12" },
	};
	struct vrrp_addr nothing[1] = { address("10.1.1.1") };
	struct vrrp_expect expect = { .version = 3,
				      .unicast = true,
				      .interval_cs = 100,
				      .peers = nothing,
				      .n_peers = 1,
				      .vips = nothing,
				      .n_vips = 1 };
	unsigned int way = rnd(ARRAY_SIZE(ends)), notes;
	struct block block = block_make(ends[way][0], ends[way][1], 255, data, size);
	struct vrrp_advert advert;
	enum vrrp_verdict verdict = vrrp_packet_decode(&block.dgram, &advert);

	assert_true((unsigned int)verdict < VRRP_VERDICTS);
	if (verdict == VRRP_ACCEPTED) {
		verdict = vrrp_packet_check(&block.dgram, &advert, &expect, &notes);
		assert_true((unsigned int)verdict < VRRP_VERDICTS);
	}
	free(block.memory);
}

static void test_random_octets(void **state)
{
	uint8_t data[200];
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		size_t size = rnd(sizeof(data));

		random_octets(data, size);
		if (size > 4 && rnd(4)) {
			data[0] = rnd(2) ? 0x31 : 0x21;
			data[3] = rnd(4) ? (size - 8) / 4 : rnd(256);
		}
		feed(data, size);
	}
}

static void test_good_messages_with_one_octet_changed(void **state)
{
	static const char *const whole[] = { KEEPALIVED, DRAFT4 TRAILER4, DRAFT6 TRAILER6 };
	uint8_t data[OCTETS_MAX];
	size_t i, at, size;
	unsigned int value;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(whole); i++) {
		size = octets(whole[i], data);
		for (at = 0; at < size; at++) {
			uint8_t was = data[at];

			for (value = 0; value < 256; value++) {
				data[at] = value;
				feed(data, size);
			}
			data[at] = was;
		}
	}
}

/* The verdict table. */

static void camel_case(const char *yang, char *json)
{
	for (; *yang; yang++) {
		if (*yang == '-' && yang[1])
			*json++ = *++yang - 'a' + 'A';
		else
			*json++ = *yang;
	}
	*json = '\0';
}

static void test_verdict_table(void **state)
{
	static const char *const leaves[VRRP_VERDICTS] = {
		[VRRP_ACCEPTED] = "advertisement-rcvd",
		[VRRP_BAD_TTL] = "ip-ttl-errors",
		[VRRP_BAD_VERSION] = "version-errors",
		[VRRP_BAD_TYPE] = "invalid-type-pkts-rcvd",
		[VRRP_BAD_LENGTH] = "packet-length-errors",
		[VRRP_BAD_CHECKSUM] = "checksum-errors",
		[VRRP_BAD_VRID] = "vrid-errors",
		[VRRP_BAD_COUNT] = "address-count-errors",
		[VRRP_BAD_INTERVAL] = "interval-errors",
		[VRRP_BAD_AUTH_TYPE] = "auth-type-errors",
		[VRRP_BAD_ADDRESS_LIST] = "address-list-errors",
		[VRRP_BAD_MODE] = "mode-mismatch-errors",
		[VRRP_BAD_PEER] = "peer-source-errors",
		[VRRP_BAD_AUTH_MISSING] = "auth-missing-errors",
		[VRRP_BAD_AUTH_KEY] = "auth-key-errors",
		[VRRP_BAD_AUTH_KEY_UNUSABLE] = "auth-key-unusable-errors",
		[VRRP_BAD_AUTH_EXPIRED] = "auth-key-expired-errors",
		[VRRP_BAD_AUTH_CLOCK] = "auth-clock-errors",
		[VRRP_BAD_AUTH_REPLAY] = "auth-replay-errors",
		[VRRP_BAD_AUTH_DIGEST] = "auth-digest-errors",
	};
	unsigned int i, j;
	char json[100];

	(void)state;
	for (i = 0; i < VRRP_VERDICTS; i++) {
		const struct vrrp_verdict_info *info = &vrrp_verdicts[i];

		if (!info->yang || !info->json || !info->text || !*info->text ||
		    !info->identity != (i == VRRP_ACCEPTED))
			fail_msg("verdict %u has no complete row in the table", i);
		assert_non_null(leaves[i]);
		assert_string_equal(info->yang, leaves[i]);
		camel_case(info->yang, json);
		assert_string_equal(info->json, json);
		for (j = 0; j < i; j++) {
			assert_string_not_equal(info->yang, vrrp_verdicts[j].yang);
			assert_string_not_equal(info->text, vrrp_verdicts[j].text);
			if (info->identity && vrrp_verdicts[j].identity)
				assert_string_not_equal(info->identity, vrrp_verdicts[j].identity);
		}
	}
}

static const struct CMUnitTest single_tests[] = {
	cmocka_unit_test(test_truncated_everywhere),
	cmocka_unit_test(test_interval_v2),
	cmocka_unit_test(test_encode_is_keepalived),
	cmocka_unit_test(test_encode_v2_has_no_pseudo_header),
	cmocka_unit_test(test_round_trip),
	cmocka_unit_test(test_readdress_with_trailer),
	cmocka_unit_test(test_random_octets),
	cmocka_unit_test(test_good_messages_with_one_octet_changed),
	cmocka_unit_test(test_verdict_table),
};

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(decode_rows); i++)
		add_test(decode_rows[i].rule, test_decode, &decode_rows[i]);
	for (i = 0; i < ARRAY_SIZE(check_rows); i++)
		add_test(check_rows[i].rule, test_check, &check_rows[i]);
	for (i = 0; i < ARRAY_SIZE(refused_rows); i++)
		add_test(refused_rows[i].rule, test_encode_refuses, &refused_rows[i]);
	for (i = 0; i < ARRAY_SIZE(single_tests); i++)
		add_test(single_tests[i].name, single_tests[i].test_func, NULL);
	return run_added_tests("packet");
}
