// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 16 octets, then 8 for each service, all in network order:
 *
 *   "vips", version 1, sync-id, flags, number of services, run, 0, { key, servers }
 */
#include "vrrp_hello.h"

#include <string.h>

#define MAGIC	       "vips"
#define MAGIC_OCTETS   4
#define VERSION	       1
#define AT_VERSION     4
#define AT_SYNC_ID     5
#define AT_FLAGS       6
#define AT_COUNT       7
#define AT_RUN	       8
#define HEADER_OCTETS  16
#define SERVICE_OCTETS 8
#define FLAG_LISTENS   0x01

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 3; i >= 0; i--, value >>= 8)
		at[i] = value & 0xff;
}

static uint32_t get32(const uint8_t *at)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | at[i];
	return value;
}

size_t vrrp_hello_write(const struct vrrp_hello *hello, uint8_t *octets)
{
	uint8_t *at = octets + HEADER_OCTETS;

	memset(octets, 0, HEADER_OCTETS);
	memcpy(octets, MAGIC, MAGIC_OCTETS);
	octets[AT_VERSION] = VERSION;
	octets[AT_SYNC_ID] = hello->sync_id;
	octets[AT_FLAGS] = hello->listens ? FLAG_LISTENS : 0;
	octets[AT_COUNT] = hello->count;
	put32(octets + AT_RUN, hello->run);
	for (unsigned int i = 0; i < hello->count; i++, at += SERVICE_OCTETS) {
		put32(at, hello->services[i].key);
		put32(at + 4, hello->services[i].servers);
	}
	return at - octets;
}

bool vrrp_hello_read(struct vrrp_hello *hello, const uint8_t *octets, size_t len)
{
	const uint8_t *at = octets + HEADER_OCTETS;

	if (len < HEADER_OCTETS || memcmp(octets, MAGIC, MAGIC_OCTETS) != 0 ||
	    octets[AT_VERSION] != VERSION || octets[AT_COUNT] > VRRP_HELLO_SERVICES ||
	    len != HEADER_OCTETS + octets[AT_COUNT] * SERVICE_OCTETS)
		return false;
	hello->sync_id = octets[AT_SYNC_ID];
	hello->listens = octets[AT_FLAGS] & FLAG_LISTENS;
	hello->run = get32(octets + AT_RUN);
	hello->count = octets[AT_COUNT];
	for (unsigned int i = 0; i < hello->count; i++, at += SERVICE_OCTETS)
		hello->services[i] = (struct vrrp_hello_service){ get32(at), get32(at + 4) };
	return true;
}
