/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search for a text in octets that arrive in pieces.
 *
 * Each octet is looked at about once, however the octets are cut, so the sender cannot
 * increase work or memory. Only the text is stored. (Knuth, Morris, Pratt.)
 */
#ifndef VRRP_MATCH_H
#define VRRP_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest text that can be searched for. */
#define VRRP_MATCH_MOST 255

struct vrrp_match {
	const char *text; /* the caller's, valid during the search */
	uint8_t len;
	uint8_t at; /* number of its characters that match the end of the octets so far */
	/* back[n]: of its first n characters, the longest end that is its begin as well */
	uint8_t back[VRRP_MATCH_MOST + 1];
};

/* Begins a search. Characters of the text beyond VRRP_MATCH_MOST are ignored. */
void vrrp_match_begin(struct vrrp_match *match, const char *text);

/* Adds octets. True from the moment when the text was found. */
bool vrrp_match_feed(struct vrrp_match *match, const void *octets, size_t len);

#endif /* VRRP_MATCH_H */
