// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting. systemd-networkd, when it starts, removes the addresses of a link and adds them
 * again. An Active router that left the election for that moment would move the VIPs twice.
 * No Backup takes over before three intervals without an advertisement, so it may stay until
 * then. A Backup leaves at once, since without its source it cannot hear the Active router.
 *
 * Another source. Peers accept only advertisements from configured addresses, and send to
 * them. So after a change the address that peers knew is remembered until a peer has been
 * heard. This does not apply to a router that never was in the election.
 */
#include "vrrp_source.h"

#include "lib/darr.h"

#include "vrrp_host.h"
#include "vrrp_log.h"
#include "vrrp_warning.h"

/* A restart of networking takes no longer than this. */
#define GRACE_USEC (3 * VRRP_USEC_PER_SEC)

/* --- waiting ----------------------------------------------------------------- */

static void on_grace_over(struct vrrp_alarm *alarm)
{
	struct vrrp_router *router = container_of(alarm, struct vrrp_router, source_state.grace);

	router->source_state.waited = true;
	vrrp_recheck(router);
}

bool vrrp_source_is_awaited(const struct vrrp_router *router)
{
	return router->source_state.grace.deadline != 0;
}

/*
 * True while an Active router waits for its source, since other routers do not miss it yet: it
 * sends nothing, and is rechecked after GRACE_USEC, or three intervals after the last
 * advertisement if that is sooner.
 */
static bool may_wait(struct vrrp_router *router)
{
	const struct vrrp_fsm *fsm = &router->fsm;
	vrrp_usec_t interval = router->fsm_config.interval_cs * VRRP_USEC_PER_CS;
	vrrp_usec_t missed = fsm->timer[VRRP_TIMER_ADVERT].deadline + 2 * interval;

	if (vrrp_source_is_awaited(router))
		return true;
	if (fsm->state != VRRP_ACTIVE || router->source_state.waited)
		return false;
	router->source_state.grace.expire = on_grace_over;
	vrrp_alarm_set(&router->source_state.grace, MIN(missed, vrrp_now() + GRACE_USEC));
	return true;
}

bool vrrp_source_look(struct vrrp_router *router)
{
	struct vrrp_addr source = vrrp_host_source(router);
	bool lacks = !vrrp_addr_is_set(&source);

	if (lacks && !vrrp_hold_before(&router->holds, VRRP_HOLD_SOURCE) && may_wait(router))
		return false;
	vrrp_hold_set(&router->holds, VRRP_HOLD_SOURCE, lacks);
	return true;
}

bool vrrp_source_await_no_more(struct vrrp_router *router)
{
	bool was_awaited = vrrp_source_is_awaited(router);

	vrrp_alarm_cancel(&router->source_state.grace);
	router->source_state.waited = false;
	return was_awaited;
}

/* --- another source ------------------------------------------------------------ */

static bool has_heard_since(const struct vrrp_router *router, vrrp_usec_t then)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (peer->heard > then)
			return true;
	return false;
}

static bool is_unanswered(const struct vrrp_router *router)
{
	const struct vrrp_source_state *state = &router->source_state;

	return state->moved && vrrp_router_is_unicast(router) &&
	       !has_heard_since(router, state->moved);
}

/* True when an Active peer would have been heard by now. */
static bool is_silence(const struct vrrp_router *router)
{
	vrrp_usec_t interval = router->group->applied.interval_cs * VRRP_USEC_PER_CS;

	return is_unanswered(router) && vrrp_now() >= router->source_state.moved + 3 * interval;
}

static void note_move(struct vrrp_router *router, const struct vrrp_addr *from,
		      const struct vrrp_addr *to)
{
	struct vrrp_source_state *state = &router->source_state;
	char then[VRRP_ADDR_STRLEN], now[VRRP_ADDR_STRLEN];

	if (vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_notice("%pVR: sends from %s now, no more from %s%s", router,
			    vrrp_addr_str(to, now), vrrp_addr_str(from, then),
			    vrrp_router_is_unicast(router)
				    ? ": routers that have the latter as their peer do not hear it"
				    : "");
	if (!is_unanswered(router))
		state->before = *from;
	state->moved = vrrp_addr_same(&state->before, to) ? 0 : vrrp_now();
}

void vrrp_source_use(struct vrrp_router *router, const struct vrrp_addr *source)
{
	struct vrrp_addr last = router->source_state.last;

	router->source = *source;
	router->source_state.last = *source;
	if (router->fsm.reason != VRRP_REASON_NONE && vrrp_addr_is_set(&last) &&
	    !vrrp_addr_same(&last, source))
		note_move(router, &last, source);
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_source_state *state = &router->source_state;
	char before[VRRP_ADDR_STRLEN], now[VRRP_ADDR_STRLEN];

	if (is_silence(router))
		vrrp_sentence_add(sentences,
				  "it has sent from %s instead of %s for %u s, and no peer has been heard since: routers that have the latter as their peer do not hear it",
				  vrrp_addr_str(&state->last, now),
				  vrrp_addr_str(&state->before, before),
				  (unsigned int)((vrrp_now() - state->moved) / VRRP_USEC_PER_SEC));
	return 0;
}

void vrrp_source_init(void)
{
	hook_register(vrrp_warnings, warn);
}
