// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of what is for VIPs off the LAN alone: declared, and described, in vrrp_nb.h. */
#include <zebra.h>

#include "yang.h"

#include "vrrp_nb.h"
#include "vrrp_nb_witness.h"
#include "vrrp_placement.h"

/* NULL: not on a LAN, as far as the candidate, and what is typed, say. */
static const char *lan_placement(const struct vrrp_scope *scope)
{
	const char *placement = scope->placement ? scope->placement
						 : vrrp_nb_value(scope->group, "placement");

	return vrrp_placement_is_lan(vrrp_placement_named(placement)) ? placement : NULL;
}

bool vrrp_check_drain(const struct vrrp_scope *scope, unsigned long msec, char *reason, size_t size)
{
	const char *placement = lan_placement(scope);

	if (!msec || !placement)
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "drain is for VIPs off the LAN: with placement %s two routers would have them on one LAN at once, so there is none",
			      placement);
}

bool vrrp_check_settle(const struct vrrp_scope *scope, unsigned long msec, char *reason, size_t size)
{
	const char *placement = lan_placement(scope);

	if (!msec)
		return true;
	if (!placement)
		return vrrp_check_no_witness(scope, "preempt settle", reason, size);
	return vrrp_nb_refuse(scope, reason, size,
			      "preempt settle is for VIPs off the LAN: with placement %s two routers would have them on one LAN at once, and no route leads to them",
			      placement);
}

bool vrrp_check_standby(const struct vrrp_scope *scope, unsigned long metric,
			unsigned long active_metric, char *reason, size_t size)
{
	const char *placement = lan_placement(scope);

	if (!metric)
		return true;
	if (placement)
		return vrrp_nb_refuse(scope, reason, size,
				      "announce standby is for VIPs off the LAN: with placement %s hosts reach them by their LAN",
				      placement);
	if (metric > active_metric)
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "announce standby metric %lu must be above that of the Active router, which is %lu",
			      metric, active_metric);
}

bool vrrp_check_healthy(const struct vrrp_scope *scope, bool is_healthy,
			unsigned long standby_metric, char *reason, size_t size)
{
	const char *placement = lan_placement(scope);

	if (!is_healthy)
		return true;
	if (placement)
		return vrrp_nb_refuse(scope, reason, size,
				      "announce when healthy is for VIPs off the LAN: with placement %s two routers would have them on one LAN at once",
				      placement);
	if (!standby_metric)
		return vrrp_check_no_witness(scope, "announce when healthy", reason, size);
	return vrrp_nb_refuse(
		scope, reason, size,
		"announce when healthy and announce standby exclude one another: a Backup either has the addresses or announces without them");
}

static unsigned long number(const struct lyd_node *parent, const char *name)
{
	return strtoul(vrrp_nb_value(parent, name), NULL, 10);
}

unsigned long vrrp_nb_standby_metric(const struct lyd_node *group)
{
	return number(vrrp_nb_child(group, "standby-route"), "metric");
}

unsigned long vrrp_nb_active_metric(const struct lyd_node *group)
{
	return number(vrrp_nb_child(group, "announce"), "metric");
}

bool vrrp_nb_is_healthy(const struct lyd_node *group)
{
	return strmatch(vrrp_nb_value(group, "announce-when"), "healthy");
}

/* The default is for all placements: on a LAN it has no effect. */
static unsigned long configured_drain(const struct lyd_node *group)
{
	const struct lyd_node *drain = vrrp_nb_child(group, "drain");

	return drain && !yang_dnode_is_default(drain, NULL) ? number(group, "drain") : 0;
}

bool vrrp_check_off_lan(const struct vrrp_scope *scope, char *reason, size_t size)
{
	const struct lyd_node *group = scope->group;

	return vrrp_check_drain(scope, configured_drain(group), reason, size) &&
	       vrrp_check_settle(scope, number(group, "preempt-settle"), reason, size) &&
	       vrrp_check_healthy(scope, vrrp_nb_is_healthy(group), vrrp_nb_standby_metric(group),
				  reason, size) &&
	       vrrp_check_standby(scope, vrrp_nb_standby_metric(group),
				  vrrp_nb_active_metric(group), reason, size);
}
