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
#include "vrrp_convert.h"
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

static bool check_vip(const char *name, const struct vrrp_addr *vip, char *reason, size_t size)
{
	const char *fault = vrrp_check_not_a_host(vip);
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(vip, text);
	if (*fault)
		return refuse(name, reason, size, "address %s is %s", text, fault);
	if (vip->family == VRRP_IPV6 && vrrp_addr_is_linklocal(vip))
		return refuse(name, reason, size,
			      "address %s is link-local, which the kernel does not balance", text);
	return true;
}

static bool check_address(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	if (scope->conf.fwmark)
		return true;
	if (!vrrp_addr_is_set(&scope->conf.vip))
		return refuse(scope->name, reason, size,
			      "it has neither address and port nor firewall mark: configure one of them");
	return check_vip(scope->name, &scope->conf.vip, reason, size);
}

/* --- further addresses ------------------------------------------------------------ */

static bool is_same_line(const struct vrrp_ipvs_range *a, const struct vrrp_ipvs_range *b)
{
	return a->port == b->port && vrrp_addr_same(&a->address, &b->address);
}

/* All that the service is about to have; a darr. */
static struct vrrp_ipvs_range *ranges_of(const struct vrrp_ipvs_scope *scope)
{
	struct vrrp_ipvs_range *ranges = vrrp_ipvs_read_ranges(scope->service), *range;

	if (!scope->range)
		return ranges;
	darr_foreach_p (ranges, range)
		if (is_same_line(range, scope->range)) {
			*range = *scope->range;
			return ranges;
		}
	*darr_append(ranges) = *scope->range;
	return ranges;
}

static bool check_range(const struct vrrp_ipvs_scope *scope, const struct vrrp_ipvs_range *range,
			char *reason, size_t size)
{
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&range->address, text);
	if (scope->conf.fwmark)
		return refuse(scope->name, reason, size,
			      "address %s is for a service of an address and port: give its packets the firewall mark instead",
			      text);
	if (range->address.family != scope->conf.vip.family)
		return refuse(scope->name, reason, size,
			      "address %s is of another address family than its first one: it needs a service of its own",
			      text);
	if (range->last_port < range->port)
		return refuse(scope->name, reason, size, "address %s: port %u comes before port %u",
			      text, range->last_port, range->port);
	return check_vip(scope->name, &range->address, reason, size);
}

static bool check_ranges(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	struct vrrp_ipvs_range *ranges = ranges_of(scope), *range;
	unsigned int count = 1;
	bool good = true;

	darr_foreach_p (ranges, range) {
		good = good && check_range(scope, range, reason, size);
		count += good ? range->last_port - range->port + 1 : 0;
	}
	darr_free(ranges);
	if (!good)
		return false;
	if (count > VRRP_IPVS_PORTALS_MOST)
		return refuse(scope->name, reason, size,
			      "it would have %u addresses and ports, and %u are the most: a firewall mark takes any number",
			      count, VRRP_IPVS_PORTALS_MOST);
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
	if (conf->fwmark || !server->port)
		return NULL;
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

	if (!fault && vrrp_check_has_port(check->kind) && !check->port && !server->port &&
	    scope->conf.fwmark)
		fault = "the server has no port, so the check needs one";
	if (!fault)
		return true;
	return refuse(scope->name, reason, size, "%s: check %s: %s",
		      server_text("server", server, text), vrrp_check_kind_name(check->kind), fault);
}

/* A server of the same address that the kernel cannot tell from this one; NULL: there is none. */
static const struct lyd_node *twin_of(const struct vrrp_ipvs_scope *scope,
				      const struct vrrp_server *server, struct vrrp_server *twin)
{
	const struct lyd_node *dnode = NULL;

	if (server->forward == NL_IPVS_MASQUERADE)
		return NULL;
	while ((dnode = next_of(scope->service, "server", dnode))) {
		vrrp_ipvs_read_server(dnode, twin);
		if (twin->port != server->port && twin->forward != NL_IPVS_MASQUERADE &&
		    vrrp_addr_same(&twin->address, &server->address))
			return dnode;
	}
	return NULL;
}

