// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A chain belongs to its users, which are groups, and is freed with the last. Keys are copied from
 * libfrr's, which may go at any command; keys[i] and copies[i] are the same key.
 */
#include "vrrp_chain.h"

#include <zebra.h>

#include "lib/darr.h"
#include "keychain.h"
#include "linklist.h"
#include "memory.h"

#include "vrrp_daemon.h"
#include "vrrp_hmac.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_silence.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_CHAIN, "VRRP key chain");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_CHAIN_NAME, "VRRP key chain name");

#define LOOK_SEC 1
#define FOREVER	 ((time_t)-1)

/* What is needed of a key of libfrr. */
struct vrrp_chain_key {
	struct vrrp_hmac_key hmac;
	struct key_range send, accept;
};

DECLARE_DLIST(vrrp_chains, struct vrrp_chain, item);

static struct vrrp_chains_head chains = INIT_DLIST(chains);
static struct event *t_look;
static void (*tell_changed)(const struct vrrp_chain *chain);
static void on_silence(void);

/* Waited for when a chain has lost a key. */
static struct vrrp_silence silence = { .over = on_silence, .is_named = true };

/* ------------------------------------------------------------------------- copies */

static void wipe(struct vrrp_chain *chain)
{
	if (chain->copies)
		explicit_bzero(chain->copies, darr_len(chain->copies) * sizeof(*chain->copies));
	darr_free(chain->copies);
	darr_free(chain->keys);
}

static bool is_usable(const struct key *key)
{
	size_t size = key->string ? strlen(key->string) : 0;

	return key->hash_algo == KEYCHAIN_ALGO_HMAC_SHA256 && size >= VRRP_AUTH_KEY_SIZE_MIN &&
	       size <= VRRP_AUTH_KEY_SIZE_MAX;
}

static void copy_key(const struct key *key, struct vrrp_auth_key *to, struct vrrp_chain_key *copy)
{
	*copy = (struct vrrp_chain_key){ .send = key->send, .accept = key->accept };
	*to = (struct vrrp_auth_key){ .id = key->index, .is_usable = is_usable(key) };
	if (to->is_usable)
		vrrp_hmac_set_key(&copy->hmac, key->string, strlen(key->string));
}

static size_t count_keys(const struct keychain *theirs)
{
	const struct listnode *node;
	const struct key *key;
	size_t count = 0;

	for (ALL_LIST_ELEMENTS_RO(theirs->key, node, key))
		count += key->index >= 1 && key->index <= VRRP_AUTH_KEY_ID_MAX;
	return count;
}

/* All room is taken at once: an array that grows would leave keys behind in freed memory. */
static void copy_keys(struct vrrp_chain *chain, const struct keychain *theirs, size_t count)
{
	const struct listnode *node;
	const struct key *key;
	size_t i = 0;

	wipe(chain);
	if (!count)
		return;
	darr_append_n(chain->keys, count);
	darr_append_n(chain->copies, count);
	for (ALL_LIST_ELEMENTS_RO(theirs->key, node, key)) {
		if (key->index < 1 || key->index > VRRP_AUTH_KEY_ID_MAX)
			continue;
		copy_key(key, &chain->keys[i], &chain->copies[i]);
		chain->keys[i].material = &chain->copies[i].hmac;
		i++;
	}
}

/* is_settled: even if there are fewer keys than before. */
static void read_chain(struct vrrp_chain *chain, bool is_settled)
{
	const struct keychain *theirs = keychain_lookup(chain->name);
	size_t count = theirs ? count_keys(theirs) : 0;

	if (count < darr_len(chain->keys) && !is_settled) {
		if (!silence.since)
			vrrp_silence_await(&silence);
		return;
	}
	chain->exists = theirs != NULL;
	if (theirs)
		copy_keys(chain, theirs, count);
	else
		wipe(chain);
}

/* ---------------------------------------------------------------------- lifetimes */

static bool is_within(const struct key_range *range, time_t now)
{
	return !range->start ||
	       (range->start <= now && (range->end == FOREVER || range->end >= now));
}

