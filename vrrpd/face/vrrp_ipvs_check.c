// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Validation of the configuration of load balancing.
 *
 * Checks look at values, not at nodes. The command line puts the typed values into a
 * copy of the candidate's, the northbound reads the candidate, and both call the same
 * function. Facts that only the kernel knows (whether it has a scheduler, or IPv6) are
 * not checked here; "show ipvs" reports them.
 *
 * The kernel would refuse most of these errors, but with the same errno for all.
 */
#include <zebra.h>

#include "darr.h"
#include "prefix.h"
#include "yang.h"

#include "vrrp_check_words.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrp_vip.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_word.h"

/* --- sentences --------------------------------------------------------------- */

static bool PRINTFRR(4, 5)
	refuse(const char *name, char *reason, size_t size, const char *format, ...)
{
	struct va_format rest = { .fmt = format };
	va_list args;

	va_start(args, format);
	rest.va = &args;
	snprintfrr(reason, size, "ipvs service %s: %pVA", name, &rest);
	va_end(args);
	return false;
}

/* "server 192.0.2.11 80" */
#define SERVER_STRLEN (VRRP_ADDR_STRLEN + 24)

static const char *server_text(const char *what, const struct vrrp_server *server,
			       char buf[SERVER_STRLEN])
{
	char text[VRRP_ADDR_STRLEN];

	snprintf(buf, SERVER_STRLEN, "%s %s %u", what, vrrp_addr_str(&server->address, text),
		 server->port);
	return buf;
}

static enum vrrp_family family_of(const struct vrrp_service_conf *conf)
{
	return conf->fwmark ? conf->fwmark_family : conf->vip.family;
}

/* The next child of that name after previous, or the first; NULL when there is none. */
static const struct lyd_node *next_of(const struct lyd_node *parent, const char *name,
				      const struct lyd_node *previous)
{
	const struct lyd_node *next = previous ? previous->next : lyd_child(parent);

	while (next && !(next->schema && strmatch(next->schema->name, name)))
		next = next->next;
	return next;
}

/* --- a service by itself ------------------------------------------------------- */

bool vrrp_ipvs_check_name(const char *name, char *reason, size_t size)
{
	if (strlen(name) >= VRRP_IPVS_NAME_LEN)
		return refuse(name, reason, size, "a name has %d characters at most",
			      VRRP_IPVS_NAME_LEN - 1);
	if (!*name || name[strspn(name, VRRP_IPVS_NAME_CHARACTERS)])
		return refuse(name, reason, size, "a name is of letters, digits and . _ : -");
	return true;
}

static bool check_address(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	const struct vrrp_addr *vip = &scope->conf.vip;
	char text[VRRP_ADDR_STRLEN];
	const char *fault;

	if (scope->conf.fwmark)
		return true;
	if (!vrrp_addr_is_set(vip))
		return refuse(scope->name, reason, size,
			      "it has neither address and port nor firewall mark: configure one of them");
	vrrp_addr_str(vip, text);
	fault = vrrp_check_not_a_host(vip);
	if (*fault)
		return refuse(scope->name, reason, size, "address %s is %s", text, fault);
	if (vip->family == VRRP_IPV6 && vrrp_addr_is_linklocal(vip))
		return refuse(scope->name, reason, size,
			      "address %s is link-local, which the kernel does not balance", text);
	return true;
}

static bool check_survival(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	const struct vrrp_service_conf *conf = &scope->conf;

	if (!conf->survive)
		return true;
	if (!strmatch(conf->scheduler, "mh"))
		return refuse(scope->name, reason, size,
			      "survive needs scheduler mh, since with %s each director chooses servers of its own",
			      conf->scheduler);
	if (conf->persistent_sec)
		return refuse(scope->name, reason, size,
			      "survive excludes persistent: only one director would know the server of a client");
	if (conf->one_packet)
		return refuse(scope->name, reason, size,
			      "survive excludes one-packet: there are no connections then");
	return true;
}

/* Others take no notice of weights, or take them for limits or an order. */
static bool weighs(const char *scheduler)
{
	static const char *const names[] = { "wrr", "wlc", "sed", "nq", "lblc", "lblcr" };

	for (size_t i = 0; i < array_size(names); i++)
		if (strmatch(names[i], scheduler))
			return true;
	return false;
}

