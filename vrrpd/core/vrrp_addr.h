/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An IPv4 or IPv6 address as the protocol core sees it.
 *
 * The core is built without libfrr, so it has its own small address type;
 * the rest converts to libfrr's prefixes at its border (vrrp_convert.h).
 */
#ifndef VRRP_ADDR_H
#define VRRP_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum vrrp_family {
	VRRP_IPV4 = 4,
	VRRP_IPV6 = 6,
};

/* Family 0 means "no address". */
struct vrrp_addr {
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t octets[16]; /* network order; only the first 4 for IPv4, then 0 */
	};
	enum vrrp_family family; /* or 0 */
};

/* Room for vrrp_addr_str(). */
#define VRRP_ADDR_STRLEN INET6_ADDRSTRLEN

/* Octets of an address of this family on the wire: 4 or 16. */
static inline size_t vrrp_addr_size(enum vrrp_family family)
{
	return family == VRRP_IPV6 ? 16 : 4;
}

/* AF_INET or AF_INET6. */
int vrrp_family_af(enum vrrp_family family);

/*
 * Order of two addresses of one family as unsigned integers in network byte
 * order: the tie-break of RFC 9568 section 6.4.3. Returns <0, 0 or >0.
 * Addresses of different families are ordered by family.
 */
int vrrp_addr_cmp(const struct vrrp_addr *a, const struct vrrp_addr *b);

/* True when family and the first bits of both are the same. */
bool vrrp_addr_in_subnet(const struct vrrp_addr *a, const struct vrrp_addr *subnet,
			 unsigned int bits);

static inline bool vrrp_addr_is_set(const struct vrrp_addr *a)
{
	return a->family == VRRP_IPV4 || a->family == VRRP_IPV6;
}

static inline bool vrrp_addr_same(const struct vrrp_addr *a, const struct vrrp_addr *b)
{
	return a->family == b->family &&
	       (!vrrp_addr_is_set(a) || memcmp(a->octets, b->octets, sizeof(a->octets)) == 0);
}

/*
 * A hash of an address of 4 or 16 octets; the chance that two addresses have the same is one in
 * 2^64. Zeros may follow the 4.
 */
static inline uint64_t vrrp_addr_hash(const uint8_t *octets, size_t size)
{
	uint64_t words[2] = {}, hash;

	memcpy(words, octets, size);
	hash = (words[0] ^ 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
	hash = (hash ^ hash >> 29 ^ words[1]) * 0x94d049bb133111ebULL;
	hash = (hash ^ hash >> 32) * 0xff51afd7ed558ccdULL;
	return hash ^ hash >> 29;
}

static inline bool vrrp_addr_is_multicast(const struct vrrp_addr *a)
{
	return a->family == VRRP_IPV4 ? (a->octets[0] & 0xf0) == 0xe0
				      : a->family == VRRP_IPV6 && a->octets[0] == 0xff;
}

static inline bool vrrp_addr_is_linklocal(const struct vrrp_addr *a)
{
	if (a->family == VRRP_IPV4)
		return a->octets[0] == 169 && a->octets[1] == 254;
	return a->family == VRRP_IPV6 && a->octets[0] == 0xfe && (a->octets[1] & 0xc0) == 0x80;
}

/* 127.0.0.0/8 or ::1 */
bool vrrp_addr_is_loopback(const struct vrrp_addr *a);

/*
 * Makes an address from wire octets (4 or 16 of them). It is done for each packet, so the octets
 * are stored at once: what is stored in pieces is slow to be copied as a whole.
 */
static inline struct vrrp_addr vrrp_addr_make(enum vrrp_family family, const void *octets)
{
	struct vrrp_addr a = { .family = family };
	uint32_t words __attribute__((vector_size(sizeof(a.octets)))) = {};
	uint32_t first;

	if (family == VRRP_IPV6) {
		memcpy(&words, octets, sizeof(words));
	} else {
		memcpy(&first, octets, sizeof(first));
		words[0] = first;
	}
	memcpy(a.octets, &words, sizeof(words));
	return a;
}

/* The same of AF_INET or AF_INET6. */
struct vrrp_addr vrrp_addr_of_af(int af, const void *octets);

/* Parses either family. Returns false, *a untouched, when it is neither. */
bool vrrp_addr_parse(const char *text, struct vrrp_addr *a);

/* Writes the address as text into buf; returns buf. "" when not set. */
const char *vrrp_addr_str(const struct vrrp_addr *a, char buf[VRRP_ADDR_STRLEN]);

/* Conversions to a socket address with this port (host order), returning its length; and back. */
socklen_t vrrp_addr_sockaddr(const struct vrrp_addr *a, uint16_t port, struct sockaddr_storage *ss);

static inline struct vrrp_addr vrrp_addr_of_sockaddr(const struct sockaddr_storage *ss)
{
	if (ss->ss_family == AF_INET)
		return vrrp_addr_make(VRRP_IPV4, &((const struct sockaddr_in *)ss)->sin_addr);
	return vrrp_addr_make(VRRP_IPV6, &((const struct sockaddr_in6 *)ss)->sin6_addr);
}

/* 224.0.0.18 (RFC 9568 section 5.1.1.2) or ff02::12 (5.1.2.2). */
struct vrrp_addr vrrp_addr_group(enum vrrp_family family);

#endif /* VRRP_ADDR_H */
