// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each router that looks for claimants has an alarm for its next requests. One function
 * receives all that is heard, and finds the router by address and link. The list of addresses
 * to listen for is rebuilt before the next request, not at each change, so that many routers
 * which become Active together rebuild it once.
 */
#include "vrrp_claimant.h"

#include "lib/darr.h"
#include "vrf.h"

#include "vrrp_garp.h"
#include "vrrp_log.h"
#include "vrrp_neighbour.h"
#include "vrrp_tick.h"
#include "vrrp_trouble.h"
#include "vrrp_vip.h"
#include "vrrp_vmac.h"
#include "vrrp_zebra_link.h"

/* RFC 5227 section 1.1: number of first requests, their distance, and DEFEND_INTERVAL. */
#define FIRST_ONES 3
#define FIRST_GAP  VRRP_USEC_PER_SEC
#define DEFEND_GAP (10 * VRRP_USEC_PER_SEC)

/* The least time between two rebuilds of the list of addresses to listen for. */
#define LISTEN_GAP (VRRP_USEC_PER_SEC / 10)

#define GAP	      (60 * VRRP_USEC_PER_SEC)
#define TROUBLE_LASTS (3 * DEFEND_GAP + 5 * VRRP_USEC_PER_SEC)
/* Time after which another router that has heard us has removed its VIPs. */
#define GIVE_WAY (2 * VRRP_USEC_PER_SEC)

static unsigned int watched; /* routers */
static bool is_changed;	     /* their VIPs, since ... */
static vrrp_usec_t listened; /* ... the list of addresses was built; 0 = never */

/* ------------------------------------------------------------------------------ hearing */

static bool is_of_this_host(const struct vrrp_router *router, const uint8_t mac[ETH_ALEN])
{
	struct vrf *vrf = router->group->ifp->vrf;
	struct interface *ifp;

	if (!memcmp(mac, vrrp_group_mac(router->group), ETH_ALEN))
		return true;
	FOR_ALL_INTERFACES (vrf, ifp)
		if (ifp->hw_addr_len == ETH_ALEN && !memcmp(mac, ifp->hw_addr, ETH_ALEN))
			return true;
	return false;
}

static bool is_claim(const struct vrrp_router *router, const uint8_t mac[ETH_ALEN], vrrp_usec_t now)
{
	uint8_t vmac[ETH_ALEN];

	vrrp_vmac_address(router, vmac);
	return now >= router->claimant.others_until && memcmp(mac, vmac, ETH_ALEN) &&
	       !is_of_this_host(router, mac);
}

static void defend(struct vrrp_router *router, vrrp_usec_t now)
{
	router->claimant.defended = now;
	vrrp_garp_all(router);
	vrrp_tick_soon();
}

/* Time after which another router that has just become Active has been heard. */
static vrrp_usec_t believed_from(const struct vrrp_router *router)
{
	vrrp_usec_t interval = router->fsm_config.interval_cs * VRRP_USEC_PER_CS;

	return router->claimant.since + GIVE_WAY + interval;
}

/* Pause that ends a row of claims: a host that only answers is silent until the next request. */
static vrrp_usec_t row_lasts(const struct vrrp_router *router)
{
	vrrp_usec_t asked = believed_from(router) - router->claimant.since + FIRST_GAP;

	return MAX(TROUBLE_LASTS, asked);
}

/*
 * Records a claim. The first of a row schedules a request for the time when a claim will be
 * believed. True when it is believed already.
 */
static bool is_confirmed(struct vrrp_router *router, vrrp_usec_t now)
{
	struct vrrp_router_claimant *claimant = &router->claimant;
	bool is_first = !claimant->since || now > claimant->heard + row_lasts(router);

	claimant->heard = now;
	if (is_first) {
		claimant->since = now;
		vrrp_alarm_set(&claimant->alarm, believed_from(router));
	}
	return now >= believed_from(router);
}

/* True while claims go on, believed or not, since hosts have heard them. */
static bool is_lasting(const struct vrrp_router *router, vrrp_usec_t now)
{
	const struct vrrp_router_claimant *claimant = &router->claimant;

	return claimant->since && now < claimant->heard + TROUBLE_LASTS;
}

static void note_claim(struct vrrp_router *router, vrrp_usec_t now)
{
	struct vrrp_router_claimant *claimant = &router->claimant;

	if (claimant->defended && now < claimant->defended + DEFEND_GAP)
		return;
	defend(router, now);
	vrrp_alarm_set(&claimant->alarm, now + DEFEND_GAP);
}