static bool check_scheduling(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	const struct vrrp_service_conf *conf = &scope->conf;
	bool hashes = strmatch(conf->scheduler, "sh") || strmatch(conf->scheduler, "mh");

	if ((conf->fallback || conf->by_port) && !hashes)
		return refuse(scope->name, reason, size,
			      "scheduler %s has no %s; schedulers sh and mh have", conf->scheduler,
			      conf->fallback ? "fallback" : "by-port");
	if (conf->slow_start_sec && !weighs(conf->scheduler))
		return refuse(scope->name, reason, size,
			      "slow-start is by weight, which scheduler %s does not share connections by",
			      conf->scheduler);
	if (conf->one_packet && !conf->fwmark && conf->protocol != IPPROTO_UDP)
		return refuse(scope->name, reason, size,
			      "one-packet is for udp and firewall marks, not for %s",
			      vrrp_ipvs_protocol_name(conf->protocol));
	return true;
}

/* --- servers ------------------------------------------------------------------------ */

static bool synchronises(const struct lyd_node *config)
{
	return yang_dnode_exists(config, VRRP_XPATH_IPVS "/sync-daemon");
}

/* The reason why packets cannot get to a server, sorry server or not; NULL when they can. */
static const char *address_fault(const struct vrrp_ipvs_scope *scope,
				 const struct vrrp_server *server)
{
	const char *fault = vrrp_check_not_a_host(&server->address);

	/* a service of this host itself may be there */
	if (*fault && !vrrp_addr_is_loopback(&server->address))
		return fault;
	if (server->address.family == VRRP_IPV6 && vrrp_addr_is_linklocal(&server->address))
		return "link-local, and IPVS does not forward to such addresses";
	if (server->address.family == family_of(&scope->conf))
		return NULL;
	if (server->forward != NL_IPVS_TUNNEL)
		return "of another address family, which needs forwarding tunnel";
	if (synchronises(scope->config))
		return "of another address family; sync-daemon cannot synchronise it";
	return NULL;
}

static const char *port_fault(const struct vrrp_service_conf *conf, const struct vrrp_server *server)
{
	if (conf->fwmark)
		return NULL;
	if (!server->port)
		return "port 0 is for services of a firewall mark only";
	if (server->forward != NL_IPVS_MASQUERADE && server->port != conf->port)
		return "another port than the service's needs forwarding masquerade: the others keep the port";
	return NULL;
}

static bool check_target(const struct vrrp_ipvs_scope *scope, const char *what,
			 const struct vrrp_server *server, char *reason, size_t size)
{
	const char *fault = address_fault(scope, server);
	char text[SERVER_STRLEN];

	server_text(what, server, text);
	if (fault)
		return refuse(scope->name, reason, size, "%s is %s", text, fault);
	fault = port_fault(&scope->conf, server);
	if (fault)
		return refuse(scope->name, reason, size, "%s: %s", text, fault);
	return true;
}

/* The reason why values that only a server has are invalid; NULL when they are valid. */
static const char *server_fault(const struct vrrp_server *server)
{
	bool gue = server->encapsulation == NL_IPVS_GUE;

	if (server->encapsulation != NL_IPVS_IPIP && server->forward != NL_IPVS_TUNNEL)
		return "encapsulation is for forwarding tunnel";
	if (gue && !server->gue_port)
		return "encapsulation gue needs a port";
	if (!gue && server->gue_port)
		return "only encapsulation gue has a port";
	if (server->lower_threshold > server->upper_threshold)
		return server->upper_threshold ? "lower-threshold is above upper-threshold"
					       : "lower-threshold needs an upper-threshold";
	return NULL;
}

/*
 * Validates the server's own check. The one that it inherits from the service is not
 * looked at, since the next line may replace it.
 */
static bool check_probe(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *server,
			char *reason, size_t size)
{
	const struct vrrp_probe_conf *check = &server->check;
	char text[SERVER_STRLEN], clause[VRRP_CHECK_FAULT_SIZE];
	const char *fault = vrrp_check_fault(check, clause);

	if (!fault && vrrp_check_has_port(check->kind) && !check->port && !server->port)
		fault = "the server has no port, so the check needs one";
	if (!fault)
		return true;
	return refuse(scope->name, reason, size, "%s: check %s: %s",
		      server_text("server", server, text), vrrp_check_kind_name(check->kind), fault);
}

