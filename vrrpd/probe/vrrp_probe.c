// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The time of tries and the meaning of results; methods make the tries.
 *
 * A probe's alarm is armed for the next try or, while one is under way, for its timeout. So
 * there is at most one try of a probe at a time, however long it takes. A try begins at what
 * is left of the interval since the last one began, or at once.
 *
 * When the alarm fires, the probe is queued. The queue is served only after all pending I/O,
 * so a late event loop delays checks, and logs that, but never fails one. Turns are short:
 * the event loop goes on in between.
 *
 * The daemon's descriptors are limited (MAX_FDS, 1024 on Debian), and its other parts need
 * some. Tries share the rest; if more servers than that do not answer, they take turns. A
 * few are reserved for tries; probes may keep the others between tries, in open connections,
 * while nobody waits for one. If the daemon lacks something, such as memory or a port, the
 * try is postponed and does not count.
 */
#include "vrrp_probe.h"
#include "vrrp_daemon.h"
#include "vrrp_probe_private.h"

#include <ctype.h>
#include <sys/resource.h>

#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"
#include "network.h"

#include "vrrp_memory.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_PROBE, "VRRP health check");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_PROBE_TEXT, "VRRP health check text");

/* For the daemon's own sockets, files and sessions. */
#define DESCRIPTORS_KEPT 256
/* Reserve 1/16 of the descriptors for new checks; the rest may hold kept-alive connections. */
#define DESCRIPTORS_FOR_TRIES 16

/* The first tries of probes that begin together are spread over this. */
#define FIRST_USEC (200 * 1000)

/* Time for which a try is postponed when the daemon lacks something. */
#define LACK_USEC (200 * 1000)
/* Least time between two log lines about the daemon's own problems. */
#define LOG_USEC (60 * VRRP_USEC_PER_SEC)

/* Time for which tries are begun before the event loop goes on. */
#define TURN_USEC 1000
/* The longest time without a turn, even if I/O is always ready. */
#define TURN_LEAST_USEC (100 * 1000)

static struct vrrp_probe_queue_head in_line = INIT_DLIST(in_line); /* for their turn */
static struct vrrp_probe_queue_head lacking = INIT_DLIST(lacking); /* a descriptor */
static struct event *t_turns;
static unsigned int limit_at_start; /* of descriptors, for the event loop's arrays */
static unsigned int descriptors, descriptors_most;
static unsigned int keepers, keepers_most;

static const struct vrrp_probe_method *const *methods; /* by kind */

/* The event loop's limit; it aborts at a descriptor beyond that. */
static unsigned int descriptor_limit(void)
{
	struct rlimit limit;
	int chosen = frr_get_fd_limit(); /* --limit-fds */

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > INT_MAX)
		limit.rlim_cur = INT_MAX;
	return chosen ? MIN((rlim_t)chosen, limit.rlim_cur) : limit.rlim_cur;
}

/* It may be changed while we run (prlimit). */
static void share_descriptors(void)
{
	unsigned int limit = MAX(MIN(descriptor_limit(), limit_at_start), 1U);

	/* of a small limit, the rest of the daemon gets at most three quarters */
	descriptors_most = limit - MIN(DESCRIPTORS_KEPT, limit - MAX(limit / 4, 1U));
	keepers_most = descriptors_most - descriptors_most / DESCRIPTORS_FOR_TRIES;
}

/* ------------------------------------------------------------------------ timing */

vrrp_usec_t vrrp_probe_random(vrrp_usec_t bound)
{
	return (vrrp_usec_t)frr_weak_random() % bound;
}

static void begin_after(struct vrrp_probe *probe, vrrp_usec_t wait)
{
	vrrp_alarm_set(&probe->alarm, vrrp_now() + wait);
}

static void begin_next(struct vrrp_probe *probe)
{
	vrrp_usec_t interval = probe->conf.interval_msec * VRRP_USEC_PER_MSEC;
	bool spread = !probe->state.successes && !probe->state.failures;
	vrrp_usec_t next = probe->began + (spread ? vrrp_probe_random(interval) : interval);

	vrrp_alarm_set(&probe->alarm, MAX(next, vrrp_now()));
}

bool vrrp_probe_may_log(vrrp_usec_t *logged)
{
	vrrp_usec_t now = vrrp_now();

	if (*logged && now < *logged + LOG_USEC)
		return false;
	*logged = now;
	return true;
}

static void wait_in(struct vrrp_probe_queue_head *queue, struct vrrp_probe *probe)
{
	probe->waits = queue;
	vrrp_probe_queue_add_tail(queue, probe);
}

