// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each kind has a container of the model with one list. An entry's key is the object; its other
 * leaves are what all kinds have.
 */
#include <zebra.h>

#include "lib/darr.h"
#include "prefix.h"
#include "vrf.h"
#include "yang.h"

#include "frr_release.h"
#include "vrrp_check_words.h"
#include "vrrp_convert.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb_track.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_word.h"

static const char *const lists[VRRP_TRACK_KINDS] = {
	[VRRP_TRACK_INTERFACE] = "interface", [VRRP_TRACK_ROUTE] = "network",
	[VRRP_TRACK_FILE] = "file",	      [VRRP_TRACK_CHECK] = "check",
	[VRRP_TRACK_SERVICE] = "service",
};

static const char *const keys[VRRP_TRACK_KINDS] = {
	[VRRP_TRACK_INTERFACE] = "interface", [VRRP_TRACK_ROUTE] = "prefix",
	[VRRP_TRACK_FILE] = "path",	      [VRRP_TRACK_CHECK] = "name",
	[VRRP_TRACK_SERVICE] = "name",
};

static enum vrrp_track_kind kind_of(const struct lyd_node *entry)
{
	enum vrrp_track_kind kind = 0;

	while (kind < VRRP_TRACK_KINDS - 1 && !strmatch(entry->schema->name, lists[kind]))
		kind++;
	return kind;
}

static unsigned int number(const struct lyd_node *entry, const char *name)
{
	return strtoul(vrrp_nb_value(entry, name), NULL, 10);
}

struct vrrp_track_conf vrrp_nb_track_read(const struct lyd_node *entry)
{
	struct vrrp_track_conf conf = { .key.kind = kind_of(entry) };
	const char *vrf = vrrp_nb_value(entry, "vrf");

	strlcpy(conf.key.name, vrrp_nb_value(entry, keys[conf.key.kind]), sizeof(conf.key.name));
	if (!strmatch(vrf, VRF_DEFAULT_NAME))
		strlcpy(conf.key.vrf, vrf, sizeof(conf.key.vrf));
	strlcpy(conf.key.protocol, vrrp_nb_value(entry, "protocol"), sizeof(conf.key.protocol));
	conf.decrement = number(entry, "priority-decrement");
	conf.up_sec = number(entry, "delay-up");
	conf.down_sec = number(entry, "delay-down");
	return conf;
}

/* All that the group's node says; darr. */
static struct vrrp_track_conf *read_all(const struct lyd_node *group)
{
	const struct lyd_node *container, *entry;
	struct vrrp_track_conf *all = NULL;

	LY_LIST_FOR (lyd_child(vrrp_nb_child(group, "track")), container) {
		LY_LIST_FOR (lyd_child(container), entry)
			*darr_append(all) = vrrp_nb_track_read(entry);
	}
	return all;
}

void vrrp_nb_track_apply(struct vrrp_group *group, const struct lyd_node *dnode)
{
	struct vrrp_track_conf *all = read_all(dnode);

	vrrp_track_configure(group, all, darr_len(all));
	darr_free(all);
}

/* ------------------------------------------------------------------------ checks */

static bool refuse(const struct vrrp_scope *scope, const struct vrrp_track_conf *conf, char *reason,
		   size_t size, const char *why)
{
	char text[VRRP_TRACK_TEXT_SIZE];

	return vrrp_nb_refuse(scope, reason, size, "track %s: %s",
			      vrrp_track_text(&conf->key, text), why);
}

/* True when a group of the candidate has this prefix, a host's, as a VIP. */
static bool is_vip(const struct lyd_node *config, const struct prefix *prefix)
{
	char xpath[XPATH_MAXLEN];

	if (!is_host_route(prefix))
		return false;
	snprintfrr(xpath, sizeof(xpath), VRRP_XPATH_GROUPS "/v%d[virtual-address='%pFXh']",
		   prefix->family == AF_INET ? 4 : 6, prefix);
	return yang_dnode_exists(config, xpath);
}

/* A route of one host may be that of a VIP; such a route is rarely tracked. */
static bool any_host_route;

static bool is_own_marker(const struct vrrp_scope *scope, const struct vrrp_track_conf *conf,
			  const struct prefix *prefix)
{
	return vrrp_nb_has_marker(scope->group, prefix) &&
	       strmatch(conf->key.vrf, vrrp_vip_vrf_of(scope->ifname));
}

/* Multicast, or what each link has for itself. */
static bool is_of_no_route(const struct prefix *prefix)
{
	if (prefix->family == AF_INET)
		return IN_MULTICAST(ntohl(prefix->u.prefix4.s_addr));
	return IN6_IS_ADDR_MULTICAST(&prefix->u.prefix6) ||
	       IN6_IS_ADDR_LINKLOCAL(&prefix->u.prefix6);
}

