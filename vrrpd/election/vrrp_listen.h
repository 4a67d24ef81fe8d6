/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual router listens for what vrrp_receive.h gives it; when it cannot, that is tried again. */
#ifndef VRRP_LISTEN_H
#define VRRP_LISTEN_H

#include "vrrp_group.h"

/*
 * Registers the router for what it is to hear now. False when that fails: the log has the reason,
 * and VRRP_HOLD_SOCKET or VRRP_HOLD_DUPLICATE is set until it is tried again.
 */
bool vrrp_listen(struct vrrp_router *router);

/* The router need not listen: whether it could is not known any more. */
void vrrp_listen_forget(struct vrrp_router *router);

void vrrp_listen_stop(void);

#endif /* VRRP_LISTEN_H */
