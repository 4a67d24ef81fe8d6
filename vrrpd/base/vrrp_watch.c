// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The epoll is made by the first watch and closed by vrrp_watch_stop(). It borrows the watches.
 * Events are fetched one at a time, since a handler may end any other watch, and an event of that
 * one must not have been fetched already. After some time the event loop goes on, so that many
 * answers do not delay an advertisement.
 */
#include "vrrp_watch.h"

#include <zebra.h>

#include "lib_errors.h"
#include "log.h"

#include "vrrp_alarm.h"
#include "vrrp_daemon.h"

#define TURN_USEC 1000

static int epoll = -1;
static struct event *t_read;

bool vrrp_watch_serve(vrrp_usec_t until)
{
	struct epoll_event ready;
	struct vrrp_watch *watch;

	while (vrrp_now() < until) {
		if (epoll < 0 || epoll_wait(epoll, &ready, 1, 0) != 1)
			return true;
		watch = ready.data.ptr;
		watch->ready(watch, ready.events);
	}
	return false;
}

static void on_readable(struct event *event)
{
	event_add_read(master, on_readable, NULL, epoll, &t_read);
	vrrp_watch_serve(vrrp_now() + TURN_USEC);
}

static int make_epoll(void)
{
	if (epoll >= 0)
		return 0;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0)
		return -errno;
	event_add_read(master, on_readable, NULL, epoll, &t_read);
	return 0;
}

static int control(struct vrrp_watch *watch, int operation, uint32_t events)
{
	struct epoll_event wanted = { .events = events, .data.ptr = watch };

	return epoll_ctl(epoll, operation, watch->fd, &wanted) < 0 ? -errno : 0;
}

int vrrp_watch_begin(struct vrrp_watch *watch, uint32_t events)
{
	int error = make_epoll();

	return error ? error : control(watch, EPOLL_CTL_ADD, events);
}

int vrrp_watch_change(struct vrrp_watch *watch, uint32_t events)
{
	return control(watch, EPOLL_CTL_MOD, events);
}

void vrrp_watch_end(struct vrrp_watch *watch)
{
	control(watch, EPOLL_CTL_DEL, 0);
}

void vrrp_watch_stop(void)
{
	if (epoll < 0)
		return;
	event_cancel(&t_read);
	close(epoll);
	epoll = -1;
}
