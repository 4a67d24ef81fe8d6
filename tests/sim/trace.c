// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The trace, one line an event: virtual time, router, what came in, what came out. A run that fails
 * is run once more with its last lines kept, so that runs that do not fail pay nothing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim.h"

#define TAIL_LINES 120
#define LINE_SIZE  400

static char tail[TAIL_LINES][LINE_SIZE];
static unsigned int tail_next;

void trace_line(struct world *world, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;
	int used;

	used = snprintf(line, sizeof(line), "%12llu.%06llu ",
			(unsigned long long)(world->now / SIM_S),
			(unsigned long long)(world->now % SIM_S));
	va_start(args, format);
	vsnprintf(line + used, sizeof(line) - used, format, args);
	va_end(args);
	if (world->tracing == TRACE_ALL)
		puts(line);
	else
		memcpy(tail[tail_next++ % TAIL_LINES], line, sizeof(line));
}

void trace_tail(void)
{
	unsigned int i = tail_next > TAIL_LINES ? tail_next - TAIL_LINES : 0;

	for (; i < tail_next; i++)
		puts(tail[i % TAIL_LINES]);
	tail_next = 0;
}

static void event_text(const struct vrrp_event *event, char *buf, size_t size)
{
	char source[VRRP_ADDR_STRLEN];

	switch (event->type) {
	case VRRP_EVENT_STARTUP:
		snprintf(buf, size, "startup");
		break;
	case VRRP_EVENT_RESUME:
		snprintf(buf, size, "resume");
		break;
	case VRRP_EVENT_SHUTDOWN:
		snprintf(buf, size, "shutdown (%s)", vrrp_reason_name(event->shutdown.reason));
		break;
	case VRRP_EVENT_TAKE_OVER:
		snprintf(buf, size, "told to take over");
		break;
	case VRRP_EVENT_GIVE_UP:
		snprintf(buf, size, "told to give up");
		break;
	case VRRP_EVENT_TIMER:
		snprintf(buf, size, "%s", vrrp_timer_name(event->timer.which));
		break;
	case VRRP_EVENT_ADVERT:
		snprintf(buf, size, "advert from %s: %u, %u cs",
			 vrrp_addr_str(&event->advert.source, source), event->advert.priority,
			 event->advert.interval_cs);
		break;
	case VRRP_EVENT_CONFIG:
		snprintf(buf, size, "config");
		break;
	case VRRP_EVENT_SWITCHOVER:
		snprintf(buf, size, "switchover");
		break;
	case VRRP_EVENT_RECLAIM:
		snprintf(buf, size, "reclaim");
		break;
	case VRRP_EVENT_SETTLED:
		snprintf(buf, size, "settled");
		break;
	case VRRP_EVENT_PEER_DOWN:
		snprintf(buf, size, "peer %s is down%s",
			 vrrp_addr_str(&event->peer_down.address, source),
			 event->peer_down.is_verdict ? ", strict" : "");
		break;
	}
}

static int action_text(const struct vrrp_action *action, vrrp_usec_t now, char *buf, size_t size)
{
	static const char *const names[] = {
		[VRRP_ACTION_ADD_ADDRESSES] = "add-addresses",
		[VRRP_ACTION_ADD_ROUTES] = "add-routes",
		[VRRP_ACTION_GARP] = "announce",
		[VRRP_ACTION_DEL_ROUTES] = "del-routes",
		[VRRP_ACTION_DEL_ADDRESSES] = "del-addresses",
		[VRRP_ACTION_STAY] = "stay",
	};

	switch (action->type) {
	case VRRP_ACTION_SEND_ADVERT:
		return snprintf(buf, size, ", send %u", action->priority);
	case VRRP_ACTION_SET_TIMER:
		return snprintf(buf, size, ", %s %+lld", vrrp_timer_name(action->timer.which),
				(long long)(action->timer.deadline - now));
	case VRRP_ACTION_CANCEL_TIMER:
		return snprintf(buf, size, ", no %s", vrrp_timer_name(action->timer.which));
	case VRRP_ACTION_TRANSITION:
		return snprintf(buf, size, ", %s > %s: %s", vrrp_state_name(action->transition.from),
				vrrp_state_name(action->transition.to),
				vrrp_reason_name(action->transition.reason));
	default:
		return snprintf(buf, size, ", %s", names[action->type]);
	}
}

void trace_step(struct world *world, unsigned int r, const struct vrrp_event *event,
		enum vrrp_state before, const struct vrrp_actions *actions)
{
	vrrp_usec_t local = world->now + world->router[r].clock;
	char what[100], out[260] = "";
	size_t used = 0;
	unsigned int i;

	event_text(event, what, sizeof(what));
	for (i = 0; i < actions->count && used < sizeof(out) - 1; i++)
		used += action_text(&actions->list[i], local, out + used, sizeof(out) - used);
	trace_line(world, "r%u %-10s %s ->%s", r + 1, vrrp_state_name(before), what,
		   actions->count ? out + 1 : " nothing");
}

void sim_fail(struct world *world, const char *format, ...)
{
	va_list args;

	if (world->failed)
		return;
	world->failed = true;
	va_start(args, format);
	vsnprintf(world->failure, sizeof(world->failure), format, args);
	va_end(args);
	TRACE(world, "BROKEN: %s", world->failure);
}
