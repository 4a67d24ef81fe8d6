/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Retries of actions that the host refused, after pauses of 1, 2, 4, 8, then 16 seconds each,
 * as long as each try asks for the next. A later failure begins again with a second.
 */
#ifndef VRRP_RETRY_H
#define VRRP_RETRY_H

#include <zebra.h>

#include "frrevent.h"

/* Owned by the caller; all zero except again. */
struct vrrp_retry {
	void (*again)(void); /* the try: it calls vrrp_retry_later() if it fails */
	struct event *event;
	unsigned int sec; /* the pause before the last try; 0: that one was the first */
	bool is_trying;
};

void vrrp_retry_later(struct vrrp_retry *retry);
void vrrp_retry_cancel(struct vrrp_retry *retry);

#endif /* VRRP_RETRY_H */
