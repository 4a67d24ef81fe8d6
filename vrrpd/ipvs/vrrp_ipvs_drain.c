// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Portals of services with masqueraded servers outlast their VIP for some seconds.
 *
 * When the VIP has left, answers of servers still pass this router, until their gateway has
 * moved as well and all servers have learnt of it. They must be translated, or the client
 * resets its connection. With the last service of an address family the kernel removes all
 * hooks of IPVS, and translates nothing. Packets to the VIP no longer arrive here, since the
 * address is gone, so no new connection is balanced meanwhile.
 *
 * With direct routing and tunnels no answers pass this router, and a service that stays
 * would balance packets that the new director has balanced already: those are removed at
 * once.
 */
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "darr.h"

/* Enough for a Backup's skew time with intervals of a second, and gratuitous ARP. */
#define DRAIN_USEC (3 * VRRP_USEC_PER_SEC)

static struct event *t_drained;

static bool masquerades(const struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (service->servers[i]->forward == NL_IPVS_MASQUERADE)
			return true;
	return service->conf.sorry && service->conf.sorry->forward == NL_IPVS_MASQUERADE;
}

static bool is_draining(const struct vrrp_portal *portal)
{
	return portal->drain_until > vrrp_now();
}

bool vrrp_service_is_draining(const struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->portals, i)
		if (is_draining(service->portals[i]) && !vrrp_portal_is_wanted(service->portals[i]))
			return true;
	return false;
}

static void on_drained(struct event *event)
{
	const struct vrrp_portal *portal;
	vrrp_usec_t next = 0;

	for (portal = vrrp_portal_next(NULL); portal; portal = vrrp_portal_next(&portal->key)) {
		if (is_draining(portal))
			next = next ? MIN(next, portal->drain_until) : portal->drain_until;
		else if (portal->drain_until)
			vrrp_service_touch(portal->service);
	}
	if (next)
		event_add_timer_msec(master, on_drained, NULL, (next - vrrp_now()) / 1000 + 1,
				     &t_drained);
}

void vrrp_portal_loses_vip(struct vrrp_portal *portal)
{
	if (!portal->programmed || !masquerades(portal->service))
		return;
	portal->drain_until = vrrp_now() + DRAIN_USEC;
	if (!t_drained)
		event_add_timer_msec(master, on_drained, NULL, DRAIN_USEC / 1000 + 1, &t_drained);
}

bool vrrp_portal_is_kept(struct vrrp_portal *portal)
{
	if (!is_draining(portal))
		portal->drain_until = 0;
	return portal->drain_until || vrrp_portal_is_wanted(portal);
}

/* Waits after the event loop has ended, when all other messages have been sent. */
void vrrp_ipvs_drain_stop(void)
{
	const struct vrrp_portal *portal;
	vrrp_usec_t now = vrrp_now(), until = now;
	struct timespec wait;

	event_cancel(&t_drained);
	for (portal = vrrp_portal_next(NULL); portal; portal = vrrp_portal_next(&portal->key))
		until = MAX(until, portal->drain_until);
	wait.tv_sec = (until - now) / VRRP_USEC_PER_SEC;
	wait.tv_nsec = (until - now) % VRRP_USEC_PER_SEC * 1000;
	while (nanosleep(&wait, &wait) < 0 && errno == EINTR)
		;
}
