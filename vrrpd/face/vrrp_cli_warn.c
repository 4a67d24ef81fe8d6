// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Warnings for the operator about valid commands that are hardly what was meant. While a file is
 * read, the log and "show vrrp" have most of these warnings.
 */
#include <zebra.h>

#include "command.h"
#include "keychain.h"

#include "vrrp_cli_private.h"
#include "vrrp_delivery.h"
#include "vrrp_misfit.h"
#include "vrrp_nb.h"
#include "vrrp_silence.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_zebra_link.h"

bool vrrp_cli_has_peer(const struct vrrp_scope *scope, const char *family)
{
	return vrrp_nb_child(vrrp_nb_child(scope->group, family), "peer") != NULL;
}

enum vrrp_placement vrrp_cli_placement(const struct vrrp_scope *scope)
{
	const struct lyd_node *dnode = vrrp_nb_child(scope->group, "placement");
	enum vrrp_placement placement = vrrp_placement_named(dnode ? lyd_get_value(dnode) : NULL);

	return vrrp_placement_resolve(placement, vrrp_cli_has_peer(scope, "v4") ||
							 vrrp_cli_has_peer(scope, "v6"));
}

static void warn(struct vty *vty, const struct vrrp_scope *scope, const char *reason)
{
	char sentence[VRRP_REASON_SIZE + 64];

	snprintf(sentence, sizeof(sentence), "vrrp %s %u: %s", scope->ifname, scope->vrid, reason);
	vrrp_cli_say(vty, "Warning: ", sentence);
}

void vrrp_cli_warn_of_vip(struct vty *vty, const struct vrrp_scope *scope,
			  enum vrrp_placement placement, const char *text)
{
	char reason[VRRP_REASON_SIZE];
	struct vrrp_addr vip;

	if (vrrp_addr_parse(text, &vip) &&
	    vrrp_vip_warning(placement, scope->ifname, &vip, reason, sizeof(reason)))
		warn(vty, scope, reason);
}

/*
 * The group to warn about, and its scope; NULL while a file is read, when the log and show vrrp
 * warn.
 */
static struct vrrp_group *typed_group(struct vty *vty, uint8_t vrid, struct vrrp_scope *scope)
{
	if (vrrp_cli_is_from_file(vty))
		return NULL;
	*scope = vrrp_cli_scope(vty, vrid);
	return vrrp_group_find(scope->ifname, vrid);
}

void vrrp_cli_warn_of_interface(struct vty *vty, const struct vrrp_scope *scope)
{
	char sentence[VRRP_REASON_SIZE];

	if (!vrrp_check_interface_missing(scope->ifname))
		return;
	snprintf(sentence, sizeof(sentence),
		 "vrrp %s %u: there is no interface %s; the group waits for it", scope->ifname,
		 scope->vrid, scope->ifname);
	vrrp_cli_say(vty, "Warning: ", sentence);
}

void vrrp_cli_warn_of_owner(struct vty *vty, uint8_t vrid)
{
	struct vrrp_scope scope;
	struct vrrp_group *group = typed_group(vty, vrid, &scope);
	char reason[VRRP_REASON_SIZE];

	if (group && group->conf.priority == VRRP_PRIORITY_OWNER &&
	    (vrrp_misfit_owner(&group->v4, reason, sizeof(reason)) ||
	     vrrp_misfit_owner(&group->v6, reason, sizeof(reason))))
		warn(vty, &scope, reason);
}

void vrrp_cli_warn_of_source(struct vty *vty, uint8_t vrid, const struct vrrp_addr *source)
{
	struct vrrp_scope scope;
	struct vrrp_group *group = typed_group(vty, vrid, &scope);
	char reason[VRRP_REASON_SIZE], text[VRRP_ADDR_STRLEN];

	if (!group || vrrp_host_own_link(source, group->ifp->ifindex, 0))
		return;
	snprintf(reason, sizeof(reason),
		 "no interface has the source address %s; IPv%d takes no part until one has",
		 vrrp_addr_str(source, text), source->family);
	warn(vty, &scope, reason);
}

/* With the default placement, peers may be typed next. */
void vrrp_cli_warn_of_bfd(struct vty *vty, uint8_t vrid)
{
	struct vrrp_scope scope;
	struct vrrp_group *group = typed_group(vty, vrid, &scope);

	if (group && vrrp_placement_is_lan(group->conf.placement) &&
	    !vrrp_cli_has_peer(&scope, "v4") && !vrrp_cli_has_peer(&scope, "v6"))
		warn(vty, &scope, "bfd has no effect on a group without a peer");
}

int vrrp_cli_warned_of_lan(struct vty *vty, uint8_t vrid, int result, const char *what)
{
	struct vrrp_scope scope;
	char reason[VRRP_REASON_SIZE];

	if (result != CMD_SUCCESS || !typed_group(vty, vrid, &scope) ||
	    !vrrp_placement_is_lan(vrrp_cli_placement(&scope)))
		return result;
	snprintf(reason, sizeof(reason),
		 "%s has no effect until the group has a peer: without one it is on a LAN", what);
	warn(vty, &scope, reason);
	return result;
}

