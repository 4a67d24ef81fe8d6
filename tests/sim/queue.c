// SPDX-License-Identifier: GPL-2.0-or-later
/* A binary heap from 1 on: the parent of i is i / 2. See queue.h. */
#include "queue.h"

static bool before(const struct queue_entry *a, const struct queue_entry *b)
{
	return a->at != b->at ? a->at < b->at : a->turn < b->turn;
}

static void put(struct queue *queue, unsigned int place, struct queue_entry entry)
{
	queue->heap[place] = entry;
	queue->place[entry.slot] = place;
}

static void rise(struct queue *queue, unsigned int place, struct queue_entry entry)
{
	while (place > 1 && before(&entry, &queue->heap[place / 2])) {
		put(queue, place, queue->heap[place / 2]);
		place /= 2;
	}
	put(queue, place, entry);
}

static void sink(struct queue *queue, unsigned int place, struct queue_entry entry)
{
	unsigned int child;

	while ((child = 2 * place) <= queue->count) {
		if (child < queue->count && before(&queue->heap[child + 1], &queue->heap[child]))
			child++;
		if (!before(&queue->heap[child], &entry))
			break;
		put(queue, place, queue->heap[child]);
		place = child;
	}
	put(queue, place, entry);
}

static void place_anew(struct queue *queue, unsigned int place, struct queue_entry entry)
{
	if (place > 1 && before(&entry, &queue->heap[place / 2]))
		rise(queue, place, entry);
	else
		sink(queue, place, entry);
}

void queue_set(struct queue *queue, unsigned int slot, uint64_t at)
{
	struct queue_entry entry = { .at = at, .turn = ++queue->turn, .slot = slot };

	if (queue->place[slot])
		place_anew(queue, queue->place[slot], entry);
	else
		rise(queue, ++queue->count, entry);
}

void queue_remove(struct queue *queue, unsigned int slot)
{
	unsigned int place = queue->place[slot];
	struct queue_entry last;

	if (!place)
		return;
	queue->place[slot] = 0;
	last = queue->heap[queue->count--];
	if (last.slot != slot)
		place_anew(queue, place, last);
}

struct queue_entry queue_pop(struct queue *queue)
{
	struct queue_entry first = queue->heap[1];

	queue_remove(queue, first.slot);
	return first;
}
