// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_sync exists while a group is in it. Of each member is stored what the others were
 * told of it (router->sync_facts); when that changes, the set is marked, and decides after the end
 * of the tick. Then it asks the state machines themselves.
 */
#include "vrrp_sync.h"

#include "darr.h"
#include "memory.h"

#include "vrrp_ahead.h"
#include "vrrp_memory.h"
#include "vrrp_silence.h"
#include "vrrp_startup.h"
#include "vrrp_tick.h"
#include "vrrp_warning.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SYNC, "VRRP sync group");

/* No router waits longer for an advertisement than so many of its intervals. */
#define LONGEST_WAIT 4

PREDECL_RBTREE_UNIQ(named);
PREDECL_DLIST(marked);

struct vrrp_sync {
	struct named_item item;
	struct marked_item marked_item;
	char name[VRRP_SYNC_NAME_SIZE]; /* "": the families of one group */
	struct vrrp_group **groups;	/* darr, by VRID and name of the interface */
	bool is_marked;
};

static int name_cmp(const struct vrrp_sync *a, const struct vrrp_sync *b)
{
	return strcmp(a->name, b->name);
}

DECLARE_RBTREE_UNIQ(named, struct vrrp_sync, item, name_cmp);
DECLARE_DLIST(marked, struct vrrp_sync, marked_item);

static struct named_head named[1] = { INIT_RBTREE_UNIQ(named[0]) };
static struct marked_head marked[1] = { INIT_DLIST(marked[0]) };
static void (*tell)(struct vrrp_router *router, enum vrrp_event_type what);

/* ------------------------------------------------------------------------ members */

static bool is_member(const struct vrrp_router *router)
{
	return darr_len(router->vips) && !vrrp_hold_is_set(&router->holds, VRRP_HOLD_VERSION);
}

/* The next member of a set from *i on, which moves behind it; the first one of all is the leader. */
static struct vrrp_router *next_member(const struct vrrp_sync *sync, unsigned int *i)
{
	while (*i < 2 * darr_len(sync->groups)) {
		struct vrrp_group *group = sync->groups[*i / 2];
		struct vrrp_router *router = *i % 2 ? &group->v6 : &group->v4;

		++*i;
		if (is_member(router))
			return router;
	}
	return NULL;
}

static bool is_leader(const struct vrrp_sync *sync, const struct vrrp_router *router)
{
	unsigned int i = 0;

	return next_member(sync, &i) == router;
}

struct vrrp_router *vrrp_sync_other(const struct vrrp_router *router, unsigned int *i)
{
	const struct vrrp_sync *sync = router->group->sync;
	struct vrrp_router *other;

	if (!sync || !is_member(router))
		return NULL;
	do
		other = next_member(sync, i);
	while (other == router);
	return other;
}

static bool is_alone(const struct vrrp_router *router)
{
	unsigned int i = 0;

	return !vrrp_sync_other(router, &i);
}

/* -------------------------------------------------------------------------- marks */

static void decide(struct vrrp_sync *sync);

static void decide_all(void)
{
	struct vrrp_sync *sync;

	while ((sync = marked_pop(marked))) {
		sync->is_marked = false;
		decide(sync);
	}
}

static struct vrrp_tick_work deciding = { .run = decide_all };

static void mark(struct vrrp_sync *sync)
{
	if (!sync->is_marked)
		marked_add_tail(marked, sync);
	sync->is_marked = true;
	vrrp_tick_then(&deciding);
}

/* The first hold that takes the others along: not one of the whole host, nor one that listens. */
static enum vrrp_hold own_hold(const struct vrrp_router *router)
{
	static const enum vrrp_hold not_these[] = { VRRP_HOLD_SYNC, VRRP_HOLD_DRAINED,
						    VRRP_HOLD_STARTUP_DELAY, VRRP_HOLD_NO_ROUTE };
	struct vrrp_holds holds = router->holds;

	for (unsigned int i = 0; i < array_size(not_these); i++)
		vrrp_hold_set(&holds, not_these[i], false);
	return vrrp_hold_first(&holds);
}

/* The priority of whom it follows; 0: it follows nobody. */
static uint8_t followed(const struct vrrp_router *router)
{
	if (!vrrp_fsm_follows(&router->fsm) || router->fsm.is_ready)
		return 0;
	return router->fsm.active_priority;
}

static struct vrrp_sync_facts facts_of(const struct vrrp_router *router)
{
	enum vrrp_hold hold = own_hold(router);

