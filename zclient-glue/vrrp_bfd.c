// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zebra relays bfdd's reports only to clients with a HELLO of a few protocols, PIM among them, so
 * there is a second, auxiliary zclient that says HELLO as (PIM, INSTANCE). It is made for the first
 * session and stays. libfrr installs all sessions again whenever bfdd, or zebra, comes back.
 *
 * Sessions are in a hash; one lives from its first watch to its last.
 */
#include "vrrp_bfd.h"

#include "jhash.h"
#include "log.h"
#include "memory.h"
#include "zclient.h"

#include "vrrp_alarm.h"
#include "vrrp_bfdd.h"
#include "vrrp_daemon.h"
#include "vrrp_memory.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_BFD_SESSION, "VRRP BFD session");

#define INSTANCE 112
#define HOPS	 254
/* A session that bfdd makes anew is down first; that is reported at once. */
#define ANEW_USEC (2 * VRRP_USEC_PER_SEC)

PREDECL_HASH(bfd_sessions);

struct vrrp_bfd_session {
	struct bfd_sessions_item item;
	struct vrrp_bfd_ends ends;
	struct vrrp_bfd_watches_head watches;
	struct bfd_session_params *params; /* libfrr's */
	bool is_sent;
	bool was_up;	    /* since bfdd has it */
	bool lacks_profile; /* and the log says so */
};

static int session_cmp(const struct vrrp_bfd_session *a, const struct vrrp_bfd_session *b)
{
	int order = numcmp(a->ends.vrf_id, b->ends.vrf_id);

	order = order ? order : prefix_cmp(&a->ends.source, &b->ends.source);
	return order ? order : prefix_cmp(&a->ends.peer, &b->ends.peer);
}

static uint32_t session_hash(const struct vrrp_bfd_session *session)
{
	return jhash_3words(session->ends.vrf_id, prefix_hash_key(&session->ends.source),
			    prefix_hash_key(&session->ends.peer), 0);
}

DECLARE_HASH(bfd_sessions, struct vrrp_bfd_session, item, session_cmp, session_hash);
DECLARE_DLIST(vrrp_bfd_watches, struct vrrp_bfd_watch, item);

static struct bfd_sessions_head sessions[1] = { INIT_HASH(sessions[0]) };
static struct zclient *client;
static vrrp_usec_t anew; /* when all sessions were last sent to bfdd */

/* ------------------------------------------------------------------------- libfrr */

static void on_status(struct bfd_session_params *params, const struct bfd_session_status *status,
		      void *arg)
{
	struct vrrp_bfd_session *session = arg;
	bool has_failed = session->was_up && status->state == BSS_DOWN &&
			  vrrp_now() >= anew + ANEW_USEC;
	struct vrrp_bfd_watch *watch;

	session->was_up = status->state == BSS_UP;
	frr_each (vrrp_bfd_watches, &session->watches, watch)
		watch->changed(watch, has_failed);
}

/* libfrr would log an error for each session that it cannot send. */
static void submit(struct vrrp_bfd_session *session)
{
	if (client->sock < 0)
		return;
	session->is_sent = true;
	bfd_sess_install(session->params);
}

static void set_addresses(const struct vrrp_bfd_session *session)
{
	const struct prefix *source = &session->ends.source, *peer = &session->ends.peer;

	if (peer->family == AF_INET)
		bfd_sess_set_ipv4_addrs(session->params, &source->u.prefix4, &peer->u.prefix4);
	else
		bfd_sess_set_ipv6_addrs(session->params, &source->u.prefix6, &peer->u.prefix6);
}

static void make_params(struct vrrp_bfd_session *session, const char *profile)
{
	session->params = bfd_sess_new(on_status, session);
	set_addresses(session);
	bfd_sess_set_vrf(session->params, session->ends.vrf_id);
	bfd_sess_set_hop_count(session->params, HOPS);
	bfd_sess_set_profile(session->params, profile);
	session->was_up = false;
	submit(session);
}

static const char *profile_of(const struct vrrp_bfd_session *session)
{
	const char *profile = bfd_sess_profile(session->params);

	return profile ? profile : "";
}

/* The name that sorts first; NULL: no watch has one. */
static const char *wanted_profile(const struct vrrp_bfd_session *session)
{
	const struct vrrp_bfd_watch *watch;
	const char *first = NULL;

	frr_each (vrrp_bfd_watches_const, &session->watches, watch)
		if (*watch->profile && (!first || strcmp(watch->profile, first) < 0))
			first = watch->profile;
	return first;
}

static void ask_for_profile(struct vrrp_bfd_session *session)
{
	session->lacks_profile = false;
	if (*profile_of(session))
		vrrp_bfdd_ask();
}

/* bfdd takes another profile by an update, but does not drop one. */
static void follow_profile(struct vrrp_bfd_session *session)
{
	const char *profile = wanted_profile(session);

	if (strmatch(profile ? profile : "", profile_of(session)))
		return;
	if (profile) {
		bfd_sess_set_profile(session->params, profile);
		submit(session);
	} else {
		bfd_sess_free(&session->params);
		make_params(session, NULL);
	}
	ask_for_profile(session);
}

/* --------------------------------------------------------------------- connection */

static int on_replay(ZAPI_CALLBACK_ARGS)
{
	anew = vrrp_now();
	return zclient_bfd_session_replay(cmd, zclient, length, vrf_id);
}

