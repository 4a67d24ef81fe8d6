// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Container ipvs of the configuration becomes struct vrrp_service.
 *
 * Callbacks of leaves do nothing. A service is read as a whole: by the checks from the
 * candidate, and once a transaction by its apply_finish, which passes it to
 * vrrp_ipvs_apply(). Only services have callbacks for being created and destroyed. The
 * northbound's running entry of a service's node is the struct vrrp_service; a server is
 * found by address and port. Lines that are only taken back wait (vrrp_ipvs_nb_settle.c).
 */
#include <zebra.h>

#include "darr.h"
#include "yang.h"

#include "vrrp_check_words.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrp_word.h"

/* --- words ------------------------------------------------------------------- */

static const struct vrrp_word protocols[] = {
	{ IPPROTO_TCP, "tcp" },
	{ IPPROTO_UDP, "udp" },
	{ IPPROTO_SCTP, "sctp" },
	{},
};

static const struct vrrp_word forwards[] = {
	{ NL_IPVS_DIRECT, "direct" },
	{ NL_IPVS_MASQUERADE, "masquerade" },
	{ NL_IPVS_TUNNEL, "tunnel" },
	{},
};

static const struct vrrp_word encapsulations[] = {
	{ NL_IPVS_IPIP, "ipip" },
	{ NL_IPVS_GRE, "gre" },
	{ NL_IPVS_GUE, "gue" },
	{},
};

const char *vrrp_ipvs_protocol_name(uint8_t protocol)
{
	return vrrp_word_name(protocols, protocol);
}

const char *vrrp_ipvs_forward_name(enum nl_ipvs_forward forward)
{
	return vrrp_word_name(forwards, forward);
}

const char *vrrp_ipvs_encapsulation_name(enum nl_ipvs_encapsulation encapsulation)
{
	return vrrp_word_name(encapsulations, encapsulation);
}

uint8_t vrrp_ipvs_protocol(const char *name)
{
	return vrrp_word_number(protocols, name);
}

enum nl_ipvs_forward vrrp_ipvs_forward(const char *name)
{
	return vrrp_word_number(forwards, name);
}

enum nl_ipvs_encapsulation vrrp_ipvs_encapsulation(const char *name)
{
	return vrrp_word_number(encapsulations, name);
}

uint16_t vrrp_ipvs_keepalive(enum vrrp_probe_kind kind, const char *value)
{
	if (value)
		return strtoul(value, NULL, 10);
	return kind == VRRP_PROBE_HTTPS ? VRRP_PROBE_DEFAULT_KEEPALIVE : 0;
}

/* --- reading ------------------------------------------------------------------ */

const struct lyd_node *vrrp_ipvs_service_node(const struct lyd_node *dnode)
{
	while (dnode && strcmp(dnode->schema->name, "service") != 0)
		dnode = lyd_parent(dnode);
	return dnode;
}

static unsigned long number(const struct lyd_node *parent, const char *name)
{
	return strtoul(vrrp_nb_value(parent, name), NULL, 10);
}

static bool is_true(const struct lyd_node *parent, const char *name)
{
	return strmatch(vrrp_nb_value(parent, name), "true");
}

static const char *string(const struct lyd_node *parent, const char *name)
{
	const char *value = vrrp_nb_value(parent, name);

	return *value ? value : NULL;
}

static struct vrrp_addr address(const struct lyd_node *parent)
{
	struct vrrp_addr value = {};

	vrrp_addr_parse(vrrp_nb_value(parent, "address"), &value);
	return value;
}

static void read_check(const struct lyd_node *parent, struct vrrp_probe_conf *check)
{
	const struct lyd_node *dnode = vrrp_nb_child(parent, "check");

	*check = vrrp_check_of_node(dnode);
	check->interval_msec *= 1000;
	check->timeout_msec *= 1000;
	check->keepalive_sec = vrrp_ipvs_keepalive(check->kind, string(dnode, "keepalive-time"));
}

static void read_traffic(const struct lyd_node *service, struct vrrp_service_conf *conf)
{
	const struct lyd_node *socket = vrrp_nb_child(service, "socket");
	const struct lyd_node *mark = vrrp_nb_child(service, "firewall-mark");

	conf->vip = address(socket);
	conf->port = number(socket, "port");
	conf->protocol = vrrp_ipvs_protocol(vrrp_nb_value(socket, "protocol"));
	conf->fwmark = number(mark, "mark");
	conf->fwmark_family = strmatch(vrrp_nb_value(mark, "family"), "ipv6") ? VRRP_IPV6
									      : VRRP_IPV4;
}

