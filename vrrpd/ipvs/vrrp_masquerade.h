/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Detection of nftables rules that break load balancing (nl_nat.h), on the event loop:
 * direct routing and tunnels need unchanged addresses. Such a rule is shown, logged once
 * when it appears and once when it is gone, and never changed.
 */
#ifndef VRRP_MASQUERADE_H
#define VRRP_MASQUERADE_H

#include "vrrp_ipvs.h"

/*
 * The first rule that may rewrite packets between a client and the service's address, or
 * its servers that are not masqueraded, in either direction. NULL: there is none, or it is
 * unknown. Valid until the event loop goes on.
 */
const char *vrrp_masquerade_rule(const struct vrrp_service *service);

/* A service has come, gone or changed: all services are checked a moment later. */
void vrrp_masquerade_init(void);
void vrrp_masquerade_stop(void);

#endif /* VRRP_MASQUERADE_H */