bool vrrp_ipvs_check_server(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *server,
			    char *reason, size_t size)
{
	struct vrrp_server sorry, twin;
	char text[SERVER_STRLEN];
	const char *fault;

	if (!check_target(scope, "server", server, reason, size))
		return false;
	if (twin_of(scope, server, &twin))
		return refuse(scope->name, reason, size,
			      "%s is there with port %u already: without masquerade, packets keep their port",
			      server_text("server", server, text), twin.port);
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

	if (!check_address(scope, reason, size) || !check_ranges(scope, reason, size) ||
	    !check_survival(scope, reason, size) || !check_scheduling(scope, reason, size))
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

/* A service and some of its keys in the kernel: a mark, or an address and ports. */
struct known {
	struct nl_ipvs_key key; /* of the first port */
	uint16_t last_port;
	const char *name;
};

static int known_cmp(const void *a, const void *b)
{
	struct known one = *(const struct known *)a, other = *(const struct known *)b;
	int by_port = numcmp(one.key.port, other.key.port), order;

	one.key.port = other.key.port = 0;
	order = nl_ipvs_key_cmp(&one.key, &other.key);
	return order ? order : by_port;
}

/* True when a port of the second, which comes after the first by known_cmp(), is one of that. */
static bool overlap(const struct known *first, struct known second)
{
	bool within = second.key.port <= first->last_port;

	second.key.port = first->key.port;
	return within && !nl_ipvs_key_cmp(&first->key, &second.key);
}

/* Appends what the service is about to have. */
static void append_known(struct known **all, const struct vrrp_ipvs_scope *scope)
{
	struct vrrp_ipvs_range *ranges = ranges_of(scope), *range;
	struct known known = { .key = vrrp_service_key(&scope->conf), .name = scope->name };

	known.last_port = known.key.port;
	*darr_append(*all) = known;
	darr_foreach_p (ranges, range) {
		if (scope->conf.fwmark) /* refused by check_ranges() */
			continue;
		known.key.address = vrrp_addr_ipvs(&range->address);
		known.key.port = range->port;
		known.last_port = range->last_port;
		*darr_append(*all) = known;
	}
	darr_free(ranges);
}

/* Appends all services of a candidate but the one of that name. */
static void append_others(struct known **all, const struct lyd_node *config, const char *name)
{
	const struct lyd_node *ipvs = yang_dnode_get(config, VRRP_XPATH_IPVS), *dnode = NULL;

	while ((dnode = next_of(ipvs, "service", dnode))) {
		struct vrrp_ipvs_scope other = { .service = dnode,
						 .name = vrrp_nb_value(dnode, "name") };

		if (name && strmatch(name, other.name))
			continue;
		vrrp_ipvs_read_conf(dnode, &other.conf);
		append_known(all, &other);
	}
}

static bool refuse_twice(const char *name, const struct known *one, const struct known *other,
			 char *reason, size_t size)
{
	char text[NL_IPVS_KEY_TEXT_BYTES];

	nl_ipvs_key_text(&other->key, text, sizeof(text));
	if (strmatch(one->name, other->name))
		return refuse(one->name, reason, size, "%s is in two of its lines", text);
	if (!name || strmatch(name, other->name))
		return refuse(other->name, reason, size, "%s is that of ipvs service %s already",
			      text, one->name);
	return refuse(one->name, reason, size, "%s is that of ipvs service %s already", text,
		      other->name);
}

/* Whose lines are typed is blamed; name NULL: nobody's. */
static bool is_unique(struct known *all, const char *name, char *reason, size_t size)
{
	bool unique = true;

	if (all)
		qsort(all, darr_len(all), sizeof(*all), known_cmp);
	for (unsigned int i = 1; unique && i < darr_len(all); i++)
		if (overlap(&all[i - 1], all[i]))
			unique = refuse_twice(name, &all[i - 1], &all[i], reason, size);
	darr_free(all);
	return unique;
}

bool vrrp_ipvs_check_unique(const struct vrrp_ipvs_scope *scope, char *reason, size_t size)
{
	struct known *all = NULL;

	append_others(&all, scope->config, scope->name);
	append_known(&all, scope);
	return is_unique(all, scope->name, reason, size);
}

bool vrrp_ipvs_check_all_unique(const struct lyd_node *config, char *reason, size_t size)
{
	struct known *all = NULL;

	append_others(&all, config, NULL);
	return is_unique(all, NULL, reason, size);
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
static bool learns_without_service(const struct vrrp_service_conf *conf,
				   const struct vrrp_ipvs_range *ranges)
{
	const struct vrrp_ipvs_range *range;

	if (!*vrrp_ipvs_global.sync_ifname || conf->always || conf->fwmark)
		return false;
	darr_foreach_p (ranges, range)
		if (vrrp_vip_group(&range->address))
			return true;
	return vrrp_vip_group(&conf->vip);
}

/*
 * The Backup cannot use a synchronised connection through a tunnel while its kernel does not
 * have the server, where the kind of tunnel is stored. It does not translate an answer of a
 * masqueraded server, and the client resets the connection.
 */
static const char *learns_in_vain(const struct vrrp_service_conf *conf,
				  const struct vrrp_ipvs_range *ranges,
				  const struct vrrp_server *server)
{
	if (!learns_without_service(conf, ranges))
		return NULL;
	if (server->forward == NL_IPVS_TUNNEL)
		return "is reached by a tunnel: its synchronised connections end at a failover; configure \"always\" to keep them";
	if (server->forward == NL_IPVS_MASQUERADE)
		return "is masqueraded: its synchronised connections end at a failover if answers reach the new director before the VIP is there; configure \"always\" to keep them";
	return NULL;
}

static bool is_of_range(const struct vrrp_server *server, const struct vrrp_addr *vip,
			uint16_t first, uint16_t last)
{
	bool within = !server->port || (server->port >= first && server->port <= last);

	return within && vrrp_addr_same(&server->address, vip);
}

static bool is_service_itself(const struct vrrp_service_conf *conf,
			      const struct vrrp_ipvs_range *ranges, const struct vrrp_server *server)
{
	const struct vrrp_ipvs_range *range;

	if (conf->fwmark)
		return false;
	darr_foreach_p (ranges, range)
		if (is_of_range(server, &range->address, range->port, range->last_port))
			return true;
	return is_of_range(server, &conf->vip, conf->port, conf->port);
}

/* The reason why a server can hardly be reached; NULL when there is none. */
static const char *doubt(const struct vrrp_service_conf *conf, const struct vrrp_ipvs_range *ranges,
			 const struct vrrp_server *server)
{
	const char *vain = learns_in_vain(conf, ranges, server);

	if (is_service_itself(conf, ranges, server))
		return "is the service itself: its check tests whichever router is Active, not this one";
	if (vain)
		return vain;
	if (server->forward != NL_IPVS_DIRECT || vrrp_addr_is_loopback(&server->address) ||
	    vrrp_check_on_link(&server->address))
		return NULL;
	if (vrrp_vip_group(&server->address))
		return "is a virtual address: forwarding direct reaches it only while it is Active here";
	return "is on no link of this router, and forwarding direct reaches no further: use forwarding tunnel";
}

bool vrrp_ipvs_warning(const char *name, const struct vrrp_service_conf *conf,
		       const struct vrrp_ipvs_range *ranges, const struct vrrp_server *server,
		       char *reason, size_t size)
{
	const char *why = doubt(conf, ranges, server);
	char text[SERVER_STRLEN];

	if (!why)
		return false;
	snprintf(reason, size, "ipvs service %s: %s %s", name, server_text("server", server, text),
		 why);
	return true;
}

bool vrrp_ipvs_vrf_warning(const char *name, const struct vrrp_addr *address, char *reason,
			   size_t size)
{
	const struct vrrp_group *group = vrrp_addr_is_set(address) ? vrrp_vip_group(address) : NULL;
	char text[VRRP_ADDR_STRLEN];

	if (!group || !*vrrp_vip_vrf(group))
		return false;
	snprintf(reason, size,
		 "ipvs service %s: its address %s is in VRF %s, and IPVS knows no VRF: it serves all of them, and reaches its servers by the routes of the default one",
		 name, vrrp_addr_str(address, text), vrrp_vip_vrf(group));
	return true;
}