	return (struct vrrp_sync_facts){
		.state = router->fsm.state,
		.hold = hold,
		.priority = vrrp_startup_priority(router),
		.followed = followed(router),
		.is_ready = router->fsm.is_ready,
		.hands_over = router->fsm.hands_over_until != 0,
		.counts = router->sync_facts.counts || hold == VRRP_HOLD_NONE,
	};
}

static bool facts_differ(const struct vrrp_sync_facts *a, const struct vrrp_sync_facts *b)
{
	return a->state != b->state || a->hold != b->hold || a->priority != b->priority ||
	       a->followed != b->followed || a->is_ready != b->is_ready ||
	       a->hands_over != b->hands_over || a->counts != b->counts;
}

void vrrp_sync_look(struct vrrp_router *router)
{
	struct vrrp_sync_facts facts;

	if (!router->group->sync)
		return;
	facts = facts_of(router);
	if (!facts_differ(&facts, &router->sync_facts))
		return;
	router->sync_facts = facts;
	mark(router->group->sync);
}

/* ---------------------------------------------------------------------- decisions */

static enum vrrp_hold hold_of(const struct vrrp_router *router)
{
	return router->sync_facts.counts ? own_hold(router) : VRRP_HOLD_NONE;
}

void vrrp_sync_admit(struct vrrp_router *router)
{
	const struct vrrp_router *other;
	bool is_held = false;
	unsigned int i = 0;

	while (!is_held && (other = vrrp_sync_other(router, &i)))
		is_held = hold_of(other) != VRRP_HOLD_NONE;
	vrrp_hold_set(&router->holds, VRRP_HOLD_SYNC, is_held);
}

void vrrp_sync_configure(const struct vrrp_router *router, struct vrrp_fsm_config *config)
{
	uint16_t interval_cs = router->group->applied.interval_cs;
	const struct vrrp_router *other;
	unsigned int i = 0;

	while ((other = vrrp_sync_other(router, &i))) {
		config->syncs = true;
		config->priority = MIN(config->priority, vrrp_startup_priority(other));
		interval_cs = MAX(interval_cs, other->group->applied.interval_cs);
	}
	if (!config->syncs)
		return;
	config->settles = false;
	if (!is_leader(router->group->sync, router))
		config->tie_wait = LONGEST_WAIT * interval_cs * VRRP_USEC_PER_CS;
}

/* A tie that the leader has not decided in time was lost by the address. */
static bool is_outranked(const struct vrrp_sync *sync, const struct vrrp_router *router)
{
	const struct vrrp_fsm *fsm = &router->fsm;

	if (followed(router) != router->fsm_config.priority)
		return followed(router) > router->fsm_config.priority;
	return is_leader(sync, router) || fsm->reason == VRRP_REASON_PRIORITY;
}

static void tell_all(struct vrrp_sync *sync, bool (*is_meant)(const struct vrrp_router *router),
		     enum vrrp_event_type what)
{
	struct vrrp_router *router;
	unsigned int i = 0;

	while ((router = next_member(sync, &i)))
		if (is_meant(router))
			tell(router, what);
}

static bool is_active(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_ACTIVE;
}

static bool is_ready(const struct vrrp_router *router)
{
	return router->fsm.is_ready;
}

static bool follows(const struct vrrp_router *router)
{
	return followed(router) != 0;
}

/* Some are Active, and some follow another router, or wait. */
static void mend(struct vrrp_sync *sync)
{
	struct vrrp_router *router;
	bool loses = false;
	unsigned int i = 0;

	while ((router = next_member(sync, &i)))
		loses |= follows(router) && (router->fsm.yields || is_outranked(sync, router));
	if (loses)
		tell_all(sync, is_active, VRRP_EVENT_GIVE_UP);
	else
		tell_all(sync, follows, VRRP_EVENT_TAKE_OVER);
}

/* What a member told of itself may change the hold and the priority of each. */
static void decide(struct vrrp_sync *sync)
{
	unsigned int active = 0, waiting = 0, i = 0;
	struct vrrp_router *router;
	bool hands_over = false;

	while ((router = next_member(sync, &i)))
		vrrp_recheck(router);
	for (i = 0; (router = next_member(sync, &i));) {
		active += is_active(router);
		waiting += !is_active(router) && !is_ready(router);
		hands_over |= router->fsm.hands_over_until != 0;
	}
	if (hands_over)
		return; /* that ends soon, one way or the other */
	if (!waiting)
		tell_all(sync, is_ready, VRRP_EVENT_TAKE_OVER);
	else if (active)
		mend(sync);
}

