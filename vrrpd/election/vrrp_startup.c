// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_startup belongs to a virtual router that has no proof yet that its peers hear
 * it, from vrrp_startup_wait() until the proof is final (vrrp_entry.h), the router is Active,
 * or another hold applies; and to one that went on alone, while it advertises the lowest
 * priority (meek). It uses a way (vrrp_way.h) to each peer.
 *
 * Queries are answered from stored facts. A change of a fact (an echo's answer, a route, time)
 * marks the virtual router, and a separate event handles the marked ones: so an answer that a
 * thousand of them wait for is handled once, and none is called in the middle of other work.
 */
#include "vrrp_startup.h"

#include "darr.h"
#include "memory.h"

#include "vrrp_daemon.h"
#include "vrrp_entry.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_host.h"
#include "vrrp_warning.h"
#include "vrrp_way.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_STARTUP, "VRRP virtual router without a proof");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_STARTUP_PEERS, "VRRP virtual router's ways to its peers");

PREDECL_DLIST(marked);

struct peer_way {
	struct vrrp_way_user user;
	struct vrrp_startup *startup;
};

struct vrrp_startup {
	struct vrrp_router *router;
	vrrp_usec_t since;
	bool heard;
	bool trusted;
	bool free;  /* it has entered and may take over; the reason was logged */
	bool alone; /* ... without a proof, and is meek */
	struct vrrp_addr source;
	struct peer_way *peers;
	unsigned int n_peers;
	struct vrrp_alarm alarm; /* for the time when the answer changes without an event */
	struct marked_item item;
	bool is_marked;
};

DECLARE_DLIST(marked, struct vrrp_startup, item);

static struct marked_head marked[1] = { INIT_DLIST(marked[0]) };
static struct event *t_marked, *t_delay;
static vrrp_usec_t daemon_started;
static void (*tell_changed)(struct vrrp_router *router);

/* ------------------------------------------------------------------------ answers */

static bool is_running(const struct vrrp_router *router)
{
	return router->fsm.state != VRRP_INITIALIZE;
}

static vrrp_usec_t delay_end(void)
{
	return daemon_started + vrrp_global.startup_delay_sec * VRRP_USEC_PER_SEC;
}

static bool needs_proof(const struct vrrp_router *router)
{
	return vrrp_router_is_unicast(router) && router->group->applied.startup_hold_sec &&
	       router->group->applied.priority != VRRP_PRIORITY_OWNER;
}

/* Sets *since to the earlier time; 0 means never. */
static void take_earlier(vrrp_usec_t *since, vrrp_usec_t other)
{
	if (other && (!*since || other < *since))
		*since = other;
}

/* True for a peer that is this host itself, which a file may configure: it proves nothing. */
static bool is_self(const struct vrrp_startup *startup, const struct peer_way *way)
{
	return vrrp_host_own_link(vrrp_way_peer(&way->user), startup->router->group->ifp->ifindex,
				  0);
}

static struct vrrp_entry_facts facts_of(const struct vrrp_startup *startup)
{
	const struct vrrp_group_conf *conf = &startup->router->group->applied;
	struct vrrp_entry_facts facts = {
		.heard = startup->heard,
		.answered = startup->trusted ? startup->since : 0,
		.since = startup->since,
		.hold_sec = conf->startup_hold_sec,
		.interval = conf->interval_cs * VRRP_USEC_PER_CS,
		.delay_sec = conf->preempt ? conf->preempt_delay_sec : 0,
	};

	for (unsigned int i = 0; i < startup->n_peers; i++) {
		if (is_self(startup, &startup->peers[i]))
			continue;
		take_earlier(&facts.answered, vrrp_way_answered(&startup->peers[i].user));
		take_earlier(&facts.route_since, vrrp_way_route_since(&startup->peers[i].user));
	}
	return facts;
}

static struct vrrp_entry_decision decide(const struct vrrp_startup *startup)
{
	struct vrrp_entry_facts facts = facts_of(startup);

	return vrrp_entry_decide(&facts, vrrp_now());
}

static bool waits(const struct vrrp_router *router)
{
	if (!router->startup)
		return !is_running(router);
	return decide(router->startup).entry == VRRP_ENTRY_WAIT;
}

/* Its peers heard it a moment ago. */
static bool is_trusted(const struct vrrp_router *router)
{
	return router->startup && router->startup->trusted;
}

enum vrrp_hold vrrp_startup_hold(const struct vrrp_router *router)
{
	if (router->fsm.state == VRRP_ACTIVE)
		return VRRP_HOLD_NONE;
	if (!is_running(router) && !is_trusted(router) && vrrp_now() < delay_end())
		return VRRP_HOLD_STARTUP_DELAY;
	return needs_proof(router) && waits(router) ? VRRP_HOLD_NO_ROUTE : VRRP_HOLD_NONE;
}

void vrrp_startup_look(struct vrrp_router *router)
{
	bool is_held = vrrp_hold_before(&router->holds, VRRP_HOLD_STARTUP_DELAY);
	enum vrrp_hold hold = is_held ? VRRP_HOLD_NONE : vrrp_startup_hold(router);

	vrrp_hold_set(&router->holds, VRRP_HOLD_STARTUP_DELAY, hold == VRRP_HOLD_STARTUP_DELAY);
	vrrp_hold_set(&router->holds, VRRP_HOLD_NO_ROUTE, hold == VRRP_HOLD_NO_ROUTE);
}

bool vrrp_startup_heeds(const struct vrrp_router *router)
{
	return router->startup && needs_proof(router) &&
	       decide(router->startup).entry == VRRP_ENTRY_HEED;
}

static vrrp_usec_t meek_end(const struct vrrp_startup *startup)
{
	struct vrrp_entry_facts facts = facts_of(startup);

	return vrrp_entry_meek_end(&facts);
}

/* True while it must be meek; a Backup that has heard the Active router need not. */
static bool is_meek(const struct vrrp_startup *startup)
{
	const struct vrrp_group_conf *conf = &startup->router->group->applied;
	bool follows = startup->heard && startup->router->fsm.state == VRRP_BACKUP;

	if (!startup->alone || follows || !needs_proof(startup->router))
		return false;
	return (!conf->preempt || conf->preempt_delay_sec) && vrrp_now() < meek_end(startup);
}

uint8_t vrrp_startup_priority(const struct vrrp_router *router)
{
	if (router->startup && is_meek(router->startup))
		return VRRP_PRIORITY_LEAST;
	return vrrp_group_priority(router->group);
}

/* True when no further fact can change the decision. */
static bool is_over(const struct vrrp_startup *startup)
{
	struct vrrp_entry_decision decision = decide(startup);

	if (!needs_proof(startup->router) || startup->trusted)
		return true;
	if (startup->router->fsm.state != VRRP_ACTIVE && !decision.is_final)
		return false;
	return decision.entry != VRRP_ENTRY_HEED && !is_meek(startup);
}

/* ------------------------------------------------------------------------ marking */

static void on_marked(struct event *event)
{
	struct vrrp_startup *startup;

	while ((startup = marked_pop(marked))) {
		startup->is_marked = false;
		tell_changed(startup->router);
	}
}

static void mark(struct vrrp_startup *startup)
{
	if (startup->is_marked)
		return;
	startup->is_marked = true;
	marked_add_tail(marked, startup);
	event_add_event(master, on_marked, NULL, 0, &t_marked);
}

static void set_alarm(struct vrrp_startup *startup)
{
	vrrp_usec_t until = decide(startup).until, end = meek_end(startup);

	if (startup->alone && end < (until ? until : VRRP_ENTRY_NEVER))
		until = end;
	if (until)
		vrrp_alarm_set(&startup->alarm, until);
	else
		vrrp_alarm_cancel(&startup->alarm);
}

static void look(struct vrrp_startup *startup)
{
	if (!is_running(startup->router) && decide(startup).entry == VRRP_ENTRY_WAIT)
		set_alarm(startup);
	else
		mark(startup);
}

static void on_alarm(struct vrrp_alarm *alarm)
{
	mark(container_of(alarm, struct vrrp_startup, alarm));
}

static void on_way(struct vrrp_way_user *user)
{
	look(container_of(user, struct peer_way, user)->startup);
}

/* --------------------------------------------------------------------------- ways */

static void leave_ways(struct vrrp_startup *startup)
{
	for (unsigned int i = 0; i < startup->n_peers; i++)
		vrrp_way_end(&startup->peers[i].user);
	XFREE(MTYPE_VRRP_STARTUP_PEERS, startup->peers);
	startup->n_peers = 0;
}

/* True when the ways lead to the configured peers, from the source in use. */
static bool ways_fit(const struct vrrp_startup *startup)
{
	const struct vrrp_router *router = startup->router;

	if (startup->n_peers != darr_len(router->peers) ||
	    !vrrp_addr_same(&startup->source, &router->source))
		return false;
	for (unsigned int i = 0; i < startup->n_peers; i++)
		if (!vrrp_addr_same(vrrp_way_peer(&startup->peers[i].user),
				    &router->peers[i].address))
			return false;
	return true;
}

static void take_ways(struct vrrp_startup *startup)
{
	const struct vrrp_router *router = startup->router;
	struct vrrp_way_ends ends;

	startup->source = router->source;
	startup->n_peers = darr_len(router->peers);
	startup->peers = XCALLOC(MTYPE_VRRP_STARTUP_PEERS,
				 startup->n_peers * sizeof(*startup->peers));
	for (unsigned int i = 0; i < startup->n_peers; i++) {
		startup->peers[i].startup = startup;
		startup->peers[i].user.changed = on_way;
		ends = vrrp_way_ends_of(router, &router->peers[i].address);
		vrrp_way_begin(&startup->peers[i].user, &ends);
	}
}

/* ----------------------------------------------------------- beginning and ending */

static struct vrrp_startup *startup_new(struct vrrp_router *router)
{
	struct vrrp_startup *startup = XCALLOC(MTYPE_VRRP_STARTUP, sizeof(*startup));

	startup->router = router;
	startup->since = vrrp_now();
	startup->alarm.expire = on_alarm;
	router->startup = startup;
	return startup;
}

void vrrp_startup_wait(struct vrrp_router *router)
{
	struct vrrp_startup *startup = router->startup;

	if (!startup) {
		startup = startup_new(router);
		if (vrrp_log_allowed(VRRP_LOG_TRANSITION))
			zlog_info("%pVR: waits until a peer can hear it, %u s at the longest",
				  router, router->group->applied.startup_hold_sec);
	}
	if (!ways_fit(startup)) {
		leave_ways(startup);
		take_ways(startup);
	}
	startup->free = startup->alone = false;
	look(startup);
}

void vrrp_startup_forget(struct vrrp_router *router)
{
	struct vrrp_startup *startup = router->startup;

	if (!startup)
		return;
	vrrp_alarm_cancel(&startup->alarm);
	if (startup->is_marked)
		marked_del(marked, startup);
	leave_ways(startup);
	XFREE(MTYPE_VRRP_STARTUP, router->startup);
}

static void log_entry(const struct vrrp_router *router, enum vrrp_entry_reason reason)
{
	if (!vrrp_log_allowed(VRRP_LOG_TRANSITION))
		return;
	zlog_warn("%pVR: no peer has answered an ICMP echo: %s, %s", router,
		  router->startup->heard ? "preempts from now on" : "goes on alone",
		  reason == VRRP_ENTRY_ROUTE ? "after 10 s with a route to a peer"
					     : "since its startup-hold is over");
}

static void note_free(struct vrrp_startup *startup, enum vrrp_entry_reason reason)
{
	const struct vrrp_group_conf *conf = &startup->router->group->applied;
	bool proven = reason == VRRP_ENTRY_ANSWERED;

	if (startup->free || !needs_proof(startup->router))
		return;
	startup->free = true;
	startup->alone = !proven && !startup->heard && (!conf->preempt || conf->preempt_delay_sec);
	if (!proven)
		log_entry(startup->router, reason);
}

void vrrp_startup_entered(struct vrrp_router *router)
{
	struct vrrp_startup *startup = router->startup;
	struct vrrp_entry_decision decision;

	if (!startup)
		return;
	decision = decide(startup);
	if (decision.entry == VRRP_ENTRY_FREE)
		note_free(startup, decision.reason);
	if (is_over(startup))
		vrrp_startup_forget(router);
	else
		set_alarm(startup);
}

void vrrp_startup_won(struct vrrp_router *router)
{
	if (router->startup)
		mark(router->startup);
}

bool vrrp_startup_fell_silent(struct vrrp_router *router)
{
	if (!router->startup || !needs_proof(router))
		return false;
	router->startup->heard = false;
	return waits(router);
}

bool vrrp_startup_heard(struct vrrp_router *router)
{
	if (!router->startup)
		return false;
	router->startup->heard = true;
	if (is_running(router))
		mark(router->startup);
	return !is_running(router);
}

void vrrp_startup_trust(struct vrrp_router *router)
{
	if (!router->startup)
		startup_new(router);
	router->startup->trusted = true;
}

/* -------------------------------------------------------------------------- delay */

static void on_delay_end(struct event *event)
{
	vrrp_recheck_all();
}

void vrrp_startup_delay_changed(void)
{
	vrrp_usec_t now = vrrp_now(), end = delay_end();

	event_cancel(&t_delay);
	/* a millisecond more: the event loop's clock may be behind ours */
	event_add_timer_msec(master, on_delay_end, NULL, now < end ? (end - now) / 1000 + 1 : 0,
			     &t_delay);
}

/* ---------------------------------------------------------------------- sentences */

static unsigned int seconds_until(vrrp_usec_t then)
{
	vrrp_usec_t now = vrrp_now();

	return now < then ? (then - now + VRRP_USEC_PER_SEC - 1) / VRRP_USEC_PER_SEC : 0;
}

static void describe_peer(const struct vrrp_way_user *user, struct vrrp_sentences *sentences)
{
	const struct prefix *route = vrrp_way_route(user);
	int error = vrrp_way_error(user);
	char peer[VRRP_ADDR_STRLEN], echoes[64];

	if (error)
		snprintf(echoes, sizeof(echoes), "cannot send: %s", safe_strerror(error));
	else
		snprintf(echoes, sizeof(echoes), "%u ICMP echoes without an answer",
			 vrrp_way_echoes(user));
	vrrp_addr_str(vrrp_way_peer(user), peer);
	if (route)
		vrrp_sentence_add(sentences, "peer %s: route %pFX, %s", peer, route, echoes);
	else
		vrrp_sentence_add(sentences, "peer %s: no route, %s", peer, echoes);
}

const char *vrrp_startup_echo(const struct vrrp_router *router, const struct vrrp_addr *peer)
{
	const struct vrrp_startup *startup = router->startup;

	for (unsigned int i = 0; startup && i < startup->n_peers; i++)
		if (vrrp_addr_same(vrrp_way_peer(&startup->peers[i].user), peer))
			return vrrp_way_answered(&startup->peers[i].user) ? "answered"
									  : "unanswered";
	return NULL;
}

static void describe_wait(const struct vrrp_startup *startup, struct vrrp_sentences *sentences)
{
	vrrp_sentence_add(sentences,
			  "waits until a peer answers or advertises; goes on alone in %u s",
			  seconds_until(decide(startup).until));
	for (unsigned int i = 0; i < startup->n_peers; i++)
		if (!is_self(startup, &startup->peers[i]))
			describe_peer(&startup->peers[i].user, sentences);
}

static int on_hold_details(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);

	if (hold == VRRP_HOLD_STARTUP_DELAY)
		vrrp_sentence_add(sentences, "the daemon started a moment ago; %u s are left",
				  seconds_until(delay_end()));
	else if (hold == VRRP_HOLD_NO_ROUTE && router->startup)
		describe_wait(router->startup, sentences);
	return 0;
}

