// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages gather in libfrr's buffer until vrrp_zebra_push(), so that a thousand routes are a
 * few writes, and wake zebra as often.
 */
#include "vrrp_zebra_client.h"

#include <poll.h>

#include "buffer.h"
#include "lib_errors.h"
#include "log.h"
#include "monotime.h"

#define FLUSH_MSEC 100

struct vrrp_zebra_client vrrp_zebra_client;

static struct event *t_push, *t_lost;

static void on_push(struct event *event)
{
	struct zclient *zclient = vrrp_zebra_client.zclient;

	if (zclient->sock < 0)
		return;
	/*
	 * an empty message makes libfrr write the rest when there is room, or notice a lost
	 * connection
	 */
	stream_reset(zclient->obuf);
	zclient_send_message(zclient);
	buffer_flush_available(zclient->wb, zclient->sock);
}

void vrrp_zebra_push(void)
{
	if (!t_push)
		return;
	event_cancel(&t_push);
	on_push(NULL);
}

int vrrp_zebra_queue(void)
{
	struct zclient *zclient = vrrp_zebra_client.zclient;

	if (zclient->sock < 0) {
		/*
		 * libfrr closed it; reported from the event loop, since the caller is not prepared
		 * for it here
		 */
		event_add_event(vrrp_zebra_client.loop, vrrp_zebra_client.lost, NULL, 0, &t_lost);
		return -ENOTCONN;
	}
	buffer_put(zclient->wb, STREAM_DATA(zclient->obuf), stream_get_endp(zclient->obuf));
	event_add_event(vrrp_zebra_client.loop, on_push, NULL, 0, &t_push);
	return 0;
}

/* True when there is room in the socket again, FLUSH_MSEC after start at the latest. */
static bool wait_writable(const struct timeval *start)
{
	struct pollfd fd = { .fd = vrrp_zebra_client.zclient->sock, .events = POLLOUT };
	int64_t left_msec = FLUSH_MSEC - monotime_since(start, NULL) / 1000;

	return left_msec > 0 && poll(&fd, 1, left_msec) > 0;
}

void vrrp_zebra_flush(void)
{
	struct zclient *zclient = vrrp_zebra_client.zclient;
	struct timeval start;
	buffer_status_t status;

	if (!zclient || zclient->sock < 0)
		return;
	monotime(&start);
	do
		status = buffer_flush_available(zclient->wb, zclient->sock);
	while (status == BUFFER_PENDING && wait_writable(&start));

	if (status == BUFFER_PENDING)
		zlog_warn("zebra: does not read, messages are still waiting after %d ms",
			  FLUSH_MSEC);
	else if (status == BUFFER_ERROR)
		zlog_warn("zebra: cannot flush messages: %s", safe_strerror(errno));
}

void vrrp_zebra_client_forget(void)
{
	event_cancel(&t_lost);
	event_cancel(&t_push);
}
