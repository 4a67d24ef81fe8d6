/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Very many descriptors on the event loop.
 *
 * libfrr's event loop polls every descriptor in each round, and each advertisement is a round. So a
 * thousand descriptors are in one epoll, which is a single descriptor for the event loop.
 */
#ifndef VRRP_WATCH_H
#define VRRP_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "vrrp_alarm.h"

/* Part of its owner's struct; watched from vrrp_watch_begin() to vrrp_watch_end(). */
struct vrrp_watch {
	int fd;
	/* events: EPOLLIN, EPOLLOUT, EPOLLERR, ... It may end and free this watch, and others. */
	void (*ready)(struct vrrp_watch *watch, uint32_t events);
};

/* Begins to watch for these events; or changes the events. 0 or negative errno. */
int vrrp_watch_begin(struct vrrp_watch *watch, uint32_t events);
int vrrp_watch_change(struct vrrp_watch *watch, uint32_t events);

/*
 * Calls the handlers of ready descriptors until that time. True: no descriptor is ready any more.
 * The event loop does this as well; call it to be sure that all events are handled.
 */
bool vrrp_watch_serve(vrrp_usec_t until);

/* Ends a watch; the caller closes the descriptor afterwards. */
void vrrp_watch_end(struct vrrp_watch *watch);

/* To be called when nothing is watched any more. */
void vrrp_watch_stop(void);

#endif /* VRRP_WATCH_H */
