/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * YANG notifications to management. Each is sent together with a line of the log, and as
 * rarely.
 */
#ifndef VRRP_NOTIFY_H
#define VRRP_NOTIFY_H

#include "vrrp_group.h"

/* The router has become Active, for the reason in its state machine. */
void vrrp_notify_active(const struct vrrp_router *router);

/* A packet from src was discarded. router: the one it was meant for; NULL: unknown. */
void vrrp_notify_error(const struct vrrp_router *router, const char *src, enum vrrp_verdict verdict);

/* Two other routers are Active and do not hear each other. */
void vrrp_notify_split(const struct vrrp_router *router, const char *one, const char *other);

/* Every verdict has its identity in the YANG module; call when that is loaded. */
void vrrp_notify_init(void);

#endif /* VRRP_NOTIFY_H */
