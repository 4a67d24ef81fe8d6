/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who could take over from an Active virtual router. A Backup says nothing, so little is
 * known of it: whether it was ever heard, and whether it answers an ICMP echo.
 */
#ifndef VRRP_HEIR_H
#define VRRP_HEIR_H

#include "vrrp_group.h"

struct vrrp_heirs;

/* Enough for an echo and its answer, even where the way had one a moment ago. */
#define VRRP_HEIR_ASK_USEC (VRRP_USEC_PER_SEC * 3 / 2)

/*
 * Asks the peers of a router that listens, unless one has been heard already. The result keeps no
 * reference to the router, and is to be freed by vrrp_heirs_free().
 */
struct vrrp_heirs *vrrp_heirs_ask(const struct vrrp_router *router);

/* A peer was heard, or has answered by now. Always true in multicast, where nobody can be asked. */
bool vrrp_heirs_is_any(const struct vrrp_heirs *heirs);

void vrrp_heirs_free(struct vrrp_heirs **heirs);

#endif /* VRRP_HEIR_H */
