/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a router that has left Active still has, while the others learn of it.
 *
 * Far routers go on sending here until routing has told them of the new Active router. So the
 * one that leaves keeps route and address until that one has been heard and a while longer.
 * Then it withdraws the route, and goes on answering without it until the drain ends. One that
 * was cut off, and finds another Active when it comes back, withdraws it at once. This is
 * for VIPs off the LAN only: there two routers may have a VIP without harm. The decision is a
 * pure function of the known facts.
 *
 * A daemon that starts has what an earlier one left in the same way, while it is undecided who is
 * Active: as it was, until somebody is heard, and to the end of a time in which that is decided.
 */
#ifndef VRRP_HANDOVER_H
#define VRRP_HANDOVER_H

#include "vrrp_fsm.h"

enum vrrp_handover {
	VRRP_HANDOVER_NONE,	 /* nothing: there is no drain, or it has ended */
	VRRP_HANDOVER_ANNOUNCES, /* route and address, as when it was Active */
	VRRP_HANDOVER_ANSWERS,	 /* the address, where no protocol redistributes it */
};

/* How long the route stays after the new Active router was heard: time for two bgpds on the way. */
#define VRRP_HANDOVER_LINGER_USEC (VRRP_USEC_PER_SEC / 5)
/* The longest time, or half of the drain, that the route stays while nobody is heard. */
#define VRRP_HANDOVER_ALONE_USEC VRRP_USEC_PER_SEC

/* What a router that leaves Active knows of the one that is to be Active. */
enum vrrp_successor {
	VRRP_SUCCESSOR_AWAITED, /* it has not been heard yet */
	VRRP_SUCCESSOR_HEARD,	/* it has just been heard: far routers learn of it now */
	/* It was Active while this one was cut off, to which far routers then did not send. */
	VRRP_SUCCESSOR_SERVES,
};

struct vrrp_handover_facts {
	bool undecided;	   /* whether another is Active is not known yet */
	vrrp_usec_t drain; /* its whole length; 0 = none */
	vrrp_usec_t begun; /* when it left Active */
	vrrp_usec_t heard; /* the new Active router, first; 0 = not yet */
	bool is_cut_off;   /* VRRP_SUCCESSOR_SERVES: nothing is handed over */
};

/* Which of them it is at that time. *until: when that changes though nothing happens; 0 = never. */
enum vrrp_handover vrrp_handover_decide(const struct vrrp_handover_facts *facts, vrrp_usec_t now,
					vrrp_usec_t *until);

/* "announcing", "answering"; "none". */
const char *vrrp_handover_name(enum vrrp_handover handover);

#endif /* VRRP_HANDOVER_H */