static void stop_waiting(struct vrrp_probe *probe)
{
	if (probe->waits)
		vrrp_probe_queue_del(probe->waits, probe);
	probe->waits = NULL;
}

static void give_turns(struct event *event);

static void get_in_line(struct vrrp_probe *probe)
{
	probe->due = vrrp_now();
	wait_in(&in_line, probe);
	event_add_event(master, give_turns, NULL, 0, &t_turns);
}

static void on_alarm(struct vrrp_alarm *alarm)
{
	get_in_line(container_of(alarm, struct vrrp_probe, alarm));
}

/* Gives a descriptor to the probe that waits longest, not to one that has just ended a try. */
static void pass_descriptor_on(struct vrrp_probe *probe)
{
	struct vrrp_probe *next = vrrp_probe_queue_first(&lacking);

	probe->descriptor = false;
	if (!next || descriptors > descriptors_most) {
		descriptors--;
		return;
	}
	stop_waiting(next);
	next->descriptor = true;
	get_in_line(next);
}

/* True when the probe has a descriptor for a try; else it is called later. */
static bool may_begin(struct vrrp_probe *probe)
{
	if (!probe->method->takes_descriptor || probe->descriptor)
		return true;
	share_descriptors();
	if (descriptors >= descriptors_most) {
		wait_in(&lacking, probe);
		return false;
	}
	descriptors++;
	probe->descriptor = true;
	return true;
}

static void begin(struct vrrp_probe *probe)
{
	if (!may_begin(probe))
		return;
	probe->began = vrrp_now();
	probe->trying = true;
	probe->answered = false;
	probe->lack = 0;
	begin_after(probe, probe->conf.timeout_msec * VRRP_USEC_PER_MSEC);
	probe->method->begin(probe);
}

static void end(struct vrrp_probe *probe)
{
	vrrp_alarm_cancel(&probe->alarm);
	stop_waiting(probe);
	if (probe->trying)
		probe->method->end(probe);
	probe->trying = false;
	if (probe->descriptor && !probe->keeps)
		pass_descriptor_on(probe);
}

/* What is checked, for the log. */
static const char *name_of(const struct vrrp_probe *probe, char text[VRRP_ADDR_STRLEN])
{
	if (!vrrp_addr_is_set(&probe->server))
		return probe->conf.path;
	return vrrp_addr_str(&probe->server, text);
}

static void tell_of_lateness(const struct vrrp_probe *probe)
{
	static vrrp_usec_t logged;
	vrrp_usec_t late = vrrp_now() - probe->due;
	char text[VRRP_ADDR_STRLEN];

	if (late > probe->conf.interval_msec * VRRP_USEC_PER_MSEC && vrrp_probe_may_log(&logged))
		zlog_warn("health checks are running %" PRIu64
			  " ms late (e.g. that of %s), by more than their interval",
			  late / 1000, name_of(probe, text));
}

static void put_off(struct vrrp_probe *probe, int error)
{
	static vrrp_usec_t logged;
	char text[VRRP_ADDR_STRLEN];

	end(probe);
	begin_after(probe, LACK_USEC + vrrp_probe_random(LACK_USEC));
	if (!vrrp_probe_may_log(&logged))
		return;
	zlog_warn("health check of %s postponed: %s", name_of(probe, text), safe_strerror(error));
}

static void report_silence(struct vrrp_probe *probe)
{
	unsigned int msec = probe->conf.timeout_msec;

	if (msec % 1000)
		vrrp_probe_result(probe, false, "no answer in %u ms", msec);
	else
		vrrp_probe_result(probe, false, "no answer in %u s", msec / 1000);
}

static void take_turn(struct vrrp_probe *probe)
{
	if (probe->trying && probe->lack) {
		put_off(probe, probe->lack);
	} else if (probe->trying && probe->answered) {
		vrrp_probe_result(probe, true, "ok");
	} else if (probe->trying) {
		report_silence(probe);
	} else {
		tell_of_lateness(probe);
		begin(probe);
	}
}

static void give_turns(struct event *event)
{
	static vrrp_usec_t last;
	vrrp_usec_t end = vrrp_now() + TURN_USEC;
	struct vrrp_probe *probe;

	while ((vrrp_watch_serve(end) || vrrp_now() >= last + TURN_LEAST_USEC) &&
	       (probe = vrrp_probe_queue_first(&in_line))) {
		last = vrrp_now();
		stop_waiting(probe);
		take_turn(probe);
	}
	if (vrrp_probe_queue_first(&in_line))
		event_add_event(master, give_turns, NULL, 0, &t_turns);
}

