/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advertisements of a dead daemon: the last ones, or those that say that it will be back. */
#ifndef GUARDIAN_SAY_H
#define GUARDIAN_SAY_H

#include "guardian_page.h"

/* Sends all that are said in the end. The number of those that left. */
unsigned int guardian_say(const struct guardian_view *view);

/* True when the page has some that are repeated. */
bool guardian_has_repeats(const struct guardian_view *view);
/*
 * Sends those of them that are due after the one time and not after the other; each has its turn once in
 * its interval, and the turns are spread.
 */
void guardian_repeat(const struct guardian_view *view, uint64_t after_usec, uint64_t now_usec);

#endif /* GUARDIAN_SAY_H */
