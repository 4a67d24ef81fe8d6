/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual routers that were Active until an earlier daemon ended, a moment ago: they go on.
 *
 * While one is Active a file in FRR's run-time directory says so, and when it advertised last. A
 * daemon that starts reads it. A virtual router that is configured as it was then, or as the whole
 * configuration says in the end, is resumed (VRRP_EVENT_RESUME) if none of its peers can have
 * missed it yet, or as long as the guardian has advertised for it meanwhile. It needs no proof that
 * they hear it (vrrp_startup.h).
 */
#ifndef VRRP_RESUME_H
#define VRRP_RESUME_H

#include "vrrp_group.h"

/* True when the router may resume now. */
bool vrrp_resume_is_due(const struct vrrp_router *router);

/* The event to start it with, RESUME or STARTUP, good until the next; it resumes only once. */
const struct vrrp_event *vrrp_resume_event(const struct vrrp_router *router);

/* Another router was heard, or it is shut down: it has nothing to resume. */
void vrrp_resume_forget(const struct vrrp_router *router);

/* The configuration has been read: those that are configured otherwise than they were resume. */
void vrrp_resume_settle(void);

/* The router has become Active, was so, or is another one now: the file is written soon. */
void vrrp_resume_changed(void);

/* Advertisements may have been sent: the file is told soon, and is written anew if it could not be. */
void vrrp_resume_sent(void);

/*
 * The daemon ends to be started again: all that are Active advertise, so that others begin to wait
 * now, and the file says so. Returns in which time, in milliseconds, it has to be back: for VIPs on a
 * LAN, before others have them as well, else before the last of the others has taken over, for which they
 * have no reason where the guardian speaks.
 */
uint32_t vrrp_resume_prepare(void);

/* Otherwise what an earlier daemon wrote is not believed: others have been told to take over. */
void vrrp_resume_init(bool may_resume);

/* After a planned end nothing is to be resumed. */
void vrrp_resume_stop(void);

#endif /* VRRP_RESUME_H */
