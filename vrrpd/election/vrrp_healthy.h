/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "vrrp N announce when healthy": a Backup has its VIPs as the Active router has, while nothing that
 * it tracks is down. One that is held has nothing, and neither has one whose priority tracking has
 * lowered; an Active router has its VIPs in any case.
 */
#ifndef VRRP_HEALTHY_H
#define VRRP_HEALTHY_H

#include "vrrp_group.h"

/*
 * Its state, its configuration or what it tracks may have changed. One that gives its VIPs up as
 * planned drains them: another router, the Active one, has them too.
 */
void vrrp_healthy_look(struct vrrp_router *router);

#endif /* VRRP_HEALTHY_H */
