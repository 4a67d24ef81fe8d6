/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of the model, the commands and JSON, and the numbers that they stand for; and which texts
 * and names the model takes.
 */
#ifndef VRRP_WORD_H
#define VRRP_WORD_H

#include <stdbool.h>

/* A number and its name. The first entry of a list is the default; the last has no name. */
struct vrrp_word {
	unsigned int number;
	const char *name;
};

/* Each gives the default for what is not in the list. name may be NULL. */
const char *vrrp_word_name(const struct vrrp_word *words, unsigned int number);
unsigned int vrrp_word_number(const struct vrrp_word *words, const char *name);

/* The pattern of type printable in the model; blank: several words are allowed. */
bool vrrp_word_is_printable(const char *text, bool blank);

/* Why the kernel takes no interface of this name, a clause; NULL: it does. */
const char *vrrp_word_ifname_fault(const char *name);

#endif /* VRRP_WORD_H */
