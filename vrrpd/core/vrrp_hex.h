/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets as text: two hexadecimal digits for each. In a pattern, ".." stands for any octet.
 */
#ifndef VRRP_HEX_H
#define VRRP_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most octets that a text may have. */
#define VRRP_HEX_MOST 512

/* What is wrong with a text, as the end of a sentence that begins with its name; NULL: nothing. */
const char *vrrp_hex_fault(const char *text, bool is_pattern);

/* Both take texts without a fault. The first returns the number of octets. */
size_t vrrp_hex_octets(const char *text, uint8_t octets[VRRP_HEX_MOST]);
/* True when the octets begin as the pattern says. */
bool vrrp_hex_begins(const char *pattern, const uint8_t *octets, size_t len);

#endif /* VRRP_HEX_H */
