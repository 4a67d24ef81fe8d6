/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow while they are filled, for the netlink modules and for nobody else. */
#ifndef NL_GROW_H
#define NL_GROW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The array with room for one more than count, moved if need be; *room follows. Whoever
 * owns it frees it by free(). NULL: no memory, and the array is as it was.
 */
void *nl_grown(void *array, size_t count, size_t *room, size_t size);

/* Makes room in a typed array, an lvalue; false: no memory, and nothing has changed. */
#define nl_grow(array, count, room)                                                                \
	({                                                                                         \
		void *grown_ = nl_grown(array, count, room, sizeof(*(array)));                     \
                                                                                                   \
		if (grown_)                                                                        \
			(array) = grown_;                                                          \
		grown_ != NULL;                                                                    \
	})

#endif /* NL_GROW_H */
