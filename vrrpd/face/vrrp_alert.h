/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst that can be said of a virtual router now. It is found when it is asked for, from holds,
 * troubles and warnings, so nothing becomes stale.
 */
#ifndef VRRP_ALERT_H
#define VRRP_ALERT_H

#include "vrrp_group.h"

/* From good to bad. */
enum vrrp_alert {
	VRRP_ALERT_NONE,
	VRRP_ALERT_DEGRADED, /* there is a warning, or no peer can be reached */
	VRRP_ALERT_HELD,
	VRRP_ALERT_TWO_ACTIVE,
};

enum vrrp_alert vrrp_alert_of(const struct vrrp_router *router);

/* "-", "degraded", "held", "two-active". */
const char *vrrp_alert_name(enum vrrp_alert alert);

#endif /* VRRP_ALERT_H */
