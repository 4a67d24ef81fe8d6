/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How bad the state of a tracked object is, what it costs in priority, and when a change of it
 * counts: values, and pure functions.
 */
#ifndef VRRP_BADNESS_H
#define VRRP_BADNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "vrrp_usec.h"

/* 0 to 254: the object is up, and this is subtracted from the priority, mostly 0. */
#define VRRP_BADNESS_UNKNOWN -1
#define VRRP_BADNESS_NONE    0
#define VRRP_BADNESS_DOWN    255

/* A badness that follows another one after a delay. All zero but counts: UNKNOWN. */
struct vrrp_damped {
	int counts;	   /* the badness in effect */
	int next;	   /* the one that takes effect later */
	vrrp_usec_t begun; /* since when the object is so */
	vrrp_usec_t due;   /* when it takes effect; 0: nothing changes */
};

/*
 * The object has this badness now. A change for the worse takes effect after down_sec, one for the
 * better after up_sec, in seconds, unless it is taken back before. What is unknown is followed by
 * the first thing known at once, and never comes back. Delays that differ from those of the last
 * call are counted from the beginning of the change, too. True: the badness in effect has changed.
 */
bool vrrp_damped_follow(struct vrrp_damped *damped, int badness, vrrp_usec_t now, uint16_t up_sec,
			uint16_t down_sec);

/* True when the badness in effect has changed, since the time is there. */
bool vrrp_damped_expire(struct vrrp_damped *damped, vrrp_usec_t now);

/*
 * The priority of a virtual router that is configured with this one when that much is subtracted:
 * at least 1. The owner's 255 is never lowered.
 */
uint8_t vrrp_priority_lowered(uint8_t configured, unsigned int penalty);

#endif /* VRRP_BADNESS_H */
