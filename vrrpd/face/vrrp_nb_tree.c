// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Nodes of the configuration, found by walking the tree: each command asks for some, and libyang
 * takes an XPath for each several times as long.
 */
#include <zebra.h>

#include "prefix.h"
#include "vrf.h"
#include "yang.h"

#include "vrrp_nb.h"

const struct lyd_node *vrrp_nb_group(const struct lyd_node *dnode)
{
	while (dnode && strcmp(dnode->schema->name, "vrrp-group") != 0)
		dnode = lyd_parent(dnode);
	return dnode;
}

const struct lyd_node *vrrp_nb_child(const struct lyd_node *parent, const char *name)
{
	const struct lyd_node *child;

	if (!parent)
		return NULL;
	LY_LIST_FOR (lyd_child(parent), child)
		if (child->schema && strmatch(child->schema->name, name))
			return child;
	return NULL;
}

/* The node of this name and module at the top of the tree that has dnode. */
static const struct lyd_node *top(const struct lyd_node *dnode, const char *module, const char *name)
{
	while (dnode && lyd_parent(dnode))
		dnode = lyd_parent(dnode);
	LY_LIST_FOR (lyd_first_sibling(dnode), dnode)
		if (dnode->schema && strmatch(dnode->schema->name, name) &&
		    strmatch(dnode->schema->module->name, module))
			return dnode;
	return NULL;
}

/* The entry of a list that has this key, as in "[name='eth0']"; libyang has a hash for it. */
static const struct lyd_node *entry(const struct lyd_node *parent, const char *list, const char *key)
{
	const struct lysc_node *schema = NULL;
	struct lyd_node *found = NULL;

	if (!lyd_child(parent))
		return NULL;
	while ((schema = lys_getnext(schema, parent->schema, NULL, 0)) != NULL)
		if (strmatch(schema->name, list)) {
			lyd_find_sibling_val(lyd_child(parent), schema, key, 0, &found);
			break;
		}
	return found;
}

const struct lyd_node *vrrp_nb_global(const struct lyd_node *config)
{
	return top(config, "frr-crossvip", "vrrp");
}

const struct lyd_node *vrrp_nb_interface(const struct lyd_node *config, const char *key)
{
	return entry(top(config, "frr-interface", "lib"), "interface", key);
}

const struct lyd_node *vrrp_nb_group_on(const struct lyd_node *interface, uint8_t vrid)
{
	char key[sizeof("[virtual-router-id='255']")];

	snprintf(key, sizeof(key), "[virtual-router-id='%u']", vrid);
	return entry(vrrp_nb_child(interface, "vrrp"), "vrrp-group", key);
}

static bool is_named(const struct lyd_node *node, const char *name)
{
	return node->schema && strmatch(node->schema->name, name);
}

/* This node, or the next one of its siblings that has this name. */
static const struct lyd_node *from(const struct lyd_node *node, const char *name)
{
	while (node && !is_named(node, name))
		node = node->next;
	return node;
}

const struct lyd_node *vrrp_nb_next_group(const struct lyd_node *config,
					  const struct lyd_node *group)
{
	const struct lyd_node *next = group ? from(group->next, "vrrp-group") : NULL;
	const struct lyd_node *interface;

	interface = group ? lyd_parent(lyd_parent(group))->next
			  : lyd_child(top(config, "frr-interface", "lib"));
	for (; !next && (interface = from(interface, "interface")); interface = interface->next)
		next = vrrp_nb_child(vrrp_nb_child(interface, "vrrp"), "vrrp-group");
	return next;
}

const struct lyd_node *vrrp_nb_next_default(const struct lyd_node *config,
					    const struct lyd_node *dnode)
{
	const struct lyd_node *next;

	next = dnode ? dnode->next : lyd_child(vrrp_nb_child(vrrp_nb_global(config), "defaults"));
	while (next && yang_dnode_is_default(next, NULL))
		next = next->next;
	return next;
}

const char *vrrp_nb_value(const struct lyd_node *parent, const char *name)
{
	const struct lyd_node *child = vrrp_nb_child(parent, name);

	return child ? lyd_get_value(child) : "";
}

const char *vrrp_nb_ifname(const struct lyd_node *group)
{
	return vrrp_nb_value(lyd_parent(lyd_parent(group)), "name");
}

uint8_t vrrp_nb_vrid(const struct lyd_node *group)
{
	return strtoul(vrrp_nb_value(group, "virtual-router-id"), NULL, 10);
}

const struct lyd_node *vrrp_nb_family(const struct lyd_node *group, enum vrrp_family family)
{
	return vrrp_nb_child(group, family == VRRP_IPV4 ? "v4" : "v6");
}

bool vrrp_nb_has_address(const struct lyd_node *group, const char *name,
			 const struct vrrp_addr *address)
{
	const struct lyd_node *child;
	struct vrrp_addr have;

	LY_LIST_FOR (lyd_child(vrrp_nb_family(group, address->family)), child)
		if (child->schema && strmatch(child->schema->name, name) &&
		    vrrp_addr_parse(lyd_get_value(child), &have) && vrrp_addr_same(&have, address))
			return true;
	return false;
}

static bool is_prefix(const char *text, const struct prefix *prefix)
{
	struct prefix read;

	return str2prefix(text, &read) && prefix_same(&read, prefix);
}

bool vrrp_nb_has_marker(const struct lyd_node *group, const struct prefix *marker)
{
	const struct lyd_node *family =
		vrrp_nb_family(group, marker->family == AF_INET ? VRRP_IPV4 : VRRP_IPV6);

	return is_prefix(vrrp_nb_value(family, "marker"), marker);
}

bool vrrp_nb_tracks_route(const struct lyd_node *group, const char *vrf, const struct prefix *prefix)
{
	const struct lyd_node *routes = vrrp_nb_child(vrrp_nb_child(group, "track"), "networks");
	const struct lyd_node *entry;

	if (!*vrf)
		vrf = VRF_DEFAULT_NAME;
	LY_LIST_FOR (lyd_child(routes), entry)
		if (is_prefix(vrrp_nb_value(entry, "prefix"), prefix) &&
		    strmatch(vrrp_nb_value(entry, "vrf"), vrf))
			return true;
	return false;
}
