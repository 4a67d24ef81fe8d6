// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peer->liveness is memory of its own: peers move, and its watch is in a list. It is made anew when
 * what it was begun for is no longer what is wanted.
 */
#include "vrrp_liveness.h"

#include "lib/darr.h"
#include "memory.h"

#include "vrrp_bfd.h"
#include "vrrp_bfdd.h"
#include "vrrp_convert.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_warning.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_LIVENESS, "VRRP BFD session of a peer");

struct vrrp_liveness {
	struct vrrp_bfd_watch watch;
	struct vrrp_router *router;
	struct vrrp_addr peer;
};

static vrrp_peer_down_fn peer_down;

static const struct vrrp_bfd_conf *conf_of(const struct vrrp_router *router)
{
	return &router->group->applied.bfd;
}

static struct vrrp_bfd_ends ends_of(const struct vrrp_router *router, const struct vrrp_addr *peer)
{
	return (struct vrrp_bfd_ends){
		.vrf_id = router->group->ifp->vrf->vrf_id,
		.source = vrrp_addr_prefix(&router->source),
		.peer = vrrp_addr_prefix(peer),
	};
}

static void on_changed(struct vrrp_bfd_watch *watch, bool has_failed)
{
	struct vrrp_liveness *liveness = container_of(watch, struct vrrp_liveness, watch);
	char peer[VRRP_ADDR_STRLEN];

	if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_info("%pVR: BFD session with %s: %s", liveness->router,
			  vrrp_addr_str(&liveness->peer, peer),
			  vrrp_bfd_state_name(vrrp_bfd_state(watch)));
	if (has_failed)
		peer_down(liveness->router, &liveness->peer, conf_of(liveness->router)->is_strict);
}

static bool may_have(const struct vrrp_router *router, const struct vrrp_addr *peer)
{
	return conf_of(router)->is_on && !vrrp_addr_is_linklocal(peer);
}

static bool is_good(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	struct vrrp_bfd_ends ends = ends_of(router, &peer->address);

	return may_have(router, &peer->address) &&
	       vrrp_bfd_is_of(&peer->liveness->watch, &ends, conf_of(router)->profile);
}

static void end(struct vrrp_liveness **liveness)
{
	if (!*liveness)
		return;
	vrrp_bfd_end(&(*liveness)->watch);
	XFREE(MTYPE_VRRP_LIVENESS, *liveness);
}

void vrrp_liveness_end(struct vrrp_peer *peer)
{
	end(&peer->liveness);
}

static void begin(struct vrrp_router *router, struct vrrp_peer *peer)
{
	struct vrrp_bfd_ends ends = ends_of(router, &peer->address);
	struct vrrp_liveness *liveness = XCALLOC(MTYPE_VRRP_LIVENESS, sizeof(*liveness));

	liveness->router = router;
	liveness->peer = peer->address;
	liveness->watch.changed = on_changed;
	peer->liveness = liveness;
	vrrp_bfd_begin(&liveness->watch, &ends, conf_of(router)->profile);
}

void vrrp_liveness_follow(struct vrrp_router *router)
{
	struct vrrp_liveness *old;
	struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer) {
		old = peer->liveness;
		if (old && is_good(router, peer))
			continue;
		peer->liveness = NULL;
		if (may_have(router, &peer->address))
			begin(router, peer);
		end(&old); /* after that, so that a session with another profile stays */
	}
}

void vrrp_liveness_forget(struct vrrp_router *router)
{
	struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		vrrp_liveness_end(peer);
}

const char *vrrp_liveness_state(const struct vrrp_peer *peer)
{
	return peer->liveness ? vrrp_bfd_state_name(vrrp_bfd_state(&peer->liveness->watch)) : NULL;
}

/* ----------------------------------------------------------------------- warnings */

static void warn_of_state(const struct vrrp_liveness *liveness, struct vrrp_sentences *warnings)
{
	char peer[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&liveness->peer, peer);
	switch (vrrp_bfd_state(&liveness->watch)) {
	case VRRP_BFD_ADMIN_DOWN:
		vrrp_sentence_add(warnings, "the BFD session with %s is shut down in bfdd", peer);
		break;
	case VRRP_BFD_DOWN:
		vrrp_sentence_add(warnings, "the BFD session with %s is down", peer);
		break;
	case VRRP_BFD_UNKNOWN:
	case VRRP_BFD_UP:
		break;
	}
}

static void warn_of_profile(const struct vrrp_liveness *liveness, struct vrrp_sentences *warnings)
{
	const char *wanted = conf_of(liveness->router)->profile;
	const char *has = vrrp_bfd_profile(&liveness->watch);
	char peer[VRRP_ADDR_STRLEN];

	if (vrrp_bfdd_lacks(has))
		vrrp_sentence_add(warnings,
				  "bfdd has no profile %s: the session with %s goes by its defaults",
				  has, vrrp_addr_str(&liveness->peer, peer));
	if (!strmatch(wanted, has))
		vrrp_sentence_add(warnings,
				  "the BFD session with %s has profile %s, which another group with the same source and peer wants",
				  vrrp_addr_str(&liveness->peer, peer), has);
}

static void warn_of_peer(const struct vrrp_peer *peer, struct vrrp_sentences *warnings)
{
	char text[VRRP_ADDR_STRLEN];

	if (vrrp_addr_is_linklocal(&peer->address))
		vrrp_sentence_add(warnings,
				  "there is no BFD session with %s, since its address is link-local",
				  vrrp_addr_str(&peer->address, text));
	if (!peer->liveness)
		return;
	warn_of_state(peer->liveness, warnings);
	warn_of_profile(peer->liveness, warnings);
}

static bool has_session(const struct vrrp_router *router)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (peer->liveness)
			return true;
	return false;
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	const struct vrrp_peer *peer;

	if (!conf_of(router)->is_on || !vrrp_router_is_configured(router))
		return 0;
	if (!vrrp_router_is_unicast(router))
		vrrp_sentence_add(warnings, "bfd has no effect on a group without a peer");
	if (has_session(router) && !vrrp_bfdd_runs())
		vrrp_sentence_add(warnings, "bfdd does not run, so no BFD session works");
	darr_foreach_p (router->peers, peer)
		warn_of_peer(peer, warnings);
	return 0;
}

void vrrp_liveness_init(vrrp_peer_down_fn handler)
{
	peer_down = handler;
	hook_register(vrrp_warnings, warn);
}
