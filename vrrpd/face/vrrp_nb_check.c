// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Validation of the configuration of groups.
 *
 * Each check is used twice. The command line calls it before it changes the candidate,
 * so that one wrong line of a file is refused alone, and not the whole batch that the
 * northbound makes of the file. The northbound's validation calls it for every client.
 *
 * Conflicts between groups are in vrrp_nb_claims.c.
 */
#include <zebra.h>

#include <net/if.h>

#include "log.h"
#include "prefix.h"
#include "vrf.h"
#include "yang.h"

#include "vrrp_convert.h"
#include "vrrp_drain_link.h"
#include "vrrp_dummy.h"
#include "vrrp_log.h"
#include "vrrp_nb.h"
#include "vrrp_nb_claims.h"
#include "vrrp_nb_witness.h"
#include "vrrp_nb_marker.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vrf.h"
#include "vrrp_zebra_link.h"
#include "vrrp_word.h"

#define MAX_VIPS VRRP_ADDRESSES_MAX

/* A short lease is renewed after a third of it, which must be at least a second. */
#define LEASE_MIN_SEC 3

/* --- sentences ------------------------------------------------------------- */

bool vrrp_nb_refuse(const struct vrrp_scope *scope, char *reason, size_t size, const char *format,
		    ...)
{
	struct va_format rest = { .fmt = format };
	va_list args;

	va_start(args, format);
	rest.va = &args;
	snprintfrr(reason, size, "vrrp %s %u: %pVA", scope->ifname, scope->vrid, &rest);
	va_end(args);
	return false;
}

const char *vrrp_check_not_a_host(const struct vrrp_addr *address)
{
	if (address->family == VRRP_IPV4) {
		uint32_t host = ntohl(address->v4.s_addr);

		if (host == INADDR_ANY || host >> 24 == 0)
			return "an unspecified address";
		if (host >> 24 == IN_LOOPBACKNET)
			return "a loopback address";
		if (host >= 0xf0000000)
			return "in the reserved range 240.0.0.0/4";
	} else {
		if (IN6_IS_ADDR_UNSPECIFIED(&address->v6))
			return "an unspecified address";
		if (IN6_IS_ADDR_LOOPBACK(&address->v6))
			return "a loopback address";
		if (IN6_IS_ADDR_V4MAPPED(&address->v6))
			return "an IPv4-mapped IPv6 address";
	}
	return vrrp_addr_is_multicast(address) ? "a multicast address" : "";
}

/* Checks that hold for any address: it is a host's, and the group's version has the family. */
static bool check_kind(const struct vrrp_scope *scope, const char *what,
		       const struct vrrp_addr *address, char *reason, size_t size)
{
	char text[VRRP_ADDR_STRLEN];
	const char *fault = vrrp_check_not_a_host(address);

	vrrp_addr_str(address, text);
	if (*fault)
		return vrrp_nb_refuse(scope, reason, size, "%s %s is %s", what, text, fault);
	if (address->family == VRRP_IPV6 && strmatch(vrrp_nb_value(scope->group, "version"), "2"))
		return vrrp_nb_refuse(scope, reason, size,
				      "%s %s is IPv6, which VRRP version 2 does not support: configure version 3",
				      what, text);
	return true;
}

/* --- this host ------------------------------------------------------------- */

static bool has_vrrp_mac(const struct interface *ifp)
{
	static const uint8_t v4[] = { 0x00, 0x00, 0x5e, 0x00, 0x01 };
	static const uint8_t v6[] = { 0x00, 0x00, 0x5e, 0x00, 0x02 };

	return ifp->hw_addr_len == ETH_ALEN &&
	       (!memcmp(ifp->hw_addr, v4, sizeof(v4)) || !memcmp(ifp->hw_addr, v6, sizeof(v6)));
}

/* True for interfaces that carry VIPs only: their addresses are not the host's own. */
static bool carries_vips(const struct interface *ifp, const struct lyd_node *config)
{
	return vrrp_dummy_is(ifp->ifindex) || has_vrrp_mac(ifp) || nl_drain_is(ifp->name) ||
	       strmatch(ifp->name, vrrp_global.vip_interface) ||
	       (config && vrrp_nb_is_vip_interface(config, ifp->name));
}