bool vrrp_ipvs_check_server(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *server,
			    char *reason, size_t size)
{
	struct vrrp_server sorry;
	char text[SERVER_STRLEN];
	const char *fault;

	if (!check_target(scope, "server", server, reason, size))
		return false;
	server_text("server", server, text);
	fault = server_fault(server);
	if (fault)
		return refuse(scope->name, reason, size, "%s: %s", text, fault);
	if (vrrp_ipvs_read_sorry(scope->service, &sorry) && vrrp_ipvs_same_target(server, &sorry))
		return refuse(scope->name, reason, size, "%s is the sorry server", text);
	return check_probe(scope, server, reason, size);
}

bool vrrp_ipvs_check_sorry(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *sorry,
			   char *reason, size_t size)
{
	const struct lyd_node *dnode = NULL;
	struct vrrp_server server;
	char text[SERVER_STRLEN];

	if (!check_target(scope, "sorry-server", sorry, reason, size))
		return false;
	while ((dnode = next_of(scope->service, "server", dnode))) {
		vrrp_ipvs_read_server(dnode, &server);
		if (vrrp_ipvs_same_target(sorry, &server))
			return refuse(scope->name, reason, size, "%s is one of its servers already",
				      server_text("sorry-server", sorry, text));
	}
	return true;
}

bool vrrp_ipvs_check_service(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	const struct lyd_node *dnode = NULL;
	char clause[VRRP_CHECK_FAULT_SIZE];
	const char *fault = vrrp_check_fault(&scope->conf.check, clause);
	struct vrrp_server server;

	if (!check_address(scope, reason, size) || !check_survival(scope, reason, size) ||
	    !check_scheduling(scope, reason, size))
		return false;
	if (fault)
		return refuse(scope->name, reason, size, "check %s: %s",
			      vrrp_check_kind_name(scope->conf.check.kind), fault);
	while ((dnode = next_of(scope->service, "server", dnode))) {
		vrrp_ipvs_read_server(dnode, &server);
		if (!vrrp_ipvs_check_server(scope, &server, reason, size))
			return false;
	}
	return !vrrp_ipvs_read_sorry(scope->service, &server) ||
	       check_target(scope, "sorry-server", &server, reason, size);
}

/* --- all services --------------------------------------------------------------------- */

/* A service and its key in the kernel. */
struct known {
	struct nl_ipvs_key key;
	const char *name;
};

static int known_cmp(const void *a, const void *b)
{
	return nl_ipvs_key_cmp(&((const struct known *)a)->key, &((const struct known *)b)->key);
}

/* All services of a candidate; darr_free() it. */
static struct known *all_known(const struct lyd_node *config)
{
	const struct lyd_node *ipvs = yang_dnode_get(config, VRRP_XPATH_IPVS), *dnode = NULL;
	struct known *all = NULL, *known;
	struct vrrp_service_conf conf;

	while ((dnode = next_of(ipvs, "service", dnode))) {
		vrrp_ipvs_read_conf(dnode, &conf);
		known = darr_append(all);
		known->name = vrrp_nb_value(dnode, "name");
		known->key = vrrp_service_key(&conf);
	}
	return all;
}

static bool refuse_twice(const char *name, const struct known *other, char *reason, size_t size)
{
	char text[NL_IPVS_KEY_TEXT_BYTES];

	return refuse(name, reason, size, "%s is that of ipvs service %s already",
		      nl_ipvs_key_text(&other->key, text, sizeof(text)), other->name);
}

bool vrrp_ipvs_check_unique(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	struct known *all = all_known(scope->config), *other;
	struct known own = { .key = vrrp_service_key(&scope->conf) };
	bool unique = true;

	darr_foreach_p (all, other)
		if (unique && !strmatch(other->name, scope->name) && !known_cmp(&own, other))
			unique = refuse_twice(scope->name, other, reason, size);
	darr_free(all);
	return unique;
}

bool vrrp_ipvs_check_all_unique(const struct lyd_node *config, char *reason, size_t size)
{
	struct known *all = all_known(config);
	bool unique = true;

	if (all)
		qsort(all, darr_len(all), sizeof(*all), known_cmp);
	for (unsigned int i = 1; unique && i < darr_len(all); i++)
		if (!known_cmp(&all[i - 1], &all[i]))
			unique = refuse_twice(all[i].name, &all[i - 1], reason, size);
	darr_free(all);
	return unique;
}

/* --- synchronisation --------------------------------------------------------------------- */

