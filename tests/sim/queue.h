/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of events: slot numbers, each in it at most once, ordered by time and, at equal times,
 * by the order of insertion. A slot can be moved and removed, so a timer that is set again leaves
 * no dead entry.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#define QUEUE_SLOTS 2048

/* What is ordered, in one number: time (64 bits), turn (32 bits above the slot), slot (16 bits). */
typedef unsigned __int128 queue_key;

struct queue {
	unsigned int count;
	uint32_t turn;
	queue_key entry[QUEUE_SLOTS];	 /* sorted, the first at the end */
	queue_key standing[QUEUE_SLOTS]; /* the entry of each slot; 0 = none */
	queue_key wanted[QUEUE_SLOTS];	 /* ... and what it ought to be, which may be later */
};

static inline uint64_t queue_time(queue_key key)
{
	return key >> 64;
}

static inline uint16_t queue_slot(queue_key key)
{
	return key;
}

static inline bool queue_has(const struct queue *queue, unsigned int slot)
{
	return queue->standing[slot] != 0;
}

/* Puts it in, or moves it. */
void queue_set(struct queue *queue, unsigned int slot, uint64_t at);
void queue_remove(struct queue *queue, unsigned int slot);
/* The first, taken out. The queue must not be empty. */
queue_key queue_pop(struct queue *queue);

#endif /* SIM_QUEUE_H */
