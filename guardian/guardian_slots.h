/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors that the daemon has lent, by slot (guardian_link.h). */
#ifndef GUARDIAN_SLOTS_H
#define GUARDIAN_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

/* Takes the next message of the link. False: there is none now, or the link has ended. */
bool guardian_slots_receive(int link);

/* -1: the slot is empty. */
int guardian_slot(uint8_t slot);

/* Closes it. */
void guardian_slot_close(uint8_t slot);

#endif /* GUARDIAN_SLOTS_H */
