/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VRRP advertisements as octets: RFC 9568 section 5.2, RFC 3768 section 5.3.
 *
 * Pure functions over caller's memory: nothing is allocated, kept or logged.
 * Receiving is two steps, because the checks after the checksum need the
 * virtual router that the VRID names: vrrp_packet_decode() reads the octets,
 * vrrp_packet_check() decides whether this virtual router may act on them.
 */
#ifndef VRRP_PACKET_H
#define VRRP_PACKET_H

#include "vrrp_addr.h"
#include "vrrp_verdict.h"

/* MTU of every link that carries IPv6 (RFC 8200 section 5); no longer packet is sent. */
#define VRRP_MTU 1280

#define VRRP_PROTOCOL	      112
#define VRRP_TTL	      255
#define VRRP_PRIORITY_OWNER   255
#define VRRP_PRIORITY_LEAST   1 /* of a router that takes part */
#define VRRP_PRIORITY_RELEASE 0
#define VRRP_INTERVAL_CS_MAX  4095
#define VRRP_HEADER_SIZE      8
#define VRRP_V2_AUTH_SIZE     8
#define VRRP_TRAILER_SIZE     28
#define VRRP_ADDRESSES_MAX    255
/* The longest message: 255 IPv6 addresses. */
#define VRRP_PACKET_MAX (VRRP_HEADER_SIZE + VRRP_ADDRESSES_MAX * 16 + VRRP_TRAILER_SIZE)

/* How the checksum of a VRRPv3 message over IPv4 was, or is to be, computed. */
enum vrrp_checksum {
	VRRP_CHECKSUM_MESSAGE, /* the message alone: RFC 9568 */
	VRRP_CHECKSUM_PSEUDO,  /* with a pseudo-header: keepalived, FRR */
};

/* A datagram as received: addresses and TTL from the IP layer, octets after it. */
struct vrrp_datagram {
	struct vrrp_addr src;
	struct vrrp_addr dst; /* the actual destination, unicast or the group */
	int ttl;	      /* TTL or hop limit as received */
	const uint8_t *data;  /* from the VRRP version octet on */
	size_t size;
};

/* One advertisement, decoded. */
struct vrrp_advert {
	uint8_t family; /* enum vrrp_family */
	uint8_t version;
	uint8_t vrid;
	uint8_t priority;
	uint8_t count;
	uint8_t auth_type;	     /* VRRPv2 only, else 0 */
	bool trailer;		     /* an HMAC trailer follows the message */
	enum vrrp_checksum checksum; /* which dialect matched (decode) or to send */
	uint32_t interval_cs;	     /* VRRPv2 seconds are turned into centiseconds */
	const uint8_t *addresses;    /* count * vrrp_addr_size() octets; into the
					datagram after decode */
};

/* The advertisements that a virtual router accepts. Pointers are borrowed for the call. */
struct vrrp_expect {
	uint8_t version;
	bool version_2_too; /* an upgrade: RFC 9568 section 8.4.2 */
	bool unicast;
	uint8_t ttl_min;      /* unicast: least TTL accepted, 0 = any; multicast: always 255 */
	uint32_t interval_cs; /* own advertisement interval */
	const struct vrrp_addr *peers; /* unicast: sources accepted */
	size_t n_peers;
	const struct vrrp_addr *vips;
	size_t n_vips;
};

/* Differences that are counted but do not discard a VRRPv3 packet. */
enum vrrp_note {
	VRRP_NOTE_INTERVAL = 1 << 0,
	VRRP_NOTE_ADDRESS_LIST = 1 << 1,
	VRRP_NOTE_LINK_LOCAL = 1 << 2, /* IPv6 on a LAN: the first address is another */
};

/*
 * Reads a datagram: version, type, length, checksum, in that order, and fills
 * *advert when the result is VRRP_ACCEPTED (at least vrid and version are
 * filled whenever the length allowed it). A multicast datagram with a TTL
 * other than 255 is VRRP_BAD_TTL before anything else is looked at
 * (RFC 9568 section 7.1). VRRPv2 exists over IPv4 only. Both checksum dialects
 * are accepted for VRRPv3 over IPv4; IPv6 always has the pseudo-header; VRRPv2
 * never. Octets beyond the message are VRRP_BAD_LENGTH, save a well-formed
 * HMAC trailer.
 */
enum vrrp_verdict vrrp_packet_decode(const struct vrrp_datagram *dgram, struct vrrp_advert *advert);

/*
 * The two halves of vrrp_packet_decode(). The first takes the same time whatever the size:
 * it leaves out the checksum and all checks after it, so the sender can be looked up first.
 * The second is for packets that the first one accepts.
 */
enum vrrp_verdict vrrp_packet_identify(const struct vrrp_datagram *dgram,
				       struct vrrp_advert *advert);
enum vrrp_verdict vrrp_packet_read(const struct vrrp_datagram *dgram, struct vrrp_advert *advert);

/*
 * The checks that need the virtual router, in order. First the sender: TTL (unicast,
 * ttl_min), delivery mode, peer; these need only the half of *advert that
 * vrrp_packet_identify() fills. Then the contents: version configured here, count,
 * interval, VRRPv2 authentication type and address list (dropped unless from the owner).
 * *notes gets a set of enum vrrp_note. During an upgrade a VRRPv2 interval is treated as in
 * VRRPv3: a difference is noted.
 *
 * Erratum 8300 of RFC 9568 has multicast IPv6 discarded if the first address is not
 * link-local. FRR's own vrrpd sends its addresses sorted, global ones first, when it has
 * read them from a file, and keepalived sends them as configured: with both, two routers
 * would stay Active for ever. So it is only noted.
 */
enum vrrp_verdict vrrp_packet_check(const struct vrrp_datagram *dgram,
				    const struct vrrp_advert *advert,
				    const struct vrrp_expect *expect, unsigned int *notes);

/*
 * Writes the advertisement to buf with its checksum for this source and
 * destination. Returns its size in octets, or 0 when it does not fit in size or
 * has no form on the wire (VRID or count 0, an interval out of range or, in
 * VRRPv2, not of whole seconds, VRRPv2 over IPv6 or with an authentication type,
 * addresses of different families). No trailer is written.
 * advert->checksum selects the dialect for VRRPv3 over IPv4.
 */
size_t vrrp_packet_encode(const struct vrrp_advert *advert, const struct vrrp_addr *src,
			  const struct vrrp_addr *dst, uint8_t *buf, size_t size);

/* An interval as VRRPv2 sends it: whole seconds, rounded up; in centiseconds. */
uint32_t vrrp_interval_v2(uint32_t interval_cs);

/*
 * Sets the checksum of an encoded message of size octets anew for another
 * destination: what a router with many peers does for each copy. A trailer in
 * the last octets is covered over IPv6 and left out over IPv4.
 */
void vrrp_packet_readdress(uint8_t *message, size_t size, enum vrrp_family family,
			   enum vrrp_checksum dialect, const struct vrrp_addr *src,
			   const struct vrrp_addr *dst);

/* The i-th address of an advertisement; i < advert->count. */
struct vrrp_addr vrrp_advert_address(const struct vrrp_advert *advert, unsigned int i);

#endif /* VRRP_PACKET_H */
