// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrrp_pcap [--key ID:HEX]… FILE…: decodes a capture with the product's own codec.
 *
 * One line of JSON for each packet of IP protocol 112, in the order of the capture. The link layer
 * and the IP header are taken off here; what comes after them goes to vrrp_packet_decode() and
 * vrrp_packet_check() as it would in the daemon, with a virtual router that expects just this
 * packet: its version, its interval, its addresses, its source. So the verdict is about the packet
 * itself, never about a configuration.
 *
 * - A packet that the capture holds only in part ("snaplen") is a length error,
 *   whatever its octets look like.
 * - The first fragment of an IP packet is shown, and is a length error too; later
 *   fragments hold no VRRP header and are passed over.
 * - A wrong packet is shown with the fields of its header nevertheless: the codec decodes a copy
 *   with repaired octets behind the header. Unknown fields are null.
 * - "checksum" is also "bad" when a length error leaves nothing to sum up.
 *
 * With keys, in hex octets, packets that nothing else is wrong with are judged as in mode enforce:
 * by the time at which each was captured, with the window that follows from its interval. A replay
 * is known within a file, of the same source, destination and VRID; so a packet that was captured
 * on two links is one.
 *
 * Exit status: 0; 2 when an argument is refused, and when a file could not be read to its end: the
 * others are read nevertheless.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <net/ethernet.h>
#include <pcap/pcap.h>
#include <pcap/sll.h>

#include "lib/darr.h"

#include "vrrp_auth.h"
#include "vrrp_hmac.h"
#include "vrrp_packet.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define ETHERTYPE_QINQ	    0x88a8
#define ETHERTYPE_QINQ_OLD  0x9100
#define VLAN_TAG_SIZE	    4
#define NULL_HEADER_SIZE    4
#define IPV6_HEADER_SIZE    40
#define IPV6_EXTENSION_SIZE 8
#define IPV4_OFFSET_MASK    0x1fff
#define IPV4_MORE_FRAGMENTS 0x2000
#define IPV6_OFFSET_MASK    0xfff8
#define IPV6_MORE_FRAGMENTS 0x0001
#define AT_TYPE		    0
#define AT_COUNT	    3
#define TYPE_ADVERTISEMENT  1
#define EXIT_IN_PART	    2

/* Octets of a frame that have not been parsed yet. */
struct span {
	const uint8_t *data;
	size_t size;
};

/* A VRRP packet out of a frame. */
struct packet {
	struct vrrp_datagram dgram;
	uint64_t utc_usec; /* when it was captured */
	bool cut;	   /* only its beginning is there */
};

/* The keys to judge with, by no order; the first n are there. */
static struct {
	struct vrrp_auth_key keys[VRRP_AUTH_KEY_ID_MAX];
	struct vrrp_hmac_key material[VRRP_AUTH_KEY_ID_MAX];
	size_t n;
} chain;

/* What a receiver remembers of a sender. */
struct sender {
	struct vrrp_addr src, dst;
	uint8_t vrid;
	struct vrrp_auth_mark mark;
};

static struct sender *senders; /* darr; of the file that is being read */

/* The output for it. */
struct report {
	const char *file;
	unsigned long frame;
	const struct vrrp_datagram *dgram;
	struct vrrp_advert advert;
	bool header_known; /* advert has priority, count and interval */
	enum vrrp_verdict verdict;
	const char *checksum;
};

static unsigned int get16(const uint8_t *at)
{
	return (unsigned int)at[0] << 8 | at[1];
}

/* Takes octets off the front; false when there are not as many. */
static bool skip(struct span *s, size_t octets)
{
	if (s->size < octets)
		return false;
	s->data += octets;
	s->size -= octets;
	return true;
}

/* Link layers: each takes its header off and returns the ethertype, or 0. */

static bool is_vlan(unsigned int ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ ||
	       ethertype == ETHERTYPE_QINQ_OLD;
}

static unsigned int strip_vlans(struct span *s, unsigned int ethertype)
{
	while (is_vlan(ethertype)) {
		if (!skip(s, VLAN_TAG_SIZE))
			return 0;
		ethertype = get16(s->data - 2);
	}
	return ethertype;
}

static unsigned int strip_ethernet(struct span *s)
{
	return skip(s, ETHER_HDR_LEN) ? strip_vlans(s, get16(s->data - 2)) : 0;
}

