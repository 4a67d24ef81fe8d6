// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_status.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define DIGITS	    3
#define LEAST	    100
#define MOST	    599
#define LENGTH_MOST 255

struct range {
	unsigned int from, to;
};

/* Moves on behind a status of three digits; 0: there is none. */
static unsigned int take_status(const char **text)
{
	unsigned int status = 0;

	for (unsigned int i = 0; i < DIGITS; i++, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return 0;
		status = 10 * status + (**text - '0');
	}
	return status >= LEAST && status <= MOST ? status : 0;
}

/* Moves on to the next range, or to the end; false: this is none. */
static bool take_range(const char **text, struct range *range)
{
	range->from = range->to = take_status(text);
	if (**text == '-') {
		(*text)++;
		range->to = take_status(text);
	}
	if (!range->from || !range->to || range->from > range->to)
		return false;
	if (**text == ',')
		return *++(*text);
	return !**text;
}

const char *vrrp_status_fault(const char *list)
{
	struct range range;

	if (strlen(list) > LENGTH_MOST)
		return "has more than 255 characters";
	do {
		if (!take_range(&list, &range))
			return "is a list of 100 to 599, and of ranges of these: 200,204,301-302";
	} while (*list);
	return NULL;
}

bool vrrp_status_has(const char *list, unsigned int status)
{
	struct range range;

	while (*list && take_range(&list, &range))
		if (status >= range.from && status <= range.to)
			return true;
	return false;
}
