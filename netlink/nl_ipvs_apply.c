// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes the kernel's services into the wanted ones.
 *
 * A run lives for one call and goes in two steps, so that no server is ever
 * sent to a service that is not known to be ours:
 *
 *   1. The kernel is asked for the wanted services and those that are ours, and its
 *      answer is compared. The keys of services that will be ours are stored, then
 *      services are made, changed and removed (one flight).
 *   2. For the wanted services that are there now, those that were there before
 *      have their servers read (a dump each); servers are made, changed and
 *      removed (one flight). Removals come last in a service, so that it is not
 *      without servers in between.
 *
 *   3. Ordered services whose servers are not in order now have those read again, and the first
 *      ones are removed and made again (one flight).
 *
 * A change that is refused without asking the kernel is handled like others, but settled
 * from the start.
 */
#include <errno.h>
#include <linux/ip_vs.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nl_grow.h"
#include "nl_ipvs_private.h"

static const char *const names[] = {
	[IPVS_CMD_NEW_SERVICE] = "add service",	   [IPVS_CMD_NEW_DEST] = "add server",
	[IPVS_CMD_SET_SERVICE] = "change service", [IPVS_CMD_SET_DEST] = "change server",
	[IPVS_CMD_DEL_SERVICE] = "delete service", [IPVS_CMD_DEL_DEST] = "delete server",
};

/* change.error while only the kernel can tell. */
#define UNSETTLED 1

/* One difference. Its pointers belong to the caller or to the table. */
struct change {
	int command;
	const struct nl_ipvs_service *service;
	const struct nl_ipvs_server *server; /* NULL: the service itself */
	int error;
};

/* A wanted service and its progress. */
struct plan {
	const struct nl_ipvs_service *service;
	struct ipvs_entry *entry; /* what the kernel has; NULL: nothing */
	size_t made_by;		  /* without entry: index of the change that adds it */
	bool refused;
	bool reorder;		 /* its servers are not in order, or will not be */
	struct ipvs_entry again; /* with reorder: what the kernel has after the servers' flight */
};

struct run {
	struct nl_ipvs *ipvs;
	struct nl_ipvs_owned *owned;
	struct ipvs_table table;
	struct plan *plans; /* sorted by key, equal ones in the caller's order */
	size_t plans_count;
	struct nl_ipvs_key *gone; /* our services that are to be removed */
	size_t gone_count;
	struct change *changes;
	size_t changes_count, changes_room;
	size_t sent; /* changes settled so far */
	int keep_error;
};

/* ---------------------------------------------------------- what can be */

static bool family_known(int family)
{
	return family == AF_INET || family == AF_INET6;
}

static int check_options(const struct nl_ipvs_service *service)
{
	size_t len = strnlen(service->scheduler, sizeof(service->scheduler));
	bool hashing = !strcmp(service->scheduler, "sh") || !strcmp(service->scheduler, "mh");

	if (!len || len == sizeof(service->scheduler))
		return -EINVAL;
	if ((service->fallback || service->by_port) && !hashing)
		return -EINVAL;
	if (service->persistence_prefixlen > (service->key.address.family == AF_INET ? 32 : 128))
		return -EINVAL;
	return 0;
}

static int check_service(const struct nl_ipvs_service *service)
{
	const struct nl_ipvs_key *key = &service->key;

	if (!family_known(key->address.family))
		return -EAFNOSUPPORT;
	if (key->fwmark)
		return check_options(service);
	if (key->protocol != IPPROTO_TCP && key->protocol != IPPROTO_UDP &&
	    key->protocol != IPPROTO_SCTP)
		return -EPROTONOSUPPORT;
	if ((!key->port && !service->persistence_sec) ||
	    (service->one_packet && key->protocol != IPPROTO_UDP))
		return -EINVAL;
	return check_options(service);
}

static int check_server(const struct nl_ipvs_service *service, const struct nl_ipvs_server *server)
{
	bool tunnel = server->forward == NL_IPVS_TUNNEL;

	if (!family_known(server->address.family) ||
	    (!tunnel && server->address.family != service->key.address.family))
		return -EAFNOSUPPORT;
	if (!tunnel && server->forward != NL_IPVS_DIRECT && server->forward != NL_IPVS_MASQUERADE)
		return -EINVAL;
	if (tunnel && server->encapsulation > NL_IPVS_GRE)
		return -EINVAL;
	if (tunnel && server->encapsulation == NL_IPVS_GUE && !server->gue_port)
		return -EINVAL;
	if (server->forward != NL_IPVS_MASQUERADE && !service->key.fwmark &&
	    server->port != service->key.port)
		return -EINVAL;
	return 0;
}