void vrrp_ipvs_read_conf(const struct lyd_node *service, struct vrrp_service_conf *conf)
{
	const struct lyd_node *scheduler = vrrp_nb_child(service, "scheduler");
	const struct lyd_node *pool = vrrp_nb_child(service, "backup-pool");

	*conf = (struct vrrp_service_conf){
		.fallback = is_true(scheduler, "fallback"),
		.by_port = is_true(scheduler, "by-port"),
		.one_packet = is_true(service, "one-packet"),
		.persistent_sec = number(service, "persistent"),
		.always = is_true(service, "always"),
		.survive = is_true(service, "survive"),
		.quorum = number(service, "quorum"),
		.inhibit = is_true(service, "inhibit"),
		.slow_start_sec = number(service, "slow-start"),
		.pool_threshold = number(pool, "threshold"),
		.pool_hold_sec = number(pool, "hold"),
	};
	strlcpy(conf->scheduler, vrrp_nb_value(scheduler, "name"), sizeof(conf->scheduler));
	vrrp_service_conf_imply(conf);
	read_traffic(service, conf);
	read_check(service, &conf->check);
}

struct vrrp_ipvs_range vrrp_ipvs_read_range(const struct lyd_node *range)
{
	uint16_t port = number(range, "port"), last = number(range, "last-port");

	return (struct vrrp_ipvs_range){
		.address = address(range),
		.port = port,
		.last_port = last ? last : port,
	};
}

struct vrrp_ipvs_range *vrrp_ipvs_read_ranges(const struct lyd_node *service)
{
	struct vrrp_ipvs_range *ranges = NULL;
	const struct lyd_node *child;

	LY_LIST_FOR (lyd_child(service), child)
		if (child->schema && strmatch(child->schema->name, "address"))
			*darr_append(ranges) = vrrp_ipvs_read_range(child);
	return ranges;
}

/* Reads address, port and forwarding, which a sorry server has as well. */
static void read_target(const struct lyd_node *dnode, struct vrrp_server *value)
{
	*value = (struct vrrp_server){
		.address = address(dnode),
		.port = number(dnode, "port"),
		.forward = vrrp_ipvs_forward(vrrp_nb_value(dnode, "forwarding")),
	};
}

void vrrp_ipvs_read_server(const struct lyd_node *server, struct vrrp_server *value)
{
	const struct lyd_node *check = vrrp_nb_child(server, "check");

	read_target(server, value);
	value->weight = number(server, "weight");
	value->is_backup = strmatch(vrrp_nb_value(server, "pool"), "backup");
	value->encapsulation = vrrp_ipvs_encapsulation(vrrp_nb_value(server, "encapsulation"));
	value->gue_port = number(server, "gue-port");
	value->upper_threshold = number(server, "upper-threshold");
	value->lower_threshold = number(server, "lower-threshold");
	read_check(server, &value->check);
	value->unchecked = check && value->check.kind == VRRP_PROBE_NONE;
}

bool vrrp_ipvs_read_sorry(const struct lyd_node *service, struct vrrp_server *value)
{
	const struct lyd_node *sorry = vrrp_nb_child(service, "sorry-server");

	if (sorry)
		read_target(sorry, value);
	return sorry != NULL;
}

/* --- validation ----------------------------------------------------------------- */

static int validated(bool good)
{
	return good ? NB_OK : NB_ERR_VALIDATION;
}

int vrrp_nb_service_pre_validate(struct nb_cb_pre_validate_args *args)
{
	struct vrrp_ipvs_scope scope = {
		.config = args->dnode,
		.service = args->dnode,
		.name = vrrp_nb_value(args->dnode, "name"),
	};

	vrrp_ipvs_read_conf(args->dnode, &scope.conf);
	return validated(vrrp_ipvs_check_service(&scope, args->errmsg, args->errmsg_len));
}

int vrrp_nb_ipvs_pre_validate(struct nb_cb_pre_validate_args *args)
{
	const struct lyd_node *sync = vrrp_nb_child(args->dnode, "sync-daemon");

	if (!vrrp_ipvs_check_all_unique(args->dnode, args->errmsg, args->errmsg_len))
		return NB_ERR_VALIDATION;
	return validated(!sync || vrrp_ipvs_check_sync(args->dnode, vrrp_nb_value(sync, "interface"),
						       args->errmsg, args->errmsg_len));
}

/* --- services ---------------------------------------------------------------------- */

static struct vrrp_service *service_of(const struct lyd_node *dnode)
{
	return nb_running_get_entry(dnode, NULL, true);
}

int vrrp_nb_service_create(struct nb_cb_create_args *args)
{
	if (args->event == NB_EV_APPLY)
		nb_running_set_entry(args->dnode,
				     vrrp_service_new(vrrp_nb_value(args->dnode, "name")));
	return NB_OK;
}

