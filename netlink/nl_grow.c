// SPDX-License-Identifier: GPL-2.0-or-later
/* The room doubles, so an array of any length is moved only a few times while it is filled. */
#include "nl_grow.h"

#include <stdlib.h>

#define ROOM_AT_FIRST 16

void *nl_grown(void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : ROOM_AT_FIRST;
	void *grown;

	if (count < *room)
		return array;
	grown = reallocarray(array, more, size);
	if (grown)
		*room = more;
	return grown;
}