/* -------------------------------------------------------------- changes */

static int add_change(struct run *run, int command, const struct nl_ipvs_service *service,
		      const struct nl_ipvs_server *server, int error)
{
	if (!nl_grow(run->changes, run->changes_count, &run->changes_room))
		return -ENOMEM;
	run->changes[run->changes_count++] = (struct change){
		.command = command,
		.service = service,
		.server = server,
		.error = error,
	};
	return 0;
}

static struct nl_msg *change_msg(const struct run *run, const struct change *change)
{
	if (change->server)
		return ipvs_server_msg(run->ipvs, change->command, &change->service->key,
				       change->server);
	return ipvs_service_msg(run->ipvs, change->command, change->service);
}

/* The error of a change from the kernel's answer; an object to be removed may be gone already. */
static int change_error(const struct change *change, int error)
{
	if (change->command == IPVS_CMD_DEL_SERVICE && error == -ESRCH)
		return 0;
	if (change->command == IPVS_CMD_DEL_DEST && (error == -ENOENT || error == -ESRCH))
		return 0;
	return error;
}

/* Builds the calls of the changes; called[i] is the change of calls[i]. */
static size_t build_calls(struct run *run, struct nl_call *calls, struct change **called)
{
	size_t count = 0;

	for (size_t i = run->sent; i < run->changes_count; i++) {
		struct change *change = &run->changes[i];

		if (change->error != UNSETTLED)
			continue;
		calls[count].msg = change_msg(run, change);
		if (calls[count].msg)
			called[count++] = change;
		else
			change->error = -ENOMEM;
	}
	return count;
}

/* Sends the changes that were not sent yet, and stores their results. */
static int send_changes(struct run *run)
{
	size_t most = run->changes_count - run->sent;
	struct nl_call *calls = calloc(most + 1, sizeof(*calls));
	struct change **called = calloc(most + 1, sizeof(struct change *));
	int err = calls && called ? 0 : -ENOMEM;
	size_t count = 0;

	if (!err) {
		count = build_calls(run, calls, called);
		err = ipvs_change(run->ipvs, calls, count);
	}
	for (size_t i = 0; i < count; i++)
		called[i]->error = change_error(called[i], calls[i].error);
	for (size_t i = run->sent; i < run->changes_count; i++)
		if (run->changes[i].error == UNSETTLED)
			run->changes[i].error = err;
	run->sent = run->changes_count;
	free(calls);
	free(called);
	return err;
}

/* ------------------------------------------------------------- services */

static int plan_cmp(const void *a, const void *b)
{
	const struct nl_ipvs_service *one = ((const struct plan *)a)->service;
	const struct nl_ipvs_service *other = ((const struct plan *)b)->service;
	int differ = nl_ipvs_key_cmp(&one->key, &other->key);

	return differ ? differ : (one > other) - (one < other);
}

static int plan_key_cmp(const void *key, const void *plan)
{
	return nl_ipvs_key_cmp(key, &((const struct plan *)plan)->service->key);
}

static int plan_start(struct run *run, const struct nl_ipvs_service *wanted, size_t count)
{
	run->plans = calloc(count + 1, sizeof(*run->plans));
	if (!run->plans)
		return -ENOMEM;
	run->plans_count = count;
	for (size_t i = 0; i < count; i++)
		run->plans[i].service = &wanted[i];
	qsort(run->plans, count, sizeof(*run->plans), plan_cmp);
	return 0;
}

static bool is_wanted(const struct run *run, const struct nl_ipvs_key *key)
{
	return bsearch(key, run->plans, run->plans_count, sizeof(*run->plans), plan_key_cmp);
}

/* 0 when a wanted service is ours or free, and valid; else negative errno. */
static int plan_refuse(const struct run *run, const struct plan *plan)
{
	const struct nl_ipvs_key *key = &plan->service->key;

	if (plan > run->plans && !nl_ipvs_key_cmp(&plan[-1].service->key, key))
		return -EEXIST;
	if (plan->entry && !nl_ipvs_owned_has(run->owned, key))
		return -EEXIST;
	return check_service(plan->service);
}