void vrrp_cli_warn_of_check_source(struct vty *vty, const char *name, const char *source)
{
	char sentence[VRRP_REASON_SIZE];
	const struct vrrp_group *group;
	struct vrrp_addr address;

	if (!source || vrrp_cli_is_from_file(vty) || !vrrp_addr_parse(source, &address))
		return;
	group = vrrp_vip_group(&address);
	if (!group)
		return;
	snprintf(sentence, sizeof(sentence),
		 "vrrp check %s: its source %s is a virtual address of vrrp %s %u, so it fails wherever that group is not Active",
		 name, source, group->ifp->name, group->vrid);
	vrrp_cli_say(vty, "Warning: ", sentence);
}

/* The interface with this subnet; NULL: none. */
static const struct interface *interface_in(const struct prefix *prefix)
{
	struct interface *ifp = NULL;
	struct connected *ifc;
	struct prefix subnet;

	while ((ifp = vrrp_zebra_interface_next(ifp)))
		frr_each (if_connected, ifp->connected, ifc) {
			prefix_copy(&subnet, ifc->address);
			apply_mask(&subnet);
			if (prefix_same(prefix, &subnet))
				return ifp;
		}
	return NULL;
}

static void warn_of_silent_marker(struct vty *vty, const struct vrrp_scope *scope,
				  const struct vrrp_group *group, const struct prefix *marker)
{
	enum vrrp_family family = marker->family == AF_INET ? VRRP_IPV4 : VRRP_IPV6;
	char reason[VRRP_REASON_SIZE];
	uint16_t table;

	if (!vrrp_nb_child(vrrp_nb_family(scope->group, family), "virtual-address")) {
		snprintf(reason, sizeof(reason),
			 "the marker is not announced until the group has an IPv%d virtual address",
			 family);
		warn(vty, scope, reason);
	}
	if (!vrrp_vip_vrf_table(group, &table)) {
		snprintf(reason, sizeof(reason),
			 "the marker is not announced until VRF %s has a route table: 'vrrp route-table' makes one",
			 group->ifp->vrf->name);
		warn(vty, scope, reason);
	}
}

void vrrp_cli_warn_of_marker(struct vty *vty, uint8_t vrid, const char *marker)
{
	const struct interface *ifp;
	struct vrrp_scope scope;
	struct vrrp_group *group = typed_group(vty, vrid, &scope);
	struct prefix prefix;
	char reason[VRRP_REASON_SIZE];

	if (!group || !str2prefix(marker, &prefix))
		return;
	ifp = interface_in(&prefix);
	if (ifp) {
		snprintf(reason, sizeof(reason),
			 "marker %s is a subnet of this host, on %s, which may be announced whoever is Active: choose a prefix of its own",
			 marker, ifp->name);
		warn(vty, &scope, reason);
	}
	warn_of_silent_marker(vty, &scope, group, &prefix);
}

/* While a file is read, the key chain may come later. */
void vrrp_cli_warn_of_key_chain(struct vty *vty, uint8_t vrid)
{
	struct vrrp_scope scope;
	struct vrrp_group *group = typed_group(vty, vrid, &scope);

	if (group && group->conf.auth.is_on && !keychain_lookup(group->conf.auth.chain))
		warn(vty, &scope, "there is no key chain of that name");
}

static bool lacks_peer(const struct vrrp_scope *scope, const char *family)
{
	return vrrp_nb_child(vrrp_nb_child(scope->group, family), "virtual-address") &&
	       !vrrp_cli_has_peer(scope, family);
}

void vrrp_cli_warn_of_last_peer(struct vty *vty, uint8_t vrid, enum vrrp_family family)
{
	struct vrrp_scope scope;
	struct vrrp_group *group = typed_group(vty, vrid, &scope);
	char reason[VRRP_REASON_SIZE];

	if (!group || !lacks_peer(&scope, family == VRRP_IPV4 ? "v4" : "v6") ||
	    !vrrp_delivery_needs_peer(vrrp_group_router(group, family)))
		return;
	snprintf(reason, sizeof(reason),
		 "that was its last IPv%d peer: IPv%d leaves the election in %d s unless another is configured",
		 family, family, VRRP_SILENCE_SEC);
	warn(vty, &scope, reason);
}

void vrrp_cli_warn_of_vips(struct vty *vty, uint8_t vrid, enum vrrp_placement before)
{
	static const char *const families[] = { "v4", "v6" };
	struct vrrp_scope scope = vrrp_cli_scope(vty, vrid);
	enum vrrp_placement placement = vrrp_cli_placement(&scope);
	const struct lyd_node *child;

	if (placement == before)
		return;
	for (size_t i = 0; i < array_size(families); i++)
		LY_LIST_FOR (lyd_child(vrrp_nb_child(scope.group, families[i])), child)
			if (child->schema && strmatch(child->schema->name, "virtual-address"))
				vrrp_cli_warn_of_vip(vty, &scope, placement, lyd_get_value(child));
}
