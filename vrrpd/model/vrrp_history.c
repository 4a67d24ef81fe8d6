// SPDX-License-Identifier: GPL-2.0-or-later
/* One ring for all virtual routers, of a fixed size; an event is a copy and points to nothing. */
#include "vrrp_history.h"

#include "lib/darr.h"
#include "printfrr.h"

#include "vrrp_warning.h"

DEFINE_HOOK(vrrp_history_grew, (uint64_t total), (total));

static struct vrrp_history_event ring[VRRP_HISTORY_SIZE];
static uint64_t added;

/* router NULL: of none. */
static struct vrrp_history_event *add(const struct vrrp_router *router, enum vrrp_history_kind kind)
{
	struct vrrp_history_event *event = &ring[added++ % VRRP_HISTORY_SIZE];

	memset(event, 0, sizeof(*event));
	clock_gettime(CLOCK_REALTIME, &event->when);
	event->kind = kind;
	if (!router)
		return event;
	strlcpy(event->ifname, router->group->ifp->name, sizeof(event->ifname));
	event->vrid = router->group->vrid;
	event->family = router->family;
	return event;
}

struct vrrp_history_other vrrp_history_other(const struct vrrp_router *router)
{
	return (struct vrrp_history_other){
		.address = router->fsm.active_address,
		.priority = router->fsm.active_priority,
		.heard = router->fsm.active_heard,
		.since = router->fsm.since,
	};
}

/* How long it was Active tells how long both were, if they had lost each other. */
static void say_priorities(const struct vrrp_router *router, struct vrrp_history_event *event,
			   const struct vrrp_history_other *before)
{
	vrrp_usec_t was = vrrp_now() - before->since;
	char text[VRRP_ADDR_STRLEN], active[48] = "";

	if (event->from == VRRP_ACTIVE)
		snprintf(active, sizeof(active), "; was Active for %" PRIu64 ".%d s",
			 was / VRRP_USEC_PER_SEC, (int)(was % VRRP_USEC_PER_SEC / 100000));
	snprintf(event->text, sizeof(event->text), "%s has priority %u, ours is %u%s",
		 vrrp_addr_str(&event->other, text), event->other_priority,
		 router->fsm_config.priority, active);
}

static void say_silent(struct vrrp_history_event *event, const struct vrrp_history_other *before)
{
	char text[VRRP_ADDR_STRLEN];

	if (!before->heard) {
		snprintf(event->text, sizeof(event->text), "no Active router was heard");
		return;
	}
	event->other_silent = vrrp_now() - before->heard;
	snprintf(event->text, sizeof(event->text), "%s silent for %u ms",
		 vrrp_addr_str(&event->other, text), (unsigned int)(event->other_silent / 1000));
}

static void say_transition(const struct vrrp_router *router, struct vrrp_history_event *event,
			   const struct vrrp_history_other *before)
{
	char text[VRRP_ADDR_STRLEN];

	switch (event->reason) {
	case VRRP_REASON_NO_RESPONSE:
		say_silent(event, before);
		break;
	case VRRP_REASON_NOT_ACTIVE:
		snprintf(event->text, sizeof(event->text), "the Active router said priority 0");
		break;
	case VRRP_REASON_PREEMPTED:
	case VRRP_REASON_PRIORITY:
		if (vrrp_addr_is_set(&event->other))
			say_priorities(router, event, before);
		break;
	case VRRP_REASON_HANDED_OVER:
		if (vrrp_addr_is_set(&event->other))
			snprintf(event->text, sizeof(event->text), "%s has taken over",
				 vrrp_addr_str(&event->other, text));
		break;
	default: /* the reason says all */
		break;
	}
}

const char *vrrp_history_transition(const struct vrrp_router *router, enum vrrp_state from,
				    enum vrrp_state to, const struct vrrp_history_other *before)
{
	struct vrrp_history_event *event = add(router, VRRP_HISTORY_TRANSITION);
	const struct vrrp_fsm *fsm = &router->fsm;

	event->from = from;
	event->to = to;
	event->reason = fsm->reason;
	event->other = to == VRRP_ACTIVE ? before->address : fsm->active_address;
	event->other_priority = to == VRRP_ACTIVE ? before->priority : fsm->active_priority;
	if (vrrp_addr_same(&event->other, &router->source))
		event->other = (struct vrrp_addr){};
	if (!vrrp_addr_is_set(&event->other))
		event->other_priority = 0;
	say_transition(router, event, before);
	hook_call(vrrp_history_grew, added);
	return event->text;
}

/* The first sentence of why it is held. */
static void say_details(const struct vrrp_router *router, struct vrrp_history_event *event)
{
	struct vrrp_sentences details = vrrp_hold_details_of(router);

	if (darr_len(details.text))
		strlcpy(event->text, details.text[0], sizeof(event->text));
	vrrp_sentences_free(&details);
}

void vrrp_history_hold(struct vrrp_router *router)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	struct vrrp_history_event *event;

	if (hold == router->hold_recorded || !vrrp_router_is_configured(router))
		return;
	event = add(router, VRRP_HISTORY_HOLD);
	event->hold = hold;
	router->hold_recorded = hold;
	say_details(router, event);
	hook_call(vrrp_history_grew, added);
}

void vrrp_history_sentence(const struct vrrp_router *router, enum vrrp_history_kind kind,
			   const char *text)
{
	if (!router)
		return;
	strlcpy(add(router, kind)->text, text, VRRP_HISTORY_TEXT_SIZE);
	hook_call(vrrp_history_grew, added);
}

void vrrp_history_ipvs(const char *text)
{
	strlcpy(add(NULL, VRRP_HISTORY_IPVS)->text, text, VRRP_HISTORY_TEXT_SIZE);
	hook_call(vrrp_history_grew, added);
}

unsigned int vrrp_history_count(void)
{
	return MIN(added, (uint64_t)VRRP_HISTORY_SIZE);
}

uint64_t vrrp_history_total(void)
{
	return added;
}

const struct vrrp_history_event *vrrp_history_event(unsigned int i)
{
	return &ring[(added - vrrp_history_count() + i) % VRRP_HISTORY_SIZE];
}

const char *vrrp_history_kind_name(enum vrrp_history_kind kind)
{
	static const char *const names[] = {
		[VRRP_HISTORY_TRANSITION] = "transition", [VRRP_HISTORY_HOLD] = "hold",
		[VRRP_HISTORY_ALERT] = "alert",		  [VRRP_HISTORY_LATE] = "late",
		[VRRP_HISTORY_DRAIN] = "drain",		  [VRRP_HISTORY_IPVS] = "ipvs",
	};

	return names[kind];
}

const char *vrrp_history_when(const struct vrrp_history_event *event,
			      char buf[VRRP_HISTORY_WHEN_SIZE])
{
	struct tm tm;
	size_t used;

	gmtime_r(&event->when.tv_sec, &tm);
	used = strftime(buf, VRRP_HISTORY_WHEN_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + used, VRRP_HISTORY_WHEN_SIZE - used, ".%03uZ",
		 (unsigned int)(event->when.tv_nsec / 1000000) % 1000);
	return buf;
}