bool vrrp_check_carries_vips(const char *ifname)
{
	const struct interface *ifp = vrrp_zebra_interface_named(ifname);

	return nl_drain_is(ifname) || (ifp && carries_vips(ifp, NULL));
}

/* An address is another one in another VRF. */
static bool is_in_vrf(const struct interface *ifp, const char *vrf)
{
	return vrf_is_backend_netns() ||
	       strmatch(ifp->vrf->vrf_id == VRF_DEFAULT ? "" : ifp->vrf->name, vrf);
}

static bool prefix_is_address(const struct prefix *p, const struct vrrp_addr *address)
{
	struct vrrp_addr own = vrrp_addr_of_prefix(p);

	return vrrp_addr_same(&own, address);
}

/*
 * True for an address with a host's prefix length that may be a VIP on the group's own
 * interface, left by an earlier daemon.
 */
static bool may_be_ours(const struct vrrp_scope *scope, const struct interface *ifp,
			const struct prefix *p)
{
	enum vrrp_placement placement =
		vrrp_placement_named(vrrp_nb_value(scope->group, "placement"));

	return p->prefixlen == prefix_blen(p) * 8 && vrrp_placement_is_lan(placement) &&
	       !vrrp_placement_has_virtual_mac(placement) && strmatch(ifp->name, scope->ifname);
}

/* The interface that has this address; NULL when the host does not have it, or it may pass. */
static const struct interface *own_address(const struct vrrp_scope *scope,
					   const struct vrrp_addr *address)
{
	const char *vrf = scope->host_may_change ? "" : vrrp_vip_vrf_of(scope->ifname);
	struct interface *ifp = NULL;
	struct connected *ifc;

	if (scope->host_may_change)
		return NULL;
	while ((ifp = vrrp_zebra_interface_next(ifp))) {
		if (!is_in_vrf(ifp, vrf) || carries_vips(ifp, scope->config))
			continue;
		if (vrrp_addr_is_linklocal(address) && !strmatch(ifp->name, scope->ifname))
			continue; /* the same address on another link is another address */
		if (!vrrp_host_is_on(address, ifp->ifindex))
			continue; /* a VIP, or gone while zebra, which ended, did not see it */
		frr_each (if_connected, ifp->connected, ifc)
			if (prefix_is_address(ifc->address, address) &&
			    !may_be_ours(scope, ifp, ifc->address))
				return ifp;
	}
	return NULL;
}

/*
 * The interface that has this address in its subnet; NULL when there is none, or when the address
 * is the host's own, which the hosts of that subnet find.
 */
static const struct interface *connected_subnet(const struct vrrp_addr *address, const char *vrf,
						struct prefix *subnet)
{
	struct prefix host = vrrp_addr_prefix(address);
	const struct interface *found = NULL;
	struct interface *ifp = NULL;
	struct connected *ifc;

	while ((ifp = vrrp_zebra_interface_next(ifp))) {
		if (!is_in_vrf(ifp, vrf) || carries_vips(ifp, NULL))
			continue;
		if (vrrp_host_is_on(address, ifp->ifindex))
			return NULL;
		frr_each (if_connected, ifp->connected, ifc) {
			if (found || ifc->address->family != host.family ||
			    !prefix_match(ifc->address, &host))
				continue; /* most of thousands end here */
			if (prefix_is_address(ifc->address, address))
				continue; /* a VIP of ours that is being removed */
			found = ifp;
			prefix_copy(subnet, ifc->address);
			apply_mask(subnet);
		}
	}
	return found;
}

static bool is_whole_subnet(const struct prefix *host, const struct prefix *subnet)
{
	in_addr_t first = subnet->u.prefix4.s_addr, address = host->u.prefix4.s_addr;

	return subnet->prefixlen < IPV4_MAX_BITLEN - 1 &&
	       (address == first || address == ipv4_broadcast_addr(first, subnet->prefixlen));
}

