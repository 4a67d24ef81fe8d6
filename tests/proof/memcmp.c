// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memcmp() of core: of addresses, as numbers of 32 or 128 bits. A solver compares numbers well, and
 * loops over octets badly.
 */
#include "any.h"

int proof_memcmp(const void *a, const void *b, size_t size);

static unsigned __int128 number(const uint8_t *octets)
{
	unsigned __int128 value = 0;
	unsigned int i;

	for (i = 0; i < 16; i++)
		value = value << 8 | octets[i];
	return value;
}

int proof_memcmp(const void *a, const void *b, size_t size)
{
	unsigned __int128 first = number(a), second = number(b);

	PROVE(size == 4 || size == 16, "contract: addresses are compared");
	if (size == 4) {
		first >>= 96;
		second >>= 96;
	}
	return first < second ? -1 : first > second;
}
