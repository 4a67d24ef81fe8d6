// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A batch of address requests.
 *
 * The batch owns copies of the keys it was given; the objects are the caller's
 * and only handed back. Messages live for the length of one commit.
 *
 * The kernel lets us replace or delete any address, so the owner of an existing address must be
 * known before a request changes it:
 *
 *   - In a batch of adds only, each add is sent as "create, but only if it does not exist". The
 *     owners of those that exist are looked up afterwards, and ours are renewed in a second round.
 *   - A batch with a renewal or a removal looks up the owners first, with one dump for each link
 *     and family, then sends all requests together.
 *
 * So taking over costs no dump, and no address of others is changed (unless somebody replaces our
 * address by theirs in the microseconds between look-up and request).
 */
#include <errno.h>
#include <stdlib.h>

#include "nl_addr_private.h"
#include "nl_grow.h"

static const char *const op_names[] = {
	[NL_ADD] = "add address",
	[NL_RENEW] = "renew address",
	[NL_DEL] = "delete address",
};

enum owner { UNKNOWN, ABSENT, OURS, FOREIGN, NO_LINK };

/* request.error while only the kernel can tell. */
#define UNSETTLED 1

struct request {
	enum nl_op op;
	struct nl_addr_key key;
	uint32_t lease_sec;
	void *object;
	bool exclusive; /* sent as "only if it is not there" */
	int error;
};

struct nl_batch {
	struct nl_conn *conn;
	struct request *requests;
	size_t count;
	size_t room;
};

/* One address of the batch and its owner as far as it is known. */
struct known {
	struct nl_addr_key key;
	enum owner owner;
};

/* One round of some of the batch's requests. All arrays have room for count. */
struct round {
	struct nl_batch *batch;
	struct request **todo;
	size_t count;
	struct known *known; /* sorted */
	struct nl_call *calls;
	struct request **called; /* called[i]: the request of calls[i] */
	size_t calls_count;
};

struct nl_batch *nl_batch_new(struct nl_conn *conn)
{
	struct nl_batch *batch = calloc(1, sizeof(*batch));

	if (batch)
		batch->conn = conn;
	return batch;
}

void nl_batch_free(struct nl_batch **batchp)
{
	if (!*batchp)
		return;
	free((*batchp)->requests);
	free(*batchp);
	*batchp = NULL;
}

size_t nl_batch_count(const struct nl_batch *batch)
{
	return batch->count;
}

static bool key_valid(const struct nl_addr_key *key)
{
	return key->ifindex > 0 && ((key->family == AF_INET && key->prefixlen <= 32) ||
				    (key->family == AF_INET6 && key->prefixlen <= 128));
}

static int batch_queue(struct nl_batch *batch, enum nl_op op, const struct nl_addr_key *key,
		       uint32_t lease_sec, void *object)
{
	if (!key_valid(key))
		return -EINVAL;
	if (!nl_grow(batch->requests, batch->count, &batch->room))
		return -ENOMEM;
	batch->requests[batch->count++] = (struct request){
		.op = op,
		.key = *key,
		.lease_sec = lease_sec,
		.object = object,
	};
	return 0;
}

int nl_batch_addr_add(struct nl_batch *batch, const struct nl_addr_key *key, uint32_t lease_sec,
		      void *object)
{
	return batch_queue(batch, NL_ADD, key, lease_sec, object);
}

int nl_batch_addr_renew(struct nl_batch *batch, const struct nl_addr_key *key, uint32_t lease_sec,
			void *object)
{
	return batch_queue(batch, NL_RENEW, key, lease_sec, object);
}

int nl_batch_addr_del(struct nl_batch *batch, const struct nl_addr_key *key, void *object)
{
	return batch_queue(batch, NL_DEL, key, 0, object);
}

static int known_cmp(const void *a, const void *b)
{
	return nl_addr_key_cmp(&((const struct known *)a)->key, &((const struct known *)b)->key);
}

static struct known *known_find(struct round *round, const struct nl_addr_key *key)
{
	struct known wanted = { .key = *key };
	struct known *known;

