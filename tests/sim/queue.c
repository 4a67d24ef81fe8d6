// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A sorted array, in which a new entry is looked for from the first on: almost all that is new is
 * among the next few that happen. What is put off, as most timers are again and again, stays where
 * it stands until it is the first, and is moved then.
 */
#include "queue.h"

#include <string.h>

static void insert(struct queue *queue, queue_key key)
{
	unsigned int i = queue->count++;

	for (; i > 0 && queue->entry[i - 1] < key; i--)
		queue->entry[i] = queue->entry[i - 1];
	queue->entry[i] = key;
	queue->standing[queue_slot(key)] = key;
}

/* One that is in the queue. */
static void take_out(struct queue *queue, unsigned int slot)
{
	unsigned int i = --queue->count;

	while (queue->entry[i] != queue->standing[slot])
		i--;
	memmove(&queue->entry[i], &queue->entry[i + 1], (queue->count - i) * sizeof(queue_key));
	queue->standing[slot] = 0;
}

void queue_set(struct queue *queue, unsigned int slot, uint64_t at)
{
	queue_key key = (queue_key)at << 64 | (uint64_t)++queue->turn << 16 | slot;

	queue->wanted[slot] = key;
	if (queue_has(queue, slot)) {
		if (key > queue->standing[slot])
			return;
		take_out(queue, slot);
	}
	insert(queue, key);
}

void queue_remove(struct queue *queue, unsigned int slot)
{
	if (queue_has(queue, slot))
		take_out(queue, slot);
}

queue_key queue_pop(struct queue *queue)
{
	queue_key key = queue->entry[--queue->count];

	while (key != queue->wanted[queue_slot(key)]) {
		insert(queue, queue->wanted[queue_slot(key)]);
		key = queue->entry[--queue->count];
	}
	queue->standing[queue_slot(key)] = 0;
	return key;
}