static void describe_meekness(const struct vrrp_startup *startup, struct vrrp_sentences *sentences)
{
	const char *why = facts_of(startup).answered
				  ? "a peer has answered, and may yet be heard to be Active"
				  : "no peer has answered an ICMP echo yet, and one may be Active";
	vrrp_usec_t end = meek_end(startup);

	if (end == VRRP_ENTRY_NEVER)
		vrrp_sentence_add(sentences, "%s: advertises priority %u until one answers", why,
				  VRRP_PRIORITY_LEAST);
	else
		vrrp_sentence_add(sentences, "%s: advertises priority %u for %u s", why,
				  VRRP_PRIORITY_LEAST, seconds_until(end));
}

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (router->startup && is_running(router) && is_meek(router->startup))
		describe_meekness(router->startup, sentences);
	if (is_running(router) && vrrp_startup_heeds(router))
		vrrp_sentence_add(sentences,
				  "no peer has answered an ICMP echo yet: does not preempt for %u s",
				  seconds_until(decide(router->startup).until));
	return 0;
}

/* ------------------------------------------------------------------ start and stop */

void vrrp_startup_init(void (*changed)(struct vrrp_router *router))
{
	tell_changed = changed;
	daemon_started = vrrp_now();
	hook_register(vrrp_hold_details, on_hold_details);
	hook_register(vrrp_warnings, on_warnings);
}

void vrrp_startup_stop(void)
{
	event_cancel(&t_marked);
	event_cancel(&t_delay);
	vrrp_way_stop();
}