/* False for an address that went while zebra, which had ended, did not see it. */
static bool is_still_there(const struct interface *ifp, const struct connected *ifc)
{
	struct vrrp_addr address = vrrp_addr_of_prefix(ifc->address);

	return vrrp_host_is_on(&address, ifp->ifindex);
}

/*
 * The interface of the smallest subnet in this VRF that contains the peer, if the peer is the first
 * address or the broadcast address of that subnet; otherwise NULL.
 */
static const struct interface *whole_subnet(const struct vrrp_scope *scope,
					    const struct vrrp_addr *peer)
{
	struct interface *own = vrrp_zebra_interface_named(scope->ifname), *ifp = NULL;
	struct prefix host = vrrp_addr_prefix(peer), smallest = {};
	const struct interface *found = NULL;
	struct connected *ifc;

	while ((ifp = vrrp_zebra_interface_next(ifp)) != NULL)
		frr_each (if_connected, ifp->connected, ifc)
			if (host.family == AF_INET && ifc->address->family == AF_INET && own &&
			    own->vrf == ifp->vrf && prefix_match(ifc->address, &host) &&
			    is_still_there(ifp, ifc) &&
			    (!found || ifc->address->prefixlen > smallest.prefixlen)) {
				prefix_copy(&smallest, ifc->address);
				found = ifp;
			}
	apply_mask(&smallest);
	return found && is_whole_subnet(&host, &smallest) ? found : NULL;
}

/* A VIP on the VIP interface: hosts of a connected subnet take it for a neighbour. */
static bool subnet_warning(const char *ifname, const struct vrrp_addr *vip, char *reason,
			   size_t size)
{
	const char *vrf = vrrp_vip_vrf_of(ifname);
	char text[VRRP_ADDR_STRLEN], name[IFNAMSIZ];
	const struct interface *ifp;
	struct prefix subnet;

	if (vrrp_addr_is_linklocal(vip))
		return false;
	ifp = connected_subnet(vip, vrf, &subnet);
	if (!ifp)
		return false;
	snprintfrr(reason, size,
		   "virtual address %s goes on %s, but lies in %pFX of %s: hosts there look for it on their link and do not find it",
		   vrrp_addr_str(vip, text), vrrp_vrf_vip_interface(vrf, name), &subnet, ifp->name);
	return true;
}

/* True when the interface has the address other than as a VIP, which vrrpd would remove. */
static bool is_address_of(const char *ifname, const struct vrrp_addr *address)
{
	struct interface *ifp = NULL;

	while ((ifp = vrrp_zebra_interface_next(ifp)))
		if (strmatch(ifp->name, ifname) && vrrp_host_is_on(address, ifp->ifindex))
			return true;
	return false;
}

/* A VIP on a virtual MAC: an interface that has the address answers for it as well. */
static bool owner_warning(const char *ifname, const struct vrrp_addr *vip, char *reason, size_t size)
{
	char text[VRRP_ADDR_STRLEN];

	if (!is_address_of(ifname, vip))
		return false;
	snprintfrr(reason, size,
		   "virtual address %s goes on a virtual MAC address, but is also configured on %s, which answers with its own MAC address: choose another, or remove it there",
		   vrrp_addr_str(vip, text), ifname);
	return true;
}

bool vrrp_vip_warning(enum vrrp_placement placement, const char *ifname,
		      const struct vrrp_addr *vip, char *reason, size_t size)
{
	if (!vrrp_placement_is_lan(placement))
		return subnet_warning(ifname, vip, reason, size);
	return vrrp_placement_has_virtual_mac(placement) && owner_warning(ifname, vip, reason, size);
}

/* True in the subnet of a link; until zebra has reported an address, true for all. */
bool vrrp_check_on_link(const struct vrrp_addr *address)
{
	struct prefix host = vrrp_addr_prefix(address);
	struct interface *ifp = NULL;
	struct connected *ifc;
	bool informed = false;

	while ((ifp = vrrp_zebra_interface_next(ifp)))
		frr_each (if_connected, ifp->connected, ifc) {
			if (ifc->address->family != host.family)
				continue;
			if (prefix_match(ifc->address, &host))
				return true;
			informed = informed || !if_is_loopback(ifp);
		}
	return !informed;
}

