/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trouble: what others do that a virtual router cannot work well with, for as long as it
 * lasts. It is a line in the log, and a warning of the virtual router (vrrp_warning.h)
 * until it has not been seen for a while.
 *
 * What is wrong with one packet is mostly wrong with the next thousand. So each kind is
 * told once for each virtual router, then not again for half a minute, and as long as it
 * goes on, for twice as long each time, up to an hour; the next line says how often it
 * was so in between. A sentence is made anew once a second at most, so a flood costs
 * little. No more is kept than one of each kind for each virtual router.
 */
#ifndef VRRP_TROUBLE_H
#define VRRP_TROUBLE_H

#include "vrrp_group.h"

/* Below: enum vrrp_verdict, of a packet that was discarded. */
enum vrrp_trouble_kind {
	VRRP_TROUBLE_OWNERS = VRRP_VERDICTS, /* another router has priority 255 as well */
	VRRP_TROUBLE_SAME_PRIORITY,	     /* no warning: it works */
	VRRP_TROUBLE_RIVAL,		     /* another is Active beside us */
	VRRP_TROUBLE_REFLECTION,	     /* our own advertisements come back */
	VRRP_TROUBLE_IMPOSTOR,		     /* another has our address */
	VRRP_TROUBLE_SPLIT,		     /* two others are Active beside each other */
	VRRP_TROUBLE_INTERVAL,
	VRRP_TROUBLE_DISBELIEF, /* an interval that is not believed yet */
	VRRP_TROUBLE_ADDRESSES,
	VRRP_TROUBLE_VRID,     /* a peer that is not heard sends another VRID */
	VRRP_TROUBLE_CLAIMANT, /* another host has the first VIP; numbers after it: the others */
};

/*
 * It is so now, and if it is not seen again, for lasts_usec from now. True when a sentence
 * about it is wanted: call vrrp_trouble_say() next. router NULL: nobody's, log only.
 */
bool vrrp_trouble_seen(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec);

/* The sentence, without a full stop. True when it has been logged: notifications go with it. */
bool vrrp_trouble_say(struct vrrp_router *router, unsigned int kind, const char *format, ...)
	PRINTFRR(3, 4);

/* Counters begin anew: nothing was ever seen, and the next of each kind is told at once. */
void vrrp_trouble_clear(void);

/* The virtual router is about to go. */
void vrrp_trouble_forget(struct vrrp_router *router);

void vrrp_trouble_init(void);
/* Virtual routers are gone, and nothing is received any more. */
void vrrp_trouble_stop(void);

#endif /* VRRP_TROUBLE_H */
