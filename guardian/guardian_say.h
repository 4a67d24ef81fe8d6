/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last advertisements of a dead daemon. */
#ifndef GUARDIAN_SAY_H
#define GUARDIAN_SAY_H

#include "guardian_page.h"

/* Sends all that are on the page. The number of those that left. */
unsigned int guardian_say(const struct guardian_view *view);

#endif /* GUARDIAN_SAY_H */
