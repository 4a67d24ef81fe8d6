// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A sentence for each hold that needs more than its name. Nothing is stored: interface and
 * addresses are read when the sentence is needed.
 */
#include "vrrp_hold.h"

#include <zebra.h>

#include <net/if.h>

#include "lib/darr.h"
#include "lib_errors.h"
#include "log.h"
#include "vrf.h"

#include "nl_sysctl.h"
#include "vrrp_next_hop.h"
#include "vrrp_host.h"
#include "vrrp_vip_link.h"
#include "vrrp_vrf_socket.h"
#include "vrrp_warning.h"

static void explain_interface(const struct interface *ifp, struct vrrp_sentences *sentences)
{
	if (ifp->ifindex == IFINDEX_INTERNAL)
		vrrp_sentence_add(sentences, "there is no interface %s", ifp->name);
	else if (!if_is_up(ifp))
		vrrp_sentence_add(sentences, "%s is set down", ifp->name);
	else
		vrrp_sentence_add(sentences, "%s has no carrier", ifp->name);
}

static void explain_source(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	struct vrrp_addr undetected = vrrp_host_undetected(router);
	char text[VRRP_ADDR_STRLEN];

	if (vrrp_addr_is_set(&undetected))
		vrrp_sentence_add(sentences,
				  "%s cannot be used as source: duplicate address detection has not ended, or another host has it",
				  vrrp_addr_str(&undetected, text));
	else if (vrrp_addr_is_set(&router->source_configured))
		vrrp_sentence_add(sentences, "no interface has the source address %s",
				  vrrp_addr_str(&router->source_configured, text));
	else
		vrrp_sentence_add(sentences, "%s has no IPv%d address to send from",
				  router->group->ifp->name, router->family == VRRP_IPV4 ? 4 : 6);
}

static void explain_socket(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	vrrp_sentence_add(sentences, "cannot receive: %s", safe_strerror(-router->listen_error));
}

static void explain_namespace(const struct vrf *vrf, struct vrrp_sentences *sentences)
{
	vrrp_sentence_add(sentences,
			  "VRF %s is a network namespace, and vrrpd lacks CAP_SYS_ADMIN, which it needs to enter it",
			  vrf->name);
}

static void explain_ipv6(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const char *link = vrrp_vip_link_name(router);
	int ifindex = link ? if_nametoindex(link) : 0, disabled = 0, error;

	if (router->family != VRRP_IPV6 || !ifindex)
		return;
	error = nl_sysctl_get(ifindex, NL_SYSCTL_DISABLE_IPV6, &disabled);
	if (error == -ENOENT)
		vrrp_sentence_add(sentences,
				  "%s takes no IPv6 address: its MTU is below 1280, or this kernel has no IPv6",
				  link);
	else if (!error && disabled)
		vrrp_sentence_add(sentences,
				  "%s takes no IPv6 address: net.ipv6.conf.%s.disable_ipv6 is set",
				  link, link);
}

static void explain_next_hop(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_addr *vip = vrrp_next_hop_among(router);
	char text[VRRP_ADDR_STRLEN];

	if (vip)
		vrrp_sentence_add(sentences,
				  "%s is the next hop of a route of this router; on %s it would cut that route off",
				  vrrp_addr_str(vip, text), vrrp_vip_link_name(router));
}

static bool shares_peer(const struct vrrp_router *a, const struct vrrp_router *b)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (a->peers, peer)
		if (vrrp_router_peer(b, &peer->address))
			return true;
	return false;
}

static void explain_duplicate(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	struct vrrp_addr source = vrrp_host_source(router);
	const struct vrrp_router *other;
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		other = vrrp_group_router(group, router->family);
		if (other == router || group->vrid != router->group->vrid || !other->sock ||
		    !vrrp_addr_same(&other->source, &source) || !shares_peer(router, other))
			continue;
		vrrp_sentence_add(sentences,
				  "%pVR has the same VRID, source and peer, and gets the packets",
				  other);
		return;
	}
}

static int explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	const struct vrf *vrf = router->group->ifp->vrf;

	if (hold == VRRP_HOLD_PLACEMENT)
		vrrp_place_of(router)->explain(router, sentences);
	if (hold != VRRP_HOLD_SHUTDOWN && vrrp_vrf_is_out_of_reach(vrf->vrf_id)) {
		explain_namespace(vrf, sentences);
		return 0;
	}
	switch (hold) {
	case VRRP_HOLD_INTERFACE:
		explain_interface(router->group->ifp, sentences);
		break;
	case VRRP_HOLD_SOURCE:
		explain_source(router, sentences);
		break;
	case VRRP_HOLD_SOCKET:
		explain_socket(router, sentences);
		break;
	case VRRP_HOLD_PLACEMENT:
		explain_ipv6(router, sentences);
		break;
	case VRRP_HOLD_NEXT_HOP:
		explain_next_hop(router, sentences);
		break;
	case VRRP_HOLD_DUPLICATE:
		explain_duplicate(router, sentences);
		break;
	default: /* the name is enough, or another file explains it */
		break;
	}
	return 0;
}

void vrrp_hold_init(void)
{
	hook_register(vrrp_hold_details, explain);
}
