/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of what a dead daemon had: on the wire, in the kernel, in zebra. */
#ifndef GUARDIAN_END_H
#define GUARDIAN_END_H

#include <stdbool.h>

/* Opens what it takes, as long as there is time. False: it cannot be had, which the log says. */
bool guardian_end_init(void);

/* The daemon is dead. Returns when nothing of it is left, or a later daemon has it. */
void guardian_end(void);

/* The daemon lives: looks whether it has run within the time of the lease. */
void guardian_end_if_frozen(void);

#endif /* GUARDIAN_END_H */
