/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors of which there may be very many, on the event loop.
 *
 * libfrr's event loop looks at every descriptor it has each time round; with a thousand
 * of them, each advertisement would pay for that. So these stand in one epoll, which is
 * one descriptor to the event loop.
 */
#ifndef VRRP_WATCH_H
#define VRRP_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "vrrp_alarm.h"

/* Owned by whoever contains it; watched from vrrp_watch_begin() to vrrp_watch_end(). */
struct vrrp_watch {
	int fd;
	/* events: EPOLLIN, EPOLLOUT, EPOLLERR, ... It may end and free this watch, and others. */
	void (*ready)(struct vrrp_watch *watch, uint32_t events);
};

/* Watches for these events; for others than before. 0 or negative errno. */
int vrrp_watch_begin(struct vrrp_watch *watch, uint32_t events);
int vrrp_watch_change(struct vrrp_watch *watch, uint32_t events);

/*
 * Does what there is to do for what is ready, until that instant. True: nothing
 * is ready any more. The event loop does so by itself; this is for who wants to know.
 */
bool vrrp_watch_serve(vrrp_usec_t until);

/* The descriptor is closed by the caller, and after this. */
void vrrp_watch_end(struct vrrp_watch *watch);

/* When nothing is watched any more. */
void vrrp_watch_stop(void);

#endif /* VRRP_WATCH_H */