static int plan_service(struct run *run, struct plan *plan)
{
	const struct nl_ipvs_service *service = plan->service;
	int refusal;

	plan->entry = ipvs_table_find(&run->table, &service->key);
	refusal = plan_refuse(run, plan);
	plan->refused = refusal != 0;
	if (plan->refused)
		return add_change(run,
				  plan->entry && refusal != -EEXIST ? IPVS_CMD_SET_SERVICE
								    : IPVS_CMD_NEW_SERVICE,
				  service, NULL, refusal);
	if (!plan->entry) {
		plan->made_by = run->changes_count;
		return add_change(run, IPVS_CMD_NEW_SERVICE, service, NULL, UNSETTLED);
	}
	if (!ipvs_service_same(service, &plan->entry->state.service))
		return add_change(run, IPVS_CMD_SET_SERVICE, service, NULL, UNSETTLED);
	return 0;
}

static int plan_services(struct run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->plans_count; i++)
		err = plan_service(run, &run->plans[i]);
	for (size_t i = 0; !err && i < run->gone_count; i++) {
		const struct ipvs_entry *entry = ipvs_table_find(&run->table, &run->gone[i]);

		if (entry)
			err = add_change(run, IPVS_CMD_DEL_SERVICE, &entry->state.service, NULL,
					 UNSETTLED);
	}
	return err;
}

static void keep(struct run *run)
{
	int err = ipvs_owned_save(run->owned);

	if (err)
		run->keep_error = err;
}

/* Records the services we are about to make, and forgets those that vanished by themselves. */
static int own_before(struct run *run)
{
	int err = 0;

	for (size_t i = 0; i < run->gone_count; i++)
		if (!ipvs_table_find(&run->table, &run->gone[i]))
			ipvs_owned_del(run->owned, &run->gone[i]);
	for (size_t i = 0; i < run->plans_count; i++)
		if (run->plans[i].refused && !run->plans[i].entry)
			ipvs_owned_del(run->owned, &run->plans[i].service->key);
	for (size_t i = 0; !err && i < run->plans_count; i++) {
		const struct plan *plan = &run->plans[i];

		if (!plan->refused && !plan->entry)
			err = ipvs_owned_add(run->owned, &plan->service->key);
	}
	keep(run);
	return err;
}

/* Forgets the services that could not be made, and those that are gone. */
static void own_after(struct run *run)
{
	for (size_t i = 0; i < run->plans_count; i++) {
		const struct plan *plan = &run->plans[i];

		if (!plan->refused && !plan->entry && run->changes[plan->made_by].error)
			ipvs_owned_del(run->owned, &plan->service->key);
	}
	for (size_t i = 0; i < run->changes_count; i++) {
		const struct change *change = &run->changes[i];

		if (change->command == IPVS_CMD_DEL_SERVICE && !change->error)
			ipvs_owned_del(run->owned, &change->service->key);
	}
	keep(run);
}

/* Reads from the kernel all services that are wanted or to be removed. */
static int run_look(struct run *run)
{
	struct nl_ipvs_key *keys = calloc(run->plans_count + run->gone_count + 1, sizeof(*keys));
	size_t count = 0;
	int err;

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < run->plans_count; i++)
		keys[count++] = run->plans[i].service->key;
	for (size_t i = 0; i < run->gone_count; i++)
		keys[count++] = run->gone[i];
	err = ipvs_table_read(run->ipvs, &run->table, keys, count);
	free(keys);
	return err;
}

static int apply_services(struct run *run)
{
	int err = run_look(run);

	if (!err)
		err = plan_services(run);
	if (!err)
		err = own_before(run);
	if (!err)
		err = send_changes(run);
	/* Without an answer the result is unknown, so the services stay ours. */
	if (!err)
		own_after(run);
	return err;
}

/* -------------------------------------------------------------- servers */

/* The servers of a wanted service, sorted, equal ones in the caller's order. */
struct roster {
	const struct nl_ipvs_server **servers;
	size_t count;
};

static int roster_cmp(const void *a, const void *b)
{
	const struct nl_ipvs_server *one = *(const struct nl_ipvs_server *const *)a;
	const struct nl_ipvs_server *other = *(const struct nl_ipvs_server *const *)b;
	int differ = ipvs_server_cmp(one, other);

	return differ ? differ : (one > other) - (one < other);
}

