// SPDX-License-Identifier: GPL-2.0-or-later
/* State: group->had_peer, which vrrp_group_peer_add() sets, and whether a lack was logged. */
#include "vrrp_delivery.h"

#include "lib/darr.h"

#include "vrrp_log.h"
#include "vrrp_warning.h"

#define SENTENCE_SIZE 256

bool vrrp_delivery_lacks_peers(const struct vrrp_router *router)
{
	return vrrp_router_is_unicast(router) && !darr_len(router->peers);
}

bool vrrp_delivery_needs_peer(const struct vrrp_router *router)
{
	return !vrrp_placement_is_lan(router->group->conf.placement);
}

void vrrp_delivery_note_lan(struct vrrp_group *group)
{
	if (vrrp_placement_is_lan(group->applied.placement) && !darr_len(group->v4.peers) &&
	    !darr_len(group->v6.peers))
		group->had_peer = false;
}

static const char *family_name(enum vrrp_family family)
{
	return family == VRRP_IPV4 ? "IPv4" : "IPv6";
}

/* The reason why the family is unicast though it has no peer. */
static const char *why_unicast(const struct vrrp_router *router)
{
	const struct vrrp_group *group = router->group;

	if (darr_len(group->v4.peers))
		return "a group with an IPv4 peer is unicast in both families";
	if (darr_len(group->v6.peers))
		return "a group with an IPv6 peer is unicast in both families";
	return "a group that has had a peer does not go on by multicast";
}

/* The sentence about a missing peer; "" when none is missing. */
static const char *what_it_lacks(const struct vrrp_router *router, char *buf, size_t size)
{
	unsigned int vrid = router->group->vrid;

	buf[0] = '\0';
	if (vrrp_delivery_lacks_peers(router) && darr_len(router->vips))
		snprintf(buf, size,
			 "it has no %s peer, and %s: \"vrrp %u peer %s\" is missing, or, if a LAN is meant, \"vrrp %u placement vmac\"",
			 family_name(router->family), why_unicast(router), vrid,
			 router->family == VRRP_IPV4 ? "A.B.C.D" : "X:X::X:X", vrid);
	return buf;
}

void vrrp_delivery_look(struct vrrp_router *router)
{
	bool lacks = vrrp_delivery_lacks_peers(router);
	bool is_shown = lacks && !vrrp_hold_before(&router->holds, VRRP_HOLD_NO_PEERS);
	bool is_news = is_shown && !router->lack_is_told;
	char text[SENTENCE_SIZE];

	vrrp_hold_set(&router->holds, VRRP_HOLD_NO_PEERS, lacks);
	router->lack_is_told = is_shown;
	if (is_news && vrrp_log_allowed(VRRP_LOG_TRANSITION))
		zlog_warn("%pVR: %s", router, what_it_lacks(router, text, sizeof(text)));
}

static int add_sentence(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	char text[SENTENCE_SIZE];

	if (*what_it_lacks(router, text, sizeof(text)))
		vrrp_sentence_add(sentences, "%s", text);
	return 0;
}

static int explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (vrrp_hold_first(&router->holds) == VRRP_HOLD_NO_PEERS)
		vrrp_sentence_add(sentences, "no %s peer is configured",
				  family_name(router->family));
	return 0;
}

void vrrp_delivery_init(void)
{
	hook_register(vrrp_hold_details, explain);
	hook_register(vrrp_warnings, add_sentence);
}
