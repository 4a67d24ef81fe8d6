// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_hex.h"

#include <ctype.h>
#include <string.h>

#define ANY ".."

static bool is_octet(const char *text)
{
	return isxdigit((unsigned char)text[0]) && isxdigit((unsigned char)text[1]);
}

static bool is_any(const char *text)
{
	return !strncmp(text, ANY, strlen(ANY));
}

const char *vrrp_hex_fault(const char *text, bool is_pattern)
{
	size_t length = strlen(text);

	if (!length)
		return "is empty";
	if (length > 2 * VRRP_HEX_MOST)
		return "is longer than 512 octets";
	if (length % 2)
		return "has an odd number of digits: each octet has two";
	for (; *text; text += 2)
		if (!is_octet(text) && !(is_pattern && is_any(text)))
			return is_pattern
				       ? "is of two hexadecimal digits for each octet, or .. for any octet"
				       : "is of two hexadecimal digits for each octet";
	return NULL;
}

static unsigned int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static uint8_t octet(const char *text)
{
	return digit(text[0]) << 4 | digit(text[1]);
}

size_t vrrp_hex_octets(const char *text, uint8_t octets[VRRP_HEX_MOST])
{
	size_t len = 0;

	for (; *text && len < VRRP_HEX_MOST; text += 2)
		octets[len++] = octet(text);
	return len;
}

bool vrrp_hex_begins(const char *pattern, const uint8_t *octets, size_t len)
{
	for (; *pattern; pattern += 2, octets++) {
		if (!len--)
			return false;
		if (!is_any(pattern) && octet(pattern) != *octets)
			return false;
	}
	return true;
}