static zclient_handler *const handlers[] = {
	[ZEBRA_INTERFACE_BFD_DEST_UPDATE] = zclient_bfd_session_update,
	[ZEBRA_BFD_DEST_REPLAY] = on_replay,
};

static void on_connected(struct zclient *zclient)
{
	struct vrrp_bfd_session *session;

	on_replay(ZEBRA_BFD_DEST_REPLAY, zclient, 0, VRF_DEFAULT);
	frr_each (bfd_sessions, sessions, session)
		if (!session->is_sent)
			submit(session);
}

static void on_bfdd(bool runs)
{
	if (runs)
		zlog_info("BFD: bfdd runs");
	else
		zlog_warn(
			"BFD: bfdd does not run: a router that dies is replaced after Active_Down_Interval");
}

/* True: to be asked again, since it may get the profile. */
static bool on_profiles(void)
{
	struct vrrp_bfd_session *session;
	bool any = false, lacks;

	frr_each (bfd_sessions, sessions, session) {
		lacks = vrrp_bfdd_lacks(profile_of(session));
		if (lacks && !session->lacks_profile && !any)
			zlog_warn("BFD: bfdd has no profile %s: until it has, sessions with it go by bfdd's defaults",
				  profile_of(session));
		session->lacks_profile = lacks;
		any |= lacks;
	}
	return any;
}

static const struct vrrp_bfdd_ops bfdd_ops = { .runs = on_bfdd, .profiles = on_profiles };

static void start(void)
{
	client = zclient_new(master, &zclient_options_auxiliary, handlers, array_size(handlers));
	client->zebra_connected = on_connected;
	zclient_init(client, ZEBRA_ROUTE_PIM, INSTANCE, NULL);
	bfd_protocol_integration_init(client, master);
	vrrp_bfdd_start(&bfdd_ops);
}

void vrrp_bfd_stop(void)
{
	if (!client)
		return;
	vrrp_bfdd_stop();
	zclient_stop(client);
	zclient_free(client);
	client = NULL;
	bfd_sessions_fini(sessions);
}

/* ------------------------------------------------------------------------ watches */

static struct vrrp_bfd_session *session_get(const struct vrrp_bfd_ends *ends, const char *profile)
{
	struct vrrp_bfd_session ref = { .ends = *ends };
	struct vrrp_bfd_session *session = bfd_sessions_find(sessions, &ref);

	if (session)
		return session;
	session = XCALLOC(MTYPE_VRRP_BFD_SESSION, sizeof(*session));
	session->ends = *ends;
	vrrp_bfd_watches_init(&session->watches);
	bfd_sessions_add(sessions, session);
	make_params(session, *profile ? profile : NULL);
	ask_for_profile(session);
	return session;
}

void vrrp_bfd_begin(struct vrrp_bfd_watch *watch, const struct vrrp_bfd_ends *ends,
		    const char *profile)
{
	if (!client)
		start();
	strlcpy(watch->profile, profile, sizeof(watch->profile));
	watch->session = session_get(ends, profile);
	vrrp_bfd_watches_add_tail(&watch->session->watches, watch);
	if (!strmatch(profile, profile_of(watch->session)))
		follow_profile(watch->session);
}

void vrrp_bfd_end(struct vrrp_bfd_watch *watch)
{
	struct vrrp_bfd_session *session = watch->session;

	if (!session)
		return;
	vrrp_bfd_watches_del(&session->watches, watch);
	watch->session = NULL;
	if (vrrp_bfd_watches_count(&session->watches)) {
		follow_profile(session);
		return;
	}
	bfd_sess_free(&session->params);
	bfd_sessions_del(sessions, session);
	XFREE(MTYPE_VRRP_BFD_SESSION, session);
}

bool vrrp_bfd_is_of(const struct vrrp_bfd_watch *watch, const struct vrrp_bfd_ends *ends,
		    const char *profile)
{
	const struct vrrp_bfd_session ref = { .ends = *ends };

	return watch->session && session_cmp(watch->session, &ref) == 0 &&
	       strmatch(watch->profile, profile);
}

enum vrrp_bfd_state vrrp_bfd_state(const struct vrrp_bfd_watch *watch)
{
	if (client->sock < 0 || !vrrp_bfdd_runs())
		return VRRP_BFD_UNKNOWN;
	switch (bfd_sess_status(watch->session->params)) {
	case BSS_ADMIN_DOWN:
		return VRRP_BFD_ADMIN_DOWN;
	case BSS_DOWN:
		return VRRP_BFD_DOWN;
	case BSS_UP:
		return VRRP_BFD_UP;
	case BSS_UNKNOWN:
		break;
	}
	return VRRP_BFD_UNKNOWN;
}

const char *vrrp_bfd_state_name(enum vrrp_bfd_state state)
{
	static const char *const names[] = {
		[VRRP_BFD_UNKNOWN] = "unknown",
		[VRRP_BFD_ADMIN_DOWN] = "admin-down",
		[VRRP_BFD_DOWN] = "down",
		[VRRP_BFD_UP] = "up",
	};

	return names[state];
}

const char *vrrp_bfd_profile(const struct vrrp_bfd_watch *watch)
{
	return profile_of(watch->session);
}
