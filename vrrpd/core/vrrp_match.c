// SPDX-License-Identifier: GPL-2.0-or-later
/* See vrrp_match.h; match->at is the whole state of a search. */
#include "vrrp_match.h"

#include <string.h>

/* Adds one octet: returns how many characters of the text end with it. */
static uint8_t step(const struct vrrp_match *match, uint8_t at, char octet)
{
	while (at && match->text[at] != octet)
		at = match->back[at];
	return match->text[at] == octet ? at + 1 : 0;
}

void vrrp_match_begin(struct vrrp_match *match, const char *text)
{
	match->text = text;
	match->len = strnlen(text, VRRP_MATCH_MOST);
	match->at = 0;
	match->back[0] = match->back[1] = 0;
	for (size_t n = 2; n <= match->len; n++)
		match->back[n] = step(match, match->back[n - 1], text[n - 1]);
}

bool vrrp_match_feed(struct vrrp_match *match, const void *octets, size_t len)
{
	const char *octet = octets;

	for (size_t i = 0; i < len && match->at < match->len; i++)
		match->at = step(match, match->at, octet[i]);
	return match->at == match->len;
}