	known = bsearch(&wanted, round->known, round->count, sizeof(wanted), known_cmp);
	/* An address that is queued twice has several entries: always use the first. */
	while (known && known > round->known && !known_cmp(known - 1, known))
		known--;
	return known;
}

static void known_mark(const struct nl_addr_info *info, void *arg)
{
	struct known *known = known_find(arg, &info->key);

	if (!known)
		return;
	if (info->protocol == NL_PROTO_VRRP && info->key.prefixlen == known->key.prefixlen)
		known->owner = OURS;
	else
		known->owner = FOREIGN;
}

/* Finds the owners of the addresses from known[first] on, as far as one dump shows them. */
static int round_look_link(struct round *round, size_t first, size_t *next)
{
	const struct nl_addr_key *key = &round->known[first].key;
	size_t end = first;
	int err;

	while (end < round->count && round->known[end].key.family == key->family &&
	       round->known[end].key.ifindex == key->ifindex)
		round->known[end++].owner = ABSENT;
	*next = end;

	err = nl_addr_dump_family(round->batch->conn, key->family, key->ifindex, known_mark, round);
	if (err != -ENODEV)
		return err;
	for (size_t i = first; i < end; i++)
		round->known[i].owner = NO_LINK;
	return 0;
}

static int round_look(struct round *round)
{
	int err = 0;

	for (size_t i = 0; !err && i < round->count;)
		err = round_look_link(round, i, &i);
	return err;
}

/* True when the known owner decides a request, without asking the kernel. */
static bool request_settled(struct request *request, enum owner owner)
{
	static const int answers[][3] = {
		[ABSENT] = { [NL_ADD] = UNSETTLED, [NL_RENEW] = -EADDRNOTAVAIL, [NL_DEL] = 0 },
		[OURS] = { [NL_ADD] = UNSETTLED, [NL_RENEW] = UNSETTLED, [NL_DEL] = UNSETTLED },
		[FOREIGN] = { [NL_ADD] = -EEXIST, [NL_RENEW] = -EEXIST, [NL_DEL] = -EPERM },
		[NO_LINK] = { [NL_ADD] = -ENODEV, [NL_RENEW] = -ENODEV, [NL_DEL] = 0 },
		[UNKNOWN] = { [NL_ADD] = UNSETTLED, [NL_RENEW] = UNSETTLED, [NL_DEL] = UNSETTLED },
	};

	request->exclusive = false;
	request->error = answers[owner][request->op];
	return request->error != UNSETTLED;
}

/* The message for one request; updates the known owner of its address. */
static struct nl_msg *request_msg(struct request *request, struct known *known)
{
	int flags = NLM_F_REPLACE;

	if (request->op == NL_DEL) {
		known->owner = ABSENT;
		return nl_addr_msg_del(&request->key);
	}
	if (known->owner != OURS) {
		request->exclusive = true;
		flags = NLM_F_CREATE | NLM_F_EXCL;
	}
	if (known->owner == ABSENT)
		known->owner = OURS;
	return nl_addr_msg_new(&request->key, request->lease_sec, flags);
}

/* Turns the requests that need it into calls. */
static void round_build(struct round *round)
{
	for (size_t i = 0; i < round->count; i++) {
		struct request *request = round->todo[i];
		struct known *known = known_find(round, &request->key);
		struct nl_msg *msg;

		if (request_settled(request, known->owner))
			continue;
		msg = request_msg(request, known);
		request->error = msg ? 0 : -ENOMEM;
		if (!msg)
			continue;
		round->called[round->calls_count] = request;
		round->calls[round->calls_count++].msg = msg;
	}
}

static int round_send(struct round *round)
{
	int err;

	round_build(round);
	err = nl_conn_call(round->batch->conn, round->calls, round->calls_count, NULL, NULL);

	for (size_t i = 0; i < round->calls_count; i++) {
		struct request *request = round->called[i];
		int error = round->calls[i].error;

		/* An address to be removed may be gone already, alone or with its link. */
		if (request->op == NL_DEL && (error == -EADDRNOTAVAIL || error == -ENODEV))
			error = 0;
		request->error = error;
		nlmsg_free(round->calls[i].msg);
	}
	return err;
}

