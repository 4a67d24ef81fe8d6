// SPDX-License-Identifier: GPL-2.0-or-later
/* The container is one line of the configuration; its callbacks write one field each. */
#include <zebra.h>

#include "yang.h"

#include "vrrp_ballot.h"
#include "vrrp_host.h"
#include "vrrp_nb_witness.h"

bool vrrp_check_witness_address(const struct vrrp_scope *scope, const struct vrrp_addr *address,
				char *reason, size_t size)
{
	const char *fault = vrrp_check_not_a_host(address);
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(address, text);
	if (*fault)
		return vrrp_nb_refuse(scope, reason, size, "witness %s is %s", text, fault);
	if (vrrp_addr_is_linklocal(address))
		return vrrp_nb_refuse(scope, reason, size,
				      "witness %s is a link-local address: a witness is asked from anywhere",
				      text);
	if (vrrp_nb_has_address(scope->group, "peer", address))
		return vrrp_nb_refuse(scope, reason, size,
				      "witness %s is a peer, which is a voter already", text);
	if (vrrp_nb_has_address(scope->group, "virtual-address", address))
		return vrrp_nb_refuse(scope, reason, size,
				      "witness %s is a virtual address of this group", text);
	if (vrrp_nb_has_address(scope->group, "source", address) ||
	    (!scope->host_may_change && vrrp_host_own_link(address, 0, 0)))
		return vrrp_nb_refuse(scope, reason, size,
				      "witness %s is an address of this host, which is a voter already",
				      text);
	return true;
}

static unsigned int count(const struct lyd_node *parent, const char *list, enum vrrp_family family)
{
	const struct lyd_node *child;
	struct vrrp_addr address;
	unsigned int sum = 0;

	LY_LIST_FOR (lyd_child(parent), child)
		if (child->schema && strmatch(child->schema->name, list) &&
		    vrrp_addr_parse(lyd_get_value(child), &address))
			sum += address.family == family;
	return sum;
}

static bool check_voters(const struct vrrp_scope *scope, enum vrrp_family family,
			 unsigned int peers, unsigned int witnesses, char *reason, size_t size)
{
	if (!witnesses || peers + witnesses <= VRRP_VOTES_MAX)
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "witness: %u peers and %u witnesses of IPv%u are too many: a majority is looked for among this router and %u others at most",
			      peers, witnesses, family, VRRP_VOTES_MAX);
}

bool vrrp_check_witness_count(const struct vrrp_scope *scope, enum vrrp_family family,
			      unsigned int witnesses, char *reason, size_t size)
{
	unsigned int peers = count(vrrp_nb_family(scope->group, family), "peer", family);

	return check_voters(scope, family, peers, witnesses, reason, size);
}

bool vrrp_check_peer_and_votes(const struct vrrp_scope *scope, const struct vrrp_addr *peer,
			       char *reason, size_t size)
{
	enum vrrp_family family = peer->family;
	unsigned int peers = count(vrrp_nb_family(scope->group, family), "peer", family) +
			     !vrrp_nb_has_address(scope->group, "peer", peer);
	unsigned int witnesses = count(vrrp_nb_child(scope->group, "witness"), "address", family);

	return check_voters(scope, family, peers, witnesses, reason, size) &&
	       vrrp_check_peer(scope, peer, reason, size);
}

bool vrrp_check_witness_name(const struct vrrp_scope *scope, const char *name, char *reason,
			     size_t size)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		if (!isascii(name[i]) || !isgraph(name[i]))
			return vrrp_nb_refuse(scope, reason, size,
					      "witness: a name is printable ASCII without blanks");
	if (length >= VRRP_PROMISE_NAME_SIZE)
		return vrrp_nb_refuse(scope, reason, size,
				      "witness: a name has %d characters at most",
				      VRRP_PROMISE_NAME_SIZE - 1);
	return true;
}

static bool exclude(const struct vrrp_scope *scope, const char *what, char *reason, size_t size)
{
	return vrrp_nb_refuse(scope, reason, size,
			      "witness and %s exclude one another: with a witness no two routers have the virtual addresses, and each address family decides for itself",
			      what);
}

static bool is_set(const struct vrrp_scope *scope, const char *leaf, const char *unless)
{
	const char *value = vrrp_nb_value(scope->group, leaf);

	return *value && !strmatch(value, unless);
}