int vrrp_nb_service_destroy(struct nb_cb_destroy_args *args)
{
	struct vrrp_service *service;

	if (args->event != NB_EV_APPLY)
		return NB_OK;
	service = nb_running_unset_entry(args->dnode);
	if (vrrp_service_leave(&service))
		vrrp_ipvs_settle_later();
	return NB_OK;
}

/* Replaces a check by a copy of another. */
static void take_check(struct vrrp_probe_conf *own, const struct vrrp_probe_conf *value)
{
	vrrp_probe_conf_fini(own);
	vrrp_probe_conf_copy(own, value);
}

static void take_conf(struct vrrp_service *service, const struct lyd_node *dnode)
{
	struct vrrp_probe_conf check = service->conf.check;
	struct vrrp_service_conf value;

	vrrp_ipvs_read_conf(dnode, &value);
	take_check(&check, &value.check);
	value.check = check;
	value.sorry = service->conf.sorry;
	service->conf = value;
}

static void take_sorry(struct vrrp_service *service, const struct lyd_node *dnode)
{
	struct vrrp_server value, *own = service->conf.sorry;

	if (!vrrp_ipvs_read_sorry(dnode, &value))
		vrrp_service_sorry(service, NULL, 0, NL_IPVS_DIRECT);
	else if (!own || !vrrp_ipvs_same_target(own, &value) || own->forward != value.forward)
		vrrp_service_sorry(service, &value.address, value.port, value.forward);
}

static void take_server(struct vrrp_service *service, const struct lyd_node *dnode)
{
	struct vrrp_server value, *own;

	vrrp_ipvs_read_server(dnode, &value);
	own = vrrp_server_add(service, &value.address, value.port);
	own->weight = value.weight;
	own->is_backup = value.is_backup;
	own->forward = value.forward;
	own->encapsulation = value.encapsulation;
	own->gue_port = value.gue_port;
	own->upper_threshold = value.upper_threshold;
	own->lower_threshold = value.lower_threshold;
	own->unchecked = value.unchecked;
	take_check(&own->check, &value.check);
}

void vrrp_ipvs_take(struct vrrp_service *service, const struct lyd_node *dnode)
{
	const struct lyd_node *child;

	take_conf(service, dnode);
	vrrp_service_set_ranges(service, vrrp_ipvs_read_ranges(dnode));
	take_sorry(service, dnode);
	LY_LIST_FOR (lyd_child(dnode), child)
		if (child->schema && strmatch(child->schema->name, "server"))
			take_server(service, child);
	vrrp_service_drop_unnamed(service);
	service->unsettled = false;
	vrrp_ipvs_apply(service);
}

static void inherit(struct vrrp_service *service, const struct lyd_node *dnode)
{
	struct vrrp_service_conf value;
	struct nl_ipvs_key key;

	vrrp_ipvs_read_conf(dnode, &value);
	key = vrrp_service_key(&value);
	vrrp_service_inherit(service, &key);
}

void vrrp_nb_service_apply_finish(struct nb_cb_apply_finish_args *args)
{
	struct vrrp_service *service = service_of(args->dnode);

	inherit(service, args->dnode);
	if (!vrrp_ipvs_only_takes_back(service, args->dnode)) {
		vrrp_ipvs_take(service, args->dnode);
		return;
	}
	service->unsettled = true;
	vrrp_ipvs_settle_later();
}

/* --- what holds for all ------------------------------------------------------------ */

void vrrp_ipvs_read_global(const struct lyd_node *dnode, struct vrrp_ipvs_global *global)
{
	const struct lyd_node *sync = vrrp_nb_child(dnode, "sync-daemon");
	const struct lyd_node *timeouts = vrrp_nb_child(dnode, "timeouts");

	memset(global, 0, sizeof(*global)); /* it is compared by memcmp() */
	strlcpy(global->sync_ifname, vrrp_nb_value(sync, "interface"), sizeof(global->sync_ifname));
	global->sync_id = number(sync, "sync-id");
	global->sync_settle_sec = number(sync, "settle");
	global->timeouts.tcp_sec = number(timeouts, "tcp");
	global->timeouts.tcp_fin_sec = number(timeouts, "tcp-fin");
	global->timeouts.udp_sec = number(timeouts, "udp");
}

/* Called for the global container, and for every change of a service as well. */
void vrrp_nb_ipvs_apply_finish(struct nb_cb_apply_finish_args *args)
{
	struct vrrp_ipvs_global wanted;

	vrrp_ipvs_read_global(args->dnode, &wanted);
	if (memcmp(&wanted, &vrrp_ipvs_global, sizeof(wanted)) == 0)
		return;
	if (vrrp_ipvs_only_takes_back_global(&wanted)) {
		vrrp_ipvs_settle_later();
		return;
	}
	vrrp_ipvs_global = wanted;
	vrrp_ipvs_global_apply();
}