static int roster_key_cmp(const void *key, const void *element)
{
	return ipvs_server_cmp(key, *(const struct nl_ipvs_server *const *)element);
}

static int roster_make(struct roster *roster, const struct nl_ipvs_service *service)
{
	roster->count = service->servers_count;
	roster->servers = calloc(roster->count + 1, sizeof(const struct nl_ipvs_server *));
	if (!roster->servers)
		return -ENOMEM;
	for (size_t i = 0; i < roster->count; i++)
		roster->servers[i] = &service->servers[i];
	qsort(roster->servers, roster->count, sizeof(const struct nl_ipvs_server *), roster_cmp);
	return 0;
}

/* The caller's first server with this address and port; NULL when there is none. */
static const struct nl_ipvs_server *roster_find(const struct roster *roster,
						const struct nl_ipvs_server *server)
{
	const struct nl_ipvs_server **at;

	at = bsearch(server, roster->servers, roster->count, sizeof(*at), roster_key_cmp);
	while (at && at > roster->servers && !ipvs_server_cmp(at[-1], at[0]))
		at--;
	return at ? *at : NULL;
}

static int state_key_cmp(const void *key, const void *state)
{
	return ipvs_server_cmp(key, &((const struct nl_ipvs_server_state *)state)->server);
}

static const struct nl_ipvs_server_state *entry_find(const struct ipvs_entry *entry,
						     const struct nl_ipvs_server *server)
{
	if (!entry || !entry->state.servers_count)
		return NULL;
	return bsearch(server, entry->servers, entry->state.servers_count, sizeof(*entry->servers),
		       state_key_cmp);
}

static int plan_server(struct run *run, const struct plan *plan, const struct roster *roster,
		       const struct nl_ipvs_server *server)
{
	const struct nl_ipvs_server_state *present = entry_find(plan->entry, server);
	int refusal = roster_find(roster, server) == server ? check_server(plan->service, server)
							    : -EEXIST;

	if (refusal)
		return add_change(run, present ? IPVS_CMD_SET_DEST : IPVS_CMD_NEW_DEST,
				  plan->service, server, refusal);
	if (!present)
		return add_change(run, IPVS_CMD_NEW_DEST, plan->service, server, UNSETTLED);
	if (!ipvs_server_same(&present->server, server))
		return add_change(run, IPVS_CMD_SET_DEST, plan->service, server, UNSETTLED);
	return 0;
}

/*
 * How many of a service's first servers have to be made again, so that those that the kernel has
 * are in the service's order.
 */
static size_t out_of_order(const struct nl_ipvs_service *service, const struct ipvs_entry *entry)
{
	size_t count, next = SIZE_MAX;

	for (count = service->servers_count; count; count--) {
		const struct nl_ipvs_server_state *present =
			entry_find(entry, &service->servers[count - 1]);

		if (present && present->place >= next)
			break;
		next = present ? present->place : next;
	}
	return count;
}

/* True when a server is misplaced, or is missing and will come before all others. */
static bool wants_order(const struct plan *plan)
{
	const struct nl_ipvs_service *service = plan->service;

	if (!service->ordered || !plan->entry)
		return false;
	for (size_t i = 0; i < service->servers_count; i++)
		if (!entry_find(plan->entry, &service->servers[i]))
			return true;
	return out_of_order(service, plan->entry) > 0;
}

/* The last comes first, since the kernel puts a new one before those that it has. */
static int plan_servers(struct run *run, struct plan *plan)
{
	const struct nl_ipvs_service *service = plan->service;
	const struct ipvs_entry *entry = plan->entry;
	struct roster roster;
	int err = roster_make(&roster, service);

	plan->reorder = wants_order(plan);
	for (size_t i = service->servers_count; !err && i-- > 0;)
		err = plan_server(run, plan, &roster, &service->servers[i]);
	for (size_t i = 0; !err && entry && i < entry->state.servers_count; i++)
		if (!roster_find(&roster, &entry->servers[i].server))
			err = add_change(run, IPVS_CMD_DEL_DEST, service, &entry->servers[i].server,
					 UNSETTLED);
	free(roster.servers);
	return err;
}

