// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A prefix has one route in a table, so a marker is neither that of another group in the same VRF
 * nor a virtual address there. Both are looked for in the whole candidate; for a virtual address
 * only if there has ever been a marker of the length of an address, since that is unusual.
 */
#include <zebra.h>

#include "yang.h"

#include "vrrp_convert.h"
#include "vrrp_nb_marker.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vrf.h"

static bool any_host_marker;

static bool has_vip(const struct lyd_node *group, const struct prefix *host)
{
	const struct vrrp_addr address = vrrp_addr_of_prefix(host);

	return is_host_route(host) && vrrp_nb_has_address(group, "virtual-address", &address);
}

static bool is_same_group(const struct vrrp_scope *scope, const struct lyd_node *group)
{
	return vrrp_nb_vrid(group) == scope->vrid && strmatch(vrrp_nb_ifname(group), scope->ifname);
}

static bool is_in_same_vrf(const struct vrrp_scope *scope, const struct lyd_node *group)
{
	char vrf[VRRP_VRF_NAME_SIZE];

	strlcpy(vrf, vrrp_vip_vrf_of(scope->ifname), sizeof(vrf));
	return strmatch(vrf, vrrp_vip_vrf_of(vrrp_nb_ifname(group)));
}

/* A group of the candidate that has it, in the VRF of this one; NULL: none. */
static const struct lyd_node *
find(const struct vrrp_scope *scope, const struct prefix *prefix,
     bool (*has)(const struct lyd_node *group, const struct prefix *prefix), bool in_this_too)
{
	const struct lyd_node *group = NULL;

	while ((group = vrrp_nb_next_group(scope->config, group)))
		if (has(group, prefix) && (in_this_too || !is_same_group(scope, group)) &&
		    is_in_same_vrf(scope, group))
			return group;
	return NULL;
}

static bool is_linklocal(const struct prefix *prefix)
{
	return prefix->family == AF_INET ? IPV4_LINKLOCAL(ntohl(prefix->u.prefix4.s_addr))
					 : IN6_IS_ADDR_LINKLOCAL(&prefix->u.prefix6);
}

static bool check_kind(const struct vrrp_scope *scope, const struct prefix *marker, char *reason,
		       size_t size)
{
	const struct vrrp_addr address = vrrp_addr_of_prefix(marker);
	const char *fault = vrrp_check_not_a_host(&address);

	if (is_default_prefix(marker))
		return vrrp_nb_refuse(scope, reason, size,
				      "marker %pFX is the default route itself: a marker is a prefix of its own, which a route-map for the default route looks for",
				      marker);
	if (*fault || is_linklocal(marker))
		return vrrp_nb_refuse(scope, reason, size, "marker %pFX is %s", marker,
				      *fault ? fault : "link-local, which no protocol announces");
	if (marker->family == AF_INET6 && strmatch(vrrp_nb_value(scope->group, "version"), "2"))
		return vrrp_nb_refuse(scope, reason, size,
				      "marker %pFX is IPv6, which VRRP version 2 does not support: configure version 3",
				      marker);
	return true;
}

bool vrrp_check_marker_text(const struct vrrp_scope *scope, const char *text, char *reason,
			    size_t size)
{
	struct prefix typed, canonical;

	if (!str2prefix(text, &typed))
		return vrrp_nb_refuse(scope, reason, size, "marker %s is not a prefix", text);
	prefix_copy(&canonical, &typed);
	apply_mask(&canonical);
	if (!prefix_same(&typed, &canonical) ||
	    memcmp(&typed.u, &canonical.u, prefix_blen(&typed)) != 0)
		return vrrp_nb_refuse(scope, reason, size,
				      "marker %s has bits behind its length: do you mean %pFX?",
				      text, &canonical);
	return vrrp_check_marker(scope, &canonical, reason, size);
}

bool vrrp_check_marker(const struct vrrp_scope *scope, const struct prefix *marker, char *reason,
		       size_t size)
{
	const struct lyd_node *other;

	if (!check_kind(scope, marker, reason, size))
		return false;
	other = find(scope, marker, has_vip, true);
	if (other)
		return vrrp_nb_refuse(scope, reason, size,
				      "marker %pFX is a virtual address of vrrp %s %u: choose a prefix of its own",
				      marker, vrrp_nb_ifname(other), vrrp_nb_vrid(other));
	other = find(scope, marker, vrrp_nb_has_marker, false);
	if (other)
		return vrrp_nb_refuse(scope, reason, size,
				      "marker %pFX is that of vrrp %s %u already: give each group its own",
				      marker, vrrp_nb_ifname(other), vrrp_nb_vrid(other));
	if (vrrp_nb_tracks_route(scope->group, vrrp_vip_vrf_of(scope->ifname), marker))
		return vrrp_nb_refuse(scope, reason, size,
				      "marker %pFX: the group tracks its route, which is announced where the group is Active; remove 'track route' first",
				      marker);
	any_host_marker |= is_host_route(marker);
	return true;
}

bool vrrp_check_vip_is_no_marker(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
				 char *reason, size_t size)
{
	const struct prefix host = vrrp_addr_prefix(vip);
	const struct lyd_node *other = any_host_marker
					       ? find(scope, &host, vrrp_nb_has_marker, true)
					       : NULL;
	char text[VRRP_ADDR_STRLEN];

	if (!other)
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "virtual address %s is the marker of vrrp %s %u: choose another marker there first",
			      vrrp_addr_str(vip, text), vrrp_nb_ifname(other), vrrp_nb_vrid(other));
}

/* --- callbacks ---------------------------------------------------------------- */

static struct prefix *conf_of(const struct lyd_node *dnode)
{
	const struct lyd_node *node = vrrp_nb_group(dnode);
	struct vrrp_group *group = vrrp_group_find(vrrp_nb_ifname(node), vrrp_nb_vrid(node));

	return strchr(lyd_get_value(dnode), ':') ? &group->conf.marker_v6 : &group->conf.marker_v4;
}

int vrrp_nb_marker_modify(struct nb_cb_modify_args *args)
{
	const struct lyd_node *group = vrrp_nb_group(args->dnode);
	const struct vrrp_scope scope = { .config = args->dnode,
					  .group = group,
					  .ifname = vrrp_nb_ifname(group),
					  .vrid = vrrp_nb_vrid(group) };
	struct prefix marker;

	if (!str2prefix(lyd_get_value(args->dnode), &marker))
		return NB_ERR_VALIDATION;
	if (args->event == NB_EV_VALIDATE &&
	    !vrrp_check_marker(&scope, &marker, args->errmsg, args->errmsg_len))
		return NB_ERR_VALIDATION;
	if (args->event == NB_EV_APPLY)
		prefix_copy(conf_of(args->dnode), &marker);
	return NB_OK;
}

int vrrp_nb_marker_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		*conf_of(args->dnode) = (struct prefix){};
	return NB_OK;
}
