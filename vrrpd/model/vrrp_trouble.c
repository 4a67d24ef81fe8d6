// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A trouble belongs to its virtual router, in a list that is empty while there is none, from the
 * moment when it was first seen to "clear vrrp statistics" or the router's end. A trouble that has
 * passed stays in the list for the log's back-off. Troubles without a virtual router last as long
 * as the daemon.
 */
#include "vrrp_trouble.h"

#include "frrevent.h"
#include "memory.h"
#include "printfrr.h"

#include "vrrp_daemon.h"
#include "vrrp_history.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_warning.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_TROUBLE, "VRRP trouble");

#define WAIT_MIN    (30 * VRRP_USEC_PER_SEC)
#define WAIT_MAX    (3600 * VRRP_USEC_PER_SEC)
#define SAY_USEC    VRRP_USEC_PER_SEC
#define TEXT_SIZE   240
#define MORE_STRLEN 64

struct vrrp_trouble {
	struct vrrp_trouble *next;
	unsigned int kind;
	vrrp_usec_t told; /* in the log; 0 = never */
	vrrp_usec_t wait; /* ... and for this time not again */
	vrrp_usec_t said; /* when text was made; 0 = never */
	vrrp_usec_t until;
	unsigned int untold;
	/* of one whose length is told */
	struct vrrp_router *router;
	vrrp_usec_t began;    /* 0 = it is not there */
	vrrp_usec_t ended;    /* as far as it was seen */
	struct event *t_over; /* pending while it is there */
	char text[TEXT_SIZE];
};

static struct vrrp_trouble *of_nobody;

static struct vrrp_trouble **list_of(struct vrrp_router *router)
{
	return router ? &router->troubles : &of_nobody;
}

static struct vrrp_trouble *find(struct vrrp_router *router, unsigned int kind)
{
	struct vrrp_trouble *trouble = *list_of(router);

	while (trouble && trouble->kind != kind)
		trouble = trouble->next;
	return trouble;
}

static struct vrrp_trouble *find_or_add(struct vrrp_router *router, unsigned int kind)
{
	struct vrrp_trouble *trouble = find(router, kind), **list = list_of(router);

	if (trouble)
		return trouble;
	trouble = XCALLOC(MTYPE_VRRP_TROUBLE, sizeof(*trouble));
	trouble->kind = kind;
	trouble->next = *list;
	*list = trouble;
	return trouble;
}

static bool is_due(const struct vrrp_trouble *trouble, vrrp_usec_t now)
{
	return !trouble->told || now - trouble->told >= trouble->wait;
}

bool vrrp_trouble_seen(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec)
{
	struct vrrp_trouble *trouble = find_or_add(router, kind);
	vrrp_usec_t now = vrrp_now();

	trouble->until = now + lasts_usec;
	trouble->untold++;
	return !trouble->said || now - trouble->said >= SAY_USEC;
}

static void tell_end(const struct vrrp_trouble *trouble)
{
	vrrp_usec_t lasted = trouble->ended - trouble->began;
	char text[TEXT_SIZE + 32];

	snprintfrr(text, sizeof(text), "over after %" PRIu64 ".%d s: %s", lasted / VRRP_USEC_PER_SEC,
		   (int)(lasted % VRRP_USEC_PER_SEC / 100000), trouble->text);
	if (vrrp_log_allowed(VRRP_LOG_PACKET))
		zlog_notice("%pVR: %s", trouble->router, text);
	vrrp_history_sentence(trouble->router, VRRP_HISTORY_ALERT, text);
}

static void on_over(struct event *event)
{
	struct vrrp_trouble *trouble = EVENT_ARG(event);
	vrrp_usec_t now = vrrp_now();

	if (now < trouble->until) { /* it was seen again meanwhile */
		event_add_timer_msec(master, on_over, trouble, (trouble->until - now) / 1000 + 1,
				     &trouble->t_over);
		return;
	}
	if (trouble->said)
		tell_end(trouble);
	trouble->began = 0;
}