static unsigned int strip_sll(struct span *s)
{
	return skip(s, SLL_HDR_LEN) ? strip_vlans(s, get16(s->data - 2)) : 0;
}

static unsigned int strip_sll2(struct span *s)
{
	return skip(s, SLL2_HDR_LEN) ? strip_vlans(s, get16(s->data - SLL2_HDR_LEN)) : 0;
}

static unsigned int strip_nothing(struct span *s)
{
	if (s->size == 0)
		return 0;
	if (s->data[0] >> 4 == 4)
		return ETHERTYPE_IP;
	return s->data[0] >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/*
 * BSD's loopback: an address family in some byte order. The next header shows the family as well.
 */
static unsigned int strip_null(struct span *s)
{
	return skip(s, NULL_HEADER_SIZE) ? strip_nothing(s) : 0;
}

typedef unsigned int (*strip_function)(struct span *s);

static strip_function find_link(int type)
{
	static const struct {
		int type;
		strip_function strip;
	} links[] = {
		{ DLT_EN10MB, strip_ethernet }, { DLT_LINUX_SLL, strip_sll },
		{ DLT_LINUX_SLL2, strip_sll2 }, { DLT_RAW, strip_nothing },
		{ DLT_IPV4, strip_nothing },	{ DLT_IPV6, strip_nothing },
		{ DLT_NULL, strip_null },	{ DLT_LOOP, strip_null },
	};

	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (links[i].type == type)
			return links[i].strip;
	return NULL;
}

/* IP: false when the packet is not VRRP, or cannot be recognised as VRRP. */

/* Skips the captured part of a header or payload. */
static void skip_what_is_there(struct span *s, size_t octets)
{
	skip(s, octets < s->size ? octets : s->size);
}

/* Sets the payload of an IP packet; the IP header has its length. */
static void set_payload(struct packet *packet, const struct span *s, size_t octets)
{
	packet->dgram.data = s->data;
	packet->dgram.size = octets < s->size ? octets : s->size;
	packet->cut = packet->cut || s->size < octets;
}

static bool read_ipv4(struct span s, struct packet *packet)
{
	const uint8_t *ip = s.data;
	size_t header, total;

	if (s.size < 20 || ip[0] >> 4 != 4 || ip[9] != VRRP_PROTOCOL)
		return false;
	if (get16(ip + 6) & IPV4_OFFSET_MASK)
		return false;
	header = (ip[0] & 0x0f) * 4U;
	total = get16(ip + 2);
	if (header < 20)
		return false;
	packet->dgram.src = vrrp_addr_make(VRRP_IPV4, ip + 12);
	packet->dgram.dst = vrrp_addr_make(VRRP_IPV4, ip + 16);
	packet->dgram.ttl = ip[8];
	packet->cut = get16(ip + 6) & IPV4_MORE_FRAGMENTS;
	skip_what_is_there(&s, header);
	set_payload(packet, &s, total > header ? total - header : 0);
	return true;
}

static bool is_extension(uint8_t header)
{
	return header == IPPROTO_HOPOPTS || header == IPPROTO_ROUTING ||
	       header == IPPROTO_FRAGMENT || header == IPPROTO_DSTOPTS || header == IPPROTO_AH ||
	       header == IPPROTO_MH;
}

static size_t extension_size(uint8_t header, const uint8_t *data)
{
	if (header == IPPROTO_FRAGMENT)
		return IPV6_EXTENSION_SIZE;
	if (header == IPPROTO_AH)
		return (data[1] + 2U) * 4;
	return (data[1] + 1U) * 8;
}

static bool is_later_fragment(uint8_t header, const uint8_t *data)
{
	return header == IPPROTO_FRAGMENT && get16(data + 2) & IPV6_OFFSET_MASK;
}

static bool is_first_of_many(uint8_t header, const uint8_t *data)
{
	return header == IPPROTO_FRAGMENT && get16(data + 2) & IPV6_MORE_FRAGMENTS;
}

/* Takes extension headers off; *left is the remaining length according to the IPv6 header. */
static bool skip_extensions(struct span *s, uint8_t header, size_t *left, bool *cut)
{
	size_t size;

	while (is_extension(header)) {
		if (s->size < IPV6_EXTENSION_SIZE || is_later_fragment(header, s->data))
			return false;
		*cut = *cut || is_first_of_many(header, s->data);
		size = extension_size(header, s->data);
		header = s->data[0];
		skip_what_is_there(s, size);
		*left -= size < *left ? size : *left;
	}
	return header == VRRP_PROTOCOL;
}

static bool read_ipv6(struct span s, struct packet *packet)
{
	const uint8_t *ip = s.data;
	size_t left;

	if (s.size < IPV6_HEADER_SIZE || ip[0] >> 4 != 6)
		return false;
	packet->dgram.src = vrrp_addr_make(VRRP_IPV6, ip + 8);
	packet->dgram.dst = vrrp_addr_make(VRRP_IPV6, ip + 24);
	packet->dgram.ttl = ip[7];
	left = get16(ip + 4);
	skip(&s, IPV6_HEADER_SIZE);
	if (!skip_extensions(&s, ip[6], &left, &packet->cut))
		return false;
	set_payload(packet, &s, left);
	return true;
}

static bool read_frame(strip_function strip, struct span s, struct packet *packet)
{
	unsigned int ethertype = strip(&s);

	if (ethertype == ETHERTYPE_IP)
		return read_ipv4(s, packet);
	return ethertype == ETHERTYPE_IPV6 && read_ipv6(s, packet);
}

/* Judging. */

/* Checks the packet alone, with a virtual router that expects just this packet. */
static enum vrrp_verdict check_alone(const struct vrrp_datagram *dgram,
				     const struct vrrp_advert *advert)
{
	struct vrrp_addr vips[VRRP_ADDRESSES_MAX];
	struct vrrp_expect expect = {
		.version = advert->version,
		.unicast = !vrrp_addr_is_multicast(&dgram->dst),
		.interval_cs = advert->interval_cs,
		.peers = &dgram->src,
		.n_peers = 1,
		.vips = vips,
		.n_vips = advert->count,
	};
	unsigned int notes;

	for (unsigned int i = 0; i < advert->count; i++)
		vips[i] = vrrp_advert_address(advert, i);
	return vrrp_packet_check(dgram, advert, &expect, &notes);
}

static struct sender *find_sender(const struct vrrp_datagram *dgram, uint8_t vrid)
{
	struct sender *sender;

	darr_foreach_p (senders, sender)
		if (sender->vrid == vrid && vrrp_addr_same(&sender->src, &dgram->src) &&
		    vrrp_addr_same(&sender->dst, &dgram->dst))
			return sender;
	return NULL;
}

static vrrp_usec_t window(const struct vrrp_advert *advert)
{
	return MAX(VRRP_AUTH_WINDOW_SEC_MIN * VRRP_USEC_PER_SEC,
		   3 * advert->interval_cs * VRRP_USEC_PER_CS);
}

static enum vrrp_verdict check_signature(const struct packet *packet,
					 const struct vrrp_advert *advert)
{
	const struct vrrp_datagram *dgram = &packet->dgram;
	struct sender *known = find_sender(dgram, advert->vrid);
	struct sender sender = { .src = dgram->src, .dst = dgram->dst, .vrid = advert->vrid };
	const struct vrrp_auth_expect expect = {
		.keys = chain.keys,
		.n_keys = chain.n,
		.hmac = vrrp_hmac,
		.must_sign = true,
		.window = window(advert),
		.now = vrrp_stamp_of(packet->utc_usec),
	};
	enum vrrp_verdict verdict = vrrp_auth_check(dgram, advert, &expect,
						    known ? &known->mark : &sender.mark);

	if (verdict == VRRP_ACCEPTED && !known)
		*darr_append(senders) = sender;
	return verdict;
}

static void judge(const struct packet *packet, struct report *report)
{
	report->verdict = vrrp_packet_decode(&packet->dgram, &report->advert);
	report->header_known = report->verdict == VRRP_ACCEPTED;
	if (report->verdict == VRRP_ACCEPTED)
		report->verdict = check_alone(&packet->dgram, &report->advert);
	if (packet->cut)
		report->verdict = VRRP_BAD_LENGTH;
	if (report->verdict == VRRP_ACCEPTED && chain.n)
		report->verdict = check_signature(packet, &report->advert);
}

/* The checksum by itself: a wrong TTL comes before it. */
static const char *judge_checksum(const struct packet *packet, struct report *report)
{
	struct vrrp_datagram near = packet->dgram;
	struct vrrp_advert advert;
	bool right;

	near.ttl = VRRP_TTL;
	right = vrrp_packet_decode(&near, &advert) == VRRP_ACCEPTED;
	report->advert.trailer = advert.trailer && !packet->cut;
	if (!right || packet->cut)
		return "bad";
	return advert.checksum == VRRP_CHECKSUM_PSEUDO ? "pseudo" : "message";
}

/* Reads the header of a wrong packet: the rest of a copy is made to fit it. */
static void read_header(const struct vrrp_datagram *wrong, struct report *report)
{
	uint8_t copy[VRRP_PACKET_MAX] = {};
	struct vrrp_datagram dgram = *wrong;
	struct vrrp_advert advert;

	if (wrong->size < VRRP_HEADER_SIZE)
		return;
	memcpy(copy, wrong->data, VRRP_HEADER_SIZE);
	copy[AT_TYPE] = (copy[AT_TYPE] & 0xf0) | TYPE_ADVERTISEMENT;
	dgram.data = copy;
	dgram.ttl = VRRP_TTL;
	dgram.size = VRRP_HEADER_SIZE + copy[AT_COUNT] * vrrp_addr_size(wrong->src.family);
	if (copy[AT_TYPE] >> 4 == 2)
		dgram.size += VRRP_V2_AUTH_SIZE;
	vrrp_packet_readdress(copy, dgram.size, wrong->src.family, VRRP_CHECKSUM_PSEUDO,
			      &wrong->src, &wrong->dst);
	if (vrrp_packet_decode(&dgram, &advert) != VRRP_ACCEPTED)
		return;
	report->header_known = true;
	report->advert.priority = advert.priority;
	report->advert.count = advert.count;
	report->advert.interval_cs = advert.interval_cs;
}

/* Telling. */

static void add_address(struct json_object *json, const char *key, const struct vrrp_addr *address)
{
	char text[VRRP_ADDR_STRLEN];

	json_object_object_add(json, key, json_object_new_string(vrrp_addr_str(address, text)));
}

static void add_number(struct json_object *json, const char *key, bool known, unsigned long number)
{
	json_object_object_add(json, key, known ? json_object_new_int64(number) : NULL);
}

static void print_report(const struct report *report)
{
	const struct vrrp_advert *advert = &report->advert;
	const struct vrrp_datagram *dgram = report->dgram;
	struct json_object *json = json_object_new_object();
	bool accepted = report->verdict == VRRP_ACCEPTED;
	const char *verdict = accepted ? "accepted" : vrrp_verdicts[report->verdict].json;

	json_object_object_add(json, "file", json_object_new_string(report->file));
	add_number(json, "frame", true, report->frame);
	add_number(json, "family", true, dgram->src.family);
	add_address(json, "src", &dgram->src);
	add_address(json, "dst", &dgram->dst);
	add_number(json, "ttl", true, dgram->ttl);
	add_number(json, "version", dgram->size > 0, advert->version);
	add_number(json, "vrid", dgram->size > 1, advert->vrid);
	add_number(json, "priority", report->header_known, advert->priority);
	add_number(json, "count", report->header_known, advert->count);
	add_number(json, "interval_cs", report->header_known, advert->interval_cs);
	json_object_object_add(json, "verdict", json_object_new_string(verdict));
	json_object_object_add(json, "checksum", json_object_new_string(report->checksum));
	json_object_object_add(json, "trailer", json_object_new_boolean(advert->trailer));
	add_number(json, "key", advert->trailer, advert->trailer ? vrrp_auth_key_id(dgram) : 0);
	puts(json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
							  JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(json);
}

static void report_packet(const char *file, unsigned long frame, const struct packet *packet)
{
	struct report report = { .file = file, .frame = frame, .dgram = &packet->dgram };

	judge(packet, &report);
	report.checksum = judge_checksum(packet, &report);
	if (!report.header_known)
		read_header(&packet->dgram, &report);
	print_report(&report);
}

/* Files. */

static bool complain(const char *file, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "vrrp_pcap: %s: %s\n", file, why);
	return false;
}

static bool read_frames(const char *file, pcap_t *pcap, strip_function strip)
{
	struct pcap_pkthdr *header;
	const u_char *data;
	unsigned long frame;
	int got;

	for (frame = 1; (got = pcap_next_ex(pcap, &header, &data)) == 1; frame++) {
		struct packet packet = { .utc_usec = header->ts.tv_sec * VRRP_USEC_PER_SEC +
						     header->ts.tv_usec };

		if (read_frame(strip, (struct span){ data, header->caplen }, &packet))
			report_packet(file, frame, &packet);
	}
	return got == PCAP_ERROR_BREAK || complain(file, pcap_geterr(pcap));
}

static bool read_capture(const char *file, pcap_t *pcap)
{
	int type = pcap_datalink(pcap);
	strip_function strip = find_link(type);
	const char *name = pcap_datalink_val_to_name(type);
	char why[128];

	if (strip)
		return read_frames(file, pcap, strip);
	snprintf(why, sizeof(why), "its link type, %s (%d), is not read here",
		 name ? name : "which has no name", type);
	return complain(file, why);
}

static bool read_file(const char *file)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = fopen(file, "rb");
	pcap_t *pcap;
	bool good;

	if (!stream)
		return complain(file, strerror(errno));
	pcap = pcap_fopen_offline(stream, why);
	if (!pcap) {
		fclose(stream);
		return complain(file, why);
	}
	good = read_capture(file, pcap);
	pcap_close(pcap); /* and the stream */
	darr_free(senders);
	return good;
}