/* Reports a claimant; each VIP has a trouble of its own. */
static void report(struct vrrp_router *router, unsigned int index, const uint8_t mac[ETH_ALEN])
{
	unsigned int kind = VRRP_TROUBLE_CLAIMANT + index;
	char text[VRRP_ADDR_STRLEN];

	if (!vrrp_trouble_seen(router, kind, TROUBLE_LASTS))
		return;
	vrrp_trouble_say(router, kind,
			 "another host on %s has %s, with MAC address %02x:%02x:%02x:%02x:%02x:%02x",
			 router->group->ifp->name, vrrp_addr_str(&router->vips[index], text),
			 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void on_heard(int ifindex, const struct vrrp_addr *address, const uint8_t mac[ETH_ALEN])
{
	const struct interface *ifp = vrrp_zebra_interface(ifindex);
	struct vrrp_group *group = ifp ? vrrp_vip_group_on(address, ifp->name) : NULL;
	struct vrrp_router *router = group ? vrrp_group_router(group, address->family) : NULL;
	vrrp_usec_t now = vrrp_now();
	unsigned int i;

	if (!router || group->ifp != ifp || !router->claimant.alarm.deadline ||
	    !is_claim(router, mac, now) || !is_confirmed(router, now))
		return;
	darr_foreach_i (router->vips, i)
		if (vrrp_addr_same(&router->vips[i], address)) {
			note_claim(router, now);
			report(router, i, mac);
		}
}

/* ------------------------------------------------------------------------------- asking */

static bool is_wanted(const struct vrrp_router *router)
{
	const struct interface *ifp = router->group->ifp;
	bool is_elsewhere = ifp->vrf && ifp->vrf->vrf_id != VRF_DEFAULT && vrf_is_backend_netns();

	return router->addresses_up && !is_elsewhere && !if_is_loopback(ifp) &&
	       ifp->hw_addr_len == ETH_ALEN && vrrp_router_is_on_lan(router);
}

static void add_vips(struct vrrp_addr **vips, const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	if (is_wanted(router))
		darr_foreach_p (router->vips, vip)
			*darr_append(*vips) = *vip;
}

static void listen_anew(void)
{
	struct vrrp_addr *vips = NULL; /* darr */
	struct vrrp_group *group;
	int error;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		add_vips(&vips, &group->v4);
		add_vips(&vips, &group->v6);
	}
	error = vrrp_neighbour_listen(vips, darr_len(vips), on_heard);
	darr_free(vips);
	is_changed = error;
	listened = vrrp_now();
	if (error && vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("vrrp: cannot look for hosts with a virtual address: %s",
			  safe_strerror(-error));
}

static void ask(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	if (is_changed)
		listen_anew();
	if (!is_changed)
		darr_foreach_p (router->vips, vip)
			(void)vrrp_neighbour_probe(router->group->ifp->ifindex,
						   vrrp_group_mac(router->group), vip);
}

static void on_due(struct vrrp_alarm *alarm)
{
	struct vrrp_router *router = container_of(alarm, struct vrrp_router, claimant.alarm);
	struct vrrp_router_claimant *claimant = &router->claimant;
	vrrp_usec_t now = vrrp_now(), gap = GAP;
	vrrp_usec_t may = is_changed && listened ? listened + LISTEN_GAP : 0;

	may = MAX(may, claimant->others_until);
	if (now < may) {
		vrrp_alarm_set(alarm, may);
		return;
	}
	ask(router);
	claimant->asked += claimant->asked < FIRST_ONES;
	if (is_lasting(router, now)) {
		gap = DEFEND_GAP;
		defend(router, now); /* the claimant may have gone just now */
	} else if (claimant->asked < FIRST_ONES) {
		gap = FIRST_GAP;
	}
	vrrp_alarm_set(alarm, now + gap);
}

static void ask_soon(struct vrrp_router *router)
{
	router->claimant.asked = 0;
	vrrp_alarm_set(&router->claimant.alarm, MAX(vrrp_now(), router->claimant.others_until));
}

/* ------------------------------------------------------------------------ begin and end */

/* Starts; an owner believes no claim at first, since it has not listened before. */
static void start(struct vrrp_router *router)
{
	struct vrrp_router_claimant *claimant = &router->claimant;

	if (router->fsm.reason == VRRP_REASON_OWNER)
		claimant->others_until = MAX(claimant->others_until, vrrp_now() + GIVE_WAY);
	claimant->since = claimant->heard = claimant->defended = 0;
	claimant->alarm.expire = on_due;
	is_changed = true;
	watched++;
	ask_soon(router);
}

static void stop(struct vrrp_router *router)
{
	vrrp_alarm_cancel(&router->claimant.alarm);
	is_changed = true;
	if (!--watched)
		vrrp_neighbour_listen(NULL, 0, on_heard);
}

void vrrp_claimant_look(struct vrrp_router *router)
{
	bool runs = router->claimant.alarm.deadline != 0;

	if (is_wanted(router) && !runs)
		start(router);
	else if (!is_wanted(router) && runs)
		stop(router);
}

void vrrp_claimant_vip(struct vrrp_router *router)
{
	if (!router->claimant.alarm.deadline)
		return;
	is_changed = true;
	ask_soon(router);
}

void vrrp_claimant_heard(struct vrrp_router *router, const struct vrrp_advert *advert)
{
	vrrp_usec_t interval = advert->interval_cs * VRRP_USEC_PER_CS, stays = 0;

	if (advert->priority != VRRP_PRIORITY_RELEASE)
		stays = MAX(vrrp_global.address_lease_sec * VRRP_USEC_PER_SEC, 3 * interval);
	router->claimant.others_until = vrrp_now() + stays + GIVE_WAY;
	router->claimant.since = 0;
	if (router->claimant.alarm.deadline)
		ask_soon(router);
}