bool vrrp_trouble_goes_on(struct vrrp_router *router, unsigned int kind, vrrp_usec_t lasts_usec,
			  vrrp_usec_t began, vrrp_usec_t ended)
{
	struct vrrp_trouble *trouble = find_or_add(router, kind);

	if (!trouble->began) {
		trouble->began = began;
		trouble->router = router;
		event_add_timer_msec(master, on_over, trouble, lasts_usec / 1000 + 1,
				     &trouble->t_over);
	}
	trouble->ended = ended;
	return vrrp_trouble_seen(router, kind, lasts_usec);
}

/* " (14 more since the last line about it)", or nothing. */
static const char *more(unsigned int untold, char buf[MORE_STRLEN])
{
	buf[0] = '\0';
	if (untold)
		snprintf(buf, MORE_STRLEN, " (%u more since the last line about it)", untold);
	return buf;
}

static void tell(const struct vrrp_router *router, struct vrrp_trouble *trouble, vrrp_usec_t now)
{
	char rest[MORE_STRLEN];
	unsigned int untold = trouble->untold - 1; /* but this one */

	zlog_notice("%pVR: %s%s", router, trouble->text, more(untold, rest));
	vrrp_history_sentence(router, VRRP_HISTORY_ALERT, trouble->text);
	trouble->wait = untold ? MIN(2 * trouble->wait, WAIT_MAX) : WAIT_MIN;
	trouble->told = now;
	trouble->untold = 0;
}

bool vrrp_trouble_say(struct vrrp_router *router, unsigned int kind, const char *format, ...)
{
	struct vrrp_trouble *trouble = find_or_add(router, kind);
	vrrp_usec_t now = vrrp_now();
	va_list args;

	trouble->said = now;
	va_start(args, format);
	vsnprintfrr(trouble->text, sizeof(trouble->text), format, args);
	va_end(args);
	if (!is_due(trouble, now) || !vrrp_log_allowed(VRRP_LOG_PACKET))
		return false;
	tell(router, trouble, now);
	return true;
}

bool vrrp_trouble_lasts(const struct vrrp_router *router, unsigned int kind)
{
	const struct vrrp_trouble *trouble;

	for (trouble = router->troubles; trouble; trouble = trouble->next)
		if (trouble->kind == kind)
			return trouble->said && vrrp_now() < trouble->until;
	return false;
}

static void free_list(struct vrrp_trouble **list)
{
	struct vrrp_trouble *trouble;

	while ((trouble = *list)) {
		*list = trouble->next;
		event_cancel(&trouble->t_over);
		XFREE(MTYPE_VRRP_TROUBLE, trouble);
	}
}

void vrrp_trouble_forget(struct vrrp_router *router)
{
	free_list(&router->troubles);
}

void vrrp_trouble_clear(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		vrrp_trouble_forget(&group->v4);
		vrrp_trouble_forget(&group->v6);
	}
	free_list(&of_nobody);
}

static bool is_warning(const struct vrrp_trouble *trouble)
{
	return trouble->kind != VRRP_TROUBLE_SAME_PRIORITY && trouble->kind != VRRP_TROUBLE_BESIDE;
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_trouble *trouble;
	vrrp_usec_t now = vrrp_now();

	for (trouble = router->troubles; trouble; trouble = trouble->next) {
		if (!trouble->said || now >= trouble->until || !is_warning(trouble))
			continue;
		if (trouble->began)
			vrrp_sentence_add(sentences, "%s (for %u s now)", trouble->text,
					  (unsigned int)((now - trouble->began) /
							 VRRP_USEC_PER_SEC));
		else
			vrrp_sentence_add(sentences, "%s", trouble->text);
	}
	return 0;
}

void vrrp_trouble_init(void)
{
	hook_register(vrrp_warnings, warn);
}

void vrrp_trouble_stop(void)
{
	free_list(&of_nobody);
}
