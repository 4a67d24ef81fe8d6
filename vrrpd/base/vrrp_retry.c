// SPDX-License-Identifier: GPL-2.0-or-later
/* The pause grows only for an action that keeps failing; a new failure is retried soon. */
#include "vrrp_retry.h"

#include "vrrp_daemon.h"

#define FIRST_SEC   1U
#define LONGEST_SEC 16U

static void try_again(struct event *event)
{
	struct vrrp_retry *retry = EVENT_ARG(event);

	retry->is_trying = true;
	retry->again();
	retry->is_trying = false;
	if (!retry->event)
		retry->sec = 0;
}

void vrrp_retry_later(struct vrrp_retry *retry)
{
	if (retry->event && (retry->is_trying || retry->sec == FIRST_SEC))
		return;
	event_cancel(&retry->event);
	if (retry->is_trying)
		retry->sec = MIN(2 * retry->sec, LONGEST_SEC);
	else
		retry->sec = FIRST_SEC;
	event_add_timer(master, try_again, retry, retry->sec, &retry->event);
}

void vrrp_retry_cancel(struct vrrp_retry *retry)
{
	event_cancel(&retry->event);
	retry->sec = 0;
}