bool vrrp_check_interface_missing(const char *ifname)
{
	return !vrrp_zebra_interface_named(ifname) && !if_nametoindex(ifname);
}

/* --- checks ------------------------------------------------------------------ */

static unsigned int count_vips(const struct lyd_node *group, enum vrrp_family family)
{
	const struct lyd_node *child;
	unsigned int count = 0;

	LY_LIST_FOR (lyd_child(vrrp_nb_family(group, family)), child)
		count += child->schema && strmatch(child->schema->name, "virtual-address");
	return count;
}

static bool check_vip_not_own(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
			      char *reason, size_t size)
{
	const struct interface *ifp = own_address(scope, vip);
	char text[VRRP_ADDR_STRLEN];

	if (ifp)
		return vrrp_nb_refuse(scope, reason, size,
				      "virtual address %s is a real address of this host, on %s; only the address owner (priority %u) may use it as a virtual address",
				      vrrp_addr_str(vip, text), ifp->name, VRRP_PRIORITY_OWNER);
	return true;
}

static bool is_owner(const struct lyd_node *group)
{
	return strtoul(vrrp_nb_value(group, "priority"), NULL, 10) == VRRP_PRIORITY_OWNER;
}

bool vrrp_check_vip(const struct vrrp_scope *scope, const struct vrrp_addr *vip, char *reason,
		    size_t size)
{
	unsigned int others = count_vips(scope->group, vip->family);
	char text[VRRP_ADDR_STRLEN];

	if (!check_kind(scope, "virtual address", vip, reason, size))
		return false;
	vrrp_addr_str(vip, text);
	if (vrrp_nb_has_address(scope->group, "virtual-address", vip))
		others--;
	if (others >= MAX_VIPS)
		return vrrp_nb_refuse(scope, reason, size,
				      "virtual address %s is one too many: an advertisement has room for %u",
				      text, MAX_VIPS);
	if (vrrp_nb_has_address(scope->group, "peer", vip))
		return vrrp_nb_refuse(scope, reason, size,
				      "virtual address %s is the address of a peer", text);
	if (!is_owner(scope->group) && !check_vip_not_own(scope, vip, reason, size))
		return false;
	if (!is_owner(scope->group) && !vrrp_claims_check_no_source(scope, vip, reason, size))
		return false;
	if (!vrrp_check_vip_is_no_marker(scope, vip, reason, size))
		return false;
	return vrrp_claims_check_vip(scope, vip, reason, size);
}

bool vrrp_check_peer(const struct vrrp_scope *scope, const struct vrrp_addr *peer, char *reason,
		     size_t size)
{
	const struct interface *ifp;
	char text[VRRP_ADDR_STRLEN];

	if (!check_kind(scope, "peer", peer, reason, size))
		return false;
	vrrp_addr_str(peer, text);
	if (vrrp_nb_has_address(scope->group, "source", peer))
		return vrrp_nb_refuse(scope, reason, size,
				      "peer %s is the source of this router itself", text);
	if (vrrp_nb_has_address(scope->group, "virtual-address", peer))
		return vrrp_nb_refuse(scope, reason, size,
				      "peer %s is a virtual address of this group", text);
	ifp = own_address(scope, peer);
	if (ifp)
		return vrrp_nb_refuse(scope, reason, size,
				      "peer %s is an address of this host, on %s", text, ifp->name);
	ifp = scope->host_may_change ? NULL : whole_subnet(scope, peer);
	if (ifp)
		return vrrp_nb_refuse(scope, reason, size,
				      "peer %s is the whole subnet of %s, not a router in it: its first address or its broadcast address",
				      text, ifp->name);
	return vrrp_check_peer_votes(scope, peer, reason, size) &&
	       vrrp_claims_check_peer(scope, peer, reason, size);
}