/* Arguments. */

static bool refuse(const char *key, size_t length, const char *why)
{
	fprintf(stderr, "vrrp_pcap: --key %.*s: %s\n", (int)length, key, why);
	return false;
}

/* What is wrong with the octets of a key; NULL: nothing. */
static const char *fault_of(const char *hex)
{
	size_t digits = strlen(hex);

	if (strspn(hex, "0123456789abcdefABCDEF") < digits)
		return "its octets are written in hex digits alone";
	if (digits % 2)
		return "an octet is two hex digits, and their number is odd";
	if (digits < 2 * VRRP_AUTH_KEY_SIZE_MIN || digits > 2 * VRRP_AUTH_KEY_SIZE_MAX)
		return "a key has 32 to 64 octets";
	return NULL;
}

static void add_key(uint8_t id, const char *hex)
{
	struct vrrp_hmac_key *material = &chain.material[chain.n];
	uint8_t octets[VRRP_AUTH_KEY_SIZE_MAX];
	size_t size = strlen(hex) / 2;

	for (size_t i = 0; i < size; i++)
		sscanf(hex + 2 * i, "%2hhx", &octets[i]);
	vrrp_hmac_set_key(material, octets, size);
	chain.keys[chain.n++] = (struct vrrp_auth_key){
		.id = id, .is_usable = true, .may_accept = true, .material = material
	};
}

