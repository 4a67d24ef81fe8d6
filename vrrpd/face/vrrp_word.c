// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_word.h"

#include <zebra.h>

const char *vrrp_word_name(const struct vrrp_word *words, unsigned int number)
{
	for (const struct vrrp_word *word = words; word->name; word++)
		if (word->number == number)
			return word->name;
	return words->name;
}

unsigned int vrrp_word_number(const struct vrrp_word *words, const char *name)
{
	for (const struct vrrp_word *word = words; word->name; word++)
		if (name && strmatch(word->name, name))
			return word->number;
	return words->number;
}