bool vrrp_check_source(const struct vrrp_scope *scope, const struct vrrp_addr *source, char *reason,
		       size_t size)
{
	char text[VRRP_ADDR_STRLEN];

	if (!check_kind(scope, "source", source, reason, size))
		return false;
	if (vrrp_nb_has_address(scope->group, "peer", source))
		return vrrp_nb_refuse(scope, reason, size, "source %s is among the peers",
				      vrrp_addr_str(source, text));
	return vrrp_claims_check_source(scope, source, reason, size);
}

/*
 * True when the group was the owner before this change. VIPs that come with it have been checked
 * separately.
 */
static bool was_owner(const struct vrrp_scope *scope)
{
	const struct vrrp_group *running = vrrp_group_find(scope->ifname, scope->vrid);

	return is_owner(scope->group) || (running && running->conf.priority == VRRP_PRIORITY_OWNER);
}

bool vrrp_check_priority(const struct vrrp_scope *scope, uint8_t priority, char *reason, size_t size)
{
	static const enum vrrp_family families[] = { VRRP_IPV4, VRRP_IPV6 };
	const struct lyd_node *child;
	struct vrrp_addr vip;

	if (priority == VRRP_PRIORITY_OWNER || !was_owner(scope))
		return true;
	for (size_t i = 0; i < array_size(families); i++)
		LY_LIST_FOR (lyd_child(vrrp_nb_family(scope->group, families[i])), child)
			if (child->schema && strmatch(child->schema->name, "virtual-address") &&
			    vrrp_addr_parse(lyd_get_value(child), &vip) &&
			    (!check_vip_not_own(scope, &vip, reason, size) ||
			     !vrrp_claims_check_no_source(scope, &vip, reason, size)))
				return false;
	return true;
}

/* RFC 3768 section 5.3.7: the interval travels as seconds in one octet. */
static bool check_seconds(const struct vrrp_scope *scope, unsigned long interval_cs, char *reason,
			  size_t size)
{
	if (interval_cs % 100 == 0)
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "advertisement-interval %lu ms is not a multiple of 1000 ms, the unit of VRRP version 2",
			      interval_cs * 10);
}

bool vrrp_check_version_2_too(const struct vrrp_scope *scope, bool wanted, char *reason, size_t size)
{
	if (wanted && vrrp_nb_child(scope->group, "authentication"))
		return vrrp_nb_refuse(
			scope, reason, size,
			"authentication is for version 3 alone: remove it before version-2-compatible");
	if (!wanted || !strmatch(vrrp_nb_value(scope->group, "version"), "2"))
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "version-2-compatible is for a group of version 3, and this one has version 2");
}

bool vrrp_check_interval(const struct vrrp_scope *scope, unsigned long interval_cs, char *reason,
			 size_t size)
{
	if (!strmatch(vrrp_nb_value(scope->group, "version"), "2"))
		return true;
	return check_seconds(scope, interval_cs, reason, size);
}

bool vrrp_check_version(const struct vrrp_scope *scope, uint8_t version, char *reason, size_t size)
{
	const struct lyd_node *v6 = vrrp_nb_family(scope->group, VRRP_IPV6);

	if (version != 2)
		return true;
	if (vrrp_nb_child(v6, "virtual-address") || vrrp_nb_child(v6, "peer") ||
	    vrrp_nb_child(v6, "source") || vrrp_nb_child(v6, "marker"))
		return vrrp_nb_refuse(
			scope, reason, size,
			"VRRP version 2 has no IPv6: remove the IPv6 addresses, peers, source and marker first");
	if (vrrp_nb_child(scope->group, "authentication"))
		return vrrp_nb_refuse(scope, reason, size,
				      "authentication is for a group of version 3: remove it first");
	if (strmatch(vrrp_nb_value(scope->group, "version-2-compatible"), "true"))
		return vrrp_nb_refuse(scope, reason, size,
				      "version-2-compatible is for a group of version 3: remove it first");
	return check_seconds(scope,
			     strtoul(vrrp_nb_value(scope->group, "advertisement-interval"), NULL,
				     10),
			     reason, size);
}

