// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each virtual router has one alarm for all its reasons to announce again, set for the earliest of
 * them. Due announcements are passed to vrrp_garp_all(), which sends them at the end of the tick.
 */
#include "vrrp_repeat.h"

#include "nl_link.h"
#include "vrrp_garp.h"
#include "vrrp_tick.h"
#include "vrrp_zebra_link.h"

#define REFRESH_FIRST (5 * VRRP_USEC_PER_SEC)
#define REFRESH_MAX   (60 * VRRP_USEC_PER_SEC)
/* Least time between announcements that other hosts can cause. */
#define CAUSED_GAP VRRP_USEC_PER_SEC
/* Least pause between announcements during a lease; and from its end to the last one. */
#define LEASE_GAP (2 * VRRP_USEC_PER_SEC)

static void on_due(struct vrrp_alarm *alarm);

static void arm(struct vrrp_router *router)
{
	struct vrrp_repetition *repeat = &router->repeat;
	vrrp_usec_t first = 0;

	for (unsigned int i = 0; i < VRRP_REPEATS; i++)
		if (repeat->due[i] && (!first || repeat->due[i] < first))
			first = repeat->due[i];
	repeat->alarm.expire = on_due;
	if (first)
		vrrp_alarm_set(&repeat->alarm, first);
	else
		vrrp_alarm_cancel(&repeat->alarm);
}

static void announce(struct vrrp_router *router)
{
	router->repeat.announced = vrrp_now();
	vrrp_garp_all(router);
	vrrp_tick_soon();
}

/* ------------------------------------------------------------------------ by the clock */

static void plan_refresh(struct vrrp_repetition *repeat, vrrp_usec_t now)
{
	repeat->due[VRRP_REPEAT_REFRESH] = now + repeat->pause;
	repeat->pause = MIN(2 * repeat->pause, REFRESH_MAX);
}

/*
 * A lease is renewed when a third of it is left (vrrp_address_lease in commands.md), so
 * the addresses of a router that has just died go between that and the whole of it.
 */
static void plan_lease(struct vrrp_repetition *repeat, vrrp_usec_t now)
{
	vrrp_usec_t lease = vrrp_global.address_lease_sec * VRRP_USEC_PER_SEC;

	repeat->due[VRRP_REPEAT_LEASE] = lease ? now + lease / 3 : 0;
	repeat->lease_gap = MAX(lease / 12, LEASE_GAP);
	repeat->lease_end = now + lease + LEASE_GAP; /* the kernel may be late by this time */
}

static void plan_lease_again(struct vrrp_repetition *repeat, vrrp_usec_t now)
{
	bool has_ended = now > repeat->lease_end;

	repeat->due[VRRP_REPEAT_LEASE] = has_ended ? 0 : now + repeat->lease_gap;
}

static bool take(struct vrrp_repetition *repeat, enum vrrp_repeat_reason reason, vrrp_usec_t now)
{
	if (!repeat->due[reason] || repeat->due[reason] > now)
		return false;
	repeat->due[reason] = 0;
	return true;
}

static void on_due(struct vrrp_alarm *alarm)
{
	struct vrrp_router *router = container_of(alarm, struct vrrp_router, repeat.alarm);
	struct vrrp_repetition *repeat = &router->repeat;
	vrrp_usec_t now = vrrp_now();

	if (take(repeat, VRRP_REPEAT_REFRESH, now))
		plan_refresh(repeat, now);
	if (take(repeat, VRRP_REPEAT_LEASE, now))
		plan_lease_again(repeat, now);
	take(repeat, VRRP_REPEAT_RIVAL, now);
	announce(router);
	arm(router);
}

static void note_mac(struct vrrp_group *group, const uint8_t mac[ETH_ALEN])
{
	memmove(group->mac, mac, ETH_ALEN);
	group->mac_of = group->ifp->ifindex;
}

void vrrp_repeat_start(struct vrrp_router *router)
{
	struct vrrp_repetition *repeat = &router->repeat;
	vrrp_usec_t now = vrrp_now();

	note_mac(router->group, vrrp_group_mac(router->group));

	repeat->announced = now;
	repeat->pause = REFRESH_FIRST;
	plan_refresh(repeat, now);
	if (router->fsm.reason == VRRP_REASON_NO_RESPONSE)
		plan_lease(repeat, now);
	arm(router);
}

void vrrp_repeat_stop(struct vrrp_router *router)
{
	memset(router->repeat.due, 0, sizeof(router->repeat.due));
	arm(router);
}

/* ------------------------------------------------------------------------ another Active */

/* Announces now, or as soon as the limit allows. */
static void announce_soon(struct vrrp_router *router)
{
	struct vrrp_repetition *repeat = &router->repeat;

	if (vrrp_now() >= repeat->announced + CAUSED_GAP) {
		repeat->due[VRRP_REPEAT_RIVAL] = 0;
		announce(router);
	} else {
		repeat->due[VRRP_REPEAT_RIVAL] = repeat->announced + CAUSED_GAP;
	}
}

void vrrp_repeat_rival(struct vrrp_router *router, const struct vrrp_advert *advert)
{
	struct vrrp_repetition *repeat = &router->repeat;
	bool is_new = !repeat->due[VRRP_REPEAT_RIVAL];
	vrrp_usec_t interval = advert->interval_cs * VRRP_USEC_PER_CS, silence;

	if (is_new || advert->priority == VRRP_PRIORITY_RELEASE)
		announce_soon(router);
	if (advert->priority != VRRP_PRIORITY_RELEASE) {
		silence = vrrp_now() + interval + interval / 2;
		repeat->due[VRRP_REPEAT_RIVAL] = MAX(silence, repeat->announced + CAUSED_GAP);
	}
	arm(router);
}

/* -------------------------------------------------------------------- another MAC address */

void vrrp_repeat_on_link(const struct nl_link *link)
{
	const struct interface *ifp = link->ethernet ? vrrp_zebra_interface(link->ifindex) : NULL;
	struct vrrp_group *group = ifp ? vrrp_group_first_on(ifp) : NULL;

	for (; group; group = vrrp_group_next_on(ifp, group)) {
		if (!memcmp(vrrp_group_mac(group), link->mac, ETH_ALEN))
			continue;
		note_mac(group, link->mac);
		if (group->v4.addresses_up)
			announce(&group->v4);
		if (group->v6.addresses_up)
			announce(&group->v6);
	}
}
