/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of a dead daemon: kept for the next one, taken away, or answered for a little longer. */
#ifndef GUARDIAN_TAKE_H
#define GUARDIAN_TAKE_H

#include <stdbool.h>

#include "guardian_page.h"

/* Which of them. */
enum guardian_which { GUARDIAN_EXCLUSIVE, GUARDIAN_ELSEWHERE, GUARDIAN_ALL };

/* Opens what it takes. 0 or negative errno. */
int guardian_take_init(void);

/*
 * Renews the leases that may end in so many seconds, of those that are not on a LAN. One that is gone
 * stays so.
 */
void guardian_keep(const struct guardian_view *view, uint32_t sec);

/* Removes addresses of the page from their links; the log says what fails. */
void guardian_take(const struct guardian_view *view, enum guardian_which which);

/*
 * Has those that are not on a LAN on the drain's link as well (nl_drain.h), where no protocol
 * redistributes them. The kernel ends them there after so many milliseconds, in whole seconds.
 * False: it cannot be.
 */
bool guardian_answer(const struct guardian_view *view, uint32_t msec);

/* The end of that: the link is removed, with all that is on it. */
void guardian_cease(void);

#endif /* GUARDIAN_TAKE_H */