static bool check_route(const struct vrrp_scope *scope, const struct vrrp_track_conf *conf,
			char *reason, size_t size)
{
	struct prefix prefix, network;

	if (!str2prefix(conf->key.name, &prefix))
		return refuse(scope, conf, reason, size, "this is not a prefix");
	prefix_copy(&network, &prefix);
	apply_mask(&network);
	if (!prefix_same(&prefix, &network))
		return refuse(scope, conf, reason, size,
			      "bits of the host are set in this prefix, and no route has one");
	if (is_of_no_route(&prefix))
		return refuse(scope, conf, reason, size,
			      "no route to a single place is in it: it is multicast or link-local");
	if (is_vip(scope->config, &prefix))
		return refuse(scope, conf, reason, size,
			      "this is a virtual address, whose route is where its group is Active; track another route");
	if (is_own_marker(scope, conf, &prefix))
		return refuse(scope, conf, reason, size,
			      "this is the group's own marker, which is announced where the group is Active; track another route");
	any_host_route |= is_host_route(&prefix);
	if (*conf->key.protocol && !frr_has_protocol(family2afi(prefix.family), conf->key.protocol))
		return refuse(scope, conf, reason, size, "there is no such protocol");
	return true;
}

static bool check_interface(const struct vrrp_scope *scope, const struct vrrp_track_conf *conf,
			    char *reason, size_t size)
{
	if (vrrp_nb_is_vip_interface(scope->config, conf->key.name))
		return refuse(scope, conf, reason, size,
			      "this is the VIP interface, which is there for the virtual addresses; track another interface");
	if (vrrp_check_carries_vips(conf->key.name))
		return refuse(scope, conf, reason, size,
			      "this interface is there for virtual addresses, and follows them; track another interface");
	return true;
}

const char *vrrp_check_track_name(const struct vrrp_track_key *key)
{
	const char *name = key->name;

	switch (key->kind) {
	case VRRP_TRACK_INTERFACE:
		return vrrp_word_ifname_fault(name);
	case VRRP_TRACK_FILE:
		if (name[0] != '/')
			return "the path must begin with /";
		if (!name[1])
			return "the path is that of no file";
		return vrrp_word_is_printable(name, false)
			       ? NULL
			       : "a path is printable ASCII, without blanks";
	case VRRP_TRACK_CHECK:
	case VRRP_TRACK_SERVICE:
		if (strlen(name) >= VRRP_TRACK_CHECK_SIZE)
			return "this name is too long: it has 63 characters at most";
		return name[strspn(name, VRRP_IPVS_NAME_CHARACTERS)]
			       ? "a name is of letters, digits and . _ : -"
			       : NULL;
	default: /* a prefix is looked at by itself */
		return NULL;
	}
}

bool vrrp_check_track(const struct vrrp_scope *scope, const struct vrrp_track_conf *conf,
		      char *reason, size_t size)
{
	const char *fault = vrrp_check_track_name(&conf->key);

	if (fault)
		return refuse(scope, conf, reason, size, fault);
	if (conf->decrement && strmatch(vrrp_nb_value(scope->group, "priority"), "255"))
		return refuse(scope, conf, reason, size,
			      "the owner's priority 255 is never lowered: leave decrement out, or lower the priority");
	if (conf->key.kind == VRRP_TRACK_ROUTE)
		return check_route(scope, conf, reason, size);
	if (conf->key.kind == VRRP_TRACK_INTERFACE)
		return check_interface(scope, conf, reason, size);
	return true;
}

bool vrrp_check_track_owner(const struct vrrp_scope *scope, uint8_t priority, char *reason,
			    size_t size)
{
	struct vrrp_track_conf *all = read_all(scope->group), *conf;
	bool good = true;

	darr_foreach_p (all, conf)
		if (good && priority == VRRP_PRIORITY_OWNER && conf->decrement)
			good = refuse(scope, conf, reason, size,
				      "it has a decrement, and the owner's priority 255 is never lowered: remove it first");
	darr_free(all);
	return good;
}

/* An XPath for each VIP would take long. */
static bool is_tracked(const struct lyd_node *config, const struct vrrp_addr *vip)
{
	const struct prefix host = vrrp_addr_prefix(vip);
	char xpath[XPATH_MAXLEN];

	if (!any_host_route)
		return false;
	snprintfrr(xpath, sizeof(xpath),
		   VRRP_XPATH_GROUPS "/frr-crossvip:track/networks/network[prefix='%pFX']", &host);
	return yang_dnode_exists(config, xpath);
}

