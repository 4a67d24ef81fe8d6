/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of events: a heap of slot numbers, each in it at most once, ordered by time and, at
 * equal times, by the order of insertion. A slot can be moved and removed, so a timer that is set
 * again leaves no dead entry.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#define QUEUE_SLOTS 2048

struct queue_entry {
	uint64_t at;
	uint32_t turn;
	uint16_t slot;
};

struct queue {
	unsigned int count;
	uint32_t turn;
	uint16_t place[QUEUE_SLOTS]; /* in the heap, from 1 on; 0 = not in it */
	struct queue_entry heap[QUEUE_SLOTS + 1];
};

/* Puts it in, or moves it. */
void queue_set(struct queue *queue, unsigned int slot, uint64_t at);
void queue_remove(struct queue *queue, unsigned int slot);
/* The first, taken out. The queue must not be empty. */
struct queue_entry queue_pop(struct queue *queue);

#endif /* SIM_QUEUE_H */