static int apply_servers(struct run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->plans_count; i++) {
		struct plan *plan = &run->plans[i];

		if (plan->refused || (!plan->entry && run->changes[plan->made_by].error))
			continue;
		if (plan->entry)
			err = ipvs_entry_read(run->ipvs, plan->entry);
		if (!err)
			err = plan_servers(run, plan);
	}
	return err ? err : send_changes(run);
}

/* ---------------------------------------------------------------- order */

static int make_again(struct run *run, const struct plan *plan, const struct nl_ipvs_server *server)
{
	int err = 0;

	if (!entry_find(&plan->again, server))
		return 0;
	err = add_change(run, IPVS_CMD_DEL_DEST, plan->service, server, UNSETTLED);
	return err ? err : add_change(run, IPVS_CMD_NEW_DEST, plan->service, server, UNSETTLED);
}

static int plan_order(struct run *run, struct plan *plan)
{
	const struct nl_ipvs_service *service = plan->service;
	int err;

	plan->again.state.service.key = service->key;
	err = ipvs_entry_read(run->ipvs, &plan->again);
	for (size_t i = err ? 0 : out_of_order(service, &plan->again); !err && i-- > 0;)
		err = make_again(run, plan, &service->servers[i]);
	return err;
}

static int apply_order(struct run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->plans_count; i++)
		if (run->plans[i].reorder)
			err = plan_order(run, &run->plans[i]);
	return err ? err : send_changes(run);
}

/* --------------------------------------------------------------- result */

static int report(const struct run *run, nl_ipvs_result_fn result, void *arg)
{
	int failed = run->keep_error != 0;

	if (run->keep_error && result)
		result(&(struct nl_ipvs_result){ .error = run->keep_error, .what = "keep keys" },
		       arg);
	for (size_t i = 0; i < run->sent; i++) {
		const struct change *change = &run->changes[i];
		struct nl_ipvs_result each = {
			.error = change->error,
			.what = names[change->command],
			.is_new_service = change->command == IPVS_CMD_NEW_SERVICE,
			.key = &change->service->key,
			.server = change->server,
		};

		failed += each.error != 0;
		if (result)
			result(&each, arg);
	}
	return failed;
}

/* ------------------------------------------------------- the three ways */

static int run_through(struct run *run, int err, nl_ipvs_result_fn result, void *arg)
{
	int failed;

	if (!err)
		err = ipvs_find(run->ipvs);
	if (!err)
		err = apply_services(run);
	if (!err)
		err = apply_servers(run);
	if (!err)
		err = apply_order(run);
	failed = report(run, result, arg);

	ipvs_table_free(&run->table);
	for (size_t i = 0; i < run->plans_count; i++)
		free(run->plans[i].again.servers);
	free(run->plans);
	free(run->gone);
	free(run->changes);
	return err ? err : failed;
}

/* Collects our services among keys for removal, except the wanted ones. */
static int gone_start(struct run *run, const struct nl_ipvs_key *keys, size_t count)
{
	run->gone = calloc(count + 1, sizeof(*run->gone));
	if (!run->gone)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (nl_ipvs_owned_has(run->owned, &keys[i]) && !is_wanted(run, &keys[i]))
			run->gone[run->gone_count++] = keys[i];
	return 0;
}

int nl_ipvs_apply(struct nl_ipvs *ipvs, const struct nl_ipvs_service *wanted, size_t count,
		  struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg)
{
	struct run run = { .ipvs = ipvs, .owned = owned };
	int err = plan_start(&run, wanted, count);

	if (!err)
		err = gone_start(&run, ipvs_owned_keys(owned), nl_ipvs_owned_count(owned));
	return run_through(&run, err, result, arg);
}

int nl_ipvs_put(struct nl_ipvs *ipvs, const struct nl_ipvs_service *wanted, size_t count,
		struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg)
{
	struct run run = { .ipvs = ipvs, .owned = owned };

	return run_through(&run, plan_start(&run, wanted, count), result, arg);
}

int nl_ipvs_remove(struct nl_ipvs *ipvs, const struct nl_ipvs_key *keys, size_t count,
		   struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg)
{
	struct run run = { .ipvs = ipvs, .owned = owned };
	int err = plan_start(&run, NULL, 0);

	if (!err)
		err = gone_start(&run, keys, count);
	return run_through(&run, err, result, arg);
}