/* The last second in which a key may sign, of those that may do so a second after this one. */
static time_t end_after(const struct vrrp_chain *chain, time_t end)
{
	time_t result = end;

	for (unsigned int i = 0; i < darr_len(chain->keys); i++) {
		const struct key_range *send = &chain->copies[i].send;

		if (!chain->keys[i].is_usable || !is_within(send, end + 1))
			continue;
		if (!send->start || send->end == FOREVER)
			return FOREVER;
		result = MAX(result, send->end);
	}
	return result;
}

/* The end of the time in which one key after the other may sign, from now on; 0: none known. */
static time_t end_of_sending(const struct vrrp_chain *chain, time_t now)
{
	time_t end = now, next;

	for (unsigned int i = 0; i < darr_len(chain->keys); i++) {
		next = end_after(chain, end);
		if (next == FOREVER)
			return 0;
		end = next;
	}
	return end == now ? 0 : end;
}

static void judge(struct vrrp_chain *chain)
{
	time_t now = time(NULL);
	const struct vrrp_auth_key *sender;

	chain->may_accept = false;
	for (unsigned int i = 0; i < darr_len(chain->keys); i++) {
		chain->keys[i].may_send = is_within(&chain->copies[i].send, now);
		chain->keys[i].may_accept = is_within(&chain->copies[i].accept, now);
		chain->may_accept |= chain->keys[i].is_usable && chain->keys[i].may_accept;
	}
	sender = vrrp_chain_sender(chain);
	chain->sender = sender ? sender->id : 0;
	chain->ends = end_of_sending(chain, now);
}

const struct vrrp_auth_key *vrrp_chain_sender(const struct vrrp_chain *chain)
{
	return vrrp_auth_sender(chain->keys, darr_len(chain->keys));
}

/* ------------------------------------------------------------------------ looking */

static void log_sender(const struct vrrp_chain *chain)
{
	if (chain->sender)
		zlog_info("VRRP key chain %s: signs with key %u", chain->name, chain->sender);
	else
		zlog_warn("VRRP key chain %s: has no key to sign with now", chain->name);
}

static void look(struct vrrp_chain *chain, bool is_settled)
{
	uint8_t sender = chain->sender;
	bool accepted = chain->may_accept;

	read_chain(chain, is_settled);
	judge(chain);
	if (chain->sender != sender)
		log_sender(chain);
	if (chain->sender != sender || chain->may_accept != accepted)
		tell_changed(chain);
}

static void look_at_all(bool is_settled)
{
	struct vrrp_chain *chain;

	frr_each (vrrp_chains, &chains, chain)
		look(chain, is_settled);
}

static void on_silence(void)
{
	look_at_all(true);
}

static void look_later(void);

static void on_look(struct event *event)
{
	look_at_all(false);
	look_later();
}

static void look_later(void)
{
	if (vrrp_chains_count(&chains))
		event_add_timer(master, on_look, NULL, LOOK_SEC, &t_look);
}

/* ------------------------------------------------------------------------- users */

struct vrrp_chain *vrrp_chain_get(const char *name)
{
	struct vrrp_chain *chain;

	frr_each (vrrp_chains, &chains, chain)
		if (strmatch(chain->name, name)) {
			chain->users++;
			return chain;
		}
	chain = XCALLOC(MTYPE_VRRP_CHAIN, sizeof(*chain));
	chain->name = XSTRDUP(MTYPE_VRRP_CHAIN_NAME, name);
	chain->users = 1;
	vrrp_chains_add_tail(&chains, chain);
	read_chain(chain, true);
	judge(chain);
	look_later();
	return chain;
}

void vrrp_chain_put(struct vrrp_chain **chain)
{
	struct vrrp_chain *gone = *chain;

	*chain = NULL;
	if (!gone || --gone->users)
		return;
	vrrp_chains_del(&chains, gone);
	wipe(gone);
	XFREE(MTYPE_VRRP_CHAIN_NAME, gone->name);
	XFREE(MTYPE_VRRP_CHAIN, gone);
}

void vrrp_chain_init(void (*changed)(const struct vrrp_chain *chain))
{
	tell_changed = changed;
}

void vrrp_chain_stop(void)
{
	event_cancel(&t_look);
	vrrp_silence_cancel(&silence);
}
