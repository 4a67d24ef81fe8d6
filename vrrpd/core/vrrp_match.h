/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text looked for in octets that come piece by piece.
 *
 * However the octets are cut, each is looked at about once: work and memory do not
 * depend on who sends them. Nothing but the text is kept. (Knuth, Morris, Pratt.)
 */
#ifndef VRRP_MATCH_H
#define VRRP_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest text that is looked for. */
#define VRRP_MATCH_MOST 255

struct vrrp_match {
	const char *text; /* the caller's, as long as it is looked for */
	uint8_t len;
	uint8_t at; /* so much of it ends where the octets so far end */
	/* back[n]: of its first n characters, the longest end that is its begin as well */
	uint8_t back[VRRP_MATCH_MOST + 1];
};

/* Begins anew. What is beyond VRRP_MATCH_MOST characters of the text is not looked for. */
void vrrp_match_begin(struct vrrp_match *match, const char *text);

/* The octets that follow. True when the text was in what came so far; it stays so. */
bool vrrp_match_feed(struct vrrp_match *match, const void *octets, size_t len);

#endif /* VRRP_MATCH_H */