/* Finds a server that has another address family than its service. */
static bool find_mixed(const struct lyd_node *service, struct vrrp_server *server)
{
	const struct lyd_node *dnode = NULL;
	struct vrrp_service_conf conf;

	vrrp_ipvs_read_conf(service, &conf);
	while ((dnode = next_of(service, "server", dnode))) {
		vrrp_ipvs_read_server(dnode, server);
		if (server->address.family != family_of(&conf))
			return true;
	}
	return vrrp_ipvs_read_sorry(service, server) && server->address.family != family_of(&conf);
}

bool vrrp_ipvs_check_sync(const struct lyd_node *config, const char *ifname, char *reason,
			  size_t size)
{
	const struct lyd_node *ipvs = yang_dnode_get(config, VRRP_XPATH_IPVS), *dnode = NULL;
	const char *fault = vrrp_word_ifname_fault(ifname);
	struct vrrp_server server;
	char text[SERVER_STRLEN];

	if (fault) {
		snprintf(reason, size, "ipvs sync-daemon %s: %s", ifname, fault);
		return false;
	}
	while ((dnode = next_of(ipvs, "service", dnode))) {
		if (!find_mixed(dnode, &server))
			continue;
		snprintf(reason, size,
			 "ipvs sync-daemon: ipvs service %s has %s of another address family, which cannot be synchronised: remove it first",
			 vrrp_nb_value(dnode, "name"), server_text("server", &server, text));
		return false;
	}
	return true;
}

/* --- warnings ------------------------------------------------------------------------------ */

/* Connections are synchronised, and the Backup does not have the service. */
static bool learns_without_service(const struct vrrp_service_conf *conf)
{
	return *vrrp_ipvs_global.sync_ifname && !conf->always && !conf->fwmark &&
	       vrrp_vip_group(&conf->vip);
}

/*
 * The Backup cannot use a synchronised connection through a tunnel while its kernel does not
 * have the server, where the kind of tunnel is stored. It does not translate an answer of a
 * masqueraded server, and the client resets the connection.
 */
static const char *learns_in_vain(const struct vrrp_service_conf *conf,
				  const struct vrrp_server *server)
{
	if (!learns_without_service(conf))
		return NULL;
	if (server->forward == NL_IPVS_TUNNEL)
		return "is reached by a tunnel: its synchronised connections end at a failover; configure \"always\" to keep them";
	if (server->forward == NL_IPVS_MASQUERADE)
		return "is masqueraded: its synchronised connections end at a failover if answers reach the new director before the VIP is there; configure \"always\" to keep them";
	return NULL;
}

/* The reason why a server can hardly be reached; NULL when there is none. */
static const char *doubt(const struct vrrp_service_conf *conf, const struct vrrp_server *server)
{
	if (!conf->fwmark && server->port == conf->port &&
	    vrrp_addr_same(&server->address, &conf->vip))
		return "is the service itself: its check tests whichever router is Active, not this one";
	if (learns_in_vain(conf, server))
		return learns_in_vain(conf, server);
	if (server->forward != NL_IPVS_DIRECT || vrrp_addr_is_loopback(&server->address) ||
	    vrrp_check_on_link(&server->address))
		return NULL;
	if (vrrp_vip_group(&server->address))
		return "is a virtual address: forwarding direct reaches it only while it is Active here";
	return "is on no link of this router, and forwarding direct reaches no further: use forwarding tunnel";
}

bool vrrp_ipvs_warning(const char *name, const struct vrrp_service_conf *conf,
		       const struct vrrp_server *server, char *reason, size_t size)
{
	const char *why = doubt(conf, server);
	char text[SERVER_STRLEN];

	if (!why)
		return false;
	snprintf(reason, size, "ipvs service %s: %s %s", name, server_text("server", server, text),
		 why);
	return true;
}

bool vrrp_ipvs_vrf_warning(const char *name, const struct vrrp_service_conf *conf, char *reason,
			   size_t size)
{
	const struct vrrp_group *group = conf->fwmark ? NULL : vrrp_vip_group(&conf->vip);

	if (!group || !*vrrp_vip_vrf(group))
		return false;
	snprintf(reason, size,
		 "ipvs service %s: its address is in VRF %s, and IPVS knows no VRF: it serves all of them, and reaches its servers by the routes of the default one",
		 name, vrrp_vip_vrf(group));
	return true;
}
