/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YANG notifications: what is told to management without being asked. Each goes with a
 * line of the log, and is as rare.
 */
#ifndef VRRP_NOTIFY_H
#define VRRP_NOTIFY_H

#include "vrrp_group.h"

/* The router has become Active, for the reason its state machine gives. */
void vrrp_notify_active(const struct vrrp_router *router);

/* A packet from src is discarded. router: whom it was meant for; NULL: nobody, as far as known. */
void vrrp_notify_error(const struct vrrp_router *router, const char *src, enum vrrp_verdict verdict);

/* Two others are Active and do not hear each other. */
void vrrp_notify_split(const struct vrrp_router *router, const char *one, const char *other);

/* Every verdict has its identity in the YANG module; call when that is loaded. */
void vrrp_notify_init(void);

#endif /* VRRP_NOTIFY_H */