bool vrrp_check_witness(const struct vrrp_scope *scope, char *reason, size_t size)
{
	if (strtoul(vrrp_nb_value(scope->group, "priority"), NULL, 10) == VRRP_PRIORITY_OWNER)
		return exclude(scope, "the owner's priority 255", reason, size);
	if (is_set(scope, "sync-group", ""))
		return exclude(scope, "sync-group", reason, size);
	if (is_set(scope, "sync-families", "false"))
		return exclude(scope, "sync-families", reason, size);
	if (is_set(scope, "announce-when", "active"))
		return exclude(scope, "announce when healthy", reason, size);
	if (is_set(scope, "preempt-settle", "0"))
		return exclude(scope, "preempt settle", reason, size);
	return true;
}

bool vrrp_check_no_witness(const struct vrrp_scope *scope, const char *what, char *reason,
			   size_t size)
{
	return !vrrp_nb_child(scope->group, "witness") || exclude(scope, what, reason, size);
}

/* ----------------------------------------------------------------------- callbacks */

static struct vrrp_witness_conf *conf_of(const struct lyd_node *dnode)
{
	const struct lyd_node *group = vrrp_nb_group(dnode);

	return &vrrp_group_find(vrrp_nb_ifname(group), vrrp_nb_vrid(group))->conf.witness;
}

static struct vrrp_scope scope_of(const struct nb_context *context, const struct lyd_node *dnode)
{
	const struct lyd_node *group = vrrp_nb_group(dnode);

	return (struct vrrp_scope){ .config = dnode,
				    .group = group,
				    .ifname = vrrp_nb_ifname(group),
				    .vrid = vrrp_nb_vrid(group),
				    .host_may_change = context->client == NB_CLIENT_CLI };
}

static int validated(bool good)
{
	return good ? NB_OK : NB_ERR_VALIDATION;
}

int vrrp_nb_witness_create(struct nb_cb_create_args *args)
{
	struct vrrp_scope scope;

	if (args->event != NB_EV_VALIDATE)
		return NB_OK;
	scope = scope_of(args->context, args->dnode);
	return validated(vrrp_check_witness(&scope, args->errmsg, args->errmsg_len));
}

int vrrp_nb_witness_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		*conf_of(args->dnode) = vrrp_group_defaults.witness;
	return NB_OK;
}

static int index_of(const struct vrrp_witness_conf *conf, const struct vrrp_addr *address)
{
	for (unsigned int i = 0; i < conf->count; i++)
		if (vrrp_addr_same(&conf->addresses[i], address))
			return (int)i;
	return -1;
}

int vrrp_nb_witness_address_create(struct nb_cb_create_args *args)
{
	struct vrrp_addr address = {};
	struct vrrp_witness_conf *conf;
	struct vrrp_scope scope;

	vrrp_addr_parse(lyd_get_value(args->dnode), &address);
	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(vrrp_check_witness_address(&scope, &address, args->errmsg,
							    args->errmsg_len) &&
				 vrrp_check_witness_count(&scope, address.family,
							  count(lyd_parent(args->dnode), "address",
								address.family),
							  args->errmsg, args->errmsg_len));
	}
	if (args->event != NB_EV_APPLY)
		return NB_OK;
	conf = conf_of(args->dnode);
	/* in a change of all addresses, the new ones may come before the old ones go */
	if (index_of(conf, &address) < 0 && conf->count < array_size(conf->addresses))
		conf->addresses[conf->count++] = address;
	return NB_OK;
}

int vrrp_nb_witness_address_destroy(struct nb_cb_destroy_args *args)
{
	struct vrrp_witness_conf *conf;
	struct vrrp_addr address = {};
	int i;

	if (args->event != NB_EV_APPLY)
		return NB_OK;
	vrrp_addr_parse(lyd_get_value(args->dnode), &address);
	conf = conf_of(args->dnode);
	i = index_of(conf, &address);
	if (i >= 0)
		conf->addresses[i] = conf->addresses[--conf->count];
	return NB_OK;
}

int vrrp_nb_witness_port_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		conf_of(args->dnode)->port = yang_dnode_get_uint16(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_witness_lease_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		conf_of(args->dnode)->lease_sec = yang_dnode_get_uint8(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_witness_name_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(vrrp_check_witness_name(&scope, lyd_get_value(args->dnode),
							 args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		strlcpy(conf_of(args->dnode)->name, lyd_get_value(args->dnode),
			VRRP_PROMISE_NAME_SIZE);
	return NB_OK;
}

int vrrp_nb_witness_name_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		conf_of(args->dnode)->name[0] = '\0';
	return NB_OK;
}
