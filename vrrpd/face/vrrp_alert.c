// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_alert.h"

#include "lib/darr.h"

#include "vrrp_trouble.h"
#include "vrrp_warning.h"

/* A shutdown, and a family without VIPs, are as configured. */
static bool is_held(const struct vrrp_router *router)
{
	return vrrp_hold_first(&router->holds) > VRRP_HOLD_NO_ADDRESSES;
}

static bool is_warned(const struct vrrp_router *router)
{
	struct vrrp_sentences warnings = vrrp_warnings_of(router);
	bool is_any = darr_len(warnings.text) > 0;

	vrrp_sentences_free(&warnings);
	return is_any;
}

enum vrrp_alert vrrp_alert_of(const struct vrrp_router *router)
{
	if (vrrp_trouble_lasts(router, VRRP_TROUBLE_RIVAL) ||
	    vrrp_trouble_lasts(router, VRRP_TROUBLE_SPLIT))
		return VRRP_ALERT_TWO_ACTIVE;
	if (is_held(router))
		return VRRP_ALERT_HELD;
	return is_warned(router) ? VRRP_ALERT_DEGRADED : VRRP_ALERT_NONE;
}

const char *vrrp_alert_name(enum vrrp_alert alert)
{
	static const char *const names[] = {
		[VRRP_ALERT_NONE] = "-",
		[VRRP_ALERT_DEGRADED] = "degraded",
		[VRRP_ALERT_HELD] = "held",
		[VRRP_ALERT_TWO_ACTIVE] = "two-active",
	};

	return names[alert];
}