static int round_prepare(struct round *round)
{
	round->known = calloc(round->count, sizeof(*round->known));
	round->calls = calloc(round->count, sizeof(*round->calls));
	round->called = calloc(round->count, sizeof(*round->called));
	if (!round->known || !round->calls || !round->called)
		return -ENOMEM;

	for (size_t i = 0; i < round->count; i++)
		round->known[i].key = round->todo[i]->key;
	qsort(round->known, round->count, sizeof(*round->known), known_cmp);
	return 0;
}

/* Tries the requests of todo; each then carries its error. */
static int batch_try(struct nl_batch *batch, struct request **todo, size_t count, bool look)
{
	struct round round = { .batch = batch, .todo = todo, .count = count };
	int err = round_prepare(&round);

	if (!err && look)
		err = round_look(&round);
	if (!err)
		err = round_send(&round);
	else
		for (size_t i = 0; i < count; i++)
			todo[i]->error = err;

	free(round.known);
	free(round.calls);
	free(round.called);
	return err;
}

static int batch_carry_out(struct nl_batch *batch, struct request **todo)
{
	bool look = false;
	size_t again = 0;
	int err;

	for (size_t i = 0; i < batch->count; i++) {
		todo[i] = &batch->requests[i];
		look |= todo[i]->op != NL_ADD;
	}
	err = batch_try(batch, todo, batch->count, look);
	if (err)
		return err;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->requests[i].exclusive && batch->requests[i].error == -EEXIST)
			todo[again++] = &batch->requests[i];
	return again ? batch_try(batch, todo, again, true) : 0;
}

static bool leaves_route(const struct request *request)
{
	return request->op == NL_DEL && !request->error && request->key.family == AF_INET6;
}

/*
 * When an IPv6 address with a lease is deleted, the kernel leaves its route until the lease
 * would have ended, and zebra prefers that route to the one to the new Active router. So the
 * route is deleted as well. It may be gone already, so errors are not reported.
 */
static void batch_remove_routes(struct nl_batch *batch)
{
	struct nl_call *calls = calloc(batch->count, sizeof(*calls));
	size_t count = 0;

	if (!calls)
		return;
	for (size_t i = 0; i < batch->count; i++) {
		if (!leaves_route(&batch->requests[i]))
			continue;
		calls[count].msg = nl_route_msg_del_prefix(&batch->requests[i].key);
		count += calls[count].msg != NULL;
	}
	if (count)
		nl_conn_call(batch->conn, calls, count, NULL, NULL);
	for (size_t i = 0; i < count; i++)
		nlmsg_free(calls[i].msg);
	free(calls);
}

/* Empties the batch before it reports, so that the callback may queue new requests. */
static int batch_report(struct nl_batch *batch, nl_result_fn result, void *arg)
{
	struct request *requests = batch->requests;
	size_t count = batch->count;
	int failed = 0;

	batch->requests = NULL;
	batch->count = batch->room = 0;

	for (size_t i = 0; i < count; i++) {
		struct nl_result report = {
			.error = requests[i].error,
			.object = requests[i].object,
			.op = requests[i].op,
			.what = op_names[requests[i].op],
		};

		failed += report.error != 0;
		if (result)
			result(&report, arg);
	}
	free(requests);
	return failed;
}

int nl_batch_commit(struct nl_batch *batch, nl_result_fn result, void *arg)
{
	struct request **todo;
	int err = -ENOMEM;
	int failed;

	if (!batch->count)
		return 0;

	todo = calloc(batch->count, sizeof(struct request *));
	if (todo)
		err = batch_carry_out(batch, todo);
	else
		for (size_t i = 0; i < batch->count; i++)
			batch->requests[i].error = err;
	batch_remove_routes(batch);
	free(todo);

	failed = batch_report(batch, result, arg);
	return err ? err : failed;
}
