// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libfrr's events without its loop. Events that are due at once stand in a ring; readers are called
 * by fake_socket.c; of timers, which take seconds that no program here waits for, only the
 * reference is stored.
 */
#include "fake_host.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"

DEFINE_MGROUP(VRRPD, "fake host");

#define EVENTS 64

const struct fake_host *fake_host;
struct event_loop *master;

static struct event events[EVENTS], *unused[EVENTS];
static struct event *ready[EVENTS];
static unsigned int n_unused, first_ready, n_ready;

struct zebra_privs_t vrrp_privs; /* no privileges are needed */

bool vrrp_daemon_enters_namespaces(void)
{
	return false;
}

static struct event *event_new(void (*fn)(struct event *), void *arg, struct event **ref)
{
	struct event *event;

	if (!n_unused) {
		fprintf(stderr, "fake host: more than %u events\n", EVENTS);
		abort();
	}
	event = unused[--n_unused];
	event->func = fn;
	event->arg = arg;
	event->ref = ref;
	if (ref)
		*ref = event;
	return event;
}

static void event_free(struct event *event)
{
	unused[n_unused++] = event;
}

void fake_event_runs(struct event *event)
{
	if (event->ref)
		*event->ref = NULL;
	event->func(event);
	event_free(event);
}

void _event_add_event(const struct xref_eventsched *xref, struct event_loop *loop,
		      void (*fn)(struct event *), void *arg, int val, struct event **ref)
{
	if (ref && *ref)
		return;
	ready[(first_ready + n_ready++) % EVENTS] = event_new(fn, arg, ref);
}

void _event_add_read_write(const struct xref_eventsched *xref, struct event_loop *loop,
			   void (*fn)(struct event *), void *arg, int fd, struct event **ref)
{
	if (!*ref)
		event_new(fn, arg, ref);
}

void _event_add_timer(const struct xref_eventsched *xref, struct event_loop *loop,
		      void (*fn)(struct event *), void *arg, long sec, struct event **ref)
{
	if (!*ref)
		event_new(fn, arg, ref);
}

void _event_add_timer_msec(const struct xref_eventsched *xref, struct event_loop *loop,
			   void (*fn)(struct event *), void *arg, long msec, struct event **ref)
{
	if (!*ref)
		event_new(fn, arg, ref);
}

/* The function of a ready event that is cancelled. */
static void do_nothing(struct event *event)
{
}

void event_cancel(struct event **ref)
{
	struct event *event = *ref;
	bool is_ready = false;

	if (!event)
		return;
	for (unsigned int i = 0; i < n_ready; i++)
		is_ready |= ready[(first_ready + i) % EVENTS] == event;
	*ref = NULL;
	event->ref = NULL;
	event->func = do_nothing;
	if (!is_ready)
		event_free(event);
}

void fake_end_of_tick(void)
{
	while (n_ready) {
		struct event *event = ready[first_ready];

		first_ready = (first_ready + 1) % EVENTS;
		n_ready--;
		fake_event_runs(event);
	}
}

/* Replaces vrrp_log.c: without budgets, and without a thread. */
bool vrrp_log_allowed(enum vrrp_log_class class)
{
	return fake_host->logs != NULL;
}

void vrrp_log_line(const struct xref_logmsg *xref, const char *format, ...)
{
	char line[512];
	va_list args;

	if (!fake_host->logs)
		return;
	va_start(args, format);
	vsnprintfrr(line, sizeof(line), format, args);
	va_end(args);
	fake_host->logs(line);
}

void fake_init(const struct fake_host *host)
{
	fake_host = host;
	for (unsigned int i = 0; i < EVENTS; i++)
		event_free(&events[i]);
	zprivs_preinit(&vrrp_privs);
}