/* --------------------------------------------------------------- sets and silence */

/* Who has not taken part until now is held for good. */
static void on_silence(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		if (!group->sync)
			continue;
		group->v4.sync_facts.counts = group->v6.sync_facts.counts = true;
		mark(group->sync);
	}
}

static struct vrrp_silence silence = { .over = on_silence };

static struct vrrp_sync *set_named(const char *name)
{
	struct vrrp_sync key = {}, *sync;

	strlcpy(key.name, name, sizeof(key.name));
	sync = *name ? named_find(named, &key) : NULL;
	if (sync)
		return sync;
	sync = XCALLOC(MTYPE_VRRP_SYNC, sizeof(*sync));
	strlcpy(sync->name, name, sizeof(sync->name));
	if (*name)
		named_add(named, sync);
	return sync;
}

static void free_set(struct vrrp_sync *sync)
{
	if (sync->is_marked)
		marked_del(marked, sync);
	if (*sync->name)
		named_del(named, sync);
	darr_free(sync->groups);
	XFREE(MTYPE_VRRP_SYNC, sync);
}

static bool precedes(const struct vrrp_group *a, const struct vrrp_group *b)
{
	return a->vrid != b->vrid ? a->vrid < b->vrid : strcmp(a->ifp->name, b->ifp->name) < 0;
}

static void join(struct vrrp_group *group, const char *name)
{
	struct vrrp_sync *sync = set_named(name);
	unsigned int i = 0;

	while (i < darr_len(sync->groups) && precedes(sync->groups[i], group))
		i++;
	*darr_insert(sync->groups, i) = group;
	group->sync = sync;
	mark(sync);
}

void vrrp_sync_forget(struct vrrp_group *group)
{
	struct vrrp_sync *sync = group->sync;

	group->sync = NULL;
	group->v4.sync_facts = group->v6.sync_facts = (struct vrrp_sync_facts){};
	for (unsigned int i = 0; sync && i < darr_len(sync->groups); i++)
		if (sync->groups[i] == group) {
			darr_remove(sync->groups, i);
			break;
		}
	if (sync && darr_len(sync->groups))
		mark(sync);
	else if (sync)
		free_set(sync);
}

void vrrp_sync_follow(struct vrrp_group *group)
{
	const char *name = group->applied.sync_group;
	bool is_wanted = *name || group->applied.sync_families;

	if (is_wanted || group->sync)
		vrrp_silence_await(&silence);
	if (group->sync && (!is_wanted || !strmatch(group->sync->name, name)))
		vrrp_sync_forget(group);
	if (is_wanted && !group->sync)
		join(group, name);
	else if (group->sync)
		mark(group->sync); /* it may be a member with other addresses only */
}

/* ---------------------------------------------------------------------- sentences */

static int on_hold_details(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_router *other;
	unsigned int i = 0;

	if (vrrp_hold_first(&router->holds) != VRRP_HOLD_SYNC)
		return 0;
	while ((other = vrrp_sync_other(router, &i)))
		if (hold_of(other))
			vrrp_sentence_add(sentences,
					  "it is Active only together with %pVR, which is held: %s",
					  other, vrrp_hold_name(hold_of(other)));
	return 0;
}

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_router *other;
	unsigned int i = 0;

	if (*router->group->applied.sync_group && is_member(router) && is_alone(router))
		vrrp_sentence_add(sentences, "is the only one in sync group %s",
				  router->group->applied.sync_group);
	else if (router->group->sync && is_member(router) && vrrp_ahead_is_wanted(router))
		vrrp_sentence_add(sentences,
				  "preempt settle has no effect on a member of a sync group");
	while (is_ready(router) && (other = vrrp_sync_other(router, &i)))
		if (!is_active(other) && !is_ready(other))
			vrrp_sentence_add(sentences,
					  "would take over, and waits for %pVR of its sync group",
					  other);
	return 0;
}

void vrrp_sync_init(void (*tell_router)(struct vrrp_router *router, enum vrrp_event_type what))
{
	tell = tell_router;
	hook_register(vrrp_hold_details, on_hold_details);
	hook_register(vrrp_warnings, on_warnings);
}

void vrrp_sync_stop(void)
{
	vrrp_silence_cancel(&silence);
}
