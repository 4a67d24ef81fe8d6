// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flood SOURCE DESTINATION VRID PRIORITY COUNT SECONDS [reversed|checksum|signed]: sends one advertisement
 * as fast as possible, from any source address, and prints how many were sent.
 *
 * It carries the first COUNT addresses of 203.0.113.0/24 or 2001:db8:3::/120, counted from 1.
 * reversed: in descending order. checksum: with a wrong checksum. signed: with a trailer whose digest
 * is wrong, by key 1, of a time that is later than what anybody else sends meanwhile, so that a
 * receiver has to compute the digest.
 */
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vrrp_auth.h"

#define BATCH	   64
#define AHEAD_SEC  4 /* within the least window */
#define HEADER_MAX sizeof(struct ip6_hdr)

static uint8_t octets[HEADER_MAX + VRRP_PACKET_MAX];

static size_t write_header(const struct vrrp_addr *src, const struct vrrp_addr *dst, size_t size)
{
	struct iphdr v4 = { .version = 4,
			    .ihl = sizeof(v4) / 4,
			    .ttl = VRRP_TTL,
			    .protocol = VRRP_PROTOCOL,
			    .saddr = src->v4.s_addr,
			    .daddr = dst->v4.s_addr };
	struct ip6_hdr v6 = { .ip6_src = src->v6, .ip6_dst = dst->v6 };
	bool is_v4 = src->family == VRRP_IPV4;
	size_t header = is_v4 ? sizeof(v4) : sizeof(v6);

	v4.tot_len = htons(header + size);
	v6.ip6_vfc = 6 << 4;
	v6.ip6_plen = htons(size);
	v6.ip6_nxt = VRRP_PROTOCOL;
	v6.ip6_hlim = VRRP_TTL;
	memmove(octets + header, octets, size);
	memcpy(octets, is_v4 ? (void *)&v4 : (void *)&v6, header);
	return header + size;
}

static void list_addresses(const struct vrrp_addr *like, unsigned int count, bool reversed,
			   uint8_t *list)
{
	const char *first = like->family == VRRP_IPV4 ? "203.0.113.0" : "2001:db8:3::";
	size_t size = vrrp_addr_size(like->family);
	struct vrrp_addr address;

	vrrp_addr_parse(first, &address);
	for (unsigned int i = 0; i < count; i++) {
		address.octets[size - 1] = reversed ? count - i : i + 1;
		memcpy(list + i * size, address.octets, size);
	}
}

/* A vrrp_hmac_fn of somebody who has no key. */
static void guess(const void *material, const struct vrrp_auth_part *parts, size_t n_parts,
		  uint8_t hmac[VRRP_AUTH_HMAC_SIZE])
{
	(void)material;
	(void)parts;
	(void)n_parts;
	memset(hmac, 0x55, VRRP_AUTH_HMAC_SIZE);
}

static size_t sign_badly(size_t size, const struct vrrp_addr *src, const struct vrrp_addr *dst)
{
	const struct vrrp_auth_key key = { .id = 1 };
	uint64_t utc_usec = (time(NULL) + AHEAD_SEC) * VRRP_USEC_PER_SEC;

	size = vrrp_auth_sign(octets, size, src, &key, guess, vrrp_stamp_of(utc_usec));
	vrrp_packet_readdress(octets, size, src->family, VRRP_CHECKSUM_PSEUDO, src, dst);
	return size;
}

/* The datagram, from its IP header on; its size. */
static size_t make(char **argv, const char *how, struct vrrp_addr *dst)
{
	static uint8_t list[VRRP_ADDRESSES_MAX * sizeof(struct in6_addr)];
	struct vrrp_advert advert = { .version = 3,
				      .vrid = atoi(argv[3]),
				      .priority = atoi(argv[4]),
				      .count = atoi(argv[5]),
				      .checksum = VRRP_CHECKSUM_PSEUDO,
				      .interval_cs = 100,
				      .addresses = list };
	struct vrrp_addr src;
	size_t size;

	if (!vrrp_addr_parse(argv[1], &src) || !vrrp_addr_parse(argv[2], dst))
		return 0;
	advert.family = src.family;
	list_addresses(&src, advert.count, !strcmp(how, "reversed"), list);
	size = vrrp_packet_encode(&advert, &src, dst, octets, sizeof(octets));
	if (size && !strcmp(how, "checksum"))
		octets[7] ^= 0x55;
	if (size && !strcmp(how, "signed"))
		size = sign_badly(size, &src, dst);
	return size ? write_header(&src, dst, size) : 0;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static unsigned long flood(int fd, const struct vrrp_addr *dst, size_t size, int lasts)
{
	struct iovec iov = { octets, size };
	struct sockaddr_storage address;
	socklen_t length = vrrp_addr_sockaddr(dst, 0, &address);
	struct mmsghdr batch[BATCH] = {};
	time_t end = seconds() + lasts;
	unsigned long count = 0;
	int sent;

	for (unsigned int i = 0; i < BATCH; i++)
		batch[i].msg_hdr = (struct msghdr){ .msg_name = &address,
						    .msg_namelen = length,
						    .msg_iov = &iov,
						    .msg_iovlen = 1 };
	while (seconds() < end) {
		sent = sendmmsg(fd, batch, BATCH, 0);
		count += sent > 0 ? sent : 0;
	}
	return count;
}

int main(int argc, char **argv)
{
	struct vrrp_addr dst;
	size_t size = argc > 6 ? make(argv, argc > 7 ? argv[7] : "", &dst) : 0;
	int fd;

	if (!size) {
		fprintf(stderr, "flood: SOURCE DESTINATION VRID PRIORITY COUNT SECONDS [HOW]\n");
		return 2;
	}
	fd = socket(dst.family == VRRP_IPV4 ? AF_INET : AF_INET6, SOCK_RAW, IPPROTO_RAW);
	if (fd < 0) {
		perror("flood");
		return 1;
	}
	printf("%lu\n", flood(fd, &dst, size, atoi(argv[6])));
	close(fd);
	return 0;
}
