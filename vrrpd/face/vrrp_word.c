// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_word.h"

#include <zebra.h>

#include <net/if.h>

/* The maximum length of type printable in the model. */
#define TEXT_MAX 255

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

bool vrrp_word_is_printable(const char *text, bool blank)
{
	bool begins = true;

	if (strlen(text) > TEXT_MAX)
		return false;
	for (; *text; text++) {
		if (*text == ' ' && (begins || !blank))
			return false;
		if (*text < ' ' || *text > '~')
			return false;
		begins = *text == ' ';
	}
	return !begins;
}

const char *vrrp_word_ifname_fault(const char *name)
{
	if (strlen(name) >= IFNAMSIZ)
		return "an interface name has 15 characters at most";
	return strpbrk(name, "/ \t") ? "an interface name has no slash and no space" : NULL;
}
