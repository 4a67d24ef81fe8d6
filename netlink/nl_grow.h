/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow while they are filled; private to the netlink modules. */
#ifndef NL_GROW_H
#define NL_GROW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Returns the array, moved if need be, with room for at least count + 1 elements of size octets,
 * and updates *room. Its owner frees it with free(). NULL: out of memory, and the array is
 * unchanged.
 */
void *nl_grown(void *array, size_t count, size_t *room, size_t size);

/*
 * Makes room for one more element in a typed array, an lvalue; false: out of memory, and nothing
 * has changed.
 */
#define nl_grow(array, count, room)                                                                \
	({                                                                                         \
		void *grown_ = nl_grown(array, count, room, sizeof(*(array)));                     \
                                                                                                   \
		if (grown_)                                                                        \
			(array) = grown_;                                                          \
		grown_ != NULL;                                                                    \
	})

#endif /* NL_GROW_H */