/* ID:HEX; false, with a sentence that does not have the secret, when it is none. */
static bool take_key(const char *text)
{
	size_t length = strspn(text, "0123456789");
	unsigned long id = strtoul(text, NULL, 10);
	const char *hex = text + length + 1, *fault;

	if (!length || text[length] != ':')
		return refuse("", 0, "ID:HEX is expected, such as 1:000102...");
	if (length > 3 || id < 1 || id > VRRP_AUTH_KEY_ID_MAX)
		return refuse(text, length, "the ID of a key is 1 to 255");
	for (size_t i = 0; i < chain.n; i++)
		if (chain.keys[i].id == id)
			return refuse(text, length, "there are two keys of this ID");
	fault = fault_of(hex);
	if (fault)
		return refuse(text, length, fault);
	add_key(id, hex);
	return true;
}

static bool complain_of_usage(void)
{
	fputs("usage: vrrp_pcap [--key ID:HEX]... FILE...\n"
	      "One line of JSON for each VRRP packet of the captures.\n",
	      stderr);
	return false;
}

static bool take_options(int argc, char **argv)
{
	static const struct option options[] = { { "key", required_argument, NULL, 'k' }, {} };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'k')
			return complain_of_usage();
		if (!take_key(optarg))
			return false;
	}
	if (optind < argc)
		return true;
	fputs("vrrp_pcap: no file is named\n", stderr);
	return complain_of_usage();
}

int main(int argc, char **argv)
{
	bool good = true;

	if (!take_options(argc, argv))
		return EXIT_IN_PART;
	for (int i = optind; i < argc; i++)
		good = read_file(argv[i]) && good;
	if (fflush(stdout) || ferror(stdout))
		good = complain("standard output", strerror(errno));
	return good ? EXIT_SUCCESS : EXIT_IN_PART;
}