/* Logs once that no more connections can be kept; that depends only on the number of servers. */
static void tell_of_most(void)
{
	static bool told;

	if (!told)
		zlog_info("health checks keep %u connections between tries, and cannot keep more with %u descriptors: raise MAX_FDS (--limit-fds)",
			  keepers_most, descriptor_limit());
	told = true;
}

bool vrrp_probe_may_keep(struct vrrp_probe *probe)
{
	if (vrrp_probe_queue_first(&lacking))
		return false;
	if (probe->keeps)
		return keepers <= keepers_most;
	if (keepers >= keepers_most) {
		tell_of_most();
		return false;
	}
	keepers++;
	probe->keeps = true;
	return true;
}

void vrrp_probe_keeps_no_more(struct vrrp_probe *probe)
{
	keepers -= probe->keeps;
	probe->keeps = false;
}

/* ------------------------------------------------------------------------ health */

/* True when the server's health has changed, or is known for the first time. */
static bool judge(struct vrrp_probe *probe, bool good)
{
	struct vrrp_probe_state *state = &probe->state;

	state->successes += good;
	state->failures += !good;
	probe->streak = good == state->up ? 0 : probe->streak + 1;
	if (state->known && probe->streak < (good ? probe->conf.rise : probe->conf.fall))
		return false;
	state->known = true;
	state->up = good;
	state->since = vrrp_now();
	probe->streak = 0;
	return true;
}

void vrrp_probe_result(struct vrrp_probe *probe, bool good, const char *format, ...)
{
	va_list ap;

	end(probe);
	va_start(ap, format);
	vsnprintfrr(probe->reason, sizeof(probe->reason), format, ap);
	va_end(ap);
	begin_next(probe);
	if (judge(probe, good))
		probe->report(probe, good, probe->reason, probe->arg);
}

const char *vrrp_probe_strerror(int error, char text[VRRP_PROBE_REASON_LEN])
{
	strlcpy(text, safe_strerror(error), VRRP_PROBE_REASON_LEN);
	text[0] = tolower((unsigned char)text[0]);
	return text;
}

void vrrp_probe_error(struct vrrp_probe *probe, int error)
{
	char text[VRRP_PROBE_REASON_LEN];

	switch (error) {
	case EADDRNOTAVAIL: /* the source is on this host: so all ports are in use */
		if (vrrp_probe_source(probe) &&
		    (probe->conf.vrf || !vrrp_echo_is_here(vrrp_probe_source(probe)))) {
			vrrp_probe_result(probe, false, "no such source address here");
			return;
		}
	/* fallthrough */
	case EADDRINUSE:
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case ENOSPC: /* of fs.epoll.max_user_watches */
		put_off(probe, error);
		return;
	case ENODEV: /* only with a VRF is a device named */
		vrrp_probe_result(probe, false, "there is no such VRF");
		return;
	case EINVAL: /* a blackhole; a link-local address */
		vrrp_probe_result(probe, false, "no usable route");
		return;
	default:
		vrrp_probe_result(probe, false, "%s", vrrp_probe_strerror(error, text));
	}
}

void vrrp_probe_lacks(struct vrrp_probe *probe, int error)
{
	probe->lack = error;
	if (!probe->waits) /* for its turn */
		vrrp_alarm_set(&probe->alarm, vrrp_now());
}

/* ----------------------------------------------------------------- configuration */

/* Its strings. */
static const size_t texts[] = {
	offsetof(struct vrrp_probe_conf, path),	   offsetof(struct vrrp_probe_conf, host),
	offsetof(struct vrrp_probe_conf, match),   offsetof(struct vrrp_probe_conf, arguments),
	offsetof(struct vrrp_probe_conf, vrf),	   offsetof(struct vrrp_probe_conf, query),
	offsetof(struct vrrp_probe_conf, payload), offsetof(struct vrrp_probe_conf, reply),
	offsetof(struct vrrp_probe_conf, helo),	   offsetof(struct vrrp_probe_conf, sni),
	offsetof(struct vrrp_probe_conf, ca_file), offsetof(struct vrrp_probe_conf, status),
};

static const char *text_of(const struct vrrp_probe_conf *conf, size_t offset)
{
	return *(const char *const *)((const char *)conf + offset);
}

