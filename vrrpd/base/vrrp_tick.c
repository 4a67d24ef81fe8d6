// SPDX-License-Identifier: GPL-2.0-or-later
/* One event, which libfrr runs after all events that are due now. */
#include <zebra.h>

#include "vrrp_tick.h"

#include "vrrp_daemon.h"

static struct event *t_end;
static void (*carry_out)(void);
static struct vrrp_tick_work *work_first, **work_end = &work_first;

static void work(void)
{
	struct vrrp_tick_work *one;

	while ((one = work_first)) {
		work_first = one->next;
		if (!work_first)
			work_end = &work_first;
		one->is_due = false;
		one->run();
	}
}

void vrrp_tick_end(void)
{
	event_cancel(&t_end);
	carry_out();
	work();
}

static void on_end(struct event *event)
{
	vrrp_tick_end();
}

void vrrp_tick_soon(void)
{
	if (!t_end)
		event_add_event(master, on_end, NULL, 0, &t_end);
}

void vrrp_tick_then(struct vrrp_tick_work *one)
{
	if (!one->is_due) {
		one->is_due = true;
		one->next = NULL;
		*work_end = one;
		work_end = &one->next;
	}
	vrrp_tick_soon();
}

void vrrp_tick_init(void (*end)(void))
{
	carry_out = end;
}