bool vrrp_check_vip_and_track(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
			      char *reason, size_t size)
{
	char text[VRRP_ADDR_STRLEN];

	if (!is_tracked(scope->config, vip))
		return vrrp_check_vip(scope, vip, reason, size);
	return vrrp_nb_refuse(scope, reason, size,
			      "virtual address %s: a group tracks its route, which is where its group is Active; remove 'track route' first",
			      vrrp_addr_str(vip, text));
}

/* ------------------------------------------------------------------------ vrrp check */

struct vrrp_track_check vrrp_nb_check_read(const struct lyd_node *entry)
{
	struct vrrp_track_check check = { .probe = vrrp_check_of_node(entry) };
	const char *vrf = vrrp_nb_value(entry, "vrf");

	check.port = check.probe.port;
	check.probe.port = 0;
	check.probe.vrf = *vrf && !strmatch(vrf, VRF_DEFAULT_NAME) ? vrf : NULL;
	strlcpy(check.name, vrrp_nb_value(entry, "name"), sizeof(check.name));
	vrrp_addr_parse(vrrp_nb_value(entry, "address"), &check.target);
	return check;
}

void vrrp_nb_checks_apply(const struct lyd_node *config)
{
	const struct lyd_node *entry, *global = yang_dnode_get(config, VRRP_XPATH_GLOBAL);
	struct vrrp_track_check *checks = NULL;

	LY_LIST_FOR (lyd_child(global), entry)
		if (strmatch(entry->schema->name, "check"))
			*darr_append(checks) = vrrp_nb_check_read(entry);
	vrrp_track_checks_configure(checks, darr_len(checks));
	darr_free(checks);
}

/* A loopback address will do: what is checked may be on this host. */
static bool can_be_checked(const struct vrrp_addr *address)
{
	if (!vrrp_addr_is_set(address))
		return false;
	if (address->family == VRRP_IPV4)
		return ntohl(address->v4.s_addr) >> 24 && ntohl(address->v4.s_addr) >> 28 < 14;
	return !vrrp_addr_is_linklocal(address) && !IN6_IS_ADDR_UNSPECIFIED(&address->v6) &&
	       !IN6_IS_ADDR_MULTICAST(&address->v6);
}

static const char *fault_of_command(const struct vrrp_track_check *check)
{
	if (vrrp_addr_is_set(&check->target) || check->port || check->probe.vrf)
		return "a command has no address, port or VRF";
	return NULL;
}

static const char *fault_of_target(const struct vrrp_track_check *check)
{
	bool has_port = vrrp_check_has_port(check->probe.kind);

	if (!can_be_checked(&check->target))
		return "its address is not one that a check can reach: a host's, and not link-local";
	if (has_port && !check->port)
		return "it needs a port";
	if (!has_port && check->port)
		return "an ICMP echo has no port";
	if (vrrp_addr_is_set(&check->probe.source) &&
	    check->probe.source.family != check->target.family)
		return "its source is of the other address family";
	return NULL;
}

bool vrrp_check_check(const struct vrrp_track_check *check, char *reason, size_t size)
{
	const char *fault = check->probe.kind == VRRP_PROBE_COMMAND ? fault_of_command(check)
								    : fault_of_target(check);
	char clause[VRRP_CHECK_FAULT_SIZE];

	if (!fault)
		fault = vrrp_check_fault(&check->probe, clause);
	if (fault)
		snprintf(reason, size, "vrrp check %s: %s", check->name, fault);
	return !fault;
}

int vrrp_nb_check_create(struct nb_cb_create_args *args)
{
	struct vrrp_track_check check = vrrp_nb_check_read(args->dnode);

	if (args->event != NB_EV_VALIDATE)
		return NB_OK;
	return vrrp_check_check(&check, args->errmsg, args->errmsg_len) ? NB_OK : NB_ERR_VALIDATION;
}

/* ------------------------------------------------------------------------ callbacks */

static int validate(const struct lyd_node *entry, char *errmsg, size_t size)
{
	const struct lyd_node *group = vrrp_nb_group(entry);
	struct vrrp_scope scope = { .config = entry,
				    .group = group,
				    .ifname = vrrp_nb_ifname(group),
				    .vrid = vrrp_nb_vrid(group) };
	struct vrrp_track_conf conf = vrrp_nb_track_read(entry);

	return vrrp_check_track(&scope, &conf, errmsg, size) ? NB_OK : NB_ERR_VALIDATION;
}

int vrrp_nb_track_create(struct nb_cb_create_args *args)
{
	return args->event == NB_EV_VALIDATE ? validate(args->dnode, args->errmsg, args->errmsg_len)
					     : NB_OK;
}

int vrrp_nb_track_decrement_modify(struct nb_cb_modify_args *args)
{
	return args->event == NB_EV_VALIDATE
		       ? validate(lyd_parent(args->dnode), args->errmsg, args->errmsg_len)
		       : NB_OK;
}