static void set_text(struct vrrp_probe_conf *conf, size_t offset, const char *text)
{
	*(const char **)((char *)conf + offset) = text;
}

void vrrp_probe_conf_copy(struct vrrp_probe_conf *copy, const struct vrrp_probe_conf *conf)
{
	const char *text;

	*copy = *conf;
	for (size_t i = 0; i < array_size(texts); i++) {
		text = text_of(conf, texts[i]);
		set_text(copy, texts[i], text ? XSTRDUP(MTYPE_VRRP_PROBE_TEXT, text) : NULL);
	}
}

void vrrp_probe_conf_fini(struct vrrp_probe_conf *copy)
{
	for (size_t i = 0; i < array_size(texts); i++) {
		char *ours = (char *)text_of(copy, texts[i]);

		XFREE(MTYPE_VRRP_PROBE_TEXT, ours);
		set_text(copy, texts[i], NULL);
	}
}

static bool same_texts(const struct vrrp_probe_conf *a, const struct vrrp_probe_conf *b)
{
	for (size_t i = 0; i < array_size(texts); i++) {
		const char *one = text_of(a, texts[i]), *other = text_of(b, texts[i]);

		if (one && other ? !strmatch(one, other) : one != other)
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------------ probes */

const struct vrrp_addr *vrrp_probe_source(const struct vrrp_probe *probe)
{
	return probe->conf.source.family == probe->server.family ? &probe->conf.source : NULL;
}

struct vrrp_probe *vrrp_probe_new(const struct vrrp_probe_conf *conf, const struct vrrp_addr *server,
				  uint16_t port, vrrp_probe_fn report, void *arg)
{
	struct vrrp_probe *probe = XCALLOC(MTYPE_VRRP_PROBE, sizeof(*probe));

	vrrp_probe_conf_copy(&probe->conf, conf);
	probe->server = *server;
	probe->port = conf->port ? conf->port : port;
	probe->report = report;
	probe->arg = arg;
	probe->state.up = true;
	probe->method = methods[conf->kind];
	probe->alarm.expire = on_alarm;
	begin_after(probe, vrrp_probe_random(FIRST_USEC));
	return probe;
}

void vrrp_probe_free(struct vrrp_probe **probep)
{
	struct vrrp_probe *probe = *probep;

	if (!probe)
		return;
	end(probe);
	if (probe->method->free)
		probe->method->free(probe);
	vrrp_probe_keeps_no_more(probe);
	if (probe->descriptor)
		pass_descriptor_on(probe);
	vrrp_probe_conf_fini(&probe->conf);
	XFREE(MTYPE_VRRP_PROBE, *probep);
}

void vrrp_probe_change(struct vrrp_probe **probep, const struct vrrp_probe_conf *conf, uint16_t port)
{
	struct vrrp_probe *old = *probep;

	*probep = vrrp_probe_new(conf, &old->server, port, old->report, old->arg);
	(*probep)->state.known = old->state.known;
	(*probep)->state.up = old->state.up;
	(*probep)->state.since = old->state.since;
	strlcpy((*probep)->reason, old->reason, sizeof(old->reason));
	vrrp_probe_free(&old);
}

bool vrrp_probe_conf_same(const struct vrrp_probe_conf *a, const struct vrrp_probe_conf *b)
{
	return a->kind == b->kind && a->interval_msec == b->interval_msec &&
	       a->timeout_msec == b->timeout_msec && a->fall == b->fall && a->rise == b->rise &&
	       vrrp_addr_same(&a->source, &b->source) && a->port == b->port &&
	       a->keepalive_sec == b->keepalive_sec && a->record_type == b->record_type &&
	       same_texts(a, b);
}

bool vrrp_probe_is(const struct vrrp_probe *probe, const struct vrrp_probe_conf *conf)
{
	return vrrp_probe_conf_same(&probe->conf, conf);
}

void vrrp_probe_state(const struct vrrp_probe *probe, struct vrrp_probe_state *state)
{
	*state = probe->state;
	state->reason = probe->reason;
}

void vrrp_probe_begin(const struct vrrp_probe_method *const by_kind[VRRP_PROBE_KINDS])
{
	methods = by_kind;
	limit_at_start = descriptor_limit();
	share_descriptors();
}

void vrrp_probe_stop(void)
{
	for (unsigned int kind = 0; kind < VRRP_PROBE_KINDS; kind++)
		if (methods[kind] && methods[kind]->stop)
			methods[kind]->stop();
	event_cancel(&t_turns);
	vrrp_watch_stop();
}