bool vrrp_check_name(const struct vrrp_scope *scope, const char *what, const char *name,
		     size_t size_max, char *reason, size_t size)
{
	if (strlen(name) < size_max && vrrp_word_is_printable(name, false))
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "%s: a name is printable ASCII without blanks, %zu characters at most",
			      what, size_max - 1);
}

bool vrrp_check_bfd_profile(const struct vrrp_scope *scope, const char *profile, char *reason,
			    size_t size)
{
	return vrrp_check_name(scope, "bfd profile", profile, VRRP_BFD_PROFILE_SIZE, reason, size);
}

bool vrrp_check_key_chain(const struct vrrp_scope *scope, const char *chain, char *reason,
			  size_t size)
{
	return vrrp_check_name(scope, "authentication key-chain", chain, VRRP_CHAIN_NAME_SIZE,
			       reason, size);
}

bool vrrp_check_authentication(const struct vrrp_scope *scope, char *reason, size_t size)
{
	if (strmatch(vrrp_nb_value(scope->group, "version"), "2"))
		return vrrp_nb_refuse(scope, reason, size,
				      "authentication is for a group of version 3, and this one has version 2");
	if (strmatch(vrrp_nb_value(scope->group, "version-2-compatible"), "true"))
		return vrrp_nb_refuse(
			scope, reason, size,
			"authentication is for version 3 alone: remove version-2-compatible first");
	return true;
}

/* Refuses what comes before preemption without preemption: no command could show it. */
bool vrrp_check_preempt(const struct vrrp_scope *scope, char *reason, size_t size)
{
	static const char *const leaves[] = { "preempt-delay", "preempt-settle" };

	if (!strmatch(vrrp_nb_value(scope->group, "preempt"), "false"))
		return true;
	for (unsigned int i = 0; i < array_size(leaves); i++) {
		const char *value = vrrp_nb_value(scope->group, leaves[i]);

		if (strtoul(value, NULL, 10))
			return vrrp_nb_refuse(scope, reason, size, "%s %s needs preempt", leaves[i],
					      value);
	}
	return true;
}

/* True for an autoconfigured group, unless the candidate turns "vrrp autoconfigure" off. */
static bool is_autoconfigured(const struct vrrp_scope *scope)
{
	const struct vrrp_group *group = vrrp_group_find(scope->ifname, scope->vrid);

	return group && group->autoconfigured && !scope->host_may_change &&
	       vrrp_nb_child(vrrp_nb_global(scope->config), "autoconfigure");
}

/* libfrr accepts a name that is one character too long, and truncates it later. */
bool vrrp_check_group(const struct vrrp_scope *scope, char *reason, size_t size)
{
	if (strlen(scope->ifname) >= IFNAMSIZ)
		return vrrp_nb_refuse(scope, reason, size,
				      "an interface name has %d characters at most", IFNAMSIZ - 1);
	if (vrrp_nb_is_vip_interface(scope->config, scope->ifname))
		return vrrp_nb_refuse(scope, reason, size,
				      "%s is the VIP interface, which carries virtual addresses and cannot have groups: use another interface",
				      scope->ifname);
	if (is_autoconfigured(scope))
		return vrrp_nb_refuse(
			scope, reason, size,
			"vrrp autoconfigure has made this group, so it cannot be configured: use another VRID");
	return true;
}

bool vrrp_check_interval_ms(long interval_ms, char *reason, size_t size)
{
	if (interval_ms % 10 == 0)
		return true;
	snprintf(reason, size,
		 "advertisement-interval %ld ms is not a multiple of 10 ms, the unit of VRRP",
		 interval_ms);
	return false;
}

bool vrrp_check_address_lease(uint16_t seconds, char *reason, size_t size)
{
	if (!seconds || seconds >= LEASE_MIN_SEC)
		return true;
	snprintf(reason, size,
		 "address-lease %u is too short to be renewed in time: configure %u seconds or more (0: permanent)",
		 seconds, LEASE_MIN_SEC);
	return false;
}
