// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_seal belongs to its router, from the first advertisement that is signed or checked
 * to the router's end: a change of the configuration must not open the door to old advertisements.
 */
#include "vrrp_seal.h"

#include <sys/time.h>

#include "lib/darr.h"
#include "memory.h"

#include "vrrp_chain.h"
#include "vrrp_daemon.h"
#include "vrrp_hmac.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_trouble.h"
#include "vrrp_warning.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SEAL, "VRRP authentication of a virtual router");

/* More than there are priorities; only who has a key becomes one. */
#define SENDERS_MAX 255

/* A warning comes this long before the last key ends. */
#define ENDS_SOON_SEC (24 * 3600)

/* Others whose signature was good. */
struct sender {
	struct vrrp_addr address;
	struct vrrp_auth_mark mark;
	vrrp_usec_t heard;
};

struct vrrp_seal {
	struct vrrp_auth_mark sent;
	struct sender *senders; /* darr */
};

static const struct vrrp_auth_conf *conf_of(const struct vrrp_router *router)
{
	return &router->group->applied.auth;
}

static uint64_t utc_usec(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return now.tv_sec * VRRP_USEC_PER_SEC + now.tv_usec;
}

static struct vrrp_seal *seal_of(struct vrrp_router *router)
{
	if (!router->seal)
		router->seal = XCALLOC(MTYPE_VRRP_SEAL, sizeof(*router->seal));
	return router->seal;
}

unsigned int vrrp_seal_window_sec(const struct vrrp_group *group)
{
	const struct vrrp_group_conf *conf = &group->applied;

	if (conf->auth.is_monotonic)
		return 0;
	if (conf->auth.window_sec)
		return conf->auth.window_sec;
	return MAX(VRRP_AUTH_WINDOW_SEC_MIN, (3 * conf->interval_cs + 99) / 100);
}

static vrrp_usec_t window(const struct vrrp_router *router)
{
	return vrrp_seal_window_sec(router->group) * VRRP_USEC_PER_SEC;
}

/* ----------------------------------------------------------------------- signing */

static const struct vrrp_auth_key *signing_key(const struct vrrp_group *group)
{
	if (!group->chain || group->applied.auth.mode == VRRP_AUTH_RECEIVE_ONLY)
		return NULL;
	return vrrp_chain_sender(group->chain);
}

uint8_t vrrp_seal_key_id(const struct vrrp_group *group)
{
	const struct vrrp_auth_key *key = signing_key(group);

	return key ? key->id : 0;
}

bool vrrp_seal_sign(struct vrrp_router *router, uint8_t *message, size_t *size)
{
	const struct vrrp_auth_key *key = signing_key(router->group);
	vrrp_stamp_t stamp;

	if (!key)
		return !conf_of(router)->is_on || conf_of(router)->mode != VRRP_AUTH_ENFORCE;
	stamp = vrrp_stamp_next(&seal_of(router)->sent, utc_usec(), window(router));
	*size = vrrp_auth_sign(message, *size, &router->source, key, vrrp_hmac, stamp);
	return true;
}

/* ---------------------------------------------------------------------- checking */

static struct sender *find_sender(struct vrrp_seal *seal, const struct vrrp_addr *address)
{
	struct sender *sender;

	darr_foreach_p (seal->senders, sender)
		if (vrrp_addr_same(&sender->address, address))
			return sender;
	return NULL;
}

/* In place of the one that has been silent for the longest time when there are too many. */
static struct sender *new_sender(struct vrrp_seal *seal)
{
	struct sender *sender, *oldest = seal->senders;

	if (darr_len(seal->senders) < SENDERS_MAX)
		return darr_append(seal->senders);
	darr_foreach_p (seal->senders, sender)
		if (sender->heard < oldest->heard)
			oldest = sender;
	return oldest;
}

static void remember(struct vrrp_seal *seal, const struct vrrp_addr *address,
		     const struct vrrp_auth_mark *mark)
{
	struct sender *sender = find_sender(seal, address);

	if (!sender)
		sender = new_sender(seal);
	*sender = (struct sender){ .address = *address, .mark = *mark, .heard = vrrp_now() };
}

int64_t vrrp_seal_ahead_msec(const struct vrrp_datagram *dgram)
{
	return vrrp_stamp_since(vrrp_auth_stamp(dgram), vrrp_stamp_of(utc_usec())) / 1000;
}

/* Says that a clock is off, before it is refused for it. */
static void look_at_clock(struct vrrp_router *router, const struct vrrp_datagram *dgram)
{
	int64_t ahead = vrrp_seal_ahead_msec(dgram);
	char src[VRRP_ADDR_STRLEN];

	if (conf_of(router)->is_monotonic || llabs(ahead) * 2000 <= (int64_t)window(router) ||
	    !vrrp_trouble_seen(router, VRRP_TROUBLE_CLOCK, window(router)))
		return;
	vrrp_trouble_say(router, VRRP_TROUBLE_CLOCK,
			 "the clock of %s is %lld.%lld s %s ours; beyond %u s it is refused",
			 vrrp_addr_str(&dgram->src, src), llabs(ahead) / 1000,
			 llabs(ahead) % 1000 / 100, ahead > 0 ? "ahead of" : "behind",
			 vrrp_seal_window_sec(router->group));
}

