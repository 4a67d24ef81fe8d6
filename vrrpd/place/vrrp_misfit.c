// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only the number of sentences is stored that were logged last. Sentences are built from the
 * kernel's addresses (vrrp_host.h) and routes, not from zebra's, which come later.
 */
#include "vrrp_misfit.h"

#include "lib/darr.h"

#include "nl_route.h"
#include "vrrp_dummy.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"
#include "vrrp_vmac.h"
#include "vrrp_warning.h"
#include "vrrp_zebra_link.h"

static const char *link_name(int ifindex, char buf[IFNAMSIZ])
{
	return if_indextoname(ifindex, buf) ? buf : "a link that has just gone";
}

/* The link for VIPs alone, where they may be as the operator's own addresses. */
static int own_place(const struct vrrp_router *router)
{
	return vrrp_vip_link_is_own(router) ? vrrp_dummy_place.ifindex(router)
					    : vrrp_vip_link(router);
}

/* In another VRF it is another address. */
static bool is_in_its_vrf(const struct vrrp_router *router, int ifindex)
{
	const struct interface *ifp = vrrp_zebra_interface(ifindex);

	return !ifp || ifp->vrf == router->group->ifp->vrf;
}

static void judge_own_vip(const struct vrrp_router *router, const struct vrrp_addr *vip,
			  struct vrrp_sentences *sentences)
{
	int ifindex = router->group->ifp->ifindex;
	int link = vrrp_host_own_link(vip, ifindex, own_place(router));
	char text[VRRP_ADDR_STRLEN], name[IFNAMSIZ];

	/* on the interface of a virtual MAC: vrrp_vip_warning() has logged it */
	if (!link || !is_in_its_vrf(router, link) ||
	    (link == ifindex && vrrp_router_has_virtual_mac(router)))
		return;
	vrrp_sentence_add(sentences,
			  "virtual address %s is also configured on %s, and stays there when this router is not Active: choose another, or remove it there",
			  vrrp_addr_str(vip, text), link_name(link, name));
}

static void judge_other_group(const struct vrrp_router *router, const struct vrrp_addr *vip,
			      struct vrrp_sentences *sentences)
{
	const struct vrrp_group *other = vrrp_vip_other_group(vip, router->group);
	char text[VRRP_ADDR_STRLEN];

	if (other)
		vrrp_sentence_add(sentences,
				  "virtual address %s belongs to vrrp %s %u as well, which is in the same VRF now: remove one of the two",
				  vrrp_addr_str(vip, text), other->ifp->name, other->vrid);
}

/* True when a link leads to the address next to the VIP by number, which is in its subnet. */
static bool is_routed_to(const struct vrrp_router *router, const struct vrrp_addr *vip)
{
	struct vrrp_addr near = *vip;
	int last = vrrp_addr_size(vip->family) - 1, link;

	near.octets[last] ^= 1;
	link = nl_route_on_link(vrrp_netlink, vrrp_family_af(vip->family), near.octets);
	return link < 0 || link == (int)router->group->ifp->ifindex ||
	       (link && link == vrrp_vmac_ifindex(router));
}

static void judge_outside(const struct vrrp_router *router, const struct vrrp_addr *vip,
			  struct vrrp_sentences *sentences)
{
	const struct interface *ifp = router->group->ifp;
	char text[VRRP_ADDR_STRLEN];

	if (ifp->ifindex == IFINDEX_INTERNAL || vrrp_addr_is_linklocal(vip) ||
	    vrrp_host_covers(vip, ifp->ifindex) || is_routed_to(router, vip))
		return;
	vrrp_sentence_add(sentences,
			  "virtual address %s lies in no subnet of %s: hosts there get no answer, unless a route to their subnet leads to %s",
			  vrrp_addr_str(vip, text), ifp->name, ifp->name);
}

static void judge_peer(const struct vrrp_router *router, const struct vrrp_addr *peer,
		       struct vrrp_sentences *sentences)
{
	int link = vrrp_host_own_link(peer, router->group->ifp->ifindex, 0);
	char text[VRRP_ADDR_STRLEN], name[IFNAMSIZ];

	if (link && is_in_its_vrf(router, link))
		vrrp_sentence_add(sentences, "peer %s is an address of this host, on %s",
				  vrrp_addr_str(peer, text), link_name(link, name));
}

static bool is_owned(const struct vrrp_router *router, const struct vrrp_addr *vip)
{
	return vrrp_host_own_link(vip, router->group->ifp->ifindex, 0);
}

bool vrrp_misfit_owner(const struct vrrp_router *router, char *sentence, size_t size)
{
	const struct vrrp_addr *vip;
	char text[VRRP_ADDR_STRLEN];

	darr_foreach_p (router->vips, vip) {
		if (is_owned(router, vip))
			continue;
		snprintf(sentence, size,
			 "priority %u is for the owner of the virtual addresses, and no interface has %s of its own: choose a lower priority",
			 VRRP_PRIORITY_OWNER, vrrp_addr_str(vip, text));
		return true;
	}
	return false;
}

static void judge_owner(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	char sentence[VRRP_MISFIT_SIZE];

	if (router->group->ifp->ifindex != IFINDEX_INTERNAL &&
	    vrrp_misfit_owner(router, sentence, sizeof(sentence)))
		vrrp_sentence_add(sentences, "%s", sentence);
}

static int judge(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	bool is_owner = router->group->applied.priority == VRRP_PRIORITY_OWNER;
	const struct vrrp_peer *peer;
	const struct vrrp_addr *vip;

	if (is_owner)
		judge_owner(router, sentences);
	darr_foreach_p (router->vips, vip) {
		judge_other_group(router, vip, sentences);
		if (!is_owner)
			judge_own_vip(router, vip, sentences);
		if (vrrp_router_is_on_lan(router) && !router->group->applied.shutdown)
			judge_outside(router, vip, sentences);
	}
	darr_foreach_p (router->peers, peer)
		judge_peer(router, &peer->address, sentences);
	return 0;
}

void vrrp_misfit_look(struct vrrp_router *router)
{
	struct vrrp_sentences sentences = {};
	char **text;

	judge(router, &sentences);
	if (darr_len(sentences.text) > router->misfits)
		darr_foreach_p (sentences.text, text)
			if (vrrp_log_allowed(VRRP_LOG_NETLINK))
				zlog_warn("%pVR: %s", router, *text);
	router->misfits = darr_len(sentences.text);
	vrrp_sentences_free(&sentences);
}

void vrrp_misfit_on_address(const struct vrrp_addr *address)
{
	struct vrrp_group *group = vrrp_vip_group(address);

	if (group)
		vrrp_misfit_look(vrrp_group_router(group, address->family));
}

void vrrp_misfit_init(void)
{
	hook_register(vrrp_warnings, judge);
}
