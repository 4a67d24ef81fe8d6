// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "ipvs sync-daemon ... settle": a director that comes back lets its backup thread learn
 * connections before it preempts.
 *
 * Nothing is stored: the answer follows from the configuration, the services and the start of the
 * thread. What may change it has the virtual routers rechecked by an event, once for all changes of
 * a transaction, and so does the end of the time.
 */
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "darr.h"

#include "vrrp_log.h"

static struct event *t_recheck;

/* The seconds that the thread is to listen; 0: no one waits for it. */
static unsigned int settle_sec(void)
{
	return *vrrp_ipvs_global.sync_ifname ? vrrp_ipvs_global.sync_settle_sec : 0;
}

static vrrp_usec_t end_of_learning(void)
{
	vrrp_usec_t since = vrrp_ipvs_sync_listens_since();

	return since ? since + settle_sec() * VRRP_USEC_PER_SEC : UINT64_MAX;
}

static bool has_services(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	if (vrrp_portals_in(VRRP_SERVICE_MARKED))
		return true;
	darr_foreach_p (router->vips, vip)
		if (vrrp_portal_next_on_vip(NULL, vip))
			return true;
	return false;
}

/* One that has its VIPs already, since it is about to preempt or serves as a Backup, has learned. */
bool vrrp_ipvs_is_learning(const struct vrrp_router *router)
{
	return settle_sec() && !vrrp_router_has_vips(router) && vrrp_now() < end_of_learning() &&
	       has_services(router);
}

unsigned int vrrp_ipvs_learning_sec(void)
{
	vrrp_usec_t now = vrrp_now(), end = end_of_learning();

	if (!settle_sec() || end == UINT64_MAX || end <= now)
		return 0;
	return (end - now + VRRP_USEC_PER_SEC - 1) / VRRP_USEC_PER_SEC;
}

/* --------------------------------------------------------------- rechecking */

static void on_recheck(struct event *event)
{
	vrrp_usec_t now = vrrp_now(), end = end_of_learning();

	if (end != UINT64_MAX &&
	    end > now) /* a millisecond more, as the loop's clock may be behind */
		event_add_timer_msec(master, on_recheck, NULL, (end - now) / 1000 + 1, &t_recheck);
	vrrp_recheck_all();
}

static int on_change(void)
{
	static bool was_wanted;

	if (!settle_sec() && !was_wanted)
		return 0;
	was_wanted = settle_sec() != 0;
	event_cancel(&t_recheck);
	event_add_event(master, on_recheck, NULL, 0, &t_recheck);
	return 0;
}

/* ----------------------------------------------------------------- sentences */

static bool is_kept_from_preempting(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_BACKUP && router->group->applied.preempt &&
	       router->fsm.active_priority < router->fsm_config.priority &&
	       vrrp_ipvs_is_learning(router);
}

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (!is_kept_from_preempting(router))
		return 0;
	if (vrrp_ipvs_sync_listens_since())
		vrrp_sentence_add(sentences,
				  "learns connections on %s first: does not preempt for %u s",
				  vrrp_ipvs_global.sync_ifname, vrrp_ipvs_learning_sec());
	else
		vrrp_sentence_add(sentences,
				  "does not preempt, since it cannot learn connections on %s: %s",
				  vrrp_ipvs_global.sync_ifname,
				  vrrp_ipvs_error_text(vrrp_ipvs_sync_error()));
	return 0;
}

void vrrp_ipvs_learn_init(void)
{
	hook_register(vrrp_services_changed, on_change);
	hook_register(vrrp_ipvs_sync_changed, on_change);
	hook_register(vrrp_warnings, on_warnings);
}

void vrrp_ipvs_learn_stop(void)
{
	event_cancel(&t_recheck);
}
