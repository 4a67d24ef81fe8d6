/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of virtual routers and of the daemon: "show vrrp statistics", and as JSON for others. */
#ifndef VRRP_VTY_STATISTICS_H
#define VRRP_VTY_STATISTICS_H

#include "json.h"

#include "vrrp_filter.h"
#include "vrrp_group.h"

/* New objects, the caller's. RFC 8347 has no names for the keys of the filter. */
struct json_object *vrrp_vty_json_statistics(const struct vrrp_stats *stats);
struct json_object *vrrp_vty_json_filter(const struct vrrp_filter_status *filter);

/* Called by vrrp_vty_init(). */
void vrrp_vty_statistics_init(void);

#endif /* VRRP_VTY_STATISTICS_H */
