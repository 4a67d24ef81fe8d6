// SPDX-License-Identifier: GPL-2.0-or-later
/* What the VIP interface and the route table of a VRF may not be: they belong to one VRF each. */
#include <zebra.h>

#include "vrf.h"
#include "yang.h"

#include "vrrp_drain_link.h"
#include "vrrp_dummy.h"
#include "vrrp_nb.h"
#include "vrrp_vrf.h"
#include "vrrp_word.h"

/* Tables reserved by the kernel: default, main, local. */
#define KERNEL_TABLE_FIRST 253
#define KERNEL_TABLE_LAST  255

/* The entries of VRFs in a configuration, one after another; NULL: the first, or no more. */
static const struct lyd_node *next_entry(const struct lyd_node *config, const struct lyd_node *entry)
{
	entry = entry ? entry->next : lyd_child(vrrp_nb_global(config));
	while (entry && !(entry->schema && strmatch(entry->schema->name, "vrf")))
		entry = entry->next;
	return entry;
}

static const char *default_vip_interface(const struct lyd_node *config)
{
	const struct lyd_node *dnode = vrrp_nb_child(vrrp_nb_global(config), "vip-interface");

	return dnode ? lyd_get_value(dnode) : vrrp_global.vip_interface;
}

/* Another VRF than this one that has this VIP interface: its name, "" for the default one; or NULL. */
static const char *vrf_of_vip_interface(const struct lyd_node *config, const char *except,
					const char *ifname)
{
	const struct lyd_node *entry = NULL;
	const char *vrf, *configured;
	char name[IFNAMSIZ];

	if (!(except && !*except) && strmatch(ifname, default_vip_interface(config)))
		return "";
	while ((entry = next_entry(config, entry))) {
		vrf = vrrp_nb_value(entry, "name");
		configured = vrrp_nb_value(entry, "vip-interface");
		vrrp_vrf_default_vip_interface(vrf, name);
		if (!(except && strmatch(vrf, except)) &&
		    strmatch(ifname, *configured ? configured : name))
			return vrf;
	}
	return NULL;
}

bool vrrp_nb_is_vip_interface(const struct lyd_node *config, const char *ifname)
{
	return vrf_of_vip_interface(config, NULL, ifname) != NULL;
}

static const char *vrf_text(const char *vrf)
{
	return *vrf ? vrf : VRF_DEFAULT_NAME;
}

static bool check_name(const char *ifname, char *reason, size_t size)
{
	const char *fault = vrrp_word_ifname_fault(ifname);

	if (fault)
		snprintf(reason, size, "vip-interface %s: %s", ifname, fault);
	else if (nl_drain_is(ifname))
		snprintf(reason, size,
			 "vip-interface %s: this is where virtual addresses are in a drain: choose another name",
			 ifname);
	else
		return true;
	return false;
}

static bool check_not_tracked(const struct lyd_node *config, const char *ifname, char *reason,
			      size_t size)
{
	if (!yang_dnode_existsf(config,
				VRRP_XPATH_GROUPS
				"/frr-crossvip:track/interfaces/interface[interface='%s']",
				ifname))
		return true;
	snprintf(reason, size,
		 "vip-interface %s: a group tracks it, and it follows the groups: remove 'track interface' first, or use another interface",
		 ifname);
	return false;
}

bool vrrp_check_vip_interface(const struct lyd_node *config, const char *vrf, const char *ifname,
			      bool host_may_change, char *reason, size_t size)
{
	const char *other = vrf_of_vip_interface(config, vrf, ifname);

	if (!check_name(ifname, reason, size))
		return false;
	if (other) {
		snprintf(reason, size,
			 "vip-interface %s: it is that of VRF %s, and an interface is in one VRF: use another for VRF %s",
			 ifname, vrf_text(other), vrf_text(vrf));
		return false;
	}
	if (!check_not_tracked(config, ifname, reason, size))
		return false;
	if (yang_dnode_existsf(config,
			       "/frr-interface:lib/interface[name='%s']/frr-vrrpd:vrrp/vrrp-group",
			       ifname)) {
		snprintf(reason, size,
			 "vip-interface %s: it has VRRP groups: use an interface that has none",
			 ifname);
		return false;
	}
	return host_may_change || vrrp_vip_interface_check(vrf, ifname, reason, size) == 0;
}

static unsigned long default_table(const struct lyd_node *config)
{
	const char *table = vrrp_nb_value(vrrp_nb_global(config), "route-table");

	return *table ? strtoul(table, NULL, 10) : vrrp_global.route_table;
}

/* Another VRF than this one that has this route table; NULL: none has. */
static const char *vrf_of_table(const struct lyd_node *config, const char *except, uint16_t table)
{
	const struct lyd_node *entry = NULL;
	const char *vrf;

	if (*except && table == default_table(config))
		return "";
	while ((entry = next_entry(config, entry))) {
		vrf = vrrp_nb_value(entry, "name");
		if (!strmatch(vrf, except) &&
		    table == strtoul(vrrp_nb_value(entry, "route-table"), NULL, 10))
			return vrf;
	}
	return NULL;
}

/* The VRF with this table for its own routes. */
static const struct vrf *vrf_in_table(uint16_t table)
{
	struct vrf *vrf;

	if (vrf_is_backend_netns())
		return NULL;
	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id)
		if (vrf->vrf_id != VRF_DEFAULT && vrf->data.l.table_id == table)
			return vrf;
	return NULL;
}

bool vrrp_check_route_table(const struct lyd_node *config, const char *vrf, uint16_t table,
			    char *reason, size_t size)
{
	const char *other = vrf_of_table(config, vrf, table);
	const struct vrf *owner = vrf_in_table(table);

	if (table >= KERNEL_TABLE_FIRST && table <= KERNEL_TABLE_LAST)
		snprintf(reason, size, "route-table %u is one of the kernel's own tables (%u to %u)",
			 table, KERNEL_TABLE_FIRST, KERNEL_TABLE_LAST);
	else if (other)
		snprintf(reason, size,
			 "route-table %u is that of VRF %s: use another for VRF %s, or each would announce the other's addresses",
			 table, vrf_text(other), vrf_text(vrf));
	else if (owner)
		snprintf(reason, size,
			 "route-table %u is the table by which VRF %s routes: use one that nothing routes by",
			 table, owner->name);
	else
		return true;
	return false;
}
