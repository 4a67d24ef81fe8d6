/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Troubles: behaviour of other hosts that hinders a virtual router. A trouble is a line in
 * the log, and a warning of the virtual router (vrrp_warning.h) until it has not been seen
 * for a while.
 *
 * A faulty packet is mostly followed by a thousand like it. So each kind is logged once for each
 * virtual router, and then not again for half a minute; while it goes on, this time doubles, up to
 * an hour. The next line has the number of times that it was seen in between. A sentence is built
 * once a second at most, so a flood costs little. One of each kind is stored for each virtual
 * router.
 */
#ifndef VRRP_TROUBLE_H
#define VRRP_TROUBLE_H

#include "vrrp_group.h"

/* Below: enum vrrp_verdict, of a packet that was discarded. */
enum vrrp_trouble_kind {
	VRRP_TROUBLE_OWNERS = VRRP_VERDICTS, /* another router has priority 255 as well */
	VRRP_TROUBLE_SAME_PRIORITY,	     /* no warning: it works */
	VRRP_TROUBLE_BESIDE,		     /* another was Active beside us; no warning */
	VRRP_TROUBLE_RIVAL,		     /* another stays Active beside us */
	VRRP_TROUBLE_REFLECTION,	     /* our own advertisements come back */
	VRRP_TROUBLE_IMPOSTOR,		     /* another has our address */
	VRRP_TROUBLE_SPLIT,		     /* two others are Active beside each other */
	VRRP_TROUBLE_INTERVAL,
	VRRP_TROUBLE_DISBELIEF, /* an interval that is not believed yet */
	VRRP_TROUBLE_ADDRESSES,
	VRRP_TROUBLE_CLOCK,    /* a clock that differs, but not yet too much */
	VRRP_TROUBLE_VRID,     /* a peer that is not heard sends another VRID */
	VRRP_TROUBLE_CLAIMANT, /* another host has the first VIP; numbers after it: the others */
};

/*
 * Records that the trouble was seen; it lasts for lasts_usec if it is not seen again. True
 * when a sentence about it is needed: call vrrp_trouble_say() next. router NULL: log only.
 */
bool vrrp_trouble_seen(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec);

/*
 * The same for one whose length is told: while it lasts in its warning, and in the log and the history
 * when it is over. What was seen of it now began and ended at these times.
 */
bool vrrp_trouble_goes_on(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec,
			  vrrp_usec_t began, vrrp_usec_t ended);

/* The sentence, without a full stop. True when it has been logged: notifications go with it. */
bool vrrp_trouble_say(struct vrrp_router *router, unsigned int kind, const char *format, ...)
	PRINTFRR(3, 4);

/* True from the first sentence about it until it has not been seen for a while. */
bool vrrp_trouble_lasts(const struct vrrp_router *router, unsigned int kind);

/* The counters were cleared: forgets all, and the next of each kind is logged at once. */
void vrrp_trouble_clear(void);

/* Frees the troubles of a virtual router that is about to be freed. */
void vrrp_trouble_forget(struct vrrp_router *router);

void vrrp_trouble_init(void);
/* Virtual routers are gone, and nothing is received any more. */
void vrrp_trouble_stop(void);

#endif /* VRRP_TROUBLE_H */