enum vrrp_verdict vrrp_seal_check(struct vrrp_router *router, const struct vrrp_datagram *dgram,
				  const struct vrrp_advert *advert)
{
	const struct vrrp_chain *chain = router->group->chain;
	struct vrrp_auth_mark mark = {};
	const struct sender *sender;
	struct vrrp_auth_expect expect;
	enum vrrp_verdict verdict;

	if (!chain || (conf_of(router)->mode != VRRP_AUTH_ENFORCE && !chain->may_accept))
		return VRRP_ACCEPTED;
	expect = (struct vrrp_auth_expect){
		.keys = chain->keys,
		.n_keys = darr_len(chain->keys),
		.hmac = vrrp_hmac,
		.must_sign = conf_of(router)->mode == VRRP_AUTH_ENFORCE,
		.is_monotonic = conf_of(router)->is_monotonic,
		.window = window(router),
		.now = vrrp_stamp_of(utc_usec()),
	};
	sender = find_sender(seal_of(router), &dgram->src);
	if (sender)
		mark = sender->mark;
	verdict = vrrp_auth_check(dgram, advert, &expect, &mark);
	if (verdict != VRRP_ACCEPTED || !advert->trailer)
		return verdict;
	remember(router->seal, &dgram->src, &mark);
	look_at_clock(router, dgram);
	return VRRP_ACCEPTED;
}

/* -------------------------------------------------------------------------- holds */

static bool lacks_key(const struct vrrp_group *group)
{
	return group->chain && group->applied.auth.mode == VRRP_AUTH_ENFORCE &&
	       (!group->chain->sender || !group->chain->may_accept);
}

void vrrp_seal_look(struct vrrp_router *router)
{
	vrrp_hold_set(&router->holds, VRRP_HOLD_NO_KEY, lacks_key(router->group));
}

static void explain_lack(const struct vrrp_group *group, struct vrrp_sentences *sentences)
{
	const struct vrrp_chain *chain = group->chain;

	if (!chain->exists)
		vrrp_sentence_add(sentences, "there is no key chain %s", chain->name);
	else
		vrrp_sentence_add(sentences,
				  "key chain %s has no key that is valid now, for hmac-sha-256, of 32 to 64 characters, with an ID of 1 to 255",
				  chain->name);
}

static int explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (vrrp_hold_first(&router->holds) == VRRP_HOLD_NO_KEY)
		explain_lack(router->group, sentences);
	return 0;
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	const struct vrrp_chain *chain = router->group->chain;

	if (!chain || !vrrp_router_is_configured(router))
		return 0;
	if (!lacks_key(router->group) && (!chain->sender || !chain->may_accept)) {
		explain_lack(router->group, warnings);
		vrrp_sentence_add(warnings, "so authentication is without effect");
	}
	if (chain->ends && chain->ends - time(NULL) < ENDS_SOON_SEC)
		vrrp_sentence_add(warnings,
				  "key chain %s will have no key to sign with in less than %d minutes",
				  chain->name, (int)((chain->ends - time(NULL)) / 60 + 1));
	return 0;
}

/* ------------------------------------------------------------------- configuration */

void vrrp_seal_follow(struct vrrp_group *group)
{
	const struct vrrp_auth_conf *conf = &group->applied.auth;

	if (group->chain && (!conf->is_on || !strmatch(group->chain->name, conf->chain)))
		vrrp_chain_put(&group->chain);
	if (conf->is_on && !group->chain)
		group->chain = vrrp_chain_get(conf->chain);
}

static void forget_router(struct vrrp_router *router)
{
	if (!router->seal)
		return;
	darr_free(router->seal->senders);
	XFREE(MTYPE_VRRP_SEAL, router->seal);
}

void vrrp_seal_forget(struct vrrp_group *group)
{
	vrrp_chain_put(&group->chain);
	forget_router(&group->v4);
	forget_router(&group->v6);
}

static void chain_changed(const struct vrrp_chain *chain)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (group->chain != chain)
			continue;
		vrrp_recheck(&group->v4);
		vrrp_recheck(&group->v6);
	}
}

const char *vrrp_seal_mode_name(enum vrrp_auth_mode mode)
{
	static const char *const names[] = {
		[VRRP_AUTH_ENFORCE] = "enforce",
		[VRRP_AUTH_PERMISSIVE] = "permissive",
		[VRRP_AUTH_RECEIVE_ONLY] = "receive-only",
	};

	return names[mode];
}

const char *vrrp_seal_words(const struct vrrp_group *group, char text[VRRP_SEAL_STRLEN])
{
	const struct vrrp_auth_conf *conf = &group->applied.auth;
	char window[32] = "", key[32] = "";

	if (!conf->is_monotonic)
		snprintf(window, sizeof(window), " (%u s)", vrrp_seal_window_sec(group));
	if (vrrp_seal_key_id(group))
		snprintf(key, sizeof(key), ", signs with key %u", vrrp_seal_key_id(group));
	snprintf(text, VRRP_SEAL_STRLEN, "key chain %s, %s, %s%s%s", conf->chain,
		 vrrp_seal_mode_name(conf->mode), conf->is_monotonic ? "monotonic" : "time", window,
		 key);
	return text;
}

void vrrp_seal_init(void)
{
	vrrp_chain_init(chain_changed);
	hook_register(vrrp_hold_details, explain);
	hook_register(vrrp_warnings, warn);
}

void vrrp_seal_stop(void)
{
	vrrp_chain_stop();
}
